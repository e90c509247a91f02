"""Stamping: freezing a version to be stamped, taking scans of it in, confirming a page by eye, going back to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kczg.kit import uploads
from kczg.kit.models import Job, StoredFile
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.storage import private_storage
from kczg.kit.verdicts import NOT_FOUND, Refused, refuse
from nominations import frozen, queries, scans, transitions
from nominations.actions import applicant
from nominations.actions.reopened import judge_questions, judge_whole
from nominations.models import Nomination, ScanFile, SealedScan, Version
from nominations.rules import scan as rules

PURPOSE = "sealed_scan"
MOST_FILES = 60
"""Of one scan: the longest form has about thirty pages, each photographed by itself, some twice."""


def _locked(nomination: Nomination) -> Nomination:
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)


@transaction.atomic
def freeze_to_stamp(nomination: Nomination, by: Actor, at: datetime) -> Version:
    """Freezes the complete form and owes its paper; asked twice without a change it is the same version.

    Refused with ``incomplete`` (422) and the list of what is missing, and like any edit.
    """
    locked = _locked(nomination)
    applicant.judge_edit(locked, by, at)
    problems = applicant.problems_of_form(locked)
    if problems:
        raise Refused(applicant.incomplete(problems))
    version = frozen.standing(locked)
    if version is None:
        version = applicant.freeze(locked, by, at)
        record("frozen", locked, by, at, season_year=locked.season.year, version_code=version.check_code)
    key = f"form_pdf:{version.pk}"
    failed = Job.objects.filter(key=key, state=Job.State.FAILED).exists()
    owe("form_pdf", key, owner=by.user, again=failed, version_id=version.pk)
    return version


def version_to_seal(nomination: Nomination, seal: str, by: Actor, at: datetime) -> Version:
    """The version whose scan this person may change now; raises Refused.

    The applicant's is the one that stands, while the form may be edited; the unit's what was submitted to it
    and waits for its recommendation.
    """
    if seal == frozen.RECOMMENDER:
        transitions.judge(nomination, "recommend", by, at, permission="nomination.prepare").or_raise()
        if not frozen.asks_seal(nomination, seal):
            raise Refused(NOT_FOUND)
        return nomination.latest_version
    applicant.judge_edit(nomination, by, at)
    if not frozen.asks_seal(nomination, seal):
        raise Refused(NOT_FOUND)
    version = frozen.standing(nomination)
    if version is None:
        words = _("先生成盖章版PDF，再上传盖章扫描件")
        raise Refused(refuse("no_version", words, _("修改过申报表后，需重新生成、打印和盖章"), status=409))
    return version


def take_in(
    nomination: Nomination, seal: str, files: Sequence[UploadedFile], by: Actor, at: datetime
) -> list[str]:
    """Adds files to the scan and owes its reading. Returns why files were refused, by name; the others are kept.

    Raises Refused outside the call, for another's nomination, and where there is nothing to stamp.
    """
    version_to_seal(nomination, seal, by, at)
    kept, refused = [], []
    for upload in files:
        try:
            kept.append(uploads.receive(upload, by.user, PURPOSE, at))
        except Refused as fault:
            if fault.verdict.status != 422:
                raise
            refused.append(f"“{upload.name}”：{fault.verdict.message}")
    if kept:
        try:
            add(nomination, seal, kept, by, at)
        except Refused:
            for stored in kept:
                uploads.discard(stored)
            raise
    return refused


@transaction.atomic
def add(
    nomination: Nomination, seal: str, files: Sequence[StoredFile], by: Actor, at: datetime
) -> SealedScan:
    """Adds kept files to the scan of the version that stands, and owes the reading."""
    locked = _locked(nomination)
    return add_to(version_to_seal(locked, seal, by, at), seal, files, by, at)


def add_to(version: Version, seal: str, files: Sequence[StoredFile], by: Actor, at: datetime) -> SealedScan:
    """Adds kept files to a version's scan, whoever has judged that they may; the version's row is held."""
    scan = scans.scan_of(version, seal)
    if scan is None:
        scan = SealedScan.objects.create(version=version, seal=seal, uploaded_at=at, uploaded_by=by.user)
    if scan.files.count() + len(files) > MOST_FILES:
        words = _("一份扫描件最多%(most)d个文件，合并成PDF后上传") % {"most": MOST_FILES}
        raise Refused(refuse("too_many_files", words, status=422))
    for stored in files:
        ScanFile.objects.create(scan=scan, file=stored)
    scan.state, scan.uploaded_at, scan.uploaded_by = SealedScan.State.READING, at, by.user
    scan.save(update_fields=["state", "uploaded_at", "uploaded_by"])
    nomination = version.nomination
    record(
        "scan_uploaded",
        nomination,
        by,
        at,
        season_year=nomination.season.year,
        version_code=version.check_code,
        seal=seal,
        files=[stored.public_id for stored in files],
    )
    owe("read_scan", f"read_scan:{scan.pk}", owner=by.user, again=True, scan_id=scan.pk)
    return scan


def _standing(nomination: Nomination, seal: str, by: Actor, at: datetime) -> SealedScan:
    version = version_to_seal(nomination, seal, by, at)
    rows = SealedScan.objects.select_for_update().filter(version=version, seal=seal, lifted_at=None)
    scan = rows.first()
    if scan is None:
        raise Refused(NOT_FOUND)
    return scan


def _file(scan: SealedScan, public_id: str) -> ScanFile:
    row = scan.files.select_related("file").filter(file__public_id=public_id).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


@transaction.atomic
def remove(nomination: Nomination, seal: str, public_id: str, by: Actor, at: datetime) -> str:
    """Takes a file out of the scan, with its pictures; returns its name."""
    locked = _locked(nomination)
    scan = _standing(locked, seal, by, at)
    row = _file(scan, public_id)
    stored = row.file
    gone = [picture["preview"] for picture in scan.pictures if picture["file"] == stored.pk]
    scan.pictures = [picture for picture in scan.pictures if picture["file"] != stored.pk]
    scan.confirmed = [said for said in scan.confirmed if said["file"] != stored.pk]
    row.delete()
    facts: dict[str, Any] = {"seal": seal, "files": [stored.public_id]}
    code = scan.version.check_code
    record("scan_removed", locked, by, at, season_year=locked.season.year, version_code=code, **facts)
    if scan.files.exists():
        settle(scan)
    else:
        scan.delete()
    uploads.discard(stored)
    transaction.on_commit(lambda: _forget(gone))
    return stored.name


def _forget(keys: Sequence[str]) -> None:
    for key in keys:
        private_storage().delete(key)


def settle(scan: SealedScan) -> None:
    """Writes what was read and confirmed, and whether the scan is whole now."""
    scan.state = scans.Reading(scan).state
    scan.save(update_fields=["pictures", "confirmed", "state"])


@transaction.atomic
def confirm(
    nomination: Nomination, seal: str, public_id: str, page: int, shows: int, by: Actor, at: datetime
) -> None:
    """A person says which page of the form a picture shows on which no code could be read; 0: none of them.

    Who has said it is told to all who see the scan. Refused where a code was read: nobody overrules that.
    """
    locked = _locked(nomination)
    scan = _standing(locked, seal, by, at)
    stored = _file(scan, public_id).file
    reading = scans.Reading(scan)
    spot = rules.Spot(reading.order[stored.pk], page)
    picture = next((each for each in reading.pictures if each.spot == spot), None)
    if picture is None or picture.marks:
        raise Refused(NOT_FOUND)
    if not 0 <= shows <= reading.paper.pages:
        raise Refused(refuse("no_such_page", _("选择这是第几页"), status=422))
    said = {
        "file": stored.pk,
        "page": page,
        "shows": shows,
        "by": by.user.name,
        "role": by.role,
        "at": at.isoformat(),
    }
    others = [each for each in scan.confirmed if (each["file"], each["page"]) != (stored.pk, page)]
    scan.confirmed = [*others, said]
    settle(scan)
    facts: dict[str, Any] = {"seal": seal, "file": stored.public_id, "page": page, "shows": shows}
    code = scan.version.check_code
    record("page_confirmed", locked, by, at, season_year=locked.season.year, version_code=code, **facts)


def _write_back(nomination: Nomination, version: Version, by: Actor, at: datetime) -> None:
    """The draft says again what the version holds; sections that differ count a save, so that no page is blind."""
    content = version.content
    form = nomination.ranking.online_form
    units = nomination.season.units.filter(organisation__name=content["unit"])
    changed = {
        section.key: [nomination.section_version(section.key) + 1, by.user.name, at.isoformat()]
        for section in form.sections
        if any(nomination.answers.get(q.key) != content["answers"].get(q.key) for q in section.questions)
    }
    nomination.answers, nomination.promises = content["answers"], content["promises"]
    nomination.title, nomination.category = content["title"], content["category"]
    nomination.track = nomination.ranking.tracks.filter(name=content["track"]).first()
    unit = units.first()
    if unit != nomination.unit:
        # As when another unit is chosen: it sees the form once it is submitted to it.
        nomination.submitted_at = None
    nomination.unit = unit
    nomination.section_versions = {**nomination.section_versions, **changed}
    nomination.edit_version += 1
    nomination.edited_at, nomination.edited_by = at, by.user
    nomination.save(
        update_fields=[
            *("answers", "promises", "title", "category", "track", "unit", "submitted_at"),
            *("section_versions", "edit_version", "edited_at", "edited_by"),
        ]
    )


def _judge_parts(nomination: Nomination, version: Version) -> None:
    """Raises Refused where going back to a version would change what isn't open."""
    content = version.content
    unit = nomination.unit.organisation.name if nomination.unit else ""
    if content["unit"] != unit:
        judge_whole(nomination, _("推荐单位"))
    if content["category"] != nomination.category:
        judge_whole(nomination, _("类别"))
    questions = nomination.ranking.online_form.questions()
    differing = [q.key for q in questions if content["answers"].get(q.key) != nomination.answers.get(q.key)]
    judge_questions(nomination, differing)


@transaction.atomic
def restore(nomination: Nomination, number: int, by: Actor, at: datetime) -> Version:
    """Sets the form back to what a version holds, so that its stamped paper counts again.

    Refused once another version was submitted after it: then a paper of its own is needed; and where it would
    change what the unit didn't return.
    """
    locked = _locked(nomination)
    applicant.judge_edit(locked, by, at)
    version = locked.versions.filter(number=number).first()
    if version is None or not scans.may_return_to(locked, version):
        raise Refused(NOT_FOUND)
    if frozen.standing(locked) == version:
        return version
    _judge_parts(locked, version)
    _write_back(locked, version, by, at)
    if frozen.standing(locked) != version:
        words = _("此版本的榜单设置或推荐单位已变，不能恢复")
        raise Refused(refuse("cannot_restore", words, _("重新生成盖章版PDF，打印盖章"), status=409))
    code = version.check_code
    record("restored", locked, by, at, season_year=locked.season.year, version_code=code, version=number)
    nomination.refresh_from_db()
    return version
