"""What each number does: volumes, hours, contacts, broadcasts, answers, cells; and whether that looks like a deal line.

The look is an additive score of plain rules (deal_line.py), with what speaks against it in the same words. It is a reason
to look, never a finding about a person; who is at the other end is counted, never listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from crossline.engines.comms.events import Progress, ids_asked_for, only_subjects, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, make_tables
from crossline.engines.comms.lake.files import passes
from crossline.engines.comms.lake.texts import KEPT_PROFILING
from crossline.engines.comms.lake.views import show_buckets, show_cells
from crossline.engines.comms.profiles.deal_line import DEAL_LINE_RULES, judge
from crossline.engines.comms.profiles.texts import PROFILING

VERSION = DEAL_LINE_RULES.version


@dataclass(frozen=True)
class ProfileSettings:
    """Thresholds of the profile: all this platform's own [D]; twenty recipients in ten minutes is a burst (notes §6)."""

    least_events: int = 10
    least_recipients: int = 8  # of a broadcast, in ten minutes
    burst_recipients: int = 20
    run_gap: int = 120  # seconds between the texts of one broadcast


STANDARD_PROFILE = ProfileSettings()

SCHEMA = pa.schema(
    [
        ("number", pa.string()),
        ("first", pa.timestamp("s", "UTC")),
        ("last", pa.timestamp("s", "UTC")),
        ("days_active", pa.int64()),
        ("days_sending", pa.int64()),  # days on which it called or texted: a dead number is still rung
        ("events", pa.int64()),
        ("calls_out", pa.int64()),
        ("calls_in", pa.int64()),
        ("texts_out", pa.int64()),
        ("texts_in", pa.int64()),
        ("contacts", pa.int64()),
        ("contacts_out", pa.int64()),
        ("contacts_in", pa.int64()),
        ("reciprocity", pa.float64()),  # share of contacts heard from and spoken to
        ("night_share", pa.float64()),  # 23:00 to 06:00, UTC
        ("out_of_hours_share", pa.float64()),  # weekends, or before 08:00 or after 18:00, UTC
        ("short_call_share", pa.float64()),  # of answered calls, under a minute
        ("call_back_share", pa.float64()),  # of calls and texts received, rung back within half an hour
        ("broadcasts", pa.int64()),
        ("bursts", pa.int64()),
        ("broadcast_days", pa.int64()),
        ("recipients", pa.float64()),  # of a broadcast, on average
        ("repeat_share", pa.float64()),  # of broadcast texts, to somebody already reached by one
        ("kept_share", pa.float64()),  # of a broadcast's list, reached by the next one again
        ("answered_share", pa.float64()),  # of broadcast texts, answered within the hour
        ("answered_by_call", pa.float64()),  # of those answers, calls
        ("listed_share", pa.float64()),  # of calls and texts received, from people its broadcasts reach
        ("friends", pa.int64()),  # on no list of its own, who dealt with it three times each way
        (
            "listed_people_share",
            pa.float64(),
        ),  # of those who ring or text it, friends apart, people its broadcasts reach
        ("listed_short_share", pa.float64()),  # of answered calls from people its broadcasts reach, under a minute
        ("listed_day_share", pa.float64()),  # of calls and texts from them, 06:00 to 16:00, UTC
        ("listed_evening_share", pa.float64()),  # the same, 20:00 to 06:00, UTC
        ("custom_a_day", pa.float64()),  # calls and texts from each person its broadcasts reach
        ("broadcasts_a_day", pa.float64()),  # of all days from the first row to the last
        ("texts_apart", pa.float64()),  # texts to them that are no broadcast, for each call or text of theirs
        ("handsets", pa.int64()),
        ("top_cells", pa.string()),  # "cell 0.41; cell 0.20"
        ("points", pa.float64()),
        ("looks_like_deal_line", pa.bool_()),
        ("reasons", pa.list_(pa.string())),
        ("method", pa.string()),
    ]
)


def profiles(
    paths: Sequence[Path],
    subjects: Collection[str] | None = None,
    *,
    settings: ProfileSettings = STANDARD_PROFILE,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> pa.Table:
    """A row for each number with enough events, those that look most like a deal line first."""
    with open_events(paths, coded=True, limits=limits, progress=progress) as events:
        if events.lake is not None:
            rows = _of_lake(events.connection, events.lake, subjects, settings)
        else:
            if subjects is not None:
                only_subjects(events.connection, subjects)
            rows = _rows(events.connection, PROFILING, settings)
    rows.sort(key=lambda row: (-row["points"], -row["events"], row["number"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _of_lake(
    connection: duckdb.DuckDBPyConnection, lake: Path, subjects: Collection[str] | None, settings: ProfileSettings
) -> list[dict[str, Any]]:
    """The same a few buckets at a time, volumes and contacts from what the lake keeps of them."""
    texts = {name: KEPT_PROFILING.get(name, text) for name, text in PROFILING.items()}
    asked = ids_asked_for(subjects) if subjects is not None else ()
    show_cells(connection, lake)
    rows: list[dict[str, Any]] = []
    for buckets in list(passes(connection, lake)):
        if show_buckets(connection, lake, buckets, asked):
            rows += _rows(connection, texts, settings)
    return rows


def _rows(
    connection: duckdb.DuckDBPyConnection, texts: Mapping[str, str], settings: ProfileSettings
) -> list[dict[str, Any]]:
    make_tables(connection, texts, asdict(settings))
    cells = _cells(connection)
    # Names lie in order of ids, and the ids of a bucket are one stretch: only that stretch is read.
    (first, last) = connection.execute(
        "SELECT coalesce(min(subject), 0), coalesce(max(subject), 0) FROM profile"
    ).fetchall()[0]
    found = connection.execute(
        "SELECT number.number, profile.* FROM profile JOIN number ON number.id = profile.subject"
        f" WHERE number.id >= {first} AND number.id <= {last}"
    ).to_arrow_table()
    return [_row(row, cells) for row in found.to_pylist()]


def _cells(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    shares: dict[int, list[str]] = defaultdict(list)
    query = "SELECT subject, cell, share FROM top_cell ORDER BY subject, place"
    for subject, cell, share in connection.execute(query).fetchall():
        shares[int(subject)].append(f"{cell} {share:.2f}")
    return {subject: "; ".join(listed) for subject, listed in shares.items()}


def _row(found: dict[str, Any], cells: dict[int, str]) -> dict[str, Any]:
    verdict = judge(found)
    row = {name: found[name] for name in SCHEMA.names if name in found}
    return row | {
        "first": datetime.fromtimestamp(found["first_moment"], UTC),
        "last": datetime.fromtimestamp(found["last_moment"], UTC),
        "top_cells": cells.get(found["subject"], ""),
        "points": verdict.points,
        "looks_like_deal_line": verdict.looks_like_deal_line,
        "reasons": list(verdict.reasons),
        "method": VERSION,
    }
