"""Joint work: requests between agencies and their steps, the lead of a line, and up to where an agency has read. Only added."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.operations.joint.moves import AboutKind, AskedFor, LeadState, Priority, RequestState, Use


class JointRequest(models.Model):
    """What one agency asks of another, or of the centre. Both and the centre read it, and every word of it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=AskedFor)
    priority = models.CharField(max_length=20, choices=Priority)
    about_kind = models.CharField(max_length=20, choices=AboutKind)
    about_owner = models.CharField(max_length=60, blank=True)  # with `about_ref`, the return or the investigation
    about_ref = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200)
    wanted = models.TextField()
    reason = models.TextField()
    grounds = models.TextField()
    needed_by = models.DateField(null=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_agency=models.F("to_agency")), name="a_request_is_of_another_agency"
            ),
            models.CheckConstraint(
                condition=models.Q(about_kind="subject", about_owner="", about_ref="")
                | (~models.Q(about_kind="subject") & ~models.Q(about_owner="") & ~models.Q(about_ref="")),
                name="a_request_about_a_record_names_it",
            ),
        ]
        indexes = [models.Index(fields=["about_owner", "about_ref"], name="joint_request_about")]


class RequestStep(models.Model):
    """What somebody did about a request, after the step before it. The last says how the request stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(JointRequest, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=20, choices=RequestState)
    text = models.TextField(blank=True)
    until = models.DateField(null=True)  # of a deferral
    use = models.CharField(max_length=10, choices=Use, blank=True)  # of a closing
    records = ArrayField(models.CharField(max_length=200), default=list)  # references that an answer names
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="a_step_of_a_request_once")]


class LeadStep(models.Model):
    """An agency was offered the lead of a line, and what became of it. It hangs on a return's owner and reference."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=200)
    lead = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=LeadState)
    reason = models.TextField()
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner", "ref"], name="lead_of_a_line")]


class ReadUpTo(models.Model):
    """Up to which day people of an agency have read which lines run from their area."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    up_to = models.DateTimeField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
