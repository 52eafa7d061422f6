"""The masts of the synthetic networks round real towns, and which cell serves a phone that is at a place.

A cell's position is its mast's; what it covers is a sector. The nearest mast serves only some of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossline.simulation.communications_numbers import Codes, chance
from crossline.simulation.communications_parameters import (
    CELL_SPACING,
    MAST_JITTER,
    NETWORKS,
    RURAL_REACH,
    RURAL_SPACING,
    SECTORS,
    SERVING_SHARES,
)
from crossline.simulation.world import Place

METRES_A_DEGREE: Final = 111_320.0
CANDIDATES: Final = len(SERVING_SHARES.value)
_SECTORS: Final = len(SECTORS.value)
_FILLING: Final = np.cumsum(SERVING_SHARES.value)

Metres = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a town: metres east and north of the town's centre."""

    town: int
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Masts:
    """The masts of one network round one town; mast i has the cells `first_cell` + 3i to + 3i + 2."""

    first_cell: int
    east: Metres
    north: Metres
    turn: NDArray[np.int16]  # degrees by which each mast's sectors are turned
    reach: NDArray[np.int32]  # metres


class Network:
    """All masts of all networks. Towns are indexed in order of name and district."""

    def __init__(self, places: Iterable[Place], seed: int) -> None:
        known = {(place.name, place.lad_code): place for place in places}
        self.towns: tuple[Place, ...] = tuple(known[key] for key in sorted(known))
        self._index = {key: town for town, key in enumerate(sorted(known))}
        self._masts: dict[tuple[int, int], Masts] = {}
        first = 0
        for town, place in enumerate(self.towns):
            for network in range(NETWORKS.value):
                rng = chance(seed, "masts", place.name, place.lad_code, network)
                masts = _masts_round(place, rng, first)
                self._masts[town, network] = masts
                first += len(masts.east) * _SECTORS
        self.count = first

    def town(self, place: Place) -> int:
        """The index of a place among the towns."""
        return self._index[place.name, place.lad_code]

    def extent(self, town: int) -> float:
        """Metres from the centre to the edge of town."""
        return _density(self.towns[town])[1]

    def serving(self, spot: Spot, network: int) -> Codes:
        """The six cells that may serve a phone at the spot, the likeliest first."""
        masts = self._masts[spot.town, network]
        east, north = spot.east - masts.east, spot.north - masts.north
        near = np.argsort(np.hypot(east, north), kind="stable")[:CANDIDATES]
        bearing = np.degrees(np.arctan2(east[near], north[near])) - masts.turn[near]
        sector = np.rint(bearing / (360 / _SECTORS)).astype(np.int32) % _SECTORS
        return (masts.first_cell + near * _SECTORS + sector).astype(np.int32)

    def describe(self, cells: Codes) -> dict[str, Sequence[object]]:
        """Columns of cells.csv for these cells, in their order."""
        firsts, keys = self._starts
        at = np.searchsorted(firsts, cells, side="right") - 1
        rows = [self._row(keys[where], cell) for where, cell in zip(at.tolist(), cells.tolist(), strict=True)]
        names = ("cell", "lat", "lon", "azimuth", "radius_m", "name")
        return dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))

    def written(self, cells: Codes) -> list[str]:
        """Identifiers of the cells, in their order."""
        firsts, keys = self._starts
        at = np.searchsorted(firsts, cells, side="right") - 1
        return [_identifier(keys[where][1], cell) for where, cell in zip(at.tolist(), cells.tolist(), strict=True)]

    @cached_property
    def _starts(self) -> tuple[Codes, list[tuple[int, int]]]:
        keys = list(self._masts)
        return np.array([self._masts[key].first_cell for key in keys], dtype=np.int32), keys

    def _row(self, key: tuple[int, int], cell: int) -> tuple[str, float, float, int, int, str]:
        masts, place = self._masts[key], self.towns[key[0]]
        mast, sector = divmod(cell - masts.first_cell, _SECTORS)
        lat = place.lat + masts.north[mast] / METRES_A_DEGREE
        lon = place.lon + masts.east[mast] / (METRES_A_DEGREE * np.cos(np.radians(place.lat)))
        azimuth = (SECTORS.value[sector] + int(masts.turn[mast])) % 360
        name = f"{place.name} mast {mast + 1}, sector {sector + 1}"
        return _identifier(key[1], cell), round(lat, 6), round(lon, 6), azimuth, int(masts.reach[mast]), name


def choose(candidates: Codes, at: NDArray[np.int64], noise: Metres) -> Codes:
    """The serving cell for each entry of `at` (rows of `candidates`), by uniform noise of the same shape."""
    rank = np.minimum(np.searchsorted(_FILLING, noise), CANDIDATES - 1)
    chosen: Codes = candidates[at, np.minimum(rank, candidates.shape[1] - 1)]
    return chosen


def _identifier(network: int, cell: int) -> str:
    return f"001-01-{network + 1}-{cell:07d}"


def _density(place: Place) -> tuple[float, float]:
    for people, spacing, extent in CELL_SPACING.value:
        if place.population >= people:
            return spacing, extent
    raise ValueError(f"{place.name}: the population is negative")


def _masts_round(place: Place, rng: np.random.Generator, first_cell: int) -> Masts:
    spacing, extent = _density(place)
    outer = extent + RURAL_REACH.value
    town = _lattice(spacing, rng, 0.0, extent)
    country = _lattice(RURAL_SPACING.value, rng, extent, outer)
    count = len(town) + len(country)
    points = np.vstack([town, country])
    reach = np.repeat([spacing, RURAL_SPACING.value], [len(town), len(country)]) * rng.uniform(0.75, 1.0, count)
    return Masts(
        first_cell=first_cell,
        east=points[:, 0],
        north=points[:, 1],
        turn=rng.integers(0, 120, count).astype(np.int16),
        reach=np.rint(reach / 50).astype(np.int32) * 50,
    )


def _lattice(spacing: float, rng: np.random.Generator, inner: float, outer: float) -> Metres:
    """Jittered lattice points at distances inner < d <= outer from the centre; shape (n, 2)."""
    steps = np.arange(-outer, outer + spacing, spacing) + rng.uniform(-0.5, 0.5) * spacing
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    grid = grid + rng.normal(0.0, MAST_JITTER.value * spacing, grid.shape)
    distance = np.hypot(grid[:, 0], grid[:, 1])
    return np.asarray(grid[(distance > inner) & (distance <= outer)], dtype=np.float64)
