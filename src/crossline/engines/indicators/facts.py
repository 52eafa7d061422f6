"""What the safeguarding rules read and what they give, as facts filled from the records a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class RecordFact:
    """A record: `occurred` is the day of the event (the day it was made, where the event's is not known).

    `detail` is the record's own kind-specific object (`missing`, `custody`…), flattened to its keys.
    `area` is the territorial force in whose area it happened, when the record says; `agency` is its owner.
    `text` is its narrative.
    """

    id: str
    kind: str
    agency: str
    occurred: date
    detail: Mapping[str, object] = field(default_factory=dict)
    area: str = ""
    text: str = ""


@dataclass(frozen=True)
class MentionFact:
    """A person or address as one record describes it. `dob` may be partial; `age` is as stated on the record's day.

    `area` is the territorial force an address lies in; `same_as` is a key that two mentions of one address share; `what` is the
    sort of an item (drug, cash, weapon…).
    """

    id: str
    record_id: str
    kind: str
    dob: str = ""
    age: int | None = None
    area: str = ""
    same_as: str = ""
    what: str = ""


@dataclass(frozen=True)
class AssertionFact:
    """An assertion of a record; `category` is the data subject's, empty when not given."""

    id: str
    record_id: str
    from_mention: str
    to_mention: str
    type: str
    basis: str = ""
    category: str = ""
    from_date: date | None = None
    to_date: date | None = None


class Standing(StrEnum):
    """Whether the rule is met on what is known, or would be if the person is under 18, which nobody recorded."""

    RAISED = "raised"
    AGE_NOT_KNOWN = "age_not_known"  # an action: find out


@dataclass(frozen=True)
class Trigger:
    """One event that met a rule, and the mention of the person in it."""

    record_id: str
    mention_id: str
    happened: date
    sentence: str


@dataclass(frozen=True)
class ConcernFinding:
    """One person put forward for one reason, with every event that met the rule, oldest first."""

    person: str
    reason: str  # code
    rule_id: str
    rule_version: str
    standing: Standing
    sentence: str
    raised_for: date  # the day of the event at which the rule was first met
    triggers: tuple[Trigger, ...]
