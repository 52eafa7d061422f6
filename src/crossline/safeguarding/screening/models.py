"""Screenings of people: answers with their evidence, second sign-offs, what has to be found out, and results of local tools.

Rows are added and never changed. A screening hangs on a mention and is read only where that is visible; its audience is the
agency that made it, the centre and safeguarding leads, and every row that belongs to it carries the same.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention
from crossline.vocabulary.codes import Tristate


class Stage(models.TextChoices):
    """Which screening of a person it is."""

    FIRST = "first", "First"
    REVIEW = "review", "Review"
    FINAL = "final", "Final"


class Screening(models.Model):
    """One set of answers about one person, with the version of the form, and the judgement of whoever made it.

    `answers`: question -> {"said", "level", "evidence"}. `judged` is a band of the form, or empty; `age` as they were told it.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage)
    form_version = models.IntegerField()
    answers = models.JSONField()
    age = models.SmallIntegerField(null=True)
    voice = models.TextField(blank=True)  # what the child or young person says and wants, in their own words
    judged = models.CharField(max_length=10, blank=True)
    grounds = models.JSONField(default=list)
    judgement = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class SignOff(models.Model):
    """What a second person said of a judgement below a floor."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    screening = models.OneToOneField(Screening, primary_key=True, on_delete=models.CASCADE, related_name="sign_off")
    agreed = models.BooleanField()
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class InformationNeeded(models.Model):
    """A question that nobody could answer, and the agency that is asked, with the time by which it answers."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="needed")
    question = models.CharField(max_length=40)
    asked_of = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "question"], name="asked_once_a_screening")]


class InformationAnswer(models.Model):
    """What came of asking."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    needed = models.OneToOneField(InformationNeeded, primary_key=True, on_delete=models.CASCADE, related_name="answer")
    said = models.CharField(max_length=10, choices=[(each.value, each.meaning) for each in Tristate])
    text = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class LocalResult(models.Model):
    """The result of a local tool, as it was said. What it corresponds to is data (local_tools.toml), and not here."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    tool = models.CharField(max_length=40)
    result = models.CharField(max_length=60)
    made_by = models.CharField(max_length=200)
    day = models.DateField()
    text = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
