"""The two switches of every page: language and large type. Each is a form, for safe methods change nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kczg.kit.context import LARGE_TYPE
from kczg.kit.doors import PUBLIC, door

A_YEAR = 365 * 24 * 3600


@door(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language of the pages in a cookie and goes back to where the person was."""
    return set_language(request)


@door(PUBLIC)
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switches 大字版 on or off, remembers it for a year and goes back to where the person was."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if request.POST.get("on") == "1":
        response.set_cookie(
            LARGE_TYPE, "1", max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(LARGE_TYPE, samesite="Lax")
    return response
