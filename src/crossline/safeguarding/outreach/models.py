"""Outreach after a closure: what was sent where, by whom, and how many. No number and no name of anybody it was sent to.

Rows are added and never changed. They are read by the agency that plans it, the centre, safeguarding people, and the one health
partner or charity through which it goes; police read them beside the line.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention


class OutreachState(models.TextChoices):
    """How an outreach stands."""

    PLANNED = "planned", "Planned"
    AGREED = "agreed", "Agreed by the health partner"
    DECLINED = "declined", "Declined by the health partner"
    SENT = "sent", "Messages sent"
    COUNTED = "counted", "Counted by the health partner"
    ENDED = "ended", "Ended"
    CALLED_OFF = "called_off", "Called off"


_S = OutreachState
MOVES: Final[Mapping[OutreachState, frozenset[OutreachState]]] = MappingProxyType(
    {
        _S.PLANNED: frozenset({_S.AGREED, _S.DECLINED, _S.CALLED_OFF}),
        _S.AGREED: frozenset({_S.SENT, _S.CALLED_OFF}),
        _S.DECLINED: frozenset(),
        _S.SENT: frozenset({_S.COUNTED, _S.ENDED}),
        _S.COUNTED: frozenset({_S.COUNTED, _S.ENDED}),
        _S.ENDED: frozenset(),
        _S.CALLED_OFF: frozenset(),
    }
)
"""What may be made of an outreach that stands so. Nothing is sent that the health partner has not agreed to."""
BY_HEALTH: Final = frozenset({_S.AGREED, _S.DECLINED, _S.COUNTED})
"""The health partner's moves; the others are the police's."""


class Outreach(models.Model):
    """One outreach. `line` is a mention of the line in a return; `places`: where it sold, in words that anybody may read."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=20)
    line = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    places = models.CharField(max_length=300)
    message = models.CharField(max_length=60)  # id and version: help outreach-1
    text = models.TextField()
    reason = models.TextField()
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class OutreachStep(models.Model):
    """What became of it, with counts alone. `number` counts the steps, so that of two people at once one is told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=OutreachState)
    counts = models.JSONField(default=dict)  # id of a count -> how many
    words = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outreach", "number"], name="an_outreach_step_once")]
