"""Write one authorised set as a delivery holds it: records.csv, cells.csv and authorisation.json."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from crossline.simulation.communications_events import KINDS, NONE, Events, day_of
from crossline.simulation.communications_movement import DAY_SECONDS
from crossline.simulation.communications_numbers import Codes
from crossline.simulation.communications_world import SetPlan, World

COLUMNS: Final = ("start", "type", "from", "to", "duration_s", "from_imei", "from_imsi", "from_cell", "to_cell")
ROWS_AT_A_TIME: Final = 500_000
Handsets = Mapping[int, tuple[str, str]]
"""IMEI and IMSI by the code of a number."""


def write_set(plan: SetPlan, rows: Events, world: World, handsets: Handsets, folder: Path) -> None:
    """Write the three files into the folder. A handset stands only where its own operator recorded the row."""
    folder.mkdir(parents=True, exist_ok=True)
    words = _Words(world, rows, handsets)
    # No value of a row holds a comma, a quote or a new line; pyarrow refuses to write one that does.
    options = pacsv.WriteOptions(quoting_style="none", quoting_header="none")
    with pacsv.CSVWriter(str(folder / "records.csv"), words.schema, write_options=options) as writer:
        for first in range(0, len(rows), ROWS_AT_A_TIME):
            writer.write_batch(words.batch(first))
    _write_cells(world, words.cells, folder / "cells.csv")
    _write_authorisation(plan, folder / "authorisation.json")


def _write_cells(world: World, cells: Codes, path: Path) -> None:
    table = world.network.describe(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def _write_authorisation(plan: SetPlan, path: Path) -> None:
    authorisation = {
        "ref": plan.source.ref,
        "agency": plan.source.agency,
        "numbers": list(plan.numbers()),
        "period_from": day_of(plan.first).isoformat(),
        "period_to": day_of(plan.last).isoformat(),
        "expires": plan.source.expires.isoformat(),
        "purpose": plan.source.purpose,
    }
    path.write_text(json.dumps(authorisation, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class _Words:
    """Codes of one set's rows as the words that are written, through tables small enough to stay in cache."""

    def __init__(self, world: World, rows: Events, handsets: Handsets) -> None:
        self._rows = rows
        codes, self._number_at = _used(world.directory.count, rows.sender, rows.receiver)
        self.cells, self._cell_at = _used(world.network.count, rows.sender_cell, rows.receiver_cell)
        self._numbers = pa.array(world.directory.written(codes), pa.string())
        self._cell_words = pa.array(world.network.written(self.cells), pa.string())
        known = [handsets.get(code) for code in codes.tolist()]
        self._imei = pa.array([phone[0] if phone else None for phone in known], pa.string())
        self._imsi = pa.array([phone[1] if phone else None for phone in known], pa.string())
        self._kinds = pa.array(KINDS, pa.string())
        self._first_day = int(rows.start.min() // DAY_SECONDS) if len(rows) else 0
        last_day = int(rows.start.max() // DAY_SECONDS) if len(rows) else 0
        self._days = pa.array(
            [f"{day_of(day).isoformat()}T" for day in range(self._first_day, last_day + 1)], pa.string()
        )
        self._seconds = _times_of_day()
        text = pa.string()
        self.schema = pa.schema([(name, pa.int32() if name == "duration_s" else text) for name in COLUMNS])

    def batch(self, first: int) -> Any:
        """The rows from `first`, as many as are written at a time."""
        part = self._rows.take(np.arange(first, min(first + ROWS_AT_A_TIME, len(self._rows))))
        day, second = np.divmod(part.start, DAY_SECONDS)
        sender, receiver = self._number_at[part.sender], self._number_at[part.receiver]
        own = pa.array(sender, mask=part.heard)  # the receiver's operator does not know the sender's handset
        columns = [
            pc.binary_join_element_wise(
                self._days.take(pa.array(day - self._first_day)), self._seconds.take(pa.array(second)), ""
            ),
            self._kinds.take(pa.array(part.kind)),
            self._numbers.take(pa.array(sender)),
            self._numbers.take(pa.array(receiver)),
            pa.array(part.duration, mask=part.duration == NONE),
            self._imei.take(own),
            self._imsi.take(own),
            self._cell(part.sender_cell),
            self._cell(part.receiver_cell),
        ]
        return pa.record_batch(columns, schema=self.schema)

    def _cell(self, cells: Codes) -> Any:
        return self._cell_words.take(pa.array(self._cell_at[cells], mask=cells == NONE))


@cache
def _times_of_day() -> Any:
    """Every second of a day as it is written behind the date."""
    times = (f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}+00:00" for at in range(DAY_SECONDS))
    return pa.array(list(times), pa.string())


def _used(count: int, *columns: Codes) -> tuple[Codes, NDArray[np.int32]]:
    """The codes that occur, ascending, and for each possible code its place among them (the last place for NONE)."""
    occurs = np.zeros(count + 1, np.bool_)
    for column in columns:
        occurs[column] = True
    occurs[NONE] = False
    used = np.flatnonzero(occurs).astype(np.int32)
    place = np.zeros(count + 1, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place
