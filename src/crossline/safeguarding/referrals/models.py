"""Referrals: what an agency writes down for itself, and apart from it the sheet that one partner organisation is given.

Rows are added and never changed. Referral, its texts and the records behind them are the sender's side's; the partner reads the
sheet, its fields, its steps, its messages and its revocation, and no other table.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention, Record
from crossline.safeguarding.referrals.states import Side, State


class Referral(models.Model):
    """One person, or one address, as one record mentions them, to be made known to one partner organisation."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=30)  # in which capacity, as fields.toml has it
    opened_by = models.CharField(max_length=80)
    opened_agency = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class ReferralText(models.Model):
    """One saved text of a referral: what would be told, and what was considered. The newest is the one that stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="texts")
    number = models.IntegerField()
    content = models.JSONField()
    behind = models.IntegerField()  # on how many records it rests
    reason = models.TextField()
    saved_by = models.CharField(max_length=80)
    saved_agency = models.CharField(max_length=60)
    saved_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="a_referral_text_once")]


class TextRecord(models.Model):
    """A record that a text rests on. Read only beside it; when it goes, what was told of it goes from text and sheet."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.ForeignKey(ReferralText, on_delete=models.CASCADE, related_name="records")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "record"], name="a_record_behind_once")]


class Sheet(models.Model):
    """That something was told to a partner, when, how urgent it is, and through which gateway. `reader`: nobody else there."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="sheets")
    text = models.ForeignKey(ReferralText, on_delete=models.CASCADE, related_name="+")  # that it was made from
    number = models.IntegerField()
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=30)
    urgency = models.CharField(max_length=20)
    gateway = models.CharField(max_length=30)
    reader = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="a_sheet_once")]


class SheetField(models.Model):
    """One field of a sheet, as it was told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="fields")
    field = models.CharField(max_length=30)  # of fields.Field
    words = models.TextField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "field"], name="a_field_once")]


class SheetStep(models.Model):
    """A state that a sheet was brought to, in words that both sides read. `number` counts them."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=State)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="a_sheet_step_once")]


class SheetMessage(models.Model):
    """What one side wrote to the other beside the steps."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    words = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class SheetOpening(models.Model):
    """That somebody of the partner opened a sheet. Read by whoever sent it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="openings")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class SheetRevocation(models.Model):
    """That a sheet was taken back. From then on its partner reads this, and nothing else of it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    sheet = models.OneToOneField(Sheet, primary_key=True, on_delete=models.CASCADE, related_name="revocation")
    words = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
