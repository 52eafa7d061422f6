"""A second, rougher world of call records, so that the succession engine is not fitted to one simulator alone.

Twelve towns, sixty brands, their customers, ten lawful senders of many texts a town, and ordinary people of whom some change
number. Parameters after the notes on communications data, §7; the settings `hard` and `no handset` are harsher than it.
Numbers are letters and digits ("L000123") that cannot be dialled: L deal numbers, B businesses, P people, others contacts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow.csv import WriteOptions, write_csv

DAY = 86_400.0
START = datetime(2026, 1, 1, tzinfo=UTC)
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class RoughSettings:
    """What is varied between worlds. Shares are of one."""

    kept: tuple[float, float] = (0.35, 0.95)  # of customers, at a change of number
    lines_each: float = 2.2  # lines a customer uses
    same_handset: float = 0.35
    same_cells: float = 0.6
    same_rhythm: float = 0.3
    lost_rows: float = 0.0
    towns: int = 12
    brands: int = 60
    days: int = 100
    people: int = 300
    people_changing: float = 0.1
    second_phones: float = 0.1  # of numbers, beside which the same people run another for a while: nobody takes over


ROUGH = {
    "easy": RoughSettings(kept=(0.8, 0.95), lines_each=1.3),
    "mid": RoughSettings(),
    "mid, half lost": RoughSettings(lost_rows=0.5),
    "hard": RoughSettings(kept=(0.2, 0.6), lines_each=3.0, same_handset=0.1, same_rhythm=0.0),
    "no handset": RoughSettings(kept=(0.2, 0.6), lines_each=3.0, same_handset=0.0, same_cells=0.0, same_rhythm=0.0),
}


@dataclass
class RoughWorld:
    """Rows as they are drawn, and the changes of number that are true."""

    chance: np.random.Generator
    settings: RoughSettings
    names: list[str] = field(default_factory=list)
    rows: list[tuple[NDArray[np.float64], Numbers, Numbers, Numbers, Numbers, Numbers]] = field(default_factory=list)
    changes: set[tuple[str, str]] = field(default_factory=set)
    handsets: int = 0

    def number(self, kind: str) -> int:
        self.names.append(f"{kind}{len(self.names):06}")
        return len(self.names) - 1

    def several(self, kind: str, count: int) -> Numbers:
        return np.array([self.number(kind) for _ in range(count)])

    def handset(self) -> int:
        self.handsets += 1
        return self.handsets

    def emit(
        self,
        moment: NDArray[np.float64],
        text: object,
        sender: object,
        receiver: object,
        handset: int = 0,
        cell: object = 0,
    ) -> None:
        if len(moment):
            each = (
                np.broadcast_to(np.asarray(column), len(moment)) for column in (text, sender, receiver, handset, cell)
            )
            self.rows.append((moment, *each))  # type: ignore[arg-type]

    def write(self, path: Path, subjects: str = "LBP") -> None:
        """The rows that concern a number of these kinds, in order of time."""
        columns = [np.concatenate(column) for column in zip(*self.rows, strict=True)]
        kept = self.chance.random(len(columns[0])) >= self.settings.lost_rows
        own = np.array([name[0] in subjects for name in self.names])
        order = np.argsort(columns[0], kind="stable")
        order = order[kept[order] & (own[columns[2][order]] | own[columns[3][order]])]
        moment, text, sender, receiver, handset, cell = (column[order] for column in columns)
        names = pa.array(self.names)
        start = pa.array(moment.astype(np.int64) + int(START.timestamp())).cast(pa.timestamp("s", "UTC"))
        rows = {
            "start": pc.strftime(start, "%Y-%m-%dT%H:%M:%S+00:00"),
            "type": pc.if_else(pa.array(text.astype(bool)), "sms", "voice"),
            "from": names.take(pa.array(sender)),
            "to": names.take(pa.array(receiver)),
            # The last digit is the check digit, which tells nobody apart.
            "from_imei": _written(handset, lambda each: f"{each:014}0"),
            "from_cell": _written(cell, lambda each: f"cell{each}"),
        }
        write_csv(pa.table(rows), path, WriteOptions(quoting_style="none"))


def _written(codes: Numbers, text: Callable[[int], str]) -> pa.Array:
    """Codes as texts, nought as nothing."""
    values, places = np.unique(codes, return_inverse=True)
    return pa.array([text(each) if each else "" for each in values.tolist()]).take(pa.array(places))


def rough_world(seed: int, settings: RoughSettings) -> RoughWorld:
    """One world, the same for a seed."""
    world = RoughWorld(np.random.default_rng(seed), settings)
    size = max(int(settings.brands / settings.towns * 90 / settings.lines_each), 30)
    towns = [world.several("c", size) for _ in range(settings.towns)]
    for brand in range(settings.brands):
        _brand(world, brand, towns[int(world.chance.integers(settings.towns))])
    for place, customers in enumerate(towns):
        _businesses(world, place, np.concatenate([world.several("h", 400), customers]))
    _people(world)
    return world


@dataclass(frozen=True)
class _Habit:
    hours: NDArray[np.float64]
    reach: float
    handset: int
    cells: Numbers


def _brand(world: RoughWorld, brand: int, pool: Numbers) -> None:
    chance, settings = world.chance, world.settings
    liked = chance.lognormal(0, 0.7, len(pool))
    size = int(np.clip(chance.lognormal(np.log(80), 0.5), 15, len(pool)))
    customers = chance.choice(pool, size, replace=False, p=liked / liked.sum())
    late = chance.random() < 0.35
    now = chance.uniform(-60, settings.days * 0.8) if late else -chance.uniform(0, 60)
    end = settings.days if chance.random() < 0.7 else chance.uniform(max(now, 0) + 10, settings.days + 30)
    rates = dict(zip(pool.tolist(), chance.uniform(0.25, 0.9) * chance.lognormal(-0.4, 0.9, len(pool)), strict=True))
    habit = _Habit(_hours(chance), chance.uniform(0.75, 0.9), world.handset(), _cells(chance, brand))
    associates, before = world.several("a", 3), None
    while now < min(end, settings.days):
        stop = min(now + float(np.clip(chance.lognormal(np.log(33), 0.65), 4, 400)), end)
        number, first, last = world.number("L"), max(now, 0.0), min(stop, float(settings.days))
        if last > first:
            _trade(world, number, customers, np.array([rates[c] for c in customers.tolist()]), habit, first, last)
            calls = chance.poisson((last - first) * 3)
            world.emit(
                chance.uniform(first, last, calls) * DAY, 0, number, chance.choice(associates, calls), habit.handset
            )
            if chance.random() < settings.second_phones:
                _second_phone(world, customers, rates, associates, habit, first, last)
            if before is not None:
                world.changes.add((world.names[before], world.names[number]))
            if stop < settings.days:
                tries = np.repeat(customers, chance.poisson(0.2, len(customers)))
                world.emit((stop + chance.exponential(3, len(tries))) * DAY, 0, tries, number)
        before = number if last > first else None
        kept = customers[chance.random(len(customers)) < chance.uniform(*settings.kept)]
        grown = int(len(customers) * 0.04 * (stop - now) / 7) + 1 + (60 if chance.random() < 0.1 else 0)
        customers = np.union1d(kept, chance.choice(pool, min(grown, len(pool)), replace=False))
        habit = _changed(world, brand, habit)
        now = stop + (chance.uniform(0, 5) if chance.random() > 0.15 else -chance.uniform(1, 3))


def _second_phone(
    world: RoughWorld,
    customers: Numbers,
    rates: dict[int, float],
    associates: Numbers,
    habit: _Habit,
    first: float,
    last: float,
) -> None:
    """One number becomes two for a while: most of the list, the same hours and people, another handset; the first goes on."""
    chance = world.chance
    begun = first + 7 + chance.random() * max(last - first - 14, 0.0)
    ended = min(begun + float(np.clip(chance.lognormal(np.log(14), 0.6), 3, 60)), last - 7)
    if ended - begun < 3:
        return
    number, own = world.number("L"), replace(habit, handset=world.handset())
    reached = customers[chance.random(len(customers)) < chance.uniform(0.5, 1.0)]
    _trade(world, number, reached, np.array([rates[c] for c in reached.tolist()]), own, begun, ended)
    calls = chance.poisson((ended - begun) * 3)
    world.emit(chance.uniform(begun, ended, calls) * DAY, 0, number, chance.choice(associates, calls), own.handset)


def _hours(chance: np.random.Generator) -> NDArray[np.float64]:
    return np.sort(chance.uniform(9, 22, int(chance.integers(2, 5))))


def _cells(chance: np.random.Generator, brand: int) -> Numbers:
    return 1 + chance.integers(0, 50, 3) + brand * 1000 + int(chance.integers(9)) * 100_000


def _changed(world: RoughWorld, brand: int, habit: _Habit) -> _Habit:
    chance, settings = world.chance, world.settings
    if chance.random() > settings.same_handset:
        habit = replace(habit, handset=world.handset())
    if chance.random() > settings.same_rhythm:
        habit = replace(habit, hours=_hours(chance), reach=chance.uniform(0.75, 0.9))
    if chance.random() > settings.same_cells:
        habit = replace(habit, cells=_cells(chance, brand))
    return habit


def _trade(
    world: RoughWorld,
    number: int,
    customers: Numbers,
    rates: NDArray[np.float64],
    habit: _Habit,
    first: float,
    last: float,
) -> None:
    chance = world.chance
    for day in range(int(first), int(np.ceil(last))):
        for hour in habit.hours:
            start = (day + hour / 24) * DAY + chance.normal(0, 1800)
            if first * DAY <= start <= last * DAY:
                reached = customers[chance.random(len(customers)) < habit.reach]
                moments = start + np.sort(chance.uniform(0, chance.uniform(60, 300), len(reached)))
                world.emit(moments, 1, number, reached, habit.handset, chance.choice(habit.cells, len(reached)))
    buyers = np.repeat(customers, chance.poisson(rates * (last - first) * 0.7))
    day = np.floor(first) + chance.integers(0, max(int(last - first), 1), len(buyers))
    moment = day * DAY + (np.clip(chance.normal(17, 4, len(buyers)), 8, 23) + chance.random(len(buyers))) * 3600
    inside = (moment >= first * DAY) & (moment <= last * DAY)
    buyers, moment = buyers[inside], moment[inside]
    world.emit(moment, chance.random(len(buyers)) < 0.35, buyers, number)
    back = chance.random(len(buyers)) < 0.35
    cells = chance.choice(habit.cells, int(back.sum()))
    world.emit(moment[back] + chance.uniform(60, 1800, back.sum()), 0, number, buyers[back], habit.handset, cells)


def _businesses(world: RoughWorld, town: int, public: Numbers) -> None:
    """Surgeries that text other people each day, senders to one list now and then, taxis that text one at a time."""
    chance, days = world.chance, world.settings.days
    for which in range(10):
        number, first = world.number("B"), 0 if chance.random() < 0.8 else int(chance.uniform(0, days))
        handset, cell = world.handset(), 50_000_000 + town * 100 + which
        if which == 0:
            rides = 60 * (days - first)
            moment, riders = chance.uniform(first, days, rides) * DAY, chance.choice(public, rides)
            world.emit(moment, 0, riders, number)
            world.emit(moment + 300, 1, number, riders, handset, cell)
            continue
        every, lasting = (
            (1, None) if which < 4 else (int(chance.choice([3, 4, 7, 14])), chance.choice(public, 120, False))
        )
        for day in range(first, days, every):
            listed = lasting if lasting is not None else chance.choice(public, 40, replace=False)
            if lasting is not None or day % 7 < 5:
                moments = (day + (9 if lasting is None else 17) / 24) * DAY + np.sort(
                    chance.uniform(0, 400, len(listed))
                )
                world.emit(moments, 1, number, listed, handset, cell)
            world.emit((day + chance.uniform(0.4, 0.8, 6)) * DAY, 0, chance.choice(listed, 6), number)


def _people(world: RoughWorld) -> None:
    """Ordinary people whose records are held; some change number and keep their friends."""
    chance, settings = world.chance, world.settings
    public = world.several("p", settings.people * 8)
    for person in range(settings.people):
        number = world.number("P")
        friends = chance.choice(public, int(np.clip(chance.lognormal(np.log(15), 0.5), 3, 80)), replace=False)
        often = 1 / np.arange(1, len(friends) + 1)
        count = chance.poisson(chance.lognormal(np.log(11), 0.6) * settings.days)
        moment, out = chance.uniform(0, settings.days, count), chance.random(count) < 0.5
        own = np.full(count, number)
        if chance.random() < settings.people_changing:
            after = world.number("P")
            own = np.where(moment > chance.uniform(10, settings.days - 10), after, number)
            world.changes.add((world.names[number], world.names[after]))
        friend, handset = chance.choice(friends, count, p=often / often.sum()), world.handset()
        for outward in (True, False):
            here = out == outward
            ends = (own[here], friend[here]) if outward else (friend[here], own[here])
            cell = 60_000_000 + person if outward else 0
            texts = chance.random(int(here.sum())) < 0.6
            world.emit(moment[here] * DAY, texts, *ends, handset if outward else 0, cell)
