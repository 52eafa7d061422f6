"""A records.csv read once, batch by batch: times and types told, both parties by their ids, handsets as text or whole numbers.

What comes out stands as the view `read`, a row a line:
    place                        from 0, over the lines that are rows
    party_id, other_id           ids of from and to, NULL where the text names nobody
    party_authorised, other_authorised
    moment                       TIMESTAMP, UTC, NULL where the time cannot be read
    has_offset                   whether the time says how far from UTC it is
    kind                         0 voice, 1 sms, 2 mms, 3 data, NULL for anything else
    duration_s                   seconds, rounded; NULL where the text is no number of seconds
    from_imei, from_imsi, from_cell, to_imei, to_imsi, to_cell
    start, type, "from", "to"    as written, where the row is or may be refused for them; else NULL
and the view `named` (id, number) every number that a row names, some more than once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import literal
from crossline.engines.comms.headers import Layout, is_bare
from crossline.engines.comms.regular_numbers import ids_of, numbers_of, whole_numbers_of
from crossline.errors import FileUnreadable

_ROWS_AT_A_TIME = 500_000
_ROWS_IN_MEMORY = 1_500_000  # a quarter of a gigabyte; more stand on disk
_NAMES_IN_MEMORY = 2_000_000  # more are told apart before the next batch: every batch names many that others name
_MOST_MISSHAPEN = 1_000
KINDS: Final = ("voice", "sms", "mms", "data")

_HAS_OFFSET = "regexp_matches(\"start\", ':[0-9]{{2}}([.][0-9]+)?[ ]*([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
# A time without seconds is good ISO 8601 that DuckDB's cast does not take.
_INSTANT = """coalesce(try_cast("start" AS TIMESTAMPTZ),
    try_cast(regexp_replace("start", '([T ][0-9]{{2}}:[0-9]{{2}})([Zz+-])', '\\1:00\\2') AS TIMESTAMPTZ))"""
# The time zone is UTC, so that this is the cast to TIMESTAMP, without asking a calendar. The database reads "inf" and years of
# six digits as times; whatever is not of the years 1 to 9999 is none here, as nothing behind this could hold it.
_MOMENT = """CASE WHEN isfinite(instant) THEN CASE
    WHEN epoch_us(instant) BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(epoch_us(instant)) END END"""
_CODES = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(KINDS))
_KIND = f'CAST(coalesce(CASE "type" {_CODES} END, CASE lower("type") {_CODES} END) AS TINYINT)'
_READ = f"""
    SELECT "from", "to", from_imei, from_imsi, to_imei, to_imsi, from_cell, to_cell, has_offset, kind,
        try_cast(round(try_cast(duration_s AS DOUBLE)) AS INTEGER) AS duration_s, moment,
        CASE WHEN moment IS NULL OR NOT has_offset{{outside}} THEN "start" END AS "start",
        CASE WHEN kind IS NULL THEN "type" END AS "type"
    FROM (SELECT *, {_MOMENT} AS moment
        FROM (SELECT *, {_INSTANT} AS instant, {_HAS_OFFSET} AS has_offset, {_KIND} AS kind
            FROM (SELECT {{selection}} FROM {{source}})))"""
# Of a handset the digits before the check digit, of a SIM all.
_DIGITS_KEPT = MappingProxyType({"from_imei": 14, "from_imsi": 17, "to_imei": 14, "to_imsi": 17})


class _OddIdentityError(Exception):
    """A handset or a SIM is not digits alone: how such texts are put in order decides between two records of one event."""


class Reading:
    """One file on its way into `read` and `named`."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, authorisation: Authorisation | None, working: Path
    ) -> None:
        self.connection = connection
        self.layout = layout
        self.authorisation = authorisation
        self.working = working / "read"
        self.authorised = pa.array(sorted(authorisation.numbers) if authorisation else [], pa.string())

    def run(self, *, coded: bool) -> tuple[list[int], bool]:
        """Make `read` and `named`; gives the lines that are no rows, and whether identities stand as whole numbers.

        They do where that was asked for and every one of them is digits alone.
        """
        self.connection.execute("SET preserve_insertion_order = true")  # line numbers rest on it
        try:
            try:
                self._keep(self._batches(coded=coded))
            except _OddIdentityError:
                coded = False
                self._keep(self._batches(coded=False))
        except (duckdb.Error, pa.ArrowException) as error:
            reason = str(error).splitlines()[0]
            msg = f"{self.layout.path}: cannot be read as CSV ({reason}); save it again as UTF-8 CSV."
            raise FileUnreadable(msg) from error
        self.connection.execute("SET preserve_insertion_order = false")
        return self._misshapen(), coded

    def _batches(self, *, coded: bool) -> Iterator[tuple[pa.Table, pa.Table]]:
        """The file in pieces: its rows, and the numbers that they name."""
        source = (
            f"read_csv({literal(self.layout.path)}, header = true, auto_detect = false, null_padding = true,"
            f" delim = {literal(self.layout.separator)}, quote = '\"', escape = '\"', max_line_size = 1000000,"
            f" store_rejects = true, rejects_limit = 0, columns = {self.layout.struct})"
        )
        outside = ""
        if self.authorisation is not None:
            outside = f" OR {outside_of(self.authorisation)}"
        query = _READ.format(
            outside=outside,
            selection=self.layout.selection(bare=is_bare(self.layout.path)),
            source=source,
        )
        for table in ("reject_errors", "reject_scans"):  # of a file before this one
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        place = 0
        reader = self.connection.execute(query).to_arrow_reader(_ROWS_AT_A_TIME)
        for batch in reader:
            yield self._with_ids(pa.table(batch), place, coded=coded)
            place += batch.num_rows
        if not place:  # a header, or nothing that is a row behind it
            yield self._with_ids(reader.schema.empty_table(), place, coded=coded)

    def _with_ids(self, rows: pa.Table, place: int, *, coded: bool) -> tuple[pa.Table, pa.Table]:
        """Both parties' ids in place of their texts, which stay only where the row is refused for them."""
        ends = pa.concat_arrays([rows.column(end).combine_chunks() for end in ("from", "to")]).dictionary_encode()
        numbers = numbers_of(ends.dictionary)
        named = pa.table({"id": ids_of(numbers), "number": numbers})
        ids = named.column("id").take(ends.indices)
        authorised = pc.is_in(numbers, value_set=self.authorised).take(ends.indices)
        count = rows.num_rows
        parties = {"party_id": ids[:count], "other_id": ids[count:]}
        scope = {"party_authorised": authorised[:count], "other_authorised": authorised[count:]}
        good = pc.and_(pc.is_valid(parties["party_id"]), pc.is_valid(parties["other_id"]))
        if self.authorisation is not None:
            good = pc.and_(good, pc.fill_null(pc.or_kleene(*scope.values()), False))
        texts = {
            end: pa.nulls(count, pa.string()) if pc.all(good).as_py() else pc.if_else(good, None, rows.column(end))
            for end in ("from", "to")
        }
        rest = {name: rows.column(name) for name in rows.column_names if name not in {"from", "to"}}
        if coded:
            rest |= {name: _coded(rows.column(name), most) for name, most in _DIGITS_KEPT.items()}
        places = {"place": pa.array(np.arange(place, place + count))}
        return pa.table(places | parties | scope | texts | rest), named.drop_null()

    def _keep(self, pieces: Iterator[tuple[pa.Table, pa.Table]]) -> None:
        """Rows in memory while they are few, else in files."""
        shutil.rmtree(self.working, ignore_errors=True)
        rows, names, files, most = [], [], 0, _NAMES_IN_MEMORY
        for piece, named in pieces:
            rows.append(piece)
            names.append(named)
            if sum(each.num_rows for each in names) > most:
                names = [pa.concat_tables(names).group_by(["id", "number"]).aggregate([])]
                most = max(_NAMES_IN_MEMORY, 2 * names[0].num_rows)
            if sum(each.num_rows for each in rows) > _ROWS_IN_MEMORY:
                self._write(rows, files)
                rows, files = [], files + 1
        if files and rows:
            self._write(rows, files)
        if files:
            source = f"read_parquet({literal(self.working / '*.parquet')})"
        else:
            self.connection.register("read_in_memory", pa.concat_tables(rows))
            source = "read_in_memory"
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW read AS SELECT * FROM {source}")
        self.connection.register("named", pa.concat_tables(names))

    def _write(self, rows: list[pa.Table], place: int) -> None:
        self.working.mkdir(exist_ok=True)
        pq.write_table(pa.concat_tables(rows), self.working / f"{place:04}.parquet", compression="snappy")

    def _misshapen(self) -> list[int]:
        rejected = self.connection.execute(
            "SELECT DISTINCT line, error_type FROM reject_errors ORDER BY line"
        ).fetchall()
        for line, kind in rejected:
            if kind == "UNQUOTED VALUE":
                fault = "a quotation mark is opened and not closed, so no row after it can be trusted; close it."
                msg = f"{self.layout.path}: row {line}: {fault}"
                raise FileUnreadable(msg)
        lines = sorted({int(line) for line, _ in rejected})
        if len(lines) > _MOST_MISSHAPEN:
            which = f"{len(lines)} rows (the first is row {lines[0]})"
            msg = f"{self.layout.path}: {which} do not have the header's columns; export the file again as CSV."
            raise FileUnreadable(msg)
        return lines


def _coded(texts: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    found = [whole_numbers_of(chunk, most) for chunk in texts.chunks]
    if any(each is None for each in found):
        raise _OddIdentityError
    return pa.chunked_array(found, pa.int64())


def outside_of(authorisation: Authorisation) -> str:
    """Whether a moment is outside the authorised period."""
    first, last = _timestamp(authorisation.period_from), _timestamp(authorisation.period_to)
    return f"(moment < {first} OR moment >= {last})"


def _timestamp(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
