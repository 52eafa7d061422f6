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
from crossline.records.intake.parsed import ParsedRecord, Row, RowFate

Word = TypeVar("Word", bound=StrEnum)
LARGEST_CELL = 1_000_000


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
        return value

    def several(self, column: str) -> tuple[str, ...]:
        """The parts of a cell between semicolons."""
        return tuple(part.strip() for part in self.text(column).split(";") if part.strip())

    def day(self, column: str) -> date | None:
        """An ISO date, or None when blank."""
        if not (value := self.text(column)):
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise RowRefused(f"{column} {value!r} is not a date; write it as 2026-03-02.", column=column) from None

    def amount(self, column: str) -> Decimal | None:
        """A number, thousands separators and a pound sign forgiven; None when blank."""
        if not (value := self.text(column)):
            return None
        try:
            number = Decimal(value.replace(",", "").removeprefix("£"))
        except InvalidOperation:
            raise RowRefused(f"{column} {value!r} is not a number; write it as 1234.5.", column=column) from None
        if not number.is_finite():
            raise RowRefused(f"{column} {value!r} is not a number; write it as 1234.5.", column=column)
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
            raise RowRefused(f"{column} {value!r} is not one of {expected}.", column=column) from None

    def score(self, column: str) -> int | None:
        """0 to 5, or None for not known."""
        if not (value := self.text(column)):
            return None
        if not re.fullmatch(r"[0-5]", value):
            raise RowRefused(
                f"{column} {value!r} is not a whole number from 0 to 5; leave it empty if not known.", column=column
            )
        return int(value)

    def others(self, known: tuple[str, ...]) -> dict[str, str]:
        """What stands in columns the contract does not know: kept as it came."""
        return {name: value for name, value in self._values.items() if name and name not in known and value}


def rows(path: Path, table: Table, sender: Sender) -> Iterator[Row]:
    """Each row of the file. Raises DeliveryRefused when the file as a whole cannot be read as this table."""
    csv.field_size_limit(LARGEST_CELL)
    file_name = f"{table.name}.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        header = [name.strip() for name in (reader.fieldnames or [])]
        reader.fieldnames = header
        for column in table.required:
            if column not in header:
                raise DeliveryRefused(f"{file_name} has no column {column}; add it (columns may stand in any order).")
        try:
            for number, values in enumerate(reader, start=2):
                yield _row(file_name, number, {k: v for k, v in values.items() if isinstance(v, str)}, table, sender)
        except (csv.Error, UnicodeDecodeError) as error:
            raise DeliveryRefused(
                f"{file_name} cannot be read near row {reader.line_num}: {error}; save it as UTF-8 CSV."
            ) from error


def unknown_columns(path: Path, table: Table) -> list[str]:
    """Columns the contract does not know: reported, kept, never fatal."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        header = next(csv.reader(file), [])
    return [name.strip() for name in header if name.strip() and name.strip() not in table.columns]


def _row(file_name: str, number: int, values: dict[str, str], table: Table, sender: Sender) -> Row:
    cells = Cells(values)
    try:
        if (agency := cells.text("agency")) and agency != sender.agency:
            raise RowRefused(
                f"agency {agency!r} is not the sender {sender.agency!r}; send only your own rows.", column="agency"
            )
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
