"""Orders: what is asked for, each saved text of it, which records it leans on, how it stands, and what happened afterwards.

Rows are added and never changed. Every row carries the audience of its order: the agency that applies, and the centre.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Record


class OrderState(models.TextChoices):
    """How an order stands."""

    DRAFTED = "drafted", "Drafted"
    SIGNED_OFF = "signed_off", "Signed off"
    APPLIED = "applied", "Applied for"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused by the court"
    SERVED = "served", "Served"
    COMPLIED = "complied", "Complied with"
    VARIED = "varied", "Varied"
    DISCHARGED = "discharged", "Discharged"
    EXPIRED = "expired", "Expired"


_ENDS: Final = frozenset({OrderState.VARIED, OrderState.DISCHARGED, OrderState.EXPIRED})
MOVES: Final[Mapping[OrderState, frozenset[OrderState]]] = MappingProxyType(
    {
        OrderState.DRAFTED: frozenset({OrderState.SIGNED_OFF}),
        OrderState.SIGNED_OFF: frozenset({OrderState.APPLIED, OrderState.DRAFTED}),
        OrderState.APPLIED: frozenset({OrderState.GRANTED, OrderState.REFUSED}),
        OrderState.GRANTED: frozenset({OrderState.SERVED, OrderState.DISCHARGED, OrderState.EXPIRED}),
        OrderState.REFUSED: frozenset(),
        OrderState.SERVED: frozenset({OrderState.COMPLIED}) | _ENDS,
        OrderState.COMPLIED: _ENDS,
        OrderState.VARIED: frozenset({OrderState.SERVED, OrderState.COMPLIED}) | _ENDS,
        OrderState.DISCHARGED: frozenset(),
        OrderState.EXPIRED: frozenset(),
    }
)
"""What somebody may make of an order that stands so. A text is changed while it is drafted; to change it later, it goes back."""
FOLLOWED: Final[Mapping[OrderState, frozenset[OrderState]]] = MappingProxyType(
    {**MOVES, OrderState.DRAFTED: MOVES[OrderState.DRAFTED] | {OrderState.APPLIED, OrderState.GRANTED}}
)
"""The same of an order whose application is drawn up elsewhere, by a prosecutor or a council."""
OPEN: Final = frozenset(state for state, leads_to in MOVES.items() if leads_to)
"""Orders that something can still happen to."""


class ItemUse(models.TextChoices):
    """What a record is to a draft."""

    GROUND = "ground", "Dated ground, in words of the draft"
    EVIDENCE = "evidence", "Shows that a number or device is the line’s"
    APART = "apart", "Kept apart: its owner has to be asked"


class EntryKind(models.TextChoices):
    """What is written down of an order after it was made."""

    SERVICE = "service", "Service on a provider or a person"
    BREACH = "breach", "Breach"
    CHECK_BACK = "check_back", "Check whether a number is silent"
    CONDITION = "condition", "Condition of the order"


class Order(models.Model):
    """One order that an agency applies for, or follows. `line` or `about` is a mention: whoever sees it finds its page."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    line = models.UUIDField(null=True)
    about = models.UUIDField(null=True)
    opened_by = models.CharField(max_length=80)
    opened_agency = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class OrderVersion(models.Model):
    """One saved text of an order; the newest is the one that stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    content = models.JSONField()
    reason = models.TextField()
    saved_by = models.CharField(max_length=80)
    saved_agency = models.CharField(max_length=60)
    saved_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="a_version_once")]


class OrderItem(models.Model):
    """A record that a version leans on. It is read only by whoever sees the record too, and goes with it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(OrderVersion, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=10, choices=ItemUse)
    identifier = models.CharField(max_length=80, blank=True)  # of evidence: scheme:value
    sentence = models.TextField(blank=True)  # of a ground: as a person edited it
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "record", "use", "identifier"], name="an_item_once")]


class OrderStep(models.Model):
    """A state that an order was brought to. `number` counts them, so that of two people at once one is told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=OrderState)
    version = models.ForeignKey(OrderVersion, on_delete=models.CASCADE, related_name="+")  # the text that stood then
    day = models.DateField()  # on which it happened
    detail = models.JSONField(default=dict)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="a_step_once")]


class OrderEntry(models.Model):
    """One line of an order's log: a service, a breach, a check whether a number is silent, a condition."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    day = models.DateField()
    detail = models.JSONField(default=dict)
    text = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
