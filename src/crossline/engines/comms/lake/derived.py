"""What a lake keeps beside its rows, rebuilt from them or carried on by a day, to the same bytes either way.

Pairs and names stand once, with the first day they are seen: a day that comes after all others adds its own and changes
none. A day that comes late, or rows that are taken out, move first days, and then both tables are made anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from crossline.engines.comms.executor import file_list, literal, rendered
from crossline.engines.comms.lake.events import ARRIVED, CELLS
from crossline.engines.comms.lake.files import (
    DAY_ROW_GROUP,
    Table,
    all_files,
    bucket_files,
    day_folder,
    day_folders,
    month_folders,
    month_span,
    passes,
    range_of,
    write_sorted,
)
from crossline.engines.comms.lake.texts import (
    NAMES_ORDER,
    PAIRS,
    PAIRS_OF_A_DAY,
    PAIRS_ORDER,
    SEEN,
)

_NO_ROWS = """CAST(0 AS BIGINT) AS subject, CAST(0 AS BIGINT) AS other, CAST(0 AS BIGINT) AS moment,
    CAST(0 AS TINYINT) AS outward, CAST(0 AS TINYINT) AS kind, CAST(0 AS BIGINT) AS cell, CAST(0 AS BIGINT) AS other_cell"""
_FIRST_DAY = "CAST(floor(min(moment) / 86400.0) AS INTEGER) AS day"


def derive_day(connection: duckdb.DuckDBPyConnection, root: Path, day: int) -> None:
    """Pairs and names of the newest day, from its rows and what is known of earlier ones."""
    folder = day_folder(root, day)
    events = f"read_parquet({literal(folder / f'{Table.EVENTS}.parquet')})"
    _pairs_of_a_day(connection, root, folder, events)
    write_sorted(connection, "SELECT * FROM met_today", PAIRS_ORDER, folder / f"{Table.PAIRS}.parquet", DAY_ROW_GROUP)
    connection.execute("DROP TABLE met_today")
    texts = _texts([root / ARRIVED, folder / f"{Table.NAMES}.parquet"])
    names = (
        f"SELECT id, any_value(name) AS name, CAST({day} AS INTEGER) AS day FROM ({texts})"
        f" WHERE id IN (SELECT subject FROM {events} UNION ALL SELECT other FROM {events})"
    )
    if named := [path for path in all_files(root, Table.NAMES) if path.parent != folder]:
        names += f" AND id NOT IN (SELECT id FROM read_parquet({file_list(named)}))"
    names += " GROUP BY id"
    write_sorted(connection, names, NAMES_ORDER, folder / f"{Table.NAMES}.parquet", DAY_ROW_GROUP)


def _pairs_of_a_day(connection: duckdb.DuckDBPyConnection, root: Path, folder: Path, events: str) -> None:
    """Make met_today, some buckets at a time: what is looked up tens of millions of times then fits a processor's cache."""
    for place, buckets in enumerate(passes(connection, root)):
        first, last = range_of(buckets)
        here = f"subject >= {first} AND subject <= {last}"
        whole, parted = bucket_files(root, Table.PAIRS, buckets)
        columns = "SELECT subject, other, went, came FROM"
        pieces = [f"{columns} read_parquet({file_list(whole)})"] if whole else []
        if parted := [path for path in parted if path.parent != folder]:
            pieces.append(f"{columns} read_parquet({file_list(parted)}) WHERE {here}")
        nothing = f"SELECT subject, other, outward AS went, outward AS came FROM {events} WHERE false"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW known AS {' UNION ALL '.join(pieces) or nothing}")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW seen AS SELECT * FROM {events} WHERE {SEEN} AND {here}")
        into = "INSERT INTO met_today" if place else "CREATE OR REPLACE TEMP TABLE met_today AS"
        connection.execute(f"{into} {rendered(PAIRS_OF_A_DAY)}")


