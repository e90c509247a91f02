"""The stamped page of a result: taken in from each body, read by the worker, held against the frozen result."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit import page_codes, uploads
from kczg.kit.models import Job, StoredFile
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.uploads import checking, open_checked
from kczg.kit.verdicts import Refused, refuse
from nominations.models import ReviewBody
from reviews.models import PreliminaryResult, ResultScan

PURPOSE = "result_scan"
MOST = 20
"""Tries of a body with one result: whoever needs more has the wrong paper."""


def take_in(
    result: PreliminaryResult, body: ReviewBody, upload: UploadedFile | None, by: Actor, at: datetime
) -> ResultScan:
    """Keeps a scan of the stamped result and owes its reading; the latest of a body counts.

    Refused for a result that isn't submitted (409), for no file or one that can't be a scan (422).
    """
    may(by.user, "track.review", result.track).or_raise()
    if body.organisation_id not in {row.pk for row in by.user.organisations_in(Role.BODY)}:
        raise Refused(refuse("not_your_body", _("只能上传本机构的盖章页"), status=409))
    if result.submitted_at is None or result.sent_back_at is not None:
        raise Refused(refuse("not_submitted", _("结果报送后再上传盖章页"), status=409))
    if upload is None:
        raise Refused(refuse("no_file", _("选择文件后再上传"), status=422))
    if ResultScan.objects.filter(result=result, body=body).count() >= MOST:
        words = _("盖章页已上传%(most)d次，联系秘书处") % {"most": MOST}
        raise Refused(refuse("too_many_scans", words, status=409))
    stored = uploads.receive(upload, by.user, PURPOSE, at)
    try:
        return _add(result, body, stored, by, at)
    except Exception:
        uploads.discard(stored)
        raise


@transaction.atomic
def _add(
    result: PreliminaryResult, body: ReviewBody, stored: StoredFile, by: Actor, at: datetime
) -> ResultScan:
    scan = ResultScan.objects.create(
        result=result, body=body, file=stored, uploaded_at=at, uploaded_by=by.user
    )
    year = result.track.ranking.season.year
    record("result_scanned", result, by, at, season_year=year, body=body.pk, file=stored.public_id)
    owe("read_result_scan", f"read_result_scan:{scan.pk}", owner=by.user, scan_id=scan.pk)
    return scan


def read(scan: ResultScan, owed: Job) -> None:
    """Checks the file and writes down what the QR of each of its pages says. May run twice."""
    if scan.codes is not None:
        return
    checking.check_file(owed, scan.file_id)
    stored = StoredFile.objects.get(pk=scan.file_id)
    pages = []
    if stored.ready:
        with open_checked(stored) as file:
            for number, picture in enumerate(page_codes.pictures(file, stored.media_type), start=1):
                codes = page_codes.codes(picture)
                blank = not codes and page_codes.is_blank(picture)
                pages.append({"page": number, "codes": codes, "blank": blank})
                owed.progress(number, stored.pages)
    ResultScan.objects.filter(pk=scan.pk, codes__isnull=True).update(codes=pages)
