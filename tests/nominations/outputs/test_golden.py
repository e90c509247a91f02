"""The printed forms against their golden pages, at the extremes of their answers, and with rare characters."""

import re
from itertools import combinations

import pypdfium2
import pytest
from PIL import Image

from kczg.kit import papers
from nominations.outputs import pdf
from tests.cast_form import chinese
from tests.nominations.outputs import golden
from tests.nominations.outputs.drawn import body, drawn
from tests.nominations.outputs.test_pdf import in_order, words

RENEW = "script/goldens prints them anew; look at each beside annex 2"


@pytest.mark.parametrize(("key", "category"), golden.FORMS)
def test_pages_and_their_words_are_the_golden_ones(key, category):
    name = golden.name_of(key, category)
    content = golden.printed(key, category)
    kept = sorted(golden.HERE.glob(f"{name}-[0-9].png"))
    now = list(golden.pictures(content))
    told = []
    for number, picture in enumerate(now[: len(kept)], start=1):
        with Image.open(golden.HERE / f"{name}-{number}.png") as file:
            before = file.convert("L")
        if golden.difference(before, picture) > golden.TOLERANCE:
            told.append(str(golden.leave(f"{name}-{number}", before, picture)))
    assert told == [], f"other pages than the golden ones, see {told}; {RENEW}"
    assert len(now) == len(kept), RENEW
    assert golden.texts(content) == (golden.HERE / f"{name}.txt").read_text("utf-8"), RENEW


def test_a_changed_page_would_be_noticed():
    with Image.open(golden.HERE / "pioneer_technology-1.png") as file:
        page = file.convert("L")
    assert golden.difference(page, page) == 0
    shifted = Image.new("L", page.size, 255)
    shifted.paste(page, (0, 3))
    assert golden.difference(page, shifted) > golden.TOLERANCE
    assert golden.difference(page, page.crop((0, 0, 100, 100))) == 255
    assert golden.leave("a-changed-page", page, shifted).exists()


def test_the_golden_pages_are_small():
    assert sum(path.stat().st_size for path in golden.HERE.iterdir()) < 1_500_000


# --- The longest and the shortest answers ------------------------------------------------------------------


def longest(key, category):
    """Each text as long as allowed, many rows, long names, large figures."""
    answers = golden.answers_of(key, category)
    form = golden.DECLARATIONS[key].for_year(2022)
    parts = len([q for q in form.questions() if q.key.startswith("skills_")]) or 1
    for question in form.questions():
        given = answers.get(question.key)
        if question.kind == "long_text" and given is not None:
            answers[question.key] = chinese((question.max_count or 1200) // parts)
        if question.kind == "short_text":
            answers[question.key] = "高新技术产业开发区" * 5
        if question.kind == "email":
            answers[question.key] = "zhang.xiaoming_2022@sensing.cloudpulse-technology.com.cn"
        if question.kind == "any_of":
            answers[question.key] = [option.label for option in question.options]
        if question.kind == "rows" and given:
            answers[question.key] = [{**given[0], **_long(question)}] * 12
        if question.kind == "year_table" and given:
            figures = {row.key: "9876543210.55" for row in question.rows if not row.options}
            answers[question.key] = {k: [figures.get(k, v) for v in row] for k, row in given.items()}
    return answers


def _long(question):
    return {
        column.key: chinese(400) if column.kind == "long_text" else "国家技术转移东部中心有限责任公司" * 2
        for column in question.columns
        if column.kind in ("short_text", "long_text") and column.key != "period"
    }


def shortest(key, category):
    """One character a text where no more is asked, and nothing where nothing is."""
    form = golden.DECLARATIONS[key].for_year(2022)
    answers = golden.answers_of(key, category)
    return {
        question.key: "无"
        if question.kind == "long_text" and not question.min_count
        else answers[question.key]
        for question in form.questions()
        if question.required and question.key in answers
    }


LEFT, RIGHT, TOP, BOTTOM = 28, 210 - 26, 25, 297 - 25
"""The page's edges in millimetres."""


@pytest.mark.parametrize("extreme", [longest, shortest])
@pytest.mark.parametrize(("key", "category"), golden.FORMS)
def test_at_the_extremes_nothing_is_lost_or_cut(key, category, extreme, tmp_path):
    paper = golden.paper_of(key, category, extreme(key, category))
    content = pdf.render(paper)
    # Repeated heads and side labels stand between the pieces of a text that goes over a page.
    text = "".join(body(content))
    if extreme is shortest:
        in_order(text, drawn(paper, with_sides=False))
        assert len(body(content)) <= {"pioneer_technology": 3, "startup_employment": 4}.get(key, 3)
    for word in words(content, tmp_path):
        assert word.left >= LEFT - 0.1 and word.right <= RIGHT + 0.1, word
        assert word.top >= TOP - 0.1, word
        assert word.bottom <= BOTTOM + 0.1 or word.top >= BOTTOM, word
    for view in paper.tree.printed_sections:
        for item in view.items:
            if item.question.kind == "long_text":
                assert re.sub(r"\s", "", item.text)[-9:] in text, item.question.key


# --- Rare characters ---------------------------------------------------------------------------------------


def test_rare_characters_have_pictures_of_their_own():
    signs = "𡃁㐂𠮷䶮𬱖𰻝\U0010fffd"
    style = "<style>p { break-after: page; font-size: 90pt; margin: 0 }</style>"
    document = pypdfium2.PdfDocument(papers.render_html(style + "".join(f"<p>{sign}</p>" for sign in signs)))
    pictures = [page.render(scale=0.7).to_pil().convert("L").crop((40, 40, 250, 250)) for page in document]
    *rare, missing = pictures[: len(signs)]
    assert all(picture.getextrema()[0] < 128 for picture in rare)
    for one, other in combinations([*rare, missing], 2):
        assert one.tobytes() != other.tobytes()
