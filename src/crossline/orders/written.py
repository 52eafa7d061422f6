"""The documents of an order, as blocks: the application with the draft order, and the schedule of what is kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from crossline.lines.in_words import names
from crossline.orders.completeness import missing
from crossline.orders.content import Chosen
from crossline.orders.document import Block, Heading, NewPage, Numbered, Paragraph, Signature, Table
from crossline.orders.drafting import APPLICANT
from crossline.orders.law import Part, application
from crossline.orders.models import ItemUse, OrderItem, OrderState
from crossline.orders.standing import Standing
from crossline.records.withholding import Withheld
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Handling, InformationGrade, RecordKind, SourceGrade
from crossline.vocabulary.working_days import working_day_after
from crossline.wording import format_date, format_short_date

GROUNDS_SECTION: Final = "Grounds"
COMPLIANCE_SECTION: Final = "Compliance, duration and exemptions"


def to_be_completed(what: str) -> str:
    """What stands where something is missing."""
    return f"[to be completed: {what}]"


@dataclass(frozen=True)
class Application:
    """The application of one order, as its viewer may have it."""

    found: Standing
    withheld: Withheld

    def blocks(self) -> list[Block]:
        """The whole of it."""
        law = application()
        blocks: list[Block] = [
            Paragraph(law.banner, "notice"),
            Table(("Application", ""), self._facts(), (2, 5)),
            *self._gaps(),
            Heading("Items to be restricted"),
            *self._items(),
        ]
        for section, parts in law.sections().items():
            said = [block for part in parts for block in self._part(part)]
            blocks += [Heading(section), *said] if said else []
            if section == GROUNDS_SECTION:
                blocks += self._chronology()
            if section == COMPLIANCE_SECTION:
                blocks += self._deadline()
        return [*blocks, *self._signing(), NewPage(), *self._draft_order(), NewPage(), *self._sources()]

    def _answer(self, part: str, title: str) -> str:
        return self._said(part) or to_be_completed(title)

    def _said(self, part: str) -> str:
        """An answer without whoever is withheld, also where that was not known yet when it was written."""
        answer = self.found.content.answer(part)
        return answer if part == APPLICANT else self.withheld.unnamed(answer)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        law, found = application(), self.found
        return (
            ("Reference", found.ref),
            ("Line", found.order.title),
            ("Under", law.law),
            ("Applicant", self._answer("applicant_name", "name of the applicant")),
            ("Rank", self._answer("applicant_rank", "rank of the applicant")),
            ("Agency", agencies()[found.order.owner_id].name),
            ("Court", self._answer("court", "court")),
            ("Provider", self._answer("provider_names", "name of the provider")),
            ("How it stands", f"{found.state.label}, version {found.version.number}"),
        )

    def _gaps(self) -> list[Block]:
        lacking = missing(self.found)
        return [Paragraph(to_be_completed("; ".join(lacking)), "missing")] if lacking else []

    def _items(self) -> list[Block]:
        chosen = self.found.content.identifiers
        if not chosen:
            return [Paragraph(to_be_completed("the numbers and devices"), "missing")]
        rows = tuple((each.words, each.period, _basis(each), self._evidence(each)) for each in chosen)
        return [
            Table(("Number or device", "In use", "Known from", "Records that show it (grade)"), rows, (3, 3, 3, 4)),
            Paragraph(
                "Grades are of the 3x5x2 system: source, information, handling. Their meaning stands at the end.",
                "note",
            ),
        ]

    def _evidence(self, chosen: Chosen) -> str:
        held = [item for item in self.found.used_as(ItemUse.EVIDENCE) if item.identifier == chosen.key]
        return "; ".join(f"{_of(item)} ({_grade(item)})" for item in held) or to_be_completed("evidence")

    def _part(self, part: Part) -> list[Block]:
        answer = self._said(part.id)
        needed = part.is_needed(self.found.content.answers)
        if part.kind in ("line", "rank") or (not needed and (not answer or part.needed_if)):
            return []  # those in a line stand at the beginning; what is not asked for is not mentioned
        said = Paragraph(answer) if answer else Paragraph(to_be_completed(part.title), "missing")
        return [Heading(part.title, 2), said]

    def _chronology(self) -> list[Block]:
        head = Heading("Chronology", 2)
        grounds = self.found.used_as(ItemUse.GROUND)
        if not grounds:
            return [head, Paragraph(to_be_completed("dated grounds"), "missing")]
        rows = tuple(
            (format_short_date(_day(item)), self.withheld.clean(item.sentence), item.record.grade, _of(item))
            for item in grounds
        )
        return [
            head,
            Table(("Date", "What is recorded", "Grade", "Record"), rows, (4, 12, 3, 7)),
            Paragraph(
                "Sanitised: no victim, source or reporting officer is named. Each sentence was edited by a person.",
                "note",
            ),
        ]

    def _deadline(self) -> list[Block]:
        law = application()
        today = timezone.localdate()
        due = working_day_after(today, law.working_days)
        when = format_date(due) if due else to_be_completed("bank holidays of that year are not on file")
        return [
            Paragraph(
                f"Were the order made on {format_date(today)}, the fifth working day after it would end with {when}. "
                f"Reckoned without Saturdays, Sundays and bank holidays of England and Wales.",
                "note",
            )
        ]

    def _signing(self) -> list[Block]:
        signed = self.found.last(OrderState.SIGNED_OFF)
        if signed is not None and signed.version_id == self.found.version.id:
            name, rank = signed.detail.get("name", ""), signed.detail.get("rank", "")
            by = f"{signed.by} ({names((signed.by_agency,))})"
            said = f"Signed off by {rank} {name} on {format_date(signed.day)}; entered by {by}."
        else:
            said = "Not signed off yet."
        return [
            Heading("Signature of the applicant"),
            Paragraph(said),
            Signature(("Signature", "Name", "Rank", "Date")),
        ]

    def _draft_order(self) -> list[Block]:
        draft, found = application().order, self.found
        said: Mapping[str, str] = {
            "applicant": self._answer("applicant_name", "name of the applicant"),
            "rank": self._answer("applicant_rank", "rank of the applicant"),
            "agency": agencies()[found.order.owner_id].name,
            "providers": self._answer("provider_names", "name of the provider"),
            "compliance": self._compliance(),
            "duration": self._answer("duration", "duration"),
            "exemptions": self._answer("exemptions", "exemptions"),
        }
        schedule = tuple((str(number), each.words) for number, each in enumerate(found.content.identifiers, start=1))
        return [
            Heading(draft.title),
            Paragraph(f"In the {self._answer('court', 'court')}"),
            Paragraph(draft.heard.format(**said)),
            Paragraph(draft.ordered),
            Numbered(tuple(each.format(**said) for each in draft.paragraphs)),
            Heading("Schedule to the order", 2),
            Table(("No.", "Item"), schedule or (("1", to_be_completed("the numbers and devices")),), (1, 8)),
            Signature(("Judge", "Date and time")),
        ]

    def _compliance(self) -> str:
        content = self.found.content
        if content.answer("compliance") == "Another time":
            return f"as follows: {self._answer('compliance_other', 'the time')}"
        law = application()
        granted = self.found.last(OrderState.GRANTED)
        due = working_day_after(granted.day, law.working_days) if granted else None
        day = format_date(due) if due else to_be_completed("date and time")
        return f"by the end of the fifth working day after this order is made, which is {day}"

    def _sources(self) -> list[Block]:
        """Where the words of the law come from, and what each grade means: for the lawyer who reads it."""
        law = application()
        provisions = tuple((text, label) for text, label in law.provisions)
        parts = tuple((part.title, part.label) for part in law.parts)
        more = (
            ("Compliance time", law.working_days_authority),
            ("Bank holidays", law.holidays_authority),
            ("Draft order", law.order.label),
        )
        grades = tuple((each.value, each.meaning) for each in (*SourceGrade, *InformationGrade, *Handling))
        return [
            Heading("For the lawyer who reads this draft"),
            Paragraph(
                "[S] was seen in the source named; [K] is common knowledge and unverified; [D] is this platform’s own.",
                "note",
            ),
            Table(("What the court asks", "Source"), provisions, (5, 3)),
            Table(("Part", "Source"), (*parts, *more), (5, 3)),
            Heading("Grades", 2),
            Table(("Code", "Meaning"), grades, (1, 8)),
        ]


def schedule_apart(found: Standing) -> list[Block]:
    """The schedule of sensitive items kept apart: which records, why, and whom to ask. It says nothing of what they hold."""
    rows = tuple((_of(item), item.record.grade, item.sentence) for item in found.used_as(ItemUse.APART))
    return [
        Paragraph(
            "Not for service. Records that bear on this application and are not in it. Whether the court "
            "is to be told of them, and how, is for the lawyer and the owner of each record.",
            "notice",
        ),
        Table(("Application", ""), (("Reference", found.ref), ("Line", found.order.title)), (2, 5)),
        Heading("Kept apart"),
        Table(("Record", "Grade", "Why"), rows, (6, 3, 10)) if rows else Paragraph("None."),
        Paragraph(
            "Public interest immunity is claimed by whoever answers for the record, never by this list. [K]", "note"
        ),
    ]


def _of(item: OrderItem) -> str:
    """Whose record it is, and its reference; of what was found in call records no more than that."""
    finding = item.record.kind == RecordKind.FINDING
    return f"{names((item.record.owner_id,))} {'finding from communications data' if finding else item.record.ref}"


def _grade(item: OrderItem) -> str:
    return item.record.grade if item.record.source_grade else f"not graded, handling {item.record.handling}"


def _day(item: OrderItem) -> date:
    return timezone.localdate(item.record.occurred_from or item.record.made_at)


def _basis(chosen: Chosen) -> str:
    return "Put forward: nobody has confirmed that the line used it" if chosen.put_forward else chosen.basis
