"""The one table every analysis starts from: call records as integers, from lakes, datasets, Parquet files or records.csv alike.

event(subject, other, moment, outward, is_text, seconds, handset, sim, cell, other_cell, source)
    subject, other  id_of the number
    moment          whole seconds since 1970, UTC
    outward         1 the subject made it, 0 the subject received it
    is_text         1 a text, 0 a call
    seconds         length of a call, NULL when not given
    handset, sim, cell   the subject's own, NULL when not given (a handset is the 14 digits before the check digit)
    other_cell      the cell of the number at the other end, where its operator's row said so
    source          which of the given files it came from, from 0
number(id, number)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.engines.comms.authorisation import read_authorisation
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, executor, file_list, literal
from crossline.engines.comms.headers import read_layout
from crossline.engines.comms.lake.files import is_lake
from crossline.engines.comms.lake.views import event_query, number_query
from crossline.engines.comms.layout import parts_of
from crossline.engines.comms.loading import Load
from crossline.engines.comms.numbers import id_of, number_of
from crossline.errors import FileUnreadable

Progress = Callable[[str], None]
_NUMBERS_AT_A_TIME = 200_000
_HANDSET = "nullif(substr(regexp_replace({imei}, '[^0-9]', '', 'g'), 1, 14), '')"
_SIM = "nullif(regexp_replace({imsi}, '[^0-9]', '', 'g'), '')"


def quiet(_: str) -> None:
    """Progress nobody asked for."""


@dataclass(frozen=True)
class Events:
    """An open set of call records: `event` and `number` stand in the connection."""

    connection: duckdb.DuckDBPyConnection
    rows: int
    lake: Path | None = None  # where handsets, SIMs and cells are whole numbers: the lake that names them


@contextmanager
def open_events(
    paths: Sequence[Path], *, coded: bool = False, limits: Limits = STANDARD_LIMITS, progress: Progress = quiet
) -> Iterator[Events]:
    """The records of all these paths as one set. Nothing is left behind when it is closed.

    A lake is read where it stands, anything else is rewritten first. `coded`: of a lake given alone handsets, SIMs and cells may
    come as whole numbers, for an analysis that only compares them.
    """
    if not paths:
        msg = "no call records were given; name at least one records.csv, dataset folder or lake."
        raise FileUnreadable(msg)
    alone = paths[0] if coded and len(paths) == 1 and is_lake(paths[0]) else None
    with executor(limits) as connection:
        connection.execute("CREATE TEMP TABLE number_read (id BIGINT, number VARCHAR)")
        folder = Path(str(connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]))
        lakes = [path for path in paths if is_lake(path)]
        queries = [event_query(path, coded=alone is not None) for path in lakes]
        written = [
            _write(connection, path, folder, source, progress)
            for source, path in enumerate(paths, start=1)
            if path not in lakes
        ]
        if written:
            queries.append(f"SELECT * FROM read_parquet({file_list(written)})")
        connection.execute(f"CREATE TEMP VIEW event AS {' UNION ALL BY NAME '.join(queries)}")
        names = [number_query(path) for path in lakes] + (["SELECT id, number FROM number_read"] if written else [])
        connection.execute(f"CREATE TEMP VIEW number AS {' UNION '.join(names)}")
        rows = connection.execute("SELECT count(*) FROM event").fetchall()[0][0]
        yield Events(connection, int(rows), alone)


def ids_asked_for(numbers: Collection[str]) -> list[int]:
    """The ids of these numbers; FileUnreadable where none of them is one."""
    ids = [id_of(number) for text in numbers if (number := number_of(text)) is not None]
    if not ids:
        msg = "none of the numbers asked for can be read; give telephone numbers as the records write them."
        raise FileUnreadable(msg)
    return ids


def only_subjects(connection: duckdb.DuckDBPyConnection, numbers: Collection[str]) -> None:
    """Narrow `event` to these numbers' own records."""
    ids = ids_asked_for(numbers)
    connection.register("asked_for", pa.table({"id": pa.array(ids, pa.int64())}))
    connection.execute("ALTER VIEW event RENAME TO every_event")
    connection.execute(
        "CREATE TEMP VIEW event AS SELECT * FROM every_event WHERE subject IN (SELECT id FROM asked_for)"
    )


