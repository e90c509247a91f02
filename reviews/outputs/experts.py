"""Papers: the body's experts as a workbook, in the columns of the template, so that it can be read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from nominations.catalogues import CATALOGUES
from nominations.models import ReviewBody, Track
from nominations.outputs.xlsx import Sheet
from reviews import queries
from reviews.inputs import experts as columns
from reviews.models import BodyExpert, Expert, ReviewPlan

LISTS = "选项"


def named(catalogue: str, codes: Iterable[str]) -> list[str]:
    """Entries of a catalogue as the notice has them, 农副食品加工业+13; an unknown code stays as it is."""
    found = [(code, CATALOGUES[catalogue].get(code)) for code in codes]
    return [f"{entry.name}+{code}" if entry else code for code, entry in found]


def shown_fields(expert: Expert, fields: Mapping[str, str]) -> str:
    """What an expert knows, in a line: tracks, industries, strategic industries, by name."""
    names = [fields.get(key, key) for key in expert.tracks]
    for catalogue, codes in (("industries", expert.industries), ("emerging_industries", expert.strategic)):
        names += [name.rpartition("+")[0] or name for name in named(catalogue, codes)]
    known = [expert.expertise, *names] if expert.expertise else names
    return _("、").join(dict.fromkeys(known))


def experts_book(groups: Iterable[str], rows: Iterable[Iterable[Any]] = ()) -> Workbook:
    """The template with the plan's groups to pick from; ``rows`` fill it in the order of the heads."""
    book, names = Workbook(write_only=True), list(groups)
    sheet = Sheet(book, columns.SHEET, columns.HEADS)
    if names:
        offered = DataValidation(
            type="list", formula1=f"'{LISTS}'!$A$1:$A${len(names)}", allow_blank=True, showErrorMessage=True
        )
        offered.error = _("从列表中选择")
        letter = get_column_letter(columns.HEADS.index(columns.GROUP) + 1)
        offered.add(f"{letter}2:{letter}{columns.MOST_LINES + 1}")
        sheet.validate(offered)
    for row in rows:
        sheet.add(row)
    _explain(book)
    if names:
        lists = Sheet(book, LISTS, names[:1])
        for name in names[1:]:
            lists.add([name])
        book[LISTS].sheet_state = "hidden"
    return book


def _explain(book: Workbook) -> None:
    sheet = Sheet(book, "填写说明", [_("列"), _("是否必填"), _("填写方法")])
    kept, several = _("留空的，不改动已有内容"), _("多项之间用分号“；”隔开")
    sheet.add([columns.NAME, _("必填"), _("与账号姓名一致")])
    sheet.add([columns.EMAIL, _("必填"), _("按邮箱与已有专家对应；邀请发到此邮箱")])
    sheet.add([columns.EMPLOYER, _("必填"), _("填写全称，用于回避比对")])
    for head in (columns.PARENT, columns.ADDRESS):
        sheet.add([head, _("选填"), _("用于回避比对") + "；" + kept])
    for head in (columns.POSITION, columns.EXPERTISE):
        sheet.add([head, _("选填"), kept])
    codes = _("写代码、名称，或名称+代码，例如农副食品加工业+13")
    for head in (columns.INDUSTRIES, columns.STRATEGIC):
        sheet.add([head, _("选填"), codes + "；" + several])
    sheet.add([columns.TRACKS, _("选填"), _("按榜单领域的名称填写，例如电子信息") + "；" + several])
    sheet.add([columns.GROUP, _("选填"), _("从列表中选择，以备案方案为准")])
    sheet.add([columns.MOST, _("选填"), _("整数；留空的，新加入的专家不限项数")])


def list_book(body: ReviewBody, track: Track, plan: ReviewPlan | None) -> Workbook:
    """Everybody whom a body has invited: the template filled in, and a sheet with answers and loads."""
    names = {group["key"]: group["name"] for group in (plan.expert_groups if plan else [])}
    fields = queries.fields_of(track.ranking.season)
    rows = list(queries.experts_at(body))
    book = experts_book(names.values(), [_columns(row, names, fields) for row in rows if row.is_active])
    heads = [
        *(columns.NAME, columns.EMAIL, _("状态"), _("邀请时间（北京时间）"), _("接受时间（北京时间）")),
        *(
            _("谢绝或退出时间（北京时间）"),
            _("原因"),
            _("已分配（项）"),
            _("已提交（项）"),
            _("最近评审（北京时间）"),
        ),
    ]
    sheet = Sheet(book, _("状态和任务"), heads)
    for row in rows:
        user = row.expert.user
        answer = [
            str(row.state.label),
            row.invited_at,
            row.accepted_at,
            row.left_at or row.declined_at,
            row.note,
        ]
        load = [row.assigned, row.submitted, row.last_active]  # type: ignore[attr-defined]
        sheet.add([user.name, user.email, *answer, *load])
    return book


def _columns(row: BodyExpert, groups: Mapping[str, str], fields: Mapping[str, str]) -> list[Any]:
    expert = row.expert
    return [
        *(expert.user.name, expert.user.email, expert.employer, expert.parent_organisation, expert.address),
        *(expert.position, expert.expertise),
        "；".join(named("industries", expert.industries)),
        "；".join(named("emerging_industries", expert.strategic)),
        "；".join(fields.get(key, key) for key in expert.tracks),
        groups.get(row.group, row.group),
        row.most,
    ]
