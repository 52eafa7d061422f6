"""Meetings: what the calling side keeps, and apart from it what one invited organisation reads.

Rows are added and never changed. A meeting, its steps and its minutes are the calling side's; an invited organisation reads its
invitation with its steps, the minutes that were shared with it, its own actions, and no other table.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState, ReturnState
from crossline.safeguarding.referrals.models import Referral


class Meeting(models.Model):
    """A meeting about one person, as one record mentions them."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    called_by = models.CharField(max_length=80)
    called_agency = models.CharField(max_length=60)
    called_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class MeetingStep(models.Model):
    """A state that a meeting was brought to; of one that is called, when it is and how to join."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=MeetingState)
    starts_at = models.DateTimeField(null=True)
    joining = models.TextField(blank=True)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="a_meeting_step_once")]


class Invitation(models.Model):
    """That one organisation is asked to a meeting. It names nobody: the referral, if there is one, stands for the person."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    invited = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    bring = models.TextField(blank=True)
    invited_by = models.CharField(max_length=80)
    invited_agency = models.CharField(max_length=60)
    invited_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "invited"], name="an_organisation_invited_once")]


class InvitationStep(models.Model):
    """What an invited organisation was told of the meeting, or what it answered."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=[*MeetingState.choices, *Answer.choices])
    starts_at = models.DateTimeField(null=True)
    joining = models.TextField(blank=True)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "number"], name="an_invitation_step_once")]


class Minutes(models.Model):
    """One saved text of a meeting's minutes; the newest stands. `attended`: ids of organisations; `parts`: words by part."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="minutes")
    number = models.IntegerField()
    attended = models.JSONField()
    parts = models.JSONField()
    reason = models.TextField()
    saved_by = models.CharField(max_length=80)
    saved_agency = models.CharField(max_length=60)
    saved_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="minutes_once")]


class MinutesShare(models.Model):
    """Minutes as one invited organisation was given them: [title, words] of each part, with what was withheld taken out."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="shares")
    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()  # of the minutes
    lines = models.JSONField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "number"], name="minutes_shared_once")]


class Action(models.Model):
    """What one organisation is to do, by when. `invitation`: through which it is told; none where the caller does it itself."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="actions")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True, related_name="actions")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    due = models.DateField()
    given_by = models.CharField(max_length=80)
    given_agency = models.CharField(max_length=60)
    given_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class ActionStep(models.Model):
    """A state that an action was brought to. `number` counts them; the first is that it was given."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=ActionState)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "number"], name="an_action_step_once")]


class SafetyPlan(models.Model):
    """A joint safety plan for one person, as one record mentions them."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    opened_by = models.CharField(max_length=80)
    opened_agency = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class PlanVersion(models.Model):
    """One saved text of a plan: words by part, and by when it is reviewed. The newest stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="texts")
    number = models.IntegerField()
    parts = models.JSONField()
    review_on = models.DateField()
    words = models.TextField()  # why it is saved
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="a_plan_text_once")]


class PlanEnding(models.Model):
    """That somebody asks to end a plan, and why. `number` counts how often it was asked."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="endings")
    number = models.IntegerField()
    words = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="a_plan_ending_once")]


class EndingAnswer(models.Model):
    """Whether a second person agrees that a plan ends. Whoever asked never answers."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    ending = models.OneToOneField(PlanEnding, primary_key=True, on_delete=models.CASCADE, related_name="answer")
    agreed = models.BooleanField()
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class ReturnEntry(models.Model):
    """One entry on bringing somebody home after they were found: who fetches them, how, when, and whom they are handed to."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="returns")
    number = models.IntegerField()
    state = models.CharField(max_length=12, choices=ReturnState)
    fetches = models.TextField()
    how = models.TextField()
    starts_at = models.DateTimeField()
    handed_to = models.TextField()
    contact = models.TextField(blank=True)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="a_return_entry_once")]


class PlanOutcome(models.Model):
    """What had come of it at one point in time: an answer to each question. A later row for a point stands instead."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="outcomes")
    point = models.CharField(max_length=20)  # of plan_parts.points
    number = models.IntegerField()
    answers = models.JSONField()
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "point", "number"], name="a_plan_outcome_once")]
