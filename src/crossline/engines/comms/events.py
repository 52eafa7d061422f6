"""The one table every analysis starts from: call records as integers, from datasets, Parquet files or records.csv alike.

event(subject, other, moment, outward, is_text, seconds, handset, cell, source)
    subject, other  id_of the number
    moment          whole seconds since 1970, UTC
    outward         1 the subject made it, 0 the subject received it
    is_text         1 a text, 0 a call
    seconds         length of a call, NULL when not given
    handset, cell   the subject's own, NULL when not given (a handset is the 14 digits before the check digit)
    source          which of the given files it came from, from 0
number(id, number)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, executor, file_list, literal
from crossline.engines.comms.headers import read_layout
from crossline.engines.comms.layout import parts_of
from crossline.engines.comms.loading import Load
from crossline.engines.comms.numbers import id_of
from crossline.errors import FileUnreadable

_NUMBERS_AT_A_TIME = 200_000
_HANDSET = "nullif(substr(regexp_replace({imei}, '[^0-9]', '', 'g'), 1, 14), '')"


@dataclass(frozen=True)
class Events:
    """An open set of call records: `event` and `number` stand in the connection."""

    connection: duckdb.DuckDBPyConnection
    rows: int


@contextmanager
def open_events(paths: Sequence[Path], *, limits: Limits = STANDARD_LIMITS) -> Iterator[Events]:
    """The records of all these paths as one set. Nothing is left behind when it is closed."""
    if not paths:
        msg = "no call records were given; name at least one records.csv or dataset folder."
        raise FileUnreadable(msg)
    with executor(limits) as connection:
        connection.execute("CREATE TEMP TABLE number (id BIGINT, number VARCHAR)")
        folder = Path(str(connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]))
        written = [_write(connection, path, folder, source) for source, path in enumerate(paths)]
        connection.execute(f"CREATE TEMP VIEW event AS SELECT * FROM read_parquet({file_list(written)})")
        rows = connection.execute("SELECT count(*) FROM event").fetchall()[0][0]
        yield Events(connection, int(rows))


def _write(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, source: int) -> Path:
    written = folder / f"events-{source:04}.parquet"
    if path.is_dir() or path.suffix == ".parquet":
        query = _from_dataset(connection, parts_of(path) if path.is_dir() else [path], path)
    else:
        query = _from_csv(connection, path, folder / f"raw-{source:04}")
    connection.execute(
        f"COPY (SELECT *, {source} AS source FROM ({query}) WHERE subject <> other)"
        f" TO {literal(written)} (FORMAT parquet, COMPRESSION snappy)"
    )
    return written


def _from_dataset(connection: duckdb.DuckDBPyConnection, parts: list[Path], path: Path) -> str:
    records = f"read_parquet({file_list(parts)})"
    try:
        connection.execute(f"SELECT subject, other, start, outward, type FROM {records} LIMIT 0")
        cursor = connection.execute(f"SELECT subject FROM {records} UNION SELECT other FROM {records}")
    except duckdb.Error as error:
        msg = f"{path}: is not a dataset of call records; give a folder that write_dataset wrote, or a records.csv."
        raise FileUnreadable(msg) from error
    names: list[str] = []
    while batch := cursor.fetchmany(_NUMBERS_AT_A_TIME):
        names.extend(name for (name,) in batch)
    table = pa.table({"id": pa.array(map(id_of, names), pa.int64()), "number": pa.array(names, pa.string())})
    connection.register("named", table)
    connection.execute("CREATE OR REPLACE TEMP TABLE named_here AS SELECT * FROM named")
    connection.execute("INSERT INTO number SELECT * FROM named_here WHERE id NOT IN (SELECT id FROM number)")
    return f"""
        SELECT s.id AS subject, o.id AS other, CAST(epoch(r.start) AS BIGINT) AS moment,
            CAST(r.outward AS INTEGER) AS outward, CAST(r.type IN ('sms', 'mms') AS INTEGER) AS is_text,
            r.duration_s AS seconds, {_HANDSET.format(imei="r.imei")} AS handset, r.cell
        FROM {records} AS r LEFT JOIN named_here AS s ON s.number = r.subject LEFT JOIN named_here AS o ON o.number = r.other
        WHERE r.type <> 'data'"""


def _from_csv(connection: duckdb.DuckDBPyConnection, path: Path, working: Path) -> str:
    working.mkdir()
    Load(connection, read_layout(path), None, working).check()
    connection.execute(
        "INSERT INTO number SELECT DISTINCT id, number FROM numbers WHERE id NOT IN (SELECT id FROM number)"
    )
    one_end = """
        SELECT {subject} AS subject, {other} AS other, CAST(epoch(moment) AS BIGINT) AS moment, {outward} AS outward,
            CAST(kind IN ('sms', 'mms') AS INTEGER) AS is_text,
            CAST(round(try_cast(duration_s AS DOUBLE)) AS INTEGER) AS seconds, {handset} AS handset, {cell} AS cell
        FROM checked WHERE refusal IS NULL AND kind <> 'data'"""
    outward = one_end.format(
        subject="party_id", other="other_id", outward=1, handset=_HANDSET.format(imei="from_imei"), cell="from_cell"
    )
    inward = one_end.format(
        subject="other_id", other="party_id", outward=0, handset=_HANDSET.format(imei="to_imei"), cell="to_cell"
    )
    return f"{outward} UNION ALL {inward}"
