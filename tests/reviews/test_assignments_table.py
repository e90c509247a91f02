"""The table of assignments both ways: what it shows, what a dry run tells, what confirming does."""

import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from kczg.kit.models import Event, Job
from reviews import tasks
from reviews.actions import assigning as actions
from reviews.actions import assignments_import as table
from reviews.models import Assignment, AssignmentsImport, BodyExpert, Recusal
from reviews.outputs.assignments_book import assignments_book, head_of
from tests import cast
from tests.reviews import assigning
from tests.reviews.assigning import abstain, board, by, refusal

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


@pytest.fixture(autouse=True)
def during_review(db):
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def track(season):
    return cast.track()


@pytest.fixture
def world(track):
    return assigning.world()


def content(track):
    file = io.BytesIO()
    assignments_book(track, board(track)).save(file)
    return file.getvalue()


def uploaded(track, change=lambda book: None):
    """A downloaded table, changed, uploaded and checked."""
    row = table.upload(track, assigning.book(content(track), change), by(), AT)
    assigning.work("assignments_import_check")
    row.refresh_from_db()
    return row


def cells(book, row, expert):
    """The cell of a pair."""
    sheet = book["分配表"]
    line = next(line for line in range(1, sheet.max_row + 1) if sheet.cell(line, 1).value == row.number)
    column = next(n for n in range(1, sheet.max_column + 1) if sheet.cell(1, n).value == head_of(expert))
    return sheet.cell(line, column)


def test_the_table_shows_marks_conflicts_limits_and_counts(track, world):
    rows, people = world
    BodyExpert.objects.filter(expert=people[0]).update(most=5)
    actions.assign(track, [(people[0].pk, rows[0].pk), (people[1].pk, rows[0].pk)], by(), AT)
    Assignment.objects.filter(expert=people[1]).update(submitted_at=AT)
    Recusal.objects.create(expert=people[2], nomination=rows[1], kind="declared", reason="合作者", at=AT)
    book = openpyxl.load_workbook(io.BytesIO(content(track)))
    sheet = book["分配表"]
    assert [cell.value for cell in sheet[1]] == ["申报编号", "申报项", "专家数", *map(head_of, people)]
    assert [cells(book, rows[0], person).value for person in people] == ["√", "已提交", None, None]
    assert cells(book, rows[1], people[2]).value == "回避"
    assert [cell.value for cell in book["回避原因"][2]] == [head_of(people[2]), rows[1].number, "合作者"]
    assert sheet["C2"].value == '=COUNTIF(D2:G2,"√")+COUNTIF(D2:G2,"已提交")'
    assert [cell.value for cell in sheet[6]] == ["最多评审（项）", None, None, 5, None, None, None]
    assert sheet.data_validations.dataValidation[0].sqref.ranges
    assert book["核对"].sheet_state == "hidden"


def test_a_table_that_says_what_stands_changes_nothing(track, world):
    rows, people = world
    actions.assign(track, [(people[0].pk, rows[0].pk)], by(), AT)
    row = uploaded(track)
    assert row.report == {"refused": 0, "refusals": [], "rows": []}
    assert not row.importable
    assert refusal(table.confirm, row, by(), AT).code == "not_importable"


def test_a_dry_run_lists_what_it_would_do_and_confirming_does_it(track, world):
    rows, people = world
    actions.assign(track, [(people[0].pk, rows[0].pk)], by(), AT)

    def change(book):
        cells(book, rows[0], people[0]).value = None
        cells(book, rows[1], people[1]).value = "✓"
        cells(book, rows[2], people[1]).value = 1

    row = uploaded(track, change)
    assert [line[1:4] for line in row.rows] == [
        [rows[0].number, str(people[0]), "removed"],
        [rows[1].number, str(people[1]), "added"],
        [rows[2].number, str(people[1]), "added"],
    ]
    assert board(track).standing == {(people[0].pk, rows[0].pk)}
    for _n in range(2):
        table.confirm(row, by(), AT)
    assigning.work("assignments_import")
    row.refresh_from_db()
    assert row.state == AssignmentsImport.State.DONE
    assert not row.file
    assert board(track).standing == {(people[1].pk, rows[1].pk), (people[1].pk, rows[2].pk)}
    tasks.assignments_import_apply(Job(), row.pk)
    assert Event.objects.filter(name="assigned").count() == 2


