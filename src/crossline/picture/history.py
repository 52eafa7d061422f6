"""The published sizes of the threat, year by year, each with its source: a history that no line may be drawn through."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PublishedSize:
    """One published figure. `high` None: at least `low`. Figures of different `definition` are never joined or compared.

    `break_reason` says why it does not follow on from the figure before; empty for the first.
    """

    measure: str
    definition: str
    period_start: date
    period_end: date
    low: int
    high: int | None
    qualifier: str
    unit: str
    label: str
    break_reason: str
    publisher: str
    source_url: str
    provenance: str

    @property
    def words(self) -> str:
        """The figure as it was published: at least 720, between 800 and 1,100, about 600."""
        if self.high is not None and self.high != self.low:
            return f"{self.qualifier} {self.low:,} and {self.high:,}"
        return f"{self.qualifier} {self.low:,}"


@dataclass(frozen=True)
class PublishedResult:
    """One published result of a week, the programme or an assessment; `qualifier` is =, > more than, < almost, ~ about."""

    event: str
    scope: str
    period_start: str
    period_end: str
    metric: str
    qualifier: str
    value: str
    unit: str
    publisher: str
    source_url: str
    note: str


@cache
def published_history() -> tuple[PublishedSize, ...]:
    """Every published size, in order of time."""
    return tuple(
        PublishedSize(
            measure=row["measure"],
            definition=row["definition"],
            period_start=date.fromisoformat(row["period_start"]),
            period_end=date.fromisoformat(row["period_end"]),
            low=int(row["value_low"]),
            high=int(row["value_high"]) if row["value_high"] else None,
            qualifier=row["qualifier"],
            unit=row["unit"],
            label=row["label"],
            break_reason=row["break_reason"],
            publisher=row["publisher"],
            source_url=row["source_url"],
            provenance=row["provenance"],
        )
        for row in _rows("published_history.csv")
    )


@cache
def published_results() -> tuple[PublishedResult, ...]:
    """Every published result in the packaged table, as cited."""
    return tuple(
        PublishedResult(
            event=row["event_id"],
            scope=row["scope"],
            period_start=row["period_start"],
            period_end=row["period_end"],
            metric=row["metric"],
            qualifier=row["qualifier"],
            value=row["value"],
            unit=row["unit"],
            publisher=row["publisher"],
            source_url=row["source_url"],
            note=row["note"],
        )
        for row in _rows("county_lines_published_results.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
