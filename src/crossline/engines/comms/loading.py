"""One file of call records on its way into a dataset: read, checked, bucketed by subject, sorted part by part.

This is the one place that leans on what only DuckDB does (its CSV and Parquet readers and writers).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import literal
from crossline.engines.comms.headers import Layout
from crossline.engines.comms.load_report import REFUSALS_LISTED, LoadReport, Refusal, RefusedRow
from crossline.engines.comms.reading import Reading, outside_of

ROWS_IN_A_PART = 3_000_000
_CHECKED = "SELECT *, {line} AS line, {refusal} AS refusal FROM read"
_OUTWARD = """{party} AS subject, moment AS start, {other} AS other, true AS outward, {kind} AS type, duration_s,
    from_imei AS imei, from_imsi AS imsi, from_cell AS cell, to_imei AS other_imei, to_imsi AS other_imsi,
    to_cell AS other_cell, line,
    true AS counted, {both} AS both_held"""
_INWARD = """{other} AS subject, moment AS start, {party} AS other, false AS outward, {kind} AS type, duration_s,
    to_imei AS imei, to_imsi AS imsi, to_cell AS cell, from_imei AS other_imei, from_imsi AS other_imsi,
    from_cell AS other_cell, line,
    {counted} AS counted, {both} AS both_held"""
_COLUMNS = (
    "subject, start, other, outward, type, duration_s, imei, imsi, cell, other_imei, other_imsi, other_cell, line"
)
_AS_TEXT = "['voice', 'sms', 'mms', 'data'][kind + 1]"
_SAME_PARTIES = "subject, other, outward, type"
# An event recorded twice is one event. Operators' clocks differ, so where the records of both ends are held
# rows up to two seconds apart are the same event, which then knows what either row knew; elsewhere only the same second is.
_ONCE = f"""
    (SELECT subject, min(start) AS start, other, outward, type, max(duration_s) AS duration_s,
        {{imei}} AS imei, {{imsi}} AS imsi, max(cell) AS cell, {{other_imei}} AS other_imei, {{other_imsi}} AS other_imsi,
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
        self.coded = False

    def check(self, *, coded: bool = False) -> list[int]:
        """The file as the view `checked`, a row a line with why it is refused; gives the lines that are no rows.

        `coded`: with handsets and SIMs as whole numbers, where all of them are digits; then `self.coded` is true.
        """
        reading = Reading(self.connection, self.layout, self.authorisation, self.working)
        misshapen, self.coded = reading.run(coded=coded)
        self._check_rows(misshapen)
        return misshapen

    def run(self) -> LoadReport:
        """The file written as a dataset; what became of its rows."""
        misshapen = self.check()
        self._bucket(by_name=True)
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

    def _check_rows(self, misshapen: list[int]) -> None:
        line = "place + 2"
        if misshapen:  # a line set aside is no row, so the rows behind it have moved up
            moved = [line_number - place for place, line_number in enumerate(misshapen)]
            line += f" + len(list_filter({moved}, lambda gap: gap <= place + 2))"
        checked = _CHECKED.format(line=line, refusal=self._refusal())
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW checked AS {checked}")

    def _refusal(self) -> str:
        """The first reason that holds for a row, as one CASE; NULL where the row is good."""
        tests = {
            Refusal.START: "moment IS NULL",
            Refusal.TYPE: "kind IS NULL",
            Refusal.PARTY: "party_id IS NULL OR other_id IS NULL",
        }
        if self.authorisation is not None:
            tests[Refusal.OFFSET] = "NOT has_offset"
            tests[Refusal.NUMBERS] = "NOT (party_authorised OR other_authorised)"
            tests[Refusal.PERIOD] = outside_of(self.authorisation)
        return "CASE " + " ".join(f"WHEN {test} THEN '{reason.name}'" for reason, test in tests.items()) + " END"

    def coded_parts(self) -> Iterator[tuple[str, int]]:
        """The good rows with ids in place of numbers, part by part: a query, and how many rows of the file it keeps."""
        self._bucket(by_name=False)
        yield from self._parts()

    def _bucket(self, *, by_name: bool) -> None:
        """Good rows, once for each end that is a subject, in buckets that fit in memory."""
        party, other, kind, rows = "party_id", "other_id", "kind", "checked"
        if by_name:
            self.connection.execute("CREATE OR REPLACE TEMP TABLE numbers AS SELECT DISTINCT id, number FROM named")
            party, other, kind = "f.number", "t.number", _AS_TEXT
            rows = "checked JOIN numbers AS f ON f.id = party_id JOIN numbers AS t ON t.id = other_id"
        ours, theirs = "party_authorised", "other_authorised"
        counted, both = "NOT party_authorised", "party_authorised AND other_authorised"
        if self.authorisation is None:
            ours, theirs, counted, both = "true", "other_id <> party_id", "false", "false"
        outward = _OUTWARD.format(party=party, other=other, kind=kind, both=both)
        inward = _INWARD.format(party=party, other=other, kind=kind, both=both, counted=counted)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW events AS SELECT {outward} FROM {rows} WHERE refusal IS NULL AND {ours}"
            f" UNION ALL SELECT {inward} FROM {rows} WHERE refusal IS NULL AND {theirs}"
        )
        buckets = max(1, -(-self.rows() * (1 if self.authorisation else 2) // ROWS_IN_A_PART))
        if buckets == 1 and not by_name:  # cheap to make again
            self.connection.execute("CREATE OR REPLACE TEMP VIEW bucket AS SELECT * FROM events")
            return
        self.connection.execute(
            f"COPY (SELECT *, CAST(hash(subject) % {buckets} AS INTEGER) AS bucket FROM events)"
            f" TO {literal(self.working / 'buckets')} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (bucket))"
        )

    def rows(self) -> int:
        """How many lines of the file are rows."""
        return self._number("SELECT count(*) FROM checked")

    def good(self) -> tuple[int, int]:
        """How many rows are good, and how many of those have a time without an offset."""
        (found,) = self.connection.execute(
            "SELECT count(*), count(*) FILTER (NOT has_offset) FROM checked WHERE refusal IS NULL"
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
        folders = sorted((self.working / "buckets").glob("bucket=*"), key=lambda folder: int(folder.name[7:]))
        for folder in folders:
            self.connection.execute(
                "CREATE OR REPLACE TEMP VIEW bucket AS"
                f" SELECT * FROM read_parquet({literal(folder / '*.parquet')}, hive_partitioning = false)"
            )
            yield self._part()
            shutil.rmtree(folder)
        if not (self.working / "buckets").exists():
            yield self._part()

    def _part(self) -> tuple[str, int]:
        repeats, counted = self.connection.execute(
            f"SELECT count(*) - count(DISTINCT hash({_SAME_PARTIES}, start)) + count(*) FILTER (both_held),"
            " count(*) FILTER (counted) FROM bucket"
        ).fetchall()[0]
        if not repeats:
            return "bucket", int(counted)
        # A whole number has the order of its digits as text, so that the same row is chosen in either form.
        most = "CAST(max(CAST({0} AS VARCHAR)) AS BIGINT)" if self.coded else "max({0})"
        source = _ONCE.format(**{name: most.format(name) for name in ("imei", "imsi", "other_imei", "other_imsi")})
        return source, self._number(f"SELECT count(*) FROM {source} WHERE counted")

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
