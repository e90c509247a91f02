"""会议纪要: a meeting as data to be frozen with its ballots, and as a paper for the signatures and the seals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kczg.kit import papers
from nominations.outputs.marks import Marked, marked
from nominations.rules import check_code
from reviews import meetings
from reviews.models import Meeting, Round
from reviews.rules import voting

LETTERS = "HY"
"""What stands in the number of such a paper: 2022HY00012."""


def content(meeting: Meeting, rounds: Sequence[Round]) -> dict[str, Any]:
    """What the minute of a meeting that is being closed says, and every ballot without a name.

    From ``candidates``, ``wanted``, ``rounds_most`` and the rounds' ``electors`` and ``ballots`` anybody entitled
    counts ``elected`` again by rules/voting.py.
    """
    track = meeting.track
    members = list(meeting.members.select_related("expert__user"))
    assert meeting.opened_at and meeting.closed_at and meeting.closed_by
    attended = {expert for row in rounds for expert in row.recused}
    now = meetings.standing(meeting, rounds)
    return {
        "kind": "meeting",
        "year": track.ranking.season.year,
        "demo": track.ranking.season.is_demo,
        "where": str(track),
        "bodies": [str(body) for body in track.bodies.select_related("organisation")],
        "meeting": meeting.pk,
        "title": meeting.title,
        "place": meeting.place,
        "agenda": meeting.agenda,
        "opened_at": meeting.opened_at.isoformat(),
        "closed_at": meeting.closed_at.isoformat(),
        "recorder": meeting.closed_by.name,
        "plan": meeting.plan.number,
        "wanted": meeting.wanted,
        "rounds_most": meeting.rounds_most,
        "members": [
            {
                "expert": row.expert_id,
                "name": row.expert.user.name,
                "employer": row.expert.employer,
                "chair": row.chair,
                "present": row.expert_id in attended,
            }
            for row in members
        ],
        "candidates": meeting.candidates,
        "rounds": [_round(row) for row in rounds],
        "elected": now.elected,
        "left": now.seats,
        "note": meeting.note,
    }


def _round(row: Round) -> dict[str, Any]:
    return {
        "number": row.number,
        "seats": row.seats,
        "candidates": row.candidates,
        "electors": row.electors,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else "",
        "annulled": row.reason if row.annulled_at else "",
        "ballots": row.ballots,
    }


def recounted(content: dict[str, Any]) -> list[int] | None:
    """The outcome once more from what was frozen; None where a round had other candidates than the rules say."""
    polls = [
        voting.Poll(row["candidates"], {int(e): ids for e, ids in row["electors"].items()}, row["ballots"])
        for row in content["rounds"]
        if not row["annulled"]
    ]
    order = [candidate["nomination"] for candidate in content["candidates"]]
    wanted, most = content["wanted"], content["rounds_most"]
    if voting.astray(wanted, most, order, polls):
        return None
    return voting.standing(wanted, most, order, polls).elected


def number(meeting: Meeting) -> str:
    return f"{meeting.result['year']}{LETTERS}{meeting.pk:05d}"


def file_name(meeting: Meeting) -> str:
    """2022年先导技术榜（电子信息）会议纪要7K3M-Q9TA.pdf."""
    return f"{meeting.result['year']}年{meeting.result['where']}会议纪要{meeting.check_code}.pdf"


def certified(meeting: Meeting) -> dict[str, Any]:
    """What anybody may know of a minute by its check code; nothing of the vote (P5)."""
    said = meeting.result
    facts = {"year": said["year"], "where": said["where"]}
    return {
        "title": _("%(year)d年%(where)s会议纪要") % facts,
        "bodies": said["bodies"],
        "closed_at": meeting.closed_at,
        "stands": check_code.digest(said) == meeting.digest,
    }


def paper(meeting: Meeting) -> Marked:
    """The frozen minute as PDF: a line for each member's signature, a box for each body's seal, a mark on every page."""
    said = meeting.result
    known = {candidate["nomination"]: candidate for candidate in said["candidates"]}
    names = {member["expert"]: member["name"] for member in said["members"]}
    rounds = list(meeting.rounds.all())
    lines = {row.number: each for row, each in meetings.told(meeting, rounds)}
    facts = {
        "meeting": meeting,
        "content": said,
        "opened_at": datetime.fromisoformat(said["opened_at"]),
        "closed_at": datetime.fromisoformat(said["closed_at"]),
        "present": [member for member in said["members"] if member["present"]],
        "absent": [member for member in said["members"] if not member["present"]],
        "chair": next(member["name"] for member in said["members"] if member["chair"]),
        "recused": _recused(said, known, names),
        "rounds": [{**row, "lines": lines.get(row["number"], []), **_counts(row)} for row in said["rounds"]],
        "elected": [known[pk] for pk in said["elected"]],
    }
    printed = papers.render_template("papers/meeting_minute.html", facts)
    return marked(printed, number(meeting), meeting.check_code, 1, meeting.digest, settings.SITE_URL)


def _counts(row: dict[str, Any]) -> dict[str, int]:
    electors = {int(expert): ids for expert, ids in row["electors"].items()}
    return {
        "present": len(electors),
        "entitled": len(voting.voters(row["candidates"], electors)),
        "cast": len(row["ballots"]),
    }


def _recused(
    said: dict[str, Any], known: dict[int, dict[str, Any]], names: dict[int, str]
) -> list[dict[str, Any]]:
    """Per candidate who didn't vote on it in any round, in the members' order."""
    away: dict[int, set[int]] = {}
    for row in said["rounds"]:
        for expert, ids in row["electors"].items():
            for pk in ids:
                away.setdefault(pk, set()).add(int(expert))
    return [
        {**known[pk], "names": [name for expert, name in names.items() if expert in away[pk]]}
        for pk in known
        if pk in away
    ]
