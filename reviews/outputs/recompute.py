"""A frozen result computed anew: from the rows of the database, and by anyone from an export that needs neither."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from reviews import meetings, queries
from reviews.models import PreliminaryResult
from reviews.outputs.result import frozen_rows
from reviews.rules import voting

STANDALONE = Path(__file__).resolve().parent.parent / "standalone"
"""What the export holds besides data: how to recompute, in words and as a program that shares no code with us."""
PACKED_AT = (2022, 1, 1, 0, 0, 0)
"""One moment for every file of an export, so that the same result always gives the same bytes."""


# --- Against the database ----------------------------------------------------------------------------------


def first_difference(result: PreliminaryResult) -> str:
    """Where the frozen rows and what the database gives now part for the first time, in words; empty: nowhere."""
    ranked = queries.ranked_result(result.track, result.plan)
    anew = frozen_rows(ranked, queries.recipe_digest(result.plan))
    if len(anew) != len(result.rows):
        words = _("冻结的结果有%(frozen)d行，重算为%(anew)d行")
        return words % {"frozen": len(result.rows), "anew": len(anew)}
    for line, (frozen, fresh) in enumerate(zip(result.rows, anew, strict=True), start=1):
        for (what, one), (_what, two) in zip(_facts(frozen), _facts(fresh), strict=True):
            if one != two:
                words = _("第%(line)d行%(number)s，%(what)s：冻结的为%(frozen)s，重算为%(anew)s")
                facts = {"line": line, "number": frozen["number"], "what": what, "frozen": one, "anew": two}
                return words % facts
    return ""


def _facts(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a row says of figures and order; a name or a comment that was corrected since is no difference."""
    yield _("申报编号"), row["number"]
    yield _("得分"), row["exact"]
    yield _("名次"), row["rank"]
    yield _("并列"), row["tied"]
    yield _("初评通过"), row["shortlisted"]
    yield _("计分办法"), row.get("recipe")
    yield _("初评通过数"), row.get("line")
    sheets = sorted(row["sheets"], key=lambda sheet: sheet["expert"])
    yield _("评分"), [(sheet["expert"], sheet.get("group"), sheet["scores"]) for sheet in sheets]


# --- For anyone --------------------------------------------------------------------------------------------


def export_name(result: PreliminaryResult) -> str:
    """What the ZIP is saved as: 2022年先导技术榜（电子信息）初评结果复算.zip."""
    facts = {"year": result.track.ranking.season.year, "track": str(result.track)}
    return _("%(year)d年%(track)s初评结果复算") % facts + ".zip"


def export(result: PreliminaryResult) -> bytes:
    """A frozen result as a ZIP from which anyone recomputes it; the same bytes for the same result."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in export_files(result).items():
            file.writestr(zipfile.ZipInfo(name, PACKED_AT), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def export_files(result: PreliminaryResult) -> dict[str, bytes]:
    """Name → content: recipe, scores under the experts' codes, result, how to recompute it, checksums."""
    code = _codes(result)
    scores = [
        (row["number"], code[sheet["expert"]], sheet["group"], criterion, score)
        for row in result.rows
        for sheet in row["sheets"]
        for criterion, score in sheet["scores"].items()
    ]
    ranked = [
        (row["rank"], int(row["tied"]), int(row["shortlisted"]), row["number"], row["exact"])
        for row in result.rows
    ]
    files = {
        "recipe.json": _recipe(result),
        "scores.csv": _csv(("nomination", "expert", "group", "criterion", "score"), sorted(scores)),
        "result.csv": _csv(("rank", "tied", "shortlisted", "nomination", "figure"), ranked),
        **_meeting(result),
        **{name: (STANDALONE / name).read_bytes() for name in ("README.txt", "recompute.py")},
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return {**files, "SHA256SUMS": sums.encode()}


def _meeting(result: PreliminaryResult) -> dict[str, bytes]:
    """The votes that decided, by numbers and without a member's name; nothing where no meeting did."""
    meeting = meetings.behind(result)
    if meeting is None:
        return {}
    said = meeting.result
    number = {candidate["nomination"]: candidate["number"] for candidate in said["candidates"]}
    polls = [
        {
            "candidates": [number[pk] for pk in row["candidates"]],
            "entitled": {
                number[pk]: count
                for pk, count in voting.entitled_to(row["candidates"], row["electors"]).items()
            },
            "ballots": sorted([number[pk] for pk in ballot] for ballot in row["ballots"]),
        }
        for row in said["rounds"]
        if not row["annulled"]
    ]
    facts = {
        "wanted": said["wanted"],
        "rounds": said["rounds_most"],
        "order": list(number.values()),
        "polls": polls,
    }
    return {"meeting.json": (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()}


def _codes(result: PreliminaryResult) -> dict[int, str]:
    """Expert → E01, E02 …, in an order that says nothing about who it is; the same for the same result."""
    experts = {sheet["expert"] for row in result.rows for sheet in row["sheets"]}
    mixed = sorted(experts, key=lambda pk: hashlib.sha256(f"{result.digest}:{pk}".encode()).digest())
    width = max(2, len(str(len(mixed))))
    return {pk: f"E{number:0{width}d}" for number, pk in enumerate(mixed, start=1)}


def _recipe(result: PreliminaryResult) -> bytes:
    track = result.track
    facts = {
        "recipe": queries.recipe_of(result.plan).as_json(),
        "digest": queries.recipe_digest(result.plan),
        "shortlist": result.rows[0]["line"],
        "season": track.ranking.season.year,
        "ranking": track.ranking.key,
        "track": track.key,
        "plan": result.plan.number,
        "result_digest": result.digest,
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([head, *rows])
    return written.getvalue().encode()
