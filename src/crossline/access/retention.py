"""When a record is next reviewed: rules as data, each with its authority. Disposal itself is a person's recorded decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crossline.vocabulary.codes import RecordKind

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ReviewRule:
    """How long after a record was made it is reviewed."""

    kinds: frozenset[RecordKind]
    after: timedelta
    authority: str


RULES: tuple[ReviewRule, ...] = (
    ReviewRule(
        frozenset({RecordKind.MISSING, RecordKind.CONCERN}),
        YEAR,
        "[D] domain.md §4.4: children's and victims' records get an earlier review",
    ),
    ReviewRule(
        frozenset(RecordKind) - {RecordKind.MISSING, RecordKind.CONCERN},
        6 * YEAR,
        "[K] MoPI group 3, review after a six-year clear period; confirm against current APP before use",
    ),
)


def review_date(kind: RecordKind, made: date) -> date:
    """The day by which a record of this kind is to be reviewed."""
    for rule in RULES:
        if kind in rule.kinds:
            return made + rule.after
    raise AssertionError(f"no review rule for {kind}")
