"""The schedule of what stays out of an answer: which part of which record, why, and nothing of what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from crossline.rights.holding import HeldRecord
from crossline.rights.treatment import TEXT_WITHHELD, Proposal, Treatment
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
    if record.detail or any(mention.detail for mention in held.mentions):
        yield _row(held, Part.FURTHER, 1, Treatment.OTHERS, READ_FIRST)
    ends = sum(each.concerns_others for each in held.said)
    if ends:
        yield _row(held, Part.OTHER_END, ends, Treatment.OTHERS, OF_OTHERS)
    if held.others:
        yield _row(held, Part.OTHER_PEOPLE, held.others, Treatment.OTHERS, OF_OTHERS)


def counted(rows: Iterable[Withheld], part: Part) -> int:
    """How many of a part stay out."""
    return sum(row.number for row in rows if row.part is part)


def _row(
    held: HeldRecord, part: Part, number: int, why: Treatment, authority: str, *, changed: bool = False
) -> Withheld:
    record = held.record
    return Withheld(record.ref, record.owner_id, record.kind, held.day, part, number, why, authority, changed)
