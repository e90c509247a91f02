"""What only the kit owns: the record of what happened, the jobs that are owed, and the files that people sent."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.storage import private_storage


class Event(models.Model):
    """One thing that happened, in the past tense: who, when, from where, which version, why.

    Rows are only ever added. The database refuses UPDATE and DELETE by triggers (see the migrations), so
    that a fault in the code can't rewrite the record either.
    """

    at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    season_year = models.PositiveSmallIntegerField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    version_code = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_kind}:{self.subject_id}"


class Job(models.Model):
    """A piece of work that is owed to somebody, written in the transaction that owes it (R2).

    The broker only carries the id; this row is the truth. ``key`` makes the same debt one debt.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("正在生成")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    result = models.FileField(storage=private_storage, upload_to="jobs/", max_length=255, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    owed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key

    def progress(self, done: int, total: int) -> None:
        """Says on the page how far the work is; both are counts of the same things."""
        self.done, self.total = done, total
        type(self).objects.filter(pk=self.pk).update(done=done, total=total)

    def attach(self, name: str, content: bytes | File) -> None:
        """Keeps the produced file; ``name`` is what the person's browser saves it as."""
        file = ContentFile(content) if isinstance(content, bytes) else content
        before = self.result.name
        self.result_name = name
        self.result.save(name, file, save=False)
        self.save(update_fields=["result", "result_name"])
        if before:
            self.result.storage.delete(before)


class StoredFile(models.Model):
    """A file that somebody sent: what is known of it, and how far its check is (F1-F4).

    ``kczg.kit.uploads`` alone makes and changes rows. Until the check is over the bytes as they came lie in
    quarantine under ``key``; afterwards ``key``, ``size`` and ``sha256`` are those of the sanitised file. A
    refused file keeps its row, for the words, and no bytes.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("正在检查")
        READY = "ready", _("可用")
        REFUSED = "refused", _("未通过")

    public_id = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=40)
    key = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    pages = models.PositiveIntegerField(default=0)
    """Pages of a PDF; 1 for a picture, 0 as long as it isn't known."""
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING, db_index=True)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_facts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"

    @property
    def ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def refusal(self) -> str:
        """Why it was refused, in the reader's language; "" while it isn't."""
        from kczg.kit.uploads.words import refusal

        return refusal(self.refusal_code, self.refusal_facts) if self.refusal_code else ""
