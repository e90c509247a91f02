"""Nominations that a review body wants corrected, through the real actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.roles import Role
from nominations.actions import applicant, correction
from nominations.models import Nomination, Ranking
from tests import cast

DAYS = 5
REASON = "附件与表中数据不一致"


def allow(days: int = DAYS) -> None:
    """The secretariat lets bodies of 先导技术榜 ask."""
    row = Ranking.objects.get(season=cast.season_2022(), key="pioneer_technology")
    correction.set_days(row, days, "给予一次补正机会", cast.office(), cast.DURING_CALL)


def notes(*parts: str) -> list[dict[str, str]]:
    """For these parts: "introduction" a section, "team.phone" a question."""
    named = [part.partition(".") for part in parts or ("introduction",)]
    return [{"section": section, "field": field, "reason": REASON} for section, _dot, field in named]


def ask(
    nomination: Nomination,
    *parts: str,
    findings: Sequence[Mapping[str, str]] = (),
    at: datetime = cast.IN_PRELIMINARY,
) -> Nomination:
    correction.ask(cast.reread(nomination), list(findings), notes(*parts), cast.body_actor(), at)
    return cast.reread(nomination)


def asked(*parts: str) -> Nomination:
    """Recommended, then to be corrected."""
    allow()
    return ask(cast.recommended(), *parts)


def write(nomination: Nomination, section: str, at: datetime = cast.IN_PRELIMINARY, **answers: str) -> None:
    base = cast.reread(nomination).section_version(section)
    applicant.save_draft(nomination, section, answers, base, by_applicant(), at)


def by_applicant():
    return cast.acting(cast.cast("applicant"), Role.APPLICANT)
