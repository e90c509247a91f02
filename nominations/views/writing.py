"""Pages on which a form is written, section by section, and the address that keeps what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Role
from kczg.kit.clock import local
from kczg.kit.doors import door
from kczg.kit.middleware import as_json
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused
from nominations import presence, queries
from nominations.actions.applicant import save_draft
from nominations.actions.reopened import judge_questions
from nominations.answers import Item
from nominations.fields import kind_of
from nominations.fields.files import NOTHING, SENT, places
from nominations.forms import SectionForm, read_updates, section_form, sent
from nominations.models import Nomination
from nominations.outputs.page import blocks
from nominations.views.files import address_of, kept_by, place_of_control, take_in
from nominations.views.overview import gate_notice, overview


def _opened(request: HttpRequest, number: str, section: str) -> Nomination:
    """The nomination, if it is this person's and its form asks this section."""
    nomination = queries.nomination_for(request.user, Role.APPLICANT, number)
    if nomination.ranking.form is None or nomination.ranking.form.section(section) is None:
        raise Http404
    return nomination


def _form(
    nomination: Nomination, section: str, shut: Mapping[str, Item], data: Any = None, full: bool = False
) -> SectionForm:
    form = nomination.ranking.form
    assert form is not None  # _opened has looked
    track = nomination.track.name if nomination.track else ""
    dated = form.for_year(nomination.season.year)
    return section_form(
        dated,
        section,
        nomination.answers,
        data,
        track=track,
        category=nomination.category,
        full=full,
        kept=kept_by(nomination) if any(places(form)) else NOTHING,
        shut=shut,
    )


def _base_version(data: Any) -> int:
    """The number of saves that the page had read; one that is no number meets no section."""
    sent = data.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, number: str, section: str) -> HttpResponse:
    """填写页: one section. 保存并继续 asks whether it is right, 暂存 never does; both keep what was typed."""
    nomination = _opened(request, number, section)
    if request.method == "POST":
        return _save(request, nomination, section)
    shut = overview(nomination, request.judged_at).shut_in(section)  # type: ignore[attr-defined]
    return _page(request, nomination, section, _form(nomination, section, shut))


def _save(request: HttpRequest, nomination: Nomination, key: str) -> HttpResponse:
    shut = overview(nomination, request.judged_at).shut_in(key)  # type: ignore[attr-defined]
    files = {place_of_control(name.removesuffix(SENT)).partition(".")[0] for name in request.FILES}
    data, refusals = take_in(request, nomination) if not files & shut.keys() else (request.POST, [])
    form = _form(nomination, key, shut, data, full="save" in data)
    form.is_valid()
    for control, words in refusals:
        form.hinder(control, words)
    given_up = request.POST.getlist("take_theirs")
    updates = {name: value for name, value in form.values.items() if name not in given_up}
    # What isn't open has no control on the page; where it is sent all the same, the action refuses it by name.
    updates |= read_updates(form.form, request.POST, sent(shut, request.POST)).values
    by = Actor.of(request, Role.APPLICANT)
    try:
        judge_questions(nomination, files & shut.keys())
        saved = save_draft(nomination, key, updates, _base_version(request.POST), by, request.judged_at)  # type: ignore[attr-defined]
    except Refused as refused:
        if refused.verdict.status == 404:
            raise
        nomination.refresh_from_db()
        return _page(request, nomination, key, form, refused)
    if form.stays or (form.errors and not given_up):
        return _page(request, saved, key, form)
    if "save" not in request.POST or given_up:
        messages.success(request, _("已暂存"))
        return redirect("nominations:section", saved.number, key)
    return redirect(overview(saved, request.judged_at).next_page(key))  # type: ignore[attr-defined]


def _page(
    request: HttpRequest, nomination: Nomination, key: str, form: SectionForm, refused: Refused | None = None
) -> HttpResponse:
    shown = overview(nomination, request.judged_at)  # type: ignore[attr-defined]
    view = shown.tree.view(key)
    if view is None:  # Declared, but not asked in this track.
        raise Http404
    keys = [each.key for each in shown.tree.sections]
    at = request.judged_at  # type: ignore[attr-defined]
    if shown.writable:
        presence.arrived(nomination, key, request.user, at)
    verdict = refused.verdict if refused is not None else None  # A verdict that says no counts as false.
    form.helper.form_show_summary = False
    writable = (shown.writable or form.is_bound) and bool(form.fields)
    context = {
        "nomination": nomination,
        "overview": shown,
        "section": view,
        "place": keys.index(key) + 1,
        "form": form,
        "writable": writable,
        "part": None if writable else next(b for b in blocks(shown.tree) if b.view.key == key),
        "version": nomination.section_version(key),
        "saved_at": _saved_at(nomination, key),
        "notes": shown.notes_on(key),
        "shut": list(form.shut.values()),
        "unsaved": _unsaved(request, form) if verdict is not None else [],
        "others": _other_writer(nomination, key, request.user),
        "present": presence.words(nomination, request.user, at, key) if shown.writable else "",
        "gate": gate_notice(shown),
        "files_at": address_of(nomination),
        "refusal": verdict,
        "conflicts": _conflicts(
            nomination, verdict.details.get("fields", ()) if verdict is not None else (), request.user
        ),
    }
    status = verdict.status if verdict is not None else 422 if form.errors else 200
    return render(request, "nominations/applicant/section.html", context, status=status)