def test_each_cell_that_hinders_is_named(track, world):
    rows, people = world
    actions.assign(track, [(people[0].pk, rows[0].pk), (people[1].pk, rows[1].pk)], by(), AT)
    Assignment.objects.filter(expert=people[0]).update(submitted_at=AT)
    abstain((people[1].pk, rows[1].pk))
    Recusal.objects.create(expert=people[2], nomination=rows[1], kind="declared", reason="合作者", at=AT)
    BodyExpert.objects.filter(expert=people[3]).update(most=1)

    def change(book):
        cells(book, rows[0], people[0]).value = None
        cells(book, rows[1], people[1]).value = "√"
        cells(book, rows[1], people[2]).value = "√"
        cells(book, rows[1], people[3]).value = "√"
        cells(book, rows[2], people[3]).value = "√"
        cells(book, rows[2], people[1]).value = "可以"
        cells(book, rows[2], people[0]).value = "=1+1"
        sheet = book["分配表"]
        sheet.append(["KC0000000", "不知道"])
        sheet.append([rows[0].number, "又一次"])

    row = uploaded(track, change)
    found = {(line, column): reason for _sheet, line, column, reason in row.report["refusals"]}
    heads = [head_of(person) for person in people]
    assert found == {
        (0, heads[3]): "最多评审1项，现为2项，减少1项",
        (2, heads[0]): "已提交评分，不能取消分配",
        (3, heads[1]): "已弃权，改选其他专家",
        (3, heads[2]): "应回避：合作者",
        (4, heads[0]): "单元格是公式，改为数值或文字后再导入",
        (4, heads[1]): "写√或留空，现为“可以”",
        (7, "申报编号"): "没有编号为KC0000000的申报",
        (8, "申报编号"): "与第2行是同一申报",
    }
    assert not row.importable


def test_another_file_is_refused_with_the_reason(track, world):
    def rename(book):
        book["分配表"].title = "别的"

    for change, reason in (
        (lambda book: book.remove(book["核对"]), "文件缺少核对信息，重新下载分配表后再填写"),
        (lambda book: book["核对"].cell(1, 1, "0"), "这是另一领域的分配表，核对后再上传"),
        (lambda book: book["核对"].cell(1, 2, "0" * 64), "下载此表后，评审任务已有变化，重新下载后再改"),
        (lambda book: book["分配表"].cell(1, 1, "编号"), "缺少此列，下载分配表填写"),
        (lambda book: book["分配表"].cell(1, 4, "王某（999999）"), "没有此专家，表头保持下载时的样子"),
        (lambda book: book["分配表"].cell(1, 5, book["分配表"]["D1"].value), "此列出现两次"),
        (rename, "没有工作表“分配表”，文件中有：别的、回避原因、核对。下载分配表填写"),
    ):
        row = uploaded(track, change)
        assert reason in [each[3] for each in row.report["refusals"]]
        assert not row.importable
    row = table.upload(track, SimpleUploadedFile("分配表.xlsx", b"PK"), by(), AT)
    assigning.work("assignments_import_check")
    row.refresh_from_db()
    assert row.refused == 1
    large = SimpleUploadedFile("分配表.xlsx", b"0" * (2 * 1024 * 1024 + 1))
    assert refusal(table.upload, track, large, by(), AT).status == 413


def test_tasks_that_change_between_check_and_confirmation_are_told(track, world):
    rows, people = world
    row = uploaded(track, lambda book: setattr(cells(book, rows[0], people[0]), "value", "√"))
    assert row.importable
    table.confirm(row, by(), AT)
    actions.assign(track, [(people[2].pk, rows[2].pk)], by(), AT)
    assigning.work("assignments_import")
    row.refresh_from_db()
    assert row.state == AssignmentsImport.State.CHECKED
    assert row.report["refusals"][0][3] == "下载此表后，评审任务已有变化，重新下载后再改"
    assert board(track).standing == {(people[2].pk, rows[2].pk)}
