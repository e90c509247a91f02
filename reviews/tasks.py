"""What the worker does for the reviews: takes ids, calls one thing, may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task

from accounts.letters import deliver
from accounts.permissions import may
from accounts.roles import Role
from kczg.kit import clock
from kczg.kit.models import Job
from kczg.kit.outbox import job
from kczg.kit.uploads import open_checked
from nominations.models import ReviewBody, Track
from nominations.outputs import xlsx as sheets
from reviews import blinding, notices, queries
from reviews.actions import assigning, assignments_import, conflicts, experts_import, packets, result_scans
from reviews.actions import blind_marks as marks
from reviews.demo import scans  # noqa: F401 - registers the job that stamps the demo's forms
from reviews.models import (
    AssignmentsImport,
    AssignmentSuggestion,
    Expert,
    ExpertsImport,
    Meeting,
    PreliminaryResult,
    PublishedList,
    ResultScan,
    ScoreImport,
)
from reviews.outputs import analysis, blind_file, experts, meeting, packet, recompute, result, xlsx
from reviews.outputs import list as listed
from reviews.outputs.assignments_book import assignments_book

A_WEEK = timedelta(days=7)
"""So long a table of assignments is kept; it can be made again at any time."""


A_DAY = timedelta(days=1)
"""So long an expert's packet is kept: it holds what applicants wrote, and can be made again at any time."""


def reads_packet(user: Any, args: dict[str, Any]) -> bool:
    """Whether every task in the packet is still this expert's: with one taken away, or in conflict, the file is gone."""
    own = queries.assignments_of(user).filter(pk__in=args["tasks"])
    return bool(args["tasks"]) and own.count() == len(args["tasks"])


@job("review_mail")
def review_mail(job: Job, name: str, **ids: Any) -> None:
    """Tells whom one of ``notices.MAILS`` names."""
    deliver(job, notices.MAILS[name](**ids), clock.now())


@job("conflicts_of_expert")
def conflicts_of_expert(job: Job, expert_id: int) -> None:
    """Compares an expert of whom something has changed with all that the person may be asked to review."""
    conflicts.refresh_for_expert(Expert.objects.get(pk=expert_id), clock.now())


@job("conflicts_of_track")
def conflicts_of_track(job: Job, track_id: int) -> None:
    """Compares a track in which something has changed of an applicant or a unit."""
    conflicts.refresh(Track.objects.select_related("ranking__season").get(pk=track_id), clock.now())


@job("blind_marks")
def blind_marks(job: Job, track_id: int) -> None:
    """Marks in the files of a blind review what tells who applies; each is kept back until the body has looked."""
    waiting = queries.unmarked_files(Track.objects.select_related("ranking__season").get(pk=track_id))
    masks = blinding.masks_of({nomination.pk: nomination for nomination, _stored in waiting}.values())
    for done, (nomination, stored) in enumerate(waiting, start=1):
        with open_checked(stored) as file:
            seen = blind_file.look(file.read(), stored.media_type, masks[nomination.pk])
        marks.keep_marks(nomination, stored, seen.findings, seen.unread, seen.copy, clock.now())
        job.progress(done, len(waiting))


@shared_task(name="reviews.tasks.compare_conflicts")
def compare_conflicts() -> None:
    """Compares every track under review: what changed without telling anybody is found within the hour."""
    for track in queries.tracks_to_compare():
        conflicts.refresh(track, clock.now())


@job("assignment_suggestion")
def assignment_suggestion(job: Job, suggestion_id: int) -> None:
    """Makes a suggestion of who reviews what; one that is made stays as it is."""
    row = AssignmentSuggestion.objects.select_related("track__ranking__season", "plan").get(pk=suggestion_id)
    assigning.make_suggestion(row, clock.now())


