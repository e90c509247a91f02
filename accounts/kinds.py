"""The kinds of letter: to whom, which ways a person may choose, when a text message goes along. Data alone.

Each app declares its own beside the functions that write them; a kind's name is its template's in notices/.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a person is told; in the product always, whatever else."""

    AT_ONCE = "at_once", _("立即发送邮件")
    DIGEST = "digest", _("每日8时汇总为一封邮件")
    PRODUCT = "product", _("只在站内通知，不发邮件")


MUST = (Way.AT_ONCE,)
MAY = (Way.AT_ONCE, Way.PRODUCT)


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    ``ways``: what its reader may choose from, the first unless they do; one alone can't be switched off.
    ``at_once_within``: so long before its gate even those who chose the digest are told at once.
    ``sms_within``: so long before its gate a text message goes along to those who want it.
    ``follows``: the kind whose choice it belongs to, where it isn't chosen by itself.
    ``invites``: the mail says how to get in, with a link to set a password that stands nowhere else.
    ``hint``: what the page of choices says of it besides.
    """

    name: str
    word: str | Promise
    roles: tuple[str, ...]
    ways: tuple[Way, ...] = MUST
    at_once_within: timedelta | None = None
    sms_within: timedelta | None = None
    follows: str = ""
    invites: bool = False
    hint: str | Promise = ""

    @property
    def must(self) -> bool:
        """Whether it is always mailed."""
        return self.ways == MUST and not self.follows

    @property
    def choice(self) -> str:
        """The name of the kind under which its reader chooses the way."""
        return self.follows or self.name


KINDS: dict[str, Kind] = {}
"""Every kind by its name, in the order of a nomination's way."""


def declare(*kinds: Kind) -> None:
    """Makes kinds known; each app does so when it starts."""
    KINDS.update({kind.name: kind for kind in kinds})


def chosen_by(roles: list[str]) -> list[Kind]:
    """The kinds that people of these roles can choose a way for."""
    return [kind for kind in of_roles(roles) if not kind.must and not kind.follows]


def always_mailed(roles: list[str]) -> list[Kind]:
    """The kinds that people of these roles always get by mail."""
    return [kind for kind in of_roles(roles) if kind.must]


def of_roles(roles: list[str]) -> list[Kind]:
    """All kinds that people of these roles get."""
    return [kind for kind in KINDS.values() if set(kind.roles) & set(roles)]
