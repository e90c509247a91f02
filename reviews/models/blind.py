"""匿名评审: what the machine marked in a file, and whether the body gives it to the experts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kczg.kit.models import StoredFile
from kczg.kit.storage import private_storage
from nominations.models import Nomination


class BlindFile(models.Model):
    """A file of a frozen form where the review is blind: held back until the body has looked and released it.

    What is decided holds for these bytes alone (``sha256``); another file is another row.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="blind_files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    """[{"page": number, 0 for the file's properties, "kind": key of rules.blinding.Kind, "text": as it stands there}]"""
    unread = models.JSONField(default=list)
    """Numbers of the pages without text that a machine can read: a person looks at them."""
    copy = models.FileField(storage=private_storage, upload_to="blind/", max_length=255, blank=True)
    """What an expert gets: the pages alone, without the file's properties."""
    marked_at = models.DateTimeField()
    given = models.BooleanField(_("提供给专家"), default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.file_id}"

    @property
    def may_be_given(self) -> bool:
        """Whether experts get it: released, of these very bytes, and its copy made."""
        return self.given and bool(self.copy) and self.sha256 == self.file.sha256
