"""How long a change of number takes to reach the line's page: days from the true change to the first record that puts it there.

Of each number that a line of the truth took up after another: the page has it when a report that the centre sees, or any revision
of a return, names the number with that line, or when a communications set shows it taking over from a number of that line.
Each counts from the day on which the delivery was made, which is the first on which the centre could know; days are those of the
synthetic deliveries, not of this machine. Reports, returns and judged findings are read from the store when the page is asked
for; a set is read by the next daily round, which is up to a day more and is not in the figures.

Run: .venv/bin/python bench/register_delay.py FOLDER/home FOLDER/nation/truth, which bench/pipeline.py --keep FOLDER leaves.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

Key = TypeVar("Key")
Change = tuple[str, str, date]  # line, number, the day on which it was taken up


def changes(truth: Path) -> list[Change]:
    """Every number but each line's first."""
    of_line: dict[str, list[Change]] = defaultdict(list)
    for each in _all(truth):
        of_line[each[0]].append(each)
    return [each for taken in of_line.values() for each in taken[1:]]


def _all(truth: Path) -> list[Change]:
    """Every number of every line, in the order in which they were taken up."""
    rows = ((row["line_id"], row["from_date"], row["number"]) for row in _rows(truth / "line_numbers.csv"))
    return [(line, _normal(number), date.fromisoformat(day)) for line, day, number in sorted(rows)]


@dataclass
class FirstDays:
    """(line, number) -> the first day on which each way puts the two together."""

    report: dict[tuple[str, str], date] = field(default_factory=dict)
    written: dict[tuple[str, str], date] = field(
        default_factory=dict
    )  # the day of the report itself, before it was sent
    returned: dict[tuple[str, str], date] = field(default_factory=dict)
    shown: dict[tuple[str, str], date] = field(default_factory=dict)
    page: dict[tuple[str, str], dict[str, date]] = field(default_factory=dict)  # of a number, by page of the register

    @property
    def records(self) -> dict[tuple[str, str], date]:
        """The earlier of report and return."""
        return earliest(self.report, self.returned)

    @property
    def either(self) -> dict[tuple[str, str], date]:
        """The earliest of all ways."""
        return earliest(self.report, self.returned, self.shown)

    def beside_an_earlier(self, true: Iterable[Change]) -> dict[tuple[str, str], date]:
        """By records: the day from which a page has the number together with one that the line had before."""
        before: dict[str, list[str]] = defaultdict(list)
        found: dict[tuple[str, str], date] = {}
        for line, number, _ in true:
            own = self.page.get((line, number), {})
            for earlier in before[line]:
                other = self.page.get((line, earlier), {})
                for page in own.keys() & other.keys():
                    _earliest(found, (line, number), max(own[page], other[page]))
            before[line].append(number)
        return found


def earliest(*ways: Mapping[tuple[str, str], date]) -> dict[tuple[str, str], date]:
    """The earliest day of each number that any of the ways has."""
    found: dict[tuple[str, str], date] = {}
    for way in ways:
        for key, day in way.items():
            _earliest(found, key, day)
    return found


def first_days(truth: Path, viewpoint: Any) -> FirstDays:
    """Read every revision that the store holds, and every change of number found in a set."""
    from crossline.exchange.mentions import located_mentions
    from crossline.lines.register import register
    from crossline.lines.rows import bare
    from crossline.records.models import Record
    from crossline.vocabulary.codes import MentionKind

    line_of_place = {
        (row["agency"], row["ref"], row["key"]): row["line_id"] for row in _rows(truth / "line_mentions.csv")
    }
    line_of = {each.mention: line_of_place.get(each.place) for each in located_mentions(viewpoint, MentionKind.LINE)}
    known, found = register(viewpoint), FirstDays()
    came = dict(Record.objects.values_list("id", "delivery__made_at"))
    lines_of_number: dict[str, set[str]] = defaultdict(set)
    for line in known.lines:
        for row in line.rows:
            place = (row.owner, row.ref, "line")  # of a return, whichever revision it is
            true = line_of_place.get(place) if row.is_return else line_of.get(str(row.mention))
            numbers = {bare(each.selector) for each in row.beside if (each.selector or "").startswith("phone:")}
            for number in numbers if true else ():
                key, day = (str(true), number), came[row.record].date()
                _earliest(found.returned if row.is_return else found.report, key, day)
                if not row.is_return:
                    _earliest(found.written, key, row.made_at.date())
                _earliest(found.page.setdefault(key, {}), line.id, day)
                lines_of_number[number].add(str(true))
    for change in sorted(known.successions, key=lambda change: change.date):
        for true in lines_of_number[change.old]:
            _earliest(found.shown, (true, change.new), came[change.data].date() if change.data else change.date)
            lines_of_number[change.new].add(true)
    return found


def _earliest(days: dict[Key, date], key: Key, day: date) -> None:
    days[key] = min(day, days.get(key, day))


def row(title: str, true: Iterable[Change], days: Mapping[tuple[str, str], date]) -> str:
    """A line of the table: how many of the changes reach the page, and after how many days."""
    every = list(true)
    waited = sorted((days[line, number] - day).days for line, number, day in every if (line, number) in days)
    if len(waited) < 2:
        return f"| {title} | {len(every):,} | {len(waited):,} | | | |"
    tenths = quantiles(waited, n=10)
    share = len(waited) / len(every)
    days_in_words = " | ".join(f"{value:.0f}" for value in (median(waited), tenths[0], tenths[8]))
    return f"| {title} | {len(every):,} | {len(waited):,} ({share:.0%}) | {days_in_words} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("truth", type=Path)
    given = parser.parse_args()
    os.environ["CROSSLINE_HOME"] = str(given.home.resolve())
    from crossline.installation import make_ready

    make_ready()
    from crossline.access.viewer import ADMINISTRATOR, reading

    true = changes(given.truth)
    with reading(ADMINISTRATOR) as viewpoint:
        found = first_days(given.truth, viewpoint)
    print(
        "| how the number comes onto the page | changes | reach it | median days | a tenth within | nine tenths within |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(row("a report names it with the line, and has been sent", true, found.report))
    print(row("the same, to the day of the report itself", true, found.written))
    print(row("a return names it, in whichever revision first", true, found.returned))
    print(row("a set of communications data shows the change", true, found.shown))
    print(row("report or return", true, found.records))
    print(row("any of the three", true, found.either))
    print(
        row("report or return, beside an earlier number on one page", true, found.beside_an_earlier(_all(given.truth)))
    )
    seen = [change for change in true if change[:2] in found.shown]
    print(row("of those that a set shows: report or return alone", seen, found.records))
    print(row("of those that a set shows: any of the three", seen, found.either))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _normal(number: str) -> str:
    from crossline.vocabulary.selectors import normalise_phone

    return normalise_phone(number) or number


if __name__ == "__main__":
    main()
