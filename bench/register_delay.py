"""How long a change of number takes to reach the line's page: days from the true change to the first record that puts it there.

Of each number that a line of the truth took up after another: the page has it when a record that the centre sees names the number
with that line, or when the communications set that shows it taking over from a number of that line was delivered. Days are those
of the synthetic records themselves (a set arrives when its agency sends it), not of this machine.

Run: .venv/bin/python bench/register_delay.py FOLDER/home FOLDER/nation/truth, which bench/pipeline.py --keep FOLDER leaves.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

Change = tuple[str, str, date]  # line, number, the day on which it was taken up


def changes(truth: Path) -> list[Change]:
    """Every number but each line's first."""
    numbers: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for row in _rows(truth / "line_numbers.csv"):
        numbers[row["line_id"]].append((date.fromisoformat(row["from_date"]), _normal(row["number"])))
    return [(line, number, day) for line, used in numbers.items() for day, number in sorted(used)[1:]]


def first_days(truth: Path, viewpoint: Any) -> tuple[dict[tuple[str, str], date], dict[tuple[str, str], date]]:
    """(line, number) -> the first day that a record names the two together; and that a change of number was delivered."""
    from crossline.exchange.mentions import located_mentions
    from crossline.lines.register import register
    from crossline.lines.rows import bare
    from crossline.records.models import Record
    from crossline.vocabulary.codes import MentionKind

    line_of_place = {
        (row["agency"], row["ref"], row["key"]): row["line_id"] for row in _rows(truth / "line_mentions.csv")
    }
    line_of = {each.mention: line_of_place.get(each.place) for each in located_mentions(viewpoint, MentionKind.LINE)}
    known = register(viewpoint)
    named: dict[tuple[str, str], date] = {}
    lines_of_number: dict[str, set[str]] = defaultdict(set)
    for line in known.lines:
        for row in line.rows:
            true = line_of.get(str(row.mention))
            numbers = {bare(each.selector) for each in row.beside if (each.selector or "").startswith("phone:")}
            for number in numbers if true else ():
                _earliest(named, (true, number), row.made_at.date())
                lines_of_number[number].add(true)
    sets = {record.id: record.made_at.date() for record in Record.objects.filter(kind="communications")}
    shown: dict[tuple[str, str], date] = {}
    for found in sorted(known.successions, key=lambda found: found.date):
        for true in lines_of_number[found.old]:
            _earliest(shown, (true, found.new), sets.get(found.data) or found.date)
            lines_of_number[found.new].add(true)
    return named, shown


def _earliest(days: dict[tuple[str, str], date], key: tuple[str, str], day: date) -> None:
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
        named, shown = first_days(given.truth, viewpoint)
    either = {key: min(day for days in (named, shown) if (day := days.get(key))) for key in {*named, *shown}}
    print(
        "| how the number comes onto the page | changes | reach it | median days | a tenth within | nine tenths within |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(row("a record names it with the line", true, named))
    print(row("a set of communications data shows the change", true, shown))
    print(row("the earlier of the two", true, either))
    seen = [change for change in true if change[:2] in shown]
    print(row("of those that a set shows: a record alone", seen, named))
    print(row("of those that a set shows: the earlier of the two", seen, either))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _normal(number: str) -> str:
    from crossline.vocabulary.selectors import normalise_phone

    return normalise_phone(number) or number


if __name__ == "__main__":
    main()
