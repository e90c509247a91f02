"""From marks to the published list: the period, the second person, the typed words, and what stays unseen."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from nominations.states import State
from reviews.actions import final, publication
from reviews.models import FinalMark, PublicNotice, PublishedList
from reviews.outputs import list as listed
from reviews.outputs.final import tables
from tests import cast
from tests.cast import IN_FINAL, IN_PRELIMINARY, IN_PUBLICATION

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    """The verdict with which an act is refused."""
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.verdict


def test_marks_are_pending_and_change_no_state(shortlisted):
    by = cast.office()
    final.mark(shortlisted, True, "一致同意", by, IN_FINAL)
    assert cast.reread(shortlisted).state == State.SHORTLISTED
    final.mark(shortlisted, False, "复议", by, IN_FINAL)
    mark = FinalMark.objects.get()
    assert (mark.proposed, mark.note, mark.marked_by) == (False, "复议", by.user)
    told = Event.objects.filter(subject_kind="nomination", subject_id=shortlisted.pk)
    assert not told.filter(name="marked").exists()
    assert list(Event.objects.filter(name="marked").values_list("reason", flat=True)) == ["一致同意", "复议"]


def test_marks_wait_for_the_final_review_and_for_the_shortlist(shortlisted):
    by = cast.office()
    assert refused(final.mark, shortlisted, True, "", by, IN_PRELIMINARY).code == "too_early"
    applicant = cast.acting(cast.cast("applicant"))
    assert refused(final.mark, shortlisted, True, "", applicant, IN_FINAL).status == 404
    other = cast.draft(by=cast.cast("stranger"))
    assert refused(final.mark, other, True, "", by, IN_FINAL).code == "not_shortlisted"


def test_more_than_planned_is_said_and_allowed(shortlisted):
    track = cast.track()
    track.planned_number = 0
    track.save()
    final.mark(shortlisted, True, "", cast.office(), IN_FINAL)
    table = tables(cast.ranking())[0]
    assert (table.shortlisted, table.proposed, table.unmarked) == (1, 1, 0)
    assert table.warning == "电子信息已选1，计划0"
    assert tables(cast.ranking())[1].warning == ""


def test_a_notice_waits_for_results_marks_and_entries(in_review):
    ranking, by = cast.ranking(), cast.office()
    verdict = refused(publication.issue_notice, ranking, "公示", 5, by, IN_FINAL)
    assert verdict.code == "not_ready"
    assert verdict.details["items"] == ["电子信息尚未报送初评结果", "还没有拟入榜的申报"]
    cast.score_all()
    cast.close_and_submit()
    verdict = refused(publication.issue_notice, ranking, "公示", 5, by, IN_FINAL)
    assert verdict.details["items"] == ["还有1项初评通过的申报未标记", "还没有拟入榜的申报"]
    final.mark(cast.reread(in_review), False, "", by, IN_FINAL)
    verdict = refused(publication.issue_notice, ranking, "公示", 5, by, IN_FINAL)
    assert verdict.details["items"] == ["还没有拟入榜的申报"]
    assert not PublicNotice.objects.exists()


@pytest.mark.parametrize(
    ("issued", "days", "closes"),
    [
        # Monday 12 December 2022: Tuesday to Monday are five working days.
        (datetime(2022, 12, 12, 2, tzinfo=UTC), 5, datetime(2022, 12, 19, 16, tzinfo=UTC)),
        # Friday 30 December: 31 December to 2 January are holidays, 3 to 9 January count.
        (datetime(2022, 12, 30, 2, tzinfo=UTC), 5, datetime(2023, 1, 9, 16, tzinfo=UTC)),
        # Just before midnight in Beijing the day is still the same.
        (datetime(2022, 12, 12, 15, 59, 59, tzinfo=UTC), 6, datetime(2022, 12, 20, 16, tzinfo=UTC)),
    ],
)
def test_the_period_counts_working_days_after_the_day_of_issue(shortlisted, issued, days, closes):
    by = cast.office()
    final.mark(shortlisted, True, "", by, IN_FINAL)
    ranking = cast.ranking()
    notice = publication.issue_notice(
        ranking, publication.notice_draft(ranking, issued, days), days, by, issued
    )
    assert notice.closes == closes
    assert refused(final.mark, shortlisted, False, "", by, issued).code == "notice_issued"


def test_a_period_that_is_too_short_is_refused(shortlisted):
    final.mark(shortlisted, True, "", cast.office(), IN_FINAL)
    verdict = refused(publication.issue_notice, cast.ranking(), "公示", 4, cast.office(), IN_FINAL)
    assert (verdict.code, verdict.message) == ("period_too_short", "公示期至少5个工作日，现为4个")
    assert (
        refused(publication.issue_notice, cast.ranking(), "  ", 5, cast.office(), IN_FINAL).code
        == "text_missing"
    )


def test_a_list_is_prepared_after_the_period_to_the_instant(shortlisted):
    by = cast.office()
    assert refused(publication.prepare_list, cast.ranking(), by, IN_PUBLICATION).code == "no_notice"
    final.mark(shortlisted, True, "", by, IN_FINAL)
    late = datetime(2023, 1, 10, 2, tzinfo=UTC)
    notice = publication.issue_notice(cast.ranking(), "公示", 5, by, late)
    verdict = refused(publication.prepare_list, cast.ranking(), by, notice.closes - timedelta(microseconds=1))
    assert (verdict.code, verdict.message) == (
        "notice_running",
        "公示期至2023年1月17日24时，期满后才能发布名单",
    )
    prepared = publication.prepare_list(cast.ranking(), by, notice.closes)
    assert publication.prepare_list(cast.ranking(), cast.office("office_b"), notice.closes) == prepared
    assert (prepared.version, prepared.published_at) == (1, None)
    assert [entry["seq"] for entry in prepared.entries] == [1]


def test_the_second_person_types_the_words(shortlisted):
    cast.issue_notice([shortlisted])
    first, second = cast.office("office_a"), cast.office("office_b")
    prepared = publication.prepare_list(cast.ranking(), first, IN_PUBLICATION)
    words = "2022先导技术榜"
    own = refused(publication.publish_list, prepared, words, first, IN_PUBLICATION)
    assert (own.code, own.message) == ("second_person", "名单由另一人复核发布，不能由准备名单的人发布")
    wrong = refused(publication.publish_list, prepared, "2022先导", second, IN_PUBLICATION)
    assert (wrong.code, wrong.message) == ("typed_wrong", "输入“2022先导技术榜”以确认发布")
    assert cast.reread(shortlisted).state == State.SHORTLISTED
    done = publication.publish_list(prepared, " 2022 先导技术榜 ", second, IN_PUBLICATION)
    assert (done.published_at, done.published_by) == (IN_PUBLICATION, second.user)
    assert cast.reread(shortlisted).state == State.PUBLISHED
    again = publication.publish_list(prepared, "x", second, IN_PUBLICATION + timedelta(days=1))
    assert again.published_at == IN_PUBLICATION
    assert Event.objects.filter(name="list_published").count() == 1
    assert Job.objects.filter(kind__in=["list_pdf", "list_xlsx"]).count() == 2


def test_the_database_refuses_one_person_for_both(shortlisted):
    cast.issue_notice([shortlisted])
    prepared = publication.prepare_list(cast.ranking(), cast.office(), IN_PUBLICATION)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedList.objects.filter(pk=prepared.pk).update(published_by=cast.office().user)


def test_what_was_not_proposed_is_left_out_and_told(season):
    nomination = cast.not_listed()
    assert nomination.state == State.NOT_LISTED
    entries = PublishedList.objects.get().entries
    assert [entry["name"] for entry in entries] == ["高可靠工业总线控制器"]
    assert Job.objects.filter(key=f"review_mail:outcome:{nomination.pk}").exists()


def test_the_files_hold_the_listed_columns_alone(published):
    row = PublishedList.objects.select_related("ranking__season").get()
    job = Job.objects.get(key=f"list_xlsx:{row.pk}")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert job.result_name == "2022年科创中国先导技术榜入榜名单.xlsx"
    book = load_workbook(BytesIO(job.result.read()))
    assert [[cell.value for cell in line] for line in book["入榜名单"].iter_rows()] == [
        ["序号", "名称", "单位", "推荐单位", "领域"],
        [1, "低噪声微机电传感芯片", "北京云脉传感科技有限公司", "中国电子学会", "电子信息"],
    ]
    about = {line[0].value: line[1].value for line in book["说明"].iter_rows()}
    assert about["核验码"] == row.check_code
    assert about["发布时间（北京时间）"] == datetime(2023, 1, 10, 10, 0)


def test_the_paper_is_printed_with_its_name(published):
    row = PublishedList.objects.get()
    job = Job.objects.get(key=f"list_pdf:{row.pk}")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.result_name) == ("done", "", "2022年科创中国先导技术榜入榜名单.pdf")
    assert job.result.read(5) == b"%PDF-"


def test_no_file_is_made_of_a_list_that_is_not_published(shortlisted):
    cast.issue_notice([shortlisted])
    prepared = publication.prepare_list(cast.ranking(), cast.office(), IN_PUBLICATION)
    job = outbox.owe("list_xlsx", "list_xlsx:early", list_id=prepared.pk)
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED and not job.result
    assert listed.published_of(cast.ranking()) is None


def test_entries_are_found_by_track_and_words():
    entries = [
        {
            "seq": 1,
            "track": "电子信息",
            "name": "低噪声 MEMS 芯片",
            "organisation": "云脉",
            "unit": "电子学会",
        },
        {"seq": 2, "track": "生物医药", "name": "微球制剂", "organisation": "拓维", "unit": ""},
    ]
    asked = [("", ""), ("", "噪声m"), ("生物医药", ""), ("生物医药", "云脉")]
    found = [[entry["seq"] for entry in listed.matching(entries, *each)] for each in asked]
    assert found == [[1, 2], [1], [2], []]
    assert [(g.track, len(g.entries)) for g in listed.groups(entries)] == [("电子信息", 1), ("生物医药", 1)]
