"""How many: a sum over the unit's channels, a place each."""

from datetime import UTC, datetime, timedelta

import pytest

from nominations.rules.quota import Share, Standing, judge, judge_limit, takes_two_people, wanted_places

SOCIETY, PROVINCE = Share("全国学会、协会、研究会", 3), Share("省、自治区、直辖市科协", 3)


def standing(*shares, used=0, ranking="先导技术榜", track="电子信息"):
    return Standing(ranking, track, shares, used)


def test_a_unit_of_one_channel():
    one = standing(SOCIETY, used=2)
    assert (one.limit, one.remaining, one.sum, one.words) == (3, 1, "", "已推荐2，名额3，剩余1")


def test_channels_add_up():
    two = standing(SOCIETY, PROVINCE, used=4)
    assert (two.limit, two.remaining, two.sum) == (6, 2, "3＋3")


@pytest.mark.parametrize(("used", "ok"), [(0, True), (2, True), (3, False), (4, False)])
def test_the_third_is_accepted_the_fourth_refused(used, ok):
    assert judge(standing(SOCIETY, used=used)).ok is ok


@pytest.mark.parametrize(("used", "ok"), [(5, True), (6, False)])
def test_a_unit_of_two_channels_has_six(used, ok):
    assert judge(standing(SOCIETY, PROVINCE, used=used)).ok is ok


def test_the_words_of_the_refusal():
    verdict = judge(standing(SOCIETY, used=3))
    assert (verdict.code, verdict.status) == ("quota_used_up", 409)
    assert verdict.message == "电子信息领域3个名额已用完。撤回1项已推荐的，再推荐此项"


def test_a_ranking_without_fields_is_named_itself():
    full = standing(Share("中央企业科协", 5), used=5, ranking="新锐企业榜", track="")
    assert judge(full).message == "新锐企业榜5个名额已用完。撤回1项已推荐的，再推荐此项"


def test_a_unit_without_a_quota_is_told_so():
    assert judge(standing()).message == "本单位在电子信息领域没有推荐名额"


@pytest.mark.parametrize(
    ("limit", "channels", "places"),
    [
        (2, ["society"], [("society", 1), ("society", 2)]),
        (1, ["society", "province"], [("society", 1), ("province", 1)]),
        (3, [], []),
        (None, ["society"], []),
    ],
)
def test_places_are_limit_times_channels(limit, channels, places):
    assert wanted_places(limit, channels) == places


OPENS = datetime(2022, 9, 4, 16, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("opens", "at", "two"),
    [
        ([], OPENS, False),
        ([OPENS], OPENS - MOMENT, False),
        ([OPENS], OPENS, True),
        ([OPENS], OPENS + timedelta(days=90), True),
        ([OPENS, OPENS - timedelta(days=1)], OPENS - timedelta(hours=1), True),
    ],
)
def test_S7_from_the_first_opening_of_the_call_a_change_takes_two_people(opens, at, two):
    assert takes_two_people(opens, at) is two


@pytest.mark.parametrize(("limit", "ok"), [(-1, False), (0, True), (99, True), (100, False)])
def test_a_limit_is_a_number_of_two_digits(limit, ok):
    assert judge_limit(limit).ok is ok
