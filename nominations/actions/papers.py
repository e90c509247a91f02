"""Owing papers of a nomination: the form of a draft or of a frozen version, and the receipt."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.permissions import may
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor
from nominations import frozen
from nominations.models import Closing, Nomination, Version


def paper_version(nomination: Nomination) -> Version | None:
    """The version that is printed: what was submitted or, to be stamped, what was frozen; None: a draft."""
    if not nomination.is_editable:
        return nomination.versions.submitted().last()
    return frozen.standing(nomination) if frozen.asks_seal(nomination, frozen.APPLICANT) else None


def paper_key(nomination: Nomination) -> str:
    """The key of the job that prints the nomination as it stands now.

    A draft that was changed is another paper; a version is the same paper for ever.
    """
    version = paper_version(nomination)
    if version is not None:
        return f"form_pdf:{version.pk}"
    return f"draft_pdf:{nomination.pk}:{nomination.edit_version}"


def paper_of(nomination: Nomination) -> Job | None:
    """The job that prints the nomination as it stands, if anybody has asked for it."""
    return Job.objects.filter(key=paper_key(nomination)).first()


@transaction.atomic
def request_paper(nomination: Nomination, by: Actor) -> Job:
    """Owes the printed form as PDF, once for each content; a job that failed is owed anew."""
    may(by.user, "nomination.view_as_applicant", nomination).or_raise()
    standing = paper_of(nomination)
    failed = standing is not None and standing.state == Job.State.FAILED
    version = paper_version(nomination)
    key = paper_key(nomination)
    if version is not None:
        return owe("form_pdf", key, owner=by.user, again=failed, version_id=version.pk)
    draft = {"nomination_id": nomination.pk, "edit_version": nomination.edit_version}
    return owe("draft_pdf", key, owner=by.user, again=failed, **draft)


def _receipt_key(nomination: Nomination, user: Any) -> str:
    """A receipt is another one after each submission, and once the gate has shut."""
    version = nomination.versions.submitted().last()
    closings = Closing.objects.filter(lines__version__nomination=nomination).order_by("-gate")
    closing = closings.values_list("pk", flat=True).first() or 0
    return f"receipt_pdf:{nomination.pk}:{version.pk if version else 0}:{closing}:{user.pk}"


def receipt_job(nomination: Nomination, user: Any) -> Job | None:
    """The job that prints the receipt as it stands for this person, if they have asked for it."""
    return Job.objects.filter(key=_receipt_key(nomination, user)).first()


@transaction.atomic
def request_receipt(nomination: Nomination, by: Actor) -> Job:
    """Owes the receipt as PDF, once for each that there is; a job that failed is owed anew."""
    may(by.user, "nomination.view_as_applicant", nomination).or_raise()
    standing = receipt_job(nomination, by.user)
    failed = standing is not None and standing.state == Job.State.FAILED
    key = _receipt_key(nomination, by.user)
    return owe("receipt_pdf", key, owner=by.user, again=failed, nomination_id=nomination.pk)
