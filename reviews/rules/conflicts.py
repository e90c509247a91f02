"""回避: which facts about an expert and a nomination make a conflict of interest, each with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

SHORTEST_NAME = 2


@dataclass(frozen=True)
class ExpertFacts:
    """What is known of an expert: name and employer."""

    name: str
    employer: str


@dataclass(frozen=True)
class NominationFacts:
    """What is known of a nomination: who applies, who recommends, and all text of its form."""

    applicant: str
    holder: str
    unit: str
    text: str


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def reasons(expert: ExpertFacts, nomination: NominationFacts) -> list[str]:
    """Every reason why this expert must not review this nomination; empty when there is none."""
    return list(_reasons(expert, nomination))


def _reasons(expert: ExpertFacts, nomination: NominationFacts) -> Iterator[str]:
    employer, name = _plain(expert.employer), _plain(expert.name)
    if employer and employer in (_plain(nomination.applicant), _plain(nomination.holder)):
        yield _("专家工作单位与申报单位相同")
    if employer and employer == _plain(nomination.unit):
        yield _("专家工作单位与推荐单位相同")
    if len(name) >= SHORTEST_NAME and name in _plain(nomination.text):
        yield _("申报表中出现专家姓名")
