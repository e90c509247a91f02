"""Reads of the assignment: what it depends on, in a fixed number of queries, and what a solver is to know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from nominations.catalogues import CATALOGUES
from nominations.models import Nomination, Track
from nominations.rules.check_code import digest
from reviews.models import Assignment, AssignmentSuggestion, BodyExpert, Expert, ReviewPlan
from reviews.queries.bodies import under_review
from reviews.queries.conflicts import conflict_matrix
from reviews.queries.experts import experts_of
from reviews.rules import fit
from reviews.rules.assigning import Pair

ASSIGNED, SUBMITTED, ABSTAINED = "assigned", "submitted", "abstained"
INDUSTRIES, STRATEGIC = CATALOGUES["industries"], CATALOGUES["emerging_industries"]


@dataclass(frozen=True)
class Board:
    """All that an assignment of a track depends on, read once."""

    wanted: int
    experts: list[Expert]
    """Who serves the track, and who has left it with a sheet that counts."""
    serving: frozenset[int]
    nominations: dict[int, str]
    """Id → number of what passed the form check, by number."""
    sheets: dict[Pair, str]
    """Pair → ASSIGNED, SUBMITTED or ABSTAINED, of every sheet that wasn't lifted."""
    blocked: dict[Pair, str]
    """Pair with a conflict → its reason."""
    limits: dict[int, int]
    """Expert → the most tasks in this track; who isn't in it has no limit."""

    @cached_property
    def standing(self) -> frozenset[Pair]:
        """The pairs whose expert judges, or has judged."""
        return frozenset(pair for pair, mark in self.sheets.items() if mark != ABSTAINED)

    @cached_property
    def lacking(self) -> dict[int, int]:
        """Nomination → how many experts it lacks, of those that lack any."""
        return self.lacking_with(self.standing)

    def lacking_with(self, pairs: Iterable[Pair]) -> dict[int, int]:
        """The same if these were the pairs."""
        have = Counter(nomination for _expert, nomination in pairs)
        return {pk: self.wanted - have[pk] for pk in self.nominations if have[pk] < self.wanted}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that makes a suggestion fit: another one means that it may not fit any more."""
        return digest(
            {
                "wanted": self.wanted,
                "experts": sorted(self.serving),
                "nominations": sorted(self.nominations),
                "sheets": sorted([*pair, mark] for pair, mark in self.sheets.items()),
                "blocked": sorted(map(list, self.blocked)),
                "limits": sorted(map(list, self.limits.items())),
            }
        )

    @cached_property
    def standing_digest(self) -> str:
        """SHA-256 of the tasks alone, by which a table tells that they changed since it was downloaded."""
        return digest(sorted(map(list, self.standing)))


def board(track: Track, plan: ReviewPlan) -> Board:
    """What stands in a track and what may be, under the plan that says how many experts each has."""
    nominations = dict(under_review(track).values_list("pk", "number"))
    sheets = sheet_marks(track)
    experts = list(experts_of(track))
    serving = frozenset(expert.pk for expert in experts)
    if left := {expert for expert, _nomination in sheets} - serving:
        experts += Expert.objects.filter(pk__in=left).select_related("user")
    return Board(
        wanted=plan.experts_each,
        experts=experts,
        serving=serving,
        nominations=nominations,
        sheets=sheets,
        blocked=conflict_matrix(track),
        limits=load_limits(track),
    )


def sheet_marks(track: Track) -> dict[Pair, str]:
    """Pair → how its sheet stands, of every sheet of a track that wasn't lifted; one query."""
    rows = Assignment.objects.filter(nomination__track=track, ended_at=None)
    facts = rows.values_list("expert_id", "nomination_id", "submitted_at", "abstained_at")
    return {
        (expert, nomination): ABSTAINED if abstained else SUBMITTED if submitted else ASSIGNED
        for expert, nomination, submitted, abstained in facts
    }


