"""The mark at the foot of each printed page: read back as a phone or a scanner reads it, out of the text's way."""

import hashlib
import io

import pikepdf
import pypdfium2

from kczg.kit import page_codes
from nominations.outputs import marks, pdf
from nominations.rules import check_code, scan
from tests.nominations.outputs.test_pdf import pages, paper, rich

DIGEST = hashlib.sha256(b"frozen").hexdigest()
CODE = check_code.from_digest(DIGEST)
SITE = "https://kczg.example.org"


def printed() -> marks.Marked:
    content = pdf.render(paper(rich(), code=CODE))
    return marks.marked(content, "2022XD00017", CODE, 3, DIGEST, SITE)


def test_each_page_says_which_it_is_and_leads_to_its_verification(client, db):
    made = printed()
    count = len(pages(made.content))
    texts = [
        page_codes.codes(one) for one in page_codes.pictures(io.BytesIO(made.content), "application/pdf")
    ]
    assert [len(found) for found in texts] == [1] * count == [1] * made.pages
    for number, (text,) in enumerate(texts, start=1):
        expected = scan.Mark(CODE, "2022XD00017", 3, DIGEST[:16], number, count)
        assert scan.parse(text) == expected
        answer = client.get(text.removeprefix(SITE.upper()))
        assert (answer.status_code, answer.url) == (302, f"/verify/{CODE}/")


def test_it_can_be_read_at_150_dpi_and_its_dots_are_not_too_small():
    made = printed()
    for page in pypdfium2.PdfDocument(made.content):
        assert page_codes.codes(page.render(scale=150 / 72, grayscale=True).to_pil().convert("L"))
    assert marks.SIDE / marks.MILLIMETRE >= 15
    # 33 dots a side up to an address of 90 signs.
    assert marks.SIDE / marks.MILLIMETRE / 33 > 0.4


def test_the_boxes_of_the_seals_are_found_and_the_text_is_as_it_was():
    plain, made = pdf.render(paper(rich(), code=CODE)), printed()
    assert pages(made.content) == pages(plain)
    assert set(made.seal_pages) == {"applicant", "recommender"}
    for key, label in (("applicant", "申报单位公章"), ("recommender", "推荐单位公章")):
        assert label in pages(made.content)[made.seal_pages[key] - 1]


def test_whoever_has_the_paper_read_aloud_does_not_hear_the_marks():
    with pikepdf.open(io.BytesIO(printed().content)) as document:
        for page in document.pages:
            drawn = b"".join(stream.read_bytes() for stream in page.Contents)
            assert drawn.count(b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC") == 1
