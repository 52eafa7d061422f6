"""What is offered as evidence of a state: visible records by their references, and whether they meet the rule of that state.

Each missing part is refused in one sentence that says what is missing. Whoever agrees to a closure is asked by the same rules,
with the records that they see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.errors import MoveNotAllowed, UserError
from crossline.lines.models import Proves, StateEvidence
from crossline.lines.register import RegisterLine
from crossline.records.decoys.finding import bearing, refuse_decoy
from crossline.records.intake.mentions import tagged
from crossline.records.models import Mention, Record
from crossline.records.restriction import standing as restrictions
from crossline.vocabulary.codes import MentionKind, RecordKind
from crossline.wording import format_date, format_phone

MOST_RECORDS: Final = 20
CHARGED: Final = re.compile(r"charged\b", re.IGNORECASE)
"""How the outcome of a custody record begins where somebody was charged: deliveries write it in free words."""


@dataclass(frozen=True)
class Offered:
    """What somebody offers: a person who holds the line, references of records, a check that they state."""

    holder: UUID | None = None
    charged: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    checked_on: date | None = None
    check_said: str = ""


@dataclass(frozen=True)
class Item:
    """One record, and what it is to show."""

    proves: Proves
    record: Record
    mention: UUID | None = None


@dataclass(frozen=True)
class Evidence:
    """The records that whoever acts sees, with the check that was stated."""

    items: tuple[Item, ...] = ()
    checked_on: date | None = None
    check_said: str = ""

    def records(self, proves: Proves) -> list[Record]:
        """The records that are to show one thing."""
        return [each.record for each in self.items if each.proves is proves]


def gathered(offered: Offered, proves: Proves, line: RegisterLine, viewpoint: Viewpoint) -> Evidence:
    """What was offered, looked up among what the viewer sees. `proves`: what the records of no other field are to show."""
    items = [Item(proves, record) for record in _records(offered.records, viewpoint)]
    items += [Item(Proves.CHARGED, record) for record in _records(offered.charged, viewpoint)]
    if offered.holder is not None:
        items.append(_holder(offered.holder, line, viewpoint))
    if len(items) > MOST_RECORDS:
        raise UserError(f"Name at most {MOST_RECORDS} records: those that show it best.")
    if restrictions(viewpoint, [each.record.id for each in items]):
        raise MoveNotAllowed(
            "The use of one of these records is restricted; name another, or wait until that is lifted."
        )
    return Evidence(tuple(items), offered.checked_on, offered.check_said.strip())


def of_proposal(state: UUID, checked_on: date | None, check_said: str, viewpoint: Viewpoint) -> Evidence:
    """The evidence of a state that stands, as far as the viewer sees it."""
    rows = evidence_of([state], viewpoint)
    items = tuple(Item(Proves(row.proves), row.record, row.mention_id) for row in rows)
    return Evidence(items, checked_on, check_said)


def evidence_of(states: Iterable[UUID], viewpoint: Viewpoint) -> list[StateEvidence]:
    """The visible evidence of these states."""
    rows = StateEvidence.objects.filter(state__in=list(states)).select_related("record", "mention")
    seen = viewpoint.visible(rows, "line_audience", "audience", "record__audience")
    return list(seen.order_by("proves", "record__ref"))


def require_charged_holder(evidence: Evidence, line: RegisterLine, viewpoint: Viewpoint) -> None:
    """Type 1: a person whom a record says controls the line, and the custody record that says that they were charged."""
    held_by = next((each for each in evidence.items if each.proves is Proves.HOLDER), None)
    if held_by is None or held_by.mention not in line.holders:
        raise UserError(
            "The line holder is missing: name a person whom a record that you see says controls this line, or propose type 2."
        )
    custody = evidence.records(Proves.CHARGED)
    if not custody:
        raise UserError(
            "The arrest and charge are missing: name the custody record that says that the holder was charged."
        )
    known = people(viewpoint)
    holder = known.of(str(held_by.mention))
    for record in custody:
        if record.kind != RecordKind.CUSTODY:
            raise UserError(
                f"{record.ref} is no custody record, so it shows no arrest and charge; name the custody record."
            )
        outcome = str((record.detail.get("custody") or {}).get("outcome") or "")
        if not CHARGED.match(outcome):
            raise UserError(
                f"{record.ref} gives the outcome “{outcome or 'not known'}” and no charge; type 1 needs the holder charged."
            )
        persons = viewpoint.visible(Mention.objects.filter(record=record, kind=MentionKind.PERSON))
        if holder not in {known.of(str(each)) for each in persons.values_list("id", flat=True)}:
            raise UserError(f"{record.ref} does not name the holder; name the custody record of that person.")


def require_dead(evidence: Evidence, number: str, since: date, today: date, viewpoint: Viewpoint) -> None:
    """That a number is out of use: a record that names it, or a check that is stated with its date; from a day on."""
    records = evidence.records(Proves.DEAD)
    _stated(evidence, since, today)
    if not records and evidence.checked_on is None:
        raise UserError(
            f"How it is known that {format_phone(number)} is out of use is missing: name a record, or state a check and its date."
        )
    for record in records:
        if not _names(record, [number], viewpoint):
            raise UserError(
                f"{record.ref} does not name {format_phone(number)}; name a record that does, or state a check."
            )
        if record.made_at.date() < since:
            raise UserError(
                f"{record.ref} was made before {format_date(since)}, so it does not show that the number is out of use since."
            )


def require_speaking(
    evidence: Evidence, numbers: Sequence[str], since: date, today: date, viewpoint: Viewpoint
) -> None:
    """That the line speaks again: a record that names one of its numbers after the closure, or a check with its date."""
    records = evidence.records(Proves.SPEAKS)
    _stated(evidence, since, today)
    if not records and evidence.checked_on is None:
        raise UserError("What shows that it speaks again is missing: name a record, or state a check and its date.")
    for record in records:
        if not _names(record, numbers, viewpoint):
            raise UserError(f"{record.ref} names neither the closed number nor one that took over from it.")
        if (
            record.occurred_to or record.occurred_from or record.made_at
        ).date() <= since and record.made_at.date() <= since:
            raise UserError(f"{record.ref} is of before the closure on {format_date(since)}; name a later record.")


def _stated(evidence: Evidence, since: date, today: date) -> None:
    if (evidence.checked_on is None) != (not evidence.check_said):
        raise UserError("State both the day of the check and what was done and found, or neither.")
    if evidence.checked_on is not None and not since <= evidence.checked_on <= today:
        raise UserError(f"The day of the check must lie between {format_date(since)} and today.")


def _records(named: Iterable[str], viewpoint: Viewpoint) -> list[Record]:
    """The newest visible revision of each record that is named by its reference or its id."""
    found: list[Record] = []
    for name in dict.fromkeys(name.strip() for name in named if name.strip()):
        by_id = _as_id(name)
        which = Record.objects.filter(ref=name) if by_id is None else Record.objects.filter(id=by_id)
        rows = list(viewpoint.visible(which).order_by("owner", "source", "-revision"))
        newest = {(row.owner_id, row.source): row for row in reversed(rows)}
        if not newest:
            _refuse_decoys(name, by_id, viewpoint)
            raise UserError(f"No record that you may see has the reference {name}; check how it is written.")
        if len(newest) > 1:
            raise UserError(
                f"Several records have the reference {name}: name the one you mean by the id in its address."
            )
        found += newest.values()
    return found


def _refuse_decoys(name: str, by_id: UUID | None, viewpoint: Viewpoint) -> None:
    """A decoy is answered as every act on one is."""
    named = [by_id] if by_id else [row.id for row in bearing(viewpoint, words=(), selectors=(), ref=name).records]
    for decoy in named:
        refuse_decoy(viewpoint, decoy)


def _holder(mention: UUID, line: RegisterLine, viewpoint: Viewpoint) -> Item:
    for row in line.rows:
        if mention in line.holders and any(each.mention == mention for each in row.beside):
            return Item(Proves.HOLDER, viewpoint.visible(Record.objects.filter(id=row.record)).get(), mention)
    raise UserError("No record that you see says that this person controls the line; choose one of those listed.")


def _names(record: Record, numbers: Sequence[str], viewpoint: Viewpoint) -> bool:
    selectors = [tagged("phone", number) for number in numbers]
    rows = Mention.objects.filter(record=record, kind=MentionKind.PHONE, selector__in=selectors)
    return viewpoint.visible(rows).exists()


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
