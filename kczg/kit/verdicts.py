"""Answers with reasons: a question about a rule is answered by a Verdict, and a refusal is an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with a reason.

    ``code`` is stable and for programs; ``message`` says what is the matter and ``hint`` how to go on, both
    in the user's language; ``status`` is the HTTP status that a page or an API answers with; ``details``
    carries what a page may want to show (both texts of a conflict, the places in use).
    """

    ok: bool
    code: str = ""
    message: str = ""
    hint: str = ""
    status: int = 200
    details: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def sentence(self) -> str:
        """The refusal and how to go on, as one text."""
        return _("。").join(filter(None, [self.message, self.hint]))

    def or_raise(self) -> Verdict:
        """This verdict when it is a yes; raises Refused when it is a no."""
        if not self.ok:
            raise Refused(self)
        return self


ALLOWED = Verdict(ok=True)


def refuse(code: str, message: str, hint: str = "", status: int = 403, **details: Any) -> Verdict:
    """A no, with the reason and the way on."""
    return Verdict(ok=False, code=code, message=str(message), hint=str(hint), status=status, details=details)


NOT_FOUND = refuse("not_found", "没有找到此页", status=404)
"""Another's object and one that does not exist are answered alike (S3)."""


class Refused(Exception):
    """A verdict that said no. Pages, API, imports and admin show the same words."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.message)
        self.verdict = verdict
