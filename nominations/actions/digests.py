"""The daily digest: who chose it is told once a day, at 8:00 in Beijing, of all that waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.kinds import Way
from accounts.models import Notice, User
from kczg.kit.clock import local
from kczg.kit.models import Job
from kczg.kit.outbox import owe

HOUR = 8


def owe_digests(at: datetime) -> int:
    """Owes today's digests; nothing to whom nothing new was told since the last. Returns how many are new.

    Safe to run at any time: a digest's key names the person and the day, and what it tells of is marked with it.
    """
    morning = local(at).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if at < morning:
        morning -= timedelta(days=1)
    people = User.objects.filter(is_active=True, ways__submitted=str(Way.DIGEST))
    return sum(_owe(person, morning) for person in people)


@transaction.atomic
def _owe(person: User, morning: datetime) -> bool:
    key = f"notice:digest:{person.pk}:{morning.date().isoformat()}"
    new = person.notices.filter(kind="submitted", mail=Notice.Post.DIGEST, created_at__lt=morning)
    if Job.objects.filter(key=key).exists() or not new.update(mail=Notice.Post.SENT):
        return False
    owe("notice_mail", key, name="digest", user_id=person.pk)
    return True
