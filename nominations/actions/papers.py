"""Owing papers of a nomination: the form of a draft or of a frozen version, the receipt, a workbook; and the blank form."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.permissions import may
from kczg.kit.models import Job
from kczg.kit.outbox import owe
from kczg.kit.record import Actor
from nominations import frozen
from nominations.models import Closing, Nomination, Ranking, Version
from nominations.rules import check_code


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


def workbook_of(nomination: Nomination) -> Job | None:
    """The job that writes the nomination's workbook as it stands, if anybody has asked for it."""
    return Job.objects.filter(key=_workbook_key(nomination)).first()


def _workbook_key(nomination: Nomination) -> str:
    return f"nomination_xlsx:{nomination.pk}:{nomination.edit_version}"


@transaction.atomic
def request_workbook(nomination: Nomination, by: Actor) -> Job:
    """Owes the nomination as a workbook that reads back, once for each content; one that failed is owed anew."""
    may(by.user, "nomination.view_as_applicant", nomination).or_raise()
    standing = workbook_of(nomination)
    failed = standing is not None and standing.state == Job.State.FAILED
    draft = {"nomination_id": nomination.pk, "edit_version": nomination.edit_version}
    return owe("nomination_xlsx", _workbook_key(nomination), owner=by.user, again=failed, **draft)


def blank_key(ranking: Ranking) -> str:
    """The key of the job that prints a ranking's blank form; another declaration is another paper."""
    return f"blank_form:{ranking.pk}:{check_code.digest(ranking.declaration)[:16]}"


def blank_of(ranking: Ranking) -> Job | None:
    """The job that prints the blank form as it is now; None where nobody has owed it."""
    return Job.objects.filter(key=blank_key(ranking)).first()


def owe_blank(ranking: Ranking) -> Job:
    """Owes the blank form, once for each declaration; called wherever a ranking's declaration is written."""
    return owe("blank_form", blank_key(ranking), ranking_id=ranking.pk)
