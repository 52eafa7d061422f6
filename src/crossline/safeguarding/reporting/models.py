"""Reports of partners: what was noticed, and what was said of it since. Rows are added and never changed.

A report is read by the force it went to, the centre, safeguarding people, and the organisation that sent it. Once it is kept as
a record of the force, police read it beside that record, and it goes when the record goes.
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


class ReportState(models.TextChoices):
    """How a report stands."""

    SENT = "sent", "Sent"
    READ = "read", "Read by the police"
    ANSWERED = "answered", "Answered"
    RAISED_AGAIN = "raised_again", "Raised again"


MOVES: Final[Mapping[ReportState, frozenset[ReportState]]] = MappingProxyType(
    {
        ReportState.SENT: frozenset({ReportState.READ, ReportState.ANSWERED}),
        ReportState.READ: frozenset({ReportState.ANSWERED}),
        ReportState.ANSWERED: frozenset({ReportState.RAISED_AGAIN}),
        ReportState.RAISED_AGAIN: frozenset({ReportState.READ, ReportState.ANSWERED}),
    }
)
"""What somebody may make of a report that stands so."""
BY_THE_PARTNER: Final = frozenset({ReportState.RAISED_AGAIN})
"""What the organisation that sent it makes of it; everything else is the police's."""


class PartnerReport(models.Model):
    """One report: from a partner organisation, to the force of the area. `content`: the answers of the form (forms.Answers)."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=20)  # as the sender is told it: R-7F3K-2QWX-9ABC
    partner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    force = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=40)  # of guidance, with its version: school 1
    content = models.JSONField()
    sent_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField(default=timezone.now)
    record = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")  # once it is kept
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class PartnerReportStep(models.Model):
    """What was said of a report, and how it stands since; both sides read it. `number` counts: of two at once, one is told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(PartnerReport, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=ReportState)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="a_report_step_once")]
