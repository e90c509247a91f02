"""回避: each fact that makes a conflict, and what makes none."""

import pytest

from reviews.rules.conflicts import ExpertFacts, NominationFacts, reasons


def nomination(**facts):
    given = {
        "applicant": "北京云脉传感科技有限公司",
        "holder": "",
        "unit": "中国电子学会",
        "text": "由李静等人完成",
    }
    return NominationFacts(**{**given, **facts})


def expert(*employers, name="吴志远"):
    return ExpertFacts(name, employers or ("清江大学",))


def test_strangers_have_no_conflict():
    assert reasons(expert(), nomination()) == []


@pytest.mark.parametrize(
    "employer", ["北京云脉传感科技有限公司", " 北京云脉传感科技 有限公司", "北京云脉传感科技有限公司　"]
)
def test_the_applicant_as_employer(employer):
    assert reasons(expert(employer), nomination()) == ["专家工作单位与申报单位相同"]


def test_the_holder_of_the_technology_as_employer():
    assert reasons(expert("东湖研究院（武汉）"), nomination(holder="东湖研究院(武汉)")) == [
        "专家工作单位与申报单位相同"
    ]


def test_any_of_several_employers():
    assert reasons(expert("清江大学", "北京云脉传感科技有限公司"), nomination()) == [
        "专家工作单位与申报单位相同"
    ]


def test_the_recommending_unit_as_employer():
    assert reasons(expert("中国电子学会"), nomination()) == ["专家工作单位与推荐单位相同"]


def test_the_name_in_the_form():
    assert reasons(expert(), nomination(text="发明人：吴 志远、李静")) == ["申报表中出现专家姓名"]


def test_several_reasons_are_all_named():
    found = reasons(expert("中国电子学会"), nomination(text="吴志远", holder="中国电子学会"))
    assert found == ["专家工作单位与申报单位相同", "专家工作单位与推荐单位相同", "申报表中出现专家姓名"]


def test_what_is_not_known_is_no_conflict():
    assert reasons(ExpertFacts("", ("",)), nomination(applicant="", unit="", text="")) == []


def test_a_name_of_one_character_is_not_searched():
    assert reasons(expert(name="静"), nomination()) == []
