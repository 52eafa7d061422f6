"""Who buys from which line: the users of each town, the list of each deal number, what a change of number does to it.

A town's users are shared by its lines, so a rival that opens there rings people whom others ring too. A list starts
with users of the town, grows and loses customers by the week, and is carried over in part when the number changes.
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
from crossline.simulation.world import Line, NumberPeriod

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


@dataclass(frozen=True, slots=True)
class Membership:
    """The list of one deal number: each customer on it, orders a day that call records show, and from when to when.

    `kept` is the share of the previous number's customers who were carried over, None for a line's first number.
    """

    customers: Codes
    rate: Rates
    joins: Days
    leaves: Days
    kept: float | None

    def overlap(self, first: int, last: int) -> NDArray[np.int64]:
        """Days from first to last on which each customer is on the list."""
        days = np.minimum(self.leaves, last + 1) - np.maximum(self.joins, first)
        return np.asarray(np.maximum(days, 0), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Roll:
    """A list as it is being drawn."""

    customers: Codes
    joins: Days
    leaves: Days

    def with_others(self, others: _Roll) -> _Roll:
        """This list and the others behind it."""
        return _Roll(
            np.concatenate([self.customers, others.customers]),
            np.concatenate([self.joins, others.joins]),
            np.concatenate([self.leaves, others.leaves]),
        )


class CustomerBook:
    """Draws the customers of all lines. Lines are taken in order of their id, so the order given does not matter."""

    def __init__(self, lines: Sequence[Line], network: Network, *, seed: int, horizon: int, list_scale: float) -> None:
        self._seed, self._network, self._horizon, self._scale = seed, network, horizon, list_scale
        self._lines = sorted((line for line in lines if line.periods and line.markets), key=lambda line: line.line_id)
        self._count = 0
        self._columns: list[tuple[Rates, Rates, Days, Codes]] = []
        self._homes: dict[int, Codes] = {}
        sizes = {line.line_id: self._sizes(line) for line in self._lines}
        self._core = {town: self._arrivals(town, count, "core") for town, count in self._pools(sizes).items()}
        appetite = self._appetite()
        self._founding = {line.line_id: self._found(line, sizes[line.line_id], appetite) for line in self._lines}

    def memberships(self, directory: Directory) -> tuple[Customers, dict[str, Membership]]:
        """The customers, and the list of every deal number by its number."""
        lists: dict[str, Membership] = {}
        for line in self._lines:
            lists.update(self._lists(line))
        appetite, eagerness, changes, cells = (np.concatenate(column) for column in zip(*self._columns, strict=True))
        first = directory.reserve(self._count * NUMBERS_EACH)
        customers = Customers(first, appetite, eagerness, changes, cells)
        return customers, {number: _with_rates(found, customers) for number, found in lists.items()}

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

    def _pools(self, sizes: dict[str, dict[int, int]]) -> dict[int, int]:
        """Users of each town: enough that those who have a line at all have about 2.2 at the busiest time."""
        moves: dict[int, list[tuple[int, int]]] = {}
        for line in self._lines:
            closed = day_number(line.closed) if line.closed else self._horizon + 1
            for town, size in sizes[line.line_id].items():
                moves.setdefault(town, []).extend([(day_number(line.opened), size), (closed, -size)])
        pools = {}
        for town, steps in sorted(moves.items()):
            peak = int(np.cumsum([size for _, size in sorted(steps)]).max())
            opened = [size for _, size in steps if size > 0]
            floor = max(
                max(opened) * figures.POOL_OVER_LONGEST.value, sum(opened) / len(opened) * figures.POOL_FLOOR.value
            )
            pools[town] = int(max(peak / figures.POOL_LOAD.value, floor))
        return pools

    def _arrivals(self, town: int, count: int, name: str) -> Codes:
        """Add `count` customers who live in the town; their indices."""
        rng = chance(self._seed, "customers", town, name)
        appetite = (1 + rng.poisson(figures.OTHER_LINES_MEAN.value, count)).astype(np.float32)
        sigma = figures.ORDER_SIGMA.value
        eagerness = np.exp(rng.normal(-(sigma**2) / 2, sigma, count)).astype(np.float32)
        life = figures.CUSTOMER_NUMBER_LIFE.value
        first = self._horizon - rng.exponential(life, count)  # memoryless, so it may as well run backwards
        changes = np.stack([first - rng.exponential(life, count), first], axis=1).astype(np.int32)
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

    def _appetite(self) -> Rates:
        return np.concatenate([column[0] for column in self._columns]) if self._columns else np.empty(0, np.float32)

    def _found(self, line: Line, sizes: dict[int, int], appetite: Rates) -> Codes:
        rng = chance(self._seed, "founding list", line.line_id)
        return np.concatenate(
            [_weighted(rng, self._core[town], appetite[self._core[town]], size) for town, size in sizes.items()]
        )

    def _lists(self, line: Line) -> dict[str, Membership]:
        """The lists of one line's numbers, each from the one before."""
        rng = chance(self._seed, "list", line.line_id)
        ever, kept = self._founding[line.line_id], None
        rate = rng.uniform(*figures.ORDER_RATE.value) * (1.0 - rng.uniform(*figures.APP_SHARE.value))
        weekly = len(ever) * (rng.uniform(*figures.GROWTH.value) + figures.CHURN.value)
        roll = _joining(rng, ever, np.full(len(ever), _day(line.periods[0])))
        lists = {}
        for at, period in enumerate(line.periods):
            start, end = _day(period), day_number(period.end) if period.end else self._horizon
            won = self._recruits(line, round(weekly * max(end - start, 0) / 7), ever, f"growth {at}", rng)
            ever = np.concatenate([ever, won])
            roll = roll.with_others(_joining(rng, won, rng.integers(start, max(end, start) + 1, len(won))))
            rates = np.full(len(roll.customers), rate, np.float32)
            lists[period.number] = Membership(roll.customers, rates, roll.joins, roll.leaves, kept)
            if at + 1 < len(line.periods):
                roll, ever, kept = self._carry(line, roll, ever, (end, _day(line.periods[at + 1])), rng)
        return lists

    def _carry(
        self, line: Line, roll: _Roll, ever: Codes, change: tuple[int, int], rng: np.random.Generator
    ) -> tuple[_Roll, Codes, float]:
        """The list that the next number starts with, everybody the line ever had, and the share kept."""
        end, start = change
        present = np.flatnonzero((roll.joins <= end) & (roll.leaves > end))
        share = rng.uniform(*figures.KEPT_SHARE.value)
        kept = rng.permutation(present)[: round(len(present) * share)]
        refill = round((len(present) - len(kept)) * rng.uniform(*figures.REFILL_SHARE.value))
        won = self._recruits(line, refill, ever, f"refill {start}", rng)
        won_on = start + rng.integers(0, figures.REFILL_DAYS.value, len(won))
        ever = np.concatenate([ever, won])
        if rng.random() < figures.LIST_BOUGHT_CHANCE.value:
            bought = self._bought(line, ever, rng)
            won = np.concatenate([won, bought])
            won_on = np.concatenate([won_on, np.full(len(bought), start)])
            ever = np.concatenate([ever, bought])
        over = _Roll(
            roll.customers[kept], np.full(len(kept), start, np.int32), np.maximum(roll.leaves[kept], start + 1)
        )
        return over.with_others(_joining(rng, won, won_on)), ever, len(kept) / max(len(present), 1)

    def _recruits(self, line: Line, count: int, ever: Codes, name: str, rng: np.random.Generator) -> Codes:
        """New customers in the line's towns: users of other lines as far as there are, newcomers for the rest."""
        towns = list(dict.fromkeys(self._network.town(market) for market in line.markets))
        each = np.bincount(rng.integers(len(towns), size=count), minlength=len(towns))
        found = []
        for town, wanted in zip(towns, each.tolist(), strict=True):
            known = np.setdiff1d(self._core[town], ever)
            take = min(round(wanted * figures.RECRUIT_FROM_TOWN.value), len(known))
            found.append(rng.choice(known, take, replace=False).astype(np.int32))
            found.append(self._arrivals(town, wanted - take, f"{line.line_id} {name}"))
        return np.concatenate(found)

    def _bought(self, line: Line, ever: Codes, rng: np.random.Generator) -> Codes:
        """Part of the founding list of another line of the first market; nobody's if there is none."""
        others = [
            other.line_id for other in self._lines if other is not line and set(other.markets) & set(line.markets[:1])
        ]
        if not others:
            return np.empty(0, np.int32)
        theirs = np.setdiff1d(self._founding[others[rng.integers(len(others))]], ever)
        share = rng.uniform(*figures.LIST_BOUGHT_SHARE.value)
        return rng.permutation(theirs)[: round(len(theirs) * share)].astype(np.int32)


def _day(period: NumberPeriod) -> int:
    return day_number(period.start)


def _joining(rng: np.random.Generator, customers: Codes, joined: NDArray[np.int64]) -> _Roll:
    stay = rng.exponential(7 / figures.CHURN.value, len(customers))
    return _Roll(customers, joined.astype(np.int32), (joined + 1 + stay).astype(np.int32))


def _weighted(rng: np.random.Generator, whom: Codes, weights: Rates, count: int) -> Codes:
    """`count` of them without replacement, by weight (exponential keys)."""
    keys = rng.exponential(1.0, len(whom)) / weights
    return whom[np.argsort(keys, kind="stable")[:count]]


def _with_rates(found: Membership, customers: Customers) -> Membership:
    rate = np.minimum(found.rate * customers.eagerness[found.customers], figures.ORDER_RATE_MAX.value)
    return Membership(found.customers, rate.astype(np.float32), found.joins, found.leaves, found.kept)
