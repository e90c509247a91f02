"""Workbooks from outside: what is read of them exactly, and nasty files answered with words (I3, I6, F1)."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from kczg.kit.workbooks import Fault, Limits, Line, Unreadable, escaped, plain, read_book

SMALL = Limits(packed=200_000, unpacked=1_000_000, lines=100, columns=20)


def saved(fill, title="表"):
    book = Workbook()
    book.active.title = title
    fill(book.active)
    file = io.BytesIO()
    book.save(file)
    return file


def cells(*values, formats=()):
    def fill(sheet):
        sheet.append(list(values))
        for place, form in formats:
            sheet.cell(1, place).number_format = form

    return read_book(saved(fill), SMALL)["表"][0].cells[: len(values)]


def words(file, limits=SMALL):
    with pytest.raises(Unreadable) as refused:
        read_book(file, limits)
    return str(refused.value)


def test_numbers_keep_their_digits_and_real_dates_are_dates():
    assert cells(1480.5, 12, 0.1, 13800138000, 1e22, -3, date(2021, 6, 15), datetime(2021, 6, 15, 8, 30), True, None) == (
        "1480.5", "12", "0.1", "13800138000", "10000000000000000000000", "-3", date(2021, 6, 15),
        "2021-06-15 08:30:00", "TRUE", "",
    )  # fmt: skip


def test_a_cell_shown_as_a_percentage_gives_the_percentage():
    assert cells(0.355, 0.07, formats=[(1, "0.0%"), (2, "0%")]) == ("35.5", "7")
    assert plain(0.1 + 0.2) == "0.30000000000000004"


def test_texts_arrive_unchanged_even_those_that_look_like_escapes():
    for text in ("_x000D_", "_x005F_x0041_", "_xD83D_", "a\nb", " 空 ", "𡃁"):
        assert cells(escaped(text)) == (text,)


def test_a_formula_and_an_error_are_faults_with_words_and_are_never_calculated():
    formula, link, broken = cells("=1+1", '=HYPERLINK("http://x.example")', "#REF!")
    assert formula == link == Fault("单元格是公式，改为数值或文字后再导入")
    assert "错误值#REF!" in broken.reason


def test_empty_lines_are_left_out_and_the_others_keep_their_numbers():
    def fill(sheet):
        sheet["A1"], sheet["A5"] = "头", "值"

    assert [line.number for line in read_book(saved(fill), SMALL)["表"]] == [1, 5]
    assert isinstance(read_book(saved(fill), SMALL)["表"][0], Line)


def test_I6_a_bomb_is_refused_by_the_sizes_that_it_names_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    tracemalloc.start()
    begun = time.perf_counter()
    assert "解压后超过" in words(file, Limits(1_000_000, 8_000_000, 100))
    assert time.perf_counter() - begun < 1
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_I6_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_it():
    content = saved(lambda sheet: sheet.append(["x" * 30_000] * 15)).getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lied = content.replace(real.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lied != content
    assert "文件" in words(io.BytesIO(lied))


def test_I6_too_many_parts_lines_and_bytes_are_refused_with_the_limit():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(600):
            archive.writestr(f"xl/{number}.xml", b"")
    assert "解压后超过" in words(file)

    def many(sheet):
        for number in range(150):
            sheet.append([number])

    assert words(saved(many)) == "工作表“表”超过100行，分成几个文件后再上传"
    assert words(io.BytesIO(b"x" * 200_001)) == "文件0.2 MB，超过0.190735 MB"

    # The last line of all, and the last column, named by two cells: no million of empty ones is made.
    def far(sheet):
        sheet["A1"], sheet["XFD1"] = "头", "远"

    assert len(read_book(saved(far), SMALL)["表"][0].cells) == 20


def test_entities_are_refused_whether_they_name_a_file_or_grow():
    bombs = (
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    )
    for bomb in bombs:
        file = io.BytesIO()
        with (
            zipfile.ZipFile(saved(lambda sheet: sheet.append(["a"]))) as source,
            zipfile.ZipFile(file, "w") as target,
        ):
            for part in source.infolist():
                content = source.read(part)
                if part.filename.startswith("xl/worksheets/"):
                    content = f"<?xml version='1.0'?>{bomb}".encode() + content
                target.writestr(part.filename, content)
        assert "实体声明" in words(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件不是.xlsx工作簿"),
        (b"%PDF-1.7", "文件不是.xlsx工作簿"),
        (b"PK\x03\x04" + b"\0" * 100, "文件不是.xlsx工作簿"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧格式（.xls）或有密码"),
    ],
)
def test_what_is_no_workbook_is_told_with_the_way_on(content, told):
    assert told in words(io.BytesIO(content))


def test_a_zip_without_a_workbook_is_told():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是工作簿" in words(file)


def test_a_workbook_with_macros_is_refused_whatever_it_is_called():
    file = saved(lambda sheet: sheet.append(["a"]))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    assert words(file) == "文件含有宏，另存为没有宏的.xlsx后再上传"
