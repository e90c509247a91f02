"""Papers: spreadsheets, written row by row so that memory stays the same however long they are (openpyxl)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kczg.kit.clock import local
from kczg.kit.models import Job
from kczg.kit.workbooks import escaped
from nominations import queries
from nominations.answers import walk
from nominations.fields import kind_of
from nominations.models import Nomination, Ranking, Recommendation, Season, Version
from nominations.outputs.tallies import province_name, tables, tallies

STEP = 200
"""After so many rows the page is told how far the work is."""
WIDEST = 60
MOMENT = "yyyy-mm-dd hh:mm:ss"


class Formula(str):
    """A formula of our own making, to be calculated; it holds nothing that anybody typed."""


class Sheet:
    """One sheet of a book, with its heads in bold and standing still, above and left of the cell ``still``."""

    def __init__(self, book: Workbook, title: str, heads: Sequence[str], still: str = "A2"):
        self._sheet = book.create_sheet(title)
        self._sheet.freeze_panes = still
        for place, head in enumerate(heads, start=1):
            width = min(max(len(head) * 2 + 2, 12), WIDEST)
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        self._sheet.append([self._cell(head, bold=True) for head in heads])

    def validate(self, validation: DataValidation) -> None:
        """Lets cells offer a list."""
        self._sheet.data_validations.append(validation)

    def add(self, values: Iterable[Any]) -> None:
        """One row: texts, whole numbers, decimals, moments or formulas; None is an empty cell."""
        self._sheet.append([self._cell(value) for value in values])

    def _cell(self, value: Any, bold: bool = False) -> Cell:
        if isinstance(value, datetime):
            # A spreadsheet knows no time zones: the wall clock in Beijing, as the heads say.
            cell = WriteOnlyCell(self._sheet, local(value).replace(tzinfo=None, microsecond=0))
            cell.number_format = MOMENT
            return cell
        if isinstance(value, Formula):
            return WriteOnlyCell(self._sheet, str(value))
        if not isinstance(value, str):
            return WriteOnlyCell(self._sheet, value)
        cell = WriteOnlyCell(self._sheet, escaped(ILLEGAL_CHARACTERS_RE.sub("", value)))
        # A text that begins like a formula stays a text: nothing that was typed is ever calculated.
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if bold:
            cell.font = Font(bold=True)
        return cell


def attach(job: Job, name: str, book: Workbook) -> None:
    """Keeps a finished book as the job's file."""
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        job.attach(name, File(file, name=name))


HEADS = (
    "申报编号", "榜单", "领域", "名称", "申报单位", "省份", "推荐单位", "推荐渠道", "状态",
    "状态时间（北京时间）", "提交时间（北京时间）", "版本", "核验码",
)  # fmt: skip


def nominations_book(season: Season, wanted: Mapping[str, str], job: Job) -> Workbook:
    """The master table as filtered, and for each ranking with a form a sheet with all answers.

    The walk that pages print fills the cells. Rows are read in portions and written at once.
    """
    book = Workbook(write_only=True)
    table = Sheet(book, _("申报总表"), [_(head) for head in HEADS])
    details: dict[int, Details] = {}
    rows = queries.filtered(season, wanted)
    total = rows.count()
    job.progress(0, total)
    standing = Recommendation.objects.filter(ended_at=None).select_related("place__channel")
    handed_in = Prefetch("versions", Version.objects.submitted(), "handed_in")
    related = (Prefetch("recommendations", standing, "standing"), handed_in)
    for number, nomination in enumerate(rows.prefetch_related(*related).iterator(chunk_size=STEP), start=1):
        table.add(_facts(nomination))
        if nomination.ranking.form is not None:
            if nomination.ranking_id not in details:
                details[nomination.ranking_id] = Details(book, nomination.ranking, season.year)
            details[nomination.ranking_id].add(nomination)
        if number % STEP == 0:
            job.progress(number, total)
    job.progress(total, total)
    return book


def _facts(nomination: Nomination) -> Iterator[Any]:
    recommendation = next(iter(nomination.standing), None)  # type: ignore[attr-defined]
    version = next(reversed(nomination.handed_in), None)  # type: ignore[attr-defined]
    yield from (nomination.number, nomination.ranking.name, nomination.track.name if nomination.track else "")
    yield from (
        nomination.title,
        nomination.applicant.name,
        province_name(nomination.applicant.province_code),
    )
    yield nomination.unit.organisation.name if nomination.unit else ""
    yield recommendation.place.channel.name if recommendation else ""
    yield from (nomination.state_label, nomination.state_since, nomination.submitted_at)
    yield from (version.number, version.check_code) if version else (None, "")


class Details:
    """The sheet with all answers of one ranking; a column for each cell of each question, as declared."""

    def __init__(self, book: Workbook, ranking: Ranking, year: int):
        assert ranking.form is not None
        self.year = year
        self.form = ranking.form
        self.blanks: dict[str, list[tuple[str, Any]]] = {}
        for question in self.form.for_year(year).questions():
            kind = kind_of(question)
            self.blanks[question.key] = kind.cells(question, kind.blank())
        heads = [
            _("申报编号"),
            _("申报项"),
            *([_("类别")] if self.form.categories else []),
            *(head for cells in self.blanks.values() for head, _value in cells),
        ]
        self.sheet = Sheet(book, ranking.name[:31], heads)

    def add(self, nomination: Nomination) -> None:
        """The nomination's answers; what isn't asked in its track stays empty."""
        tree = walk(
            self.form,
            nomination.answers,
            track=nomination.track.name if nomination.track else "",
            category=nomination.category,
            season_year=self.year,
        )
        given = {item.question.key: item.cells for item in tree.items if not item.empty}
        cells = [
            value for key, blank in self.blanks.items() for _head, value in given.get(key, _emptied(blank))
        ]
        category = [nomination.category] if self.form.categories else []
        self.sheet.add([nomination.number, nomination.title, *category, *cells])


def _emptied(cells: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(head, None) for head, _value in cells]


def tallies_book(season: Season) -> Workbook:
    """统计汇总表: a sheet for each of its tables."""
    book = Workbook(write_only=True)
    for table in tables(tallies(season)):
        sheet = Sheet(book, table.title, table.heads)
        for row in table.rows:
            sheet.add(row)
    return book


def stamp(at: datetime) -> str:
    """The moment as it stands in a file's name, such as 20221028-1430."""
    return f"{local(at):%Y%m%d-%H%M}"
