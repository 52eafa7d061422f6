"""Which number took over from which, from call records alone: tables in, a table out, nothing merged and nothing decided.

Each row is a lead with its reasons. A number without a successor has no row. Minimum numbers of events and contacts are
asked before anything is scored, and two numbers are never one: a person confirms a succession, not this engine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from crossline.engines.comms.events import Progress, only_subjects, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, fill, make_tables, rendered
from crossline.engines.comms.lake.views import show_use
from crossline.engines.comms.succession.reasons import reasons_of
from crossline.engines.comms.succession.score import STANDARD_WEIGHTS, Row, Scored, gap_days, one_to_one, score_pairs
from crossline.engines.comms.succession.texts import BROADCASTERS, COMPARING
from crossline.engines.comms.succession.turning_texts import KEPT_TURNING, TURNING

VERSION = STANDARD_WEIGHTS.version


@dataclass(frozen=True)
class Settings:
    """The thresholds, as data; all this platform's own [D], swept on synthetic worlds (communications notes §6, §7)."""

    least_events: int = 3  # of a number, before it is looked at
    least_shared: int = 2  # contacts, with a number that has just surged, of one that may be about to be given up
    least_contacts: int = 6  # of a candidate: customers have a few lines, lines have many customers
    few_contacts: int = 2  # are enough where nobody else has them, as with people's friends
    least_exclusive: float = (
        1.0  # 1 for a contact in common that no third number has, 1/2 for one that one more has, and so on
    )
    least_silence: int = 2  # days the records must reach beyond a fall
    least_expected: float = 3.0  # hours of use before a surge, had the number been used as after it
    fall_ratio: float = 0.25  # what is left of its rate when a number fell
    surge_ratio: float = 3.0  # times its earlier rate when a number surged
    sharp_share: float = 0.5  # a turn this sharp, to the sharpest, is one: the first surge or the last fall is taken
    day_share: float = 0.2  # of its rate, which a day must have to be its first or last
    old_days: int = 28
    new_days: int = 14
    trail_days: int = 14  # contacts just after a fall are the old number's, just before a surge the new one's
    overlap_days: int = 5
    gap_days: int = 30
    most_touching: int = 50  # numbers a contact may touch and still say anything
    most_rivals: int = 10
    burst_recipients: int = 20
    least_score: float = 0.4


LINES = Settings()
"""For records in which numbers broadcast."""

ANYBODY = Settings(
    least_events=1, least_contacts=1, few_contacts=1, least_shared=1, least_expected=0.1, least_score=0.1
)
"""For records without any broadcast, such as a few people's own phones: whatever there is, and a low score says how little."""

ROUNDS = 2
_PARTS = (64, 1)  # where many lines are held, a few of the numbers show a broadcast and the others need not be read
_LAST_ID = (1 << 63) - 1  # ids are spread evenly, and rows that are sorted by them are read up to one
_SURE = 0.8  # accepted between rounds, so that contacts that changed number count as one

SCHEMA = pa.schema(
    [
        ("old_number", pa.string()),
        ("new_number", pa.string()),
        ("date", pa.date32()),
        ("score", pa.float64()),
        ("shared_contacts", pa.int64()),
        ("old_contacts", pa.int64()),
        ("new_contacts", pa.int64()),
        ("kept_share", pa.float64()),  # of the old number's contacts, weighed by rarity
        ("known_share", pa.float64()),  # of the new number's contacts, weighed by rarity
        ("gap_days", pa.float64()),
        ("fall_ratio", pa.float64()),
        ("same_handset", pa.bool_()),  # null when either handset is not known
        ("rival_score", pa.float64()),
        ("reasons", pa.list_(pa.string())),
        ("method", pa.string()),
    ]
)


