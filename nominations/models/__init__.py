"""Things: the season and what it holds, the nomination, its versions, the places, the recommendation, the gate."""

from nominations.models.avoidance import AvoidanceRequest
from nominations.models.correction import Correction
from nominations.models.gate import Closing, ClosingLine, Extension
from nominations.models.lists import PILOT_PLACES, Honouree, ListImport, ListState, PilotPlace
from nominations.models.nomination import Attachment, Nomination, Version
from nominations.models.quota import Place, Preparation, QuotaChange, Recommendation
from nominations.models.scan import ScanFile, SealedScan
from nominations.models.season import (
    Channel,
    Ranking,
    RecommendingUnit,
    ReviewBody,
    Season,
    Stage,
    Track,
    UnitChannel,
)
from nominations.models.selection import Ballot, Candidate, Selection
from nominations.models.twin import Fingerprint, Twin
from nominations.models.unit_import import UnitImport
from nominations.models.unit_paper import UnitPaper
from nominations.models.units_import import UnitsImport

__all__ = [
    "PILOT_PLACES",
    "Attachment",
    "AvoidanceRequest",
    "Ballot",
    "Candidate",
    "Channel",
    "Closing",
    "ClosingLine",
    "Correction",
    "Extension",
    "Fingerprint",
    "Honouree",
    "ListImport",
    "ListState",
    "Nomination",
    "PilotPlace",
    "Place",
    "Preparation",
    "QuotaChange",
    "Ranking",
    "Recommendation",
    "RecommendingUnit",
    "ReviewBody",
    "ScanFile",
    "SealedScan",
    "Season",
    "Selection",
    "Stage",
    "Track",
    "Twin",
    "UnitChannel",
    "UnitImport",
    "UnitPaper",
    "UnitsImport",
    "Version",
]
