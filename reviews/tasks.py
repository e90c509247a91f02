"""What the worker does for the reviews: takes ids, calls one thing, may run twice."""

from __future__ import annotations

from typing import Any

from kczg.kit.models import Job
from kczg.kit.outbox import job
from reviews import notices
from reviews.models import PreliminaryResult
from reviews.outputs import result


@job("review_mail")
def review_mail(job: Job, name: str, **ids: Any) -> None:
    """Sends one mail of ``notices.MAILS``."""
    notices.MAILS[name](**ids)


@job("result_pdf")
def result_pdf(job: Job, result_id: int) -> None:
    """The submitted preliminary result as a paper for the seal."""
    row = PreliminaryResult.objects.select_related("track__ranking__season", "plan").get(pk=result_id)
    if not job.result:
        job.attach(result.paper_name(row), result.paper(row))
