"""An expert's workbook as it comes back, and what was uploaded."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from kczg.kit.models import Job
from reviews.models import Assignment, ScoreImport
from tests import cast


def score_import(sheet: Assignment) -> ScoreImport:
    """An upload of this sheet's expert, not checked yet; the same one if asked twice."""
    row, _fresh = ScoreImport.objects.get_or_create(
        expert=sheet.expert,
        track=sheet.nomination.track,
        defaults={
            "name": "离线评审.xlsx",
            "uploaded_by": sheet.expert.user,
            "uploaded_at": cast.IN_PRELIMINARY,
        },
    )
    return row


def opened(job: Job) -> openpyxl.Workbook:
    """The workbook that a job made."""
    with job.result.open("rb") as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def typed(book: openpyxl.Workbook, cells: dict[str, Any]) -> SimpleUploadedFile:
    """The workbook with cells of 打分 filled in, as it is uploaded."""
    for place, value in cells.items():
        book["打分"][place] = value
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("离线评审.xlsx", file.getvalue())
