"""回避: each fact that makes a conflict, how sure it is, and what makes none."""

import pytest

from nominations.fields.base import Declaration, Question, Section
from nominations.rankings import DECLARATIONS
from reviews.rules import conflicts, form_facts
from reviews.rules.conflicts import ExpertFacts, NominationFacts, same_person
from reviews.rules.form_facts import Role

FORM = DECLARATIONS["pioneer_technology"]


def nomination(
    applicant="北京云脉传感科技有限公司", unit="中国电子学会", codes=(), writers=(), form=FORM, **answers
):
    read = form_facts.read(form, answers)
    return NominationFacts(applicant, unit, read, frozenset(codes), frozenset(writers))


def expert(*employers, name="吴志远", **facts):
    return ExpertFacts(name, employers or ("清江大学",), **facts)


def why(someone, something):
    return [reason.words for reason in conflicts.reasons(someone, something)]


def test_strangers_have_no_conflict():
    assert why(expert(), nomination(team_profile="由李静等人完成", holder_name="苏州拓维材料有限公司")) == []


@pytest.mark.parametrize(
    "employer",
    [
        "北京云脉传感科技有限公司",
        " 北京云脉传感科技 有限公司　",
        "北京云脉传感科技有限责任公司",
        "北京云脉传感科技（有限公司)",
    ],
)
def test_the_applicant_as_employer(employer):
    assert why(expert(employer), nomination()) == ["专家工作单位与申报单位相同"]


def test_the_holder_of_the_technology_as_employer():
    assert why(expert("东湖研究院（武汉）"), nomination(holder_name="东湖研究院(武汉)")) == [
        "专家工作单位与申报单位相同"
    ]


def test_any_of_several_employers():
    assert why(expert("清江大学", "北京云脉传感科技有限公司"), nomination()) == ["专家工作单位与申报单位相同"]


@pytest.mark.parametrize(
    ("employer", "applicant"),
    [
        ("东湖研究院（武汉）", "东湖研究院"),
        ("华北石油大学（北京）", "华北石油大学（华东）"),
        ("清江大学信息学院", "清江大学"),
        ("清江大学", "清江大学附属医院"),
        ("中科院", "中国科学院半导体研究所"),
    ],
)
def test_a_house_and_its_parts_are_near_and_not_certain(employer, applicant):
    found = conflicts.reasons(expert(employer), nomination(applicant))
    assert found == [conflicts.NEAR_APPLICANT]
    assert not found[0].certain


@pytest.mark.parametrize(
    ("employer", "applicant"),
    [
        ("中国科学院微电子研究所", "中国科学院半导体研究所"),
        ("北京", "北京云脉传感科技有限公司"),
        ("清江", "清江大学"),
    ],
)
def test_houses_that_only_begin_alike_are_strangers(employer, applicant):
    assert why(expert(employer), nomination(applicant)) == []


def test_the_recommending_unit_as_employer_or_the_house_above():
    assert why(expert("中国电子学会"), nomination()) == ["专家工作单位与推荐单位相同"]
    assert why(expert(parents=("中国电子学会",)), nomination()) == ["专家工作单位与推荐单位相同"]
    assert conflicts.reasons(expert("中国电子学会传感分会"), nomination()) == [conflicts.NEAR_UNIT]


def test_the_applicant_as_the_house_above_the_experts_employer():
    assert why(expert(parents=("北京云脉传感科技有限公司",)), nomination()) == [
        "专家的上级单位与申报单位相同"
    ]


def test_one_house_above_both_where_the_form_asks_for_it():
    asks = Question(key="above", label="上级单位（如有）", kind="short_text")
    form = Declaration(
        key="any", name="", title="", sections=(Section(key="a", title="", questions=(asks,)),)
    )
    given = nomination(form=form, above="长河集团有限公司")
    assert why(expert(parents=("长河集团有限责任公司",)), given) == ["专家单位与申报单位的上级单位相同"]
    assert why(expert("长河集团有限公司"), given) == ["专家单位与申报单位的上级单位相同"]


def rights(holder):
    return {"rights_rows": [{"kind": "发明专利", "title": "检测电路", "holder": holder}]}


def test_who_holds_a_patent_or_wrote_a_paper():
    given = nomination(**rights("北京云脉传感科技有限公司；清江大学、吴志远"))
    assert conflicts.reasons(expert(), given) == [conflicts.LISTED, conflicts.NAMED]


def test_the_contact_and_the_person_of_the_entry():
    assert why(expert(), nomination(contact_name="吴 志远")) == ["申报表所列人员中有专家姓名"]
    manager = nomination(form=DECLARATIONS["technology_manager"], person_name="吴志远", employer="清江大学")
    assert conflicts.reasons(expert(), manager) == [conflicts.SAME_APPLICANT, conflicts.NAMED]


@pytest.mark.parametrize("text", ["发明人吴志远等", "吴 志\n远", "吴志远航天"])
def test_a_name_in_a_text_needs_a_look(text):
    found = conflicts.reasons(expert(), nomination(introduction_text=text))
    assert found == [conflicts.MENTIONED]
    assert not found[0].certain


