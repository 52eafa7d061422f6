"""That a record was put into a compartment, and taken out: rows that are added, each from when to when somebody saw what."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.compartments.models import Compartment
from crossline.access.models import Audience


class CompartmentEntry(models.Model):
    """One record was put into a compartment. Its audience, and all that carries it, became the compartment's at once."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE)
    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT)
    reason = models.CharField(max_length=200)
    put_in_by = models.CharField(max_length=80)
    put_in_agency = models.CharField(max_length=60)
    put_in_at = models.DateTimeField(default=timezone.now)
    former_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class CompartmentExit(models.Model):
    """A record was taken out of its compartment: it is seen again by whom it was seen before."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    entry = models.OneToOneField(CompartmentEntry, primary_key=True, on_delete=models.CASCADE, related_name="exit")
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE)
    reason = models.CharField(max_length=200)
    taken_out_by = models.CharField(max_length=80)
    taken_out_agency = models.CharField(max_length=60)
    taken_out_at = models.DateTimeField(default=timezone.now)
    former_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
