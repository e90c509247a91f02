"""回避申请: whom an applicant asks not to have as a reviewer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models.nomination import Nomination


class AvoidanceRequest(models.Model):
    """An expert whom the applicant names, with the reason. The reviews match it to their experts, nobody else reads it.

    No part of the form: it is neither frozen nor printed, and the recommending unit doesn't see it.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="avoidance_requests")
    name = models.CharField(_("专家姓名"), max_length=100)
    organisation = models.CharField(_("工作单位"), max_length=200)
    reason = models.CharField(_("回避原因"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.nomination_id} ✕ {self.name}"