def test_a_name_is_not_put_together_from_two_answers():
    assert why(expert(), nomination(introduction_text="东吴", scenarios_text="志远")) == []


def test_a_name_of_letters_is_looked_for_as_words():
    assert why(expert(name="Li An"), nomination(introduction_text="in alliance with")) == []
    assert why(expert(name="Li An"), nomination(introduction_text="by LI AN, 2021")) == [
        "申报表中出现专家姓名"
    ]


def test_codes_wherever_they_stand():
    code = "91110108MA01ABCD2K"
    assert why(expert(codes=frozenset({code})), nomination(codes=[code])) == [conflicts.CODE.words]
    for text in (f"代码{code}。", code.lower()):
        assert why(expert(codes=frozenset({code})), nomination(introduction_text=text)) == [
            conflicts.CODE.words
        ]
    assert why(expert(codes=frozenset({code})), nomination(introduction_text=f"{code}0")) == []


@pytest.mark.parametrize(
    "text", ["电话13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００"]
)
def test_the_mobile_number_wherever_it_stands(text):
    assert why(expert(mobile="13800138000"), nomination(phone=text)) == ["申报表中有专家的手机号码"]
    assert why(expert(mobile="13800138001"), nomination(phone=text)) == []


def test_the_address_of_mail_wherever_it_stands():
    someone = expert(email="Wu@example.org")
    assert why(someone, nomination(email="wu@EXAMPLE.org")) == ["申报表中有专家的邮箱"]
    assert why(someone, nomination(introduction_text="Email wu@example.org。")) == ["申报表中有专家的邮箱"]
    assert why(someone, nomination(email="awu@example.org")) == []


def test_who_wrote_the_form():
    assert why(expert(account=7), nomination(writers=[7, 8])) == ["专家参与填写此申报"]
    assert why(expert(account=9), nomination(writers=[7, 8])) == []


@pytest.mark.parametrize(
    ("own", "theirs", "found"),
    [
        ("北京市海淀区中关村东路1号", "北京市 海淀区中关村东路１号", [conflicts.SAME_ADDRESS]),
        ("海淀区中关村东路1号院", "北京市海淀区中关村东路1号院8号楼", [conflicts.NEAR_ADDRESS]),
        ("海淀区中关村东路1", "海淀区中关村东路12号", []),
        ("1号院中关村东路北", "11号院中关村东路北", []),
        ("北京市海淀区", "北京市海淀区中关村东路1号", []),
        ("东路1号", "东路1号", []),
        ("", "", []),
    ],
)
def test_addresses_with_a_number_are_compared(own, theirs, found):
    assert conflicts.reasons(expert(address=own), nomination(address=theirs)) == found


def test_several_reasons_are_all_named():
    given = nomination(introduction_text="吴志远", holder_name="中国电子学会")
    assert why(expert("中国电子学会"), given) == [
        "专家工作单位与申报单位相同",
        "专家工作单位与推荐单位相同",
        "申报表中出现专家姓名",
    ]


def test_what_is_not_known_is_no_conflict():
    assert why(ExpertFacts("", ("",)), nomination("", "")) == []
    assert why(expert(name="静"), nomination(introduction_text="静")) == []


def test_a_person_asked_for_by_name_and_organisation():
    someone = expert("清江大学信息学院")
    assert same_person(someone, "吴志 远", "清江大学")
    assert same_person(someone, "吴志远", "")
    assert not same_person(someone, "吴志远", "云岭大学")
    assert not same_person(someone, "吴志", "清江大学")


ROLES = {
    "pioneer_technology": {
        "holder_name": "owner", "contact_name": "person", "address": "address",
        "rights_rows.holder": "organisation person",
    },
    "emerging_enterprise": {
        "enterprise_name": "owner", "legal_representative": "person", "contact_name": "person", "address": "address",
    },
    "integrated_innovation": {"organisation_name": "owner", "address": "address", "contact_name": "person"},
    "startup_employment": {"person_name": "person", "address": "address", "enterprise_name": "owner"},
    "technology_manager": {
        "person_name": "person", "employer": "owner", "address": "address", "career.employer": "organisation",
    },
    "international_cooperation": {
        "applicant_name": "owner", "partner_country": "organisation", "partner_name": "organisation",
        "contact_name": "person", "address": "address",
    },
    "open_source": {"initiator": "owner person", "contact_name": "person"},
}  # fmt: skip


@pytest.mark.parametrize("key", DECLARATIONS)
def test_what_the_questions_of_each_form_hold(key):
    found = {}
    for question in DECLARATIONS[key].questions():
        asked = [(question.key, question, False)]
        asked += [(f"{question.key}.{column.key}", column, True) for column in question.columns]
        found |= {name: form_facts.roles_of(each, rows) for name, each, rows in asked}
    said = {name: frozenset(map(Role, roles.split())) for name, roles in ROLES[key].items()}
    assert {name: roles for name, roles in found.items() if roles} == said
