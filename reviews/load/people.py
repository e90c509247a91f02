"""The made-up season's people: its units and applicants, each with one person who acts for it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Organisation, User, normalised
from accounts.roles import Role
from kczg.kit.record import Actor
from nominations.catalogues import CATALOGUES

LOT = 1000
OFFICE = "load-office"

_SURNAMES = "林沈韩方周何郑陆苏邵叶顾梁白秦程许曹冯蒋魏姜戚谢邹喻柏水章云潘葛奚范彭郎鲁韦昌马苗凤花俞任袁柳"
_GIVEN = ("知远", "若溪", "亦舟", "映雪", "启明", "静波", "清和", "知行", "曼青", "远山", "文澜", "哲明",
          "思源", "露莹", "书怡", "望舒", "嘉树", "景行", "予安", "怀瑾", "星河", "承泽", "听澜", "若谷")  # fmt: skip
_PLACES = ("启衡", "云岭", "海川", "北辰", "东岸", "南屏", "西塬", "江海", "华中", "清江", "长岭", "远洲")
_TRADES = ("智能装备", "新材料", "低碳技术", "生物医药", "电子信息", "精密制造", "数字科技", "能源科技")
_KINDS = ("有限公司", "研究院", "股份有限公司", "技术中心", "大学", "实验室")


@dataclass(frozen=True)
class Group:
    """Organisations of one kind: their accounts are prefix-1, prefix-2 and so on."""

    prefix: str
    role: str
    kinds: tuple[str, ...]


UNITS = Group("load-unit", Role.UNIT, ("学会", "协会", "科学技术协会", "科技园区"))
APPLICANTS = Group("load-applicant", Role.APPLICANT, _KINDS)


def person_name(number: int) -> str:
    rest, given = divmod(number, len(_GIVEN))
    return _SURNAMES[rest % len(_SURNAMES)] + _GIVEN[given]


def organisation_name(number: int, kinds: tuple[str, ...]) -> str:
    """A name of its own for each number; the end says that it is made up."""
    rest, trade = divmod(number, len(_TRADES))
    rest, place = divmod(rest, len(_PLACES))
    return f"{_PLACES[place]}{_TRADES[trade]}{kinds[number % len(kinds)]}（压力测试{number + 1}）"


def people(group: Group, count: int, password: str) -> list[Actor]:
    """So many organisations with a person each; ``password`` "" lets nobody log in with one."""
    hashed = make_password(password or None)
    provinces = [entry.code for entry in CATALOGUES["regions"] if entry.level == "省级"]
    made: list[Actor] = []
    for start in range(0, count, LOT):
        numbers = range(start, min(start + LOT, count))
        names = [organisation_name(number, group.kinds) for number in numbers]
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=name, normalised_name=normalised(name), province_code=provinces[number % len(provinces)]
            )
            for number, name in zip(numbers, names, strict=True)
        )
        users = User.objects.bulk_create(
            User(
                username=f"{group.prefix}-{number + 1}",
                email=f"{group.prefix}-{number + 1}@load.invalid",
                name=person_name(number),
                password=hashed,
            )
            for number in numbers
        )
        _introduce(users, organisations, group.role)
        made += [
            Actor(user=user, role=group.role, organisation=organisation)
            for user, organisation in zip(users, organisations, strict=True)
        ]
    return made


def office(password: str) -> Actor:
    """Somebody of the secretariat, who sets the units up."""
    organisation = Organisation.objects.create(name="秘书处（压力测试）")
    user = User.objects.create(
        username=OFFICE,
        email=f"{OFFICE}@load.invalid",
        name="秦书怡",
        password=make_password(password or None),
    )
    _introduce([user], [organisation], Role.OFFICE)
    return Actor(user=user, role=Role.OFFICE, organisation=organisation)


def _introduce(users: list[User], organisations: list[Organisation], role: str) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role)
        for user, organisation in zip(users, organisations, strict=True)
    )
