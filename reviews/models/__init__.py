"""Things: plan, expert, assignment and what leads to them, score, meeting, result, final mark, notice, list."""

from reviews.models.assigning import AssignmentsImport, AssignmentSuggestion
from reviews.models.blind import BlindFile
from reviews.models.expert import BETWEEN, Assignment, BodyExpert, Expert, LiftedRecusal, Recusal, Score
from reviews.models.experts_import import ExpertsImport
from reviews.models.meeting import Meeting, MeetingMember, Round, Voted
from reviews.models.packet import ScoreImport
from reviews.models.plan import ReviewPlan
from reviews.models.publication import FinalMark, PublicNotice, PublishedList
from reviews.models.result import PreliminaryResult, ResultReason, ResultScan, ResultSignature
from reviews.models.share import Share, ShareProposal

__all__ = [
    "BETWEEN",
    "Assignment",
    "AssignmentSuggestion",
    "AssignmentsImport",
    "BlindFile",
    "BodyExpert",
    "Expert",
    "ExpertsImport",
    "FinalMark",
    "LiftedRecusal",
    "Meeting",
    "MeetingMember",
    "PreliminaryResult",
    "PublicNotice",
    "PublishedList",
    "Recusal",
    "ResultReason",
    "ResultScan",
    "ResultSignature",
    "ReviewPlan",
    "Round",
    "Score",
    "ScoreImport",
    "Share",
    "ShareProposal",
    "Voted",
]
