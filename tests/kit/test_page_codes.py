"""Reading codes from pictures of real prints, each treated as scanners and phones treat it; always the same ones."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from benchmarks.reading import Form, papers, read
from kczg.kit import page_codes
from tests import photographs, stamping


@pytest.fixture(scope="module")
def form() -> Form:
    return Form("2022XD00017", 2)


@pytest.mark.parametrize("name", photographs.TREATMENTS)
def test_every_page_is_read_however_it_was_taken(form, name):
    chance = random.Random(f"2022 {name}")
    for number, page in enumerate(form.pages, start=1):
        picture = photographs.TREATMENTS[name](page, chance)
        assert {(mark.code, mark.page) for mark in read(picture)} == {(form.code, number)}, number


@pytest.mark.parametrize("degrees", range(0, 360, 15))
def test_a_page_is_read_at_any_angle(form, degrees):
    picture = form.pages[0].rotate(degrees, expand=True, fillcolor=photographs.DESK)
    assert [mark.page for mark in read(picture)] == [1]


def test_two_pages_in_one_picture_are_both_read(form):
    picture = photographs.side_by_side(form.pages[1], form.pages[2].rotate(180))
    assert sorted(mark.page for mark in read(picture)) == [2, 3]


def test_papers_are_judged_as_they_are(form):
    old, other = Form("2022XD00017", 1), Form("2022XD00018", 1)
    tried, right = papers(form, old, other, 2, random.Random(7))
    assert tried == right and len(tried) == 7


def test_a_picture_without_a_code_gives_none(form):
    covered = form.pages[0].copy()
    covered.paste("white", (0, covered.height * 9 // 10, covered.width, covered.height))
    assert page_codes.codes(covered) == [] and not page_codes.is_blank(covered)


def test_the_back_of_a_sheet_is_blank_and_a_line_of_text_is_not():
    sheet = Image.effect_noise((1240, 1754), 6).point(lambda value: 235 + (value - 128) // 4).convert("RGB")
    assert page_codes.is_blank(sheet)
    ImageDraw.Draw(sheet).text((200, 300), "A line of text that stands here alone", fill=0, font_size=34)
    assert not page_codes.is_blank(sheet)


def test_photos_are_turned_as_the_camera_was_held_and_made_no_larger_than_needed(form):
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (4400, 3200), "white").save(out, "JPEG", exif=exif)
    (picture,) = page_codes.pictures(io.BytesIO(out.getvalue()), "image/jpeg")
    assert picture.height > picture.width and max(picture.size) <= page_codes.LONGEST
    assert max(Image.open(io.BytesIO(page_codes.preview(picture))).size) <= 1414


def test_pages_of_a_pdf_come_one_by_one(form):
    content = stamping.pdf_of(form.pages)
    found = [page_codes.codes(one) for one in page_codes.pictures(io.BytesIO(content), "application/pdf")]
    assert [len(texts) for texts in found] == [1] * len(form.pages)
