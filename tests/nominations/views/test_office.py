"""The secretariat's season, master table and units, as a person in a browser meets them."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.actions.quota_changes import decide_change
from nominations.models import Nomination, Place, QuotaChange, RecommendingUnit, Stage
from tests import cast
from tests.cast import DURING_CALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(season):
    """A client of the secretariat during the call."""
    with time_machine.travel(DURING_CALL, tick=False):
        client = Client(REMOTE_ADDR=cast.ADDRESS)
        client.force_login(cast.cast("office_a"))
        yield client


def text(response) -> str:
    return response.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


PAGES = [
    "/office/season/",
    "/office/nominations/",
    "/office/units/",
    "/office/units/new/",
]


@pytest.mark.parametrize("address", PAGES)
def test_only_the_secretariat_enters(address, office, applicant):
    assert office.get(address).status_code == 200
    stranger = Client()
    assert stranger.get(address).status_code == 302
    stranger.force_login(applicant)
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=abc", "page=99999999999999999999999", "status=nonsense", "ranking=%00", "track=%F0%9F", "unit=1e9",
        "q=%00", "q=%25_%27%22", "day=2022-13-45", "day=99999-01-01", "day=0001-01-01", "channel=x&province=%E4",
        "year=abc", "year=99999999999999999999", "job=abc", "job=99999999999999999999999", "job=-1", "submitted=9",
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/office/nominations/", "/office/units/", "/office/season/"])
def test_a_malformed_address_is_answered(office, address, query):
    assert office.get(f"{address}?{query}").status_code == 200


def test_the_master_table_filters_by_what_the_address_says(office):
    with_unit = cast.recommended(title="低噪声微机电传感芯片")
    other = cast.submitted(track="biomedicine", title="长效微球制剂", by=cast.cast("stranger"))
    cast.draft(title="未完成的技术")

    def numbers(query: str) -> set[str]:
        page = office.get(f"/office/nominations/?{query}").context["page_obj"]
        return {row.number for row in page}

    assert len(numbers("")) == 3
    assert numbers("status=recommended") == {with_unit.number}
    assert numbers("track=biomedicine") == {other.number}
    assert numbers("submitted=1") == {with_unit.number, other.number}
    assert numbers("channel=society") == {with_unit.number}
    assert numbers("day=2022-10-20") == {with_unit.number, other.number}
    assert numbers("day=2022-10-21") == set()
    assert numbers("province=none&submitted=1") == {with_unit.number, other.number}
    assert numbers(f"unit={with_unit.unit_id}&q=微球") == {other.number}
    assert numbers("q=拓维") == {other.number}
    assert numbers(f"q={with_unit.number}") == {with_unit.number}
    assert numbers("ranking=open_source") == set()
    page = text(office.get("/office/nominations/?ranking=open_source"))
    assert "没有符合条件的申报" in page and "清除筛选" in page


def many(count: int) -> None:
    """So many drafts more, of the same person."""
    ranking, person = cast.ranking(), cast.cast("applicant")
    start = Nomination.objects.count()
    Nomination.objects.bulk_create(
        Nomination(
            number=f"2022XD9{start + n:04d}",
            season=ranking.season,
            ranking=ranking,
            track=cast.track(),
            unit=cast.unit(),
            applicant=person.organisation_in("applicant"),
            created_by=person,
            title=f"技术{n}",
            state_since=DURING_CALL,
            edited_at=DURING_CALL,
            created_at=DURING_CALL,
        )
        for n in range(count)
    )


def test_the_master_table_asks_the_same_number_of_queries_for_30_rows(office):
    many(1)
    one = queries(office, "/office/nominations/")
    many(29)
    assert queries(office, "/office/nominations/") == one
    assert "共30项，当前第1—30项" in text(office.get("/office/nominations/"))


def test_the_units_ask_the_same_number_of_queries_for_30_rows(office):
    cast.unit()
    one = queries(office, "/office/units/")
    for n in range(29):
        RecommendingUnit.objects.create(season=cast.season_2022(), organisation=cast.organisation(f"学会{n}"))
    assert queries(office, "/office/units/") == one


def test_an_export_is_owed_once_a_minute_and_downloaded_when_it_is_done(office):
    nomination = cast.recommended()
    first = office.post("/office/nominations/export/?status=recommended&page=3")
    again = office.post("/office/nominations/export/?status=recommended")
    assert first.status_code == again.status_code == 302
    job = Job.objects.get(kind="nominations_xlsx")
    assert first["Location"] == again["Location"] == f"/office/nominations/?status=recommended&job={job.pk}"
    assert "排队中，稍后生成文件" in text(office.get(first["Location"]))
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.error) == ("done", 1, 1, "")
    assert job.result_name == "2022年申报总表（已筛选）20221020-1000.xlsx"
    assert f'href="/jobs/{job.pk}/file/"' in text(office.get(first["Location"]))
    assert office.get(f"/jobs/{job.pk}/file/").status_code == 200
    colleague = Client()
    colleague.force_login(cast.cast("office_b"))
    assert "文件已生成" not in text(colleague.get(first["Location"]))
    assert nomination.number in text(office.get("/office/nominations/?status=recommended"))
    assert Event.objects.filter(name="exported").order_by("pk").first().data == {
        "kind": "nominations_xlsx",
        "wanted": {"status": "recommended"},
    }


def test_a_nomination_is_read_with_its_form_record_and_versions(office):
    nomination = cast.recommended()
    page = text(office.get(f"/office/nominations/{nomination.number}/"))
    version = nomination.versions.get()
    for words in ("低噪声微机电传感芯片", version.check_code, cast.OPINION, "TRL7", "王敏（中国电子学会）"):
        assert words in page
    assert office.get("/office/nominations/2022XD99999/").status_code == 404
    assert office.get(f"/office/nominations/{nomination.number}/1.pdf").status_code == 404
    job = Job.objects.get(kind="form_pdf")
    job.attach("2022XD00001申报表.pdf", b"%PDF-1.7")
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    paper = office.get(f"/office/nominations/{nomination.number}/1.pdf")
    assert b"".join(paper.streaming_content) == b"%PDF-1.7"
    assert paper["Cache-Control"] == "private, no-store"
    assert Event.objects.filter(name="downloaded", version_code=version.check_code).count() == 1


# --- The calendar ------------------------------------------------------------------------------------------


def call() -> Stage:
    return Stage.objects.get(season=cast.season_2022(), key="call", track=None)


@pytest.fixture
def before(office):
    """The same client, before the call has begun."""
    with time_machine.travel(cast.BEFORE_CALL, tick=False):
        yield office


def test_a_stage_is_moved_after_a_preview_with_a_reason_on_record(before):
    office = before
    Stage.objects.filter(key="preliminary").update(opens=datetime(2022, 11, 7, 16, tzinfo=UTC))
    address = f"/office/season/stages/{call().pk}/"
    assert 'value="2022-10-31"' in text(office.get(address))
    typed = {"first_day": "2022-09-05", "last_day": "2022-11-07", "reason": "部分单位受疫情影响"}
    preview = office.post(address, typed)
    assert preview.status_code == 200
    assert "2022年10月31日24时" in text(preview) and "2022年11月7日24时" in text(preview)
    assert call().closes == datetime(2022, 10, 31, 16, tzinfo=UTC)
    done = office.post(address, {**typed, "confirmed": "1"})
    assert (done.status_code, done["Location"]) == (302, "/office/season/?year=2022")
    assert call().closes == datetime(2022, 11, 7, 16, tzinfo=UTC)
    event = Event.objects.get(name="stage_set")
    assert (event.reason, event.actor_name, event.ip) == ("部分单位受疫情影响", "赵磊", cast.ADDRESS)
    assert event.data["before"][1] == "2022-10-31T16:00:00+00:00"
    assert event.data["after"][1] == "2022-11-08T00:00:00+08:00"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_day": "2022-11-07"}, "征集与初评评审的日期重叠：初评评审为2022-11-01至2022年11月30日24时"),
        ({}, "日期没有改动"),
        ({"last_day": "2022-09-01"}, "截止日期不能早于开始日期"),
        ({"last_day": ""}, "征集与初评评审的日期重叠"),
        ({"last_day": "10月31日"}, "截止日期写成2022-10-31这样的日期"),
        ({"last_day": "9999-12-31"}, "截止日期写成2022-10-31这样的日期"),
        ({"first_day": ""}, "填写开始日期"),
        ({"last_day": "2022-10-30", "reason": " "}, "填写改动原因"),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_a_stage_refuses_dates_that_can_not_be(before, changed, words, confirmed):
    refuses(before, changed, words, confirmed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_day": "2022-10-19"}, "截止时间已过，改为今天或以后的日期"),
        ({"last_day": "2022-11-07"}, "征集已经开始，改变截止时间由两人办理。在“延期与例外”中提出"),
        ({"last_day": "2022-10-30"}, "征集已经开始，改变截止时间由两人办理。在“延期与例外”中提出"),
        ({"first_day": "2022-10-25"}, "征集已经开始，不再改变开始日期。改变截止时间在“延期与例外”中提出"),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_S7_the_end_of_a_call_that_has_begun_takes_two_people(office, changed, words, confirmed):
    refuses(office, changed, words, confirmed)


def refuses(office, changed, words, confirmed):
    typed = {"first_day": "2022-09-05", "last_day": "2022-10-31", "reason": "改期"} | changed | confirmed
    response = office.post(f"/office/season/stages/{call().pk}/", typed)
    assert response.status_code == 422
    assert words in text(response)
    assert call().closes == datetime(2022, 10, 31, 16, tzinfo=UTC)
    assert not Event.objects.filter(name="stage_set").exists()


def test_the_season_shows_what_the_notice_prints(office):
    page = text(office.get("/office/season/"))
    for words in (
        "科协办函创字〔2022〕91号",
        "2022年10月31日24时",
        "先导技术榜，电子信息",
        "中央企业科协",
        "010-68767227",
    ):
        assert words in page
    assert "2022年征集进行中，截止时间：2022年10月31日24时（北京时间），还剩11天" in page


def test_units_get_a_stage_of_their_own_that_may_end_later(before):
    assert "与组织征集相同" in text(before.get("/office/season/"))
    made = before.post("/office/season/units/?year=2022")
    own = Stage.objects.get(key="recommendation")
    assert (made.status_code, made["Location"]) == (302, f"/office/season/stages/{own.pk}/")
    assert own.closes == call().closes
    typed = {"first_day": "2022-09-05", "last_day": "2022-11-03", "reason": "给推荐单位三天审核"}
    Stage.objects.filter(key="preliminary").update(opens=datetime(2022, 11, 7, 16, tzinfo=UTC))
    assert before.post(made["Location"], {**typed, "confirmed": "1"}).status_code == 302
    own.refresh_from_db()
    assert own.closes == datetime(2022, 11, 3, 16, tzinfo=UTC)
    assert "与组织征集相同" not in text(before.get("/office/season/"))


# --- Units -------------------------------------------------------------------------------------------------


def test_a_unit_is_added_before_the_call_and_gets_the_places_of_its_channels(office):
    Stage.objects.filter(key="call").update(opens=cast.later(DURING_CALL, days=1))
    typed = {
        "name": "江苏省科学技术协会",
        "province": "320000",
        "channels": ["province", "pilot_city"],
        "reason": "通知二",
    }
    made = office.post("/office/units/new/", typed)
    unit = RecommendingUnit.objects.get(organisation__name="江苏省科学技术协会")
    assert (made.status_code, made["Location"]) == (302, f"/office/units/{unit.pk}/")
    assert unit.organisation.province_code == "320000"
    assert Place.objects.filter(unit=unit, track=cast.track()).count() == 6
    again = office.post("/office/units/new/", typed | {"name": "江苏省 科学技术协会"})
    assert again.status_code == 422
    assert "此单位已是推荐单位" in text(again)
    page = text(office.get("/office/units/?q=江苏"))
    # Two channels, each 6 tracks × 3 ＋ 5 ＋ 2 ＋ 2 ＋ 2.
    assert "江苏省科学技术协会" in page and 'data-label="名额">58<' in page


def test_a_unit_never_shares_the_organisation_that_somebody_registered_under_its_name(office):
    Stage.objects.filter(key="call").update(opens=cast.later(DURING_CALL, days=1))
    typed_first = cast.person("somebody", "某人", "applicant", "江苏省科学技术协会").organisation_in(
        "applicant"
    )
    typed = {"name": "江苏省科学技术协会", "province": "320000", "channels": ["province"], "reason": "通知二"}
    assert office.post("/office/units/new/", typed).status_code == 302
    assert RecommendingUnit.objects.get(organisation__name=typed["name"]).organisation != typed_first


def test_a_channel_whose_place_is_taken_stays_and_the_page_says_why(office):
    unit = cast.unit_of_two_channels()
    nomination = cast.submitted(unit=unit)
    cast.recommend(nomination)
    taken = nomination.recommendations.get().place.channel.key
    left = {"province", "pilot_city"} - {taken}
    answer = office.post(f"/office/units/{unit.pk}/", {"channels": list(left), "reason": "渠道调整"})
    assert answer.status_code == 409
    assert "已被使用，不能减少" in text(answer) and "先由推荐单位撤回这些推荐" in text(answer)
    assert unit.unit_channels.count() == 2
    free = office.post(f"/office/units/{unit.pk}/", {"channels": [taken], "reason": "渠道调整"})
    assert free.status_code == 302
    decide_change(QuotaChange.objects.get(), True, cast.office("office_b"), DURING_CALL)
    assert list(unit.unit_channels.values_list("channel__key", flat=True)) == [taken]
    missing = office.post(f"/office/units/{unit.pk}/", {"channels": [], "reason": ""})
    assert missing.status_code == 422
    assert "至少勾选一项推荐渠道" in text(missing) and "填写原因" in text(missing)
    assert office.get("/office/units/999999/").status_code == 404
    assert office.get("/office/units/99999999999999999999/").status_code == 404
