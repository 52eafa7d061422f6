"""What the register holds for an application about a line, as its viewer sees it: numbers, devices, and dated, graded grounds.

Nothing goes further by itself: a person ticks each number and edits each sentence. What may not go in is listed with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from crossline.access.models import AudienceLabel
from crossline.access.policy import CENTRE, agency_label
from crossline.access.viewer import Viewpoint
from crossline.engines.lines import NumberUse
from crossline.entities.clusters import people
from crossline.entities.reach import REACHED_BY
from crossline.entities.victims import victims
from crossline.lines.in_words import names
from crossline.lines.presenter import BASIS_LABELS
from crossline.lines.register import RegisterLine
from crossline.lines.rows import LineRow, bare
from crossline.orders.withholding import withheld_among
from crossline.records.models import Assertion, Mention, Record
from crossline.records.naming import tidy_brand
from crossline.records.restriction import standing
from crossline.records.withholding import Withheld
from crossline.vocabulary.codes import Handling, InformationGrade, MentionKind, RecordKind
from crossline.wording import format_phone, format_span, plural

MOST_GROUNDS: Final = 60
"""How many of the newest records are offered: more than a court reads, and a page that a person can work through."""
SCHEMES: Final[Mapping[str, str]] = {
    "phone": "Telephone number",
    "imei": "Handset (IMEI without check digit)",
    "imsi": "SIM (IMSI)",
}
WITH_A_NUMBER: Final = "Seen with a number of the line in the same record"
LONGEST_FIRST: Final = 300
"""A first sentence longer than this is no summary."""
SAFEGUARDING: Final = frozenset({RecordKind.MISSING, RecordKind.CONCERN})


@dataclass(frozen=True)
class Identifier:
    """A number, handset or SIM that the order could name, and the records that show it to be the line's."""

    scheme: str
    value: str
    from_date: date | None
    to_date: date | None
    basis: str
    put_forward: bool
    records: tuple[Record, ...]
    victim_holds: bool = False

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True)
class Ground:
    """A record that could stand in the chronology, and the sentence that is offered for it."""

    record: Record
    sentence: str


@dataclass(frozen=True)
class LeftOut:
    """A record that does not go in, and why. `kept`: the order notes it as kept apart; else only this page tells of it."""

    record: Record
    why: str
    kept: bool


