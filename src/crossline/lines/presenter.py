"""What the line pages show, as plain rows: templates hold no logic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from markupsafe import Markup

from crossline.access.viewer import Viewpoint
from crossline.drawing import NumberPeriod, numbers_over_time
from crossline.drawing import Succession as DrawnSuccession
from crossline.engines.lines import NumberBasis
from crossline.engines.priority.score import LinePriority, ReasonKind
from crossline.lines.in_words import (
    join_text,
    known_from,
    names,
    orders_in_words,
    reason_text,
    score_in_words,
    sorted_reasons,
    state_in_words,
)
from crossline.lines.looks import looks_of
from crossline.lines.models import ChangeState
from crossline.lines.people import LinePerson, people_of_line
from crossline.lines.register import Register, RegisterLine
from crossline.records.models import Record
from crossline.records.naming import tidy_brand, tidy_name
from crossline.records.phrases import phrase
from crossline.records.rows import record_rows
from crossline.vocabulary.codes import Basis, SubjectCategory, Tristate
from crossline.wording import format_phone, format_span

RECORDS_ON_A_PAGE: Final = 20
HARM_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "child_exploitation": "Child exploitation",
        "adult_exploitation": "Adult exploitation",
        "violence": "Violence",
        "weapons": "Weapons",
        "sexual_violence": "Sexual violence",
        "drug_harm": "Drug harm",
    }
)
CRITERIA_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "crit_hub_county": "Links an urban hub to a county location",
        "crit_phone_line": "Takes orders on a branded phone line",
        "crit_exploitation": "Exploits children or vulnerable adults",
        "crit_travel": "Travels regularly between hub and market",
        "crit_violence": "Is inclined to violence or weapons",
    }
)
BASIS_LABELS: Final[Mapping[NumberBasis, str]] = MappingProxyType(
    {
        NumberBasis.RETURN: "Returned by a force",
        NumberBasis.INTELLIGENCE: "Named in a report",
        NumberBasis.CONFIRMED: "Change of number, confirmed by a person",
        NumberBasis.PUT_FORWARD: "Put forward, for a person to decide",
    }
)


@dataclass(frozen=True)
class LinePage:
    """One line's page. `page` is which page of its records is shown."""

    viewpoint: Viewpoint
    line: RegisterLine
    register: Register
    priority: LinePriority | None
    page: str | None = None

    @property
    def name(self) -> str:
        return tidy_brand(self.line.name)

    @property
    def known_from(self) -> str:
        return known_from(self.line)

    @cached_property
    def summary(self) -> list[tuple[str, str | None]]:
        """The facts at the top."""
        line = self.line
        others = ", ".join(brand for brand in line.group.brands if brand != self.name)
        return [
            *([("Also written", others)] if others else []),
            ("Run from the area of", names(line.exporting_agencies) or None),
            ("Sells in the area of", names(line.importing_agencies) or None),
            ("Answers for it", _owner_force(line)),
            ("Kind", _external_or_internal(line)),
            ("Takes orders", orders_in_words(line)),
            ("Towns", ", ".join(line.towns) or None),
            ("Drugs", ", ".join(drug.replace("_", " ") for drug in line.drugs).capitalize() or None),
            ("Seen", format_span(line.first_seen, line.last_seen)),
            ("Known from", self.known_from),
        ]

    @cached_property
    def numbers(self) -> list[dict[str, object]]:
        """The line's numbers with their periods, the newest first."""
        return [
            {
                "number": use.number,
                "from_date": use.from_date,
                "to_date": use.to_date,
                "basis": BASIS_LABELS[use.basis],
                "score": score_in_words(use.score),
                "href": self._deciding.get(use.number) if use.is_put_forward else None,
            }
            for use in reversed(self.line.group.all_numbers)
        ]

    @cached_property
    def _deciding(self) -> Mapping[str, str]:
        """By number, the page of the likeliest change that puts it forward."""
        waiting = sorted(self.register.successions, key=lambda found: found.score)
        return {
            number: reverse("number-change", args=[found.record])
            for found in waiting
            if found.state is not ChangeState.CONFIRMED
            for number in (found.old, found.new)
        }

    @cached_property
    def looks(self) -> list[dict[str, object]]:
        """What records of calls and texts showed of the line's numbers, with the record of each."""
        return looks_of(self.viewpoint, [use.number for use in self.line.group.all_numbers])

    @cached_property
    def successions(self) -> list[dict[str, object]]:
        """Findings about the line's numbers, with the record of each."""
        own = {use.number for use in self.line.group.numbers}
        return [
            {
                "state": state_in_words(found.state),
                "old": found.old,
                "new": found.new,
                "date": found.date,
                "score": score_in_words(found.score),
                "shared": found.detail.get("shared_contacts"),
                "href": reverse("number-change", args=[found.record]),
                "owner": names((found.owner,)),
            }
            for found in self.register.successions
            if found.old in own or found.new in own
        ]

    @cached_property
    def drawing(self) -> Markup | None:
        """The numbers over time, drawn; None when no number has a date."""
        periods = [
            NumberPeriod(
                format_phone(use.number),
                use.from_date,
                use.to_date,
                _drawn_as(use.basis),
                "put forward, not confirmed" if use.is_put_forward else "",
            )
            for use in self.line.group.all_numbers
            if use.from_date is not None
        ]
        if not periods or self.line.last_seen is None:
            return None
        known = {period.label for period in periods}
        own = [
            DrawnSuccession(format_phone(found.old), format_phone(found.new), found.date)
            for found in self.register.successions
            if {format_phone(found.old), format_phone(found.new)} <= known
        ]
        return numbers_over_time(
            periods, title=f"Numbers of {self.name} over time", until=self.line.last_seen, successions=own
        )

    @cached_property
    def people(self) -> Sequence[dict[str, object]]:
        """People whom visible records place with the line: victims first, each once."""
        return [person_row(person) for person in people_of_line(self.viewpoint, self.line)]

    @property
    def victims(self) -> int:
        """How many of them a record calls a victim."""
        return sum(1 for person in self.people if person["victim"])

    @cached_property
    def harms(self) -> list[dict[str, object]]:
        """What each agency returned of the line's harms."""
        return [
            {"agency": row.owner, "ref": row.ref, "href": reverse("record", args=[row.record])}
            | {name: row.detail.get("harms", {}).get(name) for name in HARM_LABELS}
            for row in self.line.returns
        ]

    @cached_property
    def criteria(self) -> list[dict[str, object]]:
        """The five parts of the definition: what the returns say, kept apart where they differ."""
        if not self.line.returns:
            return []
        return [{"criterion": label, "said": _said(self.line, name)} for name, label in CRITERIA_LABELS.items()]

    @cached_property
    def reasons(self) -> list[dict[str, object]]:
        """What the score is made of, with points that add up to it."""
        parts = sorted_reasons(self.priority) if self.priority else []
        return [{"text": reason_text(part), "weight": f"+{part.points:.1f}"} for part in parts if part.points > 0]

    @cached_property
    def weighed(self) -> list[dict[str, object]]:
        """What else was looked at: how likely the harm is to go on, and what stands ready. Not points of the score."""
        words = {ReasonKind.LIKELIHOOD: "How likely the harm is to go on", ReasonKind.OPPORTUNITY: "What stands ready"}
        found = self.priority.reasons if self.priority else ()
        return [{"text": reason_text(each), "of": words[each.kind]} for each in found if each.kind in words]

    @cached_property
    def grouping(self) -> list[dict[str, object]]:
        """Why these records are one line: each link in the chain, in words."""
        records = {str(row.mention): row for row in self.line.rows}
        found: list[dict[str, object]] = []
        for join in self.line.group.joins:
            ends = [records[end] for end in (join.left, join.right) if end in records]
            links = [(row.ref, reverse("record", args=[row.record])) for row in ends]
            found.append({"records": links, "why": join_text(join, self.line.group.places)})
        return found

    @cached_property
    def hubs(self) -> list[str]:
        """Numbers of its records that join nothing, because too many brands carry them."""
        return [format_phone(number) for number in self.line.group.hubs]

    @cached_property
    def records_page(self) -> Page[Record]:
        """The visible records that speak of the line, newest first, a page at a time."""
        ids: set[UUID] = {row.record for row in self.line.rows}
        rows = self.viewpoint.visible(Record.objects.filter(id__in=ids)).order_by("-made_at", "id")
        return Paginator(rows, RECORDS_ON_A_PAGE).get_page(self.page)

    @property
    def records(self) -> list[dict[str, object]]:
        """That page as rows."""
        return record_rows(self.records_page)


