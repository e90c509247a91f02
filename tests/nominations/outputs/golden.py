"""The golden pages of the printed forms: what a person compared with annex 2 by eye, and kept.

``script/goldens`` prints them anew. Look at each picture that changed beside annex 2 before it is committed.

What makes them stable: WeasyPrint, pdfium and Pillow are locked with hashes, Pango and the fonts are packages of
Debian 12 (script/common.sh), the answers are always the same, and nothing is printed that depends on the day. The
foot is left out: its marks have tests of their own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from nominations.answers import walk
from nominations.outputs import pdf
from nominations.outputs.paper import FormPaper
from nominations.rankings import DECLARATIONS
from tests.cast_form import chinese, full_answers
from tests.nominations.outputs.drawn import body
from tests.nominations.rankings.samples import full

HERE = Path(__file__).parent / "golden"
ROOT = Path(__file__).resolve().parents[3]
DIFFERENT = ROOT / ".run" / "golden"
DPI = 56
FOOT = 25 / 297
"""The part of a page's height that isn't compared."""
GREYS = 16
SQUARE = 16
"""Pixels of a side of the squares that are compared by their mean; a missing tick is seen in one."""
TOLERANCE = 7
"""Levels of 255 by which a square may differ: the edges of letters, not a letter more or less."""
SEALERS = {"applicant": ("北京云脉传感科技有限公司", ""), "recommender": ("中国电子学会", "同意推荐。")}
FORMS = [
    ("pioneer_technology", ""),
    ("emerging_enterprise", ""),
    ("integrated_innovation", ""),
    ("startup_employment", "创业先锋"),
    ("startup_employment", "就业先锋"),
    ("technology_manager", ""),
    ("international_cooperation", ""),
    ("open_source", "开源产品"),
]


def answers_of(key: str, category: str) -> dict[str, Any]:
    """Complete answers, with sentences where the samples have one character many times."""
    if key == "pioneer_technology":
        return full_answers()
    return {
        name: chinese(len(value)) if isinstance(value, str) and len(value) > 99 else value
        for name, value in full(key, category).items()
    }


def paper_of(key: str, category: str, answers: dict[str, Any]) -> FormPaper:
    tree = walk(DECLARATIONS[key], answers, category=category, season_year=2022)
    return FormPaper(tree, "2022XX00001", "7K3M-Q9TA", SEALERS)


def printed(key: str, category: str) -> bytes:
    return pdf.render(paper_of(key, category, answers_of(key, category)))


def name_of(key: str, category: str) -> str:
    return {"创业先锋": f"{key}-startup", "就业先锋": f"{key}-employment"}.get(category, key)


def texts(content: bytes) -> str:
    """The words of all pages as they are drawn, without the feet and without white space, which is found by guesses.

    A line ends behind a mark, so that a difference shows where it is.
    """
    pages = [re.sub("([。；：）？])(?=[^。；：）？])", r"\1\n", page) for page in body(content)]
    return "\n\n".join(f"[{number}]\n{page}" for number, page in enumerate(pages, start=1)) + "\n"


def pictures(content: bytes) -> Iterator[Image.Image]:
    """Each page in grey, without its foot."""
    for page in pypdfium2.PdfDocument(content):
        whole = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
        body = whole.crop((0, 0, whole.width, round(whole.height * (1 - FOOT))))
        yield body.point(_step)


def _step(level: float) -> float:
    """The level of grey that is kept."""
    step = 255 // (GREYS - 1)
    return round(level / step) * step


def difference(kept: Image.Image, now: Image.Image) -> float:
    """By how many levels the square differs that differs most; 255 where the sizes do."""
    if kept.size != now.size:
        return 255.0
    squares = ImageChops.difference(kept, now).resize(
        (now.width // SQUARE, now.height // SQUARE), Image.Resampling.BOX
    )
    return float(squares.getextrema()[1])


def leave(name: str, kept: Image.Image, now: Image.Image) -> Path:
    """The kept page, the page as it is, and where they differ, side by side under .run/golden."""
    DIFFERENT.mkdir(parents=True, exist_ok=True)
    size = (max(kept.width, now.width), max(kept.height, now.height))
    sheets = [Image.new("L", size, 255) for _picture in range(2)]
    for sheet, picture in zip(sheets, (kept, now), strict=True):
        sheet.paste(picture)
    sheets.append(ImageChops.invert(ImageChops.difference(*sheets)))
    whole = Image.new("L", (size[0] * 3 + 16, size[1]), 128)
    for place, sheet in enumerate(sheets):
        whole.paste(sheet, (place * (size[0] + 8), 0))
    path = DIFFERENT / f"{name}.png"
    whole.save(path)
    return path


def renew() -> None:
    """Prints all golden pages anew."""
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    for key, category in FORMS:
        content, name = printed(key, category), name_of(key, category)
        (HERE / f"{name}.txt").write_text(texts(content), encoding="utf-8")
        for number, picture in enumerate(pictures(content), start=1):
            picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=GREYS).save(
                HERE / f"{name}-{number}.png", optimize=True, bits=4
            )
        sys.stdout.write(f"{name}\n")
