"""Decoys: what was planted and who agreed, for auditors alone; and apart from it what people are shown while one is in force.

None of these is a record. Nothing that is computed from records reads them, and the engine has no right on any of them.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience


class Decoy(models.Model):
    """A decoy as it was planted. Read by the agency's auditors and by the one person who was asked to agree."""

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # and its address, as of a record
    ref = models.CharField(max_length=200)
    person = models.UUIDField(default=uuid.uuid4)
    phone = models.UUIDField(default=uuid.uuid4)
    said = models.JSONField()  # a story (drawing.py)
    tokens = ArrayField(models.CharField(max_length=300))
    days = models.SmallIntegerField()
    reason = models.CharField(max_length=500)
    planted_by = models.CharField(max_length=80)
    planted_by_id = models.CharField(max_length=40)
    planted_agency = models.CharField(max_length=60)
    planted_at = models.DateTimeField(default=timezone.now)
    sponsor = models.CharField(max_length=80)
    sponsor_id = models.CharField(max_length=40)


class DecoyStep(models.Model):
    """What became of a decoy: the second person agreed or refused, or it was ended. Rows are only added."""

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decoy = models.ForeignKey(Decoy, on_delete=models.PROTECT)
    state = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=80)
    by_id = models.CharField(max_length=40)
    by_agency = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decoy", "state"], name="a_state_once_a_decoy"),
            models.UniqueConstraint(
                fields=["decoy"], condition=models.Q(state__in=["agreed", "refused"]), name="one_word_on_a_decoy"
            ),
        ]


class DecoyRecord(models.Model):
    """What people of the agency are shown of a decoy. A trigger writes it when the second person agrees; no page does."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    ref = models.CharField(max_length=200)
    person = models.UUIDField()
    phone = models.UUIDField()
    said = models.JSONField()
    until = models.DateTimeField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [
            models.Index(fields=["ref", "audience"], name="decoy_ref"),
            models.Index(fields=["person", "audience"], name="decoy_person"),
            models.Index(fields=["phone", "audience"], name="decoy_phone"),
        ]


class DecoyToken(models.Model):
    """One word or value by which a decoy is found, as a record's are: by equality, with the audience in the index."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    decoy = models.ForeignKey(DecoyRecord, on_delete=models.CASCADE)
    token = models.CharField(max_length=300)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["token", "audience"], name="decoy_token")]
