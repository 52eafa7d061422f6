"""What reading a row of a delivery yields: a record with its mentions and assertions, not yet stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from crossline.vocabulary.codes import AssertionType, Basis, Handling, MentionKind, RecordKind, SubjectCategory


class RowFate(StrEnum):
    """What became of a row. Every row has exactly one, and the four sum to the rows."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    HELD = "held"


@dataclass(frozen=True)
class ParsedMention:
    """One thing a record mentions. `selector` is `scheme:value`, or None where equal values mean nothing."""

    key: str
    kind: MentionKind
    caption: str
    selector: str | None = None
    forename: str = ""
    middle: str = ""
    surname: str = ""
    aliases: tuple[str, ...] = ()
    born: str = ""
    age: int | None = None
    sex: str = ""
    nominal: str = ""
    pnc: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ParsedAssertion:
    """What a record says between two of its mentions, named by their keys."""

    from_key: str
    to_key: str
    type: AssertionType
    basis: Basis
    category: SubjectCategory | None = None
    from_date: date | None = None
    to_date: date | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ParsedRecord:
    """One record as a delivery (or an engine) gives it."""

    source: str
    ref: str
    kind: RecordKind
    made_at: datetime
    handling: Handling
    classification: str
    mentions: tuple[ParsedMention, ...] = ()
    assertions: tuple[ParsedAssertion, ...] = ()
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    source_grade: str = ""
    information_grade: str = ""
    conditions: str = ""
    subject: str = ""
    text: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    explicit_audience: tuple[str, ...] | None = None
    home: str | None = None
    found: str | None = None
    content_hash: str = ""
    revisable: bool = False  # a return: the same ref with other content is its next revision, not a conflict


@dataclass(frozen=True)
class Row:
    """A row as read: either a parsed record, or the reason why there is none."""

    file: str
    number: int
    record: ParsedRecord | None = None
    fate: RowFate = RowFate.ACCEPTED
    reason: str = ""
    column: str = ""
    content: Mapping[str, Any] | None = None
    restricted: bool = False  # the sender named an audience: not even the reason goes beyond the owner
