"""What people decide on changes of number and declare of lines: appended, each row after the one that it changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from crossline.access.models import Agency, Audience
from crossline.lines.states import DeclaredState, OrdersTaken
from crossline.records.models import Mention, Record


class ChangeState(models.TextChoices):
    """How a change of number stands. `put_forward` is no row: it is what a change is that nobody decided on."""

    PUT_FORWARD = "put_forward", "Put forward"
    CONFIRMED = "confirmed", "Confirmed"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Taken back"


MOVES: Final[Mapping[ChangeState, frozenset[ChangeState]]] = MappingProxyType(
    {
        ChangeState.PUT_FORWARD: frozenset({ChangeState.CONFIRMED, ChangeState.REJECTED}),
        ChangeState.CONFIRMED: frozenset({ChangeState.REJECTED, ChangeState.WITHDRAWN}),
        ChangeState.REJECTED: frozenset({ChangeState.CONFIRMED, ChangeState.WITHDRAWN}),
        ChangeState.WITHDRAWN: frozenset({ChangeState.CONFIRMED, ChangeState.REJECTED}),
    }
)
"""What somebody may make of a change that stands so. What was taken back is put forward again."""


class ChangeJudgement(models.Model):
    """A person's decision on a change of number. Survives every re-run, and goes with the set of data that showed the change.

    It counts for the pair of numbers and the agency: a later set that shows the same change is decided on already.
    """

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        Record, on_delete=models.CASCADE, related_name="+"
    )  # the set that the finding was made from
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=200)  # its reference: a re-run writes the same one
    old_number = models.CharField(max_length=60)
    new_number = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=ChangeState)
    reason = models.TextField()
    score = models.FloatField()  # what the engine gave the change when it was decided on
    method = models.CharField(max_length=60)
    follows = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="followed_by")
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "finding"], condition=models.Q(follows=None), name="one_first_judgement_of_a_change"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["confirmed", "rejected", "withdrawn"]), name="a_judgement_decides"
            ),
        ]
        indexes = [models.Index(fields=["owner", "old_number", "new_number"], name="change_judgement_pair")]


class LineState(models.Model):
    """What a person declares of a line that an agency returned. It belongs to the return, and every later revision keeps it."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")  # the return as it was read
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    line_ref = models.CharField(max_length=200)  # the return's reference: a revision keeps it
    state = models.CharField(max_length=16, choices=DeclaredState)
    since = models.DateField()  # from which day on it is so
    number = models.CharField(max_length=60, blank=True)  # of a closure: the number that fell silent
    check_back = models.IntegerField(null=True)  # of an answer to a check-back: so many days after the closure
    checked_on = models.DateField(null=True)  # of a stated check of the number
    check_said = models.TextField(blank=True)
    reason = models.TextField()
    follows = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="followed_by")
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "line_ref"], condition=models.Q(follows=None), name="one_first_state_of_a_return"
            ),
            models.CheckConstraint(condition=~models.Q(state="as_returned"), name="a_state_is_declared"),
        ]


class Proves(models.TextChoices):
    """What a record is named for as evidence of a state."""

    HOLDER = "holder", "Who holds the line"
    CHARGED = "charged", "That the holder was arrested and charged"
    DEAD = "dead", "That the number is out of use"
    SPEAKS = "speaks", "That the number speaks again"
    SUPPORTS = "supports", "What else supports it"


class StateEvidence(models.Model):
    """A record that speaks for a state, seen only by who sees both the return and that record."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.ForeignKey(LineState, on_delete=models.CASCADE, related_name="evidence")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    proves = models.CharField(max_length=10, choices=Proves)
    mention = models.ForeignKey(Mention, null=True, on_delete=models.CASCADE, related_name="+")  # the person who holds
    line_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")  # the record's

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "record", "proves"], name="a_record_once_for_a_state"),
        ]


class PairVerdict(models.TextChoices):
    """What somebody says of two returned lines. `unjudged` is no row: nobody said anything of them."""

    UNJUDGED = "unjudged", "Not judged"
    SAME = "same", "The same line"
    DIFFERENT = "different", "Different lines"
    WITHDRAWN = "withdrawn", "Taken back"


PAIR_MOVES: Final[Mapping[PairVerdict, frozenset[PairVerdict]]] = MappingProxyType(
    {
        PairVerdict.UNJUDGED: frozenset({PairVerdict.SAME, PairVerdict.DIFFERENT}),
        PairVerdict.SAME: frozenset({PairVerdict.DIFFERENT, PairVerdict.WITHDRAWN}),
        PairVerdict.DIFFERENT: frozenset({PairVerdict.SAME, PairVerdict.WITHDRAWN}),
        PairVerdict.WITHDRAWN: frozenset({PairVerdict.SAME, PairVerdict.DIFFERENT}),
    }
)
"""What may follow what was said of a pair."""


class LineJudgement(models.Model):
    """A person's verdict on two returned lines, by their agencies and references. Seen only with both returns."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    left = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")  # the return as it was read
    right = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    left_owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    right_owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    left_ref = models.CharField(max_length=200)
    right_ref = models.CharField(max_length=200)
    verdict = models.CharField(max_length=10, choices=PairVerdict)
    reason = models.TextField()
    follows = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="followed_by")
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    left_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    right_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left", "right"], condition=models.Q(follows=None), name="one_first_verdict_on_a_pair"
            ),
            models.CheckConstraint(condition=~models.Q(verdict="unjudged"), name="a_verdict_is_given"),
        ]


class LineAttention(models.Model):
    """That a returned line has the nation's attention, raised or lowered by the centre. The newest row counts."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    line_ref = models.CharField(max_length=200)
    raised = models.BooleanField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner", "line_ref"], name="line_attention_of_return")]


class LineOrders(models.Model):
    """How a returned line takes its orders, as a person of its agency or of the centre says. The newest row counts."""

    SENSITIVITY: ClassVar[str] = "need-to-know"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    line_ref = models.CharField(max_length=200)
    taken = models.CharField(max_length=10, choices=OrdersTaken)
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)
    decided_agency = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=timezone.now)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner", "line_ref"], name="line_orders_of_return")]
