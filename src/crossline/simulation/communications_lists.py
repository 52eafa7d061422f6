"""The list of each deal number over time: how it grows and shrinks, and what becomes of it when the number changes.

Numbers are drawn in order of their start, so that a line that split off another, or took another over, finds the list
it takes from already drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_cells import Network
from crossline.simulation.communications_customers import CustomerBook, Customers, Days, Rates
from crossline.simulation.communications_events import day_number
from crossline.simulation.communications_numbers import Codes, Directory, chance
from crossline.simulation.world import Line, NumberPeriod


@dataclass(frozen=True, slots=True)
class Membership:
    """The list of one deal number: each customer on it, orders a day that call records show, and from when to when.

    `kept` says of each number that this one truly follows which share of its customers came over.
    """

    customers: Codes
    rate: Rates
    joins: Days
    leaves: Days
    kept: Mapping[str, float]

    def overlap(self, first: int, last: int) -> NDArray[np.int64]:
        """Days from first to last on which each customer is on the list."""
        days = np.minimum(self.leaves, last + 1) - np.maximum(self.joins, first)
        return np.asarray(np.maximum(days, 0), dtype=np.int64)


def draw_lists(
    lines: Sequence[Line], network: Network, directory: Directory, *, seed: int, horizon: int, list_scale: float
) -> tuple[Customers, dict[str, Membership]]:
    """The customers of all lines, and the list of every deal number by its number."""
    selling = sorted((line for line in lines if line.periods and line.markets), key=lambda line: line.line_id)
    book = CustomerBook(selling, network, seed=seed, horizon=horizon, list_scale=list_scale)
    drawing = _ListDrawing(selling, book, seed=seed, horizon=horizon)
    # A number that overlaps a very short one may start before it: a line's own order comes first all the same.
    starts = {line.line_id: list(accumulate((period.start for period in line.periods), max)) for line in selling}
    listed = [(line, at) for line in selling for at in range(len(line.periods))]
    for line, at in sorted(listed, key=lambda one: (starts[one[0].line_id][one[1]], one[0].line_id, one[1])):
        drawing.draw(line, at)
    customers = book.close(directory)
    return customers, {number: roll.membership(customers) for number, roll in drawing.rolls.items()}


@dataclass(frozen=True, slots=True)
class _Roll:
    """A list as it is being drawn; `last` is the number's last day in use, `rate` the line's mean of visible orders."""

    customers: Codes
    joins: Days
    leaves: Days
    last: int = 0
    rate: float = 0.0
    kept: Mapping[str, float] | None = None

    def with_others(self, others: _Roll) -> _Roll:
        """This list, and behind it those of the others who are not on it."""
        fresh = np.isin(others.customers, self.customers, invert=True)
        return _Roll(
            np.concatenate([self.customers, others.customers[fresh]]),
            np.concatenate([self.joins, others.joins[fresh]]),
            np.concatenate([self.leaves, others.leaves[fresh]]),
        )

    def taken_over(self, share: float, start: int, rng: np.random.Generator) -> tuple[_Roll, float]:
        """Of those still there at the end that share, on a list that starts then; and the share as it came out."""
        present = np.flatnonzero((self.joins <= self.last) & (self.leaves > self.last))
        chosen = rng.permutation(present)[: round(len(present) * share)]
        joins = np.full(len(chosen), start, np.int32)
        leaves = np.maximum(self.leaves[chosen], start + 1).astype(np.int32)
        return _Roll(self.customers[chosen], joins, leaves), len(chosen) / max(len(present), 1)

    def membership(self, customers: Customers) -> Membership:
        """The list as the traffic needs it."""
        rate = np.minimum(self.rate * customers.eagerness[self.customers], figures.ORDER_RATE_MAX.value)
        return Membership(self.customers, rate.astype(np.float32), self.joins, self.leaves, self.kept or {})


class _ListDrawing:
    """Draws lists one after another, in order of their start."""

    def __init__(self, lines: Sequence[Line], book: CustomerBook, *, seed: int, horizon: int) -> None:
        self._lines, self._book, self._seed, self._horizon = lines, book, seed, horizon
        self.rolls: dict[str, _Roll] = {}
        self._ever: dict[str, Codes] = {}
        self._merging: dict[str, list[str]] = {}
        for line in lines:
            if line.merged_into:
                self._merging.setdefault(line.merged_into, []).append(line.periods[-1].number)

    def draw(self, line: Line, at: int) -> None:
        """The list of a line's number: what it starts with, what it wins while in use."""
        period = line.periods[at]
        start, last = day_number(period.start), day_number(period.end) if period.end else self._horizon
        rng = chance(self._seed, "list", line.line_id, at)
        roll, kept = self._begun(line, at, start, rng)
        for closed in self._merging.get(period.number, ()):
            if closed in self.rolls:
                theirs, kept[closed] = self.rolls[closed].taken_over(_kept_share(rng), start, rng)
                roll = roll.with_others(theirs)
        self._ever[line.line_id] = np.union1d(self._ever.get(line.line_id, roll.customers), roll.customers)
        rate, weekly = self._pace(line)
        won = self._recruits(line, round(weekly * max(last - start, 0) / 7), f"growth {at}")
        roll = roll.with_others(_joining(rng, won, rng.integers(start, max(last, start) + 1, len(won))))
        self.rolls[period.number] = _Roll(roll.customers, roll.joins, roll.leaves, last, rate, kept)

    def _begun(self, line: Line, at: int, start: int, rng: np.random.Generator) -> tuple[_Roll, dict[str, float]]:
        """What a number starts with, and which share of which number's customers that is."""
        if at > 0:
            return self._changed(line, line.periods[at - 1], start, rng)
        founding = self._book.founding[line.line_id]
        own = _joining(rng, founding, np.full(len(founding), start))
        if line.split_from not in self.rolls:
            return own, {}
        theirs, share = self.rolls[line.split_from].taken_over(rng.uniform(*figures.SPLIT_TAKES.value), start, rng)
        rest = max(len(founding) - len(theirs.customers), 0)
        own = _Roll(own.customers[:rest], own.joins[:rest], own.leaves[:rest])
        return theirs.with_others(own), {line.split_from: share}

    def _changed(
        self, line: Line, before: NumberPeriod, start: int, rng: np.random.Generator
    ) -> tuple[_Roll, dict[str, float]]:
        """The list after a change of number: part of the old one, some won anew, now and then one that was bought."""
        old = self.rolls[before.number]
        carried, share = old.taken_over(_kept_share(rng), start, rng)
        lost = round(len(carried.customers) * (1 / share - 1)) if share else 0
        won = self._recruits(line, round(lost * rng.uniform(*figures.REFILL_SHARE.value)), f"refill {start}")
        won_on = start + rng.integers(0, figures.REFILL_DAYS.value, len(won))
        roll = carried.with_others(_joining(rng, won, won_on))
        if rng.random() < figures.LIST_BOUGHT_CHANCE.value:
            bought = self._bought(line, rng)
            roll = roll.with_others(_joining(rng, bought, np.full(len(bought), start)))
        return roll, {before.number: share}

    def _pace(self, line: Line) -> tuple[float, float]:
        """A line's mean of orders a customer-day that call records show, and the customers it wins a week."""
        rng = chance(self._seed, "pace", line.line_id)
        rate = rng.uniform(*figures.ORDER_RATE.value) * (1.0 - rng.uniform(*figures.APP_SHARE.value))
        growth = rng.uniform(*figures.GROWTH.value) + figures.CHURN.value
        return rate, len(self._book.founding[line.line_id]) * growth

    def _recruits(self, line: Line, count: int, name: str) -> Codes:
        won = self._book.recruits(line, count, self._ever[line.line_id], name)
        self._ever[line.line_id] = np.union1d(self._ever[line.line_id], won)
        return won

    def _bought(self, line: Line, rng: np.random.Generator) -> Codes:
        """Part of the founding list of another line of the first market; nobody's if there is none."""
        others = [other.line_id for other in self._lines if other is not line and line.markets[0] in other.markets]
        if not others:
            return np.empty(0, np.int32)
        theirs = np.setdiff1d(self._book.founding[others[rng.integers(len(others))]], self._ever[line.line_id])
        share = rng.uniform(*figures.LIST_BOUGHT_SHARE.value)
        return rng.permutation(theirs)[: round(len(theirs) * share)].astype(np.int32)


def _kept_share(rng: np.random.Generator) -> float:
    return float(rng.uniform(*figures.KEPT_SHARE.value))


def _joining(rng: np.random.Generator, customers: Codes, joined: NDArray[np.int64]) -> _Roll:
    """People who join a list on those days and stay as long as customers do."""
    stay = rng.exponential(7 / figures.CHURN.value, len(customers))
    return _Roll(customers, joined.astype(np.int32), (joined + 1 + stay).astype(np.int32))