def person_row(person: LinePerson) -> dict[str, object]:
    """A person of a line in one row: what records say, from when to when, and which records they are."""
    said = dict.fromkeys((phrase(role.type, forwards=role.forwards), role.basis) for role in person.roles)
    days = [day for role in person.roles for day in (role.from_date, role.to_date) if day is not None]
    refs = dict.fromkeys((role.ref, reverse("record", args=[role.record])) for role in person.roles)
    categories = dict.fromkeys(role.category for role in person.roles if role.category != SubjectCategory.OTHER)
    return {
        "name": tidy_name(person.name),
        "href": reverse("person", args=[person.mention]),
        "victim": person.is_victim,
        "categories": list(categories),
        "roles": "; ".join(f"{words} the line ({basis})" for words, basis in said),
        "span": (min(days, default=None), max(days, default=None)),
        "first": min(days, default=None),
        "records": list(refs),
        "record_count": len(refs),
    }


def _drawn_as(basis: NumberBasis) -> Basis:
    """What a force returned is drawn as fact; what was read from reports or call records as assessment."""
    return Basis.FACT if basis is NumberBasis.RETURN else Basis.ASSESSMENT


def _owner_force(line: RegisterLine) -> str:
    """Which force answers for a line: that from whose area it is run."""
    if not line.exporting_agencies:
        return "No force yet: no return says where it is run from"
    several = "; agencies return it differently" if len(line.exporting_agencies) > 1 else ""
    return f"{names(line.exporting_agencies)}, from whose area it is run{several}"


def _external_or_internal(line: RegisterLine) -> str | None:
    """Whether it crosses a force boundary, as the figures count it."""
    if not (line.exporting_agencies and line.importing_agencies):
        return None
    crosses = set(line.importing_agencies) - set(line.exporting_agencies)
    return "External: sells outside the area it is run from" if crosses else "Internal: begins and ends in one area"


def _said(line: RegisterLine, criterion: str) -> str:
    answers: dict[str, set[str]] = defaultdict(set)
    for row in line.returns:
        answers[str(row.detail.get("criteria", {}).get(criterion, Tristate.UNKNOWN))].add(row.owner)
    known = [
        f"{Tristate(answer).meaning} ({names(tuple(sorted(owners)))})"
        for answer, owners in sorted(answers.items())
        if answer != Tristate.UNKNOWN
    ]
    return "; ".join(known) or Tristate.UNKNOWN.meaning
