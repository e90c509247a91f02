"""回避: which facts about an expert and a nomination make a conflict of interest, each with its reason.

Some are certain: the same employer, a field of the form that names the person. Others need a look: a name of
two characters also stands inside other words, and an institute and its university may or may not be one house.
Both keep the expert away; what isn't certain the body may lift, with a reason on record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from nominations.rules.likeness import comparable
from reviews.rules.form_facts import FormFacts, Role

SHORTEST_NAME = 2
SHORTEST_HOUSE = 4
"""An organisation's name of fewer characters is not looked for at the beginning of another one's."""
SHORTEST_ADDRESS = 7

_BRACKETS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
_ALIKE = (
    ("有限责任公司", "有限公司"),
    ("中科院", "中国科学院"),
    ("社科院", "社会科学院"),
    ("科协", "科学技术协会"),
)
"""Ways to write the same; the first is read as the second."""
_HOUSE = re.compile(
    r"(大学|学院|研究院|研究所|科学院|公司|集团|医院|学会|协会|研究会|联合体|中心|实验室|委员会|局|厅)\Z"
)


class Reason(NamedTuple):
    """Why: in the words of the source language, as the row keeps them; whether it is beyond doubt."""

    words: str
    certain: bool = True


SAME_APPLICANT = Reason(_("专家工作单位与申报单位相同"))
NEAR_APPLICANT = Reason(_("专家工作单位与申报单位名称相近，可能是同一单位或上下级"), certain=False)
PARENT_IS_APPLICANT = Reason(_("专家的上级单位与申报单位相同"))
UNDER_SAME_PARENT = Reason(_("专家单位与申报单位的上级单位相同"))
SAME_UNIT = Reason(_("专家工作单位与推荐单位相同"))
NEAR_UNIT = Reason(_("专家工作单位与推荐单位名称相近，可能是同一单位或上下级"), certain=False)
LISTED = Reason(_("申报表所列单位中有专家的单位"))
CODE = Reason(_("专家单位的统一社会信用代码与申报单位、推荐单位或申报表所列单位相同"))
NAMED = Reason(_("申报表所列人员中有专家姓名"))
MENTIONED = Reason(_("申报表中出现专家姓名"), certain=False)
MOBILE = Reason(_("申报表中有专家的手机号码"))
EMAIL = Reason(_("申报表中有专家的邮箱"))
WRITER = Reason(_("专家参与填写此申报"))
SAME_ADDRESS = Reason(_("专家单位与申报单位地址相同"))
NEAR_ADDRESS = Reason(_("专家单位与申报单位地址相近"), certain=False)


@dataclass(frozen=True)
class Houses:
    """Names of organisations as they are compared: whole, and without what stands in brackets."""

    whole: frozenset[str]
    trunks: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Houses:
        known = [name for name in names if comparable(name)]
        return cls(frozenset(map(_whole, known)), frozenset(map(_trunk, known)))

    def same(self, others: Houses) -> bool:
        return not self.whole.isdisjoint(others.whole)

    def near(self, others: Houses) -> bool:
        """Alike but for brackets (中国石油大学（北京）), or one begins with the other (大学, its 学院)."""
        return any(
            _begins(one, other) or _begins(other, one) for one in self.trunks for other in others.trunks
        )


def _whole(name: str) -> str:
    plain = comparable(name)
    for written, meant in _ALIKE:
        plain = plain.replace(written, meant)
    return plain


def _trunk(name: str) -> str:
    return _whole(_BRACKETS.sub("", unicodedata.normalize("NFKC", name))) or _whole(name)


def _begins(house: str, other: str) -> bool:
    return house == other or (
        len(house) >= SHORTEST_HOUSE and other.startswith(house) and _HOUSE.search(house) is not None
    )


@dataclass(frozen=True)
class ExpertFacts:
    """What is known of an expert: name, every organisation that the person works or acts for, how to reach them."""

    name: str
    employers: tuple[str, ...]
    parents: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    mobile: str = ""
    email: str = ""
    address: str = ""
    account: int = 0

    @cached_property
    def plain_name(self) -> str:
        return plain(self.name)

    @cached_property
    def houses(self) -> Houses:
        return Houses.of(self.employers)

    @cached_property
    def parent_houses(self) -> Houses:
        return Houses.of(self.parents)

    @cached_property
    def plain_address(self) -> str:
        return _place(self.address)

    @cached_property
    def latin_name(self) -> re.Pattern[str] | None:
        """How a name of letters is looked for: as words, for “li an” also stands in “alliance”."""
        words = unicodedata.normalize("NFKC", self.name).casefold().split()
        if not self.plain_name.isascii():
            return None
        return re.compile(r"(?<![a-z])" + r"\s*".join(map(re.escape, words)) + r"(?![a-z])")


@dataclass(frozen=True)
class NominationFacts:
    """What is known of a nomination: who applies, who recommends, who filled it in, and what its form names."""

    applicant: str
    unit: str
    form: FormFacts
    codes: frozenset[str] = frozenset()
    """Of the applicant and the unit; those in the form stand there."""
    writers: frozenset[int] = field(default_factory=frozenset)
    """Ids of the accounts that wrote it."""

    @cached_property
    def owners(self) -> Houses:
        return Houses.of((self.applicant, *self.form.of(Role.OWNER)))

    @cached_property
    def parents(self) -> Houses:
        return Houses.of(self.form.of(Role.PARENT))

    @cached_property
    def units(self) -> Houses:
        return Houses.of((self.unit,))

    @cached_property
    def listed(self) -> Houses:
        return Houses.of(self.form.of(Role.ORGANISATION))

    @cached_property
    def people(self) -> frozenset[str]:
        return frozenset(filter(None, map(plain, self.form.of(Role.PERSON))))

    @cached_property
    def places(self) -> tuple[str, ...]:
        return tuple(filter(None, map(_place, self.form.of(Role.ADDRESS))))

    @cached_property
    def all_codes(self) -> frozenset[str]:
        return self.codes | self.form.codes

    @cached_property
    def plain_text(self) -> str:
        """The form as it is searched; made once, for a matrix asks it for every expert."""
        return "".join(self.form.text.split())


def plain(text: str) -> str:
    """A name as it is compared: NFKC, lower case, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def same_person(expert: ExpertFacts, name: str, organisation: str) -> bool:
    """Whether somebody who names a person by name and organisation (which may be empty) means this expert."""
    house = Houses.of((organisation,))
    return plain(name) == expert.plain_name and (
        not house.whole or house.same(expert.houses) or house.near(expert.houses)
    )


