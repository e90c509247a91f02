"""Extensions (延期): a later end of the call, proposed by one person and approved by another (S7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import Refused, refuse
from nominations.models import Extension, Nomination, Ranking, Season, Stage
from nominations.openings import EXTENDABLE


@dataclass(frozen=True)
class Wish:
    """A later end that somebody asks for: whom it covers, which window, until when (exclusive), why."""

    scope: str
    until: datetime
    reason: str
    whose: str = Extension.Whose.BOTH
    ranking: Ranking | None = None
    nomination: Nomination | None = None
    begun_before: datetime | None = None


@transaction.atomic
def propose_extension(season: Season, wish: Wish, by: Actor, at: datetime) -> Extension:
    """Puts an extension before a second person; nothing changes yet (S7).

    Refused (422) without a reason, with an end that has passed or that wouldn't be later, and where what the
    scope needs is missing. Refused for everybody but the secretariat.
    """
    may(by.user, "season.manage").or_raise()
    judge_wish(season, wish, at)
    row = Extension.objects.create(
        season=season,
        scope=wish.scope,
        whose=wish.whose,
        ranking=wish.ranking,
        nomination=wish.nomination,
        begun_before=wish.begun_before,
        until=wish.until,
        reason=wish.reason.strip(),
        proposed_at=at,
        proposed_by=by.user,
    )
    record("extension_proposed", row, by, at, season_year=season.year, reason=row.reason, wish=_facts(row))
    return row


def judge_wish(season: Season, wish: Wish, at: datetime) -> None:
    """Raises Refused (422) where an extension makes no sense; the words say what to change."""
    scope = Extension.Scope
    needs = {
        scope.RANKING: (wish.ranking, _("选择榜单")),
        scope.NOMINATION: (wish.nomination, _("填写申报编号，例如2022XD00017")),
        scope.BEGUN: (wish.begun_before, _("填写时刻，在此以前建立的申报可以延期")),
    }
    if wish.scope not in scope.values or wish.whose not in Extension.Whose.values:
        raise Refused(refuse("no_scope", _("选择范围"), status=422))
    needed, words = needs.get(scope(wish.scope), (True, ""))
    if not needed:
        raise Refused(refuse("scope_incomplete", words, status=422))
    for thing in (wish.ranking, wish.nomination):
        if thing is not None and thing.season_id != season.pk:
            raise Refused(refuse("other_season", _("不属于%(season)s") % {"season": season}, status=422))
    if wish.until <= at:
        raise Refused(refuse("until_past", _("延至的时间已过，改为今天或以后的时间"), status=422))
    ends = _printed_ends(season, wish.whose)
    if ends and wish.until <= min(ends):
        raise Refused(refuse("no_later", _("延至的时间应晚于现在的截止时间"), status=422))
    if not wish.reason.strip():
        raise Refused(refuse("reason_missing", _("填写延期原因，申报人将看到"), status=422))


def _printed_ends(season: Season, whose: str) -> list[datetime]:
    keys = EXTENDABLE if whose == Extension.Whose.BOTH else (whose, EXTENDABLE[0])
    rows = Stage.objects.filter(season=season, key__in=keys, closes__isnull=False)
    return [row.closes for row in rows if row.closes]


@transaction.atomic
def decide_extension(extension: Extension, approve: bool, by: Actor, at: datetime) -> None:
    """A second person of the secretariat approves or refuses; an approved one holds at once.

    Refused for who proposed it, and once it is decided. Asking twice for the same has one effect (Q2).
    """
    may(by.user, "season.manage").or_raise()
    locked = Extension.objects.select_for_update(of=("self",)).select_related("season").get(pk=extension.pk)
    if locked.approved is not None:
        if locked.approved == approve and locked.decided_by_id == by.user.pk:
            return
        raise Refused(refuse("decided", _("这项延期刚刚由他人办理"), _("刷新本页，查看最新状态"), status=409))
    if locked.proposed_by_id == by.user.pk:
        words = _("延期由另一人批准，提出的人不能批准自己的")
        raise Refused(refuse("same_person", words, _("由秘书处另一位同事批准"), status=409))
    if approve and locked.until <= at:
        raise Refused(refuse("until_past", _("延至的时间已过，不能再批准"), status=409))
    locked.approved, locked.decided_at, locked.decided_by = approve, at, by.user
    locked.save(update_fields=["approved", "decided_at", "decided_by"])
    name = "extension_approved" if approve else "extension_refused"
    year = locked.season.year
    record(name, locked, by, at, season_year=year, reason=locked.reason, wish=_facts(locked))
    if approve and locked.nomination is not None:
        until = locked.until.isoformat()
        record(
            "deadline_extended",
            locked.nomination,
            by,
            at,
            season_year=year,
            reason=locked.reason,
            until=until,
        )
    extension.refresh_from_db()


def _facts(row: Extension) -> dict[str, str | None]:
    return {
        "scope": row.scope,
        "whose": row.whose,
        "ranking": row.ranking.key if row.ranking else None,
        "nomination": row.nomination.number if row.nomination else None,
        "begun_before": row.begun_before.isoformat() if row.begun_before else None,
        "until": row.until.isoformat(),
    }
