"""When a record is next reviewed, what a reviewer asks and how much may go at once: rules as data, each with its authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crossline.vocabulary.codes import RecordKind

YEAR = timedelta(days=365)
FROM_THE_START = date.min
"""For the versions that stood before this table was kept."""


@dataclass(frozen=True)
class ReviewRule:
    """One version of a rule: how long after a record was made it is reviewed. A change is a new version, never an edit."""

    id: str
    kinds: frozenset[RecordKind]
    in_force_from: date
    in_force_until: date | None  # the first day on which it no longer is; None while nothing replaces it
    review_after: timedelta
    authority: str
    replaced_by: str | None = None

    @property
    def verified(self) -> bool:
        """Whether its authority was seen in a source. [K] and [D] were not, and must be confirmed before real use."""
        return self.authority.startswith("[S]")

    def in_force(self, day: date) -> bool:
        """Whether this version counts on that day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


EARLY_KINDS = frozenset({RecordKind.MISSING, RecordKind.CONCERN})

RULES: tuple[ReviewRule, ...] = (
    ReviewRule(
        "children-and-victims-1",
        EARLY_KINDS,
        FROM_THE_START,
        None,
        YEAR,
        "[D] domain.md §4.4: children's and victims' records get an earlier review",
    ),
    ReviewRule(
        "mopi-group-3-1",
        frozenset(RecordKind) - EARLY_KINDS,
        FROM_THE_START,
        None,
        6 * YEAR,
        "[K] MoPI group 3, review after a six-year clear period; confirm against current APP before use",
    ),
)


@dataclass(frozen=True)
class Clock:
    """When a record is to be reviewed, and which version of which rule says so."""

    rule: str
    due: date


def rule_for(kind: RecordKind, on: date, *, rules: Sequence[ReviewRule] = RULES) -> ReviewRule:
    """The version in force on a day for a kind of record. A test walks them all."""
    for rule in rules:
        if kind in rule.kinds and rule.in_force(on):
            return rule
    raise AssertionError(f"no review rule for {kind} on {on}")


def clock_for(kind: RecordKind, made: date, *, on: date, rules: Sequence[ReviewRule] = RULES) -> Clock:
    """The clock of a record of this kind that was made on one day, as the rules stand on another."""
    rule = rule_for(kind, on, rules=rules)
    return Clock(rule.id, made + rule.review_after)


def review_date(kind: RecordKind, made: date, *, on: date | None = None) -> date:
    """The day by which a record of this kind is to be reviewed, by the rules of the day `on` (by default when it was made)."""
    return clock_for(kind, made, on=on or made).due


@dataclass(frozen=True)
class Cap:
    """How many records one run may make due, or dispose of, before it stops whole."""

    share: float
    floor: int
    authority: str

    def most(self, of: int) -> int:
        """The largest number allowed among so many records."""
        return max(self.floor, int(self.share * of))


CAP = Cap(
    share=0.005,
    floor=10,
    authority="[D] half a per cent of all records, after the weeding of 2021 that took 209,550 offence records by a wrong "
    "rule; and ten, without which a small installation could dispose of nothing",
)
HORIZON = timedelta(days=30)
"""[D] A changed rule is charged with what it makes due within so many days: a rule can also be wrong by a little."""
LONGEST_KEEPING = 10 * YEAR
"""[K] MoPI: even the gravest group is looked at again every ten years."""


@dataclass(frozen=True)
class Question:
    """One question a reviewer answers before deciding."""

    id: str
    text: str
    authority: str


_NRAC = "[K] domain.md §4.4: national retention assessment criteria; confirm against current APP before use"

QUESTIONS: tuple[Question, ...] = (
    Question("harm", "Does it show a capacity to inflict serious harm?", _NRAC),
    Question("vulnerable", "Are there concerns for children or vulnerable adults?", _NRAC),
    Question("trust", "Did the behaviour involve a breach of trust?", _NRAC),
    Question("links", "Are there links or associations that raise the risk?", _NRAC),
    Question("substances", "Are there concerns about substance misuse?", _NRAC),
    Question("mind", "Are there concerns that a mental state could make things worse?", _NRAC),
    Question(
        "necessary",
        "Is it still necessary for a policing purpose, and proportionate?",
        "[D] domain.md §4.4: a reviewer records necessity and proportionality",
    ),
    Question(
        "accurate",
        "Is it accurate, adequate and up to date?",
        "[D] domain.md §4.4: a reviewer records accuracy",
    ),
)
