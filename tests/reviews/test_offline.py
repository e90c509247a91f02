"""Scoring offline: the workbook and what it says, the dry run, both texts where both sides wrote, and the saving."""

from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from reviews import tasks
from reviews.actions import abstention, packets, scores
from reviews.models import Assignment, Recusal, ReviewPlan, Score, ScoreImport
from tests import cast
from tests.reviews.offline import opened, typed

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
WORDS = [{"least": 90, "word": "优秀"}, {"least": 0, "word": "一般"}]


@pytest.fixture(autouse=True)
def during_review():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def in_review(built_in_review, db):
    return cast.reread(built_in_review)


@pytest.fixture
def sheet(in_review):
    ReviewPlan.objects.update(scale_words=WORDS)
    return Assignment.objects.get(expert=cast.expert("expert_a"), nomination=in_review)


@pytest.fixture
def by(sheet):
    return cast.acting(sheet.expert.user, Role.EXPERT)


@pytest.fixture
def desk(sheet):
    browser = Client()
    browser.force_login(sheet.expert.user)
    return browser


def made(sheet, by):
    """The packet's workbook, as the worker makes it."""
    job = packets.ask_packet(sheet.expert, sheet.nomination.track, by, AT)
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.error == ""
    return opened(job)


def checked(sheet, by, file):
    """An upload after its dry run."""
    row = packets.upload(sheet.expert, sheet.nomination.track, file, by, AT)
    outbox.run(Job.objects.get(key=packets.check_key(row)).pk)
    row.refresh_from_db()
    return row


def confirmed(row, by, taken=()):
    packets.confirm(row, taken, by, AT)
    packets.confirm(row, taken, by, AT)
    row.refresh_from_db()
    outbox.run(Job.objects.get(key=packets.apply_key(row)).pk)
    row.refresh_from_db()
    return row


def test_the_packet_holds_the_scores_the_forms_and_a_hidden_key(sheet, by):
    scores.save_scores(sheet, {"c1": "80.5"}, "已写的意见", by, AT)
    sheet.refresh_from_db()
    book = made(sheet, by)
    number = sheet.nomination.number
    assert book.sheetnames == ["填写说明", "打分", number, "校验"]
    assert [cell.value for cell in book["打分"][2]] == [
        1, number, sheet.nomination.title, 80.5, None, None, "已写的意见", None,
    ]  # fmt: skip
    assert book["校验"].sheet_state == "hidden"
    (bounds,) = book["打分"].data_validations.dataValidation
    assert (bounds.type, bounds.formula1, bounds.formula2, str(bounds.sqref)) == (
        "decimal",
        "0",
        "100",
        "D2:F2",
    )
    told = [cell.value for row in book[number].iter_rows() for cell in row]
    assert sheet.nomination.answers["introduction_text"] in told
    explained = {row[0].value: row[1].value for row in book["填写说明"].iter_rows()}
    assert (explained["优秀"], len(explained["计分办法摘要"])) == ("90—100", 64)
    assert packets.ask_packet(sheet.expert, sheet.nomination.track, by, AT) == Job.objects.get(
        kind="expert_packet"
    )


def test_a_workbook_is_read_dry_and_saved_once_confirmed(sheet, by):
    scores.save_scores(sheet, {"c1": "80"}, "已写的意见", by, AT)
    book = made(sheet, by)
    row = checked(sheet, by, typed(book, {"E2": 75.5, "F2": "９０", "H2": "建议补充数据"}))
    assert row.rows == [[
        2, sheet.nomination.number, sheet.nomination.title, "changed",
        [["指标2 产业带动性（35%）", "", "75.5"], ["指标3 转化可行性（25%）", "", "９０"], ["给申报人的意见", "", "建议补充数据"]],
        sheet.pk,
    ]]  # fmt: skip
    assert Score.objects.count() == 1, "a dry run saves nothing"
    row = confirmed(row, by)
    assert (row.state, row.file.name) == (ScoreImport.State.DONE, "")
    sheet.refresh_from_db()
    assert {s.criterion: s.value for s in sheet.scores.all()} == {
        "c1": Decimal(80), "c2": Decimal("75.5"), "c3": Decimal(90),
    }  # fmt: skip
    assert (sheet.comment, sheet.comment_applicant) == ("已写的意见", "建议补充数据")
    assert Event.objects.filter(name="scores_imported").count() == 1


@pytest.mark.parametrize("taken", [True, False])
def test_what_was_changed_on_the_page_since_is_shown_and_never_overwritten_silently(sheet, by, taken):
    book = made(sheet, by)
    scores.save_scores(sheet, {"c1": "60"}, "网页上的", by, AT)
    row = checked(sheet, by, typed(book, {"D2": 90, "G2": "文件中的"}))
    assert (row.rows[0][3], row.rows[0][4]) == (
        "conflict", [["指标1 技术先进性（40%）", "60.0", "90"], ["评审意见", "网页上的", "文件中的"]],
    )  # fmt: skip
    confirmed(row, by, [sheet.pk] if taken else [])
    sheet.refresh_from_db()
    assert sheet.comment == ("文件中的" if taken else "网页上的")
    assert sheet.scores.get().value == (90 if taken else 60)


