"""Rules: what a form still lacks before it may be submitted, and how far a section is.

A draft may hold anything; these questions are asked of it when it is to be submitted. The rules see the
shape of a declaration, not its kinds: a function that judges one answer is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: the key of its control, a stable code, and words that say how to mend it.

    ``key`` names the control in the form (for rows ``awards-0-title``); ``question`` and ``section`` say
    where in the declaration it stands.
    """

    key: str
    code: str
    message: str
    question: str = ""
    section: str = ""


class Status(StrEnum):
    """How far a section is; the words for people stand with the pages."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    HAS_ERRORS = "has_errors"


class Part(Protocol):
    """A section or a question, as far as these rules look at it."""

    @property
    def key(self) -> str: ...
    @property
    def tracks(self) -> Sequence[str]: ...
    @property
    def categories(self) -> Sequence[str]: ...


AnyPart = TypeVar("AnyPart", bound=Part)
Judge = Callable[[Any, Any], list[Problem]]
"""(question, value) → problems at submission."""


def applies(part: Part, track: str, category: str) -> bool:
    """Whether a part of the form is asked in this track and category. A part that names none is asked in all."""
    return (not part.tracks or track in part.tracks) and (not part.categories or category in part.categories)


def applicable(parts: Iterable[AnyPart], track: str, category: str) -> list[AnyPart]:
    """The parts that are asked, in printed order."""
    return [part for part in parts if applies(part, track, category)]


def missing(
    sections: Iterable[Any], answers: Mapping[str, Any], track: str, category: str, judge: Judge
) -> list[Problem]:
    """All that hinders submission, in printed order; empty when the form may be submitted.

    Answers to parts that don't apply to the track or category are left out of account, whatever they hold.
    """
    found: list[Problem] = []
    for section in applicable(sections, track, category):
        for question in applicable(section.questions, track, category):
            found += located(judge(question, answers.get(question.key)), question.key, section.key)
    return found


def located(problems: Iterable[Problem], question: str, section: str) -> list[Problem]:
    """The same problems, with the place in the declaration where they stand."""
    return [Problem(p.key, p.code, p.message, question, section) for p in problems]


def status(filled: Sequence[bool], touched: bool, problems: Sequence[Problem]) -> Status:
    """How far a section is.

    ``filled`` tells for each question whether it has an answer, ``touched`` whether any was ever saved: an
    optional section that was opened and left empty is done, one that nobody has seen is not started.
    """
    if not any(filled) and (problems or not touched):
        return Status.NOT_STARTED
    if any(problem.code != "empty" for problem in problems):
        return Status.HAS_ERRORS
    return Status.IN_PROGRESS if problems else Status.DONE
