"""Papers of a unit: 推荐汇总表 and 遴选纪要, as data to be frozen, as PDF for the seal, as spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook

from kczg.kit import papers
from nominations import queries, selections
from nominations.models import RecommendingUnit, Selection, UnitPaper
from nominations.outputs.marks import Marked, marked
from nominations.outputs.xlsx import Sheet
from nominations.rules import check_code
from nominations.rules import selection as rules

SUMMARY, MINUTE = UnitPaper.Kind.SUMMARY, UnitPaper.Kind.MINUTE
LETTERS = {SUMMARY: "HZ", MINUTE: "LX"}
"""What stands in the number of such a paper: 2022HZ00012."""


def _head(unit: RecommendingUnit) -> dict[str, Any]:
    season = unit.season
    return {
        "year": season.year,
        "season": season.name,
        "unit": unit.organisation.name,
        "demo": season.is_demo,
    }


def summary_content(unit: RecommendingUnit) -> dict[str, Any]:
    """What the unit's summary says now: its standing recommendations in its own order, and its quota.

    Nothing in it tells the time at which it was asked for: the same recommendations are the same content.
    """
    rows = queries.standing_recommendations(unit)
    entries = [
        {
            "order": row.order,
            "number": row.nomination.number,
            "title": row.nomination.title,
            "applicant": row.nomination.applicant.name,
            "where": str(row.nomination.track),
            "channel": str(row.place.channel) if row.place else "",
            "recommended_at": row.recommended_at.isoformat(),
            "version": row.version.number,
            "code": row.version.check_code,
        }
        for row in rows
    ]
    sums = [
        {
            "where": f"{s.ranking}（{s.track}）" if s.track else s.ranking,
            "shares": [[share.channel, share.limit] for share in s.shares],
            "used": s.used,
            "limit": s.limit,
        }
        for s in queries.standings(unit)
    ]
    return {"kind": str(SUMMARY), **_head(unit), "entries": entries, "sums": sums}


def minute_content(selection: Selection) -> dict[str, Any]:
    """What the minute of a closed selection says: who stood, who voted, what came out, who decided what."""
    rows = selection.candidates.select_related("nomination__applicant", "version")
    stood = [
        {
            "number": row.nomination.number,
            "title": row.version.content["title"],
            "applicant": row.version.content["applicant"],
            "version": row.version.number,
            "code": row.version.check_code,
        }
        for row in rows.defer("nomination__answers")
    ]
    assert selection.closed_at is not None and selection.closed_by is not None  # only a closed one is printed
    return {
        "kind": str(MINUTE),
        **_head(selection.unit),
        "selection": selection.pk,
        "where": str(selection.track),
        "manner": selection.manner,
        "named": selection.named,
        "places": selection.places,
        "opened_at": selection.opened_at.isoformat(),
        "closed_at": selection.closed_at.isoformat(),
        "chair": selection.chair,
        "recorder": selection.closed_by.name,
        "candidates": stood,
        **selection.result,
        "decision": selection.decision,
    }


def content_now(row: UnitPaper) -> dict[str, Any] | None:
    """What the same paper would say now; None where its selection was cancelled."""
    if row.kind == SUMMARY:
        return summary_content(row.unit)
    selection = row.selection
    return minute_content(selection) if selection is not None and selection.is_closed else None


def stands(row: UnitPaper) -> bool:
    """Whether a paper still says what there is to say: nothing was changed since."""
    content = content_now(row)
    return content is not None and check_code.digest(content) == row.digest


def certified(row: UnitPaper) -> dict[str, Any]:
    """What anybody may know of a paper by its check code: how many items it has, and whether it stands (P5)."""
    content = row.content
    count = len(content["entries"] if row.kind == SUMMARY else content["candidates"])
    return {"unit": content["unit"], "season": content["season"], "count": count, "stands": stands(row)}


def number(row: UnitPaper) -> str:
    """The number of a unit's papers of a kind; the version tells them apart."""
    return f"{row.content['year']}{LETTERS[UnitPaper.Kind(row.kind)]}{row.selection_id or row.unit_id:05d}"


