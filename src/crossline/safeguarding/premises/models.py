"""Premises that may be cuckooed, how they stand, their log, and who of their tenants is a victim.

Rows are added and never changed. Each carries an audience that no page writes (safeguarding/anchored.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention, Record


class PremisesState(models.TextChoices):
    """How premises stand."""

    REPORTED = "reported", "May be cuckooed"
    CUCKOOED = "cuckooed", "Cuckooed"
    SAFE = "safe", "Made safe"
    AGAIN = "again", "In use again"
    NOT_CUCKOOED = "not_cuckooed", "Found not to be cuckooed"
    ENDED = "ended", "Reviewed to the end"


_S: Final = PremisesState
PREMISES_MOVES: Final[Mapping[PremisesState, frozenset[PremisesState]]] = MappingProxyType(
    {
        _S.REPORTED: frozenset({_S.CUCKOOED, _S.SAFE, _S.NOT_CUCKOOED}),
        _S.CUCKOOED: frozenset({_S.SAFE}),
        _S.SAFE: frozenset({_S.AGAIN, _S.ENDED}),
        _S.AGAIN: frozenset({_S.SAFE}),
        _S.NOT_CUCKOOED: frozenset({_S.AGAIN}),
        _S.ENDED: frozenset({_S.AGAIN}),
    }
)
"""What somebody may make of premises that stand so. Whatever was found before, premises in use again are open again."""
IN_USE: Final = frozenset({PremisesState.REPORTED, PremisesState.CUCKOOED, PremisesState.AGAIN})
"""Premises whose tenant may be in danger now."""


class PremisesEntryKind(models.TextChoices):
    """What is written down of premises."""

    VISIT = "visit", "Visit"
    SIGNS = "signs", "Signs and kind of use"
    REVIEW = "review", "Review: in use again?"
    ORDER = "order", "Closure or partial closure order"
    OUTCOME = "outcome", "Outcome for the tenant"


class Premises(models.Model):
    """One address in the register, as one record mentions it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class PremisesStep(models.Model):
    """A state that premises were brought to. `number` counts them, so that of two people at once one is told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=14, choices=PremisesState)
    day = models.DateField()
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["premises", "number"], name="a_premises_step_once")]


class PremisesEntry(models.Model):
    """One line of the log: a visit, signs, a review, an order, an outcome."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=PremisesEntryKind)
    day = models.DateField()
    detail = models.JSONField(default=dict)
    text = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class TenantStanding(models.TextChoices):
    """Whether somebody is a victim tenant."""

    VICTIM = "victim", "Victim tenant"
    NO_LONGER = "no_longer", "Not, or no longer, a victim tenant"


class VictimTenant(models.Model):
    """Somebody said, on a record, whether a tenant is a victim; of one tenant of one place the newest row stands.

    Read by everybody with a policing role who sees the tenant and the record: it protects only where those who would export
    somebody as a suspect see it.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="tenants")
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")  # the tenant
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")  # the evidence
    standing = models.CharField(max_length=10, choices=TenantStanding)
    from_day = models.DateField()
    reason = models.TextField()
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
