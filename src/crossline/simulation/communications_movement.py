"""Where people and the phones they carry are, quarter hour by quarter hour, in blocks of four weeks.

A block is drawn from streams named for the person and the block, so two authorised sets that hold the same phone agree.
Hours are taken as UTC; nobody's whereabouts is meant to the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossline.simulation.communications_cells import Network, Spot, choose
from crossline.simulation.communications_numbers import Codes, chance
from crossline.simulation.communications_parameters import (
    HAUNTS,
    HOLDER_TRAVELS,
    NETWORKS,
    RUNNER_AWAY,
    STINT_DAYS,
    TRAVEL_HOURS,
    WAKING_HOURS,
)

BLOCK_DAYS: Final = 28
SLOTS_A_DAY: Final = 96
SLOT_SECONDS: Final = 900
DAY_SECONDS: Final = 86_400
_SIX_HOURS: Final = 4
"""Six-hour blocks in a day: the grain at which a phone changes hands or people part."""

Seconds = NDArray[np.int64]


class Carrier(StrEnum):
    """How a person moves."""

    HOLDER = "holder"
    RUNNER = "runner"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a home town and, if they travel, markets. `key` names their streams of chance."""

    key: str
    carrier: Carrier
    home: int
    markets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """For one block: spots, and the index of the spot somebody is at in each hour, shape (28, 24)."""

    spots: tuple[Spot, ...]
    hours: NDArray[np.int64]

    def unless(self, share: float, other: Whereabouts, rng: np.random.Generator) -> Whereabouts:
        """These whereabouts in that share of six-hour blocks, the other's in the rest."""
        blocks = rng.random((BLOCK_DAYS, _SIX_HOURS)) < share
        here = np.repeat(blocks, 24 // _SIX_HOURS, axis=1)
        return Whereabouts(self.spots + other.spots, np.where(here, self.hours, other.hours + len(self.spots)))


class Movement:
    """Draws where people are. Holds no state but the world it draws from."""

    def __init__(self, network: Network, seed: int) -> None:
        self._network, self._seed = network, seed

    def of(self, person: Person, block: int) -> Whereabouts:
        """Where a person is in the block."""
        spots = self._spots(person)
        rng = chance(self._seed, "movement", person.key, block)
        own, market_spots = len(HAUNTS.value), len(spots) - len(HAUNTS.value)
        haunt = rng.choice(own, p=HAUNTS.value, size=(BLOCK_DAYS, 8))
        hours = np.repeat(haunt, 3, axis=1).astype(np.int64)
        awake = np.arange(24)
        hours[:, (awake < WAKING_HOURS.value[0]) | (awake >= WAKING_HOURS.value[1])] = 0
        if market_spots == 0 or person.carrier is Carrier.RESIDENT:
            return Whereabouts(spots, hours)
        if person.carrier is Carrier.HOLDER:
            days = np.flatnonzero(rng.random(BLOCK_DAYS) < HOLDER_TRAVELS.value)
            where = own + rng.integers(market_spots, size=len(days))
            hours[days, TRAVEL_HOURS.value[0] : TRAVEL_HOURS.value[1]] = where[:, None]
        else:
            stints = BLOCK_DAYS // STINT_DAYS.value
            away = np.repeat(rng.random(stints) < RUNNER_AWAY.value, STINT_DAYS.value)
            where = np.repeat(own + rng.integers(market_spots, size=stints), STINT_DAYS.value)
            hours[away] = where[away, None]
        return Whereabouts(spots, hours)

    def cells(self, whereabouts: Whereabouts, *, phone: str, block: int) -> Codes:
        """The cell a phone that goes there is served by in each quarter hour; shape (28, 96)."""
        network = int(chance(self._seed, "network", phone).integers(NETWORKS.value))
        used, at = np.unique(whereabouts.hours, return_inverse=True)
        candidates = np.stack([self._network.serving(whereabouts.spots[spot], network) for spot in used.tolist()])
        noise = chance(self._seed, "serving", phone, block).random((BLOCK_DAYS, SLOTS_A_DAY))
        quarters = np.repeat(at.reshape(BLOCK_DAYS, 24), SLOTS_A_DAY // 24, axis=1)
        return choose(candidates, quarters, noise)

    def _spots(self, person: Person) -> tuple[Spot, ...]:
        """Home and three haunts in the home town, then two places in each market."""
        rng = chance(self._seed, "spots", person.key)
        towns = [person.home] * len(HAUNTS.value) + [town for town in person.markets for _ in range(2)]
        offsets = rng.normal(0.0, 0.35, (len(towns), 2))
        extents = [self._network.extent(town) for town in towns]
        return tuple(
            Spot(town, float(east * extent), float(north * extent))
            for town, extent, (east, north) in zip(towns, extents, offsets, strict=True)
        )


def at(cells: Codes, block: int, seconds: Seconds) -> Codes:
    """The cell at each time, from a block's cells; times just outside the block take its first or last day."""
    day = np.clip(seconds // DAY_SECONDS - block * BLOCK_DAYS, 0, BLOCK_DAYS - 1)
    found: Codes = cells[day, seconds % DAY_SECONDS // SLOT_SECONDS]
    return found
