"""When: half-open windows, to the microsecond, and the words of the gate."""

from datetime import UTC, datetime, timedelta

import pytest

from nominations.rules.calendar import Opening, gate_words, judge, moment_words, remaining, stage_word

OPENS = datetime(2022, 9, 4, 16, 0, tzinfo=UTC)
GATE = datetime(2022, 10, 31, 16, 0, tzinfo=UTC)
CALL = Opening("组织征集", OPENS, GATE)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (OPENS - TICK, "too_early"),
        (OPENS, ""),
        (OPENS + TICK, ""),
        (GATE - TICK, ""),
        (GATE, "too_late"),
        (GATE + TICK, "too_late"),
    ],
)
def test_D1_a_window_is_half_open(at, code):
    verdict = judge(CALL, at)
    assert (verdict.ok, verdict.code) == (not code, code)
    assert CALL.holds(at) is (not code)
    assert CALL.is_over(at) is (code == "too_late")


def test_a_late_act_reads_its_moment_and_the_gate_as_printed():
    verdict = judge(CALL, GATE + timedelta(seconds=2))
    assert verdict.message == "未能提交：服务器收到时间2022-11-01 00:00:02，征集已于10月31日24时截止"
    assert verdict.hint == "草稿已保留，可下载"
    assert verdict.status == 409


def test_an_early_act_reads_when_it_opens():
    assert judge(CALL, OPENS - TICK).message == "组织征集尚未开始，开始时间2022-09-05 00:00:00"


def test_a_stage_without_a_window_is_shut():
    assert judge(None, GATE).code == "no_window"


def test_a_window_without_an_end_never_shuts():
    publication = Opening("发布推介", GATE)
    assert judge(publication, datetime(2099, 1, 1, tzinfo=UTC)).ok
    assert not publication.is_over(datetime(2099, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("closes", "words", "with_year"),
    [
        (GATE, "10月31日24时", "2022年10月31日24时"),
        (datetime(2022, 12, 31, 16, tzinfo=UTC), "12月31日24时", "2022年12月31日24时"),
        (datetime(2022, 10, 31, 9, 30, tzinfo=UTC), "10月31日17时30分", "2022年10月31日17时30分"),
        (datetime(2022, 10, 31, 9, 0, tzinfo=UTC), "10月31日17时", "2022年10月31日17时"),
        (None, "", ""),
    ],
)
def test_a_gate_reads_as_papers_print_it(closes, words, with_year):
    assert gate_words(closes) == words
    assert gate_words(closes, with_year=True) == with_year


def test_moments_read_in_beijing_time_whatever_their_zone():
    assert moment_words(GATE) == "2022-11-01 00:00:00"
    assert moment_words(GATE.astimezone(tz=None)) == "2022-11-01 00:00:00"


def test_what_remains():
    assert remaining(GATE, GATE - TICK) == TICK
    assert remaining(GATE, GATE) is None
    assert remaining(None, GATE) is None


def test_the_short_word_of_a_stage():
    assert [stage_word(name) for name in ("组织征集", "初评评审")] == ["征集", "初评评审"]