def rebuild(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Pairs, names and cells from all the rows, one bucket in memory at a time."""
    months = {folder.name for folder in month_folders(root)}
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE loose (subject BIGINT, other BIGINT, day INTEGER, went TINYINT, came TINYINT, new TINYINT)"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE named_on (id BIGINT, day INTEGER)")
    connection.execute("CREATE OR REPLACE TEMP TABLE cell_used (id BIGINT)")
    for buckets in passes(connection, root):
        _rows_of(connection, root, buckets)
        connection.execute(
            f"INSERT INTO named_on SELECT subject, {_FIRST_DAY} FROM row_held GROUP BY subject"
            f" UNION ALL SELECT other, {_FIRST_DAY} FROM row_held GROUP BY other"
        )
        connection.execute(
            "INSERT INTO cell_used SELECT DISTINCT cell FROM row_held UNION SELECT DISTINCT other_cell FROM row_held"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE first_met AS {rendered(PAIRS)}")
        for month, (first, last) in _spans(months):
            for bucket in buckets:
                least, most = range_of(range(bucket, bucket + 1))
                found = (
                    f"SELECT * FROM first_met WHERE day >= {first} AND day <= {last}"
                    f" AND subject >= {least} AND subject <= {most}"
                )
                path = root / "months" / month / f"{Table.PAIRS}-{bucket:02}.parquet"
                write_sorted(connection, found, PAIRS_ORDER, path)
            connection.execute(f"DELETE FROM first_met WHERE day >= {first} AND day <= {last}")
        connection.execute("INSERT INTO loose SELECT * FROM first_met")
    connection.execute("DROP TABLE first_met")
    _split_pairs(connection, root)
    _rename(connection, root, months)
    cells = f"SELECT id, name FROM read_parquet({literal(root / CELLS)}) WHERE id IN (SELECT id FROM cell_used)"
    if (root / CELLS).exists():
        write_sorted(connection, cells, "id", root / CELLS)
    (root / ARRIVED).unlink(missing_ok=True)
    _sweep(root)


def _rows_of(connection: duckdb.DuckDBPyConnection, root: Path, buckets: range) -> None:
    """Make the views row_held (every row of these buckets) and seen (those that analyses see)."""
    whole, parted = bucket_files(root, Table.EVENTS, buckets)
    first, last = range_of(buckets)
    pieces = [f"SELECT * FROM read_parquet({file_list(whole)})"] if whole else []
    if parted:
        pieces.append(f"SELECT * FROM read_parquet({file_list(parted)}) WHERE subject >= {first} AND subject <= {last}")
    if not pieces:
        pieces = [f"SELECT {_NO_ROWS} WHERE false"]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW row_held AS {' UNION ALL '.join(pieces)}")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW seen AS SELECT * FROM row_held WHERE {SEEN}")


def _split_pairs(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    for folder in day_folders(root):
        found = f"SELECT * FROM loose WHERE day = {_since_1970(folder.name)}"
        write_sorted(connection, found, PAIRS_ORDER, folder / f"{Table.PAIRS}.parquet", DAY_ROW_GROUP)
    connection.execute("DROP TABLE loose")


def _rename(connection: duckdb.DuckDBPyConnection, root: Path, months: set[str]) -> None:
    """Each number's name where its first day is; names that no row needs any more are gone."""
    texts = _texts([*all_files(root, Table.NAMES), root / ARRIVED])
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE named_first AS SELECT id, any_value(name) AS name, min(day) AS day FROM"
        f" (SELECT id, min(day) AS day FROM named_on GROUP BY id) AS used JOIN ({texts}) AS texts USING (id) GROUP BY id"
    )
    for month, (first, last) in _spans(months):
        found = f"SELECT * FROM named_first WHERE day >= {first} AND day <= {last}"
        write_sorted(connection, found, NAMES_ORDER, root / "months" / month / f"{Table.NAMES}.parquet")
    for folder in day_folders(root):
        found = f"SELECT * FROM named_first WHERE day = {_since_1970(folder.name)}"
        write_sorted(connection, found, NAMES_ORDER, folder / f"{Table.NAMES}.parquet", DAY_ROW_GROUP)
    for name in ("named_first", "named_on"):
        connection.execute(f"DROP TABLE {name}")


def _texts(files: list[Path]) -> str:
    there = [path for path in files if path.exists()]
    if not there:
        return "SELECT CAST(0 AS BIGINT) AS id, CAST('' AS VARCHAR) AS name WHERE false"
    return f"SELECT id, name FROM read_parquet({file_list(there)}, union_by_name = true)"


def _spans(months: set[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each month with its first and last day since 1970."""
    for month in sorted(months):
        yield month, month_span(month)


def _since_1970(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days


def _sweep(root: Path) -> None:
    """Folders of which no row is left."""
    for folder in [*month_folders(root), *day_folders(root)]:
        if not any(folder.glob(f"{Table.EVENTS}*.parquet")):
            shutil.rmtree(folder)
