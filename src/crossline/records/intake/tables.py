"""Reading the CSV files of a delivery: lines, investigations, returns, money and homicides become records like any other."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from crossline.errors import DeliveryRefused, RowRefused
from crossline.records.intake.marking import CLASSIFICATION, marked_above, marking_columns
from crossline.records.intake.parsed import ParsedRecord, Row, RowFate
from crossline.records.intake.soundness import ABOVE_CEILING, LONGEST_REF, in_reach_day

Word = TypeVar("Word", bound=StrEnum)
LARGEST_CELL = 1_000_000
MOST_DIGITS = 15
"""Digits before the point that an amount may have: more than any sum of money or weight, few enough to be exact."""


@dataclass(frozen=True)
class Sender:
    """The delivery a table lies in: whose rows they are unless they may name another, and when they were made."""

    agency: str
    ref: str
    made_at: datetime


@dataclass(frozen=True)
class Table:
    """One file of the contract: its columns, which must be there, and what makes a record of a row."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    parse: Callable[[Cells, Sender], ParsedRecord]


class Cells:
    """The cells of one row, read by column with the checks that a sentence can be made of."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, column: str) -> str:
        """The cell, trimmed; blank when the column is missing."""
        return (self._values.get(column) or "").strip()

    def needed(self, column: str) -> str:
        """The cell, which must not be blank."""
        if not (value := self.text(column)):
            raise RowRefused(f"{column} is empty; it is needed.", column=column)
        if len(value) > LONGEST_REF:
            raise RowRefused(f"{column} is longer than {LONGEST_REF} characters; shorten it.", column=column)
        return value

    def several(self, column: str) -> tuple[str, ...]:
        """The parts of a cell between semicolons."""
        return tuple(part.strip() for part in self.text(column).split(";") if part.strip())

    def day(self, column: str) -> date | None:
        """An ISO date, or None when blank."""
        if not (value := self.text(column)):
            return None
        try:
            day = datetime.fromisoformat(value).date()
        except ValueError:
            raise RowRefused(f"{column} {value[:60]!r} is not a date; write it as 2026-03-02.", column=column) from None
        try:
            return in_reach_day(day)
        except ValueError as error:
            raise RowRefused(f"{column} {value!r} {error}", column=column) from None

    def amount(self, column: str) -> Decimal | None:
        """A number, thousands separators and a pound sign forgiven; None when blank."""
        if not (value := self.text(column)):
            return None
        try:
            number = Decimal(value.replace(",", "").removeprefix("£"))
        except InvalidOperation:
            raise RowRefused(f"{column} {value[:60]!r} is not a number; write it as 1234.5.", column=column) from None
        if not number.is_finite() or number.adjusted() >= MOST_DIGITS or len(value) > 2 * MOST_DIGITS:
            raise RowRefused(
                f"{column} {value[:60]!r} is not a number of {MOST_DIGITS} digits; write it as 1234.5.", column=column
            )
        return number

    def word(self, column: str, words: type[Word], *, default: Word | None = None) -> Word:
        """One of a closed list."""
        value = self.text(column)
        if not value and default is not None:
            return default
        try:
            return words(value.lower())
        except ValueError:
            expected = ", ".join(words)
            raise RowRefused(f"{column} {value[:60]!r} is not one of {expected}.", column=column) from None

    def score(self, column: str) -> int | None:
        """0 to 5, or None for not known."""
        if not (value := self.text(column)):
            return None
        if not re.fullmatch(r"[0-5]", value):
            raise RowRefused(
                f"{column} {value[:60]!r} is not a whole number from 0 to 5; leave it empty if not known.",
                column=column,
            )
        return int(value)

    def kept_besides(self, known: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """What stands in columns the contract does not know, as it came, under `other_columns`; nothing where none does."""
        others = {name: value for name, value in self._values.items() if name not in known and value}
        return {"other_columns": others} if others else {}


def rows(path: Path, table: Table, sender: Sender) -> Iterator[Row]:
    """Each row of the file, numbered as a spreadsheet numbers it. Raises DeliveryRefused when the file cannot be read."""
    csv.field_size_limit(LARGEST_CELL)
    file_name = f"{table.name}.csv"
    number = 0
    header: list[str] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            # Strict, because a quotation mark that is never closed would swallow every row behind it without a word.
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):
                if not any(cell.strip() for cell in cells):
                    continue
                if header:
                    yield _row(file_name, number, _values(header, cells), table, sender)
                else:
                    header = _header(cells, table)
        if not header:
            raise DeliveryRefused(f"{file_name} is empty; its first row names the columns, or leave the file out.")
    except (csv.Error, UnicodeDecodeError) as error:
        reason = f"{file_name} cannot be read near row {number + 1}: {error}"
        raise DeliveryRefused(
            f"{reason}; look for a quotation mark that is not closed, and save it as UTF-8 CSV."
        ) from error


def unknown_columns(path: Path, table: Table) -> list[str]:
    """Columns the contract does not know: reported, kept, never fatal."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        header = _header(next(cells for cells in csv.reader(file) if any(cell.strip() for cell in cells)), table)
    return [name for name in header if name not in table.columns]


def _header(written: list[str], table: Table) -> list[str]:
    """The names of the columns. A column without a name, or with that of an earlier unknown one, is called by its place."""
    names = [name.replace("\0", "").strip() for name in written]
    while names and not names[-1]:
        names.pop()
    for column in table.required:
        if column not in names:
            raise DeliveryRefused(f"{table.name}.csv has no column {column}; add it (columns may stand in any order).")
    if len(marked := marking_columns(names)) > 1:
        raise DeliveryRefused(f"{table.name}.csv has {len(marked)} columns for a marking; keep the one that counts.")
    for column in table.columns:
        if names.count(column) > 1:
            raise DeliveryRefused(f"{table.name}.csv has the column {column} twice; keep the one that is meant.")
    return [name if name and name not in names[:place] else f"column {place + 1}" for place, name in enumerate(names)]


def _values(header: list[str], written: list[str]) -> dict[str, str]:
    """The cells by column; those beyond the header, which have no column, under the empty name."""
    cells = [cell.replace("\0", "") for cell in written]
    return {"": "".join(cells[len(header) :]).strip()} | dict(zip(header, cells, strict=False))


def _row(file_name: str, number: int, values: dict[str, str], table: Table, sender: Sender) -> Row:
    cells = Cells(values)
    try:
        if cells.text(""):
            raise RowRefused(
                "the row has more cells than the header; put quotation marks round a cell with a comma in it."
            )
        if marked_above(values):
            raise RowRefused(ABOVE_CEILING, column=CLASSIFICATION)
        if (agency := cells.text("agency")) and agency != sender.agency:
            sentence = f"agency {agency[:60]!r} is not the sender {sender.agency!r}; send only your own rows."
            raise RowRefused(sentence, column="agency")
        record = table.parse(cells, sender)
    except RowRefused as error:
        reason = f"{file_name}, row {number}: {error}"
        return Row(file_name, number, fate=RowFate.REFUSED, reason=reason, column=error.column)
    return Row(file_name, number, record)


def content_hash(values: Mapping[str, Any]) -> str:
    """The same for the same content, whatever the order of columns."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


def at_midnight(day: date | None) -> datetime | None:
    """A date as a time in the store."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