def test_what_changes_between_check_and_saving_is_told_and_nothing_is_saved(sheet, by):
    row = checked(sheet, by, typed(made(sheet, by), {"D2": 90}))
    packets.confirm(row, (), by, AT)
    scores.save_scores(sheet, {"c1": "60"}, None, by, AT)
    row.refresh_from_db()
    outbox.run(Job.objects.get(key=packets.apply_key(row)).pk)
    row.refresh_from_db()
    assert (row.state, row.rows[0][3]) == (ScoreImport.State.CHECKED, "conflict")
    assert Score.objects.get().value == 60


def test_each_wrong_cell_is_named_and_hinders_all(sheet, by):
    file = typed(made(sheet, by), {"D2": 101, "E2": "=1+1", "F2": 88.55, "H2": "长" * 2003})
    row = checked(sheet, by, file)
    assert [(line, column) for _sheet, line, column, _reason in row.report["refusals"]] == [
        (2, "指标2 产业带动性（35%）"), (2, "指标1 技术先进性（40%）"), (2, "指标3 转化可行性（25%）"), (2, "给申报人的意见"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        packets.confirm(row, (), by, AT)
    assert refused.value.verdict.code == "not_importable"
    assert not Score.objects.exists()


def words(row):
    return row.report["refusals"][0][3]


def test_another_experts_file_and_an_altered_key_are_refused(sheet, by):
    other = Assignment.objects.exclude(pk=sheet.pk).get()
    book = made(other, cast.acting(other.expert.user, Role.EXPERT))
    assert "另一名专家" in words(checked(sheet, by, typed(book, {"D2": 90})))
    book = made(sheet, by)
    book["校验"]["A1"] = book["校验"]["A1"].value.replace('"plan"', '"plän"')
    assert "已改动" in words(checked(sheet, by, typed(book, {})))
    book = made(sheet, by)
    ReviewPlan.objects.update(recipe="median")
    assert "方案在下载之后改过" in words(checked(sheet, by, typed(book, {})))


def test_rows_that_are_no_open_task_are_refused(sheet, by):
    book = made(sheet, by)
    file = typed(book, {"B3": "GZ000", "B4": sheet.nomination.number, "D5": 1})
    assert [reason for *_place, reason in checked(sheet, by, file).report["refusals"]] == [
        "文件下载时没有此编号，删去此行", "此编号出现两次", "填写编号，或删去此行",
    ]  # fmt: skip
    assert "文件不是.xlsx工作簿" in words(checked(sheet, by, SimpleUploadedFile("x.xlsx", b"x")))


def test_a_task_that_is_taken_away_takes_the_packet_along(sheet, by):
    job = packets.ask_packet(sheet.expert, sheet.nomination.track, by, AT)
    assert tasks.reads_packet(sheet.expert.user, job.args)
    Recusal.objects.create(
        expert=sheet.expert, nomination=sheet.nomination, kind="body", reason="曾共事", at=AT
    )
    assert not tasks.reads_packet(sheet.expert.user, job.args)


def test_limits_and_who_may(sheet, by, monkeypatch):
    track, other = sheet.nomination.track, cast.acting(cast.expert("expert_b").user, Role.EXPERT)

    def refusal(call, *given):
        with pytest.raises(Refused) as caught:
            call(*given)
        return caught.value.verdict.status

    small = SimpleUploadedFile("x.xlsx", b"x")
    assert refusal(packets.ask_packet, sheet.expert, track, other, AT) == 404
    assert refusal(packets.ask_packet, sheet.expert, track, by, cast.IN_FINAL) == 409
    assert refusal(packets.upload, sheet.expert, track, small, other, AT) == 404
    monkeypatch.setattr(packets, "MOST_AN_HOUR", 1)
    packets.upload(sheet.expert, track, small, by, AT)
    assert refusal(packets.upload, sheet.expert, track, small, by, AT) == 429
    small.size = 6_000_000
    assert refusal(packets.upload, sheet.expert, track, small, by, AT) == 413
    abstention.abstain(sheet, "不熟悉", by, AT)
    assert refusal(packets.ask_packet, sheet.expert, track, by, AT) == 409


def test_the_pages_lead_from_the_packet_to_the_saved_scores(desk, sheet, by):
    page = desk.get("/expert/offline/").content.decode()
    assert "生成离线评审表" in page
    desk.post("/expert/offline/", {"make": "1"})
    assert "data-job-url" in desk.get("/expert/offline/").content.decode()
    assert desk.post("/expert/offline/", {}).status_code == 422
    book = made(sheet, by)
    scores.save_scores(sheet, {"c1": "60"}, None, by, AT)
    answer = desk.post("/expert/offline/", {"file": typed(book, {"D2": 90, "E2": 70})})
    row = ScoreImport.objects.get()
    assert answer.url == f"/expert/offline/{row.pk}/"
    outbox.run(Job.objects.get(key=packets.check_key(row)).pk)
    page = desk.get(answer.url).content.decode()
    assert f'name="take" value="{sheet.pk}"' in page
    assert "60.0" in page
    assert desk.get(f"{answer.url}job/").json()["state"] == "done"
    desk.post(answer.url, {"take": [sheet.pk, "x"]})
    row.refresh_from_db()
    outbox.run(Job.objects.get(key=packets.apply_key(row)).pk)
    page = desk.get(answer.url).content.decode()
    assert "以文件为准" in page
    assert Score.objects.get(criterion="c1").value == 90
    stranger = Client()
    stranger.force_login(cast.expert("expert_b").user)
    assert stranger.get(answer.url).status_code == 404
