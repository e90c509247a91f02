"""回避: which facts about an expert and a nomination make a conflict of interest, each with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

SHORTEST_NAME = 2


@dataclass(frozen=True)
class ExpertFacts:
    """What is known of an expert: name, and every organisation that the person works or acts for."""

    name: str
    employers: tuple[str, ...]

    @cached_property
    def plain_name(self) -> str:
        return _plain(self.name)

    @cached_property
    def plain_employers(self) -> frozenset[str]:
        return frozenset(filter(None, map(_plain, self.employers)))


@dataclass(frozen=True)
class NominationFacts:
    """What is known of a nomination: who applies, who recommends, and all text of its form."""

    applicant: str
    holder: str
    unit: str
    text: str

    @cached_property
    def owners(self) -> frozenset[str]:
        return frozenset(filter(None, (_plain(self.applicant), _plain(self.holder))))

    @cached_property
    def plain_unit(self) -> str:
        return _plain(self.unit)

    @cached_property
    def plain_text(self) -> str:
        """The form as it is searched; made once, for a matrix asks it for every expert."""
        return _plain(self.text)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def reasons(expert: ExpertFacts, nomination: NominationFacts) -> list[str]:
    """Every reason why this expert must not review this nomination; empty when there is none."""
    return list(_reasons(expert, nomination))


def _reasons(expert: ExpertFacts, nomination: NominationFacts) -> Iterator[str]:
    if expert.plain_employers & nomination.owners:
        yield _("专家工作单位与申报单位相同")
    if nomination.plain_unit in expert.plain_employers:
        yield _("专家工作单位与推荐单位相同")
    if len(expert.plain_name) >= SHORTEST_NAME and expert.plain_name in nomination.plain_text:
        yield _("申报表中出现专家姓名")
