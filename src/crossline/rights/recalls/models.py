"""What was called back and what whoever has it answered. Rows are added and never changed, and hold nothing of a record."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Tombstone


class Holding(models.TextChoices):
    """What was given out."""

    EXPORT = "export", "Export"
    SHEET = "sheet", "Referral"
    MINUTES = "minutes", "Minutes of a meeting"
    NOTICE = "notice", "Notice that somebody needs help"


class Answer(models.TextChoices):
    """What became of it."""

    DESTROYED = "destroyed", "Destroyed"
    NOT_HELD = "not_held", "Not held"
    KEPT = "kept", "Kept, with a reason"


class Recall(models.Model):
    """That one thing given out is to be destroyed, because it may hold a record that went. `person`: nobody else there has it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Tombstone, on_delete=models.CASCADE, related_name="recalls")
    what = models.CharField(max_length=10, choices=Holding)
    number = models.CharField(max_length=40)
    holder = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "what", "number", "holder", "person"], name="a_recall_once")
        ]


class RecallAnswer(models.Model):
    """What whoever has it says. `number` counts the answers to one recall; the latest stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="answers")
    number = models.IntegerField()
    answer = models.CharField(max_length=10, choices=Answer)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "number"], name="a_recall_answer_once"),
            models.CheckConstraint(
                condition=~models.Q(answer="kept") | ~models.Q(words=""), name="what_is_kept_has_a_reason"
            ),
        ]
