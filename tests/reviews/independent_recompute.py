"""A second reader of the export: whole numbers only, written from README.txt alone, importing nothing of ours.

    python -I independent_recompute.py export.zip

A value is a pair (numerator, denominator); what is compared is a whole number of millionths. Prints the result's
lines; exit 1 where they are not those of result.csv.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from math import gcd


def add(*values):
    top, bottom = 0, 1
    for a, b in values:
        top, bottom = top * b + a * bottom, bottom * b
        common = gcd(top, bottom)
        top, bottom = top // common, bottom // common
    return top, bottom


def over(value, count):
    return value[0], value[1] * count


def average(values):
    return over(add(*values), len(values))


def millionths(value):
    """⌊x·10⁶ + ½⌋ of a pair, by whole-number division."""
    top, bottom = value
    return (2 * top * 1_000_000 + bottom) // (2 * bottom)


def whole_root(n):
    """The largest whole number whose square is not above n, by bisection."""
    low, high = 0, 1
    while high * high <= n:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle * middle <= n else (low, middle)
    return low


def spread_of(values):
    """Mean and cut-off root of the variance."""
    m = average(values)
    squares = []
    for a, b in values:
        top, bottom = a * m[1] - m[0] * b, b * m[1]
        squares.append((top * top, bottom * bottom))
    top, bottom = average(squares)
    return m, (whole_root(top * 10**80 // bottom), 10**40)


def in_order(values):
    """Sorted pairs, by cross-multiplication: all are brought to one denominator."""
    common = 1
    for _top, bottom in values:
        common *= bottom
    return [(n, common) for n in sorted(top * (common // bottom) for top, bottom in values)]


def middle_of(values):
    kept = in_order(values)
    half = len(kept) // 2
    return kept[half] if len(kept) % 2 else average([kept[half - 1], kept[half]])


def tenths(text):
    """88.5 → 885/10."""
    whole, _dot, part = text.partition(".")
    return int(whole + part), 10 ** len(part)


def standard(totals):
    """(nomination, expert) → M + z·S."""
    of_expert = {}
    for (_nomination, expert), value in totals.items():
        of_expert.setdefault(expert, []).append(value)
    known = {expert: spread_of(values) for expert, values in of_expert.items()}
    big, s = spread_of(list(totals.values()))
    found = {}
    for key, value in totals.items():
        own, width = known[key[1]]
        if width[0] == 0:
            found[key] = big
            continue
        gap = add(value, (-own[0], own[1]))
        z = gap[0] * width[1], gap[1] * width[0]
        found[key] = add(big, (z[0] * s[0], z[1] * s[1]))
    return found


def joined(recipe, values, groups):
    kind = recipe["kind"]
    if kind == "trimmed" and len(values) > 2:
        return average(in_order(values)[1:-1])
    if kind == "median":
        return middle_of(values)
    if kind == "weighted":
        parts, weights = [], 0
        for group in recipe["groups"]:
            ours = [value for value, name in zip(values, groups, strict=True) if name == group["key"]]
            if ours:
                top, bottom = average(ours)
                parts.append((top * group["weight"], bottom))
                weights += group["weight"]
        if weights:
            return over(add(*parts), weights)
    return average(values)


def lines(recipe, shortlist, scores):
    given, group_of = {}, {}
    for row in scores:
        key = row["nomination"], row["expert"]
        given.setdefault(key, {})[row["criterion"]] = tenths(row["score"])
        group_of[key] = row["group"]
    totals = {}
    for key, marks in given.items():
        parts = [(marks[c["key"]][0] * c["weight"], marks[c["key"]][1]) for c in recipe["criteria"]]
        totals[key] = over(add(*parts), recipe["scale"])
    values = standard(totals) if recipe["kind"] == "standardised" else totals
    heavy_first = sorted(enumerate(recipe["criteria"]), key=lambda pair: (-pair[1]["weight"], pair[0]))
    compared = {}
    for nomination in {key[0] for key in totals}:
        keys = [key for key in totals if key[0] == nomination]
        means = [average([given[key][c["key"]] for key in keys]) for _place, c in heavy_first]
        sums = in_order([totals[key] for key in keys])
        answers = {
            "heaviest": means[:1],
            "next": means[1:],
            "median": [middle_of(sums)],
            "spread": [add(sums[0], (-sums[-1][0], sums[-1][1]))],
        }
        figure = joined(recipe, [values[key] for key in keys], [group_of[key] for key in keys])
        asked = [answer for rule in recipe["ties"] for answer in answers[rule]]
        compared[nomination] = [millionths(value) for value in [figure, *asked]]
    found = []
    for nomination in sorted(compared):
        mine = compared[nomination]
        rank = 1 + sum(other > mine for other in compared.values())
        tied = sum(other == mine for other in compared.values()) > 1
        sign, size = "-" * (mine[0] < 0), abs(mine[0])
        figure = f"{sign}{size // 1_000_000}.{size % 1_000_000:06d}"
        found.append((rank, nomination, int(tied), int(rank <= shortlist), figure))
    return [
        f"{rank},{tied},{passed},{number},{figure}" for rank, number, tied, passed, figure in sorted(found)
    ]


def main(path):
    with zipfile.ZipFile(path) as packed:
        said = json.loads(packed.read("recipe.json"))
        scores = list(csv.DictReader(io.StringIO(packed.read("scores.csv").decode())))
        frozen = packed.read("result.csv").decode().split()[1:]
    plain = json.dumps(said["recipe"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(plain.encode()).hexdigest()
    anew = lines(said["recipe"], said["shortlist"], scores)
    print("\n".join(anew))
    return 0 if anew == frozen and digest == said["digest"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
