"""Papers: what waits for the secretariat, and how far each ranking and track has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kczg.kit.clock import gate_words
from nominations.models import Nomination, QuotaChange, Ranking, Season, Track, Twin
from nominations.states import State
from reviews.models import PreliminaryResult, PublicNotice, PublishedList, ReviewPlan


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what it is in words, about what, since when, and where it is done."""

    word: str
    about: str
    since: datetime | None
    url: str


@dataclass(frozen=True)
class Standing:
    """A ranking between the preliminary results and its list."""

    ranking: Ranking
    shortlisted: int
    marked: int
    proposed: int
    notice: PublicNotice | None
    published: PublishedList | None
    at: datetime
    still_reviewed: bool = False
    """Whether a track's preliminary result is still to come."""

    @property
    def unmarked(self) -> int:
        return self.shortlisted - self.marked

    @property
    def notice_over(self) -> bool:
        return self.notice is not None and self.at >= self.notice.closes

    @property
    def notice_words(self) -> str:
        """Where the public notice stands."""
        if self.notice is None:
            return _("未公示")
        if self.notice_over:
            return _("公示已结束")
        return _("公示中，至%(end)s") % {"end": gate_words(self.notice.closes)}

    @property
    def list_words(self) -> str:
        """Where the list stands."""
        if self.published is None:
            return _("未准备")
        return _("已发布") if self.published.published_at else _("待复核发布")


def standings(season: Season, at: datetime) -> list[Standing]:
    """Every ranking of a season from marks to list; five queries."""
    reached = Nomination.objects.filter(season=season).order_by().values("ranking_id")
    counted = {
        row["ranking_id"]: row
        for row in reached.filter(state=State.SHORTLISTED).annotate(
            n=Count("pk"),
            marked=Count("pk", filter=Q(final_mark__isnull=False)),
            proposed=Count("pk", filter=Q(final_mark__proposed=True)),
        )
    }
    notices = {row.ranking_id: row for row in PublicNotice.objects.filter(ranking__season=season)}
    lists: dict[int, PublishedList] = {}
    for row in PublishedList.objects.filter(ranking__season=season).order_by("version"):
        lists[row.ranking_id] = row
    to_come = Q(state__in=[State.RECOMMENDED, State.CORRECTING, State.ACCEPTED, State.IN_REVIEW])
    to_come |= Q(state=State.SUBMITTED, ranking__separately_organised=True)
    still = set(reached.filter(to_come).values_list("ranking_id", flat=True).distinct())
    none = {"n": 0, "marked": 0, "proposed": 0}
    found = []
    for ranking in season.rankings.all():
        figures = counted.get(ranking.pk, none)
        numbers = (figures["n"], figures["marked"], figures["proposed"])
        found.append(
            Standing(
                ranking, *numbers, notices.get(ranking.pk), lists.get(ranking.pk), at, ranking.pk in still
            )
        )
    return found


def waiting(season: Season, rows: list[Standing]) -> list[Waiting]:
    """What the secretariat has to do now, in the order of the season; ``rows`` from ``standings``."""
    filed = ReviewPlan.objects.filter(track__ranking__season=season, state=ReviewPlan.State.FILED)
    found = [
        Waiting(
            _("方案待备案"), str(plan.track), plan.filed_at, reverse("reviews:office_plan", args=[plan.pk])
        )
        for plan in filed.select_related("track__ranking").order_by("filed_at")
    ]
    changes = QuotaChange.objects.filter(season=season, approved=None).order_by("proposed_at")
    found += [
        Waiting(
            _("名额或渠道改动待批准"),
            str(row.track or row.organisation),
            row.proposed_at,
            reverse("nominations:office_quota_change", args=[row.pk]),
        )
        for row in changes.select_related("track__ranking", "organisation")
    ]
    found += _twins(season)
    return found + [item for row in rows for item in _of_ranking(row, season.year)]


def _twins(season: Season) -> list[Waiting]:
    """Pairs that seem to be one entry and aren't decided on, by ranking; one query."""
    rows = Twin.objects.filter(one__season=season, state=Twin.State.OPEN).order_by("one__ranking__order")
    named = rows.values_list("one__ranking__key", "one__ranking__name")
    where = f"{reverse('nominations:office_twins')}?year={season.year}&state={Twin.State.OPEN}"
    return [
        Waiting(_("%(count)d对相近申报待核实") % {"count": count}, name, since, f"{where}&ranking={key}")
        for key, name, count, since in named.annotate(count=Count("pk"), since=Min("found_at"))
    ]


def _of_ranking(row: Standing, year: int) -> Iterator[Waiting]:
    def at(page: str) -> str:
        return reverse(f"reviews:{page}", args=[year, row.ranking.key])

    name = row.ranking.name
    if row.notice is None and row.unmarked:
        words = _("%(count)d项初评通过的申报待标记") % {"count": row.unmarked}
        yield Waiting(words, name, None, at("office_final_ranking"))
    elif row.notice is None and row.proposed and not row.still_reviewed:
        yield Waiting(_("公示待发布"), name, None, at("office_notice"))
    elif row.notice is not None and row.notice_over and row.published is None:
        yield Waiting(_("公示已结束，名单待准备"), name, row.notice.closes, at("office_list"))
    elif row.published is not None and row.published.published_at is None:
        yield Waiting(_("名单待第二人复核发布"), name, row.published.prepared_at, at("office_list"))


def tracks(season: Season) -> list[Track]:
    """The tracks of a season with their plans (latest first), result and counts by stage; four queries."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    counted = Nomination.objects.filter(season=season).order_by().values_list("track_id", "state")
    for track_id, state, count in counted.annotate(n=Count("pk")):
        counts[track_id][state] = count
    plans = ReviewPlan.objects.exclude(state=ReviewPlan.State.DRAFT).order_by("-number")
    rows = Track.objects.filter(ranking__season=season).select_related("ranking")
    standing = PreliminaryResult.standing.all()
    found: list[Track] = list(
        rows.defer("ranking__declaration").prefetch_related(
            Prefetch("plans", plans, "filed_plans"), Prefetch("results", standing, "standing_results")
        )
    )
    for track in found:
        track.result = track.standing_results[0] if track.standing_results else None  # type: ignore[attr-defined]
        waiting_in = State.SUBMITTED if track.ranking.separately_organised else State.RECOMMENDED
        by_state = counts[track.pk]
        track.to_check = by_state[waiting_in] + by_state[State.CORRECTING]  # type: ignore[attr-defined]
        track.reviewing = by_state[State.ACCEPTED] + by_state[State.IN_REVIEW]  # type: ignore[attr-defined]
    return found
