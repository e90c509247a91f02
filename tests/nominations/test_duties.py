"""Duties inside a unit: one handles and prepares, another approves; the page offers what the duty allows."""

import pytest
import time_machine
from django.test import Client

from accounts.roles import Duty, Role
from kczg.kit.models import Event
from kczg.kit.verdicts import Refused
from nominations import queries
from nominations.actions import preparing
from nominations.actions import unit as unit_actions
from nominations.models import Preparation
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.DURING_CALL
OPINION = "经查阅验证材料，同意推荐"


@pytest.fixture(autouse=True)
def during_the_call():
    with time_machine.travel(AT, tick=False):
        yield


def entered(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_who_handles_prepares_and_an_approver_finds_the_opinion_with_one_button(
    submitted, handler, unit_person, sound
):
    hand, approver, here = entered(handler), entered(unit_person), f"/unit/nominations/{submitted.number}/"
    page = text(hand, here)
    assert (
        "报审" in page
        and "退回修改" in page
        and f"{here}decline/" not in page
        and f"{here}recommend/" not in page
    )
    assert "待审批" not in text(approver, "/unit/")
    for _n in range(2):
        answer = hand.post(f"{here}prepare/", {"seen": "1", "opinion": OPINION})
        assert answer.headers["Location"] == "/unit/"
    assert Event.objects.filter(name="opinion_prepared").count() == 1
    assert "<dt>待审批</dt>" in text(approver, "/unit/")
    assert submitted.number in text(approver, "/unit/nominations/?state=prepared")
    page = text(approver, here)
    assert f">{OPINION}</textarea>" in page.replace("\r", "").replace("\n", "") and "孙丽于2022-10-20" in page
    approver.post(f"{here}recommend/", {"seen": "1", "opinion": OPINION, "confirmed": "1"})
    assert cast.reread(submitted).state == "recommended"
    assert "待审批" not in text(approver, "/unit/")


def test_who_handles_is_told_that_another_one_approves(submitted, handler):
    hand, here = entered(handler), f"/unit/nominations/{submitted.number}/"
    for deed, typed in (
        ("recommend", {"seen": "1", "opinion": OPINION, "confirmed": "1"}),
        ("decline", {"reason": OPINION}),
        ("take-back", {"reason": OPINION}),
    ):
        answer = hand.post(f"{here}{deed}/", typed)
        assert answer.status_code == 403 and "此操作由本单位审批人办理" in answer.content.decode()
    assert "此操作由本单位审批人办理" in text(hand, f"{here}decline/")
    answer = hand.post("/unit/recommend/", {"no": submitted.number, "opinion": OPINION})
    assert answer.status_code == 403 and "经办人可填写推荐意见后报审" in answer.content.decode()
    listed = text(hand, "/unit/nominations/")
    assert submitted.number in listed and "批量推荐" not in listed and 'name="no"' not in listed
    assert cast.reread(submitted).state == "submitted"


def test_several_that_were_prepared_are_recommended_with_their_own_opinions(unit_person, handler):
    rows = [cast.submitted(title=title) for title in ("高可靠工业总线控制器", "边缘计算网关")]
    by = cast.acting(handler, Role.UNIT)
    preparing.prepare(rows[0], "意见甲", 1, by, AT)
    approver, numbers = entered(unit_person), [row.number for row in rows]
    seen = {f"seen-{number}": "1" for number in numbers}
    asked = approver.post("/unit/recommend/", {"no": numbers, **seen, "opinion": ""})
    assert asked.status_code == 422 and "填写推荐意见" in asked.content.decode()
    preparing.prepare(rows[1], "意见乙", 1, by, AT)
    assert "报审意见：意见乙" in text(approver, f"/unit/recommend/?no={numbers[0]}&no={numbers[1]}")
    approver.post("/unit/recommend/", {"no": numbers, **seen, "opinion": ""})
    found = {row.recommendations.get().opinion for row in rows}
    assert found == {"意见甲", "意见乙"}


def test_what_was_prepared_is_void_after_any_move(handler, unit_person):
    nomination = cast.submitted()
    by = cast.acting(handler, Role.UNIT)
    with pytest.raises(Refused) as caught:
        preparing.prepare(nomination, OPINION, 2, by, AT)
    assert (caught.value.verdict.code, caught.value.verdict.status) == ("new_version", 409)
    preparing.prepare(nomination, OPINION, 1, by, AT)
    unit_actions.return_for_changes(
        nomination, [{"section": "", "reason": "补充材料"}], by, cast.later(AT, minutes=1)
    )
    assert queries.preparation_of(cast.reread(nomination)) is None
    cast.resubmit(cast.reread(nomination), at=cast.later(AT, minutes=2))
    assert queries.preparation_of(cast.reread(nomination)) is None and Preparation.objects.count() == 1
    with pytest.raises(Refused) as caught:
        preparing.prepare(nomination, OPINION, 1, by, cast.GATE)
    assert caught.value.verdict.code == "too_late"


def test_a_duty_includes_the_lesser_ones():
    assert [[one.includes(other) for other in Duty] for one in Duty] == [
        [True, False, False], [True, True, False], [True, True, True],
    ]  # fmt: skip
