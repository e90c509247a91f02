"""What gives an applicant away in a text, in all its spellings; and what doesn't and stays."""

import time

import pytest

from reviews.rules import aliases
from reviews.rules.blinding import Facts, Kind, Mask

INTRODUCTION = (
    "北京云脉传感科技有限公司（以下简称“云脉动”，英文名YunMai Sense）成立于2016年。"
    "团队由王强教授领衔，成员有刘洋、陈晨、赵一鸣等。"
)
FACTS = Facts(
    applicants=("北京云脉传感科技有限公司",),
    units=("中国电子学会",),
    others=("清江大学",),
    members=("李静", "John Smith"),
    phones=("010-62550001",),
    emails=("lijing@yunmai-sense.com",),
    codes=("91110108MA01ABCD2X",),
    addresses=("北京市海淀区中关村东路1号院8号楼",),
    webs=("https://www.yunmai.cn/a",),
    numbers=("2022-XD-0001", "7K3M-Q9TA"),
    texts=(INTRODUCTION,),
)
MASK = Mask(FACTS)
APPLICANT, UNIT = "〔申报单位〕", "〔推荐单位〕"


@pytest.mark.parametrize(
    "text, blind",
    [
        # The organisation, whole and short, in every spelling.
        ("北京云脉传感科技有限公司研制", f"{APPLICANT}研制"),
        ("由云脉传感科技提供", f"由{APPLICANT}提供"),
        ("云脉公司", f"{APPLICANT}公司"),
        ("北京 云脉\n传感科技（有限）公司", APPLICANT),
        ("北京\u200b云\u2060脉传感科技有限公司", APPLICANT),
        ("“云脉动”芯片", f"“{APPLICANT}”芯片"),
        ("ＹＵＮＭＡＩ Ｓｅｎｓｅ芯片", "〔邮箱〕芯片"),
        ("与中国电子 学会合作", f"与{UNIT}合作"),
        ("清华、清江大学联合", "清华、〔相关单位〕联合"),
        # People.
        ("李静、李 静、李·静", "〔成员1〕、〔成员1〕、〔成员1〕"),
        ("Li Jing, JING Li, lijing", "〔邮箱〕, 〔成员1〕, 〔邮箱〕"),
        ("believing lijingx", "believing lijingx"),
        ("john  smith与Smith, John", "〔成员2〕与〔成员2〕"),
        ("李教授指导", "〔成员1〕指导"),
        ("王强、刘洋和赵一鸣", "〔成员3〕、〔成员4〕和〔成员6〕"),
        # Numbers.
        ("电话010－6255 0001", "电话〔电话〕"),
        ("拨62550001", "拨〔电话〕"),
        ("手机１３８－１２３４\n５６７８", "手机〔电话〕"),
        ("0512-87654321或400-810-1234", "〔电话〕或〔电话〕"),
        ("LiJing @ YunMai-Sense . com", "〔邮箱〕"),
        ("lijing(at)yunmai-sense.com", "〔邮箱〕"),
        ("a.b@c.com.cn。", "〔邮箱〕。"),
        ("代码9111 0108 ma01abcd2x", "代码〔统一社会信用代码〕"),
        ("海淀区中关村东路 1号院 8号楼", "海淀区〔地址〕"),
        ("见www.yunmai.cn/x?y=1，http://a.example/b", "见〔网址〕，〔网址〕"),
        ("ZL 2020 1 0123456.7与CN112345678B", "〔编号〕与〔编号〕"),
        ("申请号202010123456.7、2021SR0123456、PCT/CN2020/123456", "申请号〔编号〕、〔编号〕、〔编号〕"),
        ("doi:10.1109/JSEN.2020.1", "doi:〔编号〕"),
        ("编号2022 XD 0001，核验码7k3mq9ta", "编号〔编号〕，核验码〔编号〕"),
    ],
)
def test_P4_what_tells_is_replaced(text, blind):
    assert MASK.text(text) == blind


@pytest.mark.parametrize(
    "text",
    [
        "检测灵敏度提高一个数量级，整机功耗下降约四成，研发经费1480.5万元，增长35.2%。",
        "2019—2021年，符合GB/T 4754-2017和ISO 9001:2015，工作电压3.3V，5G网络，TRL7。",
        "面向电子信息领域的传感芯片，已在北京、苏州应用，科技成果转化3项。",
        "提高总产量；应总结经验；成教授课程。",
        "",
    ],
)
def test_what_tells_nothing_stays(text):
    assert MASK.text(text) == text


def test_a_mark_says_where_it_stands_and_what_it_is():
    marks = MASK.marks("由云脉研制，电话010-62550001。")
    assert [(m.start, m.end, m.kind) for m in marks] == [(1, 3, Kind.APPLICANT), (8, 20, Kind.PHONE)]


def test_masking_twice_changes_nothing_more():
    once = MASK.text(INTRODUCTION)
    assert MASK.text(once) == once
    assert "王" not in once and "云脉" not in once and "Sense" not in once


@pytest.mark.parametrize(
    "name, told, not_told",
    [
        ("深圳市大疆创新科技有限公司", {"大疆", "大疆创新"}, {"深圳", "创新科技"}),
        ("北京智能科技有限公司", set(), {"智能", "智能科技", "科技"}),
        ("苏州拓维（集团）股份有限公司", {"拓维", "苏州拓维"}, {"苏州", "集团"}),
        ("中国电子学会", set(), {"电子", "中国", "学会", "电子学会"}),
        ("浙江大学", set(), {"浙江", "大学"}),
        ("清华大学", {"清华"}, {"大学"}),
    ],
)
def test_short_forms_of_a_name_are_none_that_everybody_uses(name, told, not_told):
    forms = set(aliases.of_organisation(name))
    assert forms >= told and not forms & not_told


def test_names_are_found_behind_a_post_before_a_title_and_in_a_row():
    text = "项目负责人：周立，由孙博士与欧阳研究员指导，成员包括钱江、吴越、郑和平等；首席科学家王小明院士。"
    assert set(aliases.people_in(text)) >= {"周立", "钱江", "吴越", "郑和平", "王小明"}
    assert aliases.people_in("提出高灵敏、低功耗、小体积等特点，负责人员培训。") == []


def test_a_long_text_is_masked_quickly():
    """Every character is looked at a fixed number of times: a text written to be slow isn't."""
    began = time.perf_counter()
    for text in ("1" * 20_000, "a." * 10_000, "zl " * 7_000, "云" * 20_000, "0 - . " * 4_000):
        MASK.text(text)
    assert time.perf_counter() - began < 2
