"""What the line pages show, as plain rows: templates hold no logic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from markupsafe import Markup

from crossline.access.viewer import Viewpoint
from crossline.drawing import NumberPeriod, numbers_over_time
from crossline.drawing import Succession as DrawnSuccession
from crossline.engines.lines import NumberBasis
from crossline.lines.people import LinePerson, people_of_line
from crossline.lines.register import Register, RegisterLine
from crossline.records.models import Record
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Basis, LineStatus, Tristate

HARM_LABELS = {
    "child_exploitation": "Child exploitation",
    "adult_exploitation": "Adult exploitation",
    "violence": "Violence",
    "weapons": "Weapons",
    "sexual_violence": "Sexual violence",
    "drug_harm": "Drug harm",
}
CRITERIA_LABELS = {
    "crit_hub_county": "Links an urban hub to a county location",
    "crit_phone_line": "Takes orders on a branded phone line",
    "crit_exploitation": "Exploits children or vulnerable adults",
    "crit_travel": "Travels regularly between hub and market",
    "crit_violence": "Is inclined to violence or weapons",
}


@dataclass(frozen=True)
class ListFilter:
    """The selection of the line list, as the address gives it."""

    status: str = ""
    agency: str = ""
    brand: str = ""

    def holds(self, line: RegisterLine) -> bool:
        """Whether a line is in the selection."""
        touched = {*line.exporting_agencies, *line.importing_agencies, *line.group.owners}
        return (
            (not self.status or line.status == self.status)
            and (not self.agency or self.agency in touched)
            and (not self.brand or self.brand.casefold() in line.name.casefold())
        )

    def selected(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The filters in use, each with the address that takes it away."""
        parts = {"status": self.status, "agency": self.agency, "brand": self.brand}
        words = {
            "status": LineStatus(self.status).meaning if self.status in frozenset(LineStatus) else self.status,
            "agency": agencies()[self.agency].short_name if self.agency in agencies() else self.agency,
            "brand": self.brand,
        }
        found = []
        for name, value in parts.items():
            if value:
                rest = "&".join(f"{other}={kept}" for other, kept in parts.items() if kept and other != name)
                found.append((name.capitalize(), [(words[name], f"?{rest}")]))
        return found


def row_of(line: RegisterLine, rank: int | None, score: tuple[float, float, float] | None) -> dict[str, object]:
    """A line as a row of the list."""
    return {
        "name": line.name,
        "href": reverse("line", args=[line.id]),
        "status": line.status,
        "exporting": names(line.exporting_agencies),
        "importing": names(line.importing_agencies),
        "numbers": len(line.group.numbers),
        "first_seen": line.first_seen,
        "last_seen": line.last_seen,
        "rank": rank,
        "score": None if score is None else f"{score[0]:.0f} ({score[1]:.0f} to {score[2]:.0f})",
        "score_value": None if score is None else score[0],
    }


def names(ids: Sequence[str]) -> str:
    """Agencies by their short names."""
    known = agencies()
    return ", ".join(known[agency].short_name if agency in known else agency for agency in ids)


class LinePage:
    """One line's page."""

    def __init__(self, viewpoint: Viewpoint, line: RegisterLine, register: Register) -> None:
        self.viewpoint = viewpoint
        self.line = line
        self.register = register

    @property
    def name(self) -> str:
        return self.line.name

    @cached_property
    def summary(self) -> list[tuple[str, str | None]]:
        """The facts at the top."""
        line = self.line
        return [
            ("Also written", ", ".join(brand for brand in line.group.brands if brand != line.name) or None),
            ("Run from", names(line.exporting_agencies) or None),
            ("Sells in", ", ".join(line.towns) or None),
            ("Importing forces", names(line.importing_agencies) or None),
            ("Drugs", ", ".join(line.drugs) or None),
            ("Returned by", names(tuple(sorted({row.owner for row in line.returns}))) or None),
        ]

    @cached_property
    def numbers(self) -> list[dict[str, object]]:
        """The line's numbers with their periods."""
        basis = {
            NumberBasis.RETURN: "Returned by a force",
            NumberBasis.INTELLIGENCE: "Named in a report",
            NumberBasis.SUCCESSION: "Succession found in communications data",
        }
        return [
            {"number": use.number, "from_date": use.from_date, "to_date": use.to_date, "basis": basis[use.basis]}
            for use in self.line.group.numbers
        ]

    @cached_property
    def successions(self) -> list[dict[str, object]]:
        """Findings about the line's numbers, with the record of each."""
        own = {use.number for use in self.line.group.numbers}
        return [
            {
                "old": found.old,
                "new": found.new,
                "date": found.date,
                "score": round(found.score, 2),
                "shared": found.detail.get("shared_contacts"),
                "href": reverse("record", args=[found.record]),
                "owner": names((found.owner,)),
            }
            for found in self.register.successions
            if found.old in own or found.new in own
        ]

    @cached_property
    def drawing(self) -> Markup | None:
        """The numbers over time, drawn; None when no number has a date."""
        periods = [
            NumberPeriod(use.number, use.from_date, use.to_date, _drawn_as(use.basis))
            for use in self.line.group.numbers
            if use.from_date is not None
        ]
        if not periods or self.line.last_seen is None:
            return None
        known = {period.label for period in periods}
        own = [found for found in self.register.successions if {found.old, found.new} <= known]
        return numbers_over_time(
            periods,
            title=f"Numbers of {self.name} over time",
            until=self.line.last_seen,
            successions=[DrawnSuccession(found.old, found.new, found.date) for found in own],
        )

    @cached_property
    def people(self) -> Sequence[LinePerson]:
        """People whom visible records place with the line: victims first."""
        return people_of_line(self.viewpoint, self.line)

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
        """The five definition criteria: what the returns say, kept apart where they differ."""
        return [{"criterion": label, "said": _said(self.line, name)} for name, label in CRITERIA_LABELS.items()]

    @cached_property
    def records(self) -> Sequence[Record]:
        """The visible records that speak of the line, newest first."""
        ids: set[UUID] = {row.record for row in self.line.rows}
        return list(self.viewpoint.visible(Record.objects.filter(id__in=ids)).order_by("-made_at", "id")[:100])


def _drawn_as(basis: NumberBasis) -> Basis:
    """What a force returned is drawn as fact; what was read from reports or call records as assessment."""
    return Basis.FACT if basis is NumberBasis.RETURN else Basis.ASSESSMENT


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
