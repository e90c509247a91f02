"""专家: the experts of the body, the form that takes one in, and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.verdicts import NOT_FOUND, Refused, Verdict
from kczg.kit.views import job_part
from nominations.fields.characters import one_line
from reviews import queries
from reviews.actions import experts as actions
from reviews.actions import invitations, profiles
from reviews.forms.experts import ExpertForm, FactsForm, TermsForm
from reviews.forms.picks import is_search
from reviews.models import BodyExpert
from reviews.outputs.experts import shown_fields
from reviews.views.body_page import BodyPage, actor, of_track, show

A_PAGE = 50
LONGEST_SEARCH = 50


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def experts(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """The experts of the body, searched by name and employer; a post takes one in."""
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
    body = queries.body_for(request.user, page.track)
    sought = one_line(request.GET.get("q", "").replace("\0", ""))[:LONGEST_SEARCH]
    rows = Paginator(queries.experts_at(body, sought), A_PAGE).get_page(request.GET.get("page"))
    plan = queries.plan_in_force(page.track)
    names = {group["key"]: group["name"] for group in (plan.expert_groups if plan else [])}
    fields = queries.fields_of(page.track.ranking.season)
    facts = {
        "plan": plan,
        "page_obj": rows,
        "lines": [_line(row, names, fields) for row in rows],
        "sought": sought,
        "form": form,
        "verdict": verdict,
        "problems": verdict is not None,
        "imports_url": page.url("body_experts_imports"),
        "list_url": page.url("body_experts_list"),
        **job_part(Job.objects.filter(key=_list_key(request, page)).first(), page.url("body_experts")),
    }
    return show(request, page, "experts", status=status, **facts)


def _line(row: BodyExpert, groups: dict[str, str], fields: dict[str, str]) -> dict[str, Any]:
    assigned: int = row.assigned  # type: ignore[attr-defined]
    return {
        "row": row,
        "fields": shown_fields(row.expert, fields),
        "group": groups.get(row.group, row.group),
        "load": f"{assigned}/{row.most}" if row.most else str(assigned),
        "over": row.most is not None and assigned > row.most,
        "elsewhere": row.assigned_in_all - assigned,  # type: ignore[attr-defined]
    }


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


def _list_key(request: HttpRequest, page: BodyPage) -> str:
    return f"experts_xlsx:{page.track.pk}:{request.user.pk}"


@door(Role.BODY)
@require_POST
@of_track
def export(request: HttpRequest, page: BodyPage) -> HttpResponse:
    """导出: owes the list as a workbook as it is now; the page shows how far it is."""
    body = queries.body_for(request.user, page.track)
    ids = {"body_id": body.pk, "track_id": page.track.pk}
    owe("experts_xlsx", _list_key(request, page), owner=request.user, again=True, **ids)
    return page.go("body_experts")


# --- One expert --------------------------------------------------------------------------------------------


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def expert(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """One expert at this body: group and load limit, and the facts as long as the person hasn't kept them."""
    row = queries.expert_at(queries.body_for(request.user, page.track), pk)
    plan, data = queries.plan_in_force(page.track), request.POST if request.method == "POST" else None
    terms = TermsForm(plan, {"group": row.group, "most": row.most}, data)
    fields = queries.fields_of(page.track.ranking.season)
    facts = FactsForm(row.expert, fields, data) if profiles.is_open(row) else None
    forms = [terms, facts] if facts is not None else [terms]
    verdict, status = None, 200
    if request.method == "POST" and is_search(request.POST):
        for form in forms:
            form.errors.clear()  # What is typed is judged when it is kept.
    elif request.method == "POST":
        status = 422
        if not any(form.errors for form in forms):
            try:
                _keep(request, page, row, terms, facts)
                messages.success(request, _("已保存"))
                return page.go("body_expert", pk)
            except Refused as refused:
                verdict, status = refused.verdict, refused.verdict.status
    context = {
        **_line(row, {}, fields),
        "terms": terms,
        "facts": facts,
        "verdict": verdict,
        "problems": any(form.errors for form in forms),
        "invite_url": page.url("body_expert_invite", pk),
        "remove_url": page.url("body_expert_remove", pk),
    }
    return show(request, page, "expert", status=status, **context)


def _keep(
    request: HttpRequest, page: BodyPage, row: BodyExpert, terms: TermsForm, facts: FactsForm | None
) -> None:
    at, by = request.judged_at, actor(request)  # type: ignore[attr-defined]
    group = terms.cleaned_data.get("group", row.group)
    profiles.set_terms(row, page.track, group, terms.cleaned_data["most"], by, at)
    if facts is not None:
        profiles.correct(row, facts.cleaned_data, by, at)


@door(Role.BODY)
@require_POST
@of_track
def invite(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """重新邀请: another letter, not within ten minutes of the last one."""
    row = queries.expert_at(queries.body_for(request.user, page.track), pk)
    try:
        invitations.invite_again(row, page.track, actor(request), request.judged_at)  # type: ignore[attr-defined]
        messages.success(request, _("已重新邀请%(name)s") % {"name": row.expert})
    except Refused as refused:
        if refused.verdict.status != 409:
            raise
        messages.error(request, refused.verdict.sentence)
    return page.go("body_expert", pk)


@door(Role.BODY)
@require_http_methods(["GET", "HEAD", "POST"])
@of_track
def remove(request: HttpRequest, page: BodyPage, pk: int) -> HttpResponse:
    """移出: a page of its own that says what is lifted and what stays."""
    row, verdict = queries.expert_at(queries.body_for(request.user, page.track), pk), None
    if request.method == "POST":
        reason, at = request.POST.get("reason", ""), request.judged_at  # type: ignore[attr-defined]
        try:
            count = invitations.remove(row, page.track, reason, actor(request), at)
            words = {"name": row.expert, "count": count}
            messages.success(request, _("已移出%(name)s，取消%(count)d项未提交的任务") % words)
            return page.go("body_experts")
        except Refused as refused:
            if refused.verdict.status == NOT_FOUND.status:
                raise
            verdict = refused.verdict
    elif not row.is_active:
        return page.go("body_expert", pk)
    facts: dict[str, Any] = {"row": row, "verdict": verdict, "problems": verdict is not None}
    facts |= {"typed": request.POST, "back": page.url("body_expert", pk)}
    return show(request, page, "expert_remove", status=200 if verdict is None else verdict.status, **facts)
