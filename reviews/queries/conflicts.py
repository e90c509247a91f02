"""Reads about 回避: the facts on record, what follows from them, and what stands for a track."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Membership
from nominations.models import Nomination, Ranking, Track, Version
from reviews.models import BETWEEN, BodyExpert, Expert, LiftedRecusal, PreliminaryResult, Recusal
from reviews.queries.bodies import PASSED_CHECK
from reviews.queries.experts import experts_of
from reviews.rules import conflicts, form_facts

Pair = tuple[int, int]
"""(expert, nomination) ids."""


class Finding(NamedTuple):
    """What keeps an expert from a nomination by the facts: as ``Recusal.reason`` and ``Recusal.certain`` keep it."""

    reason: str
    certain: bool


def expert_facts(expert: Expert) -> conflicts.ExpertFacts:
    """What the expert, the body and the account say; every organisation that the person acts for in any role."""
    user = expert.user
    acts_for = [row.organisation for row in user.memberships.all() if row.is_active]
    return conflicts.ExpertFacts(
        name=user.name,
        employers=(expert.employer, *(organisation.name for organisation in acts_for)),
        parents=(expert.parent_organisation,),
        codes=frozenset(organisation.credit_code for organisation in acts_for if organisation.credit_code),
        mobile=user.mobile,
        email=user.email,
        address=expert.address,
        account=user.pk,
    )


def _with_facts(experts: QuerySet[Expert]) -> QuerySet[Expert]:
    acting = Prefetch("user__memberships", queryset=Membership.objects.select_related("organisation"))
    return experts.select_related("user").prefetch_related(None).prefetch_related(acting)


def nomination_facts(nominations: QuerySet[Nomination]) -> Iterator[tuple[int, conflicts.NominationFacts]]:
    """Each nomination's id and facts: of the version that is reviewed, the one submitted last. Three queries."""
    related = ("applicant", "unit__organisation")
    rows = list(nominations.select_related(None).select_related(*related).order_by("pk").defer("answers"))
    rankings = Ranking.objects.in_bulk({row.ranking_id for row in rows})
    latest = Version.objects.submitted().filter(nomination=OuterRef("nomination")).order_by("-number")
    frozen = Version.objects.filter(
        nomination__in=[row.pk for row in rows], pk=Subquery(latest.values("pk")[:1])
    )
    answers = dict(frozen.values_list("nomination_id", "content__answers"))
    for row in rows:
        organisations = [row.applicant, *([row.unit.organisation] if row.unit else [])]
        yield (
            row.pk,
            conflicts.NominationFacts(
                applicant=row.applicant.name,
                unit=row.unit.organisation.name if row.unit else "",
                form=form_facts.read(rankings[row.ranking_id].form, answers.get(row.pk) or {}),
                codes=frozenset(each.credit_code for each in organisations if each.credit_code),
                writers=frozenset(filter(None, (row.created_by_id, row.edited_by_id))),
            ),
        )


def computed(experts: QuerySet[Expert], nominations: QuerySet[Nomination]) -> dict[Pair, Finding]:
    """What the rules say now of every pair of these, without what a body has lifted. Six queries at most."""
    people = [(expert.pk, expert_facts(expert)) for expert in _with_facts(experts)]
    if not people:
        return {}
    rows = LiftedRecusal.objects.filter(expert__in=[pk for pk, _facts in people])
    lifted = {(row.expert_id, row.nomination_id): set(row.found.split(BETWEEN)) for row in rows}
    found = {}
    for nomination, facts in nomination_facts(nominations):
        for expert, own in people:
            why = conflicts.reasons(own, facts)
            if why and not _is_lifted(why, lifted.get((expert, nomination), set())):
                words = BETWEEN.join(reason.words for reason in why)
                found[expert, nomination] = Finding(words, any(reason.certain for reason in why))
    return found


def _is_lifted(why: Iterable[conflicts.Reason], lifted: set[str]) -> bool:
    return all(not reason.certain and reason.words in lifted for reason in why)


def in_scope(track: Track) -> QuerySet[Nomination]:
    """What the experts of a track are compared with: all that passed the form check."""
    return Nomination.objects.filter(track=track, state__in=PASSED_CHECK)


def computed_of(track: Track) -> dict[Pair, Finding]:
    """What the rules say now of every expert and nomination of a track."""
    return computed(experts_of(track), in_scope(track))


def conflict_matrix(track: Track) -> dict[Pair, str]:
    """(expert, nomination) → reasons in words, for every pair that may not be assigned. One query."""
    rows = Recusal.objects.filter(nomination__track=track)
    return {pair: _("；").join(row.words for row in found) for pair, found in _by_pair(rows).items()}


def conflict_reasons(track: Track) -> dict[Pair, list[str]]:
    """The same with the reasons as they are kept, for the record."""
    rows = Recusal.objects.filter(nomination__track=track)
    return {pair: [row.reason for row in found] for pair, found in _by_pair(rows).items()}


def _by_pair(rows: QuerySet[Recusal]) -> dict[Pair, list[Recusal]]:
    found: dict[Pair, list[Recusal]] = {}
    for row in rows.order_by("pk"):
        found.setdefault((row.expert_id, row.nomination_id), []).append(row)
    return found


def tracks_to_compare(expert: Expert | None = None) -> QuerySet[Track]:
    """The tracks whose result isn't submitted and whose bodies have experts; with ``expert`` this one.

    What was handed over keeps the conflicts that it was made with, whatever becomes of the facts later.
    """
    serving = BodyExpert.objects.filter(body__tracks=OuterRef("pk"), is_active=True)
    if expert is not None:
        serving = serving.filter(expert=expert)
    handed_over = PreliminaryResult.standing.filter(track=OuterRef("pk"), submitted_at__isnull=False)
    rows = Track.objects.filter(Exists(serving), ~Exists(handed_over))
    return rows.select_related("ranking__season").order_by("pk")
