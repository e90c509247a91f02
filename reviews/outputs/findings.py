"""Papers: what the system found about each nomination of the form check's queue, in a few words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nominations import eligibility, frozen, scans
from nominations.models import Nomination, SealedScan, Track, Version
from nominations.rules.conditions import LIST_RULES, ConditionResult, State

ERROR, WARN, PLAIN = "error", "warn", ""


@dataclass(frozen=True)
class Word:
    """A few words and their tone: error, warn, or none."""

    text: str
    tone: str = PLAIN


def found(track: Track, rows: Sequence[Nomination]) -> dict[int, list[Word]]:
    """Nomination id → what its latest version and its stamped papers show; a fixed number of queries."""
    ids = [row.pk for row in rows]
    submitted = Version.objects.submitted().filter(nomination__in=ids).order_by("number")
    latest = {version.nomination_id: version for version in submitted}
    papers: dict[int, list[SealedScan]] = defaultdict(list)
    for scan in scans.shown_with(latest.values()).defer("pictures", "confirmed").select_related("version"):
        papers[scan.version.nomination_id].append(scan)
    lists = eligibility.lists_of(track.ranking.season)
    seals = _seals(track)
    told = {}
    for row in rows:
        if version := latest.get(row.pk):
            row.ranking, row.season = track.ranking, track.ranking.season
            results = eligibility.results(eligibility.of_version(row, version), lists)
            told[row.pk] = [*_conditions(results), *_stamps(seals, papers[row.pk])]
    return told


def _conditions(results: Sequence[ConditionResult]) -> list[Word]:
    unmet = [result for result in results if result.state == State.NOT_MET]
    unsure = sum(result.state == State.REVIEWER for result in results)
    words = []
    if unmet:
        words.append(Word(_("%(n)d项不符") % {"n": len(unmet)}, ERROR))
    if any(result.condition.rule in LIST_RULES for result in unmet):
        words.append(Word(_("见往年名单"), ERROR))
    if unsure:
        words.append(Word(_("%(n)d项待核对") % {"n": unsure}, WARN))
    return words or [Word(_("条件相符"))]


def _seals(track: Track) -> set[str]:
    """The seals with which a form of this track comes back on paper."""
    form = track.ranking.form
    asked = track.ranking.season.asks_scans and form is not None
    return (
        {seal.key for seal in form.seals} & {frozen.APPLICANT, frozen.RECOMMENDER}
        if asked and form
        else set()
    )


def _stamps(seals: set[str], papers: Sequence[SealedScan]) -> list[Word]:
    if not seals:
        return []
    if any(scan.state == SealedScan.State.READING for scan in papers):
        return [Word(_("扫描件读取中"), WARN)]
    if seals - {scan.seal for scan in papers}:
        return [Word(_("缺盖章扫描件"), ERROR)]
    if all(scan.is_complete for scan in papers):
        return [Word(_("印章核验码一致"))]
    return [Word(_("印章核验码不一致"), ERROR)]
