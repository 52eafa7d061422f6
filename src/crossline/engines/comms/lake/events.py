"""The rows of a lake: days merged with what arrives, days put together into months, rows taken out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from crossline.engines.comms.executor import file_list, literal, rendered
from crossline.engines.comms.lake.files import (
    BUCKETS,
    DAY_ROW_GROUP,
    ROW_GROUP,
    Table,
    all_files,
    day_folder,
    day_folders,
    range_of,
    write_sorted,
)
from crossline.engines.comms.lake.texts import (
    COLUMNS,
    MARKED,
    NAMES_ORDER,
    ONCE,
    ORDER,
    PAIRS_ORDER,
    REPEATS,
    SEEN,
    USAGE,
    USAGE_ORDER,
)

ARRIVED = "arrived.parquet"
"""Names that came with rows not yet derived from: a command that ends early leaves them for the next."""

CELLS = "cells.parquet"


def names_arrive(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Keep the texts of arriving_name that the lake lacks, and of arriving_cell, before any row that needs them is."""
    names = "SELECT DISTINCT id, name FROM arriving_name"
    if held := all_files(root, Table.NAMES):
        names += f" WHERE id NOT IN (SELECT id FROM read_parquet({file_list(held)}))"
    if (root / ARRIVED).exists():
        names += f" UNION SELECT id, name FROM read_parquet({literal(root / ARRIVED)})"
    write_sorted(connection, names, "id", root / ARRIVED)
    cells = "SELECT id, name FROM arriving_cell"
    if (root / CELLS).exists():
        cells += f" UNION SELECT id, name FROM read_parquet({literal(root / CELLS)})"
    write_sorted(connection, cells, "id", root / CELLS)


def merge_day(connection: duckdb.DuckDBPyConnection, root: Path, day: int, arriving: Path) -> None:
    """Rows of one day, with those held of it."""
    folder = day_folder(root, day)
    files = sorted(arriving.glob("*.parquet"))
    if (present := folder / f"{Table.EVENTS}.parquet").exists():
        files.append(present)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE held AS {_rows(files)}")
    _write(connection, folder, "", DAY_ROW_GROUP)


def merge_month(connection: duckdb.DuckDBPyConnection, root: Path, month: str, arriving: Sequence[Path]) -> None:
    """All that is held of a month, and what arrives, bucket by bucket; then its days are gone."""
    folder = root / "months" / month
    days = [each for each in day_folders(root) if each.name[:7] == month]
    for bucket in range(BUCKETS):
        first, last = range_of(range(bucket, bucket + 1))
        suffix = f"-{bucket:02}"
        parted = [path for each in days if (path := each / f"{Table.EVENTS}.parquet").exists()]
        parted += [path for each in arriving for path in sorted(each.glob("*.parquet"))]
        whole = [path for path in [folder / f"{Table.EVENTS}{suffix}.parquet"] if path.exists()]
        pieces = [f"{_rows(parted)} WHERE subject >= {first} AND subject <= {last}"] if parted else []
        pieces += [_rows(whole)] if whole else []
        connection.execute(f"CREATE OR REPLACE TEMP TABLE held AS {' UNION ALL '.join(pieces)}")
        _write(connection, folder, suffix, ROW_GROUP)
        pairs = [path for each in days if (path := each / f"{Table.PAIRS}.parquet").exists()]
        together = f"SELECT * FROM read_parquet({file_list(pairs)}) WHERE subject >= {first} AND subject <= {last}"
        _join(connection, folder / f"{Table.PAIRS}{suffix}.parquet", together if pairs else "", PAIRS_ORDER)
    names = [path for each in days if (path := each / f"{Table.NAMES}.parquet").exists()]
    together = f"SELECT * FROM read_parquet({file_list(names)})"
    _join(connection, folder / f"{Table.NAMES}.parquet", together if names else "", NAMES_ORDER)
    for each in days:
        shutil.rmtree(each)


def without(connection: duckdb.DuckDBPyConnection, root: Path, which: str) -> int:
    """Take out the rows for which this holds; gives how many. Files that hold none are left as they are."""
    forgotten = 0
    for path in all_files(root, Table.EVENTS):
        (found,) = connection.execute(f"SELECT count(*) FROM read_parquet({literal(path)}) WHERE {which}").fetchall()[0]
        if not found:
            continue
        forgotten += int(found)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE held AS {_rows([path])} WHERE NOT ({which})")
        suffix = path.stem.removeprefix(Table.EVENTS)
        _write(connection, path.parent, suffix, ROW_GROUP if suffix else DAY_ROW_GROUP)
    return forgotten


def use_anew(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Each number's use of each day from the rows, in every file."""
    for path in all_files(root, Table.EVENTS):
        _write_usage(connection, path, DAY_ROW_GROUP if path.stem == Table.EVENTS else ROW_GROUP)


def _write_usage(connection: duckdb.DuckDBPyConnection, events: Path, row_group: int) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW seen AS SELECT * FROM read_parquet({literal(events)}) WHERE {SEEN}"
    )
    usage = events.with_name(events.name.replace(Table.EVENTS, Table.USAGE))
    write_sorted(connection, rendered(USAGE), USAGE_ORDER, usage, row_group)


def _rows(files: Sequence[Path]) -> str:
    return f"SELECT {COLUMNS} FROM read_parquet({file_list(list(files))}, hive_partitioning = false)"


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, suffix: str, row_group: int) -> None:
    """The rows of `held` with repeats marked, and each number's use of each day, into a folder."""
    (rows, repeats) = connection.execute(REPEATS).fetchall()[0]
    events, usage = (folder / f"{table}{suffix}.parquet" for table in (Table.EVENTS, Table.USAGE))
    if not rows:
        events.unlink(missing_ok=True)
        usage.unlink(missing_ok=True)
        return
    write_sorted(connection, MARKED if repeats else ONCE, ORDER, events, row_group)
    _write_usage(connection, events, row_group)


def _join(connection: duckdb.DuckDBPyConnection, path: Path, arriving: str, order: str) -> None:
    if not arriving:
        return
    if path.exists():
        arriving += f" UNION ALL SELECT * FROM read_parquet({literal(path)})"
    write_sorted(connection, arriving, order, path)
