"""A lake opened for the analyses: the tables they start from stand over its files, and nothing is copied."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from crossline.engines.comms.executor import file_list
from crossline.engines.comms.lake.events import CELLS
from crossline.engines.comms.lake.files import Table, all_files, bucket_files, bucket_of, range_of, read_manifest
from crossline.engines.comms.lake.texts import SEEN
from crossline.errors import FileUnreadable

_PLAIN = """subject, other, moment, CAST(outward AS INTEGER) AS outward,
    CASE WHEN kind >= 1 THEN 1 ELSE 0 END AS is_text, seconds"""
_WHOLE_NUMBERS = f"{_PLAIN}, handset, sim, cell, other_cell, authorisation AS source"
_TEXTS = f"""{_PLAIN}, substr(CAST(handset AS VARCHAR), 2) AS handset, substr(CAST(sim AS VARCHAR), 2) AS sim,
    own.name AS cell, theirs.name AS other_cell, authorisation AS source"""
_NOTHING = """SELECT CAST(0 AS BIGINT) AS subject, CAST(0 AS BIGINT) AS other, CAST(0 AS BIGINT) AS moment, 0 AS outward,
    0 AS is_text, 0 AS seconds, CAST('' AS {identity}) AS handset, CAST('' AS {identity}) AS sim, CAST('' AS {identity}) AS cell,
    CAST('' AS {identity}) AS other_cell, CAST(0 AS BIGINT) AS source WHERE false"""

_USED = """subject, authorisation AS source, day, n, calls_out + texts_out AS n_out, first_moment, last_moment,
    first_out, last_out"""
_NOT_USED = ", ".join(
    f"CAST(0 AS BIGINT) AS {name}"
    for name in ("subject", "source", "day", "n", "n_out", "first_moment", "last_moment", "first_out", "last_out")
)


def event_query(root: Path, *, coded: bool) -> str:
    """The rows of a lake as `event` has them; `coded`: with handsets, SIMs and cells as whole numbers."""
    if not read_manifest(root).derived:
        msg = (
            f"{root}: a command that was adding to it ended early; add anything to it again, and it is put right first."
        )
        raise FileUnreadable(msg)
    files = all_files(root, Table.EVENTS)
    if not files:
        return _NOTHING.format(identity="BIGINT" if coded else "VARCHAR").replace(
            "CAST('' AS BIGINT)", "CAST(0 AS BIGINT)"
        )
    rows = f"read_parquet({file_list(files)})"
    if coded:
        return f"SELECT {_WHOLE_NUMBERS} FROM {rows} WHERE {SEEN}"
    cells = f"({_cells(root)})"
    return (
        f"SELECT {_TEXTS} FROM {rows} AS row_held LEFT JOIN {cells} AS own ON own.id = row_held.cell"
        f" LEFT JOIN {cells} AS theirs ON theirs.id = row_held.other_cell WHERE {SEEN}"
    )


def number_query(root: Path) -> str:
    """The names of a lake's numbers, each once."""
    return _over(all_files(root, Table.NAMES), "id, name AS number", "CAST(0 AS BIGINT) AS id, '' AS number")


def show_cells(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Make `cell_name` (id, name)."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cell_name AS {_cells(root)}")


def _cells(root: Path) -> str:
    files = [path for path in [root / CELLS] if path.exists()]  # no row may say a cell
    return _over(files, "id, name", "CAST(0 AS BIGINT) AS id, '' AS name")


def show_buckets(
    connection: duckdb.DuckDBPyConnection, root: Path, buckets: range, subjects: Collection[int] = ()
) -> bool:
    """Make `event` (coded), `usage` and `pair` of these buckets, or of these of their subjects; False where they hold none.

    A subject's rows are all in one bucket, so what is asked of each subject by itself can be asked bucket by bucket.
    """
    asked = [number for number in subjects if bucket_of(number) in buckets]
    if subjects and not asked:
        return False
    for view, table, columns in (
        ("event", Table.EVENTS, _WHOLE_NUMBERS),
        ("usage", Table.USAGE, "*"),
        ("pair", Table.PAIRS, "*"),
    ):
        pieces = _pieces(root, table, buckets, asked, columns)
        if not pieces:
            return False
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {' UNION ALL '.join(pieces)}")
    return True


def show_use(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Make `used` (each number's use of each day, as succession asks for it) and `pair` of the whole lake."""
    used = _over(all_files(root, Table.USAGE), _USED, _NOT_USED)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW used AS {used}")
    pair = _over(
        all_files(root, Table.PAIRS), "subject, other", "CAST(0 AS BIGINT) AS subject, CAST(0 AS BIGINT) AS other"
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW pair AS {pair}")


def _pieces(root: Path, table: Table, buckets: range, asked: Collection[int], columns: str) -> list[str]:
    whole, parted = bucket_files(root, table, buckets)
    first, last = range_of(buckets)
    among = f"subject IN ({', '.join(map(str, asked))})" if asked else ""
    seen = SEEN if table is Table.EVENTS else ""
    of_whole = " AND ".join(filter(None, (among, seen))) or "true"
    of_parted = " AND ".join(filter(None, (among or f"subject >= {first} AND subject <= {last}", seen)))
    pieces = [f"SELECT {columns} FROM read_parquet({file_list(whole)}) WHERE {of_whole}"] if whole else []
    if parted:
        pieces.append(f"SELECT {columns} FROM read_parquet({file_list(parted)}) WHERE {of_parted}")
    return pieces


def _over(files: list[Path], columns: str, nothing: str) -> str:
    return f"SELECT {columns} FROM read_parquet({file_list(files)})" if files else f"SELECT {nothing} WHERE false"
