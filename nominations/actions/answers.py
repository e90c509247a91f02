"""Keeping answers to the whole form at once, as a file or another program brings them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit.clock import local
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused, Verdict, refuse
from nominations.actions.applicant import judge_edit, save_draft
from nominations.fields import value_of
from nominations.fields.base import Declaration
from nominations.models import Nomination


def differing(form: Declaration, answers: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of new values by question, those that say something else than the answers."""
    return {
        question.key: values[question.key]
        for question in form.questions()
        if question.key in values and value_of(question, answers) != values[question.key]
    }


@transaction.atomic
def save_answers(
    nomination: Nomination, values: Mapping[str, Any], version: int, by: Actor, at: Any
) -> Nomination:
    """Keeps answers of any sections, all or none; ``version`` is the ``edit_version`` that was read.

    ``values`` holds what ``forms.read_json`` gave. Goes through ``save_draft`` section by section. Refused with
    ``edited_meanwhile`` (409) and both texts when the draft was changed since; raises Refused like ``judge_edit``.
    """
    locked = Nomination.objects.select_for_update().get(pk=nomination.pk)
    judge_edit(locked, by, at)
    form = locked.ranking.online_form.for_year(locked.season.year)
    changed = differing(form, locked.answers, values)
    if changed and version != locked.edit_version:
        raise Refused(_edited_meanwhile(locked, changed))
    saved = locked
    for section in form.sections:
        updates = {q.key: changed[q.key] for q in section.questions if q.key in changed}
        if updates:
            saved = save_draft(saved, section.key, updates, saved.section_version(section.key), by, at)
    return saved


def _edited_meanwhile(nomination: Nomination, yours: Mapping[str, Any]) -> Verdict:
    who = nomination.edited_by.name if nomination.edited_by else ""
    words = {"time": f"{local(nomination.edited_at):%H:%M}", "name": who}
    return refuse(
        "edited_meanwhile",
        _("此申报表%(time)s已由%(name)s修改，重新读取后再保存") % words,
        status=409,
        version=nomination.edit_version,
        fields=[
            {"key": key, "yours": value, "theirs": nomination.answers.get(key)}
            for key, value in yours.items()
        ],
    )
