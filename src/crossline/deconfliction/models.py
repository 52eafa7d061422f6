"""Deconfliction: pointers at what agencies work on, checks against them, what owners let be answered, and what came of it.

Pointers and the tokens of checks hold no words; functions of the database alone hold one against the other (functions.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.deconfliction.rules import AnswerBody, AnswerLevel, Resolution
from crossline.engines.deconfliction.tokens import EventKind
from crossline.records.models import Record


class Pointer(models.Model):
    """That an agency works on something, under a keyed token of it. Goes with its record."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=221)  # source and reference of the record: the same for each of its revisions
    scheme = models.CharField(max_length=10)
    token = models.BinaryField(max_length=16)
    sure = models.SmallIntegerField(default=1)  # rules.SURENESS
    # The finding by which a number took over that the record does not name itself.
    via = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    until = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["token"], name="pointer_token"),
            models.Index(fields=["owner", "about"], name="pointer_about"),
            models.Index(fields=["via"], name="pointer_via", condition=models.Q(via__isnull=False)),
        ]


class AnswerSetting(models.Model):
    """What an agency lets be answered, for all it works on or for one record. Rows are added; the newest counts."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=221, blank=True)  # as a pointer's; empty: everything of the agency's
    level = models.CharField(max_length=20, choices=AnswerLevel.choices())
    contact = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=40, blank=True)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "about", "set_at"], name="answer_setting")]


class Check(models.Model):
    """Somebody asked whether others work on the same. Its number proves that they asked; it is read by their agency."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=80)
    asked_by_id = models.CharField(max_length=36)
    asked_at = models.DateTimeField(default=timezone.now)
    purpose = models.CharField(max_length=200)
    operation = models.CharField(max_length=100)
    contact = models.CharField(max_length=200)  # whom of the asker's the other side rings
    kind = models.CharField(max_length=10)
    scheme = models.CharField(max_length=10)
    value = models.CharField(max_length=300)  # as written
    until = models.DateField()
    in_file = models.BooleanField(default=False)
    approval = models.UUIDField(null=True)  # by which a second person allowed it, of a file that needs one
    body = models.CharField(max_length=10, choices=AnswerBody.choices())
    answer = models.JSONField(default=list)  # agency, contact and category of each
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="a_check_number_once")]
        indexes = [
            models.Index(fields=["asked_by_id", "asked_at"], name="checks_of_person"),
            models.Index(fields=["agency", "asked_at"], name="checks_of_agency"),
        ]

    def __str__(self) -> str:
        return self.number


class CheckToken(models.Model):
    """A check that stands is found by these, as a pointer is."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    token = models.BinaryField(max_length=16)
    sure = models.SmallIntegerField(default=1)  # rules.SURENESS
    via_id = models.UUIDField(
        null=True
    )  # as a pointer's; no reference, since no page reads this table when a record goes
    until = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["token"], name="check_token"),
            models.Index(fields=["agency", "until"], name="check_tokens_of_agency"),
            models.Index(fields=["via_id"], name="check_token_via", condition=models.Q(via_id__isnull=False)),
        ]


class CheckOutcome(models.Model):
    """What became of a check between two agencies, as either of them recorded it. Rows are added; the newest counts."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=20)
    asking_agency = models.CharField(max_length=60)
    other_agency = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=Resolution.choices())
    note = models.CharField(max_length=500, blank=True)
    shared = models.BooleanField()  # whether both sides may know of each other, and so read it
    recorded_by = models.CharField(max_length=80)
    recorded_agency = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["asked", "other_agency", "recorded_at"], name="outcome_of_check")]


class PlannedEvent(models.Model):
    """The place and hours of a check of a planned event, with the reach of its kind on the day it was registered."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.OneToOneField(Check, on_delete=models.CASCADE, related_name="event")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind.choices())
    lat = models.FloatField()
    lon = models.FloatField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reach_metres = models.FloatField()
    reach_before = models.DurationField()
    reach_after = models.DurationField()
    level = models.CharField(max_length=20, choices=AnswerLevel.choices())  # what whoever registers later is told
    registered_at = models.DateTimeField(default=timezone.now)
    forgotten_at = models.DateTimeField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["lat", "starts"], name="events_near"),
            models.Index(fields=["agency", "forgotten_at"], name="events_of_agency"),
        ]


class EventCalledOff(models.Model):
    """That an event does not take place; from then on it meets nobody."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField(PlannedEvent, on_delete=models.CASCADE, related_name="called_off")
    called_off_by = models.CharField(max_length=80)
    called_off_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
