"""Workbooks in place of CSV files: each sheet of an .xlsx becomes the CSV file of its name in a scratch folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from crossline.errors import DeliveryRefused

_NOT_IN_A_NAME = re.compile(r"[^\w -]")  # a sheet's title is the sender's: it must not lead to another folder


def with_workbooks(folder: Path, scratch: Path) -> Path:
    """The folder itself, or a folder of links beside the sheets of its workbooks written as CSV."""
    entries = sorted(folder.iterdir())
    books = [entry for entry in entries if entry.suffix.lower() == ".xlsx" and not entry.name.startswith("~$")]
    if not books:
        return folder
    scratch.mkdir(parents=True)
    for entry in entries:
        if entry not in books:
            (scratch / entry.name).symlink_to(entry.resolve())
    for book in books:
        try:
            for title, rows in _sheets(book):
                _write(book, scratch / f"{_NOT_IN_A_NAME.sub('_', title.strip().lower())}.csv", rows)
        except DeliveryRefused:
            raise
        except Exception as error:  # a damaged workbook makes openpyxl and what it reads with raise almost anything
            raise DeliveryRefused(
                f"{book.name} cannot be read as a workbook ({error}); save it again as .xlsx."
            ) from error
    return scratch


def _sheets(book: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """(title, rows of text) of each sheet that holds anything; blank rows stay, so that rows keep their numbers."""
    workbook = load_workbook(book, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            rows = [[_cell(value) for value in values] for values in sheet.iter_rows(values_only=True)]
            if any(cell for row in rows for cell in row):
                yield sheet.title, rows
    finally:
        workbook.close()


def _write(book: Path, target: Path, rows: list[list[str]]) -> None:
    if target.exists():
        raise DeliveryRefused(f"{book.name} repeats {target.name}, which is there already; send one of the two.")
    with target.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
