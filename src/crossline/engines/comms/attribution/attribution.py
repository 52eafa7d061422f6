"""Whose hands was a line's phone in? Each candidate held against two alternatives, from where and when phones were seen.

The answer is never a name: each candidate that was tested stays in the table with what was found, "no data" and "cannot
separate" among the answers. How, and why so, is in decision 0020; what a value rests on is in `pairs` and the release.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import numpy as np

from crossline.engines.comms.attribution.carriers import BLOCKS_A_DAY, periods
from crossline.engines.comms.attribution.continuity import in_common
from crossline.engines.comms.attribution.model import (
    IMPOSSIBLE,
    KINDS,
    Blocks,
    Floats,
    Release,
    log_products,
    raw_ratios,
    released,
)
from crossline.engines.comms.attribution.pairs import Pairs, ask, pairs_asked, place_registrations
from crossline.engines.comms.attribution.rows import Row, explained, period_row, shared_row
from crossline.engines.comms.attribution.texts import COUNTING
from crossline.engines.comms.attribution.wording import (
    BANNER,
    SCALE_SOURCE,
    Answer,
    answer_of,
    sentence,
)
from crossline.engines.comms.cells import Cell, read_cells
from crossline.engines.comms.events import Progress, only_between, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, make_tables
from crossline.engines.comms.numbers import id_of, number_of
from crossline.errors import FileUnreadable

EXPLAINED = 10  # candidates whose pairs are listed after a search; of those asked for by name all are


@dataclass(frozen=True)
class Attribution:
    """What was found on one line's phone. Rows are plain values, times in text."""

    line: str
    searched: int
    findings: list[Row]  # every candidate tested, the best lead first
    periods: list[Row]
    pairs: list[Row]
    continuity: list[Row]
    release: Release
    banner: str = BANNER
    scale: str = SCALE_SOURCE
    notes: tuple[str, ...] = field(default_factory=tuple)


