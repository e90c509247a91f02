"""python -m benchmarks.reading [--each 18]: how well stamped papers are read, from pictures made of real prints.

Each page is printed, sealed and then treated as scanners and phones treat it (tests/photographs.py), with a
seed. Recall: of the pages shown, those that were read. False alarms: whole papers of which something amiss was
told, and pages that were read as another page. Missed: papers that lack a page, or hold a doubled, foreign or
old one, and were taken for whole. The same seed gives the same pictures.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import servers

servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402

django.setup()

from PIL import Image  # noqa: E402

from kczg.kit import page_codes  # noqa: E402
from nominations.outputs import marks, pdf  # noqa: E402
from nominations.rules import check_code, scan  # noqa: E402
from nominations.rules.scan import Paper, Picture, Spot  # noqa: E402
from tests import photographs, stamping  # noqa: E402
from tests.nominations.outputs.test_pdf import paper, rich  # noqa: E402


class Form:
    """A version that was printed and stamped: its pages as pictures, and its paper as the rules know it."""

    def __init__(self, number: str, version: int = 1):
        digest = check_code.digest({"number": number, "version": version})
        code = check_code.from_digest(digest)
        printed = marks.marked(
            pdf.render(paper(rich(), code=code)), number, code, version, digest, "https://kczg.cast.org.cn"
        )
        self.code = code
        self.pages = [stamping.stamped(page) for page in stamping.pages(printed.content)]
        whole = frozenset(range(1, printed.pages + 1))
        self.paper = Paper(number, code, digest, printed.pages, whole)


def read(picture: Image.Image) -> tuple[scan.Mark, ...]:
    found = page_codes.codes(picture.convert("L"))
    return tuple(mark for text in found if (mark := scan.parse(text)))


def single_pages(
    form: Form, each: int, chance: random.Random
) -> tuple[Counter, Counter, Counter, list[float]]:
    """Every treatment on so many pages: shown, read, read wrongly, and how long each took."""
    shown, right, wrong, taken = Counter(), Counter(), Counter(), []
    for name, treat in {**photographs.TREATMENTS, **photographs.BEYOND}.items():
        for turn in range(each):
            page = turn % len(form.pages)
            picture = treat(form.pages[page], chance)
            began = time.perf_counter()
            pages = {mark.page for mark in read(picture) if mark.code == form.code}
            taken.append(time.perf_counter() - began)
            shown[name] += 1
            right[name] += page + 1 in pages
            wrong[name] += bool(pages - {page + 1})
    return shown, right, wrong, taken


def verdict(form: Form, pictures: list[Image.Image], others: dict) -> list[str]:
    read_ones = [Picture(Spot(1, n), read(picture)) for n, picture in enumerate(pictures, start=1)]
    return [finding.kind for finding in scan.judge(form.paper, read_ones, others, {})]


def papers(form: Form, old: Form, other: Form, rounds: int, chance: random.Random) -> tuple[Counter, Counter]:
    """Whole papers and faulty ones, photographed by hand: how often each was tried, and judged as it should be."""
    tried, right = Counter(), Counter()
    moment = {form.code: None, old.code: None}
    for _round in range(rounds):
        photos = [photographs.skewed(page, chance) for page in form.pages]
        place = chance.randrange(len(photos))
        pair = photographs.side_by_side(form.pages[0], form.pages[1])
        cases: dict[str, tuple[list[Image.Image], str]] = {
            "whole": (photos, ""),
            "whole, swapped": (photos[::-1], ""),
            "whole, two in a picture": ([pair, *photos[2:]], ""),
            "a page missing": (photos[:place] + photos[place + 1 :], "missing"),
            "a page doubled": ([*photos, photographs.at_an_angle(form.pages[place], chance)], "doubled"),
            "a foreign page": (photos[:place] + [other.pages[place]] + photos[place + 1 :], "foreign"),
            "a page of an old version": (
                photos[:place] + [old.pages[place]] + photos[place + 1 :],
                "outdated",
            ),
        }
        for name, (pictures, expected) in cases.items():
            found = verdict(form, pictures, moment)
            tried[name] += 1
            right[name] += found == [] if not expected else expected in found
    return tried, right


def measure(each: int, seed: int) -> None:
    chance = random.Random(seed)
    form, old, other = Form("2022XD00017", 2), Form("2022XD00017", 1), Form("2022XD00018", 1)
    shown, right, wrong, taken = single_pages(form, each, chance)
    print(f"{'pages':<28}{'shown':>8}{'read':>8}{'recall':>9}{'wrong':>8}")
    for name in shown:
        rate = right[name] / shown[name]
        print(f"{name:<28}{shown[name]:>8}{right[name]:>8}{rate:>9.1%}{wrong[name]:>8}")
    promised = {name: shown[name] for name in photographs.TREATMENTS}
    total, good = sum(promised.values()), sum(right[name] for name in promised)
    print(f"{'all that is promised':<28}{total:>8}{good:>8}{good / total:>9.1%}{wrong.total():>8}")
    slow = sorted(taken)[int(len(taken) * 0.95)]
    print(f"a picture: median {statistics.median(taken) * 1000:.0f} ms, p95 {slow * 1000:.0f} ms\n")
    tried, judged = papers(form, old, other, max(1, each // 2), chance)
    print(f"{'papers':<28}{'tried':>8}{'right':>8}")
    for name in tried:
        print(f"{name:<28}{tried[name]:>8}{judged[name]:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=18, help="pictures of each treatment")
    parser.add_argument("--seed", type=int, default=2022)
    asked = parser.parse_args()
    measure(asked.each, asked.seed)


if __name__ == "__main__":
    main()
