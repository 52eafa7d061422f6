"""What arrives at a lake, from any layout that the engines read: rows with ids in place of text, in one folder a day.

Rows are streamed into `rows/day=…` below the working folder; the names of numbers and cells go into the temporary tables
arriving_name and arriving_cell (id, name).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import file_list, literal
from crossline.engines.comms.headers import read_layout
from crossline.engines.comms.lake.texts import COLUMNS
from crossline.engines.comms.layout import parts_of
from crossline.engines.comms.load_report import LoadReport
from crossline.engines.comms.loading import Load
from crossline.engines.comms.numbers import id_of
from crossline.errors import FileUnreadable

_AT_A_TIME = 200_000
_READ_AT_ONCE = 1 << 20
_DIGITS = "nullif(substr(regexp_replace({text}, '[^0-9]', '', 'g'), 1, {most}), '')"
_HANDSET = f"CAST('1' || {_DIGITS.format(text='imei', most=14)} AS BIGINT)"
_SIM = f"CAST('1' || {_DIGITS.format(text='imsi', most=17)} AS BIGINT)"

_OF_TEXTS = {"handset": _HANDSET, "sim": _SIM}
_OF_NUMBERS = {"handset": "imei", "sim": "imsi"}
_KIND = "CASE part.type WHEN 'voice' THEN 0 WHEN 'sms' THEN 1 WHEN 'mms' THEN 2 ELSE 3 END"

# The names of cells are few and stand on the side that is hashed.
_CODED = """
    SELECT read.*, CAST(floor(moment / 86400.0) AS INTEGER) AS day FROM (
        SELECT part.subject, part.other, CAST(epoch(part.start) AS BIGINT) AS moment, CAST(part.outward AS TINYINT) AS outward,
            CAST({kind} + CASE WHEN part.subject = part.other THEN 4 ELSE 0 END AS TINYINT) AS kind,
            CAST(part.duration_s AS INTEGER) AS seconds, own.id AS cell, theirs.id AS other_cell,
            {handset} AS handset, {sim} AS sim,
            CAST({authorisation} AS BIGINT) AS authorisation, CAST({delivery} AS BIGINT) AS delivery,
            CAST(part.line AS INTEGER) AS line
        FROM {part} AS part LEFT JOIN arriving_cell AS own ON own.name = part.cell
            LEFT JOIN arriving_cell AS theirs ON theirs.name = part.other_cell) AS read"""


@dataclass(frozen=True)
class Delivery:
    """One file or dataset on its way in."""

    path: Path
    authorisation: Authorisation | None
    content: str  # its hash, with that of the authorisation

    @property
    def id(self) -> int:
        """What its rows carry to say where they came from."""
        return int(self.content[:16], 16) >> 1

    @property
    def authority(self) -> int:
        """What its rows carry to say under what they are held. Plain files are one; a dataset without an authority is its own."""
        if self.authorisation is not None:
            return authority_id(self.authorisation.agency, self.authorisation.ref)
        return self.id if self.path.is_dir() else 0


def authority_id(agency: str, ref: str) -> int:
    """The id of an authorisation, the same on every machine."""
    return id_of(f"{agency}\0{ref}")


def delivery_of(path: Path, authorisation: Authorisation | None) -> Delivery:
    """A delivery known by its content: the same file under the same authorisation is the same delivery."""
    content = hashlib.sha256()
    for file in sorted(path.glob("part-*.parquet")) if path.is_dir() else [path]:
        try:
            with file.open("rb") as source:
                while block := source.read(_READ_AT_ONCE):
                    content.update(block)
        except OSError as error:
            msg = f"{file}: cannot be opened ({error.strerror}); give the path of a records.csv or of a dataset."
            raise FileUnreadable(msg) from error
    if authorisation is not None:
        content.update(f"{authorisation.agency}\0{authorisation.ref}".encode())
    return Delivery(path, authorisation, content.hexdigest())


def stage(connection: duckdb.DuckDBPyConnection, delivery: Delivery, working: Path) -> tuple[int, LoadReport | None]:
    """Write the delivery's rows by day; gives how many, and of a records.csv what became of each row."""
    if delivery.path.is_dir() or delivery.path.suffix == ".parquet":
        return _stage_dataset(connection, delivery, working), None
    return _stage_csv(connection, delivery, working)


