"""Records and what they say: the store that everything else is a view of.

Each row of content carries one audience. Mentions and assertions repeat their record's owner and audience, so that row
security decides on the row itself, without a join.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.compartments.models import CompartmentEntry, CompartmentExit
from crossline.records.decoys.models import Decoy, DecoyRecord, DecoyStep, DecoyToken
from crossline.records.retention.models import (
    Confirmation,
    HoldLifted,
    LegalHold,
    RecordReview,
    RetentionClock,
    Tombstone,
)

__all__ = [
    "Assertion",
    "Change",
    "CompartmentEntry",
    "CompartmentExit",
    "Confirmation",
    "Decoy",
    "DecoyRecord",
    "DecoyStep",
    "DecoyToken",
    "Delivery",
    "HoldLifted",
    "LegalHold",
    "Mention",
    "Outcome",
    "Record",
    "RecordReview",
    "RetentionClock",
    "SearchToken",
    "Step",
    "Tombstone",
]


class Delivery(models.Model):
    """What an agency sent at one time. `(agency, ref)` makes it idempotent; `digest` tells the same bytes from others."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    ref = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    rows = models.IntegerField()
    accepted = models.IntegerField()
    refused = models.IntegerField()
    duplicate = models.IntegerField()
    held = models.IntegerField()
    receipt = models.JSONField(default=dict)  # per file: rows and outcomes, unknown columns
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "ref"], name="a_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("accepted") + models.F("refused") + models.F("duplicate") + models.F("held")
                ),
                name="every_row_has_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.ref}"


class Outcome(models.Model):
    """A row of a delivery that was not simply accepted, with the sentence that says why and what to do.

    `content` is kept only for a held row, so that nothing is lost while a person decides; a refused row's content goes
    back to its sender (of a row above the classification ceiling nothing at all is kept).
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE)
    file = models.CharField(max_length=200)
    row = models.IntegerField()
    column = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20)
    reason = models.TextField()
    content = models.JSONField(null=True)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class Record(models.Model):
    """One record: the atom. `source` is the delivery file it came from (or the engine), within which its owner's `ref` is one."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE)
    source = models.CharField(max_length=20)
    ref = models.CharField(max_length=200)
    revision = models.IntegerField(default=1)
    kind = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    occurred_from = models.DateTimeField(null=True)
    occurred_to = models.DateTimeField(null=True)
    source_grade = models.CharField(max_length=1, blank=True)
    information_grade = models.CharField(max_length=1, blank=True)
    handling = models.CharField(max_length=1)
    conditions = models.CharField(max_length=200, blank=True)
    classification = models.CharField(max_length=20)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    review_at = models.DateField()  # by the first clock; a later one is a row of its own
    review_rule = models.CharField(max_length=60)  # the version of the rule that set it
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            # The owner is in the key: a clash can never tell of another agency's hidden row.
            models.UniqueConstraint(fields=["owner", "source", "ref", "revision"], name="a_record_once"),
        ]
        indexes = [
            models.Index(fields=["kind", "audience"], name="record_kind"),
            models.Index(fields=["delivery"], name="record_delivery"),
            models.Index(fields=["owner", "review_at"], name="record_review"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.ref}"

    @property
    def grade(self) -> str:
        """The 3x5x2 grade as people write it, such as `2B C`."""
        return f"{self.source_grade}{self.information_grade} {self.handling}".strip()


class RestrictionState(models.TextChoices):
    """What a person did to a record's use."""

    PLACED = "placed", "Restricted"
    LIFTED = "lifted", "Restriction lifted"


class RecordRestriction(models.Model):
    """A record's use was restricted, or the restriction lifted: rows are added, and the newest says how it stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, choices=RestrictionState)
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class RecordRelease(models.Model):
    """One record was released to one more agency, under conditions. Its audience, and all that carries it, followed at once."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    conditions = models.CharField(max_length=280)
    reason = models.CharField(max_length=200)
    approval = models.UUIDField(unique=True)  # that was used for it: one makes one release
    released_by = models.CharField(max_length=80)
    released_agency = models.CharField(max_length=60)
    released_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class ReleaseTakenBack(models.Model):
    """The end of a release: another row, so that from when to when somebody saw the record stays readable."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    release = models.OneToOneField(RecordRelease, primary_key=True, on_delete=models.CASCADE, related_name="taken_back")
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    reason = models.CharField(max_length=200)
    taken_back_by = models.CharField(max_length=80)
    taken_back_agency = models.CharField(max_length=60)
    taken_back_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)


class Mention(models.Model):
    """One thing as one record describes it. `selector` is its normalised value where equal values mean the same thing."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    key = models.CharField(max_length=60)
    place = models.SmallIntegerField(default=0)  # among the record's mentions: whom it is about comes first
    kind = models.CharField(max_length=10)
    caption = models.CharField(max_length=300)  # how the record itself names it
    selector = models.CharField(max_length=300, null=True)
    forename = models.CharField(max_length=100, blank=True)
    middle = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100, blank=True)
    aliases = ArrayField(models.CharField(max_length=100), default=list)
    born = models.CharField(max_length=10, blank=True)  # ISO date, or a year or year and month
    age = models.SmallIntegerField(null=True)  # as stated, at the time of the record
    sex = models.CharField(max_length=1, blank=True)
    nominal = models.CharField(max_length=60, blank=True)
    pnc = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="a_mention_once")]
        indexes = [
            models.Index(fields=["selector", "kind", "audience"], name="mention_selector"),
            models.Index(fields=["kind", "audience"], name="mention_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.caption}"


class Assertion(models.Model):
    """What a record says between two mentions, with its time span, fact or assessment, and category of data subject.

    Victim and suspect are said here, dated and sourced; they are never a column on a person.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    from_mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="assertions_from")
    to_mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="assertions_to")
    type = models.CharField(max_length=20)
    basis = models.CharField(max_length=10)
    category = models.CharField(max_length=10, blank=True)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    detail = models.JSONField(default=dict)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["type", "audience"], name="assertion_type")]


class SearchToken(models.Model):
    """One word by which a mention is found. Equality only, with the audience in the index: a hidden hit costs no time."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE)
    token = models.CharField(max_length=100)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["token", "audience"], name="search_token")]


class Step(models.Model):
    """A step of the daily rhythm was done for a delivery: what makes daily work proportional to what is new."""

    SENSITIVITY: ClassVar[str] = "operational"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE)
    step = models.CharField(max_length=30)
    version = models.CharField(max_length=60)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "step"], name="a_step_once_a_delivery")]


class Change(models.Model):
    """One row for each change to what can be seen, with nothing in it: tells only that kept results are out of date."""

    SENSITIVITY: ClassVar[str] = "operational"
