"""Papers: a season counted by ranking, track, status, channel, unit, province and day, for page and spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from kczg.kit.clock import SHANGHAI
from nominations.catalogues import CATALOGUES
from nominations.models import Channel, Nomination, Recommendation, RecommendingUnit, Season, Track
from nominations.states import State


@dataclass
class Row:
    """One line of a table of figures: what is counted, and how many in each column."""

    key: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()


@dataclass(frozen=True)
class Tallies:
    """The figures of a season. Rows keep the notice's order; ``days`` is by date."""

    rankings: list[Row]
    tracks: list[tuple[str, Row]]
    """(the ranking's key, row of a track), rankings with tracks only."""
    channels: list[Row]
    units: list[Row]
    provinces: list[Row]
    days: list[Row]

    @property
    def states(self) -> list[State]:
        """The states that occur, in the order of a nomination's way."""
        return [state for state in State if any(row.counts[state] for row in self.rankings)]

    @property
    def by_state(self) -> Counter[str]:
        return sum((row.counts for row in self.rankings), Counter())

    @property
    def total(self) -> int:
        return self.by_state.total()


def tallies(season: Season) -> Tallies:
    """Counts a season in a fixed number of queries, however many nominations there are."""
    by_track: dict[int, dict[int | None, Counter[str]]] = {}
    rows = Nomination.objects.filter(season=season).values("ranking_id", "track_id", "state")
    for row in rows.order_by().annotate(n=Count("pk")):
        by_track.setdefault(row["ranking_id"], {}).setdefault(row["track_id"], Counter())[row["state"]] = row[
            "n"
        ]
    rankings, tracks = [], []
    named: dict[int, list[Track]] = {}
    for track in Track.objects.filter(ranking__season=season):
        named.setdefault(track.ranking_id, []).append(track)
    for ranking in season.rankings.all():
        counted = by_track.get(ranking.pk, {})
        rankings.append(Row(ranking.key, ranking.name, sum(counted.values(), Counter())))
        fields = [track for track in named.get(ranking.pk, []) if track.name]
        tracks += [(ranking.key, Row(t.key, t.name, counted.get(t.pk, Counter()))) for t in fields]
        if fields and counted.get(None):
            tracks.append((ranking.key, Row("none", _("未选领域"), counted[None])))
    return Tallies(rankings, tracks, _channels(season), _units(season), _provinces(season), _days(season))


def _channels(season: Season) -> list[Row]:
    standing = Recommendation.objects.filter(nomination__season=season, ended_at=None)
    counts = dict(standing.order_by().values_list("place__channel").annotate(n=Count("pk")))
    return [
        Row(channel.key, channel.name, Counter({"recommended": counts.get(channel.pk, 0)}))
        for channel in Channel.objects.filter(season=season)
    ]


def _units(season: Season) -> list[Row]:
    """Units with what was submitted to them and what they recommend."""
    received = Q(nominations__submitted_at__isnull=False)
    units = RecommendingUnit.objects.filter(season=season).select_related("organisation")
    recommended = dict(
        Recommendation.objects.filter(unit__season=season, ended_at=None)
        .order_by()
        .values_list("unit")
        .annotate(n=Count("pk"))
    )
    return [
        Row(
            str(unit.pk),
            unit.organisation.name,
            Counter({"submitted": unit.received, "recommended": recommended.get(unit.pk, 0)}),
        )
        for unit in units.annotate(received=Count("nominations", filter=received))
    ]


def _submitted(season: Season):
    return Nomination.objects.filter(season=season, submitted_at__isnull=False).order_by()


def _provinces(season: Season) -> list[Row]:
    rows = _submitted(season).values_list("applicant__province_code").annotate(n=Count("pk"))
    return _by_size(
        Row(code or "none", province_name(code), Counter({"submitted": n})) for code, n in rows.order_by()
    )


def province_name(code: str) -> str:
    """The province's name, or 未填写 where the organisation has none."""
    entry = CATALOGUES["regions"].get(code) if code else None
    return entry.name if entry else _("未填写")


def _by_size(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.total, row.key))


def _days(season: Season) -> list[Row]:
    days = _submitted(season).annotate(day=TruncDate("submitted_at", tzinfo=SHANGHAI))
    rows = days.values_list("day").annotate(n=Count("pk")).order_by("day")
    return [Row(f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", Counter({"submitted": n})) for day, n in rows]


@dataclass(frozen=True)
class Figures:
    """One table of 统计汇总表, the same on paper and in the spreadsheet: ``words`` columns of words, then counts."""

    title: str
    heads: list[str]
    rows: list[list[str | int]]
    words: int = 1


def tables(figures: Tallies) -> list[Figures]:
    """统计汇总表: by ranking and status, track, channel, unit, status, province and day, each with its sum."""
    states = figures.states
    heads = [str(state.label) for state in states]
    names = {row.key: row.name for row in figures.rankings}
    total: list[str | int] = [_("合计"), *(figures.by_state[state] for state in states), figures.total]
    return [
        Figures(
            _("按榜单"),
            [_("榜单"), *heads, _("合计")],
            [*_by_state(figures.rankings, states), total],
        ),
        Figures(
            _("按领域"),
            [_("榜单"), _("领域"), *heads, _("合计")],
            [
                [names[ranking], row.name, *(row.counts[s] for s in states), row.total]
                for ranking, row in figures.tracks
            ],
            words=2,
        ),
        _summed(_("按推荐渠道"), [_("推荐渠道"), _("已推荐")], figures.channels, ["recommended"]),
        _summed(
            _("按推荐单位"),
            [_("推荐单位"), _("收到申报"), _("已推荐")],
            figures.units,
            ["submitted", "recommended"],
        ),
        Figures(
            _("按状态"),
            [_("状态"), _("申报数")],
            _with_sum([[str(state.label), figures.by_state[state]] for state in states], figures.total),
        ),
        _summed(_("按省份"), [_("省份"), _("已提交")], figures.provinces, ["submitted"]),
        _summed(_("按提交日期"), [_("提交日期"), _("已提交")], figures.days, ["submitted"]),
    ]


def _by_state(rows: list[Row], states: list[State]) -> list[list[str | int]]:
    return [[row.name, *(row.counts[state] for state in states), row.total] for row in rows]


def _with_sum(rows: list[list[str | int]], total: int) -> list[list[str | int]]:
    return [*rows, [_("合计"), total]]


def _summed(title: str, heads: list[str], rows: list[Row], columns: list[str]) -> Figures:
    lines: list[list[str | int]] = [[row.name, *(row.counts[column] for column in columns)] for row in rows]
    lines.append([_("合计"), *(sum(row.counts[column] for row in rows) for column in columns)])
    return Figures(title, heads, lines)
