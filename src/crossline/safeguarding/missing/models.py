"""What people write down of missing episodes: entries, what was disclosed, and trigger plans. Rows are added, never changed.

An entry and a plan carry the audience of the mention they hang on (home, finder, owner, centre, safeguarding leads); what a
child disclosed is for safeguarding leads alone. Each is read only where that mention is.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention


class EntryKind(models.TextChoices):
    """What is written down of an episode."""

    RETURNED = "returned", "Came back"
    PREVENTION = "prevention", "Prevention interview"
    OFFERED = "offered", "Return interview offered"
    ACCEPTED = "accepted", "Return interview accepted"
    DECLINED = "declined", "Return interview declined"
    DONE = "done", "Return interview done"
    RISK = "risk", "Risk graded"
    JOURNEY = "journey", "Journey and condition"
    CHASED = "chased", "Somebody was asked"
    TAKEN_BACK = "taken_back", "Written by mistake"


class EpisodeEntry(models.Model):
    """One thing that happened in an episode, or after it. `of`: the entry that is taken back."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=EntryKind)
    happened_at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class EpisodeDisclosure(models.Model):
    """What somebody told after they came back: sensitive, and for safeguarding leads alone."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()
    told_to = models.CharField(max_length=200)
    text = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class TriggerPlan(models.Model):
    """One version of what is done when a person goes missing again (a trigger plan); the newest one stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    text = models.TextField()
    review_on = models.DateField()
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "number"], name="a_plan_once")]