def _unsaved(request: HttpRequest, form: SectionForm) -> list[tuple[str, str]]:
    """What was sent for questions that aren't open, to be copied: label and text. Their page was open before the return."""
    values = read_updates(form.form, request.POST, sent(form.shut, request.POST)).values
    typed = [(item, values[key]) for key, item in form.shut.items() if key in values]
    return [(item.question.name, _text(item.question, value)) for item, value in typed if value != item.value]


def _saved_at(nomination: Nomination, key: str) -> datetime | None:
    kept = nomination.section_versions.get(key)
    return datetime.fromisoformat(kept[2]) if kept else None


def _other_writer(nomination: Nomination, key: str, user: Any) -> str:
    """Who else wrote here last."""
    name = nomination.section_versions.get(key, [0, ""])[1]
    return name if name != user.name else ""


def _conflicts(nomination: Nomination, differing: Any, user: Any) -> list[dict[str, Any]]:
    """Both texts of each answer that two people changed, as people read them; ``user`` is who reads them."""
    return [
        {
            "key": each["key"],
            "label": question.label,
            "yours": _text(question, each["yours"]),
            "theirs": _text(question, each["theirs"]),
            "by": _last_writer(nomination, each["key"], user),
        }
        for each in differing
        if (question := _question(nomination, each["key"])) is not None
    ]


def _last_writer(nomination: Nomination, key: str, user: Any) -> str:
    """Whose the saved answer is; who saved the section last may be the reader, and have written another answer."""
    name = nomination.section_versions.get(_section_of(nomination, key), [0, ""])[1]
    return str(_("已保存")) if name == user.name else name


def _question(nomination: Nomination, key: str) -> Any:
    form = nomination.ranking.form
    return form.question(key) if form else None


def _section_of(nomination: Nomination, key: str) -> str:
    form = nomination.ranking.form
    found = form.section_of(key) if form else None
    return found.key if found else ""


def _text(question: Any, raw: Any) -> str:
    kind = kind_of(question)
    value = kind.read(question, raw)
    return "" if kind.empty(value) else kind.text(question, value)


@door(Role.APPLICANT)
@require_POST
def autosave(request: HttpRequest, number: str, section: str) -> HttpResponse:
    """Keeps the questions that changed, valid or not; says the section's new version and the time."""
    nomination = _opened(request, number, section)
    form = nomination.ranking.form
    assert form is not None  # _opened has looked
    named = {q.key for q in form.section(section).questions} & set(request.POST.getlist("changed"))  # type: ignore[union-attr]
    updates = read_updates(form, request.POST, named)
    at = request.judged_at  # type: ignore[attr-defined]
    try:
        saved = save_draft(
            nomination,
            section,
            updates.values,
            _base_version(request.POST),
            Actor.of(request, Role.APPLICANT),
            at,
        )
    except Refused as refused:
        if refused.verdict.status == 404:
            raise
        nomination.refresh_from_db()
        return _refused_save(nomination, section, refused, request.user)
    presence.arrived(nomination, section, request.user, at)
    if updates.problems:
        words = _("；").join(problem.message for problem in updates.problems)
        return JsonResponse({"code": "unreadable", "message": words, "hint": "", "details": {}}, status=422)
    version = saved.section_version(section)
    answer = {"version": version, "saved_at": local(at).strftime("%H:%M:%S")}
    outputs = _outputs(nomination, updates.values)
    return JsonResponse(answer | ({"outputs": outputs} if outputs else {}))


@door(Role.APPLICANT)
@require_POST
def present(request: HttpRequest, number: str, section: str) -> HttpResponse:
    """The open page says so now and then; the answer tells who else writes. Nothing of the nomination changes."""
    nomination = _opened(request, number, section)
    at = request.judged_at  # type: ignore[attr-defined]
    if overview(nomination, at).writable:
        presence.arrived(nomination, section, request.user, at)
    return JsonResponse({"words": presence.words(nomination, request.user, at, section)})


def _outputs(nomination: Nomination, values: dict[str, Any]) -> dict[str, str]:
    """What the page shows of these answers and the server computes, by the id of its place."""
    found: dict[str, str] = {}
    for key, value in values.items():
        question = _question(nomination, key)
        found |= kind_of(question).outputs(question, value)
    return found


def _refused_save(nomination: Nomination, section: str, refused: Refused, user: Any) -> HttpResponse:
    verdict = refused.verdict
    answer = as_json(refused)
    if verdict.code == "edited_meanwhile":
        number, who, when = nomination.last_save(section)
        answer["details"] = {
            "version": number,
            "by": who,
            "at": local(datetime.fromisoformat(when)).strftime("%H:%M"),
            "theirs": {
                each["key"]: each["theirs"]
                for each in _conflicts(nomination, verdict.details["fields"], user)
            },
        }
    elif verdict.status == 409:
        # To the page's script 409 says that two people wrote; anything else is a refusal with words.
        return JsonResponse(answer, status=422)
    return JsonResponse(answer, status=verdict.status)
