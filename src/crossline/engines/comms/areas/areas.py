"""Where a line is run from and where it sells: a distribution over areas with an unknown share, never one name.

Exporting: where the line's phone, and phones known to move with it, are from evening to morning. Importing: where those
the line is in touch with are, one voice each. A cell is in the district whose nearest town it is nearest to, so a border may be
missed by a few kilometres. The unknown share stands for all that was not seen: it shrinks as voices come in, and never goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from crossline.engines.comms.areas.texts import AREAS
from crossline.engines.comms.attribution.pairs import ask, place_registrations
from crossline.engines.comms.cells import Cell, read_cells
from crossline.engines.comms.events import Progress, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, make_tables
from crossline.engines.comms.numbers import id_of, number_of
from crossline.errors import FileUnreadable
from crossline.vocabulary.places import districts, towns

UNSEEN_VOICES = 3.0
"""How much what was not seen weighs, in customers or nights [D]."""

METHOD = "areas-1"
UNKNOWN = "unknown"
_FARTHEST = 40_000.0  # metres from a town: beyond, a cell is in no known area
_METRES_A_DEGREE = 111_320.0

Row = dict[str, Any]


def areas(
    paths: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    moving_with: Collection[str] = (),
    *,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> list[Row]:
    """Both distributions of one line, by force and by district, the largest share first and the unknown last."""
    number = number_of(line)
    beside = {text: number_of(text) for text in moving_with}
    unreadable = [text for text, read in beside.items() if read is None] + ([] if number else [line])
    if number is None or unreadable:
        msg = f"{unreadable[0]!r} cannot be read as a number; give it as the records write it."
        raise FileUnreadable(msg)
    together = {number: [read for read in beside.values() if read]}
    return areas_of_lines(paths, cells, together, limits=limits, progress=progress)


def areas_of_lines(
    paths: Sequence[Path],
    cells: Sequence[Path],
    lines: Mapping[str, Collection[str]],
    *,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> list[Row]:
    """The same of several lines, the records read once: normalised numbers, each with those known to move with it."""
    described = read_cells(cells)
    with open_events(paths, limits=limits, progress=progress) as events:
        place_registrations(events.connection, described)
        name_areas(events.connection, described)
        return [row for line, beside in lines.items() for row in areas_of(events.connection, line, beside)]


def areas_of(connection: duckdb.DuckDBPyConnection, line: str, moving_with: Collection[str]) -> list[Row]:
    """The same of one line among records that are open, placed and named."""
    ask(connection, id_of(line), ())
    ids = sorted({id_of(number) for number in moving_with} - {id_of(line)})
    connection.register("beside_given", pa.table({"id": pa.array(ids, pa.int64())}))
    connection.execute("CREATE OR REPLACE TEMP TABLE beside_asked AS SELECT id FROM beside_given")
    make_tables(connection, AREAS, {})
    return [
        row
        for role in ("exporting", "importing")
        for level in ("force", "district")
        for row in _shares(line, role, level, _voices(connection, role))
    ]


def name_areas(connection: duckdb.DuckDBPyConnection, cells: Sequence[Cell]) -> None:
    """Make the table `cell_area` of these cells; a cell far from every town has no row."""
    codes = [district_at(each.lat, each.lon) for each in cells]
    named = [(at, code) for at, code in enumerate(codes) if code]
    table = {
        "cell_no": pa.array([at for at, _ in named], pa.int64()),
        "area": pa.array([code for _, code in named], pa.string()),
    }
    connection.register("cell_area_given", pa.table(table))
    connection.execute("CREATE OR REPLACE TEMP TABLE cell_area AS SELECT * FROM cell_area_given")


def district_at(lat: float, lon: float) -> str | None:
    """The district of the nearest town, or None far from any."""
    lats, lons, codes = _towns()
    north = (lats - lat) * _METRES_A_DEGREE
    east = (lons - lon) * _METRES_A_DEGREE * cos(radians(lat))
    metres = np.hypot(north, east)
    nearest = int(np.argmin(metres))
    return codes[nearest] if float(metres[nearest]) <= _FARTHEST else None


@lru_cache(maxsize=1)
def _towns() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], tuple[str, ...]]:
    known = [town for town in towns() if town.lad_code in districts()]
    return (
        np.array([town.lat for town in known]),
        np.array([town.lon for town in known]),
        tuple(town.lad_code for town in known),
    )


def _voices(connection: duckdb.DuckDBPyConnection, role: str) -> dict[str, float]:
    return {
        str(area): float(voices) for area, voices in connection.execute(f"SELECT area, voices FROM {role}").fetchall()
    }


def _shares(line: str, role: str, level: str, voices: dict[str, float]) -> list[Row]:
    held: dict[str, float] = defaultdict(float)
    for code in sorted(voices):
        held[districts()[code].force_id if level == "force" else code] += voices[code]
    total = sum(held.values())
    rows: list[Row] = [
        {
            "line": line,
            "role": role,
            "level": level,
            "area": area,
            "name": area if level == "force" else districts()[area].name,
            "share": round(heard / (total + UNSEEN_VOICES), 4),
            "voices": round(heard, 2),
            "method": METHOD,
        }
        for area, heard in held.items()
    ]
    rows.sort(key=lambda row: (-row["voices"], row["area"]))
    unknown = {"area": UNKNOWN, "name": "not known", "share": round(UNSEEN_VOICES / (total + UNSEEN_VOICES), 4)}
    return [*rows, {"line": line, "role": role, "level": level, **unknown, "voices": None, "method": METHOD}]
