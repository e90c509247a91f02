"""The demo's cast: one account for each role, and a few more so that two people can act together."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.models import Membership, User
from accounts.roles import Duty, Role
from kczg.kit.record import Actor
from nominations.actions.season import organisation_named

PASSWORD = "Demo-Season-2026"
"""Of every account of the demo. The demo is made in the embedded run alone."""


@dataclass(frozen=True)
class Person:
    """An account of the demo; ``shown`` in the cast that script/run prints, with what it is for."""

    account: str
    name: str
    organisation: str
    role: str
    shown: str = ""
    province: str = ""
    duty: str = Duty.ADMINISTER

    @property
    def email(self) -> str:
        return f"{self.account}@demo.invalid"


CAST = (
    Person("applicant", "林知远", "启衡智能装备有限公司（演示）", Role.APPLICANT, "申报人", "320000"),
    Person("colleague", "沈若溪", "启衡智能装备有限公司（演示）", Role.APPLICANT, "申报人的同事", "320000"),
    Person("applicant2", "韩亦舟", "云岭新材料研究院（演示）", Role.APPLICANT, "", "530000"),
    Person("applicant3", "方映雪", "海川低碳技术中心（演示）", Role.APPLICANT, "", "370000"),
    Person("unit", "周启明", "华中智能感知学会（演示）", Role.UNIT, "推荐单位（两个渠道，名额叠加）"),
    Person(
        "unit-handler", "许安然", "华中智能感知学会（演示）", Role.UNIT, "推荐单位经办人", duty=Duty.HANDLE
    ),
    Person(
        "unit-approver", "高远志", "华中智能感知学会（演示）", Role.UNIT, "推荐单位审批人", duty=Duty.APPROVE
    ),
    Person("unit2", "何静波", "江海科技园区（演示）", Role.UNIT, "推荐单位（一个渠道）"),
    Person("body", "郑清和", "中国科协智能制造学会联合体", Role.BODY, "初评机构（装备制造、产业基础）"),
    Person("body-information", "陆知行", "中国科协信息科技学会联合体", Role.BODY, "初评机构（电子信息）"),
    Person("body-life", "苏曼青", "中国科协生命科学学会联合体", Role.BODY),
    Person("body-materials", "邵远山", "中国科协先进材料学会联合体", Role.BODY),
    Person("body-ecology", "叶文澜", "中国科协生态环境产学联合体", Role.BODY),
    Person("body-energy", "程远帆", "中国科协清洁能源学会联合体", Role.BODY),
    Person("expert", "顾哲明", "北辰工业大学（演示）", Role.EXPERT, "评审专家"),
    Person("expert2", "梁思源", "东岸科学研究所（演示）", Role.EXPERT),
    Person("expert3", "白露莹", "南屏技术学院（演示）", Role.EXPERT),
    Person("office", "秦书怡", "“科创中国”联合体秘书处", Role.OFFICE, "秘书处"),
    Person("office2", "程望舒", "“科创中国”联合体秘书处", Role.OFFICE, "秘书处（第二人，复核发布）"),
    Person("admin", "系统管理员", "“科创中国”联合体秘书处", Role.ADMIN, "系统管理员"),
)
BY_ACCOUNT = {person.account: person for person in CAST}
BODY_OF_TRACK = {
    "information": "body-information",
    "biomedicine": "body-life",
    "equipment": "body",
    "materials": "body-materials",
    "green": "body-ecology",
    "foundation": "body",
}
EXPERTS = tuple(person for person in CAST if person.role == Role.EXPERT)


def actors() -> dict[str, Actor]:
    """Makes the accounts, with proven e-mail addresses, and returns who acts by account name."""
    made: dict[str, Actor] = {}
    for person in CAST:
        user = User.objects.create_user(
            username=person.account, email=person.email, password=PASSWORD, name=person.name
        )
        if person.role == Role.ADMIN:
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        organisation = organisation_named(person.organisation, province_code=person.province)
        Membership.objects.create(user=user, organisation=organisation, role=person.role, duty=person.duty)
        made[person.account] = Actor(user=user, role=person.role, organisation=organisation)
    return made
