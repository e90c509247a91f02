"""Things: plan, expert, assignment, score, result, final mark, public notice, published list."""

from reviews.models.expert import BETWEEN, Assignment, BodyExpert, Expert, LiftedRecusal, Recusal, Score
from reviews.models.plan import ReviewPlan
from reviews.models.publication import FinalMark, PublicNotice, PublishedList
from reviews.models.result import PreliminaryResult, ResultReason, ResultScan, ResultSignature
from reviews.models.share import Share, ShareProposal

__all__ = [
    "BETWEEN",
    "Assignment",
    "BodyExpert",
    "Expert",
    "FinalMark",
    "LiftedRecusal",
    "PreliminaryResult",
    "PublicNotice",
    "PublishedList",
    "Recusal",
    "ResultReason",
    "ResultScan",
    "ResultSignature",
    "ReviewPlan",
    "Score",
    "Share",
    "ShareProposal",
]
