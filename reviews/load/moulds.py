"""The first nomination of each kind goes through the actions; what it left in the rows is the mould of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kczg.kit.models import Event
from kczg.kit.record import Actor, events_of
from nominations.actions import applicant
from nominations.actions import unit as of_unit
from nominations.actions.beginning import begin
from nominations.models import Nomination, Ranking, Recommendation, RecommendingUnit, Version
from reviews.demo.texts import answers as technology_answers
from reviews.load.plan import Case, Wanted, technology
from reviews.load.samples import full

OPINION = "经本单位组织遴选，该项目创新性强、应用前景好，同意推荐（压力测试）。"
NOTES = [{"section": "", "reason": "前后内容或数据不一致，核对后修改"}]
STEP = timedelta(hours=10)
"""Between one thing that happens to a nomination and the next."""


@dataclass(frozen=True)
class Mould:
    """All rows of one nomination that went its way through the actions."""

    nomination: Nomination
    versions: tuple[Version, ...]
    recommendations: tuple[Recommendation, ...]
    events: tuple[Event, ...]


class Way:
    """One nomination's steps; each takes place some hours after the one before."""

    def __init__(
        self, ranking: Ranking, wanted: Wanted, by: Actor, unit: RecommendingUnit | None, acts: Actor | None
    ):
        self.ranking, self.wanted, self.by, self.unit, self.acts = ranking, wanted, by, unit, acts

    def go(self, opens: datetime) -> Mould:
        """Takes all steps, the first one when it is wanted."""
        self.at = opens + self.wanted.after
        self.nomination = self._begun()
        self._fill_in()
        STEPS[self.wanted.way](self)
        row = Nomination.objects.get(pk=self.nomination.pk)
        return Mould(
            nomination=row,
            versions=tuple(row.versions.all()),
            recommendations=tuple(row.recommendations.select_related("version", "place__channel")),
            events=tuple(events_of(row)),
        )

    def _begun(self) -> Nomination:
        case = self.wanted.case
        promises = [c.key for c in self.ranking.online_form.conditions if c.kind == "declared"]
        return begin(
            self.ranking,
            self.by,
            self.at,
            applicant=self.by.organisation,
            track=self.ranking.tracks.get(key=case.track),
            unit=self.unit,
            promises=promises,
            category=case.category,
        )

    def _fill_in(self) -> None:
        filled = answers_of(self.wanted.case, self.ranking, self.wanted.title, self.by)
        for section in self.ranking.online_form.sections:
            updates = {q.key: filled[q.key] for q in section.questions if q.key in filled}
            if updates:
                self._save(section.key, updates)

    def _save(self, section: str, updates: dict[str, Any]) -> None:
        version = self.nomination.section_version(section)
        self.nomination = applicant.save_draft(self.nomination, section, updates, version, self.by, self.at)

    def stay(self) -> None:
        """A draft stays a draft."""

    def submit(self) -> None:
        self.at += STEP
        applicant.submit(self.nomination, self.by, self.at, promised=True)

    def withdraw(self) -> None:
        self.at += STEP
        applicant.withdraw(self.nomination, "内部评估后暂不申报", self.by, self.at)

    def return_(self) -> None:
        self.at += STEP
        of_unit.return_for_changes(self.nomination, NOTES, self.acting, self.at)

    def submit_again(self) -> None:
        """Returned, changed and submitted once more."""
        self.submit()
        self.return_()
        self.nomination = Nomination.objects.get(pk=self.nomination.pk)
        section, key, now = _contact(self.ranking, self.nomination.answers)
        self.at += STEP
        self._save(section, {key: f"{now}1"})
        self.submit()

    def recommend(self) -> None:
        self.at += STEP
        seen = self.nomination.latest_version.number
        of_unit.recommend(self.nomination, OPINION, seen, self.acting, self.at)

    def decline(self) -> None:
        self.at += STEP
        of_unit.decline(self.nomination, "与本单位推荐方向不一致", self.acting, self.at)

    def take_back(self) -> None:
        self.at += STEP
        of_unit.take_back(self.nomination, "换报另一项", self.acting, self.at)

    @property
    def acting(self) -> Actor:
        assert self.acts is not None  # only what a unit has goes these ways
        return self.acts


def _then(*steps: Callable[[Way], None]) -> Callable[[Way], None]:
    def all_of_them(way: Way) -> None:
        for step in steps:
            step(way)

    return all_of_them


STEPS: dict[str, Callable[[Way], None]] = {
    "drafted": Way.stay,
    "submitted": Way.submit,
    "returned": _then(Way.submit, Way.return_),
    "resubmitted": Way.submit_again,
    "recommended": _then(Way.submit, Way.recommend),
    "recommended_again": _then(Way.submit_again, Way.recommend),
    "taken_back": _then(Way.submit, Way.recommend, Way.take_back),
    "declined": _then(Way.submit, Way.decline),
    "withdrawn": _then(Way.submit, Way.withdraw),
    "withdrawn_draft": Way.withdraw,
}
MOST_STEPS = 6
"""The most steps that a way takes after it was begun: the last one lies within the call."""


def answers_of(case: Case, ranking: Ranking, title: str, by: Actor) -> dict[str, Any]:
    """A whole form of a case in which the title, the applicant and its person stand."""
    if case.ranking == "pioneer_technology":
        filled = technology_answers(technology(case.track), by.organisation.name, by.user.name)
    else:
        filled = full(case.ranking, case.category)
    if registered := filled.get("registered_on"):
        # How old a firm may be is counted back from the season's year; the answers are those of 2022.
        filled["registered_on"] = f"{int(registered[:4]) + ranking.season.year - 2022}{registered[4:]}"
    return {**filled, ranking.online_form.title_question: title}


def _contact(ranking: Ranking, answers: dict[str, Any]) -> tuple[str, str, str]:
    """A short answer that is changed when a form came back: section, question, what it says."""
    for section in ranking.online_form.sections:
        for question in section.questions:
            if question.key in ("address", "contact_name"):
                return section.key, question.key, answers[question.key]
    raise LookupError(f"{ranking.key} asks for no contact")
