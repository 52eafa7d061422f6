"""How early exploited children are put forward: before the first custody record that an agency writes of them, and by how much.

Deliveries are taken in month by month, as they were made, and people are matched and concerns raised after each month, with what
had been sent by then and nothing else. A child counts as put forward on the day on which the delivery was made that held the
record completing the sign: the first on which anybody could know. Days are those of the synthetic deliveries.

The truth says who is exploited (`concerns.csv`: a line really stands behind the child) and whose each mention is. Communications
data play no part and are not taken in. Nothing is fitted here. Why the others were not put forward: concerns_early_ceiling.py.

Run: CROSSLINE_HOME=FOLDER/home .venv/bin/python bench/concerns_early.py FOLDER/nation, after
crossline simulate FOLDER/nation --scale region --seed 31 --deliveries monthly. Prints a Markdown table for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from statistics import median, quantiles

from concerns_early_ceiling import ceiling, reasons_missed

Place = tuple[str, str, str]  # agency, ref, key of a mention
TENANTS = "tenant_of_premises_in_use"


@dataclass(frozen=True)
class Truth:
    """Whose each mention is, which children a line really uses, who is a reason for concern, and each one's first custody."""

    person_of: Mapping[Place, str]
    exploited: frozenset[str]
    concerned: frozenset[str]
    custody: Mapping[str, date]


def truth_of(folder: Path) -> Truth:
    """Read the truth, and the first custody of each person from the custody records of the deliveries."""
    person_of = {(row["agency"], row["ref"], row["key"]): row["person_id"] for row in rows(folder / "truth/people.csv")}
    children = [row for row in rows(folder / "truth/concerns.csv") if row["reason"] != TENANTS]
    custody: dict[str, date] = {}
    for agency, report in reports(folder):
        person = person_of.get((agency, report["ref"], "p1"))
        if report["kind"] == "custody" and person:
            day = datetime.fromisoformat(report["occurred_from"] or report["made_at"]).date()
            custody[person] = min(custody.get(person, day), day)
    exploited = frozenset(row["person_id"] for row in children if row["exploited"] == "yes")
    return Truth(person_of, exploited, frozenset(row["person_id"] for row in children), custody)


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a truth table."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def reports(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Every report that was sent, with its sender."""
    for path in sorted((folder / "deliveries").glob("*/reports.jsonl")):
        agency = json.loads((path.parent / "delivery.json").read_text())["agency"]
        for line in path.open(encoding="utf-8"):
            yield agency, json.loads(line)


def months(folder: Path) -> Iterator[list[Path]]:
    """The deliveries of each month, in the order in which they were made."""
    made = sorted(
        (json.loads(path.read_text())["made_at"][:7], path.parent.name, path.parent)
        for path in (folder / "deliveries").glob("*/delivery.json")
    )
    for _, several in groupby(made, key=lambda each: each[0]):
        yield [path for _, _, path in several]


def put_forward(folder: Path, truth: Truth) -> dict[str, date]:
    """The first day on which each person was put forward as a child, by whoever they really are."""
    from crossline.entities.matching import match_people
    from crossline.records.intake.accept import take_in
    from crossline.safeguarding.models import Concern
    from crossline.safeguarding.raising import raise_due

    first: dict[str, date] = {}
    with tempfile.TemporaryDirectory() as kept:
        for month in months(folder):
            for delivery in month:
                alone = Path(kept) / "sent" / delivery.name
                shutil.copytree(delivery, alone, ignore=shutil.ignore_patterns("comms*"))
                take_in(alone, communications=Path(kept) / "communications")
            match_people()
            raise_due()
            raised = Concern.objects.filter(standing="raised").exclude(reason=TENANTS)
            found = raised.values_list("record__owner", "record__ref", "mention__key", "record__delivery__made_at")
            for agency, ref, key, made_at in found:
                person = truth.person_of.get((agency, ref, key), f"nobody of the truth: {agency} {ref} {key}")
                first[person] = min(first.get(person, made_at.date()), made_at.date())
            print(f"{month[0].name}: {len(first):,} children put forward", file=sys.stderr)
    return first


def before_custody(truth: Truth, first: Mapping[str, date]) -> tuple[list[str], list[str]]:
    """(the exploited children who were held, those of them who were put forward before the first custody)."""
    held = sorted(truth.exploited & truth.custody.keys())
    return held, [child for child in held if child in first and first[child] < truth.custody[child]]


def table(truth: Truth, first: Mapping[str, date]) -> Iterator[str]:
    """The figures, a line each."""
    held, before = before_custody(truth, first)
    gained = [(truth.custody[child] - first[child]).days for child in before]
    yield "| what | figure |"
    yield "| --- | ---: |"
    yield f"| exploited children of the truth with a custody record | {len(held):,} |"
    yield f"| of these put forward before the first custody (recall) | {len(before):,}, {share(len(before), len(held))} |"
    yield f"| of these put forward on that day or later | {sum(1 for each in held if each in first) - len(before):,} |"
    found = share(len(truth.exploited & first.keys()), len(truth.exploited))
    yield f"| exploited children put forward, whether or not ever held | {found} |"
    early = [person for person, day in first.items() if day < truth.custody.get(person, date.max)]
    yield f"| children put forward before any custody | {len(early):,} |"
    right = {"really exploited (precision)": truth.exploited, "a reason for concern, exploited or not": truth.concerned}
    for what, who in right.items():
        yield f"| of these {what}, by the truth | {share(len(who.intersection(early)), len(early))} |"
    yield f"| days gained: median; a tenth less than; a tenth more than | {spread(gained)} |"


def share(part: int, of: int) -> str:
    """A share with three decimals."""
    return f"{part / of:.3f}" if of else "none"


def spread(days: Iterable[int]) -> str:
    """Median and the outer tenths."""
    held = sorted(days)
    if len(held) < 10:
        return f"{median(held):.0f} (of {len(held)}, too few for tenths)" if held else "none"
    tenths = quantiles(held, n=10)
    return f"{median(held):.0f}; {tenths[0]:.0f}; {tenths[-1]:.0f}"


def main() -> None:
    """Take the months in one after the other, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nation", type=Path, help="what crossline simulate wrote with --deliveries monthly")
    given = parser.parse_args()
    from crossline.installation import make_ready

    make_ready()
    truth = truth_of(given.nation)
    first = put_forward(given.nation, truth)
    print("\n".join(table(truth, first)))
    held, before = before_custody(truth, first)
    counted, each = reasons_missed(
        truth.person_of, {child: truth.custody[child] for child in held if child not in before}
    )
    print("\n".join(ceiling(len(held), len(before), counted)))
    for child, reason in each:
        print(f"{child} held on {truth.custody[child].isoformat()}: {reason}", file=sys.stderr)
    by_reason: dict[str, int] = defaultdict(int)
    from crossline.safeguarding.models import Concern

    for reason in Concern.objects.filter(standing="raised").values_list("reason", flat=True):
        by_reason[reason] += 1
    print(f"\nConcerns by sign: {', '.join(f'{name} {number:,}' for name, number in sorted(by_reason.items()))}.")


if __name__ == "__main__":
    main()
