"""What is decided about keeping records: clocks, reviews, holds, and the tombstones of what was disposed of.

All of it is appended. What belongs to a record goes with it, because a reviewer's reason can say what the record said; only
the tombstone stays, and holds no word of it.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from crossline.access.models import Agency, Audience


class Choice(models.TextChoices):
    """What a review comes to."""

    KEEP = "keep", "Keep until the next review"
    DISPOSE = "dispose", "Dispose of, once a second information manager confirms it"
    HOLD = "hold", "Place under a legal hold"


class Ground(models.TextChoices):
    """Why a record goes. A closed list, because the tombstone keeps it and must hold no content."""

    NOT_NECESSARY = "not_necessary", "No longer necessary for a policing purpose"
    INACCURATE = "inaccurate", "Inaccurate, and cannot be put right"
    NOT_LAWFUL = "not_lawful", "Should not have been held"
    RIGHTS_REQUEST = "rights_request", "The person asked for it, and has the right"
    AUTHORITY_EXPIRED = "authority_expired", "The authorisation of communications data has run out"


class HoldGround(models.TextChoices):
    """Why a record may not go."""

    PROCEEDINGS = "proceedings", "Criminal proceedings: disclosure duties"
    INQUIRY = "inquiry", "A public inquiry or inquest"
    LITIGATION = "litigation", "Civil litigation"
    COMPLAINT = "complaint", "A complaint, or a request by the person"


class RetentionClock(models.Model):
    """A record's clock, set anew. The first one stands on the record itself; the latest row here outranks it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60)
    due = models.DateField()
    review = models.OneToOneField("records.RecordReview", null=True, on_delete=models.CASCADE)  # None: by a rule
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["record", "set_at"], name="clock_record")]


class RecordReview(models.Model):
    """One review of one record: the answers, the decision, and why."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60)  # the version that made it due
    answers = models.JSONField(default=dict)  # question id -> yes, no or unknown
    choice = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)  # of a disposal
    next_review = models.DateField(null=True)  # of a keeping
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["record", "decided_at"], name="review_record")]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(choice="keep", next_review__isnull=False, ground="")
                    | (Q(choice="dispose", next_review=None) & ~Q(ground=""))
                    | Q(choice="hold", next_review=None, ground="")
                ),
                name="a_review_says_what_follows",
            )
        ]


class Confirmation(models.Model):
    """The second person's word on a decision to dispose. The decider is repeated, so that the database can tell them apart."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    review = models.OneToOneField(RecordReview, primary_key=True, on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    agreed = models.BooleanField()
    reason = models.TextField(blank=True)  # needed where it is declined
    decided_by = models.CharField(max_length=80)
    confirmed_by = models.CharField(max_length=80)
    confirmed_agency = models.CharField(max_length=60)
    confirmed_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("decided_by")), name="two_people_confirm_a_disposal")
        ]


class LegalHold(models.Model):
    """A record may not be disposed of until this is lifted, whatever anybody decides."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    ground = models.CharField(max_length=20)
    reason = models.TextField()
    placed_by = models.CharField(max_length=80)
    placed_agency = models.CharField(max_length=60)
    placed_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class HoldLifted(models.Model):
    """The end of a hold: another row, so that when it held stays readable."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    hold = models.OneToOneField(LegalHold, primary_key=True, on_delete=models.CASCADE, related_name="lifted")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    reason = models.TextField()
    lifted_by = models.CharField(max_length=80)
    lifted_agency = models.CharField(max_length=60)
    lifted_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class Tombstone(models.Model):
    """That a record was here and was disposed of: when, by which rule, on whose word. No content, and not its reference."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, editable=False)  # the record's own
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    ground = models.CharField(max_length=20)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    disposed_at = models.DateTimeField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)  # the owner's own people, whoever saw the record

    class Meta:
        indexes = [models.Index(fields=["disposed_at"], name="tombstone_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="authority_expired")
                | (~Q(decided_by="") & ~Q(confirmed_by="") & ~Q(confirmed_by=F("decided_by"))),
                name="two_people_disposed",
            )
        ]
