"""One file of call records on its way into a dataset: raw text, checked, bucketed by subject, sorted part by part.

This is the one place that leans on what only DuckDB does (its CSV and Parquet readers and writers).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import literal
from crossline.engines.comms.headers import Layout
from crossline.engines.comms.load_report import REFUSALS_LISTED, LoadReport, Refusal, RefusedRow
from crossline.engines.comms.numbers import id_of, number_of
from crossline.errors import FileUnreadable

ROWS_IN_A_PART = 3_000_000
_NUMBERS_AT_A_TIME = 200_000
_MOST_MISSHAPEN = 1_000

_CHECKED = """
    SELECT raw.*, f.number AS party, f.id AS party_id, f.authorised AS party_authorised,
        t.number AS other_party, t.id AS other_id, t.authorised AS other_authorised, {refusal} AS refusal
    FROM raw LEFT JOIN numbers AS f ON f.text = raw."from" LEFT JOIN numbers AS t ON t.text = raw."to"
"""
# A time without seconds is good ISO 8601 that DuckDB's cast does not take.
_RAW = """
    SELECT *, {line} AS line, lower("type") AS kind,
        CAST(coalesce(try_cast("start" AS TIMESTAMPTZ),
            try_cast(regexp_replace("start", '([T ][0-9]{{2}}:[0-9]{{2}})([Zz+-])', '\\1:00\\2') AS TIMESTAMPTZ)
        ) AS TIMESTAMP) AS moment
    FROM read_parquet({path}, file_row_number = true)