def reads_track(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for one of the track's bodies."""
    found = Track.objects.filter(pk=args["track_id"]).first()
    return found is not None and bool(may(user, "track.review", found))


@job("assignments_xlsx", reads_track, lives=A_WEEK)
def assignments_xlsx(job: Job, track_id: int) -> None:
    """Writes a track's table of assignments as it stands when the worker comes to it."""
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    plan = queries.plan_in_force(track)
    if plan is None:
        raise LookupError(f"{track} has no recorded plan")
    name = f"{track}分配表{sheets.stamp(clock.now())}.xlsx"
    sheets.attach(job, name, assignments_book(track, queries.board(track, plan)))


@job("assignments_import_check")
def assignments_import_check(job: Job, import_id: int) -> None:
    """The dry run of a table of assignments."""
    rows = AssignmentsImport.objects.select_related("track__ranking__season")
    assignments_import.check(rows.get(pk=import_id))


@job("assignments_import")
def assignments_import_apply(job: Job, import_id: int) -> None:
    """Publishes the tasks of a table, in one transaction; when it runs again it finds that it is done."""
    assignments_import.apply(import_id)


@job("expert_packet", reads_packet, lives=A_DAY)
def expert_packet(job: Job, expert_id: int, track_id: int, tasks: list[int]) -> None:
    """An expert's open tasks as a workbook to score in offline."""
    user = Expert.objects.select_related("user").get(pk=expert_id).user
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    plan, rows = queries.scoring_plan(track), queries.assignments_of(user).filter(pk__in=tasks)
    found = list(rows.order_by("nomination__number"))
    if plan is None or len(found) != len(tasks):
        return
    name = packet.packet_name(track, sheets.stamp(clock.now()))
    sheets.attach(job, name, packet.packet(track, plan, found, job))


@job("score_import_check")
def score_import_check(job: Job, import_id: int) -> None:
    """The dry run of an expert's workbook."""
    packets.check(ScoreImport.objects.select_related("expert__user", "track").get(pk=import_id), job)


@job("score_import")
def score_import(job: Job, import_id: int) -> None:
    """Saves what was confirmed, in one transaction; when it runs again it finds that it is done."""
    packets.apply(import_id, job)


@job("result_pdf")
def result_pdf(job: Job, result_id: int) -> None:
    """The submitted preliminary result as a paper for the seal."""
    row = PreliminaryResult.objects.select_related("track__ranking__season", "plan").get(pk=result_id)
    if not job.result:
        printed = result.paper(row)
        facts = {"pages": printed.pages, "seal_pages": printed.seal_pages}
        PreliminaryResult.objects.filter(pk=row.pk).update(**facts)
        job.attach(result.paper_name(row), printed.content)


def reads_result(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still belongs to the secretariat, or acts for a body of the result's track."""
    found = PreliminaryResult.objects.select_related("track").filter(pk=args["result_id"]).first()
    if found is None:
        return False
    return bool(may(user, "season.manage")) or bool(may(user, "track.review", found.track))


@job("result_export", reads_result)
def result_export(job: Job, result_id: int) -> None:
    """The frozen result as a package from which anyone recomputes it."""
    row = PreliminaryResult.objects.select_related("track__ranking__season", "plan").get(pk=result_id)
    job.attach(recompute.export_name(row), recompute.export(row))


@job("result_analysis")
def result_analysis(job: Job, result_id: int) -> None:
    """Agreement, severity and other orders of a closed track."""
    row = PreliminaryResult.objects.select_related("track__ranking__season", "plan").get(pk=result_id)
    if row.analysis is None:
        PreliminaryResult.objects.filter(pk=row.pk).update(analysis=analysis.computed(row))


@job("read_result_scan")
def read_result_scan(job: Job, scan_id: int) -> None:
    """Reads a body's stamped page of a result."""
    result_scans.read(ResultScan.objects.select_related("file").get(pk=scan_id), job)


def reads_meeting(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for a body of the meeting's track."""
    found = Meeting.objects.select_related("track").filter(pk=args["meeting_id"]).first()
    return found is not None and bool(may(user, "track.review", found.track))


@job("meeting_minute", reads_meeting)
def meeting_minute(job: Job, meeting_id: int) -> None:
    """The frozen minute of a meeting as a paper for the signatures and the seals."""
    row = Meeting.objects.select_related("track").get(pk=meeting_id, state=Meeting.State.CLOSED)
    job.progress(0, 1)
    job.attach(meeting.file_name(row), meeting.paper(row).content)
    job.progress(1, 1)


@job("list_xlsx")
def list_xlsx(job: Job, list_id: int) -> None:
    """The published list as a spreadsheet for the public."""
    row = PublishedList.objects.select_related("ranking__season").get(pk=list_id, published_at__isnull=False)
    sheets.attach(job, listed.file_name(row, "xlsx"), xlsx.list_book(row))


@job("list_pdf")
def list_pdf(job: Job, list_id: int) -> None:
    """The published list as a paper for the public."""
    row = PublishedList.objects.select_related("ranking__season").get(pk=list_id, published_at__isnull=False)
    job.attach(listed.file_name(row, "pdf"), listed.paper(row))


def reads_body(user: Any, args: dict[str, Any]) -> bool:
    """Whether a person still acts for the body that a file is about."""
    body = ReviewBody.objects.filter(pk=args["body_id"]).first()
    return body is not None and any(
        own.pk == body.organisation_id for own in user.organisations_in(Role.BODY)
    )


@job("experts_xlsx", reads_body, lives=A_WEEK)
def experts_xlsx(job: Job, body_id: int, track_id: int) -> None:
    """The body's experts as a spreadsheet, as they stand when the worker comes to it."""
    body = ReviewBody.objects.select_related("organisation", "season").get(pk=body_id)
    track = Track.objects.select_related("ranking__season").get(pk=track_id)
    book = experts.list_book(body, track, queries.plan_in_force(track))
    name = f"{body.season.year}年评审专家（{body}）{sheets.stamp(clock.now())}.xlsx"
    sheets.attach(job, name, book)


@job("experts_import_check")
def experts_import_check(job: Job, import_id: int) -> None:
    """The dry run of a body's workbook."""
    rows = ExpertsImport.objects.select_related("track__ranking__season", "body")
    experts_import.check(rows.get(pk=import_id), job)


@job("experts_import")
def experts_import_apply(job: Job, import_id: int) -> None:
    """The import of a body's workbook, in one transaction; when it runs again it finds that it is done."""
    experts_import.apply(import_id, job)
