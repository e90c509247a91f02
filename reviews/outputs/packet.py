"""Papers: a track's tasks of one expert as a workbook to score in offline; ``inputs/packet.py`` reads it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kczg.kit import signing
from kczg.kit.models import Job
from nominations.models import Track
from nominations.outputs.xlsx import Sheet
from reviews import blinding, queries
from reviews.models import Assignment, ReviewPlan
from reviews.rules.scale import levels

SHEET, KEY, EXPLANATIONS = "打分", "校验", "填写说明"
LINE, LABEL, TITLE, COMMENT, ADVICE = "序号", "编号", "名称", "评审意见", "给申报人的意见"


def heads(plan: ReviewPlan) -> dict[str, str]:
    """Criterion key → the head of its column; no two alike."""
    found: dict[str, str] = {}
    for number, criterion in enumerate(plan.criteria, start=1):
        found[criterion["key"]] = f"指标{number} {criterion['name']}（{criterion['weight']}%）"
    return found


def packet(track: Track, plan: ReviewPlan, sheets: Sequence[Assignment], job: Job) -> Workbook:
    """The workbook: instructions, a line each task, the form of each, and the hidden key that binds it."""
    book = Workbook(write_only=True)
    _explain(book, track, plan)
    table = Sheet(book, SHEET, [LINE, LABEL, TITLE, *heads(plan).values(), COMMENT, ADVICE])
    table.validate(_bounds(plan, len(sheets)))
    labels: dict[str, list[int]] = {}
    views = []
    for number, sheet in enumerate(blinding.in_order(sheets, plan), start=1):
        view = blinding.for_expert(sheet, plan)
        kept = {score.criterion: score.value for score in sheet.scores.all()}
        given = [kept.get(criterion["key"]) for criterion in plan.criteria]
        table.add([number, view.label, view.title, *given, sheet.comment, sheet.comment_applicant])
        labels[view.label] = [sheet.pk, sheet.edit_version]
        views.append(view)
        job.progress(number, len(sheets))
    for view in views:
        _form(book, view)
    _sign(book, sheets[0].expert_id, track, plan, labels)
    return book


def _bounds(plan: ReviewPlan, count: int) -> DataValidation:
    bounds = DataValidation(
        type="decimal", operator="between", formula1="0", formula2=str(plan.scale), allow_blank=True,
        showErrorMessage=True,
    )  # fmt: skip
    bounds.error = _("填写0—%(scale)d之间的数，最多1位小数") % {"scale": plan.scale}
    first, last = get_column_letter(4), get_column_letter(3 + len(plan.criteria))
    bounds.add(f"{first}2:{last}{count + 1}")
    return bounds


def _explain(book: Workbook, track: Track, plan: ReviewPlan) -> None:
    sheet = Sheet(book, EXPLANATIONS, [_("项目"), _("说明")])
    sheet.add([_("领域"), str(track)])
    sheet.add([_("填写"), _("在“打分”工作表填写得分和意见；其后每个工作表是一项申报的申报表")])
    sheet.add([_("留空"), _("留空的单元格不改动已保存的内容")])
    sheet.add([_("读回"), _("保存为.xlsx后在“离线评审”页上传，先列出改动，确认后才保存；不能使用公式和宏")])
    sheet.add([_("保密"), _("文件含申报内容，仅供本人评审使用，读回后删除")])
    for criterion, head in zip(plan.criteria, heads(plan).values(), strict=True):
        sheet.add([head, criterion.get("meaning", "")])
    for level in levels(plan.scale_words, plan.scale):
        sheet.add([level.word, level.range])
    sheet.add([_("计分办法"), str(plan.get_recipe_display())])
    sheet.add([_("计分办法摘要"), queries.recipe_digest(plan)])


def _form(book: Workbook, view: blinding.ExpertView) -> None:
    sheet = Sheet(book, view.label[:31], [_("部分"), _("项目"), _("内容")])
    sheet.add(["", _("名称"), view.title])
    if view.applicant:
        sheet.add(["", _("申报单位"), view.applicant])
    for part in view.tree.sections if view.tree else ():
        for item in part.items:
            sheet.add([part.title, item.question.name, "" if item.empty else item.text])
    for file in view.files:
        sheet.add([_("附件"), file.name, _("在网页上查看")])


def _sign(book: Workbook, expert: int, track: Track, plan: ReviewPlan, labels: dict[str, Any]) -> None:
    """The key: for whom, of which track, by which recipe, and the version of each sheet, signed by the site."""
    facts = {
        "expert": expert, "track": track.pk, "plan": plan.pk, "digest": queries.recipe_digest(plan), "sheets": labels,
    }  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    sheet = book.create_sheet(KEY)
    sheet.sheet_state = "hidden"
    sheet.append([text])
    sheet.append([signing.sign(text.encode())])


def packet_name(track: Track, stamp: str) -> str:
    """What the browser saves it as."""
    return f"{track.ranking.season.year}年{track}离线评审{stamp}.xlsx"
