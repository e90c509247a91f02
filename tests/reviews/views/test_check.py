"""形式审查 as the body's person meets it: the queue, the keyboard's way, and asking for a correction."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nominations.actions import applicant
from nominations.models import Correction, Honouree, Nomination, Ranking
from nominations.states import State
from tests import cast
from tests.reviews import correcting
from tests.reviews.many import copies


def words(answer) -> str:
    return answer.content.decode()


class Stops(HTMLParser):
    """What the tab key stops at, in the order of the page: (tag, name or address, value)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        stops = tag in ("button", "input", "textarea", "select", "summary") or (
            tag == "a" and "href" in given
        )
        if stops and given.get("type") != "hidden" and given.get("tabindex") != "-1":
            self.found.append((tag, given.get("name") or given.get("href") or "", given.get("value", "")))


def rows(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_queue_is_filtered_counted_and_tells_what_the_system_found(body, season):
    row = cast.recommended()
    correcting.allow()
    passed, failed, _waiting = copies(row, 3)
    Nomination.objects.filter(pk=passed.pk).update(state=State.ACCEPTED)
    Nomination.objects.filter(pk=failed.pk).update(state=State.REJECTED)
    correcting.ask(row)
    Honouree.objects.create(
        season=season, name=row.title, ranking_name="先导技术榜", track_name="电子信息",
        organisation_name="某单位", source="上年名单",
    )  # fmt: skip
    page = words(body.get("/body/check/"))
    assert "已审查2/4项：通过1项，不通过1项" in page
    for word in ("全部（4）", "待审查（1）", "补正中（1）", "通过（1）", "不通过（1）"):
        assert word in page
    assert "系统核对" in page
    assert rows(page).count("1项不符") == rows(page).count("见往年名单") == 4
    for check, number in (("waiting", "9002"), ("passed", "9000"), ("rejected", "9001")):
        shown = rows(words(body.get("/body/check/", {"check": check})))
        assert (number in shown, shown.count("<tr>")) == (True, 1)
    shown = rows(words(body.get("/body/check/", {"check": "correcting"})))
    assert row.number in shown
    assert "补正中" in shown
    assert rows(words(body.get("/body/check/", {"check": "' OR 1"}))).count("<tr>") == 4


def test_the_queue_costs_the_same_with_1_and_with_30_rows(body, recommended):
    counts = []
    for more in (0, 29):
        copies(recommended, more)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert rows(words(body.get("/body/check/"))).count("<tr>") == more + 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_by_keyboard_alone_one_after_the_other(body, recommended):
    following = copies(recommended, 1)[0]
    path = f"/body/check/{recommended.number}/"
    queue = words(body.get("/body/check/"))
    assert f'{path}?track={cast.track().pk}#item"' in queue
    page = words(body.get(path))
    assert '<h1><span id="item" tabindex="-1">' in page
    stops = Stops(page.partition('id="item"')[2]).found
    # The first stop behind the heading leads to the conditions, past the form.
    assert stops[0][:2] == ("a", "#conditions")
    assert '<h2 id="conditions" tabindex="-1">' in page
    beside = Stops(page.partition('id="conditions"')[2].partition("</aside>")[0]).found
    # A condition is a fold with its reason; the last is for anything else; then the buttons, passing first.
    tags = [tag for tag, _name, _value in beside]
    assert tags[: tags.index("button")] == ["summary", "textarea"] * tags.count("summary")
    assert [stop[1:] for stop in beside if stop[0] == "button"] == [("verdict", "pass"), ("verdict", "fail")]
    answer = body.post(path, {"verdict": "pass", "seen": "1"})
    assert answer.url == f"/body/check/{following.number}/?track={cast.track().pk}#item"
    assert body.post(answer.url, {"verdict": "fail", "reason-other": "缺页"}).url.startswith("/body/check/?")


def test_asking_carries_what_was_typed_and_shows_both_sides_the_same(body, browser, season, applicant):
    correcting.allow()
    nomination = cast.recommended()
    path = f"/body/check/{nomination.number}/"
    assert "要求补正" in words(body.get(path))
    page = words(body.post(f"{path}correction/", {"verdict": "correction", "reason-other": "扫描件缺第3页"}))
    assert "扫描件缺第3页" in page
    assert "11月15日24时" in page
    assert 'name="field-track"' not in page
    assert Correction.objects.count() == 0
    wrong = body.post(f"{path}correction/", {"confirmed": "1", "part": "field-phone", "reason-other": "缺页"})
    assert wrong.status_code == 422
    for text in ("写明退回“", "缺页", "checked"):
        assert text in words(wrong)
    none = body.post(f"{path}correction/", {"confirmed": "1"})
    assert (none.status_code, "勾选要补正的部分或栏目，写明原因" in words(none)) == (422, True)
    typed = {"confirmed": "1", "section-introduction": "补充场景", "reason-other": "缺页"}
    assert body.post(f"{path}correction/", typed).status_code == 302
    page = words(body.get(path))
    assert "申报人补正期间不能作出结论" in page
    assert 'value="pass"' not in page
    assert "已要求过补正" in words(body.get(f"{path}correction/")) or "现为“补正中”" in words(
        body.get(f"{path}correction/")
    )
    _at_the_applicants(browser(applicant), nomination)
    page = words(body.get(path))
    for text in (
        "按初评机构要求补正后的版本",
        "补充场景",
        "有改动",
        "<ins>",
        "收到补正",
        'name="seen" value="2"',
    ):
        assert text in page
    assert "要求补正</button>" not in page
    assert "待审查，已补正" in words(body.get("/body/check/"))


def _at_the_applicants(owner, nomination) -> None:
    base = f"/nominations/{nomination.number}/"
    for page in (base, f"{base}progress/"):
        text = words(owner.get(page))
        for said in ("初评机构要求补正，原因如下", "缺页", "补充场景", "11月15日24时", "补正中"):
            assert said in text, (page, said)
        assert "退回修改，原因如下" not in text
    assert "补正中" in words(owner.get("/my/"))
    correcting.write(
        nomination, "introduction", introduction_text=nomination.answers["introduction_text"][1:] + "新"
    )
    page = words(owner.get(f"{base}check/"))
    assert "提交补正" in page
    assert owner.post(f"{base}check/", {"promised": "1"}).status_code == 302


def test_what_is_typed_meanwhile_is_not_the_bodys_to_read(body, season):
    nomination = correcting.asked("technology")
    correcting.write(nomination, "technology", technology_name="还没有提交的名称")
    for page in ("/body/check/", f"/body/check/{nomination.number}/"):
        assert "还没有提交的名称" not in words(body.get(page))
        assert nomination.title in words(body.get(page))
    by = correcting.by_applicant()
    at = cast.IN_PRELIMINARY + timedelta(hours=1)
    applicant.submit(cast.reread(nomination), by, at, promised=True)
    assert "还没有提交的名称" in words(body.get("/body/check/"))


def test_after_its_time_it_waits_again(body, season):
    nomination = correcting.asked()
    with time_machine.travel(nomination.correction.until + timedelta(minutes=3), tick=False):
        body.force_login(cast.cast("body_person"))
        page = words(body.get("/body/check/"))
        assert "补正期满" in page
        assert "审查下一项" in page
        assert 'value="pass"' in words(body.get(f"/body/check/{nomination.number}/"))
        body.post(f"/body/check/{nomination.number}/", {"verdict": "pass", "seen": "1"})
    assert cast.reread(nomination).state == State.ACCEPTED


@pytest.mark.parametrize(
    ("days", "message"),
    [("五", "补正期限只能填整数，例如5"), ("16", "补正期限应在0—15日之间"), ("", "填写补正期限")],
)
def test_the_secretariat_sets_the_days(browser, office_a, season, days, message):
    desk, path = browser(office_a), "/office/season/correction/pioneer_technology/"
    answer = desk.post(path, {"days": days, "reason": "给予一次机会"})
    assert (answer.status_code, message in words(answer), "给予一次机会" in words(answer)) == (
        422,
        True,
        True,
    )
    assert desk.post(path, {"days": "5", "reason": "给予一次机会"}).status_code == 302
    assert Ranking.objects.get(key="pioneer_technology").correction_days == 5
    assert "5日，补正一次" in words(desk.get("/office/season/"))
