"""Who holds it now: one line for every state that can be reached, the same for nobody who may not know it."""

from datetime import timedelta

import pytest

from nominations.outputs.holder import holder
from nominations.states import State
from tests import cast
from tests.reviews import correcting

pytestmark = pytest.mark.django_db

US, UNIT, BODY = "北京云脉传感科技有限公司", "中国电子学会", "中国科协信息科技学会联合体"
CALL, PRELIMINARY, FINAL = "11月1日", "12月1日", "1月1日"
EXPECTED = {
    "draft": (US, "填写并提交", CALL),
    "returned": (US, "修改后重新提交", CALL),
    "submitted": (UNIT, "推荐、退回修改或不予推荐", CALL),
    "recommended": (BODY, "征集截止后形式审查", PRELIMINARY),
    "correcting": (US, "按要求补正后提交", "11月16日"),
    "accepted": (BODY, "分配专家，开始初评", PRELIMINARY),
    "in_review": (BODY, "评审并报送初评结果", PRELIMINARY),
    "shortlisted": ("秘书处", "终评", FINAL),
    "declined": ("", "推荐单位不予推荐，已办结", None),
    "rejected": ("", "形式审查不通过，已办结", None),
    "not_shortlisted": ("", "初评未通过，已办结", None),
    "withdrawn": ("", "申报人已撤回，已办结", None),
    "published": ("", "已入榜并发布，已办结", None),
    "not_listed": ("", "未入榜，已办结", None),
}
HIDDEN = {"shortlisted", "not_shortlisted"}
"""What nobody outside knows before the list is out."""


def line(found):
    from kczg.kit.clock import local

    day = f"{local(found.until).month}月{local(found.until).day}日" if found.until else None
    return found.who, found.next, day


def test_there_is_a_line_for_every_state_that_is_reached_on_the_way():
    assert set(EXPECTED) | {"listed"} == {str(state) for state in State}


@pytest.mark.parametrize("state", EXPECTED)
def test_who_has_it_and_what_happens_next(season, state):
    row = correcting.asked() if state == "correcting" else cast.BUILDERS[state]()
    at = row.state_since
    assert line(holder(row, at, insider=True)) == EXPECTED[state]
    assert holder(row, at).since == row.state_since
    outside = EXPECTED["in_review"] if state in HIDDEN else EXPECTED[state]
    assert line(holder(row, at)) == outside


@pytest.mark.parametrize("state", ["draft", "returned", "submitted"])
def test_what_isnt_finished_at_the_gate_is_nobodys_any_more(season, state):
    row = cast.BUILDERS[state]()
    assert holder(row, cast.GATE - timedelta(microseconds=1)).who
    assert line(holder(row, cast.GATE)) == ("", "征集截止时未完成，不进入评审", None)


def test_where_no_unit_recommends_the_body_has_what_was_submitted(season):
    row = cast.submitted_directly()
    for at in (cast.DURING_CALL, cast.IN_PRELIMINARY):
        assert line(holder(row, at)) == ("“科创中国”开源创新联合体", "征集截止后形式审查", PRELIMINARY)
