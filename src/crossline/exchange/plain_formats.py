"""CSV and JSON: the contract's own formats, written row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from typing import BinaryIO, Final

from crossline.exchange.formulas import guarded
from crossline.exchange.stamp import Stamp
from crossline.exchange.tables import Row, Table, Value

_ROW_END: Final = "\r\n"


def write_csv(table: Table, out: BinaryIO, _stamp: Stamp) -> int:
    """UTF-8, a header always, empty cells for what is not known; no room for a stamp. Gives how many rows."""
    return write_rows(table.columns, table.rows, out)


def write_rows(columns: Iterable[str], rows: Iterable[Row], out: BinaryIO) -> int:
    """Rows under a header."""
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(_Lines(text))
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([in_a_cell(value) for value in row])
        number += 1
    text.flush()
    text.detach()
    return number


class _Lines:
    """Ends each row with a line feed. The writer itself ends them with both signs, because only then does it put a cell
    with a lone carriage return in quotes, which readers take for the end of a row."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text

    def write(self, row: str) -> int:
        """One row, as the CSV writer gives it."""
        return self._text.write(f"{row.removesuffix(_ROW_END)}\n")


def write_json(table: Table, out: BinaryIO, _stamp: Stamp) -> int:
    """A list of objects with the columns as keys, null for what is not known; no room for a stamp. Gives how many rows."""
    out.write(b"[")
    number = 0
    for number, row in enumerate(table.rows, start=1):
        out.write(b"\n" if number == 1 else b",\n")
        values = {column: in_json(value) for column, value in zip(table.columns, row, strict=True)}
        out.write(json.dumps(values, ensure_ascii=False).encode())
    out.write(b"\n]\n" if number else b"]\n")
    return number


def in_a_cell(value: Value) -> str:
    """A value as a cell of text. Only text is guarded: a negative number is no formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Decimal):
        return _plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def in_json(value: Value) -> str | int | float | None:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _plain(value: Decimal) -> str:
    """Digits without an exponent or trailing noughts: 2400000, 178.49."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
