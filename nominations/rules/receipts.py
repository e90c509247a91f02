"""Receipts: what the site says of a nomination, signed, and how anybody finds out whether it said so.

Two kinds. *submission*: this version arrived at this moment. *closing*: when the gate had shut, this line stood
in the list of what counts (notice 三, 四.4). The closing receipt shows no other line: it holds the line, its
place, the hashes beside its way up the tree, and the signed root.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nominations.rules import merkle
from nominations.rules.check_code import canonical

SUBMISSION, CLOSING = "kczg-submission-1", "kczg-closing-1"
MOST_STEPS = 64
"""A tree of more lines than there are atoms on earth; what claims more is no receipt."""


def line(number: str, version: int, digest: str, submitted_at: str) -> dict[str, Any]:
    """What the closing list says of one nomination: number, version, digest of its content, when it arrived."""
    return {"number": number, "version": version, "digest": digest, "submitted_at": submitted_at}


def leaf(entry: Mapping[str, Any]) -> bytes:
    """The hash by which a line stands in the tree."""
    return merkle.leaf_hash(canonical(dict(entry)))


def closing_statement(year: int, gate: str, count: int, root: bytes) -> dict[str, Any]:
    """What is signed when a gate has shut: the season's year, the gate, how many lines count, their root."""
    return {"kind": CLOSING, "year": year, "gate": gate, "count": count, "root": root.hex()}


def closing_receipt(
    statement: Mapping[str, Any],
    key: str,
    signature: str,
    entry: Mapping[str, Any],
    place: int,
    path: Sequence[str],
) -> dict[str, Any]:
    """The receipt of one line, at its ``place``; ``path``: the hashes beside its way to the root, in hexadecimal."""
    return {
        "statement": dict(statement),
        "key": key,
        "signature": signature,
        "entry": dict(entry),
        "place": place,
        "path": list(path),
    }


def submission_statement(entry: Mapping[str, Any], check_code: str, receiver: str) -> dict[str, Any]:
    """What is signed when a nomination was submitted."""
    return {"kind": SUBMISSION, **entry, "check_code": check_code, "receiver": receiver}


def message(receipt: Mapping[str, Any]) -> bytes:
    """The bytes that the signature is of."""
    return canonical(receipt["statement"])


def shaped(receipt: Any) -> bool:
    """Whether it has the parts of a receipt, each of its kind; says nothing of whether they are true."""
    if not isinstance(receipt, dict) or not isinstance(receipt.get("statement"), dict):
        return False
    if not all(isinstance(receipt.get(name), str) for name in ("key", "signature")):
        return False
    statement = receipt["statement"]
    if statement.get("kind") == SUBMISSION:
        return all(isinstance(statement.get(name), str) for name in ("number", "digest", "submitted_at"))
    return (
        statement.get("kind") == CLOSING
        and all(isinstance(statement.get(name), str) for name in ("gate", "root"))
        and all(_whole(each) for each in (statement.get("count"), receipt.get("place")))
        and _is_entry(receipt.get("entry"))
        and _is_path(receipt.get("path"))
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_entry(entry: Any) -> bool:
    named = ("number", "digest", "submitted_at")
    return isinstance(entry, dict) and len(entry) == 4 and all(isinstance(entry.get(n), str) for n in named)


def _is_path(path: Any) -> bool:
    return (
        isinstance(path, list)
        and len(path) <= MOST_STEPS
        and all(
            isinstance(step, str) and len(step) == 64 and set(step) <= set("0123456789abcdef")
            for step in path
        )
    )


def line_stands(receipt: Mapping[str, Any]) -> bool:
    """Whether the entry of a closing receipt stands at its place under the root that the statement names."""
    steps = [bytes.fromhex(step) for step in receipt["path"]]
    count = receipt["statement"]["count"]
    found = merkle.root_from(leaf(receipt["entry"]), receipt["place"], count, steps)
    return found is not None and found.hex() == receipt["statement"]["root"]