def attribution(
    paths: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    candidates: Collection[str] | None,
    *,
    first: date | None = None,
    last: date | None = None,
    release: Release | None = None,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> Attribution:
    """The line's phone against these candidates, or against every phone with a cell in the records (None).

    `first` and `last`: only these days (both in), for a period that was stated before looking.
    """
    model = release or released()
    described = read_cells(cells)
    asked = _asked(line, "line")
    named = None if candidates is None else sorted({_asked(text, "candidate") for text in candidates} - {asked})
    if named is not None and not named:
        msg = "no candidate but the line's own number was given; name at least one other number."
        raise FileUnreadable(msg)
    with open_events(paths, limits=limits, progress=progress) as events:
        connection = events.connection
        if first or last:
            only_between(
                connection, _moment(first or date.min), _moment((last or date.max - timedelta(1)) + timedelta(1))
            )
        place_registrations(connection, described)
        line_id = id_of(asked)
        _must_be_seen(connection, line_id, asked)
        ids = [id_of(name) for name in named] if named is not None else _everybody(connection, line_id)
        ask(connection, line_id, ids)
        progress(f"{asked}: compared with {len(ids):,} phones.")
        return _found(connection, _Question(asked, ids, named, model), described)


@dataclass(frozen=True)
class _Question:
    """Which phones are compared: ids in order, and whether somebody named them."""

    line: str
    ids: Sequence[int]
    named: Sequence[str] | None
    release: Release


def _found(connection: duckdb.DuckDBPyConnection, question: _Question, cells: Sequence[Cell]) -> Attribution:
    line, named, ids, release = question.line, question.named, question.ids, question.release
    pairs = pairs_asked(connection, release)
    make_tables(connection, COUNTING, {})
    names = {int(number): str(text) for number, text in connection.execute("SELECT id, number FROM number").fetchall()}
    names |= {id_of(text): text for text in named or ()}
    blocks = pairs.blocks()
    findings = _findings(question, names, pairs, blocks, _counts(connection))
    listed = findings if named is not None else findings[:EXPLAINED]
    wanted = {id_of(row["candidate"]) for row in listed}
    return Attribution(
        line=line,
        searched=len(ids),
        findings=findings,
        periods=[period_row(line, each, names) for each in periods(blocks, len(ids))],
        pairs=explained(pairs, wanted, names, cells),
        continuity=[shared_row(row, names) for row in in_common(connection)],
        release=release,
        notes=_notes(pairs, ids, named),
    )


def _findings(
    question: _Question,
    names: Mapping[int, str],
    pairs: Pairs,
    blocks: Blocks,
    counts: Mapping[str, Mapping[int, tuple[int, ...]]],
) -> list[Row]:
    line, ids, release = question.line, question.ids, question.release
    who = np.array(sorted(ids), dtype=np.int64)
    products = log_products(blocks, who, release.grid)
    strangers, companions = raw_ratios(products, release)
    rows = []
    for place, number in enumerate(who.tolist()):
        theirs, own = pairs.candidate == number, blocks.candidate == number
        raw = float(strangers[place]), float(companions[place])
        seen, placed, both = counts["opportunity"].get(number, (0, 0, 0))
        row: Row = {
            "line": line,
            "candidate": names[number],
            "answer": Answer.NO_RECORDS,
            "log10_against_stranger": None,
            "log10_against_companion": None,
            "lead_score": None,
            "searched": len(ids),
            "hours_seen": seen,
            "hours_with_cell": placed,
            "hours_both_seen": both,
            "pairs": int(theirs.sum()),
            "blocks": int(own.sum()),
            "blocks_together": round(float(_together(blocks.weight[own]).sum()), 1),
            "pairs_excluding": int((pairs.band[theirs] == IMPOSSIBLE).sum()),
            "places": len(set(pairs.line_cell[theirs].tolist())),
            "days": len(set((blocks.block[own] // BLOCKS_A_DAY).tolist())),
            **{f"blocks_{kind}": int((blocks.kind[own] == at).sum()) for at, kind in enumerate(KINDS)},
            "calls_at_one_time": counts["both_busy"].get(number, (0,))[0],
            "calls_and_texts_between": counts["in_touch"].get(number, (0,))[0],
            "sentences": [],
            "method": release.release,
        }
        rows.append(row | (_judged(line, row, raw, release) if seen else {}))
    rows.sort(key=lambda row: (row["lead_score"] is None, -(row["lead_score"] or 0.0), row["candidate"]))
    return rows


def _judged(line: str, row: Row, raw: tuple[float, float], release: Release) -> Row:
    """Both ratios of a candidate, calibrated and bounded, unless there is too little to say anything."""
    stranger, companion = release.against_stranger.of(raw[0]), release.against_companion.of(raw[1])
    answer = answer_of(row["pairs"], row["blocks"], stranger, companion)
    if answer in (Answer.NO_PAIRS, Answer.TOO_LITTLE):
        return {"answer": answer}
    return {
        "answer": answer,
        "log10_against_stranger": round(stranger, 2),
        "log10_against_companion": round(companion, 2),
        "lead_score": round(stranger - float(np.log10(row["searched"])), 2),
        "sentences": [
            sentence(
                line,
                row["candidate"],
                value,
                companion=by is release.against_companion,
                at_bound=by.is_at_bound(given),
            )
            for value, by, given in (
                (stranger, release.against_stranger, raw[0]),
                (companion, release.against_companion, raw[1]),
            )
        ],
    }


def _together(weight: Floats) -> Floats:
    """The chance that a block was spent together, either being as likely beforehand: for reading, not for the ratios."""
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(weight, -500, 500)))
    return found


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[int, tuple[int, ...]]]:
    """What was counted beside, by candidate."""
    columns = {"opportunity": "hours_seen, hours_placed, hours_both", "both_busy": "calls", "in_touch": "events"}
    return {
        name: {
            int(number): tuple(int(value or 0) for value in values)
            for number, *values in connection.execute(f"SELECT candidate, {wanted} FROM {name}").fetchall()
        }
        for name, wanted in columns.items()
    }


def _notes(pairs: Pairs, ids: Sequence[int], named: Sequence[str] | None) -> tuple[str, ...]:
    notes = [
        f"How often a phone is near a cell rests on {pairs.phones:,} phones held, and for few on the release's own shares.",
        "Times are taken as UTC; night is 23:00 to 07:00.",
        "The companion weighed is along up to about six tenths of the time, or a housemate. Somebody along nearly always is not"
        " told apart from same hands: on synthetic worlds four in ten of such were answered as same hands.",
    ]
    if named is None:
        notes.append(
            f"{len(ids):,} phones were searched: order by lead_score (the ratio divided by the number searched), and weigh"
            " as evidence only a candidate for whom there was a reason before the search."
        )
    return tuple(notes)


def _asked(text: str, what: str) -> str:
    number = number_of(text)
    if number is None:
        msg = f"the {what} {text!r} cannot be read as a number; give it as the records write it."
        raise FileUnreadable(msg)
    return number


def _must_be_seen(connection: duckdb.DuckDBPyConnection, line: int, name: str) -> None:
    (seen,) = connection.execute("SELECT count(*) FROM registration WHERE subject = ?", [line]).fetchall()[0]
    if not seen:
        msg = (
            f"the line {name} is at no cell of these files in these days; give its own records and the cells they name."
        )
        raise FileUnreadable(msg)


def _everybody(connection: duckdb.DuckDBPyConnection, line: int) -> list[int]:
    found = connection.execute("SELECT DISTINCT subject FROM registration WHERE subject <> ?", [line]).fetchall()
    return sorted(int(number) for (number,) in found)


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
