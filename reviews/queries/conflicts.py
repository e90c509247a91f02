"""Reads about 回避: the facts on record, what follows from them, and what stands for a track."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from accounts.models import Membership
from nominations.models import AvoidanceRequest, Nomination, Ranking, Track, Version
from reviews.models import BETWEEN, Assignment, BodyExpert, Expert, LiftedRecusal, PreliminaryResult, Recusal
from reviews.queries.bodies import PASSED_CHECK, received
from reviews.queries.experts import experts_of
from reviews.rules import conflicts, form_facts

Pair = tuple[int, int]
"""(expert, nomination) ids."""
Key = tuple[int, int, str]
"""(expert, nomination, kind of recusal)."""
IN_STEP = (Recusal.Kind.COMPUTED, Recusal.Kind.APPLICANT)
"""Kinds of which the rows follow from other rows."""


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


def computed(experts: QuerySet[Expert], nominations: QuerySet[Nomination]) -> dict[Key, Finding]:
    """What follows now for every pair of these: from the facts, without what a body has lifted, and from what
    applicants asked for. Seven queries at most.
    """
    people = [(expert.pk, expert_facts(expert)) for expert in _with_facts(experts)]
    return {**_by_facts(people, nominations), **_by_request(people, nominations)} if people else {}


People = list[tuple[int, conflicts.ExpertFacts]]


def _by_facts(people: People, nominations: QuerySet[Nomination]) -> dict[Key, Finding]:
    rows = LiftedRecusal.objects.filter(expert__in=[pk for pk, _facts in people])
    lifted = {(row.expert_id, row.nomination_id): set(row.found.split(BETWEEN)) for row in rows}
    found: dict[Key, Finding] = {}
    for nomination, facts in nomination_facts(nominations):
        for expert, own in people:
            why = conflicts.reasons(own, facts)
            if why and not _is_lifted(why, lifted.get((expert, nomination), set())):
                words = BETWEEN.join(reason.words for reason in why)
                certain = any(reason.certain for reason in why)
                found[expert, nomination, Recusal.Kind.COMPUTED] = Finding(words, certain)
    return found


def _by_request(people: People, nominations: QuerySet[Nomination]) -> dict[Key, Finding]:
    """Whom an applicant names by name and organisation; two of one name at one organisation are both meant."""
    found: dict[Key, Finding] = {}
    for row in AvoidanceRequest.objects.filter(nomination__in=nominations.order_by().values("pk")):
        for expert, own in people:
            if conflicts.same_person(own, row.name, row.organisation):
                found[expert, row.nomination_id, Recusal.Kind.APPLICANT] = Finding(row.reason, True)
    return found


def _is_lifted(why: Iterable[conflicts.Reason], lifted: set[str]) -> bool:
    return all(not reason.certain and reason.words in lifted for reason in why)


def in_scope(track: Track) -> QuerySet[Nomination]:
    """What the experts of a track are compared with: all that passed the form check."""
    return Nomination.objects.filter(track=track, state__in=PASSED_CHECK)


def computed_of(track: Track) -> dict[Key, Finding]:
    """What follows now for every expert and nomination of a track."""
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


def recusals_of(track: Track) -> QuerySet[Recusal]:
    """All that keeps experts from nominations of a track, what may be lifted first, then the latest."""
    rows = Recusal.objects.filter(nomination__track=track, expert__in=experts_of(track).values("pk"))
    to_look_at = Case(
        When(kind=Recusal.Kind.COMPUTED, certain=False, then=0), default=1, output_field=IntegerField()
    )
    return _named(rows).order_by(to_look_at, "-at", "pk")


def lifted_of(track: Track) -> QuerySet[LiftedRecusal]:
    """What the bodies of a track have lifted, the latest first."""
    return _named(LiftedRecusal.objects.filter(nomination__track=track)).order_by("-at", "pk")


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.select_related("expert__user", "nomination", "by")
    return rows.defer("nomination__answers", "nomination__section_versions", "nomination__returned_notes")


def requests_of(track: Track) -> QuerySet[AvoidanceRequest]:
    """What applicants asked for, of what reached the body; ``met`` where one of its experts is meant."""
    met = Recusal.objects.filter(
        nomination=OuterRef("nomination"), kind=Recusal.Kind.APPLICANT, expert__user__name=OuterRef("name")
    )
    rows = AvoidanceRequest.objects.filter(nomination__in=received(track).values("pk"))
    rows = rows.select_related("nomination").defer("nomination__answers")
    return rows.annotate(met=Exists(met)).order_by("nomination__number", "pk")


def late_conflicts(track: Track) -> QuerySet[Recusal]:
    """Found after the close of a result that stands, with a sheet in it."""
    closed = PreliminaryResult.standing.filter(track=track).values("closed_at")
    sheet = Assignment.objects.filter(
        expert=OuterRef("expert"),
        nomination=OuterRef("nomination"),
        ended_at=None,
        submitted_at__isnull=False,
    )
    rows = Recusal.objects.filter(Exists(sheet), nomination__track=track, at__gt=Subquery(closed[:1]))
    return _named(rows).order_by("pk")
