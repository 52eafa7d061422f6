"""The cells of a cells.csv: where each stands and how far it reaches, as the table `place` beside `event`.

place(cell, cell_no, lat, lon, reach, network)
    cell_no   its place among all, in order of identifier
    lat, lon  degrees of the middle of what it covers: the mast, moved SECTOR_SHARE of the reach along its azimuth, if any
    reach     metres the cell covers; STANDARD_REACH where the file does not say
    network   the column `network` where there is one, else what the cell's identifier says before its last hyphen

A cell is no place: a phone it serves is somewhere in its reach, and the nearest mast serves less than half of the time
(communications notes §1). Whatever is made of cells here is made of distances in reaches.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians, sin
from pathlib import Path

import duckdb
import pyarrow as pa

from crossline.errors import FileUnreadable

STANDARD_REACH = 2_000.0  # [D]
SECTOR_SHARE = 0.4  # [D] a sector of 120 degrees has its middle there, or a little beyond
_METRES_A_DEGREE = 111_320.0
_LEAST_REACH = 250.0
_NEEDED = ("cell", "lat", "lon")
_UNKNOWN_NETWORK = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the operator describes it."""

    cell: str
    lat: float
    lon: float
    reach: float
    network: str


def read_cells(paths: Sequence[Path]) -> tuple[Cell, ...]:
    """The cells of these files, in order of identifier. The same cell at two places is refused: which held when is not said."""
    found: dict[str, Cell] = {}
    for path in paths:
        for cell in _cells_of(path):
            held = found.setdefault(cell.cell, cell)
            if (held.lat, held.lon) != (cell.lat, cell.lon):
                msg = f"{path}: cell {cell.cell} stands at two places; keep the one that held in the records' period."
                raise FileUnreadable(msg)
    return tuple(found[name] for name in sorted(found))


def place_cells(connection: duckdb.DuckDBPyConnection, cells: Sequence[Cell]) -> None:
    """Make the table `place` of these cells."""
    columns = {
        "cell": pa.array([each.cell for each in cells], pa.string()),
        "cell_no": pa.array(range(len(cells)), pa.int64()),
        "lat": pa.array([each.lat for each in cells], pa.float64()),
        "lon": pa.array([each.lon for each in cells], pa.float64()),
        "reach": pa.array([each.reach for each in cells], pa.float64()),
        "network": pa.array([each.network for each in cells], pa.string()),
    }
    connection.register("cells_given", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE place AS SELECT * FROM cells_given")


def _cells_of(path: Path) -> list[Cell]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            lacking = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
            if lacking:
                msg = f"{path}: row 1 lacks the column {lacking[0]}; a file of cells has cell, lat and lon."
                raise FileUnreadable(msg)
            return [_cell(path, place, row) for place, row in enumerate(rows, start=2)]
    except OSError as error:
        msg = f"{path}: cannot be opened ({error.strerror}); give the cells.csv that came with the records."
        raise FileUnreadable(msg) from error
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: cannot be read as CSV ({error}); save the file again as UTF-8 CSV."
        raise FileUnreadable(msg) from error


def _cell(path: Path, place: int, row: dict[str, str | None]) -> Cell:
    name = (row["cell"] or "").strip()
    if not name:
        msg = f"{path}: row {place}, column cell is empty; each row describes one cell."
        raise FileUnreadable(msg)
    lat = _number(path, place, row, "lat", 90.0)
    lon = _number(path, place, row, "lon", 180.0)
    written = (row.get("radius_m") or "").strip()
    reach = _number(path, place, row, "radius_m", 100_000.0) if written else STANDARD_REACH
    network = (row.get("network") or "").strip() or (name.rpartition("-")[0] if "-" in name else _UNKNOWN_NETWORK)
    if (row.get("azimuth") or "").strip():
        turn = radians(_number(path, place, row, "azimuth", 360.0))
        lat += SECTOR_SHARE * reach * cos(turn) / _METRES_A_DEGREE
        lon += SECTOR_SHARE * reach * sin(turn) / (_METRES_A_DEGREE * max(cos(radians(lat)), 0.01))
    return Cell(name, lat, lon, max(reach, _LEAST_REACH), network)


def _number(path: Path, place: int, row: dict[str, str | None], column: str, largest: float) -> float:
    try:
        value = float(row[column] or "")
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > largest:
        msg = f"{path}: row {place}, column {column}: {row[column]!r} is no such number; give it in degrees or metres."
        raise FileUnreadable(msg)
    return value
