"""Papers: the receipt that an applicant holds, as data and on paper, and what anybody finds who verifies one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kczg.kit import papers, signing
from kczg.kit.clock import gate_words
from nominations.models import Closing, ClosingLine, Nomination, Version
from nominations.rules import receipts
from nominations.rules.calendar import moment_words
from nominations.rules.check_code import canonical


def receipt_of(nomination: Nomination) -> dict[str, Any] | None:
    """The receipt of what was submitted last; once the gate has shut, that it stands in the closing list.

    None where nothing was submitted.
    """
    line = closing_line(nomination)
    if line is not None:
        closing = line.closing
        return receipts.closing_receipt(
            closing.statement, closing.key, closing.signature, line.entry, line.place, line.path
        )
    version = nomination.versions.submitted().last()
    return submission_receipt(version) if version is not None else None


def closing_line(nomination: Nomination) -> ClosingLine | None:
    """Its line in the latest closing list that has one."""
    rows = ClosingLine.objects.filter(version__nomination=nomination).select_related("closing")
    return rows.order_by("-closing__gate").first()


def submission_receipt(version: Version) -> dict[str, Any]:
    """The signed statement that a version arrived; the same bytes however often it is asked for."""
    content = version.content
    arrived = version.submitted_at.isoformat() if version.submitted_at else ""
    entry = receipts.line(content["number"], version.number, version.digest, arrived)
    statement = receipts.submission_statement(entry, version.check_code, content["unit"])
    return {
        "statement": statement,
        "key": signing.public_key(),
        "signature": signing.sign(canonical(statement)),
    }


def receipt_pdf(nomination: Nomination) -> bytes:
    """The receipt on paper: what it proves in words, and the whole of it in letters to be typed or scanned."""
    receipt = receipt_of(nomination)
    if receipt is None:
        raise LookupError(f"{nomination.number} was never submitted")
    facts = {"nomination": nomination, "receipt": receipt, "facts": facts_of(receipt)}
    return papers.render_template("papers/receipt.html", facts)


def facts_of(receipt: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a receipt says, as label and words."""
    statement = receipt["statement"]
    entry = receipt.get("entry", statement)
    facts = [
        (_("申报编号"), entry["number"]),
        (_("版本"), _("第%(number)s版") % {"number": entry.get("version", "")}),
        (_("提交时间"), _moment(entry["submitted_at"])),
        (_("内容摘要（SHA-256）"), entry["digest"]),
    ]
    if statement["kind"] == receipts.CLOSING:
        gate = gate_words(_read(statement["gate"]), with_year=True) or statement["gate"]
        facts += [
            (_("截止时间"), gate + _("（北京时间）")),
            (_("截止清单"), _("共%(count)d项，此申报为第%(place)d项") % _place(receipt)),
            (_("截止清单摘要"), statement["root"]),
        ]
    return facts


def _place(receipt: Mapping[str, Any]) -> dict[str, int]:
    return {"count": receipt["statement"]["count"], "place": receipt["place"] + 1}


def _read(moment: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _moment(text: str) -> str:
    found = _read(text)
    return moment_words(found) + _("（北京时间）") if found else text


@dataclass(frozen=True)
class Finding:
    """What verifying found: whether it is ours and unchanged, and why not."""

    is_genuine: bool
    words: str


def verify(receipt: Any, keys: set[str] | None = None) -> Finding:
    """Whether this site said what the receipt says. ``keys``: the public keys that are this site's.

    Without ``keys`` those of this installation: its present one, and those under which closings were signed.
    """
    if not receipts.shaped(receipt):
        return Finding(False, _("这不是本站的回执，检查是否完整复制"))
    if not signing.is_signed(receipts.message(receipt), receipt["signature"], receipt["key"]):
        return Finding(False, _("签名不符，回执的内容被改动过"))
    if receipt["key"] not in (keys if keys is not None else own_keys()):
        return Finding(False, _("签名的公钥不是本站的"))
    if receipt["statement"]["kind"] == receipts.CLOSING and not receipts.line_stands(receipt):
        return Finding(False, _("截止清单中没有这一项，回执的内容被改动过"))
    return Finding(True, _("回执属实，签名有效"))


def own_keys() -> set[str]:
    """The public keys of this site, former ones included."""
    return {signing.public_key(), *Closing.objects.values_list("key", flat=True)}
