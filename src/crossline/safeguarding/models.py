"""Concerns: people put forward for help. Written from published indicators, read by people who act."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention, Record


class Concern(models.Model):
    """One reason why one person, as one record describes them, is put forward. Carries the audience of that record."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    reason = models.CharField(max_length=60)
    standing = models.CharField(max_length=20)  # raised, or age_not_known: somebody has to find out
    sentence = models.TextField()
    rule_version = models.CharField(max_length=60)
    raised_at = models.DateTimeField()  # when the record that completed the picture was made
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mention", "reason"], name="a_concern_once")]
