"""Things: plan, expert, assignment, score, result, final mark, public notice, published list."""

from reviews.models.expert import Assignment, BodyExpert, Expert, Recusal, Score
from reviews.models.plan import ReviewPlan
from reviews.models.publication import FinalMark, PublicNotice, PublishedList
from reviews.models.result import PreliminaryResult, ResultReason, ResultScan, ResultSignature

__all__ = [
    "Assignment",
    "BodyExpert",
    "Expert",
    "FinalMark",
    "PreliminaryResult",
    "PublicNotice",
    "PublishedList",
    "Recusal",
    "ResultReason",
    "ResultScan",
    "ResultSignature",
    "ReviewPlan",
    "Score",
]
