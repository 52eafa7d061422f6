"""Agencies, people, labels, audiences and the audit: the tables that every other room leans on.

Sensitivity of each field is declared beside the model (`SENSITIVITY`), and a test fails on a model that declares none.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crossline.access.compartments.models import Compartment  # noqa: F401  # Django finds an app's models through this module
from crossline.access.policy_changes.models import PolicyStatement  # noqa: F401  # likewise, its tables
from crossline.access.roles import Role


class Agency(models.Model):
    """A police force, regional unit or national body of the reference list; or a partner organisation, whose id tells it apart.

    The list itself is public.
    """

    SENSITIVITY: ClassVar[str] = "public"

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    country = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=60, blank=True)
    rocu_id = models.CharField(max_length=60, blank=True)
    authorities = ArrayField(
        models.CharField(max_length=12), default=list
    )  # codes of those a partner organisation covers

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by username; people are made by `access.actions.enrol`, never here."""


class Person(AbstractBaseUser):
    """Somebody who may sign in. What they may see follows from agency and roles through labels, never from this row alone."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    roles = ArrayField(models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role]))
    is_active = models.BooleanField(default=True)
    password_temporary = models.BooleanField(
        default=False
    )  # given by an administrator; its owner chooses their own first

    USERNAME_FIELD = "username"
    objects = PersonManager()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. Django would write a newer hash in passing, which the web role may not."""
        return check_password(raw_password, self.password)

    def __str__(self) -> str:
        return f"{self.name} ({self.agency_id})"


class Label(models.Model):
    """A group of viewers, such as `police`, `agency:kent` or `centre`. Groups, never persons."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    key = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.key


class Audience(models.Model):
    """An interned set of labels; whoever holds one of them may see the rows that carry this audience."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    fingerprint = models.CharField(max_length=600, unique=True)  # the label keys, sorted and joined with a space
    labels = models.ManyToManyField(Label, through="AudienceLabel")

    def __str__(self) -> str:
        return self.fingerprint


class AudienceLabel(models.Model):
    """One label of one audience."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE)
    label = models.ForeignKey(Label, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "audience"], name="one_label_once_an_audience")]


class Membership(models.Model):
    """A person holds a label. Written by `access.actions` from agency and roles; read by row security on every query."""

    SENSITIVITY: ClassVar[str] = "staff"

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    label = models.ForeignKey(Label, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "label"], name="one_label_once_a_person")]


class AuditEvent(models.Model):
    """One read or change, written in the same transaction as what it records.

    No foreign keys: the log can never block, or be altered by, live data. Rows are refused update and deletion by trigger.
    """

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20)
    event = models.CharField(max_length=60)
    actor_id = models.CharField(max_length=40, blank=True)  # the viewer of the transaction; row security insists on it
    actor = models.CharField(max_length=120)
    actor_agency = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)


class AuditSubject(models.Model):
    """Which record a read showed, whose it is, and what explains that this person read it. Written beside the read's own row.

    Repeats who read and when, so that its owner's auditors find it without reading anything else; holds no content.
    """

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.CharField(max_length=40)
    actor_agency = models.CharField(max_length=60)
    record = models.UUIDField()
    owner_agency = models.CharField(max_length=60)
    explanation = models.CharField(max_length=20)


class AuditDecision(models.Model):
    """What an auditor made of a read: a row that is added, never changed; the latest stands."""

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20)
    note = models.CharField(max_length=500)
    decided_by = models.CharField(max_length=120)
    decided_agency = models.CharField(max_length=60)


class Approval(models.Model):
    """A request that a second person allows one act of one person. What becomes of it is in its steps, which are only added."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=30)
    about = models.CharField(max_length=200)
    rows = models.IntegerField(default=0)  # how much was asked for; more than that is not what was approved
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=120)
    asked_by_id = models.CharField(max_length=40)
    asked_agency = models.CharField(max_length=60)


class ApprovalStep(models.Model):
    """What somebody did about a request: approved, refused, used or withdrew it."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.UUIDField()
    state = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=120)
    by_id = models.CharField(max_length=40)
    by_agency = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "state"], name="a_state_once_an_approval")]


class AuditLeaf(models.Model):
    """The seal of one row of the audit: its place in the Merkle tree (`id`, from 0) and its hash. Written by the sealer only."""

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.BigIntegerField(primary_key=True)
    event = models.UUIDField(unique=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()


class AuditCheckpoint(models.Model):
    """A signed statement of how the audit stood, numbered from 1; `body` is exactly what was signed (see audit_verifier)."""

    SENSITIVITY: ClassVar[str] = "audit"

    id = models.IntegerField(primary_key=True)
    body = models.TextField()
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    peaks = models.TextField()  # the tree's own roots, so that sealing goes on without reading what is sealed
    horizon = models.BigIntegerField()  # transactions before it had ended and are sealed


class SecondFactor(models.Model):
    """A shared secret of which somebody's device makes one-time codes, encrypted. It stands until it has an end."""

    SENSITIVITY: ClassVar[str] = "secret"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    secret = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)


class SecondFactorEnd(models.Model):
    """From here on a second factor counts no more: its owner changed it, or an administrator took it away."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT)
    ended_at = models.DateTimeField(default=timezone.now)
    ended_by = models.CharField(max_length=80)


class RecoveryCode(models.Model):
    """One of the codes that stand in for a lost device, once each; kept as a keyed hash."""

    SENSITIVITY: ClassVar[str] = "secret"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT)
    hash = models.CharField(max_length=64)


class UsedCode(models.Model):
    """A code that was used: of one step of the clock, or for recovery. The key makes a second use impossible."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT)
    used = models.CharField(max_length=80)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "used"], name="one_code_once")]


class SignInAttempt(models.Model):
    """One try to sign in and what came of it, counted for lock-out (access/lock_out.py) whether or not the name exists."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    username = models.CharField(max_length=80)
    address = models.CharField(max_length=45)
    outcome = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(fields=["username", "at"], name="attempts_by_name"),
            models.Index(fields=["address", "at"], name="attempts_by_address"),
        ]
