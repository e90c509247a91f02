"""Page, PDF, spreadsheet and data of generated nominations say the same, question by question.

Each of ten nominations a ranking is shown in all four ways. What the JSON document says is the measure: the page's
answers and the sheet's cells are read back and must equal its texts; the PDF must hold its values in printed order.
"""

import json as plain_json
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from nominations.answers import walk
from nominations.catalogues import CATALOGUES
from nominations.fields import kind_of
from nominations.models import Nomination, Ranking, Track
from nominations.outputs import json as data
from nominations.outputs import pdf, xlsx
from nominations.outputs.page import blocks
from nominations.outputs.paper import FormPaper
from nominations.rankings import DECLARATIONS
from tests.nominations.fields.answers import answers_to
from tests.nominations.outputs.drawn import body, drawn, squeezed
from tests.nominations.outputs.test_pdf import in_order

NOMINATIONS = 10
YEAR = 2022
SEALERS = {"applicant": ("示例申报单位", ""), "recommender": ("中国示例学会", "同意推荐。")}
ROW = " · "
"""What parts the cells of a row where the row is one text."""


@pytest.mark.parametrize("key", DECLARATIONS)
def test_page_pdf_sheet_and_data_say_the_same(key):
    form = DECLARATIONS[key].for_year(YEAR)

    # The same ten each time: a failure is found again by running the test again.
    @settings(
        max_examples=NOMINATIONS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def agree(drawing):
        category = drawing.draw(st.sampled_from([option.label for option in form.categories] or [""]))
        answers = drawing.draw(answers_to(form, _track(drawing, form), category))
        compare(key, category, answers)

    with translation.override("zh-hans"):
        agree()


def _track(drawing, form):
    question = form.question("track")
    return drawing.draw(st.sampled_from([option.label for option in question.options])) if question else ""


def compare(key, category, answers):
    tree = walk(DECLARATIONS[key], answers, category=category, season_year=YEAR)
    said = plain_json.loads(plain_json.dumps(data.document(tree, number="2022XX00001")))
    questions = {q["key"]: q for section in said["sections"] for q in section["questions"]}
    assert {k: q["value"] for k, q in questions.items()} == said["answers"]
    assert said["answers"] == {item.question.key: item.value for item in tree.items}
    on_page, in_sheet = read_page(tree), read_sheet(key, category, tree)
    for item in tree.items:
        texts = questions[item.question.key]["text"]
        assert on_page[item.question.key] == squeezed(texts.replace(ROW, "")), item.question.key
        assert in_sheet[item.question.key] == texts, item.question.key
    # The paper's measure is made from what the data say, read back.
    again = walk(DECLARATIONS[key], said["answers"], tree.track, category, YEAR)
    content = pdf.render(FormPaper(tree, "2022XX00001", "7K3M-Q9TA", SEALERS))
    in_order("".join(body(content)), drawn(FormPaper(again, "", "7K3M-Q9TA", SEALERS), with_sides=False))


# --- The page ----------------------------------------------------------------------------------------------


def read_page(tree):
    """Each answer as the check page shows it, without white space; "" where it says 未填写."""
    found = {}
    for block in blocks(tree):
        html = render_to_string("nominations/applicant/answers.html", {"part": block})
        shown = [each for each in ElementTree.fromstring(html) if each.tag == "dd"]
        for line, answer in zip(block.lines, shown, strict=True):
            found[line.item.question.key] = squeezed(page_words(line.item.question, answer))
    return found


def page_words(question, answer):
    for warning in answer.findall("div[@class='warnings']") + answer.findall("ul[@class='warnings']"):
        answer.remove(warning)
    if answer.find("span[@class='blank']") is not None:
        return ""
    if question.kind == "year_table":
        heads = ["".join(head.itertext()) for head in answer.iter("th")][
            1 : len(question.years) + question.mean + 1
        ]
        rows = [["".join(cell.itertext()) for cell in row] for row in answer.find("table/tbody")]
        return "".join(
            year_words(label, heads, ["" if c == "--" else c for c in cells]) for label, *cells in rows
        )
    if question.kind == "rows":
        cells = ["".join(cell.itertext()) for cell in answer.iter("td")]
        return "".join("" if cell == "--" else cell for cell in cells)
    if question.kind in ("industry", "licence"):
        return "、".join(picked(question, "".join(entry.itertext())) for entry in answer.iter("li"))
    return "".join(answer.itertext())


def picked(question, shown):
    """An entry of a catalogue as paper has it, from the page's path: 制造业 › 谷物磨制（131） is 谷物磨制+131."""
    if question.kind == "licence":
        return shown.partition("（")[0]
    path, _, code = shown.strip().rpartition("（")
    name = path.split("›")[-1].strip()
    assert CATALOGUES[question.catalogue].get(code.rstrip("）")).name == name
    return f"{name}+{code.rstrip('）')}"


def year_words(label, heads, cells):
    return f"{label}：" + "，".join(f"{head}{cell}" for head, cell in zip(heads, cells, strict=True) if cell)


# --- The sheet ---------------------------------------------------------------------------------------------


def read_sheet(key, category, tree):
    """Each answer as the sheet's cells have it, as one text; "" where they are empty."""
    ranking = Ranking(key=key, name="榜单", declaration=DECLARATIONS[key].to_json())
    track = Track(ranking=ranking, name=tree.track) if tree.track else None
    answers = {item.question.key: item.value for item in tree.items}
    nomination = Nomination(
        number="2022XX00001", ranking=ranking, track=track, title="名", category=category, answers=answers
    )
    book = Workbook(write_only=True)
    xlsx.Details(book, ranking, YEAR).add(nomination)
    file = BytesIO()
    book.save(file)
    heads, row = ([cell.value for cell in line] for line in load_workbook(file)["榜单"].iter_rows())
    assert row[0] == "2022XX00001" and (not category or category in row[:4])
    asked = [
        (question.key, head)
        for question in DECLARATIONS[key].for_year(YEAR).questions()
        for head, _cell in kind_of(question).cells(question, kind_of(question).blank())
    ]
    # What tells nominations apart stands before the answers, and one of its heads may be a question's too.
    assert heads[-len(asked) :] == [head for _key, head in asked]
    cells = dict(zip(asked, row[-len(asked) :], strict=True))
    return {item.question.key: sheet_words(item.question, cells) for item in tree.items}


def sheet_words(question, cells):
    kind = kind_of(question)
    heads = [head for head, _cell in kind.cells(question, kind.blank())]
    found = {head: cells[question.key, head] or "" for head in heads}
    if question.kind != "year_table":
        (text,) = found.values()
        return text
    columns = [*question.years, *(["平均值"] if question.mean else [])]
    rows = [
        year_words(row.label, columns, [found[f"{question.name} {row.label} {head}"] for head in columns])
        for row in question.rows
    ]
    return "\n".join(rows) if any(found.values()) else ""
