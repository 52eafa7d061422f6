"""Drafts of a referral or a notice, what each leans on, how they stand; guardians by authority; and the section 45 log.

Rows are added and never changed. Each carries an audience that no page writes (safeguarding/anchored.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.records.models import Mention, Record
from crossline.safeguarding.nrm.routes import Age, Consent, Route


class NrmState(models.TextChoices):
    """How a draft, or the referral or notice that it became, stands."""

    DRAFTED = "drafted", "Drafted"
    READ = "read", "Read by a second person"
    ASKED = "asked", "A first responder was asked to send it"
    SENT = "sent", "Sent"
    REASONABLE_YES = "reasonable_yes", "Reasonable grounds: yes"
    REASONABLE_NO = "reasonable_no", "Reasonable grounds: no"
    CONCLUSIVE_YES = "conclusive_yes", "Conclusive grounds: yes"
    CONCLUSIVE_NO = "conclusive_no", "Conclusive grounds: no"
    RECONSIDERATION = "reconsideration", "Reconsideration asked for"
    WITHDRAWN = "withdrawn", "Withdrawn"


_S: Final = NrmState
MOVES: Final[Mapping[NrmState, frozenset[NrmState]]] = MappingProxyType(
    {
        _S.DRAFTED: frozenset({_S.READ, _S.WITHDRAWN}),
        _S.READ: frozenset({_S.DRAFTED, _S.ASKED, _S.SENT, _S.WITHDRAWN}),
        _S.ASKED: frozenset({_S.SENT, _S.READ}),
        _S.SENT: frozenset({_S.REASONABLE_YES, _S.REASONABLE_NO}),
        _S.REASONABLE_YES: frozenset({_S.CONCLUSIVE_YES, _S.CONCLUSIVE_NO}),
        _S.REASONABLE_NO: frozenset({_S.RECONSIDERATION}),
        _S.CONCLUSIVE_YES: frozenset(),
        _S.CONCLUSIVE_NO: frozenset({_S.RECONSIDERATION}),
        _S.RECONSIDERATION: frozenset({_S.REASONABLE_YES, _S.REASONABLE_NO, _S.CONCLUSIVE_YES, _S.CONCLUSIVE_NO}),
        _S.WITHDRAWN: frozenset(),
    }
)
"""What somebody may make of one that stands so. Of a notice nothing is decided; a reconsideration is of the stage before it."""

IDENTIFYING: Final = ("names", "other_names", "born", "contact", "address_safe", "social_worker", "consent_how")
"""The parts that name somebody or say where they can be reached: a notice without a name holds none of them."""


class NrmCase(models.Model):
    """One draft about one person, as one record mentions them."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class NrmVersion(models.Model):
    """One saved text of a draft; the newest stands. What the table of routes refuses, the table of the database refuses too."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(NrmCase, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    age = models.CharField(max_length=14, choices=Age)
    age_evidence = models.CharField(max_length=300, blank=True)  # where somebody found out what no record says
    consent = models.CharField(max_length=12, choices=Consent)
    route = models.CharField(max_length=14, choices=Route)
    anonymous = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="an_nrm_version_once"),
            models.CheckConstraint(
                condition=~Q(route=Route.DUTY_TO_NOTIFY) | Q(age=Age.ADULT, consent=Consent.REFUSED),
                name="a_child_never_goes_by_duty_to_notify",
            ),
            models.CheckConstraint(
                condition=~Q(route=Route.NRM, age=Age.ADULT) | Q(consent=Consent.GIVEN),
                name="an_adult_is_referred_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | (Q(route=Route.DUTY_TO_NOTIFY) & ~Q(answers__has_any_keys=IDENTIFYING)),
                name="a_notice_without_a_name_names_nobody",
            ),
        ]


class NrmObservation(models.Model):
    """What one record shows, as a person edited it. It is read only beside its record, and goes with it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(NrmVersion, on_delete=models.CASCADE, related_name="observations")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    indicator = models.CharField(max_length=40, blank=True)
    corroborates = models.CharField(max_length=20, blank=True)
    sentence = models.TextField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "record"], name="an_observation_once")]


class NrmRequest(models.Model):
    """A first responder was asked to send a draft, because its agency is none."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(NrmCase, on_delete=models.CASCADE, related_name="requests")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")


class NrmStep(models.Model):
    """A state that a draft was brought to. `number` counts them, so that of two people at once one is told."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(NrmCase, on_delete=models.CASCADE, related_name="steps")
    number = models.IntegerField()
    state = models.CharField(max_length=16, choices=NrmState)
    version = models.ForeignKey(NrmVersion, on_delete=models.CASCADE, related_name="+")  # the text that stood then
    day = models.DateField()  # on which it happened
    detail = models.JSONField(default=dict)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="an_nrm_step_once")]


class Coverage(models.TextChoices):
    """Whether a local authority has the guardian service."""

    NOT_KNOWN = "not_known", "Not known"
    COVERED = "covered", "Covered"
    NOT_COVERED = "not_covered", "Not covered"


class GuardianCoverage(models.Model):
    """What the centre has been told of one local authority; the newest row stands, and none means not known."""

    SENSITIVITY: ClassVar[str] = "operational"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.CharField(max_length=80)
    number = models.IntegerField()
    coverage = models.CharField(max_length=12, choices=Coverage)
    source = models.CharField(max_length=300)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # the centre
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "authority", "number"], name="a_coverage_once")]


class Section45Decision(models.TextChoices):
    """What became of considering the defence."""

    APPLIES = "applies", "May apply: told to whoever decides on charge"
    MORE_NEEDED = "more_needed", "More has to be found out first"
    DOES_NOT_APPLY = "does_not_apply", "Does not apply"


class Section45Entry(models.Model):
    """Somebody considered the defence of section 45 for a person held; several are kept, the newest stands."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")  # the person held
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")  # the custody record
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # the agency that holds them
    number = models.IntegerField()
    test = models.CharField(max_length=14, choices=Age)  # whose test was asked
    considered_by = models.CharField(max_length=200)
    tests = models.JSONField(default=dict)  # question to answer
    evidence = models.TextField()
    scheduled = models.CharField(max_length=60, blank=True)  # an offence of Schedule 4, where one is charged too
    safeguarding_disposal = models.TextField(blank=True)
    nrm_state = models.CharField(max_length=80)
    decision = models.CharField(max_length=16, choices=Section45Decision)
    reason = models.TextField()
    day = models.DateField()
    by = models.CharField(max_length=80)
    by_agency = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="a_consideration_once"),
            models.CheckConstraint(
                condition=Q(test=Age.ADULT) | ~Q(safeguarding_disposal=""),
                name="for_a_child_a_safeguarding_disposal_is_considered",
            ),
        ]
