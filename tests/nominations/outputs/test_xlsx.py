"""Spreadsheets cell by cell: what stands in them, and that nothing typed is ever a formula."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from kczg.kit import outbox
from kczg.kit.models import Job
from nominations.actions.applicant import save_draft
from nominations.models import Nomination
from nominations.outputs import xlsx
from nominations.rankings import DECLARATIONS
from tests import cast
from tests.cast import DURING_CALL


def reread(book: Workbook):
    """The book as a spreadsheet program opens it."""
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return load_workbook(file)


def values(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "TRUE", "12"]
)
def test_a_text_stays_a_text(typed):
    book = Workbook(write_only=True)
    xlsx.Sheet(book, "表", ["名称"]).add([typed])
    cell = reread(book)["表"]["A2"]
    assert (cell.value, cell.data_type) == (typed, "s")


def test_numbers_moments_and_control_characters():
    book = Workbook(write_only=True)
    sheet = xlsx.Sheet(book, "表", ["数", "时间", "文字", "空"])
    sheet.add([3, DURING_CALL, "a\x00b\x0bc\n𡃁", None])
    assert values(reread(book)["表"])[1] == [3, datetime(2022, 10, 20, 10, 0), "abc\n𡃁", None]


@pytest.fixture
def job(season):
    return Job.objects.create(key="test", kind="nominations_xlsx", owed_at=DURING_CALL)


def test_the_master_table_and_the_answers_are_exact(season, job):
    nomination = cast.recommended(title="=1+1")
    draft = cast.draft(
        by=cast.cast("stranger"),
        track="green",
        title="@零碳",
        answers={"technology_name": "@零碳", "track": "绿色低碳"},
    )
    version = nomination.versions.get()
    book = reread(xlsx.nominations_book(season, {}, job))
    assert book.sheetnames == ["申报总表", "先导技术榜"]
    rows = values(book["申报总表"])
    assert rows[0] == list(xlsx.HEADS)
    moment = datetime(2022, 10, 20, 10, 0)
    assert rows[1] == [
        nomination.number, "先导技术榜", "电子信息", "=1+1", "北京云脉传感科技有限公司", "未填写", "中国电子学会",
        "全国学会、协会、研究会", "已推荐", moment, moment, 1, version.check_code,
    ]  # fmt: skip
    assert book["申报总表"]["D2"].data_type == "s"
    assert rows[2] == [
        draft.number, "先导技术榜", "绿色低碳", "@零碳", "苏州拓维材料有限公司", "未填写", "中国电子学会",
        None, "草稿", moment, None, None, None,
    ]  # fmt: skip
    heads, first, second = values(book["先导技术榜"])
    answers = dict(zip(heads, first, strict=True))
    assert answers["申报编号"] == nomination.number
    assert answers["技术名称"] == "=1+1"
    assert answers["技术成熟度"] == "TRL7"
    assert "一种低噪声电容检测电路及其校准方法" in " ".join(str(value) for value in first)
    assert dict(zip(heads, second, strict=True))["技术成熟度"] is None
    job.refresh_from_db()
    assert (job.done, job.total) == (2, 2)


def test_the_export_holds_what_is_filtered_and_no_more(season, job):
    cast.recommended()
    other = cast.submitted(track="biomedicine", title="长效微球制剂")
    book = reread(xlsx.nominations_book(season, {"track": "biomedicine"}, job))
    assert [row[0] for row in values(book["申报总表"])] == ["申报编号", other.number]
    assert [row[0] for row in values(book["先导技术榜"])] == ["申报编号", other.number]


def test_rows_are_read_in_portions_with_the_same_queries_each(season, job, django_assert_max_num_queries):
    first = cast.submitted()
    rows = []
    for n in range(450):
        rows.append(
            Nomination(
                number=f"2022XD8{n:04d}", season=season, ranking=first.ranking, track=first.track, unit=first.unit,
                applicant=first.applicant, created_by=first.created_by, title=f"技术{n}", state="submitted",
                answers=first.answers, state_since=DURING_CALL, edited_at=DURING_CALL, created_at=DURING_CALL,
            )
        )  # fmt: skip
    Nomination.objects.bulk_create(rows)
    told = []
    job.progress = lambda done, total: told.append((done, total))
    # One for the count, one cursor, two for each of three portions of 200.
    with django_assert_max_num_queries(10):
        book = xlsx.nominations_book(season, {}, job)
    assert told == [(0, 451), (200, 451), (400, 451), (451, 451)]
    assert reread(book)["申报总表"].max_row == 452


def test_the_tallies_count_by_ranking_track_channel_unit_and_status(season):
    cast.recommended()
    cast.submitted(track="biomedicine", title="长效微球制剂")
    cast.draft(title="未完成的技术")
    cast.withdrawn(by=cast.cast("stranger"), title="撤回的技术")
    book = reread(xlsx.tallies_book(season))
    assert book.sheetnames == [
        "按榜单",
        "按领域",
        "按推荐渠道",
        "按推荐单位",
        "按状态",
        "按省份",
        "按提交日期",
    ]
    by_ranking = values(book["按榜单"])
    assert by_ranking[0] == ["榜单", "草稿", "待推荐", "已推荐", "已撤回", "合计"]
    assert by_ranking[1] == ["先导技术榜", 1, 1, 1, 1, 4]
    assert by_ranking[2] == ["新锐企业榜", 0, 0, 0, 0, 0]
    assert by_ranking[-1] == ["合计", 1, 1, 1, 1, 4]
    assert values(book["按领域"])[1:3] == [
        ["先导技术榜", "电子信息", 1, 0, 1, 1, 3],
        ["先导技术榜", "生物医药", 0, 1, 0, 0, 1],
    ]
    assert values(book["按推荐渠道"])[1] == ["全国学会、协会、研究会", 1]
    assert values(book["按推荐单位"]) == [
        ["推荐单位", "收到申报", "已推荐"],
        ["中国电子学会", 3, 1],
        ["合计", 3, 1],
    ]
    assert values(book["按状态"])[1:] == [
        ["草稿", 1],
        ["待推荐", 1],
        ["已推荐", 1],
        ["已撤回", 1],
        ["合计", 4],
    ]
    assert values(book["按省份"])[1:] == [["未填写", 3], ["合计", 3]]
    assert values(book["按提交日期"])[1:] == [["2022-10-20", 3], ["合计", 3]]


def test_the_job_keeps_the_tallies_as_its_file(season):
    job = outbox.owe("tallies_xlsx", "tallies:test", season_id=season.pk, at=DURING_CALL.isoformat())
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.result_name) == ("done", "", "2022年统计汇总表20221020-1000.xlsx")
    assert load_workbook(job.result.open("rb")).sheetnames[0] == "按榜单"


def test_a_draft_that_was_changed_is_exported_as_it_stands(season, job):
    draft = cast.draft()
    by = cast.acting(cast.cast("applicant"))
    save_draft(
        draft,
        "technology",
        {"technology_name": "新名称"},
        draft.section_version("technology"),
        by,
        DURING_CALL,
    )
    assert values(reread(xlsx.nominations_book(season, {}, job))["申报总表"])[1][3] == "新名称"


@pytest.mark.parametrize("key", DECLARATIONS)
@pytest.mark.django_db
def test_no_two_columns_of_a_detail_sheet_have_one_head(season, key):
    ranking = season.rankings.get(key=key)
    book = Workbook(write_only=True)
    xlsx.Details(book, ranking, season.year)
    heads = [cell.value for cell in reread(book)[ranking.name][1]]
    assert [head for head in set(heads) if heads.count(head) > 1] == []