def only_between(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> None:
    """Narrow `event` to moments from `first` up to, not with, `end`."""
    connection.execute("ALTER VIEW event RENAME TO event_of_any_time")
    connection.execute(
        "CREATE TEMP VIEW event AS SELECT * FROM event_of_any_time"
        f" WHERE moment >= {int(first)} AND moment < {int(end)}"
    )


def _write(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, source: int, progress: Progress) -> Path:
    written = folder / f"events-{source:04}.parquet"
    # What a set was authorised for says when its numbers could be seen; plain files only say so together.
    counted = source if path.is_dir() or path.with_name("authorisation.json").exists() else 0
    if path.is_dir() or path.suffix == ".parquet":
        query = _from_dataset(connection, parts_of(path) if path.is_dir() else [path], path)
    else:
        query = _from_csv(connection, path, folder / f"raw-{source:04}", progress)
    connection.execute(
        f"COPY (SELECT *, {counted} AS source FROM ({query}) WHERE subject <> other)"
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
    connection.execute("INSERT INTO number_read SELECT * FROM named_here WHERE id NOT IN (SELECT id FROM number_read)")
    # LEFT joins keep the few numbers on the side that is hashed; as inner joins the planner may hash the records.
    return f"""
        SELECT s.id AS subject, o.id AS other, CAST(epoch(r.start) AS BIGINT) AS moment,
            CAST(r.outward AS INTEGER) AS outward, CAST(r.type IN ('sms', 'mms') AS INTEGER) AS is_text,
            r.duration_s AS seconds, {_HANDSET.format(imei="r.imei")} AS handset, {_SIM.format(imsi="r.imsi")} AS sim, r.cell,
            r.other_cell
        FROM {records} AS r LEFT JOIN named_here AS s ON s.number = r.subject LEFT JOIN named_here AS o ON o.number = r.other
        WHERE r.type <> 'data'"""


def _from_csv(connection: duckdb.DuckDBPyConnection, path: Path, working: Path, progress: Progress) -> str:
    working.mkdir()
    beside = path.with_name("authorisation.json")
    authorisation = read_authorisation(beside) if beside.exists() else None  # its scope holds here too
    load = Load(connection, read_layout(path), authorisation, working)
    misshapen = load.check()
    _tell(load, misshapen, path, progress)
    connection.execute(
        "INSERT INTO number_read SELECT DISTINCT id, number FROM named WHERE id NOT IN (SELECT id FROM number_read)"
    )
    one_end = """
        SELECT {subject} AS subject, {other} AS other, CAST(epoch(moment) AS BIGINT) AS moment, {outward} AS outward,
            CAST(kind IN (1, 2) AS INTEGER) AS is_text, duration_s AS seconds, {handset} AS handset, {sim} AS sim,
            {cell} AS cell, {other_cell} AS other_cell
        FROM checked WHERE refusal IS NULL AND kind <> 3"""
    outward = one_end.format(
        subject="party_id",
        other="other_id",
        outward=1,
        handset=_HANDSET.format(imei="from_imei"),
        sim=_SIM.format(imsi="from_imsi"),
        cell="from_cell",
        other_cell="to_cell",
    )
    inward = one_end.format(
        subject="other_id",
        other="party_id",
        outward=0,
        handset=_HANDSET.format(imei="to_imei"),
        sim=_SIM.format(imsi="to_imsi"),
        cell="to_cell",
        other_cell="from_cell",
    )
    if authorisation is not None:
        outward, inward = f"{outward} AND party_authorised", f"{inward} AND other_authorised"
    return f"{outward} UNION ALL {inward}"


def _tell(load: Load, misshapen: list[int], path: Path, progress: Progress) -> None:
    """Say how many rows are set aside and why; a file of which nothing is left is an error."""
    good, rows = load.good()[0], load.rows() + len(misshapen)
    if good == rows:
        return
    first = load.refused_rows(misshapen)[0]
    where = f"row {first.line}, column {first.reason.column}"
    shown = f" ({first.value})" if first.value else ""
    if not good:
        msg = f"{path}: {where}{shown}: {first.reason}; no other row can be read either."
        raise FileUnreadable(msg)
    progress(f"{path}: {rows - good:,} of {rows:,} rows set aside; the first is {where}{shown}: {first.reason}.")
