"""Text messages behind a small interface: whatever sends them is named by the setting KCZG_SMS_BACKEND.

A backend is a class without arguments whose ``send`` returns when the gateway has taken the message, and raises
when it hasn't; a gateway that can't be reached raises an OSError, and the message is tried again.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

KNOWN = {"console": "kczg.kit.sms.Console"}


class Backend(Protocol):
    def send(self, to: str, text: str) -> None: ...


class Console:
    """Prints what it would send; for the embedded run. Nothing else of ours ever writes a number out (A5)."""

    def send(self, to: str, text: str) -> None:
        print(f"SMS {to}: {text}", flush=True)


def offered() -> bool:
    """Whether this installation sends text messages at all."""
    return bool(settings.SMS_BACKEND)


def backend() -> Backend:
    """The backend that is set; raises ImportError where it can't be found."""
    return import_string(KNOWN.get(settings.SMS_BACKEND, settings.SMS_BACKEND))()


def send(to: str, text: str) -> None:
    """Hands a message over to the gateway."""
    backend().send(to, text)