def standing_pairs(track: Track) -> set[Pair]:
    """The pairs of a track whose expert judges, or has judged."""
    return {pair for pair, mark in sheet_marks(track).items() if mark != ABSTAINED}


def load_limits(track: Track) -> dict[int, int]:
    """Expert → the most tasks in a track: what the body agreed on, less the tasks in the body's other tracks."""
    bodies = [body.pk for body in track.bodies.all()]
    rows = BodyExpert.objects.filter(body__in=bodies, is_active=True, most__isnull=False)
    elsewhere = Assignment.objects.filter(ended_at=None, nomination__track__bodies__in=bodies)
    elsewhere = elsewhere.exclude(nomination__track=track).order_by()
    counted = elsewhere.values_list("nomination__track__bodies", "expert").annotate(n=Count("pk"))
    used = {(body, expert): count for body, expert, count in counted}
    found: dict[int, int] = {}
    for body, expert, most in rows.values_list("body", "expert", "most"):
        left = max(most - used.get((body, expert), 0), 0)
        found[expert] = min(left, found.get(expert, left))
    return found


def latest_suggestion(track: Track) -> AssignmentSuggestion | None:
    """The suggestion that was asked for last."""
    return AssignmentSuggestion.objects.filter(track=track).select_related("plan").first()


def short_numbers(track: Track, plan: ReviewPlan) -> list[str]:
    """The numbers of what has fewer experts who judge it than the plan wants; two queries."""
    have = Counter(nomination for _expert, nomination in standing_pairs(track))
    rows = under_review(track).values_list("pk", "number")
    return [number for pk, number in rows if have[pk] < plan.experts_each]


# --- The fit of fields -------------------------------------------------------------------------------------


def knows(expert: Expert) -> fit.Knows:
    """What an expert's own entry says of the fields that the expert knows."""
    return fit.Knows(
        industries=tuple(_path(INDUSTRIES, code) for code in expert.industries),
        strategic=tuple(_path(STRATEGIC, code) for code in expert.strategic),
        tracks=frozenset(expert.tracks),
        expertise=expert.expertise,
    )


def asks(track: Track, nomination: Nomination) -> fit.Asks:
    """What a nomination's answers say of its fields, by the kind of the questions; ``track`` is its own."""
    industries: list[fit.Path] = []
    strategic: list[fit.Path] = []
    for question in track.ranking.form.questions() if track.ranking.form else ():
        answer = nomination.answers.get(question.key)
        if question.kind == "industry" and isinstance(answer, list):
            industries += [_path(INDUSTRIES, code) for code in answer if isinstance(code, str)]
        elif question.kind == "emerging_industry" and isinstance(answer, dict):
            strategic.append(_named_path(answer))
    text = " ".join([nomination.title, *_texts(nomination.answers)])
    return fit.Asks(tuple(industries), tuple(strategic), track.key, text)


def _texts(value: Any) -> Iterator[str]:
    """Every text of an answer, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _path(catalogue: Any, code: str) -> fit.Path:
    return tuple(entry.code for entry in catalogue.path(code))


def _named_path(answer: dict[str, Any]) -> fit.Path:
    """The levels that were chosen, and the third, which was typed, where its name is known."""
    above = _path(STRATEGIC, str(answer.get("code", "")))
    name = str(answer.get("name", "")).strip()
    below = next((e.code for e in STRATEGIC.children(above[-1]) if e.name == name), "") if above else ""
    return (*above, below) if below else above


def fit_words(reasons: Iterable[Iterable[str]]) -> str:
    """Reasons as they are kept, in the reader's language and with the names of the catalogues."""
    pairs = [(str(kind), str(code)) for kind, code in reasons]
    names = {}
    for kind, code in pairs:
        catalogue = {fit.INDUSTRY: INDUSTRIES, fit.STRATEGIC: STRATEGIC}.get(kind)
        entry = catalogue.get(code) if catalogue else None
        if entry is not None:
            names[kind, code] = entry.name
    return fit.in_words(pairs, names)