"""
_HAS_OFFSET = "regexp_matches(\"start\", ':[0-9]{2}([.][0-9]+)?[ ]*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$')"
_DURATION = "CAST(round(try_cast(duration_s AS DOUBLE)) AS INTEGER) AS duration_s"
_OUTWARD = """{party} AS subject, moment AS start, {other} AS other, true AS outward, kind AS type, {duration},
    from_imei AS imei, from_imsi AS imsi, from_cell AS cell, to_imei AS other_imei, to_imsi AS other_imsi,
    to_cell AS other_cell, line,
    true AS counted, {both} AS both_held"""
_INWARD = """{other} AS subject, moment AS start, {party} AS other, false AS outward, kind AS type, {duration},
    to_imei AS imei, to_imsi AS imsi, to_cell AS cell, from_imei AS other_imei, from_imsi AS other_imsi,
    from_cell AS other_cell, line,
    {counted} AS counted, {both} AS both_held"""
_COLUMNS = (
    "subject, start, other, outward, type, duration_s, imei, imsi, cell, other_imei, other_imsi, other_cell, line"
)
_BY_NAME = ("party", "other_party")
_BY_ID = ("party_id", "other_id")
_SAME_PARTIES = "subject, other, outward, type"
# An event recorded twice is one event. Operators' clocks differ, so where the records of both ends are held
# rows up to two seconds apart are the same event, which then knows what either row knew; elsewhere only the same second is.
_ONCE = f"""
    (SELECT subject, min(start) AS start, other, outward, type, max(duration_s) AS duration_s, max(imei) AS imei,
        max(imsi) AS imsi, max(cell) AS cell, max(other_imei) AS other_imei, max(other_imsi) AS other_imsi,
        max(other_cell) AS other_cell, min(line) AS line, bool_or(counted) AS counted
    FROM (
        SELECT *, sum(CASE WHEN start - previous <= INTERVAL 2 SECOND THEN 0 ELSE 1 END)
            OVER (PARTITION BY {_SAME_PARTIES} ORDER BY start, line) AS spell
        FROM (
            SELECT *, lag(start) OVER (PARTITION BY {_SAME_PARTIES} ORDER BY start, line) AS previous
            FROM bucket WHERE both_held))
    GROUP BY {_SAME_PARTIES}, spell
    UNION ALL
    SELECT {_COLUMNS}, counted FROM (
        SELECT *, row_number() OVER (PARTITION BY {_SAME_PARTIES}, start ORDER BY line) AS place
        FROM bucket WHERE NOT both_held)
    WHERE place = 1)"""


class Load:
    """Reads one file into `working`/dataset."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, authorisation: Authorisation | None, working: Path
    ) -> None:
        self.connection = connection
        self.layout = layout
        self.authorisation = authorisation
        self.working = working
        self.dataset = working / "dataset"
        self.raw = literal(working / "raw.parquet")

    def check(self) -> list[int]:
        """The file as the view `checked`, a row a line with why it is refused; gives the lines that are no rows."""
        misshapen = self._read_raw()
        self._read_numbers()
        self._check_rows(misshapen)
        return misshapen

    def run(self) -> LoadReport:
        """The file written as a dataset; what became of its rows."""
        misshapen = self.check()
        self._bucket(_BY_NAME)
        accepted = self._sort_parts()
        kept = f"read_parquet({literal(self.dataset / 'part-*.parquet')})"
        query = f"SELECT min(start), max(start), count(DISTINCT subject) FROM {kept}"
        first, last, subjects = self.connection.execute(query).fetchall()[0]
        period = (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) if accepted else None
        return self.report(misshapen, accepted, period, int(subjects))

    def report(
        self, misshapen: list[int], accepted: int, period: tuple[datetime, datetime] | None, numbers: int
    ) -> LoadReport:
        """What became of the file's rows, of which `accepted` were kept."""
        rows = self.rows()
        kept, bare = self.good()
        refused = self._refused(misshapen) if kept < rows or misshapen else {}
        return LoadReport(
            rows=rows + len(misshapen),
            accepted=accepted,
            refused=refused,
            refused_rows=self.refused_rows(misshapen) if refused else (),
            duplicates=kept - accepted,
            period=period,
            numbers=numbers,
            unknown_columns=self.layout.unknown,
            notes=(f"{bare} times had no offset and were read as UTC.",) if bare else (),
        )

    def _read_raw(self) -> list[int]:
        """The file as text columns; gives the lines that cannot be split into columns."""
        source = (
            f"read_csv({literal(self.layout.path)}, header = true, auto_detect = false, null_padding = true,"
            f" delim = {literal(self.layout.separator)}, quote = '\"', escape = '\"', max_line_size = 1000000,"
            f" store_rejects = true, rejects_limit = 0, columns = {self.layout.struct})"
        )
        try:
            self.connection.execute("SET preserve_insertion_order = true")  # line numbers rest on it
            self.connection.execute(
                f"COPY (SELECT {self.layout.selection} FROM {source}) TO {self.raw} (FORMAT parquet, COMPRESSION snappy)"
            )
            self.connection.execute("SET preserve_insertion_order = false")
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            msg = f"{self.layout.path}: cannot be read as CSV ({reason}); save it again as UTF-8 CSV."
            raise FileUnreadable(msg) from error
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

    def _read_numbers(self) -> None:
        """Each distinct text in from or to, normalised once."""
        cursor = self.connection.execute(
            f'SELECT DISTINCT text FROM (SELECT "from" AS text FROM {self.raw} UNION ALL SELECT "to" FROM {self.raw})'
            " WHERE text IS NOT NULL"
        )
        texts: list[str] = []
        numbers: list[str | None] = []
        while batch := cursor.fetchmany(_NUMBERS_AT_A_TIME):
            texts.extend(text for (text,) in batch)
            numbers.extend(number_of(text) for (text,) in batch)
        ids = [None if number is None else id_of(number) for number in numbers]
        table = pa.table(
            {
                "text": pa.array(texts, pa.string()),
                "number": pa.array(numbers, pa.string()),
                "id": pa.array(ids, pa.int64()),
            }
        )
        authorised = sorted(self.authorisation.numbers) if self.authorisation else []
        self.connection.register("number_texts", table)
        self.connection.register("authorised", pa.table({"number": pa.array(authorised, pa.string())}))
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE numbers AS"
            " SELECT text, number, id, number IN (SELECT number FROM authorised) AS authorised"
            " FROM number_texts WHERE number IS NOT NULL"
        )

    def _check_rows(self, misshapen: list[int]) -> None:
        line = "file_row_number + 2"
        if misshapen:  # a line set aside is not in the raw file, so the rows behind it have moved up
            moved = [line_number - place for place, line_number in enumerate(misshapen)]
            line += f" + len(list_filter({moved}, lambda gap: gap <= file_row_number + 2))"
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW raw AS {_RAW.format(line=line, path=self.raw)}")
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW checked AS {_CHECKED.format(refusal=self._refusal())}")

    def _refusal(self) -> str:
        """The first reason that holds for a row, as one CASE; NULL where the row is good."""
        tests = {
            Refusal.START: "moment IS NULL",
            Refusal.TYPE: "kind IS NULL OR kind NOT IN ('voice', 'sms', 'mms', 'data')",
            Refusal.PARTY: "party IS NULL OR other_party IS NULL",
        }
        if self.authorisation is not None:
            first, last = _timestamp(self.authorisation.period_from), _timestamp(self.authorisation.period_to)
            tests[Refusal.OFFSET] = f"NOT {_HAS_OFFSET}"
            tests[Refusal.NUMBERS] = "NOT (party_authorised OR other_authorised)"
            tests[Refusal.PERIOD] = f"moment < {first} OR moment >= {last}"
        return "CASE " + " ".join(f"WHEN {test} THEN '{reason.name}'" for reason, test in tests.items()) + " END"

    def coded_parts(self) -> Iterator[tuple[str, int]]:
        """The good rows with ids in place of numbers, part by part: a query, and how many rows of the file it keeps."""
        self._bucket(_BY_ID)
        yield from self._parts()

    def _bucket(self, ends: tuple[str, str]) -> None:
        """Good rows, once for each end that is a subject, in buckets that fit in memory."""
        party, other = ends
        ours, theirs = "party_authorised", "other_authorised"
        counted, both = "NOT party_authorised", "party_authorised AND other_authorised"
        if self.authorisation is None:
            ours, theirs, counted, both = "true", "other_party <> party", "false", "false"
        outward = _OUTWARD.format(party=party, other=other, duration=_DURATION, both=both)
        inward = _INWARD.format(party=party, other=other, duration=_DURATION, both=both, counted=counted)
        buckets = max(1, -(-self.rows() * (1 if self.authorisation else 2) // ROWS_IN_A_PART))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW events AS SELECT {outward} FROM checked WHERE refusal IS NULL AND {ours}"
            f" UNION ALL SELECT {inward} FROM checked WHERE refusal IS NULL AND {theirs}"
        )
        self.connection.execute(
            f"COPY (SELECT *, CAST(hash(subject) % {buckets} AS INTEGER) AS bucket FROM events)"
            f" TO {literal(self.working / 'buckets')} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (bucket))"
        )

    def rows(self) -> int:
        """How many lines of the file are rows."""
        return self._number("SELECT count(*) FROM raw")

    def good(self) -> tuple[int, int]:
        """How many rows are good, and how many of those have a time without an offset."""
        (found,) = self.connection.execute(
            f"SELECT count(*), count(*) FILTER (NOT {_HAS_OFFSET}) FROM checked WHERE refusal IS NULL"
        ).fetchall()
        return int(found[0]), int(found[1])

    def _sort_parts(self) -> int:
        """Each bucket sorted into its part, an event recorded twice kept once; gives how many source rows are kept."""
        self.dataset.mkdir()
        kept = 0
        for place, (source, counted) in enumerate(self._parts()):
            kept += counted
            self.connection.execute(
                f"COPY (SELECT {_COLUMNS} FROM {source} ORDER BY subject, start, line)"
                f" TO {literal(self.dataset / f'part-{place:04}.parquet')}"
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
        if not any(self.dataset.iterdir()):  # no row is good: a dataset with its columns and nothing in it
            empty = "SELECT * EXCLUDE (counted, both_held) FROM events LIMIT 0"
            self.connection.execute(f"COPY ({empty}) TO {literal(self.dataset / 'part-0000.parquet')} (FORMAT parquet)")
        return kept

    def _parts(self) -> Iterator[tuple[str, int]]:
        """Each bucket in turn, an event recorded twice once: what to select from, and how many source rows it keeps."""
        for folder in sorted((self.working / "buckets").glob("bucket=*"), key=lambda folder: int(folder.name[7:])):
            self.connection.execute(
                "CREATE OR REPLACE TEMP VIEW bucket AS"
                f" SELECT * FROM read_parquet({literal(folder / '*.parquet')}, hive_partitioning = false)"
            )
            repeats = self._number(
                f"SELECT count(*) - count(DISTINCT hash({_SAME_PARTIES}, start)) + count(*) FILTER (both_held) FROM bucket"
            )
            source = _ONCE if repeats else "bucket"
            yield source, self._number(f"SELECT count(*) FROM {source} WHERE counted")
            shutil.rmtree(folder)

    def _refused(self, misshapen: list[int]) -> Mapping[Refusal, int]:
        found = self.connection.execute(
            "SELECT refusal, count(*) FROM checked WHERE refusal IS NOT NULL GROUP BY refusal"
        ).fetchall()
        counts = {Refusal[name]: int(count) for name, count in found}
        if misshapen:
            counts[Refusal.SHAPE] = len(misshapen)
        return {reason: counts[reason] for reason in Refusal if reason in counts}

    def refused_rows(self, misshapen: list[int]) -> tuple[RefusedRow, ...]:
        """The first hundred refused rows, in order of line."""
        found = self.connection.execute(
            "SELECT line, refusal, CASE refusal WHEN 'TYPE' THEN \"type\""
            " WHEN 'PARTY' THEN concat_ws(', ', \"from\", \"to\") WHEN 'NUMBERS' THEN concat_ws(', ', \"from\", \"to\")"
            ' ELSE "start" END FROM checked WHERE refusal IS NOT NULL'
            f" ORDER BY line LIMIT {REFUSALS_LISTED}"
        ).fetchall()
        rows = [RefusedRow(int(line), Refusal[name], value or "") for line, name, value in found]
        rows += [RefusedRow(line, Refusal.SHAPE, "") for line in misshapen[:REFUSALS_LISTED]]
        return tuple(sorted(rows, key=lambda row: row.line)[:REFUSALS_LISTED])

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])


def _timestamp(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
