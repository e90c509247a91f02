"""Tasks: the jobs that this app owes to somebody, done by the worker. A handler may run twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task

from accounts.letters import deliver
from accounts.permissions import may
from kczg.kit import clock, papers
from kczg.kit.models import Job, StoredFile
from kczg.kit.outbox import job
from nominations import notices
from nominations.actions import (
    attachments,
    closing,
    digests,
    reading,
    reminders,
    twins,
    unit_import,
    units_import,
)
from nominations.inputs.answers import CATEGORY, OWN_NUMBER
from nominations.models import (
    Nomination,
    Ranking,
    RecommendingUnit,
    SealedScan,
    Season,
    UnitImport,
    UnitPaper,
    UnitsImport,
    Version,
)
from nominations.outputs import blank, pdf, receipt, template, unit_paper, xlsx
from nominations.outputs.tallies import tables, tallies

A_WEEK = timedelta(days=7)
"""So long exports and drafts on paper are kept; they can be made again at any time."""


def file_checked(sender: Any, file: StoredFile, **_signal: Any) -> None:
    """The check of a file is over: the draft that names it says so."""
    attachments.follow_check(file)


@shared_task(name="nominations.tasks.clear_files")
def clear_files() -> int:
    """Deletes files that nothing names any more."""
    return attachments.clear_away(clock.now())


def reads_version(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for the applicant whose form it is."""
    found = Version.objects.select_related("nomination").filter(pk=args["version_id"]).first()
    return found is not None and bool(may(user, "nomination.view_as_applicant", found.nomination))


