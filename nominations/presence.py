"""Who else writes in a nomination just now: a hint for people, kept for a moment and never relied on.

The page and each autosave say where a person is; the shared cache remembers it for a minute. Only numbers of
accounts stand there (A5). Who saved within the last minute is told from the nomination itself, so that a cache
that is lost or down hides no more than people who only look (R2, R3).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Role
from nominations.models import Nomination

MEMORY = timedelta(seconds=75)
"""The page reports every 30 seconds: one report may be lost."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Other:
    """A colleague and the section that they write in."""

    name: str
    section: str


def arrived(nomination: Nomination, section: str, user: Any, at: datetime) -> None:
    """Remembers that a person has a section open, to be written in."""
    try:
        cache.set(_key(nomination, user.pk), [section, at.timestamp()], MEMORY.total_seconds())
    except Exception:  # Whatever a cache raises when it is down; each has errors of its own.
        log.warning("presence_not_kept")


def others(nomination: Nomination, user: Any, at: datetime) -> list[Other]:
    """The colleagues who have a section open or saved one within the last minute, by name; one query."""
    colleagues = Membership.objects.filter(
        organisation_id=nomination.applicant_id, role=Role.APPLICANT, is_active=True, user__is_active=True
    )
    names = dict(colleagues.exclude(user_id=user.pk).values_list("user_id", "user__name"))
    found = {name: section for name, section, when in _savers(nomination, at) if name in names.values()}
    for pk, (section, when) in _remembered(nomination, list(names)).items():
        if 0 <= at.timestamp() - when <= MEMORY.total_seconds():
            found[names[pk]] = section
    return [Other(name, section) for name, section in sorted(found.items())]


def _savers(nomination: Nomination, at: datetime) -> list[tuple[str, str, datetime]]:
    """Who saved which section within the last minute, oldest first."""
    saves = [
        (name, section, datetime.fromisoformat(when))
        for section, (_number, name, when) in nomination.section_versions.items()
    ]
    return sorted((s for s in saves if timedelta() <= at - s[2] <= MEMORY), key=lambda save: save[2])


def _remembered(nomination: Nomination, people: list[int]) -> dict[int, tuple[str, float]]:
    keys = {_key(nomination, pk): pk for pk in people}
    try:
        return {keys[key]: tuple(value) for key, value in cache.get_many(keys).items()}
    except Exception:  # As above.
        log.warning("presence_not_read")
        return {}


def _key(nomination: Nomination, person: int) -> str:
    return f"present:{nomination.pk}:{person}"


def words(nomination: Nomination, user: Any, at: datetime, here: str = "") -> str:
    """Who else writes and where, in one line for people; "" for nobody. ``here`` is the section of the page."""
    form = nomination.ranking.form
    found = []
    for other in others(nomination, user, at):
        section = form.section(other.section) if form else None
        facts = {"name": other.name, "section": section.title if section else ""}
        if section and other.section == here:
            found.append(_("%(name)s也在填写此页（%(section)s）") % facts)
        elif section:
            found.append(_("%(name)s正在填写“%(section)s”") % facts)
    return _("；").join(found)
