"""Reads: pairs of nominations that seem to be one entry, and what follows for recommending one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from kczg.kit.verdicts import ALLOWED, NOT_FOUND, Refused, Verdict, refuse
from nominations.models import Nomination, RecommendingUnit, Season, Twin
from nominations.rules import twins as rules
from nominations.states import HOLDS_PLACE, State

NOT_STANDING = frozenset({State.DRAFT, State.DECLINED, State.WITHDRAWN})
"""What was never submitted, or goes no further: nothing is compared with it."""
SHOWN = 5
"""Own entries that are named before the submission, at most."""
_RELATED = ("one__unit__organisation", "other__unit__organisation", "one__applicant", "other__applicant")
_HEAVY = ("answers", "section_versions", "returned_notes")


def stands(nomination: Nomination) -> bool:
    """Whether a nomination counts as submitted: with its unit, or further."""
    return nomination.submitted_at is not None and nomination.state not in NOT_STANDING


def standing(prefix: str = "") -> Q:
    """The same as a condition, on a nomination's columns behind ``prefix``."""
    not_standing = {f"{prefix}state__in": [str(state) for state in NOT_STANDING]}
    return Q(**{f"{prefix}submitted_at__isnull": False}) & ~Q(**not_standing)


def pairs() -> QuerySet[Twin]:
    """All pairs with both nominations, without the texts."""
    heavy = [f"{side}__{column}" for side in ("one", "other") for column in _HEAVY]
    rankings = ("one__ranking", "one__track", "other__track", "one__season", "resolved_by", "kept")
    kept = [f"kept__{column}" for column in _HEAVY]
    rows = Twin.objects.select_related(*_RELATED, *rankings)
    return rows.defer(*heavy, *kept, "one__ranking__declaration")


def of_nomination(nomination: Nomination) -> QuerySet[Twin]:
    """A nomination's pairs, those that wait first."""
    rows = pairs().filter(Q(one=nomination) | Q(other=nomination))
    return rows.order_by(_open_first(), "-found_at", "pk")


def _open_first() -> Case:
    return Case(When(state=Twin.State.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())


def filtered(season: Season, wanted: dict[str, str]) -> QuerySet[Twin]:
    """A season's pairs, open ones first; ``wanted``: state, degree, ranking (key), q (number)."""
    rows = pairs().filter(one__season=season)
    for name, column in (("state", "state"), ("degree", "degree"), ("ranking", "one__ranking__key")):
        if wanted.get(name):
            rows = rows.filter(**{column: wanted[name]})
    if wanted.get("q"):
        text = wanted["q"]
        rows = rows.filter(Q(one__number__iexact=text) | Q(other__number__iexact=text))
    return rows.order_by(_open_first(), "-found_at", "pk")


@dataclass(frozen=True)
class Sight:
    """A pair as it is seen from one of its two: the pair, and the other one with nothing of its answers."""

    twin: Twin
    partner: Nomination
    title: str
    is_kept: bool
    """The secretariat found that both are one entry, and this one stays."""

    @property
    def is_dropped(self) -> bool:
        """The secretariat found that both are one entry, and the other one stays."""
        return self.twin.state == Twin.State.KEPT and not self.is_kept

    @property
    def unit(self) -> RecommendingUnit | None:
        """The other one's unit, once it was submitted to it: a draft's choice is the applicant's alone."""
        return self.partner.unit if self.partner.submitted_at else None

    @property
    def reasons(self) -> list[str]:
        return self.twin.reason_words


def seen_from(nomination: Nomination, twin: Twin) -> Sight:
    """A row of ``pairs`` as the nomination's unit sees it."""
    partner = twin.partner(nomination.pk)
    return Sight(twin, partner, title_of(partner), twin.kept_id == nomination.pk)


def title_of(nomination: Nomination) -> str:
    """What it was called when it was submitted last, whatever its applicant types now."""
    return nomination.submitted_title or str(_("未命名申报"))


def sights(nomination: Nomination) -> list[Sight]:
    """What the unit is shown beside the form: what waits, and what the secretariat has decided."""
    rows = of_nomination(nomination).exclude(state=Twin.State.CLOSED)
    return [seen_from(nomination, twin) for twin in rows]


def sight(nomination: Nomination, pk: int) -> Sight:
    """One pair of a nomination; raises Refused (404) where it isn't its own."""
    twin = of_nomination(nomination).filter(pk=pk).first()
    if twin is None:
        raise Refused(NOT_FOUND)
    return seen_from(nomination, twin)


def open_among(nominations: Iterable[Nomination]) -> set[int]:
    """Of these the ids of those that have an open pair, in one query."""
    ids = {row.pk for row in nominations}
    rows = Twin.objects.filter(Q(one__in=ids) | Q(other__in=ids), state=Twin.State.OPEN)
    return {pk for pair in rows.values_list("one_id", "other_id") for pk in pair if pk in ids}


def judge(nomination: Nomination) -> Verdict:
    """Whether the secretariat's decisions leave it open to be recommended.

    An open pair hinders nothing: an alarm doesn't block a unit. Where both were found to be one entry, the
    other one goes no further, as long as the one that is kept stands.
    """
    rows = of_nomination(nomination).filter(standing("kept__"), state=Twin.State.KEPT)
    other = rows.exclude(kept=nomination).first()
    if other is None or other.kept is None:
        return ALLOWED
    words = _("秘书处认定此项与%(number)s为同一申报，保留%(number)s") % {"number": other.kept.number}
    return refuse("twin_dropped", words, _("退回修改或不予推荐；有不同意见时联系秘书处"), 409)


def both_recommended(twin: Twin) -> bool:
    """Whether both hold a place though the pair isn't found to be two entries."""
    held = twin.one.state in HOLDS_PLACE and twin.other.state in HOLDS_PLACE
    return held and twin.state in (Twin.State.OPEN, Twin.State.KEPT)


def same_of_own(nomination: Nomination) -> list[Nomination]:
    """What its own applicant has submitted to the ranking already and is the same by name: told before submission.

    Others' entries are never told of (S4): the rows are those of the very organisation, once the worker has
    compared them.
    """
    entry = rules.ENTRIES.get(nomination.ranking.key)
    if entry is None:
        return []
    rows = Nomination.objects.filter(
        standing(), applicant=nomination.applicant_id, ranking=nomination.ranking_id
    )
    if entry.kind is not rules.Kind.ORGANISATION:
        rows = rows.filter(fingerprint__title=rules.comparable(nomination.title))
    rows = rows.exclude(pk=nomination.pk).select_related("unit__organisation").defer(*_HEAVY)
    return list(rows.order_by("pk")[:SHOWN])


def ids_of(twin: Twin) -> Collection[int]:
    """Both nominations' ids, in the order in which rows are locked."""
    return (twin.one_id, twin.other_id)


def facts_of(twin: Twin) -> dict[str, Any]:
    """What the record keeps of a pair."""
    return {"one": twin.one.number, "other": twin.other.number, "percent": twin.percent}
