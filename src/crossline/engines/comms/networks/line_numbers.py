"""Which numbers are which line's: as a file says; and which numbers look like a line's at all."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.engines.comms.executor import make_tables
from crossline.engines.comms.networks.local_days import start_of_day
from crossline.engines.comms.numbers import id_of, number_of
from crossline.engines.comms.profiles.deal_line import judge
from crossline.engines.comms.profiles.profiles import STANDARD_PROFILE
from crossline.engines.comms.profiles.texts import PROFILING
from crossline.errors import FileUnreadable

ALWAYS = (-(2**40), 2**40)
"""Moments around any call: a number that is its line's all the time."""


@dataclass(frozen=True)
class LineNumber:
    """A number that was a line's from one moment up to, not with, another. `reason`: how that is known; no `line`: not."""

    number: str
    line: str
    reason: str
    begins: int = ALWAYS[0]
    ends: int = ALWAYS[1]


def given_numbers(path: Path) -> list[LineNumber]:
    """The numbers of a CSV file with the column number; line, from and to (days, both included) where they are known.

    Without any line, which numbers are one line is to be found; some with and some without are an error.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: cannot be read ({error}); give a UTF-8 CSV file with the columns number and line."
        raise FileUnreadable(msg) from error
    if not rows or "number" not in rows[0]:
        msg = f"{path}: holds no rows with the column number; give that one, and line, from and to if known."
        raise FileUnreadable(msg)
    found = [_given(path, at, row) for at, row in enumerate(rows, start=2)]
    without = [at for at, each in enumerate(found, start=2) if not each.line]
    if without and len(without) < len(found):
        msg = f"{path}: row {without[0]}, column line: is empty and others are not; name the line in every row or in none."
        raise FileUnreadable(msg)
    return found


def _given(path: Path, at: int, row: Mapping[str, str | None]) -> LineNumber:
    number, line = number_of(row.get("number") or ""), (row.get("line") or "").strip()
    if number is None:
        msg = f"{path}: row {at}, column number: {row.get('number') or ''!r} names nothing; give a number as the records do."
        raise FileUnreadable(msg)
    begins, ends = ALWAYS
    for column, days in (("from", 0), ("to", 1)):
        text = (row.get(column) or "").strip()
        if not text:
            continue
        try:
            moment = start_of_day(date.fromisoformat(text), later=days)
        except ValueError as error:
            msg = f"{path}: row {at}, column {column}: {text!r} is no day; write it as 2026-01-31."
            raise FileUnreadable(msg) from error
        begins, ends = (moment, ends) if column == "from" else (begins, moment)
    return LineNumber(number, line, "as the file of numbers says", begins, ends)


def numbers_that_look_like_lines(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """The numbers of `event` that look like deal lines, by id, and in what words."""
    make_tables(connection, PROFILING, asdict(STANDARD_PROFILE))
    rows = connection.execute("SELECT * FROM profile").to_arrow_table().to_pylist()
    verdicts = {int(row["subject"]): judge(row) for row in rows}
    return {
        number: f"looks like a deal line ({verdict.points:+g} points)"
        for number, verdict in verdicts.items()
        if verdict.looks_like_deal_line
    }


def names_by_id(connection: duckdb.DuckDBPyConnection, ids: Iterable[int]) -> dict[int, str]:
    """Numbers as they are written, by id."""
    connection.register("ids_asked", pa.table({"id": pa.array(sorted(ids), pa.int64())}))
    rows = connection.execute("SELECT id, number FROM number WHERE id IN (SELECT id FROM ids_asked)").fetchall()
    return {int(number_id): str(number) for number_id, number in rows}


def place_line_numbers(connection: duckdb.DuckDBPyConnection, numbers: Sequence[LineNumber]) -> list[str]:
    """Make the table `line_number`; gives the lines by their place in it. Numbers without a record are left out later."""
    lines = sorted({each.line for each in numbers})
    at = {line: place for place, line in enumerate(lines)}
    columns = {
        "subject": pa.array([id_of(each.number) for each in numbers], pa.int64()),
        "line": pa.array([at[each.line] for each in numbers], pa.int32()),
        "begins": pa.array([each.begins for each in numbers], pa.int64()),
        "ends": pa.array([each.ends for each in numbers], pa.int64()),
    }
    connection.register("line_number_given", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE line_number AS SELECT DISTINCT * FROM line_number_given")
    return lines
