"""Who you are: a person, the organisations that person acts for, and in which role."""

from __future__ import annotations

import re
import unicodedata

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.kinds import Kind
from accounts.roles import TWO_STEPS, Duty, Role


def normalised(name: str) -> str:
    """A name as it is compared: NFKC, without white space, brackets alike, lower case."""
    text = unicodedata.normalize("NFKC", name)
    return "".join(text.split()).casefold()


class Organisation(models.Model):
    """An organisation that takes part: applicant, recommending unit, review body or the secretariat."""

    name = models.CharField(_("单位名称"), max_length=200)
    normalised_name = models.CharField(max_length=200, editable=False, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, db_index=True)
    """As its people gave it; not unique, so that nobody takes another's by typing it first."""
    province_code = models.CharField(_("省份"), max_length=6, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.normalised_name = normalised(self.name)
        super().save(*args, **kwargs)


class User(AbstractUser):
    """A person with an account. ``username`` is the account, ``name`` what others see."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=100)
    email = models.EmailField(_("邮箱"), unique=True)
    language = models.CharField(
        _("通知语言"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    """What this person's letters are written in: as they chose, or last switched the pages to."""
    ways = models.JSONField(default=dict, blank=True)
    """Kind of letter → ``Way``, where this person chose another than the first."""
    mobile = models.CharField(_("手机号码"), max_length=11, blank=True)
    """Given for text messages alone, and shown masked; not proven."""
    wants_sms = models.BooleanField(_("短信提醒"), default=False)
    rights_changed = models.PositiveIntegerField(default=0, editable=False)
    """How often rights were taken from this person, or changed: each time all sessions end (U4)."""

    REQUIRED_FIELDS = ["email", "name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is checked against: the password, and how often rights were changed (U4)."""
        salt = "accounts.User.session"
        return salted_hmac(
            salt, f"{self.password}:{self.rights_changed}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """This person's memberships, read once per request: a lost right is lost at the next one (S6)."""
        return list(self.memberships.filter(is_active=True).select_related("organisation").order_by("pk"))

    @property
    def roles(self) -> list[str]:
        """The roles this person has, in the order of ``Role``."""
        held = {membership.role for membership in self.active_memberships}
        return [role for role in Role.values if role in held]

    def has_role(self, role: str) -> bool:
        return any(membership.role == role for membership in self.active_memberships)

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether this person's login asks for a second step."""
        return is_mfa_enabled(self)

    def lacks_second_factor(self, role: str) -> bool:
        """Whether the role asks for a second factor that this person has not set up yet (U2)."""
        return settings.SECOND_FACTOR and role in TWO_STEPS and not self.has_second_factor

    @cached_property
    def unread(self) -> int:
        """How many notices this person hasn't read, for the head of every page."""
        return self.notices.filter(read_at=None).count()

    def speak(self, language: str) -> None:
        """Writes this person's letters in a language from now on."""
        if language != self.language:
            self.language = language
            self.save(update_fields=["language"])

    def way_for(self, kind: Kind) -> str:
        """How this person wants to be told of this kind; what can't be chosen any more isn't."""
        way = self.ways.get(kind.name, "")
        return way if way in kind.ways else kind.ways[0]

    def organisations_in(self, role: str) -> list[Organisation]:
        """The organisations this person acts for in a role."""
        return [m.organisation for m in self.active_memberships if m.role == role]

    def organisation_in(self, role: str) -> Organisation | None:
        """The organisation this person acts for in a role; the first where there are several."""
        return next(iter(self.organisations_in(role)), None)


class Membership(models.Model):
    """A person acts for an organisation in a role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("有效"), default=True)
    duty = models.CharField(_("职责"), max_length=10, choices=Duty.choices, default=Duty.ADMINISTER)
    """Of the people of a recommending unit alone; in other roles it says nothing."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_membership_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class Notice(models.Model):
    """What one person was told, in the words they were told it; and how far its mail and its text message are."""

    class Post(models.TextChoices):
        NONE = "", _("不发送")
        WAITING = "waiting", _("待发送")
        DIGEST = "digest", _("待汇总")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未能发送")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    event = models.CharField(max_length=250)
    """What it tells of: the key of the job that owed it."""
    title = models.TextField()
    text = models.TextField()
    page = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Post.choices, default=Post.NONE, blank=True)
    sms = models.CharField(max_length=10, choices=Post.choices, default=Post.NONE, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "event"], name="one_notice_a_person_and_event")
        ]
        indexes = [
            models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at=None)),
            models.Index(
                fields=["id"],
                name="notice_waiting",
                condition=models.Q(mail="waiting") | models.Q(sms="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> str:
        """The title without the site's name, which a mail needs and a page of the site doesn't."""
        return re.split("：|: ", self.title, maxsplit=1)[-1]


class Invitation(models.Model):
    """A letter that asks a person to act for a recommending unit; ``accounts.people`` alone writes rows.

    Nothing is known of an account before it is accepted, so that inviting doesn't tell whether there is one (P6).
    Each letter has a key of its own, made from ``sent`` (accounts.invitations): a later one voids the earlier.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    name = models.CharField(_("姓名"), max_length=100)
    email = models.EmailField(_("邮箱"))
    duty = models.CharField(_("职责"), max_length=10, choices=Duty.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(_("发送时间"))
    ended_at = models.DateTimeField(null=True)
    """When it was accepted or withdrawn; None while it can be accepted."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(ended_at=None),
                name="one_open_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.pk}"
