"""The door of every view: who may knock at all. What an object allows is asked of the object later."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kczg.kit.middleware import wants_json

PUBLIC = "public"
SIGNED_IN = "signed_in"

View = Callable[..., HttpResponseBase]


def door(role: str) -> Callable[[View], View]:
    """Marks a view with the role that may open it, and keeps everybody else out.

    ``role`` is PUBLIC, SIGNED_IN or a role of ``accounts.roles``. A person who is not signed in is sent to
    the login page and comes back (a script gets 401 in JSON); one without the role gets the page of an
    address that does not exist (S3); one whose role asks for a second factor is sent to set it up (U2).
    The house test walks the URL resolver and fails on a view without a door (S2).
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if role != PUBLIC and not request.user.is_authenticated:
                if wants_json(request):
                    return JsonResponse(
                        {"code": "signed_out", "message": _("登录已过期，重新登录后继续保存")}, status=401
                    )
                return redirect_to_login(request.get_full_path())
            if role not in (PUBLIC, SIGNED_IN) and not request.user.has_role(role):  # type: ignore[union-attr]
                raise Http404
            if role not in (PUBLIC, SIGNED_IN) and request.user.lacks_second_factor(role):  # type: ignore[union-attr]
                return redirect("mfa_activate_totp")
            return view(request, *args, **kwargs)

        guarded.door = role  # type: ignore[attr-defined]
        return guarded

    return mark