@dataclass(frozen=True)
class Gathered:
    """Everything that the register offers for one application."""

    viewpoint: Viewpoint
    line: RegisterLine
    owner: str

    @cached_property
    def rows(self) -> Mapping[UUID, LineRow]:
        return {row.record: row for row in self.line.rows}

    @cached_property
    def records(self) -> list[Record]:
        """The visible records that speak of the line, the newest first."""
        found = self.viewpoint.visible(Record.objects.filter(id__in=list(self.rows)))
        return sorted(found, key=lambda record: (self.rows[record.id].day, str(record.id)), reverse=True)

    @cached_property
    def withheld(self) -> Withheld:
        """What none of it may tell."""
        brands = [self.line.name, *self.line.group.brands]
        return withheld_among(self.viewpoint, list(self.rows), but=[*brands, *map(tidy_brand, brands)])

    @cached_property
    def left_out(self) -> list[LeftOut]:
        """The records that do not go in."""
        return [left for record in self.records if (left := self._why_not(record)) is not None]

    @cached_property
    def grounds(self) -> list[Ground]:
        """The records that may stand in the chronology, the newest first, each once however often it was sent again."""
        out = {left.record.id for left in self.left_out}
        found: dict[tuple[str, str, str], Record] = {}
        for record in sorted(self.records, key=lambda each: (-each.revision, str(each.id))):
            if record.id not in out:
                found.setdefault((record.owner_id, record.source, record.ref), record)
        newest = sorted(found.values(), key=lambda each: (self.day_of(each), str(each.id)), reverse=True)
        return [Ground(record, self.withheld.clean(self._said(record))) for record in newest[:MOST_GROUNDS]]

    @cached_property
    def identifiers(self) -> list[Identifier]:
        """The line's numbers, then devices that records put with them, then numbers that are only put forward.

        A number that no record shows which may be told of is not offered: the order would tell of that record.
        """
        own = {use.number for use in self.line.group.numbers}
        seen = {use.number: self._recorded(f"phone:{use.number}") for use in self.line.group.all_numbers}
        held = self._held_by_victims([*(f"phone:{number}" for number in seen), *self._devices])
        found = []
        for use in self.line.group.all_numbers:
            records = tuple(seen[use.number])
            if records:
                basis, victim = BASIS_LABELS[use.basis], f"phone:{use.number}" in held
                period = self._period(use, records)
                found.append(Identifier("phone", use.number, *period, basis, use.number not in own, records, victim))
        for selector, said in sorted(self._devices.items()):
            scheme, _, value = selector.partition(":")
            days = [self.day_of(record) for record in said]
            found.append(
                Identifier(scheme, value, min(days), max(days), WITH_A_NUMBER, False, tuple(said), selector in held)
            )
        return sorted(found, key=lambda each: each.put_forward)

    @cached_property
    def name(self) -> str:
        """What the line is called in the newest record that may be told of; empty where there is none."""
        told = [*(ground.record for ground in self.grounds), *(left.record for left in self.left_out if left.kept)]
        return next((tidy_brand(self.rows[record.id].brand) for record in told), "")

    @cached_property
    def mention(self) -> UUID | None:
        """A mention of the line in a record that may be told of: by it everybody who sees the order finds the line."""
        return next((self.rows[ground.record.id].mention for ground in self.grounds), None)

    def _period(self, use: NumberUse, records: Sequence[Record]) -> tuple[date | None, date | None]:
        """As the register has it; by the days of the records alone where the register leans on more than may be told of."""
        if all(left.kept for left in self.left_out):
            return use.from_date, use.to_date
        days = [self.day_of(record) for record in records]
        return min(days), max(days)

    def day_of(self, record: Record) -> date:
        """The day that a record speaks of."""
        row = self.rows.get(record.id)
        return row.day if row else (record.occurred_from or record.made_at).date()

    def _why_not(self, record: Record) -> LeftOut | None:
        if record.kind in SAFEGUARDING:
            return LeftOut(
                record, "About keeping somebody safe: ask the safeguarding lead before any of it is used", kept=True
            )
        if not self._is_read_by_all(record):
            return LeftOut(record, "Fewer people see it than would see this order, which does not hold it", kept=False)
        if record.handling == Handling.C and record.owner_id != self.owner:
            return LeftOut(record, "Needs the owner’s permission (handling C)", kept=True)
        if record.id in self._restricted:
            return LeftOut(record, "Its use is restricted until that is lifted", kept=True)
        if record.information_grade == InformationGrade.E:
            return LeftOut(record, "Suspected to be false (E): not to be told as fact", kept=True)
        return None

    @cached_property
    def _restricted(self) -> Collection[UUID]:
        return standing(self.viewpoint, [record.id for record in self.records])

    @cached_property
    def _labels(self) -> Mapping[int, frozenset[str]]:
        """Of each audience among the records, who belongs to it."""
        found: dict[int, set[str]] = defaultdict(set)
        audiences = {record.audience_id for record in self.records}
        rows = self.viewpoint.visible(AudienceLabel.objects.filter(audience__in=audiences))
        for audience, label in rows.values_list("audience_id", "label__key"):
            found[audience].add(label)
        return {audience: frozenset(labels) for audience, labels in found.items()}

    def _is_read_by_all(self, record: Record) -> bool:
        """Whether everybody who sees the order sees the record: else the order would carry it over a wall."""
        labels = self._labels.get(record.audience_id, frozenset())
        own, centre = agency_label(self.owner), {"centre", agency_label(CENTRE)}
        return "police" in labels or (
            (own in labels or (self.owner == CENTRE and bool(labels & centre))) and bool(labels & centre)
        )

    def _said(self, record: Record) -> str:
        """What a record says, in its own summary words; of a return, which has none, what was returned."""
        row = self.rows[record.id]
        if not row.is_return:
            return _summary(record) or f"{RecordKind(record.kind).meaning} that names the line."
        numbers = sorted(bare(each.selector) for each in row.beside if (each.selector or "").startswith("phone:"))
        drugs = ", ".join(str(drug).replace("_", " ") for drug in row.detail.get("drugs", ()))
        span = format_span(row.detail.get("first_seen"), row.detail.get("last_seen"), default="")
        parts = [
            f"{names((row.owner,))} returned the line {tidy_brand(row.brand)}",
            *([f"seen {span[:1].lower()}{span[1:]}"] if span else []),
            *(
                [f"with the {'number' if len(numbers) == 1 else 'numbers'} {', '.join(map(format_phone, numbers))}"]
                if numbers
                else []
            ),
            *([f"selling {drugs}"] if drugs else []),
        ]
        return ", ".join(parts) + "."

    def _recorded(self, selector: str) -> list[Record]:
        """The records that place a number with the line, and may be told of, the newest first."""
        out = {left.record.id for left in self.left_out}
        found = {row.record for row in self.line.rows for each in row.beside if each.selector == selector}
        own = [record for record in self.records if record.id in found - out]
        return own or [record for record in self._findings_of(selector) if self._is_told(record)]

    def _findings_of(self, selector: str) -> list[Record]:
        """Of a number that no record of the line names: what was found in communications data, where the viewer sees that."""
        said = Assertion.objects.filter(to_mention__selector=selector, record__kind=RecordKind.FINDING)
        rows = self.viewpoint.visible(said, "audience", "to_mention__audience", "record__audience")
        return list(
            self.viewpoint.visible(Record.objects.filter(id__in=rows.values("record_id"))).order_by("-made_at", "id")
        )

    def _is_told(self, record: Record) -> bool:
        """The same of a finding, which is its owner's and the centre's."""
        return self.owner in (record.owner_id, CENTRE)

    @cached_property
    def _handsets(self) -> list[Mention]:
        """Handsets and SIMs in the records of the line that also name one of its own numbers."""
        own = {use.number for use in self.line.group.numbers}
        naming = {
            row.record
            for row in self.line.rows
            if any(bare(each.selector) in own for each in row.beside if each.kind == MentionKind.PHONE)
        }
        rows = self.viewpoint.visible(Mention.objects.filter(record__in=naming, kind=MentionKind.PHONE))
        return [each for each in rows if (each.selector or "").split(":")[0] in ("imei", "imsi")]

    @cached_property
    def _devices(self) -> Mapping[str, list[Record]]:
        """Each handset and SIM with the records that may be told of, the newest first."""
        out = {left.record.id for left in self.left_out}
        told = [record for record in self.records if record.id not in out]
        naming: dict[str, set[UUID]] = defaultdict(set)
        for each in self._handsets:
            if each.selector:
                naming[each.selector].add(each.record_id)
        found = {selector: [record for record in told if record.id in ids] for selector, ids in naming.items()}
        return {selector: records for selector, records in found.items() if records}

    def _held_by_victims(self, selectors: Iterable[str]) -> frozenset[str]:
        """Which of these a visible record says is used by somebody whom a record calls a victim."""
        said = Assertion.objects.filter(type__in=REACHED_BY, to_mention__selector__in=list(selectors))
        rows = self.viewpoint.visible(said, "audience", "from_mention__audience", "to_mention__audience")
        suffering, known = victims(self.viewpoint), people(self.viewpoint)
        pairs = rows.values_list("from_mention_id", "to_mention__selector")
        return frozenset(str(selector) for person, selector in pairs if known.of(str(person)) in suffering)


def _summary(record: Record) -> str:
    """A record's subject line and the first sentence of its text, where that is short enough to be a summary."""
    first = re.split(r"(?<=[.!?])\s", " ".join(record.text.split()), maxsplit=1)[0]
    subject = record.subject.strip()
    if not first or len(first) > LONGEST_FIRST:
        return subject
    return f"{subject.rstrip('.')}. {first}" if subject else first


def victims_of(identifiers: Iterable[Identifier]) -> str:
    """The prompt that goes with numbers in a victim's hands; empty where there are none."""
    held = [each for each in identifiers if each.victim_holds]
    if not held:
        return ""
    return (
        f"Records say that a victim uses {plural(len(held), 'of these', 'of these')}: "
        f"{', '.join(format_phone(each.value) for each in held)}. Losing it can put them in danger: has safeguarding been told?"
    )
