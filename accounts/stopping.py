"""The link at the foot of a mail that stops mails of its kind (RFC 8058): signed, without an end, for one kind.

It works without a login and says of nobody whether they have an account: the page names the kind alone (P6).
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.kinds import KINDS, Kind
from accounts.models import Notice

SALT = "accounts.stopping"


def link(notice: Notice) -> str:
    """The address that stops mails like this one; "" for a kind that must be mailed."""
    kind = KINDS.get(notice.kind)
    if kind is None or kind.must:
        return ""
    token = signing.dumps([notice.person_id, kind.choice], salt=SALT)
    # In the query, which no log keeps (kczg/logs.py, the proxy's log format).
    return f"{settings.SITE_URL}{reverse('stop_mail')}?t={token}"


def read(token: str) -> tuple[int, Kind] | None:
    """Whose mails of which kind a link stops; None for one that isn't ours or of a kind that is no more."""
    try:
        person, name = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    kind = KINDS.get(name)
    return (person, kind) if kind is not None else None
