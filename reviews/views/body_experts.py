"""专家: the experts of the body, and the form that takes one in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from reviews import queries
from reviews.actions import experts as actions
from reviews.forms.experts import ExpertForm
from reviews.views.body_page import BodyPage, actor, of_track, show


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def experts(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The experts of a track; a post takes one in."""
    if request.method == "POST":
        return _take_in(request, page)
    return _shown(request, page, ExpertForm())


def _shown(
    request: HttpRequest,
    page: BodyPage,
    form: ExpertForm,
    status: int = 200,
    verdict: Verdict | None = None,
) -> HttpResponse:
    facts = {
        "plan": queries.plan_in_force(page.track),
        "experts": list(queries.progress_by_expert(page.track)),
        "form": form,
        "verdict": verdict,
        "problems": verdict is not None,
    }
    return show(request, page, "experts", status=status, **facts)


def _take_in(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """加入专家: the account, the role and the invitation."""
    form = ExpertForm(request.POST)
    if not form.is_valid():
        return _shown(request, page, form, status=422)
    body, at = queries.body_for(request.user, page.track), request.judged_at  # type: ignore[attr-defined]
    try:
        actions.take_in(page.track, body, form.cleaned_data, actor(request), at)
    except Refused as refused:
        if refused.verdict.status == NOT_FOUND.status:
            raise
        return _shown(request, page, form, status=refused.verdict.status, verdict=refused.verdict)
    messages.success(request, _("已加入专家，邀请将发到%(email)s") % {"email": form.cleaned_data["email"]})
    return page.go("body_experts")
