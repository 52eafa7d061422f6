"""Matches that engines write and judgements that people make. An entity is what these amount to for a viewer; it has no row."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Audience
from crossline.access.policy import CENTRE
from crossline.records.models import Mention


class Match(models.Model):
    """Two mentions that may be one thing, with weight, model version and explanation. Visible only with both its ends."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # a_pair_once and match_right find them: an index more is a page more to write for every match of a nation.
    left = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    weight = models.FloatField()  # bits: log2 of the odds that they are one
    model_version = models.CharField(max_length=60)
    explanation = models.JSONField()  # [comparison, level in words, bits] each, summing with the prior to the weight
    left_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    right_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="a_pair_once")]
        indexes = [models.Index(fields=["right"], name="match_right")]


class MatchKey(models.Model):
    """A key under which a mention is looked up: a number that mentions worth comparing share. The audience is its mention's and
    stands in the index, so that a hidden holder of a key costs no time."""

    SENSITIVITY: ClassVar[str] = "need-to-know"
    RECKONED: ClassVar[bool] = True  # from its mention alone: whoever lists what there is of a record leaves it out

    pk = models.CompositePrimaryKey("key", "audience", "mention")
    key = models.BigIntegerField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")


class PreparedMention(models.Model):
    """A mention of a person as comparisons read it, made once with its keys. The audience is its mention's."""

    SENSITIVITY: ClassVar[str] = "need-to-know"
    RECKONED: ClassVar[bool] = True  # as a key is

    mention = models.OneToOneField(Mention, primary_key=True, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)
    prepared = models.TextField()  # as engines.resolution.preparing.packed writes it


class Verdict(models.TextChoices):
    """What a person says of two mentions."""

    SAME = "same", "The same"
    DIFFERENT = "different", "Different"
    UNSURE = "unsure", "Unsure"


class Judgement(models.Model):
    """What a person said of two mentions, dated, with the reason; survives every re-run.

    The centre's is a decision, which outranks every match; anybody else's a proposal, which moves nothing.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    left = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    decides = models.GeneratedField(
        expression=models.Case(models.When(decided_agency=CENTRE, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    change = models.BigIntegerField(null=True)  # the number of its own change, by which kept work tells it from others
    left_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    right_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["left"], name="judgement_left"),
            models.Index(fields=["right"], name="judgement_right"),
        ]


class Withdrawal(models.Model):
    """The undo of a judgement: another row, so that what was decided and when it was taken back both stay readable."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    judgement = models.OneToOneField(Judgement, primary_key=True, on_delete=models.CASCADE)
    reason = models.TextField()
    withdrawn_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(default=timezone.now)
    change = models.BigIntegerField(null=True)  # as a judgement's
    left_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    right_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class RegisteredModel(models.Model):
    """A release of the matching model as registered for this installation's size. No content: versions and a number."""

    SENSITIVITY: ClassVar[str] = "operational"

    version = models.CharField(primary_key=True, max_length=60)
    release = models.CharField(max_length=60)
    scale = models.IntegerField()  # the number of mentions it was registered for, as a power of two
    registered_at = models.DateTimeField(default=timezone.now)
