"""What a form's paper must say, in the order in which it is drawn; and what a PDF does say, without its feet."""

import re

import pypdfium2

from nominations.outputs.paper import Plain

BROKEN_AT_HYPHEN = "\x02"
"""What pdfium reads for a hyphen at a line's end."""
FOOT = 25 / 25.4 * 72
"""Points from the page's lower edge in which the number, the code and the page stand."""


def squeezed(text):
    return re.sub(r"\s+", "", text)


def body(content: bytes) -> list[str]:
    """The text of each page above its foot, in the order in which it is drawn, without white space."""
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_bounded(bottom=FOOT) for page in document]
    return [squeezed(text.replace(BROKEN_AT_HYPHEN, "-")) for text in texts]


def drawn(paper, with_sides=True):
    """Every label, note and answer of a paper. Side labels stand where a page has room for them."""
    words = [*paper.titles, paper.category]
    for part in paper.parts:
        if part.is_grid:
            words += part.side if with_sides else []
            for row in part.rows:
                for cell in row:
                    words += [cell.text] if isinstance(cell, Plain) else _beside(cell)
        else:
            words += [part.title, part.note]
            for block in part.blocks:
                words += [block.heading if not block.item.empty else "", *_answer(block.item, block.rows)]
    for box in paper.seals:
        words += [box.seal.label, *box.paragraphs, box.name, box.seal.stamp_label, "年月日"]
    return [word for word in words if word]


def _beside(cell):
    """A label and what stands beside it; a note on texts below the rows stands under the rows' heads."""
    question, table = cell.item.question, cell.rows
    if table and table.has_texts:
        heads = [head for _column, head in table.columns]
        return [question.label, *heads, question.note, *_answer(cell.item, table)[len(heads) :]]
    return [question.label, question.note, *_answer(cell.item, table)]


def _answer(item, table=None):
    question = item.question
    if question.box:
        signs = [(option.label, "√" if ticked else "□") for option, ticked in item.chosen]
        return ["".join(sign + label if question.box == "before" else label + sign for label, sign in signs)]
    if table:
        heads = [head for _column, head in table.columns] if table.is_shown else []
        return [*heads, *(text for cells, texts in table.entries for text in (*cells, *texts))]
    return item.paragraphs
