"""补正: the body says once what the applicant may correct, and why; the page confirms itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from kczg.kit.clock import gate_words
from kczg.kit.doors import door
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations.actions import correction
from nominations.models import Nomination
from nominations.rules.correction import until
from reviews import queries
from reviews.forms.check import FormCheckForm
from reviews.forms.correction import COMMON_REASONS, CorrectionForm
from reviews.views.body_check import to_next
from reviews.views.body_page import BodyPage, actor, of_track, once_begun, show


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
@once_begun
def ask(request: HttpRequest, page: BodyPage, number: str) -> HttpResponse:
    """What was typed at the check comes along; a post of this page itself, ``confirmed``, asks."""
    at = request.judged_at  # type: ignore[attr-defined]
    nomination = queries.received_one([page.track.pk], number)
    version, tree = queries.frozen(nomination)
    results = queries.condition_results(nomination, version)
    confirmed = request.method == "POST" and "confirmed" in request.POST
    checks = FormCheckForm(request.POST if request.method == "POST" else None, results=results)
    form = CorrectionForm(tree.sections, request.POST if confirmed else None)
    verdict, status = correction.judge(nomination, actor(request), at), 200
    if confirmed:
        status = 422
        if checks.is_valid() and form.is_valid():
            try:
                return _ask(request, page, nomination, checks, form)
            except Refused as refused:
                verdict, status = refused.verdict, refused.verdict.status
                if status == NOT_FOUND.status:
                    raise
    elif not verdict and request.method == "POST":
        status = verdict.status
    days = nomination.ranking.correction_days
    return show(
        request,
        page,
        "correction",
        status=status,
        nomination=nomination,
        checks=checks,
        form=form,
        until=until(at, days),
        reasons=COMMON_REASONS,
        verdict=None if verdict else verdict,
        problems=confirmed,
    )


def _ask(
    request: HttpRequest, page: BodyPage, nomination: Nomination, checks: FormCheckForm, form: CorrectionForm
) -> HttpResponse:
    at = request.judged_at  # type: ignore[attr-defined]
    texts = {result.condition.key: result.condition.text for result in checks.results}
    findings = [{**said, "text": texts.get(said["condition"], "")} for said in checks.findings()]
    queries.judge_share(request.user, nomination).or_raise()
    made = correction.ask(nomination, findings, form.notes, actor(request), at)
    words = _("已要求%(number)s补正，期限%(until)s，已通知申报人")
    messages.success(request, words % {"number": nomination.number, "until": gate_words(made.until)})
    return to_next(page, nomination, at)
