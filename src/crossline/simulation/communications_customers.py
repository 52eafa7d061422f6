"""Who buys: the users of each town, shared by the lines that sell there.

A rival that opens in a town therefore rings people whom others ring too. What each deal number's list holds over time
is drawn in `communications_lists`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_cells import Network, Spot
from crossline.simulation.communications_events import day_number
from crossline.simulation.communications_numbers import Codes, Directory, chance
from crossline.simulation.world import Line

Days = NDArray[np.int32]
Rates = NDArray[np.float32]
NUMBERS_EACH = 3
"""Codes reserved for each customer: the number they start with and two they may change to."""


@dataclass(frozen=True, slots=True)
class Customers:
    """Everybody who buys, as columns; a customer is their index."""

    first_code: int
    appetite: Rates  # lines they tend to use
    eagerness: Rates  # their order rate relative to the line's mean; mean 1
    changes: Days  # days on which they take their second and third number, shape (n, 2)
    home_cell: Codes

    def codes(self, customers: Codes, days: NDArray[np.int64]) -> Codes:
        """The number each customer has on each day."""
        turn = (days[:, None] >= self.changes[customers]).sum(axis=1)
        return np.asarray(self.first_code + customers * NUMBERS_EACH + turn, dtype=np.int32)


class CustomerBook:
    """Draws customers as lines open and recruit. `lines` are those with a market and a number, in order of their id."""

    def __init__(self, lines: Sequence[Line], network: Network, *, seed: int, horizon: int, list_scale: float) -> None:
        self._seed, self._network, self._horizon, self._scale = seed, network, horizon, list_scale
        self._count = 0
        self._columns: list[tuple[Rates, Rates, Days, Codes]] = []
        self._homes: dict[int, Codes] = {}
        sizes = {line.line_id: self._sizes(line) for line in lines}
        self._core = {town: self._arrivals(town, size, "core") for town, size in self._pools(lines, sizes).items()}
        appetite = np.concatenate([column[0] for column in self._columns]) if self._columns else np.empty(0, np.float32)
        self.founding = {line.line_id: self._found(line.line_id, sizes[line.line_id], appetite) for line in lines}

    def recruits(self, line: Line, count: int, ever: Codes, name: str) -> Codes:
        """New customers in the line's towns: users of other lines as far as there are, newcomers for the rest.

        Nobody of `ever` is among them; `name` tells this recruiting of the line from its others.
        """
        rng = chance(self._seed, "recruits", line.line_id, name)
        towns = list(dict.fromkeys(self._network.town(market) for market in line.markets))
        each = np.bincount(rng.integers(len(towns), size=count), minlength=len(towns))
        found = []
        for town, wanted in zip(towns, each.tolist(), strict=True):
            known = np.setdiff1d(self._core[town], ever)
            take = min(round(wanted * figures.RECRUIT_FROM_TOWN.value), len(known))
            found.append(rng.choice(known, take, replace=False).astype(np.int32))
            found.append(self._arrivals(town, wanted - take, f"{line.line_id} {name}"))
        return np.concatenate(found)

    def close(self, directory: Directory) -> Customers:
        """Everybody drawn, with numbers of their own."""
        appetite, eagerness, changes, cells = (np.concatenate(column) for column in zip(*self._columns, strict=True))
        return Customers(directory.reserve(self._count * NUMBERS_EACH), appetite, eagerness, changes, cells)

    def _sizes(self, line: Line) -> dict[int, int]:
        """How many customers a line starts with in each market town."""
        rng = chance(self._seed, "list size", line.line_id)
        powder = "cocaine" in line.drugs and not {"heroin", "crack"} & set(line.drugs)
        long_list = powder and rng.random() < figures.POWDER_LIST_SHARE.value
        median = figures.POWDER_LIST_MEDIAN.value if long_list else figures.LIST_MEDIAN.value
        drawn = median * np.exp(rng.normal(0.0, figures.LIST_SIGMA.value))
        size = int(np.clip(drawn * self._scale, figures.LIST_MIN.value, figures.LIST_MAX.value))
        towns = [self._network.town(market) for market in line.markets]
        first = size if len(towns) == 1 else round(size * figures.FIRST_MARKET_SHARE.value)
        others = len(towns) - 1
        shares = [first, *(max((size - first) // others, 1) for _ in range(others))]
        sizes: dict[int, int] = {}
        for town, share in zip(towns, shares, strict=True):
            sizes[town] = sizes.get(town, 0) + share
        return sizes

    def _pools(self, lines: Sequence[Line], sizes: dict[str, dict[int, int]]) -> dict[int, int]:
        """Users of each town: enough that those who have a line at all have about 2.2 at the busiest time."""
        moves: dict[int, list[tuple[int, int]]] = {}
        for line in lines:
            closed = day_number(line.closed) if line.closed else self._horizon + 1
            for town, size in sizes[line.line_id].items():
                moves.setdefault(town, []).extend([(day_number(line.opened), size), (closed, -size)])
        pools = {}
        for town, steps in sorted(moves.items()):
            peak = int(np.cumsum([size for _, size in sorted(steps)]).max())
            opened = [size for _, size in steps if size > 0]
            mean = sum(opened) / len(opened)
            floor = max(max(opened) * figures.POOL_OVER_LONGEST.value, mean * figures.POOL_FLOOR.value)
            pools[town] = int(max(peak / figures.POOL_LOAD.value, floor)) + 1
        return pools

    def _arrivals(self, town: int, count: int, name: str) -> Codes:
        """Add `count` customers who live in the town; their indices."""
        rng = chance(self._seed, "customers", town, name)
        appetite = (1 + rng.poisson(figures.OTHER_LINES_MEAN.value, count)).astype(np.float32)
        sigma = figures.ORDER_SIGMA.value
        eagerness = np.exp(rng.normal(-(sigma**2) / 2, sigma, count)).astype(np.float32)
        life = figures.CUSTOMER_NUMBER_LIFE.value
        last = self._horizon - rng.exponential(life, count)  # memoryless, so it may as well run backwards
        changes = np.stack([last - rng.exponential(life, count), last], axis=1).astype(np.int32)
        cells = rng.choice(self._neighbourhoods(town), count).astype(np.int32)
        self._columns.append((appetite, eagerness, changes, cells))
        self._count += count
        return np.arange(self._count - count, self._count, dtype=np.int32)

    def _neighbourhoods(self, town: int) -> Codes:
        """Cells near people's homes: of a few dozen neighbourhoods the two likeliest cells, one network each."""
        if town not in self._homes:
            rng = chance(self._seed, "neighbourhoods", town)
            near = rng.normal(0.0, 0.35 * self._network.extent(town), (24, 2)).tolist()
            spots = [Spot(town, east, north) for east, north in near]
            cells = [self._network.serving(spot, at % figures.NETWORKS.value)[:2] for at, spot in enumerate(spots)]
            self._homes[town] = np.concatenate(cells)
        return self._homes[town]

    def _found(self, line_id: str, sizes: dict[int, int], appetite: Rates) -> Codes:
        """A line's first customers, of the users of its towns by how many lines they tend to use."""
        rng = chance(self._seed, "founding list", line_id)
        found = []
        for town, size in sizes.items():
            users = self._core[town]
            keys = rng.exponential(1.0, len(users)) / appetite[users]  # the smallest keys: a draw by weight
            found.append(users[np.argsort(keys, kind="stable")[:size]])
        return np.concatenate(found)
