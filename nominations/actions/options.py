"""The secretariat sets the options of a yearly question in the season's copy of a form, before the call opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.characters import refused
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations.actions.papers import owe_blank
from nominations.fields.base import Question
from nominations.fields.yearly import with_options, yearly
from nominations.models import Ranking, Season, Stage
from nominations.states import Window

MOST, LONGEST = 50, 60
"""Options at most, and characters of one."""


def question_of(ranking: Ranking, key: str) -> Question:
    """The yearly question of this key; raises Refused (404) where the ranking's form has none."""
    found = next((q for q in (yearly(ranking.form) if ranking.form else ()) if q.key == key), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def judge_time(season: Season, at: datetime) -> None:
    """Raises Refused (409) once the call, of the season or of one of its tracks, has opened: forms stay as they are."""
    opens = Stage.objects.filter(season=season, key=Window.CALL).aggregate(first=Min("opens"))["first"]
    if opens is not None and at >= opens:
        raise Refused(
            refuse(
                "call_open",
                _("征集已开始，选项不能再修改"),
                _("已填写的申报按现有选项办理；下一年度可以另设"),
                status=409,
            )
        )


@transaction.atomic
def set_options(
    ranking: Ranking, key: str, labels: Sequence[str], reason: str, by: Actor, at: datetime
) -> Ranking:
    """Writes the options, in this order, into the season's copy and counts its number up; both lists are on record."""
    may(by.user, "season.manage").or_raise()
    locked = Ranking.objects.select_for_update(of=("self",)).select_related("season").get(pk=ranking.pk)
    question = question_of(locked, key)
    judge_time(locked.season, at)
    judge_labels(labels, question.name)
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("填写改动原因"), status=422))
    before = [option.label for option in question.options]
    if before == list(labels):
        return locked
    locked.declaration = with_options(locked.online_form, key, labels).to_json()
    locked.declaration_number += 1
    locked.save(update_fields=["declaration", "declaration_number"])
    owe_blank(locked)
    record(
        "options_set",
        locked,
        by,
        at,
        season_year=locked.season.year,
        reason=reason.strip(),
        question=key,
        before=before,
        after=list(labels),
    )
    return locked


def judge_labels(labels: Sequence[str], name: str) -> None:
    """Raises Refused (422) with words that name the line."""
    words = ""
    if not labels:
        words = _("填写%(name)s") % {"name": name}
    elif len(labels) > MOST:
        words = _("最多%(most)d个选项，现有%(now)d个") % {"most": MOST, "now": len(labels)}
    for place, label in enumerate(labels, start=1):
        facts = {"place": place, "label": label[:20], "most": LONGEST}
        if len(label) > LONGEST:
            words = words or _("第%(place)d个选项超过%(most)d个字符") % facts
        if label in labels[: place - 1]:
            words = words or _("第%(place)d个选项“%(label)s”重复") % facts
        words = words or refused(label, name)
    if words:
        raise Refused(refuse("options_wrong", words, status=422))
