"""版本记录: versions with who and when, two of them compared, the draft for its applicant and the secretariat alone."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from nominations.actions import applicant as actions
from nominations.models import Version
from tests import cast

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)


def words(answer) -> str:
    return answer.content.decode()


def changed(nomination, text: str, section: str = "introduction", key: str = "introduction_text"):
    by = cast.acting(cast.cast("colleague"), Role.APPLICANT)
    return actions.save_draft(
        nomination, section, {key: text}, nomination.section_version(section), by, cast.DURING_CALL
    )


@pytest.fixture
def twice(returned):
    """Submitted twice: the second version says something else, and the draft something else again."""
    text = returned.answers["introduction_text"]
    nomination = changed(returned, text.replace("。", "；", 1) + "与同类产品相比功耗更低。")
    cast.resubmit(nomination)
    nomination = cast.reread(nomination)
    return nomination


@DURING
def test_the_applicant_compares_two_versions_and_the_draft(client, twice):
    client.force_login(cast.cast("applicant"))
    address = f"/nominations/{twice.number}/history/"
    assert f'href="{address}"' in words(client.get(f"/nominations/{twice.number}/progress/"))
    page = words(client.get(address))
    first, second = twice.versions.all()
    for said in (first.check_code, second.check_code, "李静", "2022-10-20 10:00:00", "第2版与第1版的不同"):
        assert said in page
    assert "与同类产品相比功耗更低。" in page and "<ins>" in page and "<del>" in page
    assert "新增：" in page and "删去：" in page
    assert "草稿（现在）" not in page
    same = words(client.get(address, {"old": "1", "new": "1"}))
    assert "两份内容相同" in same
    back = client.get(address, {"old": "2", "new": "1"}).context
    assert [d.change.question.key for part in back["parts"] for d in part.differences] == [
        "introduction_text"
    ]


@DURING
def test_the_draft_is_compared_with_what_was_submitted(client, returned):
    changed(returned, "改写的草稿<b>")
    client.force_login(cast.cast("applicant"))
    page = words(client.get(f"/nominations/{returned.number}/history/"))
    assert "草稿与第1版的不同" in page
    assert "改写的草稿&lt;b&gt;" in page
    client.force_login(cast.cast("office_a"))
    office = words(client.get(f"/office/nominations/{returned.number}/history/"))
    assert "改写的草稿&lt;b&gt;" in office


@DURING
def test_S5_the_unit_compares_versions_and_never_the_draft(client, returned):
    changed(returned, "改写的草稿")
    client.force_login(cast.cast("unit_person"))
    address = f"/unit/nominations/{returned.number}/history/"
    for query in (
        {},
        {"old": "1", "new": "draft"},
        {"old": "draft", "new": "1"},
        {"old": "draft", "new": "draft"},
    ):
        page = words(client.get(address, query))
        assert "改写的草稿" not in page and "草稿（现在）" not in page
    assert "只有一份" in page


@DURING
def test_the_units_page_marks_the_words_that_changed(client, twice):
    client.force_login(cast.cast("unit_person"))
    page = words(client.get(f"/unit/nominations/{twice.number}/"))
    assert "与第1版的不同：" in page
    assert "与同类产品相比功耗更低。" in page
    assert f"/unit/nominations/{twice.number}/history/" in page


@DURING
def test_a_draft_without_a_version_has_no_history(client, season):
    nomination = cast.draft()
    client.force_login(cast.cast("applicant"))
    page = words(client.get(f"/nominations/{nomination.number}/history/", {"old": "x" * 300, "new": "-1"}))
    assert "没有可比较的版本" in page


@DURING
@pytest.mark.parametrize(
    ("who", "address"),
    [("applicant", "/nominations/{}/history/"), ("unit_person", "/unit/nominations/{}/history/"),
     ("office_a", "/office/nominations/{}/history/")],
)  # fmt: skip
def test_the_history_asks_the_same_number_of_queries_for_30_versions(client, twice, who, address):
    client.force_login(cast.cast(who))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address.format(twice.number)).status_code == 200
        return len(caught)

    few = queries()
    last = twice.versions.last()
    for n in range(3, 33):
        last.pk, last.number, last.check_code = None, n, f"ABCD-{n:04d}"
        Version.objects.bulk_create([last])
    assert queries() == few


@DURING
def test_S4_what_was_frozen_and_not_submitted_is_the_applicants_alone(client, twice):
    last = twice.versions.last()
    last.pk, last.number, last.check_code, last.submitted_at = None, 3, "ZZZZ-ZZZZ", None
    Version.objects.bulk_create([last])
    client.force_login(cast.cast("applicant"))
    page = words(client.get(f"/nominations/{twice.number}/history/"))
    assert "ZZZZ-ZZZZ" in page and "未提交" in page
    for who, address in (
        ("unit_person", "/unit/nominations/{}/history/"),
        ("office_a", "/office/nominations/{}/history/"),
    ):
        client.force_login(cast.cast(who))
        assert "ZZZZ-ZZZZ" not in words(client.get(address.format(twice.number), {"old": "1", "new": "3"}))