def reads_draft(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for the applicant whose draft it is."""
    found = Nomination.objects.filter(pk=args["nomination_id"]).first()
    return found is not None and bool(may(user, "nomination.view_as_applicant", found))


def reads_season(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still belongs to the secretariat."""
    return bool(may(user, "season.manage"))


def reads_unit_paper(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for the unit whose paper it is."""
    found = UnitPaper.objects.select_related("unit").filter(pk=args["paper_id"]).first()
    return found is not None and bool(may(user, "unit.print", found.unit))


def reads_unit(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for the unit."""
    found = RecommendingUnit.objects.filter(pk=args["unit_id"]).first()
    return found is not None and bool(may(user, "unit.print", found))


@job("unit_paper", reads_unit_paper)
def unit_paper_pdf(owed: Job, paper_id: int) -> None:
    """Prints a frozen paper of a unit: its summary, or the minute of a selection."""
    row = UnitPaper.objects.select_related("unit").get(pk=paper_id)
    owed.progress(0, 1)
    owed.attach(unit_paper.file_name(row), unit_paper.paper(row).content)
    owed.progress(1, 1)


@job("unit_summary_xlsx", reads_unit, lives=A_WEEK)
def unit_summary_xlsx(owed: Job, unit_id: int) -> None:
    """Writes 推荐汇总表 of a unit as a spreadsheet, as it stands when the worker comes to it."""
    unit = RecommendingUnit.objects.select_related("season", "organisation").get(pk=unit_id)
    owed.progress(0, 1)
    stamp = xlsx.stamp(clock.now())
    name = f"{unit.season.year}年推荐汇总表（{unit.organisation.name}）{stamp}.xlsx"
    xlsx.attach(owed, name, unit_paper.summary_book(unit))
    owed.progress(1, 1)


@job("form_pdf", reads_version)
def form_pdf(owed: Job, version_id: int) -> None:
    """Prints the form of a frozen version; the first print says how many pages come back with a stamp."""
    version = Version.objects.select_related("nomination__ranking", "nomination__season").get(pk=version_id)
    name = f"{version.content['number']}申报表{version.check_code}.pdf"
    owed.attach(name, print_version(version))


def print_version(version: Version) -> bytes:
    """The paper of a version; the first print says how many pages it has, and where the seals stand."""
    printed = pdf.form_pdf(version)
    Version.objects.filter(pk=version.pk, pages=None).update(
        pages=printed.pages, seal_pages=printed.seal_pages
    )
    return printed.content


@job("read_scan")
def read_scan(owed: Job, scan_id: int) -> None:
    """Reads the pages of a stamped paper that came since, and says whether it is whole."""
    scan = SealedScan.objects.select_related("version__nomination").filter(pk=scan_id).first()
    if scan is None or scan.lifted_at is not None:
        return
    if scan.version.pages is None:
        print_version(scan.version)
        scan.version.refresh_from_db()
    reading.read(scan, owed)


@job("draft_pdf", reads_draft, lives=A_WEEK)
def draft_pdf(owed: Job, nomination_id: int, edit_version: int) -> None:
    """Prints a draft. ``edit_version`` makes each state a debt of its own; the newest state is what is printed."""
    nomination = Nomination.objects.select_related(
        "ranking", "season", "applicant", "unit__organisation"
    ).get(pk=nomination_id)
    owed.attach(f"{nomination.number}草稿.pdf", pdf.draft_pdf(nomination))


@job("receipt_pdf", reads_draft)
def receipt_pdf(owed: Job, nomination_id: int) -> None:
    """Prints the receipt of what was submitted last."""
    nomination = Nomination.objects.select_related("ranking", "season").get(pk=nomination_id)
    owed.attach(f"{nomination.number}回执.pdf", receipt.receipt_pdf(nomination))


@shared_task(name="nominations.tasks.close_gates")
def close_gates() -> int:
    """Signs the closing lists that are due; the schedule asks every half minute (D3)."""
    return len(closing.close_gates(clock.now()))


@shared_task(name="nominations.tasks.remind")
def remind() -> int:
    """Owes the reminders that are due; each goes out once."""
    return reminders.remind(clock.now())


@shared_task(name="nominations.tasks.owe_digests")
def owe_digests() -> int:
    """Owes the daily digests that are due; each goes out once."""
    return digests.owe_digests(clock.now())


@job("nomination_xlsx", reads_draft, lives=A_WEEK)
def nomination_xlsx(owed: Job, nomination_id: int, edit_version: int) -> None:
    """Writes a nomination as a workbook that reads back; ``edit_version`` makes each state a debt of its own."""
    nomination = Nomination.objects.select_related("ranking", "season").get(pk=nomination_id)
    form = nomination.ranking.online_form.for_year(nomination.season.year)
    filled = template.Filled([nomination.number, nomination.category], nomination.answers)
    book = template.book(form, [OWN_NUMBER, CATEGORY], [filled])
    xlsx.attach(owed, f"{nomination.number}.xlsx", book)
    owed.progress(1, 1)


@job("unit_import_check")
def unit_import_check(owed: Job, import_id: int) -> None:
    """The dry run of a unit's workbook."""
    unit_import.check(UnitImport.objects.select_related("ranking", "unit__season").get(pk=import_id), owed)


@job("unit_import")
def unit_import_apply(owed: Job, import_id: int) -> None:
    """The import of a unit's workbook, in one transaction; when it runs again it finds that it is done."""
    unit_import.apply(import_id, owed)


@job("units_import_check")
def units_import_check(owed: Job, import_id: int) -> None:
    """The dry run of the secretariat's units."""
    units_import.check(UnitsImport.objects.select_related("season").get(pk=import_id), owed)


@job("units_import")
def units_import_apply(owed: Job, import_id: int) -> None:
    """The import of the secretariat's units, in one transaction; when it runs again it finds that it is done."""
    units_import.apply(import_id, owed)


@job("import_mail")
def import_mail(owed: Job, import_id: int, user_id: int) -> None:
    """Tells a contact of the drafts that a unit's import has made."""
    deliver(owed, notices.handed_over(import_id, user_id), clock.now())


@job("blank_form")
def blank_form(owed: Job, ranking_id: int) -> None:
    """Prints a ranking's blank form, for everybody to download from its page."""
    ranking = Ranking.objects.select_related("season").get(pk=ranking_id)
    form = ranking.online_form.for_year(ranking.season.year)
    owed.attach(blank.file_name(form, ranking.season.year), blank.blank_pdf(form))


@job("nominations_xlsx", reads_season, lives=A_WEEK)
def nominations_xlsx(owed: Job, season_id: int, at: str, wanted: dict[str, str] | None = None) -> None:
    """Writes the master table as filtered; the file's name tells when and whether it was filtered."""
    season = Season.objects.get(pk=season_id)
    word = "申报总表（已筛选）" if wanted else "申报总表"
    name = f"{season.year}年{word}{xlsx.stamp(datetime.fromisoformat(at))}.xlsx"
    xlsx.attach(owed, name, xlsx.nominations_book(season, wanted or {}, owed))


@job("tallies_xlsx", reads_season, lives=A_WEEK)
def tallies_xlsx(owed: Job, season_id: int, at: str) -> None:
    """Writes 统计汇总表 of a season."""
    season = Season.objects.get(pk=season_id)
    name = f"{season.year}年统计汇总表{xlsx.stamp(datetime.fromisoformat(at))}.xlsx"
    xlsx.attach(owed, name, xlsx.tallies_book(season))


@job("tallies_pdf", reads_season, lives=A_WEEK)
def tallies_pdf(owed: Job, season_id: int, at: str) -> None:
    """Prints 统计汇总表 of a season."""
    season, moment = Season.objects.get(pk=season_id), datetime.fromisoformat(at)
    name = f"{season.year}年统计汇总表{xlsx.stamp(moment)}.pdf"
    facts = {"season": season, "at": moment, "tables": tables(tallies(season))}
    owed.attach(name, papers.render_template("papers/tallies.html", facts))


@job("compare_twins")
def compare_twins(owed: Job, version_id: int) -> None:
    """Compares what was submitted with all that stands in its ranking, and tells of what seems to be one entry."""
    twins.compare(version_id, clock.now())


@job("notice_mail")
def notice_mail(owed: Job, name: str, **thing: int) -> None:
    """Tells everybody of one step."""
    deliver(owed, notices.LETTERS[name](**thing), clock.now())
