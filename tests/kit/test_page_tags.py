"""The tags of every page: moments in Beijing time, deadlines by the server's moment, numbers, lists."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from kczg.kit.templatetags import page

GATE = datetime(2022, 10, 31, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def shown(text: str, at: datetime = GATE, query: str = "", **context) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    request.judged_at = at
    return engines["django"].from_string("{% load page %}" + text).render(context, request)


def test_the_gate_is_printed_as_in_the_notice():
    assert page.gate(GATE) == "2022年10月31日24时"
    assert page.gate(GATE - timedelta(hours=6)) == "2022年10月31日18时"
    assert page.gate(GATE - timedelta(minutes=30)) == "2022年10月31日23时30分"
    assert page.gate(GATE + timedelta(minutes=5)) == "2022年11月1日0时05分"


def test_moments_are_in_beijing_time():
    moment = datetime(2022, 10, 28, 6, 32, 5, tzinfo=UTC)
    assert page.beijing(moment) == "2022-10-28 14:32"
    assert page.beijing_seconds(moment) == "2022-10-28 14:32:05"
    assert page.day(datetime(2022, 10, 31, 16, tzinfo=UTC)) == "2022-11-01"
    assert page.beijing(None) == "--"


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=6, hours=3), "还剩6天", "deadline "),
        (timedelta(hours=72), "还剩3天", "deadline "),
        (timedelta(hours=72) - timedelta(microseconds=1), "还剩2天23小时", "is-amber"),
        (timedelta(hours=24), "还剩1天0小时", "is-amber"),
        (timedelta(hours=24) - timedelta(microseconds=1), "还剩23小时59分钟", "is-red"),
        (timedelta(microseconds=1), "还剩0分钟", "is-red"),
    ],
)
def test_the_deadline_before_the_gate(left, words, tone):
    html = shown("{% deadline until %}", at=GATE - left, until=GATE)
    assert "截止时间：2022年10月31日24时（北京时间），" in html
    assert f">{words}</span>" in html
    assert tone in html
    assert ("以服务器收到时间为准" in html) == (tone == "is-red")


def test_at_the_gate_it_is_over():
    html = shown("{% deadline until %}", at=GATE, until=GATE)
    assert "征集已于2022年10月31日24时（北京时间）截止" in html
    assert "is-over" in html


def test_figures():
    assert page.thousands(1480.5) == "1,480.5"
    assert page.thousands("12345678.90") == "12,345,678.90"
    assert page.thousands(0) == "0"
    assert page.thousands(None) == "--"
    assert page.thousands("很多") == "很多"
    assert page.quota_words(2, 3) == "已推荐2，名额3，剩余1"


def test_a_status_is_a_word_and_done_has_no_ground():
    assert page.status("returned", "退回修改") == '<span class="tag tag-warn">退回修改</span>'
    assert page.status("done", "已完成") == '<span class="tag tag-done">已完成</span>'
    assert page.status("anything", "<b>") == '<span class="tag">&lt;b&gt;</span>'


def test_a_query_keeps_the_other_parameters():
    assert shown("{% query page=2 %}", query="status=a&page=1") == "?status=a&amp;page=2"
    assert QueryDict("a=1").urlencode() == "a=1"


def test_a_sortable_head_turns_round():
    assert shown('{% sort_head "score" "得分" %}') == '<th scope="col"><a href="?sort=score">得分</a></th>'
    up = shown('{% sort_head "score" "得分" num=True %}', query="sort=score&page=3")
    assert up == '<th scope="col" class="num" aria-sort="ascending"><a href="?sort=-score">得分</a></th>'


def test_a_text_is_cut_behind_a_sign():
    assert page.behind("name@example.cn", "@") == ["name@", "example.cn"]
    assert page.behind("a@b@", "@") == ["a@", "b@"]
    assert page.behind("name", "@") == ["name"]
