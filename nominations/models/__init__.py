"""Things: the season and what it holds, the nomination, its versions, the places, the recommendation."""

from nominations.models.nomination import Nomination, Version
from nominations.models.quota import Place, Recommendation
from nominations.models.season import (
    Channel,
    Honouree,
    Ranking,
    RecommendingUnit,
    ReviewBody,
    Season,
    Stage,
    Track,
    UnitChannel,
)

__all__ = [
    "Channel",
    "Honouree",
    "Nomination",
    "Place",
    "Ranking",
    "Recommendation",
    "RecommendingUnit",
    "ReviewBody",
    "Season",
    "Stage",
    "Track",
    "UnitChannel",
    "Version",
]
