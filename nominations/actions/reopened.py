"""The one place that asks whether a change touches what the unit has returned."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kczg.kit.verdicts import Refused, Verdict, refuse
from nominations.models import Nomination
from nominations.reopened import named_parts, parts_of
from nominations.states import State


def judge_questions(nomination: Nomination, keys: Iterable[str]) -> None:
    """Raises Refused (409, ``not_returned``) with the names of the questions among these that aren't open.

    ``nomination`` as it is before the change; a key that its form doesn't have is no question.
    """
    form = nomination.ranking.online_form.for_year(nomination.season.year)
    asked = [
        (section, question)
        for key in keys
        if (section := form.section_of(key)) and (question := form.question(key))
    ]
    parts = named_parts(nomination)
    if all(parts.is_open(section.key, question.key) for section, question in asked):
        return
    parts = parts_of(nomination)
    shut = [question for section, question in asked if not parts.is_open(section.key, question.key)]
    if shut:
        named = [{"key": question.key, "name": question.name} for question in shut]
        raise Refused(_not_returned(nomination, [question.name for question in shut], questions=named))


def judge_whole(nomination: Nomination, name: str) -> None:
    """Raises Refused where the whole form isn't open: ``name`` is what belongs to no section, such as the category."""
    if not named_parts(nomination).everything:
        raise Refused(_not_returned(nomination, [name]))


def _not_returned(nomination: Nomination, names: list[str], **details: object) -> Verdict:
    together = _("、").join(names)
    if nomination.state == State.CORRECTING:
        words = _("“%(names)s”不在补正范围内，不能修改") % {"names": together}
        return refuse("not_returned", words, _("只能修改初评机构要求补正的内容"), 409, **details)
    words = _("“%(names)s”未退回，不能修改") % {"names": together}
    hint = _("需要更正时，联系推荐单位；重新提交后，推荐单位可以再次退回")
    return refuse("not_returned", words, hint, 409, **details)