def reasons(expert: ExpertFacts, nomination: NominationFacts) -> list[Reason]:
    """Every reason why this expert must not review this nomination; empty when there is none."""
    return [
        *_by_organisation(expert, nomination),
        *_by_person(expert, nomination),
        *_by_place(expert, nomination),
    ]


def _by_organisation(expert: ExpertFacts, nomination: NominationFacts) -> Iterator[Reason]:
    houses, above = expert.houses, expert.parent_houses
    if houses.same(nomination.owners):
        yield SAME_APPLICANT
    elif houses.near(nomination.owners):
        yield NEAR_APPLICANT
    if above.same(nomination.owners):
        yield PARENT_IS_APPLICANT
    if nomination.parents.same(houses) or nomination.parents.same(above):
        yield UNDER_SAME_PARENT
    if houses.same(nomination.units) or above.same(nomination.units):
        yield SAME_UNIT
    elif houses.near(nomination.units):
        yield NEAR_UNIT
    if houses.same(nomination.listed) and not houses.same(nomination.owners):
        yield LISTED
    if expert.codes & nomination.all_codes:
        yield CODE


def _by_person(expert: ExpertFacts, nomination: NominationFacts) -> Iterator[Reason]:
    if expert.account in nomination.writers:
        yield WRITER
    if len(expert.plain_name) >= SHORTEST_NAME:
        if expert.plain_name in nomination.people:
            yield NAMED
        elif _mentioned(expert, nomination):
            yield MENTIONED
    if expert.mobile and expert.mobile in nomination.form.mobiles:
        yield MOBILE
    if expert.email and expert.email.casefold() in nomination.form.emails:
        yield EMAIL


def _mentioned(expert: ExpertFacts, nomination: NominationFacts) -> bool:
    if expert.latin_name is None:
        return expert.plain_name in nomination.plain_text
    return expert.latin_name.search(nomination.form.text) is not None


def _by_place(expert: ExpertFacts, nomination: NominationFacts) -> Iterator[Reason]:
    own = expert.plain_address
    if not own:
        return
    if own in nomination.places:
        yield SAME_ADDRESS
    elif any(_inside(own, other) or _inside(other, own) for other in nomination.places):
        yield NEAR_ADDRESS


def _place(address: str) -> str:
    """An address as it is compared; one without a number, or as short as a town's name, says nothing."""
    known = comparable(address)
    return known if len(known) >= SHORTEST_ADDRESS and any(sign.isdigit() for sign in known) else ""


def _inside(part: str, whole: str) -> bool:
    """Whether one address is written inside the other, and not 1号 inside 11号."""
    at = whole.find(part)
    if at < 0:
        return False
    before, after = whole[:at][-1:], whole[at + len(part) :][:1]
    cut = (before.isdigit() and part[0].isdigit()) or (after.isdigit() and part[-1].isdigit())
    return not cut
