"""Tasks: the jobs that this app owes to somebody, done by the worker. A handler may run twice."""

from __future__ import annotations

from kczg.kit.models import Job
from kczg.kit.outbox import job
from nominations.models import Nomination, Version
from nominations.outputs import pdf


@job("form_pdf")
def form_pdf(owed: Job, version_id: int) -> None:
    """Prints the form of a frozen version."""
    version = Version.objects.select_related("nomination__ranking", "nomination__season").get(pk=version_id)
    owed.attach(f"{version.content['number']}申报表{version.check_code}.pdf", pdf.form_pdf(version))


@job("draft_pdf")
def draft_pdf(owed: Job, nomination_id: int, edit_version: int) -> None:
    """Prints a draft. ``edit_version`` makes each state a debt of its own; the newest state is what is printed."""
    nomination = Nomination.objects.select_related(
        "ranking", "season", "applicant", "unit__organisation"
    ).get(pk=nomination_id)
    owed.attach(f"{nomination.number}草稿.pdf", pdf.draft_pdf(nomination))
