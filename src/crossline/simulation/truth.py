"""The truth beside the deliveries: who each mention really is, written as it arises; overlaps between agencies at the end."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import TextIOWrapper
from itertools import combinations
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from crossline.simulation.concerns import Episode, is_exploited, repeated
from crossline.simulation.concerns_together import Noted, several
from crossline.simulation.people import Person
from crossline.vocabulary.selectors import normalise_address

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "people": ("person_id", "agency", "ref", "key"),
        "people_profile": ("person_id", "is_child_at", "role", "name_origin", "sex"),
        "lines": ("line_id", "brand", "exporting_agency", "importing_agencies", "opened", "closed"),
        "line_numbers": ("line_id", "number", "from_date", "to_date"),
        "line_mentions": ("line_id", "agency", "ref", "key"),
        "successions": ("old_number", "new_number", "date", "line_id", "observed"),
        "overlaps": ("left_agency", "left_ref", "right_agency", "right_ref", "kind", "via", "scheme", "value"),
        "concerns": ("agency", "ref", "key", "person_id", "reason", "exploited"),
    }
)
"""What the columns mean where their names do not say it.

people          key is the mention's; of an investigation it is s1, s2…, its selectors in order. Text-only reports have no rows.
people_profile  is_child_at: the first day on which the person is no longer a child (18th birthday). role is empty for most.
line_mentions   ref and key of a report's line mention; of a row of lines.csv its line_ref and "line"; of a selector s1, s2…
successions     also those by which a line split off or was taken over; observed: one authorised set holds both sides.
overlaps        investigation: every pair that really meets, with how. report: for each person, number, plate or address that
                reports of several agencies hold, the earliest report of each agency, in pairs.
concerns        exploited: whether a line really stands behind it; a looked-after child often missing is a concern all the same.
"""


class Truth:
    """Open truth tables. Use as a context; rows go straight to disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[TextIOWrapper] = []
        self._writers: dict[str, Any] = {}
        self._touched: dict[tuple[str, str], dict[str, tuple[datetime, str]]] = {}
        self._profiled: set[str] = set()
        self._episodes: dict[str, tuple[Person, list[Episode]]] = {}
        self._noted: dict[str, tuple[Person, list[Noted]]] = {}
        self.counts: dict[str, int] = dict.fromkeys(COLUMNS, 0)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for table, columns in COLUMNS.items():
            file = (self._folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
            self._files.append(file)
            self._writers[table] = csv.writer(file, lineterminator="\n")
            self._writers[table].writerow(columns)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()

    def row(self, table: str, *values: object) -> None:
        """One row of a table, in its column order."""
        self._writers[table].writerow(values)
        self.counts[table] += 1

    def mention(self, person: Person, agency: str, ref: str, key: str) -> None:
        """A mention of a person; their profile with the first. They are a child until the day in `is_child_at`."""
        self.row("people", person.person_id, agency, ref, key)
        if person.person_id not in self._profiled:
            self._profiled.add(person.person_id)
            grown = date(person.born.year + 18, person.born.month, min(person.born.day, 28))
            self.row("people_profile", person.person_id, grown, person.role, person.tradition, person.sex)

    def concern(self, person: Person, where: Episode, reason: str) -> None:
        """A mention that is a reason to put a person forward."""
        exploited = "yes" if is_exploited(person, where.day) else "no"
        self.row("concerns", where.agency, where.ref, where.key, person.person_id, reason, exploited)

    def missing(self, person: Person, episode: Episode) -> None:
        """A record of a missing episode; whether they repeat is judged when all are known."""
        self._episodes.setdefault(person.person_id, (person, []))[1].append(episode)

    def noted(self, person: Person, note: Noted) -> None:
        """Signs that a report writes of a child; whether they are enough is judged when all are known."""
        self._noted.setdefault(person.person_id, (person, []))[1].append(note)

    def write_repeated(self) -> None:
        """The concerns that only all reports together show."""
        for person, notes in self._noted.values():
            for note in several(notes):
                self.concern(person, note.where, "several_signs")
        for person, episodes in self._episodes.values():
            for episode in repeated(episodes):
                self.concern(person, episode, "repeat_missing")

    def touched(self, scheme: str, value: str, agency: str, ref: str, made: datetime) -> None:
        """A report of an agency holds this person or selector, rightly written. The earliest of each agency is kept."""
        by_agency = self._touched.setdefault((scheme, value), {})
        if agency not in by_agency or (made, ref) < by_agency[agency]:
            by_agency[agency] = (made, ref)

    def report_overlaps(self) -> Iterator[tuple[str, ...]]:
        """For each thing in reports of several agencies: the earliest report of each, in pairs."""
        for (scheme, value), by_agency in sorted(self._touched.items()):
            shown = value
            if len(by_agency) > 1 and scheme == "address":
                text, _, postcode = value.partition("|")
                shown = normalise_address(text, postcode) or value
            for left, right in combinations(sorted(by_agency), 2):
                via = "person" if scheme == "person" else "selector"
                yield (left, by_agency[left][1], right, by_agency[right][1], "report", via, scheme, shown)