def successions(
    paths: Sequence[Path],
    subjects: Collection[str] | None = None,
    *,
    settings: Settings | None = None,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> pa.Table:
    """Number changes among the records of these paths (dataset folders, Parquet, records.csv), most likely first.

    `subjects`: only these numbers may be old or new. `settings`: chosen by whether any number broadcasts, unless given.
    """
    with open_events(paths, coded=True, limits=limits, progress=progress) as events:
        connection = events.connection
        if subjects is not None:
            only_subjects(connection, subjects)
        chosen = settings or settings_for(connection, chosen_subjects=subjects is not None)
        kept = events.lake if subjects is None else None  # what a lake keeps is of all its numbers
        found = one_to_one(compare(connection, chosen, lake=kept), least_score=chosen.least_score)
        return _table(found, names_of(connection, found))


def settings_for(connection: duckdb.DuckDBPyConnection, *, chosen_subjects: bool = False) -> Settings:
    """LINES where a number of `event` broadcasts, else ANYBODY. Of numbers asked for by name fewer contacts are asked."""
    if not any(_broadcast_in_one_of(connection, parts) for parts in _PARTS):
        return ANYBODY
    return replace(LINES, least_contacts=2) if chosen_subjects else LINES


def _broadcast_in_one_of(connection: duckdb.DuckDBPyConnection, parts: int) -> bool:
    """Whether a number of the first part in so many broadcasts."""
    numbers = {"burst_recipients": LINES.burst_recipients, "last_subject": _LAST_ID // parts}
    text = rendered(fill(BROADCASTERS, numbers))
    return bool(connection.execute(text).fetchall()[0][0])


def compare(connection: duckdb.DuckDBPyConnection, settings: Settings, *, lake: Path | None = None) -> list[Scored]:
    """Every pair of a number that fell and one that surged, scored, most likely first; needs `event` in the connection.

    `lake`: where `event` is all of one lake, whose use and pairs are kept and need not be counted.
    """
    if lake is not None:
        show_use(connection, lake)
    make_tables(connection, TURNING if lake is None else KEPT_TURNING, asdict(settings))
    scored: list[Scored] = []
    for _ in range(ROUNDS):
        _alias(connection, one_to_one(scored, least_score=_SURE))
        make_tables(connection, COMPARING, asdict(settings))
        scored = score_pairs(_rows(connection))
        if not scored:
            break
    return scored


def _alias(connection: duckdb.DuckDBPyConnection, accepted: Sequence[Scored]) -> None:
    """Numbers found to be one succession so far, each with the first of its chain."""
    before = {new: old for old, new in (each.pair for each in accepted)}
    roots = {}
    for new in before:
        root, seen = new, {new}
        while root in before and before[root] not in seen:
            root = before[root]
            seen.add(root)
        roots[new] = root
    table = pa.table({"number": pa.array(list(roots), pa.int64()), "root": pa.array(list(roots.values()), pa.int64())})
    connection.register("roots", table)
    connection.execute("CREATE OR REPLACE TEMP TABLE alias AS SELECT number, root FROM roots")


def _rows(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    found = connection.execute("SELECT * FROM features ORDER BY old, new").to_arrow_table().to_pylist()
    return [{name: _settled(value) for name, value in row.items()} for row in found]


def _settled(value: float | int | None) -> float | int | None:
    """Without the last digits of a sum, which hang on the order in which two threads came to it."""
    return round(value, 9) + 0.0 if isinstance(value, float) else value


def names_of(connection: duckdb.DuckDBPyConnection, found: Sequence[Scored]) -> dict[int, str]:
    """The numbers of these pairs by id."""
    ids = sorted({number for each in found for number in each.pair})
    connection.register("wanted_names", pa.table({"id": pa.array(ids, pa.int64())}))
    rows = connection.execute("SELECT id, number FROM number WHERE id IN (SELECT id FROM wanted_names)").fetchall()
    return {int(number_id): str(number) for number_id, number in rows}


def _table(found: Sequence[Scored], names: Mapping[int, str]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {
            "old_number": names[each.pair[0]],
            "new_number": names[each.pair[1]],
            "date": datetime.fromtimestamp(float(each.row["surged_moment"] or 0), UTC).date(),
            "score": round(each.score, 4),
            "shared_contacts": each.row["shared"],
            "old_contacts": each.row["old_contacts"],
            "new_contacts": each.row["new_contacts"],
            "kept_share": each.row["kept_share"],
            "known_share": each.row["known_share"],
            "gap_days": round(gap_days(each.row), 2),
            "fall_ratio": each.row["fall_ratio"],
            "same_handset": bool(each.row["same_handset"]) if each.row["handsets_known"] else None,
            "rival_score": round(each.rival_score, 4),
            "reasons": reasons_of(each),
            "method": VERSION,
        }
        for each in found
    ]
    rows.sort(key=lambda row: (-row["score"], row["old_number"], row["new_number"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)
