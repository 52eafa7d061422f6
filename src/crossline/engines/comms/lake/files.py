"""A lake's folder: which files it has, how they are written so that the same rows are the same bytes, and its manifest.

    lake.json                     what came in, under which authorisation
    cells.parquet
    months/2026-01/events-07.parquet, usage-07, pairs-07; names.parquet
    days/2026-02-03/events.parquet, usage, pairs, names

A bucket is a range of ids, and ids are spread evenly (numbers.id_of): files of a day need no buckets to be read by bucket,
because they are sorted by subject and Parquet says of each row group from which subject to which it goes.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from crossline.engines.comms.executor import file_list, literal
from crossline.errors import FileUnreadable

BUCKETS = 16
ROW_GROUP = 122_880
ROWS_AT_ONCE = 8_000_000
DAY_ROW_GROUP = 20_480  # a bucket of a day is a few of these
MANIFEST = "lake.json"
FORMAT = 1
_ID_BITS = 63


class Table(StrEnum):
    """The tables that stand in every month and day."""

    EVENTS = "events"
    USAGE = "usage"
    PAIRS = "pairs"
    NAMES = "names"


@dataclass(frozen=True)
class Manifest:
    """What a lake says of itself: deliveries by the hash of their content, authorisations by their id."""

    deliveries: dict[str, dict[str, Any]] = field(default_factory=dict)
    authorisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    derived: bool = True  # usage, pairs and names are those of the rows


def is_lake(path: Path) -> bool:
    """Whether this folder is a lake."""
    return (path / MANIFEST).is_file()


def read_manifest(root: Path) -> Manifest:
    """The manifest of a lake; FileUnreadable where it is none."""
    try:
        said = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            msg = (
                f"{root}: is a lake of format {said['format']}, and this version reads {FORMAT}; load its records anew."
            )
            raise FileUnreadable(msg)
        return Manifest(said["deliveries"], said["authorisations"], said["derived"])
    except OSError as error:
        msg = f"{root}: is no lake ({error.strerror}); give a folder that `crossline comms keep` made."
        raise FileUnreadable(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{root / MANIFEST}: cannot be read ({error}); put the lake back from its copy."
        raise FileUnreadable(msg) from error


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Put the manifest in place, whole or not at all."""
    said = {
        "format": FORMAT,
        "derived": manifest.derived,
        "authorisations": manifest.authorisations,
        "deliveries": manifest.deliveries,
    }
    unfinished = root / f".{MANIFEST}"
    unfinished.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(root / MANIFEST)


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Nobody else writes to this lake meanwhile; one who tries is told so."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{root}: is being written to by another command; try again when that has ended."
            raise FileUnreadable(msg) from error
        yield


def month_folders(root: Path) -> list[Path]:
    """The months that are put together, in order."""
    return sorted((root / "months").glob("????-??"))


def day_folders(root: Path) -> list[Path]:
    """The days that are not yet in a month, in order."""
    return sorted((root / "days").glob("????-??-??"))


def day_folder(root: Path, day: int) -> Path:
    """Where a day (since 1970) stands before it is in a month."""
    return root / "days" / (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def bucket_files(root: Path, table: Table, buckets: range) -> tuple[list[Path], list[Path]]:
    """Files of which every row is of these buckets, and files in which some may be."""
    named = [folder / f"{table}-{bucket:02}.parquet" for folder in month_folders(root) for bucket in buckets]
    by_day = [folder / f"{table}.parquet" for folder in day_folders(root)]
    return [path for path in named if path.exists()], [path for path in by_day if path.exists()]


def passes(connection: duckdb.DuckDBPyConnection, root: Path) -> Iterator[range]:
    """The buckets in stretches whose rows fit in memory; a small lake is one stretch."""
    files = all_files(root, Table.EVENTS)
    rows = 0
    if files:
        (rows,) = connection.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({file_list(files)})").fetchall()[
            0
        ]
    at_once = max(1, min(BUCKETS, BUCKETS * ROWS_AT_ONCE // max(int(rows), 1)))
    for start in range(0, BUCKETS, at_once):
        yield range(start, min(start + at_once, BUCKETS))


def all_files(root: Path, table: Table) -> list[Path]:
    """Every file of a table."""
    folders = [*month_folders(root), *day_folders(root)]
    return [path for folder in folders for path in sorted(folder.glob(f"{table}*.parquet"))]


def bucket_of(number: int) -> int:
    """The bucket of an id."""
    return number >> (_ID_BITS - BUCKETS.bit_length() + 1)


def range_of(buckets: range) -> tuple[int, int]:
    """The first and the last id of these buckets."""
    size = 1 << (_ID_BITS - BUCKETS.bit_length() + 1)
    return buckets.start * size, buckets.stop * size - 1


def write_sorted(
    connection: duckdb.DuckDBPyConnection, query: str, order: str, path: Path, row_group: int = ROW_GROUP
) -> None:
    """Write the rows of a query in this order; the file appears whole or not at all, and the same rows are the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    connection.execute("SET preserve_insertion_order = true")  # else row groups are cut as threads come by
    (written,) = connection.execute(
        f"COPY (SELECT * FROM ({query}) ORDER BY {order}) TO {literal(unfinished)}"
        f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group})"
    ).fetchall()[0]
    connection.execute("SET preserve_insertion_order = false")
    if written:
        unfinished.replace(path)
    else:  # a file with no row stands nowhere
        unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)


def month_span(month: str) -> tuple[int, int]:
    """The first and the last day (since 1970) of a month."""
    year, number = int(month[:4]), int(month[5:])
    after = date(year + number // 12, number % 12 + 1, 1)
    start = date(1970, 1, 1)
    return (date(year, number, 1) - start).days, (after - start).days - 1
