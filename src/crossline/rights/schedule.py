"""The schedule of what stays out of an answer: which part of which record, why, and nothing of what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crossline.rights.holding import HeldRecord
from crossline.rights.treatment import DETAILS_GIVEN, TEXT_WITHHELD, Proposal, Treatment
from crossline.vocabulary.codes import Code, RecordKind


class Part(Code):
    """What of a record stays out."""

    WHOLE = "whole", "The whole record"
    TEXT = "text", "Its subject line and free text"
    FURTHER = "further", "Fields that say more than of whom the record is about"
    OTHER_END = "other_end", "Whom or what a statement ties the person to, because it concerns somebody else"
    OTHER_PEOPLE = "other_people", "Mentions of other people, and all that is said of them alone"
    JUDGEMENT = "judgement", "A person's judgement on whether two mentions are one, or the reason for it"


@dataclass(frozen=True)
class Withheld:
    """One row of the schedule. `authority` says what the proposal rested on, `changed` that a person decided otherwise."""

    record: str
    sent_by: str
    kind: str
    day: date
    part: Part
    number: int
    why: Treatment
    authority: str
    changed: bool = False

    @property
    def values(self) -> tuple[str | int | date, ...]:
        """The row, in the order of COLUMNS."""
        decided = "otherwise than proposed" if self.changed else "as proposed"
        meaning = self.why.meaning
        return (
            *(self.record, self.sent_by, self.kind, self.day, str(self.part), self.number, str(self.why)),
            *(self.why.provision, meaning, self.authority, decided),
        )


COLUMNS = (
    *("record", "sent_by", "kind", "day", "part", "number", "code", "provision", "meaning", "proposed_on", "decided"),
)
OF_OTHERS = "[K] DPA 2018 s.45(4)(e)"
"""What other people's data stays out on."""
READ_FIRST = "[D] free text stays out until a person has read it; [K] DPA 2018 s.45(4)"


def left_out_of(held: HeldRecord, treatment: Treatment, proposal: Proposal) -> Iterator[Withheld]:
    """Every row that one record gives the schedule."""
    if not treatment.gives:
        yield _row(held, Part.WHOLE, 1, treatment, proposal.authority, changed=treatment is not proposal.treatment)
        return
    record = held.record
    if treatment is not Treatment.GIVE_TEXT and (record.text or record.subject):
        yield _row(held, Part.TEXT, 1, TEXT_WITHHELD[RecordKind(record.kind)], READ_FIRST)
    further = _further(held)
    if further:
        yield _row(held, Part.FURTHER, further, Treatment.OTHERS, READ_FIRST)
    ends = sum(each.concerns_others for each in held.said)
    if ends:
        yield _row(held, Part.OTHER_END, ends, Treatment.OTHERS, OF_OTHERS)
    if held.others:
        yield _row(held, Part.OTHER_PEOPLE, held.others, Treatment.OTHERS, OF_OTHERS)


def details_given(held: HeldRecord) -> dict[str, dict[str, Any]]:
    """The fields that speak of the record's subject alone; of a record that mentions others, none."""
    told: dict[str, dict[str, Any]] = {}
    for name, fields in DETAILS_GIVEN.get(RecordKind(held.record.kind), {}).items():
        inner = held.record.detail.get(name)
        if isinstance(inner, Mapping) and not held.others:
            told[name] = {field: value for field, value in inner.items() if field in fields}
    return told


def _further(held: HeldRecord) -> int:
    """How many fields of the record, and of how it describes the person, are not among those that are given."""
    given = sum(map(len, details_given(held).values()))
    described = sum(_fields({n: v for n, v in mention.detail.items() if n != "ids"}) for mention in held.mentions)
    ids = sum(len(set(_mapping(mention.detail.get("ids"))) - {"nominal", "pnc"}) for mention in held.mentions)
    return _fields(held.record.detail) - given + described + ids


def _fields(detail: Mapping[str, Any]) -> int:
    return sum(len(value) if isinstance(value, Mapping) else 1 for value in detail.values())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def counted(rows: Iterable[Withheld], part: Part) -> int:
    """How many of a part stay out."""
    return sum(row.number for row in rows if row.part is part)


def _row(
    held: HeldRecord, part: Part, number: int, why: Treatment, authority: str, *, changed: bool = False
) -> Withheld:
    record = held.record
    return Withheld(record.ref, record.owner_id, record.kind, held.day, part, number, why, authority, changed)
