"""Papers: the published list as a spreadsheet."""

from __future__ import annotations

from django.utils.translation import gettext as _
from openpyxl import Workbook

from nominations.outputs.xlsx import Sheet
from reviews.models import PublishedList
from reviews.outputs.list import title


def list_book(published: PublishedList) -> Workbook:
    """The listed columns of the list (P5), and a sheet that says which list it is and how to verify it."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, _("入榜名单"), [_("序号"), _("名称"), _("单位"), _("推荐单位"), _("领域")])
    for entry in published.entries:
        sheet.add([entry["seq"], *(entry[key] for key in ("name", "organisation", "unit", "track"))])
    about = Sheet(book, _("说明"), [_("项目"), _("内容")])
    about.add([_("标题"), title(published)])
    about.add([_("版本"), published.version])
    about.add([_("发布时间（北京时间）"), published.published_at])
    about.add([_("核验码"), published.check_code])
    if published.ranking.season.is_demo:
        about.add([_("说明"), _("演示数据，条目均为虚构")])
    return book
