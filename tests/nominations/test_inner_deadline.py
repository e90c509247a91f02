"""内部截止: a unit's wish, shown to its applicants, no gate; and the load that the secretariat expects."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kczg.kit.clock import SHANGHAI
from kczg.kit.record import events_of
from nominations import loads
from nominations.actions import extensions
from nominations.actions.inner_deadline import set_inner_deadline
from nominations.models import Nomination, RecommendingUnit
from nominations.rules.load import Hour
from nominations.states import State
from tests import cast

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2022, 10, 28, 18, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(cast.DURING_CALL, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, unit, unit_person):
    client.force_login(unit_person)
    return client


def typed(day="2022-10-28", hour="18:00", **more):
    return {"day": day, "hour": hour, **more}


def test_a_unit_sets_moves_and_takes_away_its_date(page, unit):
    done = page.post("/unit/deadline/", typed(), follow=True).content.decode()
    assert "内部截止已设为10月28日18时，申报人将看到" in done
    unit.refresh_from_db()
    assert unit.inner_deadline == FRIDAY
    assert page.post("/unit/deadline/", typed()).status_code == 302  # Asked twice: one effect.
    assert events_of(unit).filter(name="inner_deadline_set").count() == 1
    moved = page.post("/unit/deadline/", typed(hour="17:30"))
    assert moved.status_code == 422
    assert "填写改动原因，申报人已看到原来的时间" in moved.content.decode()
    assert 'value="17:30"' in moved.content.decode()
    assert page.post("/unit/deadline/", typed(hour="", reason="开会")).status_code == 302
    unit.refresh_from_db()
    assert unit.inner_deadline == FRIDAY + timedelta(hours=6)
    assert page.post("/unit/deadline/", {"remove": "1", "reason": "不再需要"}).status_code == 302
    unit.refresh_from_db()
    assert unit.inner_deadline is None
    assert [event.reason for event in events_of(unit).filter(name="inner_deadline_set")] == [
        "",
        "开会",
        "不再需要",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (typed("2022-10-31", ""), "内部截止应早于征集截止时间10月31日24时"),
        (typed("2022-10-20", "09:00"), "时间已过，改为现在以后的时间"),
        (typed("昨天"), "写成2022-10-31这样的日期"),
    ],
)
def test_what_is_no_inner_deadline(page, given, words):
    response = page.post("/unit/deadline/", given)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_after_the_gate_none_is_set(client, unit, unit_person, clock):
    clock.move_to(cast.GATE)
    client.force_login(unit_person)
    assert client.post("/unit/deadline/", typed("2022-12-01")).status_code == 409


def test_applicants_read_it_on_every_page_with_the_gate_and_still_submit(client, unit, unit_person, clock):
    row = cast.draft()
    set_inner_deadline(unit, FRIDAY, "", cast.acting(unit_person), cast.DURING_CALL)
    client.force_login(cast.cast("applicant"))
    shown = "推荐单位内部截止：2022年10月28日18时"
    for part in ("", "unit/", "introduction/", "check/", "preview/"):
        html = client.get(f"/nominations/{row.number}/{part}").content.decode()
        assert shown in html, part
        assert "截止时间：2022年10月31日24时" in html
    assert "内部截止：2022年10月28日18时" in client.get(f"/nominations/{row.number}/unit/").content.decode()
    late = datetime(2022, 10, 28, 18, tzinfo=SHANGHAI)
    clock.move_to(late - timedelta(microseconds=1))
    client.force_login(cast.cast("applicant"))
    assert "逾内部截止" not in client.get(f"/nominations/{row.number}/check/").content.decode()
    clock.move_to(late)
    assert "列表中标为“逾内部截止”" in client.get(f"/nominations/{row.number}/check/").content.decode()
    assert client.post(f"/nominations/{row.number}/check/", {"promised": "1"}).status_code == 302
    assert cast.reread(row).state == State.SUBMITTED
    client.force_login(unit_person)
    for address in ("/unit/", "/unit/nominations/"):
        assert client.get(address).content.decode().count("逾内部截止") == 1
    cast.recommend(cast.reread(row), late)


def many_units(count, until=FRIDAY, drafts=1):
    """So many units with one inner deadline and drafts that name them, written by the hundred."""
    rows = []
    like = cast.draft()
    for n in range(count):
        unit = RecommendingUnit.objects.create(
            season=like.season, organisation=cast.organisation(f"第{n}学会"), inner_deadline=until
        )
        for m in range(drafts):
            rows.append(
                Nomination(
                    number=f"2022XD9{n:03d}{m}", season=like.season, ranking=like.ranking, track=like.track,
                    applicant=like.applicant, created_by=like.created_by, unit=unit, state="draft",
                    state_since=like.state_since, created_at=like.created_at, edited_at=like.edited_at,
                )
            )  # fmt: skip
    Nomination.objects.bulk_create(rows)
    return like


def test_the_secretariat_sees_the_load_by_hour_and_is_warned(client, office_a, season):
    like = many_units(10, drafts=2)
    cast.submitted(at=datetime(2022, 10, 26, 10, 20, tzinfo=SHANGHAI))
    wish = extensions.Wish("nomination", cast.GATE + timedelta(days=1), "系统故障", nomination=like)
    extensions.decide_extension(
        extensions.propose_extension(season, wish, cast.office("office_b"), cast.DURING_CALL),
        True, cast.office(), cast.DURING_CALL,
    )  # fmt: skip
    found = loads.load(season, cast.DURING_CALL)
    assert found.hours == [
        Hour(datetime(2022, 10, 26, 10, tzinfo=SHANGHAI), submitted=1),
        Hour(FRIDAY - timedelta(hours=1), units=10, expected=20),
        Hour(cast.GATE + timedelta(hours=23), expected=1),
    ]
    assert (found.unfinished, found.overdue) == (21, 0)
    client.force_login(office_a)
    html = client.get("/office/load/").content.decode()
    assert "内部截止集中：2022-10-28 17:00起的一小时" in html
    assert "10个单位在此时段截止，预计提交20项，占未完成的95%" in html
    assert "2022-10-28 16:00" in html
    late = loads.load(season, FRIDAY)
    assert (late.overdue, late.hours[-2].expected, late.hours[-1].expected) == (20, 20, 1)


def test_a_unit_is_told_of_a_crowded_hour_before_it_is_kept(page, unit):
    many_units(9)
    told = page.post("/unit/deadline/", typed()).content.decode()
    assert "已有9个单位截止" in told and "仍设为此时间" in told
    unit.refresh_from_db()
    assert unit.inner_deadline is None
    assert page.post("/unit/deadline/", typed(hour="16:00")).status_code == 302
    unit.refresh_from_db()
    assert unit.inner_deadline == FRIDAY - timedelta(hours=2)
    page.post("/unit/deadline/", typed(confirmed="1", reason="会议室"))
    unit.refresh_from_db()
    assert unit.inner_deadline == FRIDAY


def test_the_load_takes_as_many_queries_with_30_units_as_with_one(client, office_a):
    client.force_login(office_a)
    counts = []
    for n in (1, 30):
        Nomination.objects.filter(number__startswith="2022XD9").delete()
        RecommendingUnit.objects.filter(organisation__name__startswith="第").delete()
        many_units(n)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/office/load/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
