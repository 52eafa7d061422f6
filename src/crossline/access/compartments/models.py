"""Compartments and who belongs to them: rows that are added; what stands follows from the last of them.

Everything here carries the audience of the compartment itself, so that whoever does not belong is not told that it exists.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class CompartmentKind(models.TextChoices):
    """What a compartment is for. A closed list."""

    OPERATION = "operation", "An operation"
    SOURCE_VAULT = "source_vault", "A source vault"


class Compartment(models.Model):
    """A circle of named people, the only ones who see what is put into it. Its label and audience come with the row."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("access.Agency", on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=CompartmentKind)
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey("access.Audience", on_delete=models.PROTECT, related_name="+")


class CompartmentAdmission(models.Model):
    """Somebody was admitted: at once where they are of the owner's agency, else once a second keeper confirms it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT)
    person = models.ForeignKey("access.Person", on_delete=models.CASCADE)
    keeper = models.BooleanField(default=False)  # admits others and puts records in
    reason = models.CharField(max_length=200)
    admitted_by = models.CharField(max_length=80)
    admitted_agency = models.CharField(max_length=60)
    admitted_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey("access.Audience", on_delete=models.PROTECT, related_name="+")


class CompartmentConfirmation(models.Model):
    """A second keeper confirmed that somebody of another agency is admitted."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    admission = models.OneToOneField(
        CompartmentAdmission, primary_key=True, on_delete=models.CASCADE, related_name="confirmation"
    )
    person = models.ForeignKey("access.Person", on_delete=models.CASCADE)
    confirmed_by = models.CharField(max_length=80)
    confirmed_agency = models.CharField(max_length=60)
    confirmed_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey("access.Audience", on_delete=models.PROTECT, related_name="+")


class CompartmentEnd(models.Model):
    """Somebody no longer belongs: a keeper ended it, they left, or their access, agency or policing role ended."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    admission = models.OneToOneField(
        CompartmentAdmission, primary_key=True, on_delete=models.CASCADE, related_name="end"
    )
    person = models.ForeignKey("access.Person", on_delete=models.CASCADE)
    reason = models.CharField(max_length=200)
    ended_by = models.CharField(max_length=80)
    ended_agency = models.CharField(max_length=60)
    ended_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey("access.Audience", on_delete=models.PROTECT, related_name="+")
