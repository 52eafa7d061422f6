"""The questions that bench/comms_lake.py asks of a lake: each opens what it needs, and then is timed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType

import duckdb

from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, executor, file_list, make_tables
from crossline.engines.comms.lake import lake
from crossline.engines.comms.lake.files import Table, all_files, bucket_files, bucket_of, passes
from crossline.engines.comms.lake.texts import COLUMNS, SEEN
from crossline.engines.comms.lake.views import show_buckets
from crossline.engines.comms.profiles.profiles import profiles
from crossline.engines.comms.succession.successions import successions

Ask = Callable[[], str]
_LARGER = Limits(threads=2, memory_mb=3400)


def _rows(folder: Path, table: Table = Table.EVENTS) -> str:
    return f"read_parquet({file_list(all_files(folder / 'lake', table))})"


def _one(
    query: Callable[[Path], str], told: Callable[[list[tuple[object, ...]]], str], *, statistics: bool = True
) -> Callable[[Path], AbstractContextManager[Ask]]:
    """A question that is one statement."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Ask]:
        with executor(STANDARD_LIMITS) as connection:
            if not statistics:
                connection.execute("SET disabled_optimizers = 'statistics_propagation'")
            text = query(folder)
            yield lambda: told(connection.execute(text).fetchall())

    return opened


def _scan(folder: Path) -> str:
    largest = ", ".join(f"max({column})" for column in COLUMNS.split(", "))
    return f"SELECT count(*), {largest} FROM {_rows(folder)}"


_COUNTED = f"""SELECT subject, count(*) AS n, sum(seconds) AS seconds, min(moment) AS first, max(moment) AS last,
    CAST(sum(outward) AS BIGINT) AS went, count(*) FILTER (kind >= 1) AS texts,
    count(*) FILTER (moment % 86400 >= 82800 OR moment % 86400 < 21600) AS at_night
    FROM {{rows}} WHERE {SEEN} GROUP BY subject"""


# Every column has to be asked for at the end, or the planner leaves out what made it.
def _plain(folder: Path) -> str:
    return f"""SELECT count(*), CAST(sum(n) AS BIGINT), sum(seconds), sum(first), sum(last), sum(went), sum(texts), sum(at_night)
        FROM ({_COUNTED.format(rows=_rows(folder))})"""


def _kept(folder: Path) -> str:
    usage, pairs = _rows(folder, Table.USAGE), _rows(folder, Table.PAIRS)
    return f"""SELECT count(*), CAST(sum(n) AS BIGINT), CAST(sum(contacts) AS BIGINT), sum(first), sum(last), sum(texts),
            sum(at_night), sum(calls_short), sum(days), sum(went), sum(came) FROM (
        SELECT subject, sum(n) AS n, min(first_moment) AS first, max(last_moment) AS last, sum(texts_out + texts_in) AS texts,
            sum(at_night) AS at_night, sum(calls_short) AS calls_short, count(DISTINCT day) AS days FROM {usage} GROUP BY subject)
        JOIN (SELECT subject, sum(new) AS contacts, sum(went) AS went, sum(came) AS came FROM {pairs} GROUP BY subject)
        USING (subject)"""


def _numbers(row: list[tuple[object, ...]]) -> str:
    return ", ".join(f"{value:,}" for value in row[0][:3] if isinstance(value, int))


