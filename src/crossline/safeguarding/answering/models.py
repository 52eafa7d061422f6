"""Concerns that somebody answers for: the case, why it was raised, whose it is, who was told, and what was done.

A case hangs on the mention that was put forward, which stays when concerns are raised anew. It is seen by whoever may see both
what it was raised from (`basis_audience`) and what people write of it (`audience`), and the mention. Every row but a notice has
both. Rows are added, never changed.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.engines.indicators.answerers import Capacity
from crossline.records.models import Mention
from crossline.safeguarding.answering.moves import CaseEnd, CaseState


class How(models.TextChoices):
    """How somebody is told."""

    PAGE = "page", "On their page here"
    TELEPHONE = "telephone", "By telephone"
    NOBODY = "nobody", "Nobody known to tell"


class ConcernCase(models.Model):
    """One person put forward, as those see them who may see the same rows. Opened by the process that raises concerns."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    basis_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")  # of the concerns
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class CaseReason(models.Model):
    """That a concern was raised: once for each mention, reason and standing. What is new here opens an ended case again."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ConcernCase, on_delete=models.CASCADE, related_name="reasons")
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=60)
    standing = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    basis_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "mention", "reason", "standing", "basis_audience"], name="a_reason_answered_once"
            )
        ]


class CaseStep(models.Model):
    """How a case stands from a moment on, and whose it is: an agency's, and in it a person's or (empty) its desk's."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ConcernCase, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=CaseState)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=80, blank=True)
    offered = models.CharField(max_length=60, blank=True)  # to which agency, while it is offered
    end = models.CharField(max_length=12, choices=CaseEnd, blank=True)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60, blank=True)  # empty of a process
    at = models.DateTimeField(default=timezone.now)
    basis_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="a_case_step_once"),
            models.CheckConstraint(
                condition=models.Q(state="ended") & ~models.Q(end="") | ~models.Q(state="ended") & models.Q(end=""),
                name="an_end_says_how",
            ),
            models.CheckConstraint(
                condition=models.Q(state="offered") & ~models.Q(offered="")
                | ~models.Q(state="offered") & models.Q(offered=""),
                name="an_offer_says_to_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["taken_on", "in_hand", "accepted", "ended"]) | ~models.Q(person=""),
                name="somebody_named_takes_it_on",
            ),
        ]


class Told(models.Model):
    """Who was told of a reason, in which capacity, and how. `agency` is one of ours, or a partner organisation, or nobody."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ConcernCase, on_delete=models.CASCADE, related_name="told")
    reason = models.ForeignKey(CaseReason, on_delete=models.CASCADE, related_name="told")
    capacity = models.CharField(max_length=16, choices=Capacity.choices())
    who = models.CharField(max_length=60, blank=True)  # agency id of a force, code of an authority; empty: not known
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True)
    how = models.CharField(max_length=10, choices=How)
    because = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    basis_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class CaseEntry(models.Model):
    """What somebody did: a line of the time line. Where it names a row of Told, that somebody was told by telephone."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ConcernCase, on_delete=models.CASCADE, related_name="entries")
    told = models.ForeignKey(Told, on_delete=models.CASCADE, related_name="done", null=True)
    text = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    basis_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class PartnerNotice(models.Model):
    """What a partner organisation is told on its own page: that somebody needs help, a reference, and whom to ring.

    Nothing of a record, and no name. It goes with the row of Told that it stands for.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    told = models.OneToOneField(Told, on_delete=models.CASCADE, related_name="notice")
    ref = models.CharField(max_length=20)
    authority = models.CharField(max_length=12)
    capacity = models.CharField(max_length=16, choices=Capacity.choices())
    is_child = models.BooleanField()
    ring = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
