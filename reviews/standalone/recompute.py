"""Recomputes a preliminary result from the files beside this one and says whether the frozen order is right.

    python recompute.py [folder or ZIP]

It needs nothing but Python 3.8; the rules are those of README.txt. Exit 0: identical; 1: differs, or a file was changed.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from math import floor, isqrt
from pathlib import Path


def read(place):
    """The files of a folder or a ZIP, by name."""
    if place.is_dir():
        return {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    with zipfile.ZipFile(str(place)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def median(values):
    kept = sorted(values)
    half = len(kept) // 2
    return kept[half] if len(kept) % 2 else mean(kept[half - 1 : half + 1])


def deviation(values):
    middle = mean(values)
    variance = mean([(value - middle) ** 2 for value in values])
    return Fraction(isqrt(floor(variance * 10**80)), 10**40)


def rounded(value):
    """Six decimals, halves up, as a whole number of millionths."""
    return floor(value * 10**6 + Fraction(1, 2))


def written(millionths):
    sign, whole = "-" if millionths < 0 else "", abs(millionths)
    return f"{sign}{whole // 10**6}.{whole % 10**6:06d}"


def standardise(sheets):
    by_expert = defaultdict(list)
    for sheet in sheets:
        by_expert[sheet["expert"]].append(sheet["total"])
    everything = [sheet["total"] for sheet in sheets]
    middle, width = mean(everything), deviation(everything)
    for sheet in sheets:
        own = by_expert[sheet["expert"]]
        theirs = deviation(own)
        z = (sheet["total"] - mean(own)) / theirs if theirs else 0
        sheet["value"] = middle + z * width


def figure(recipe, sheets):
    values = sorted(sheet["value"] for sheet in sheets)
    if recipe["kind"] == "trimmed" and len(values) >= 3:
        return mean(values[1:-1])
    if recipe["kind"] == "median":
        return median(values)
    if recipe["kind"] == "weighted":
        share, weight = Fraction(0), 0
        for group in recipe["groups"]:
            ours = [sheet["value"] for sheet in sheets if sheet["group"] == group["key"]]
            if ours:
                share, weight = share + group["weight"] * mean(ours), weight + group["weight"]
        if weight:
            return share / weight
    return mean(values)


def ties(recipe, sheets):
    criteria = sorted(recipe["criteria"], key=lambda criterion: -criterion["weight"])
    means = [mean([sheet["scores"][criterion["key"]] for sheet in sheets]) for criterion in criteria]
    totals = [sheet["total"] for sheet in sheets]
    asked = {
        "heaviest": means[:1],
        "next": means[1:],
        "median": [median(totals)],
        "spread": [min(totals) - max(totals)],
    }
    return [value for rule in recipe["ties"] for value in asked[rule]]


def result(recipe, shortlist, scores):
    """The lines of result.csv, computed anew."""
    known: dict = {}
    for row in scores:
        key = (row["nomination"], row["expert"])
        sheet = known.setdefault(
            key, {"nomination": key[0], "expert": key[1], "group": row["group"], "scores": {}}
        )
        sheet["scores"][row["criterion"]] = Fraction(row["score"])
    sheets = list(known.values())
    for sheet in sheets:
        weighed = [
            criterion["weight"] * sheet["scores"][criterion["key"]] for criterion in recipe["criteria"]
        ]
        sheet["total"] = sheet["value"] = sum(weighed, Fraction(0)) / recipe["scale"]
    if recipe["kind"] == "standardised" and sheets:
        standardise(sheets)
    by_nomination = defaultdict(list)
    for sheet in sheets:
        by_nomination[sheet["nomination"]].append(sheet)
    values = {
        key: tuple(rounded(value) for value in [figure(recipe, ours), *ties(recipe, ours)])
        for key, ours in by_nomination.items()
    }
    count = Counter(values.values())
    found: list = []
    rank = 0
    for place, key in enumerate(sorted(values, key=lambda key: ([-v for v in values[key]], key)), start=1):
        if not found or values[key] != values[found[-1]["nomination"]]:
            rank = place
        found.append(
            {
                "rank": str(rank),
                "tied": str(int(count[values[key]] > 1)),
                "shortlisted": str(int(rank <= shortlist)),
                "nomination": key,
                "figure": written(values[key][0]),
            }
        )
    return found


def turn(seats, poll):
    """Who is voted in by a round, and who stands in the next one."""
    votes = Counter(number for ballot in poll["ballots"] for number in ballot)
    may = poll["entitled"]
    share = {n: Fraction(votes[n], may[n]) if may[n] else Fraction(0) for n in poll["candidates"]}
    passed = sorted((n for n in poll["candidates"] if share[n] >= Fraction(2, 3)), key=lambda n: -share[n])
    if len(passed) > seats and share[passed[seats]] == share[passed[seats - 1]]:
        line = share[passed[seats]]
        return [n for n in passed if share[n] > line], [n for n in poll["candidates"] if share[n] == line]
    left = seats - len(passed)
    rest = [n for n in poll["candidates"] if n not in passed] if left > 0 else []
    above = [n for n in rest if share[n] > min(share[m] for m in rest)]
    return passed[:seats], above if len(above) >= max(left, 1) else rest


def elected(meeting):
    """Who is voted in, in order, and the first round that has other candidates than the rules say; 0: none."""
    found: list = []
    standing = meeting["order"]
    for place, poll in enumerate(meeting["polls"], start=1):
        if poll["candidates"] != standing or place > meeting["rounds"]:
            return found, place
        chosen, standing = turn(meeting["wanted"] - len(found), poll)
        found += chosen
    return found, 0


def by_vote(lines, chosen):
    """The lines as the meeting decided: who is voted in first, the others by their scores behind."""
    known = {line["nomination"]: line for line in lines}
    first = [
        {**known[number], "rank": str(place), "tied": "0", "shortlisted": "1"}
        for place, number in enumerate(chosen, start=1)
    ]
    others = [line for line in lines if line["nomination"] not in chosen]
    ranks = [line["rank"] for line in others]
    return first + [
        {
            **line,
            "rank": str(len(first) + 1 + ranks.index(line["rank"])),
            "tied": str(int(ranks.count(line["rank"]) > 1)),
            "shortlisted": "0",
        }
        for line in others
    ]


def differences(files):
    """What is wrong, in words; nothing where all is right."""
    for line in files["SHA256SUMS"].decode("utf-8").splitlines():
        said, name = line.split(None, 1)
        if hashlib.sha256(files[name]).hexdigest() != said:
            yield f"{name}: changed since the export"
    given = json.loads(files["recipe.json"].decode("utf-8"))
    recipe = given["recipe"]
    canonical = json.dumps(recipe, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(canonical.encode("utf-8")).hexdigest() != given["digest"]:
        yield "recipe.json: the digest is not the recipe's"
    anew, frozen = result(recipe, given["shortlist"], rows(files["scores.csv"])), rows(files["result.csv"])
    if "meeting.json" in files:
        meeting = json.loads(files["meeting.json"].decode("utf-8"))
        chosen, wrong = elected(meeting)
        if wrong or meeting["order"] != [line["nomination"] for line in anew]:
            yield f"meeting.json: round {wrong or 1} has other candidates than the rules say"
        anew = by_vote(anew, chosen)
    if len(anew) != len(frozen):
        yield f"result.csv: {len(frozen)} lines, recomputed {len(anew)}"
        return
    for number, two in enumerate(anew):
        one = frozen[number]
        for name in two:
            if one[name] != two[name]:
                yield f"line {number + 1}, {name}: frozen {one[name]}, recomputed {two[name]}"


def main(arguments):
    files = read(Path(arguments[0]) if arguments else Path(__file__).resolve().parent)
    wrong = list(differences(files))
    for words in wrong:
        print(words)
    if not wrong:
        print(f"OK: {len(rows(files['result.csv']))} nominations, order and figures identical")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