def _by_bucket(text: str) -> Callable[[Path], AbstractContextManager[Ask]]:
    """A question of each subject by itself, asked of one bucket after another; `{rows}` is the bucket's `event`."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Ask]:
        with executor(STANDARD_LIMITS) as connection:

            def ask() -> str:
                totals: list[int] = []
                for buckets in list(passes(connection, folder / "lake")):
                    if show_buckets(connection, folder / "lake", buckets):
                        found = [int(value or 0) for value in connection.execute(text).fetchall()[0]]
                        totals = [sum(both) for both in zip(totals or [0] * len(found), found, strict=True)]
                return ", ".join(f"{total:,}" for total in totals[:3])

            yield ask

    return opened


_WITH_CONTACTS = """SELECT count(*), sum(n), sum(contacts), sum(texts), sum(at_night), sum(seconds), sum(first), sum(last) FROM (
    SELECT subject, sum(n) AS n, count(*) AS contacts, sum(texts) AS texts, sum(at_night) AS at_night, sum(seconds) AS seconds,
        min(first) AS first, max(last) AS last
    FROM (SELECT subject, other, count(*) AS n, min(moment) AS first, max(moment) AS last, sum(seconds) AS seconds,
        sum(is_text) AS texts, count(*) FILTER (moment % 86400 >= 82800 OR moment % 86400 < 21600) AS at_night
        FROM event GROUP BY subject, other) GROUP BY subject)"""

# Twenty texts to twenty people within ten minutes. Whoever sends them sends ten on one day, because ten minutes touch two days
# at most; a number that was held in one way only has one row of use a day, so that its largest row says whether it did.
_POSSIBLE = """
    SELECT subject FROM usage WHERE texts_out > 0 GROUP BY subject
    HAVING max(texts_out) >= 10 OR (sum(texts_out) >= 20
        AND (min(authorisation) <> max(authorisation)
        OR min(handset) <> max(handset) OR count(handset) BETWEEN 1 AND count(*) - 1))"""
_TEXT_SENT = """
    SELECT event.subject, event.other, event.moment FROM event JOIN possible ON possible.subject = event.subject
    WHERE event.outward = 1 AND event.is_text = 1"""
# Texts are counted first, for there are as many people as texts where nobody is texted twice within the ten minutes.
_TEXT_WINDOW = """
    SELECT subject, count(*) OVER (PARTITION BY subject ORDER BY moment RANGE BETWEEN 600 PRECEDING AND CURRENT ROW) AS texts
    FROM text_sent"""
_ENOUGH = "SELECT subject, count(*) AS moments FROM text_window WHERE texts >= 20 GROUP BY subject"
_REPEATED = """
    SELECT DISTINCT subject FROM (
        SELECT text_sent.subject, text_sent.moment - lag(text_sent.moment)
            OVER (PARTITION BY text_sent.subject, text_sent.other ORDER BY text_sent.moment) AS gap
        FROM text_sent JOIN enough ON enough.subject = text_sent.subject) AS pairs
    WHERE gap <= 600"""
_BURST = """
    WITH reached AS (
        SELECT text_sent.subject, count(DISTINCT text_sent.other) OVER (PARTITION BY text_sent.subject ORDER BY text_sent.moment
            RANGE BETWEEN 600 PRECEDING AND CURRENT ROW) AS recipients
        FROM text_sent JOIN repeated ON repeated.subject = text_sent.subject)
    SELECT subject, count(*) AS moments FROM reached WHERE recipients >= 20 GROUP BY subject
    UNION ALL
    SELECT enough.subject, enough.moments FROM enough LEFT JOIN repeated ON repeated.subject = enough.subject
    WHERE repeated.subject IS NULL"""
BURSTS = MappingProxyType(
    {
        "possible": _POSSIBLE,
        "text_sent": _TEXT_SENT,
        "text_window": _TEXT_WINDOW,
        "enough": _ENOUGH,
        "repeated": _REPEATED,
        "burst": _BURST,
    }
)
"""Each a table, in the order they are made, from `event` and `usage`: at last the moments of each number that end a burst."""

# The same by one statement over every text, which has to find the same numbers and moments.
_BURSTS_PLAINLY = """
    WITH reached AS (
        SELECT subject, count(DISTINCT other) OVER (PARTITION BY subject ORDER BY moment
            RANGE BETWEEN 600 PRECEDING AND CURRENT ROW) AS recipients
        FROM event WHERE outward = 1 AND is_text = 1)
    SELECT subject, count(*) AS moments FROM reached WHERE recipients >= 20 GROUP BY subject"""
_BURSTS_COUNTED = f"SELECT count(*), coalesce(sum(moments), 0) FROM ({_BURSTS_PLAINLY})"


@contextmanager
def _bursts(folder: Path) -> Iterator[Ask]:
    with executor(STANDARD_LIMITS) as connection:

        def ask() -> str:
            numbers = moments = 0
            for buckets in list(passes(connection, folder / "lake")):
                if show_buckets(connection, folder / "lake", buckets):
                    make_tables(connection, BURSTS, {})
                    found = connection.execute("SELECT count(*), coalesce(sum(moments), 0) FROM burst").fetchall()[0]
                    numbers, moments = numbers + int(found[0]), moments + int(found[1])
            return f"{numbers:,}, {moments:,}"

        yield ask


@contextmanager
def _whole_profiles(folder: Path) -> Iterator[Ask]:
    def ask() -> str:
        table = profiles([folder / "lake"])
        return f"{table.num_rows:,} numbers, {sum(table['looks_like_deal_line'].to_pylist()):,} look like a deal line"

    yield ask


@contextmanager
def _successions(folder: Path) -> Iterator[Ask]:
    yield lambda: f"{successions([folder / 'lake'], limits=_LARGER).num_rows:,} put forward"


def _lines(connection: duckdb.DuckDBPyConnection, folder: Path, most: int) -> list[int]:
    """Numbers that text most: lines, of which a hundred are asked about."""
    found = connection.execute(
        f"SELECT subject FROM {_rows(folder, Table.USAGE)} GROUP BY subject ORDER BY max(texts_out) DESC, subject LIMIT {most}"
    )
    return [int(subject) for (subject,) in found.fetchall()]


@contextmanager
def _beside(folder: Path) -> Iterator[Ask]:
    with executor(STANDARD_LIMITS) as connection:
        asked = ", ".join(map(str, _lines(connection, folder, 100)))
        rows = _rows(folder)

        def ask() -> str:
            connection.execute(
                f"""CREATE TEMP TABLE line_seen AS SELECT DISTINCT subject AS line, moment // 900 AS slot, cell
                FROM {rows} WHERE subject IN ({asked}) AND cell IS NOT NULL AND {SEEN}"""
            )
            found = connection.execute(
                f"""WITH near AS (
                    SELECT line_seen.line, held.subject, count(DISTINCT line_seen.slot) AS hits
                    FROM {rows} AS held JOIN line_seen ON line_seen.cell = held.cell AND line_seen.slot = held.moment // 900
                    WHERE held.subject <> line_seen.line AND {SEEN} GROUP BY line_seen.line, held.subject),
                placed AS (SELECT *, row_number() OVER (PARTITION BY line ORDER BY hits DESC, subject) AS place FROM near)
                SELECT count(DISTINCT line), count(*) FROM placed WHERE place <= 5"""
            ).fetchall()
            return f"{found[0][0]} lines, {found[0][1]} phones beside them"

        yield ask


@contextmanager
def _history(folder: Path) -> Iterator[Ask]:
    with executor(STANDARD_LIMITS) as connection:
        (number,) = _lines(connection, folder, 1)

        def ask() -> str:
            whole, parted = bucket_files(folder / "lake", Table.EVENTS, range(bucket_of(number), bucket_of(number) + 1))
            found = connection.execute(
                f"SELECT * FROM read_parquet({file_list([*whole, *parted])}) WHERE subject = {number} ORDER BY moment"
            ).fetchall()
            return f"{len(found):,} rows"

        yield ask


@contextmanager
def _day(folder: Path) -> Iterator[Ask]:
    """A day arrives as an operator's file; the lake is put back to what it was afterwards."""
    from comms_lake_world import DAYS, Size, World, authorisation_of, write_csv

    size, source = Size(int((folder / "size.txt").read_text(encoding="utf-8"))), folder / "day.csv"
    if not source.exists():
        with executor(STANDARD_LIMITS) as connection:
            write_csv(connection, World(size, folder / "people.parquet"), folder / "people.parquet", source, DAYS)
    scope = authorisation_of(size)
    root = folder / "lake"

    def ask() -> str:
        added = lake.add(root, source, scope)
        return f"{added.rows:,} rows"

    yield ask
    before = _digests(root)
    if lake.add(root, source, scope).known is False or _digests(root) != before:
        raise SystemExit("a day that came twice changed the lake")


def _digests(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
    }


QUESTIONS = MappingProxyType(
    {
        "scan": ("bare scan of 13 columns", _one(_scan, lambda rows: f"{rows[0][0]:,} rows", statistics=False)),
        "profile": ("profile of every number, from the rows", _one(_plain, _numbers)),
        "contacts": ("profile with exact distinct counterparties, from the rows", _by_bucket(_WITH_CONTACTS)),
        "kept": ("the same from what the lake keeps", _one(_kept, _numbers)),
        "bursts": ("bursts of 20 texts in 10 minutes, exact", _bursts),
        "bursts-plainly": ("the same by one statement over every text", _by_bucket(_BURSTS_COUNTED)),
        "beside": ("places of 100 lines against everybody", _beside),
        "history": ("one number's history", _history),
        "profiles": ("`comms profiles`: everything on every number", _whole_profiles),
        "successions": ("`comms successions` from scratch", _successions),
        "day": ("a day's file into the lake and all it keeps", _day),
    }
)
