"""Planned events: the place and times of a check of the kind `event`, and that one was called off. Read by their own agency."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.engines.deconfliction.event import EventKind


class CheckedEvent(models.Model):
    """Where and when the event of a check is: what a function of the database holds against others (event_functions.py)."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey("deconfliction.Check", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind.choices())
    place = models.CharField(max_length=80)  # as written
    lat = models.FloatField()
    lon = models.FloatField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    asked_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "deconfliction"
        indexes = [
            models.Index(fields=["ends"], name="event_ends"),
            models.Index(fields=["asked"], name="event_of_check"),
            models.Index(fields=["agency", "ends"], name="events_of_agency"),
        ]


class EventCalledOff(models.Model):
    """That an event takes place no more, or stands under another number since it was corrected. Rows are added."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey("deconfliction.Check", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "deconfliction"
        constraints = [models.UniqueConstraint(fields=["asked"], name="an_event_called_off_once")]