def _stage_csv(connection: duckdb.DuckDBPyConnection, delivery: Delivery, working: Path) -> tuple[int, LoadReport]:
    load = Load(connection, read_layout(delivery.path), delivery.authorisation, working)
    misshapen = load.check(coded=True)
    _name_cells(connection, "checked", ("from_cell", "to_cell"))
    connection.execute("CREATE OR REPLACE TEMP VIEW arriving_name AS SELECT id, number AS name FROM named")
    how = {"kind": "part.type"} | (_OF_NUMBERS if load.coded else _OF_TEXTS)
    accepted = rows = 0
    for place, (part, counted) in enumerate(load.coded_parts()):
        accepted += counted
        rows += _write(connection, part, _coded(part, how, delivery), working, place)
    if not rows:
        return 0, load.report(misshapen, accepted, None, 0)
    first, last, numbers = connection.execute(
        "SELECT min(moment), max(moment), count(DISTINCT subject) FROM"
        f" read_parquet({literal(working / 'rows' / '*' / '*.parquet')})"
    ).fetchall()[0]
    period = (datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC))
    return rows, load.report(misshapen, accepted, period, int(numbers))


def _stage_dataset(connection: duckdb.DuckDBPyConnection, delivery: Delivery, working: Path) -> int:
    parts = parts_of(delivery.path) if delivery.path.is_dir() else [delivery.path]
    records = f"read_parquet({file_list(parts)})"
    try:
        connection.execute(
            f"SELECT subject, other, start, outward, type, duration_s, imei, imsi, cell, other_cell, line FROM {records} LIMIT 0"
        )
        texts = _distinct(connection, f"SELECT subject FROM {records} UNION SELECT other FROM {records}")
    except duckdb.Error as error:
        msg = f"{delivery.path}: is not a dataset of call records; give a folder that write_dataset wrote, or a records.csv."
        raise FileUnreadable(msg) from error
    _table(connection, "arriving_name", texts)
    _name_cells(connection, records, ("cell", "other_cell"))
    named = f"""(SELECT record.* REPLACE (s.id AS subject, o.id AS other) FROM {records} AS record
        JOIN arriving_name AS s ON s.name = record.subject JOIN arriving_name AS o ON o.name = record.other)"""
    return _write(connection, named, _coded(named, {"kind": _KIND} | _OF_TEXTS, delivery), working, 0)


def _coded(part: str, how: Mapping[str, str], delivery: Delivery) -> str:
    return _CODED.format(part=part, authorisation=delivery.authority, delivery=delivery.id, **how)


def _write(connection: duckdb.DuckDBPyConnection, part: str, query: str, working: Path, place: int) -> int:
    """The rows of a query over `part`, by day; gives how many."""
    day = "CAST(floor(epoch({}(start)) / 86400.0) AS INTEGER)"
    first, last = connection.execute(f"SELECT {day.format('min')}, {day.format('max')} FROM {part}").fetchall()[0]
    rows = working / "rows"
    if first is not None and first == last:  # one day, as an operator's file mostly is, has nothing to be parted by
        (rows / f"day={first}").mkdir(parents=True, exist_ok=True)
        where = literal(rows / f"day={first}" / f"part-{place}.parquet")
        copy = f"COPY (SELECT {COLUMNS} FROM ({query})) TO {where} (FORMAT parquet, COMPRESSION uncompressed)"
    else:
        copy = (
            f"COPY (SELECT {COLUMNS}, day FROM ({query})) TO {literal(rows)}"
            " (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (day), OVERWRITE_OR_IGNORE,"
            f" FILENAME_PATTERN 'part-{place}-{{i}}')"
        )
    return int(connection.execute(copy).fetchall()[0][0])


def _name_cells(connection: duckdb.DuckDBPyConnection, source: str, columns: tuple[str, str]) -> None:
    one, two = columns
    cells = _distinct(connection, f"SELECT {one} FROM {source} UNION SELECT {two} FROM {source}")
    _table(connection, "arriving_cell", cells)


def _distinct(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    cursor = connection.execute(query)
    texts: list[str] = []
    while batch := cursor.fetchmany(_AT_A_TIME):
        texts.extend(text for (text,) in batch if text is not None)
    return texts


def _table(connection: duckdb.DuckDBPyConnection, name: str, texts: Iterable[str]) -> None:
    texts = list(texts)
    columns = {"id": pa.array(map(id_of, texts), pa.int64()), "name": pa.array(texts, pa.string())}
    connection.register("arriving_given", pa.table(columns))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM arriving_given")