def file_name(row: UnitPaper) -> str:
    """2022年推荐汇总表（中国电子学会）7K3M-Q9TA.pdf."""
    content = row.content
    return f"{content['year']}年{UnitPaper.Kind(row.kind).label}（{content['unit']}）{row.check_code}.pdf"


def paper(row: UnitPaper) -> Marked:
    """The frozen paper as PDF with a box for the seal, its check code and a mark on every page."""
    content = row.content
    facts: dict[str, Any] = {"paper": row, "content": content, "made_at": row.made_at}
    if row.kind == SUMMARY:
        facts["entries"] = [
            {**entry, "at": datetime.fromisoformat(entry["recommended_at"])} for entry in content["entries"]
        ]
        facts["sums"] = [_sum(each) for each in content["sums"]]
        facts["limit"], facts["total"], facts["left"] = _total(content)
    else:
        facts["opened_at"] = datetime.fromisoformat(content["opened_at"])
        facts["closed_at"] = datetime.fromisoformat(content["closed_at"])
        facts["lines"] = _result(content)
        facts["ranked"] = content["manner"] == "ranking"
    printed = papers.render_template(f"papers/unit_{row.kind}.html", facts)
    return marked(printed, number(row), row.check_code, row.number, row.digest, settings.SITE_URL)


def _sum(row: Mapping[str, Any]) -> dict[str, Any]:
    words = "＋".join(str(limit) for _channel, limit in row["shares"]) if len(row["shares"]) > 1 else ""
    return {**row, "words": words, "left": row["limit"] - row["used"]}


def _total(content: Mapping[str, Any]) -> tuple[int, int, int]:
    """All tracks together: limit, used, left."""
    limit, used = (sum(each[name] for each in content["sums"]) for name in ("limit", "used"))
    return limit, used, limit - used


def _result(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a minute as they stand after the chair's decision, each with whether it may go up at once."""
    titles = {entry["number"]: entry["title"] for entry in content["candidates"]}
    lines = selections.ordered(content["lines"], content["decision"])
    waiting = set(titles)
    words = {True: "是", False: "否"}
    shown = []
    for line in lines:
        verdict = rules.judge_going_up(lines, line.number, waiting, (), content["places"])
        word = "待裁定" if verdict.code == "tied" else words[verdict.ok]
        shown.append({**asdict(line), "title": titles[line.number], "word": word})
    return shown


SUMMARY_HEADS = (
    "序号", "推荐排序", "申报编号", "名称", "申报单位", "榜单、领域", "名额（推荐渠道）",
    "推荐时间（北京时间）", "版本", "核验码",
)  # fmt: skip


def summary_book(unit: RecommendingUnit) -> Workbook:
    """The summary as it stands now, as a spreadsheet: what is recommended, and the quota."""
    content = summary_content(unit)
    book = Workbook(write_only=True)
    sheet = Sheet(book, _("推荐汇总表"), [_(head) for head in SUMMARY_HEADS])
    for place, entry in enumerate(content["entries"], start=1):
        names = ("order", "number", "title", "applicant", "where", "channel")
        moment = datetime.fromisoformat(entry["recommended_at"])
        sheet.add([place, *(entry[name] for name in names), moment, entry["version"], entry["code"]])
    sums = Sheet(book, _("名额"), [_("榜单、领域"), _("各渠道名额"), _("名额"), _("已推荐"), _("剩余")])
    for row in content["sums"]:
        shares = _("，").join(f"{channel}{limit}" for channel, limit in row["shares"])
        sums.add([row["where"], shares, row["limit"], row["used"], row["limit"] - row["used"]])
    sums.add([_("合计"), "", *_total(content)])
    about = Sheet(book, _("说明"), [_("项目"), _("内容")])
    about.add([_("推荐单位"), content["unit"]])
    about.add([_("年度"), content["year"]])
    if content["demo"]:
        about.add([_("说明"), _("演示数据，条目均为虚构")])
    return book
