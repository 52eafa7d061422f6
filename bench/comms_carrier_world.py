"""A rough world of who carries which phone, for measuring attribution: lines, holders, deputies, companions, housemates.

Masts, networks and which cell serves a place are those of the synthetic nation (communications_cells); people move by the hour
on a plan of their own here, so that what the engine is fitted to is not the nation's six-hour blocks. A conurbation and eight
towns that do not exist; a journey between towns takes its hour without a registration. Parameters after the notes on
communications data, §7. Numbers are letters and digits that cannot be dialled.

Of each line: L the line's phone; H its holder's own; D a deputy who has it the rest of the time; C a companion who is with
the holder 15 to 60 % of the time, in stretches; M a housemate; K a close companion, 60 to 95 %; S the second holder
where the line is handed on. Everybody else is P.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from crossline.simulation.communications_cells import Network, Spot, choose
from crossline.simulation.communications_parameters import (
    HAUNTS,
    HOLDER_TRAVELS,
    ORDER_HOURS,
    PERSONAL_HOURS,
    PERSONAL_MEDIAN,
    PERSONAL_SIGMA,
    TRAVEL_HOURS,
    WAKING_HOURS,
)
from crossline.simulation.world import Place

START = datetime(2026, 2, 2, tzinfo=UTC)
Hours = NDArray[np.int64]


@dataclass(frozen=True)
class CarrierSettings:
    """What is varied between worlds. Shares are of one."""

    people: int = 4_000
    lines: int = 60
    days: int = 14
    networks: int = 4
    companion: tuple[float, float] = (0.15, 0.60)
    close: tuple[float, float] = (0.60, 0.95)
    carried: tuple[float, float] = (0.75, 1.0)
    stretch_hours: tuple[float, float] = (4.0, 14.0)  # mean length of a stretch together, drawn for each pair of people
    handed_on: float = 0.2  # share of lines
    travellers: float = 0.25  # share of everybody who makes such journeys as holders do
    line_events: float = 40.0  # a day, median, beside two broadcasts
    lost_rows: float = 0.0
    wrong_sector: float = 0.15


@dataclass(frozen=True)
class Someone:
    """A phone with a track of spots by the hour."""

    name: str
    track: Hours
    network: int


@dataclass
class CarrierWorld:
    """The phones, and who had each line's phone in each hour (index into `carriers` of that line)."""

    settings: CarrierSettings
    chance: np.random.Generator
    network: Network
    spots: list[Spot] = field(default_factory=list)
    phones: list[Someone] = field(default_factory=list)
    carriers: dict[str, tuple[tuple[str, ...], Hours]] = field(default_factory=dict)
    companions: dict[str, tuple[tuple[str, ...], NDArray[np.bool_]]] = field(default_factory=dict)

    @property
    def hours(self) -> int:
        return self.settings.days * 24

    def spot(self, town: int) -> int:
        east, north = self.chance.normal(0.0, 0.35, 2) * self.network.extent(town)
        self.spots.append(Spot(town, float(east), float(north)))
        return len(self.spots) - 1

    def life(self, town: int, *, home: int | None = None, away: tuple[int, ...] = ()) -> Hours:
        """Where somebody is by the hour: nights at home, three-hour stays at four places, journeys if they make any."""
        days = self.settings.days
        own = np.array([self.spot(town) if home is None else home, *(self.spot(town) for _ in HAUNTS.value[1:])])
        hours = np.repeat(own[self.chance.choice(len(own), p=HAUNTS.value, size=(days, 8))], 3, axis=1)
        awake = np.roll(np.arange(24), 0)
        rises = WAKING_HOURS.value[0] + int(self.chance.integers(-2, 2))
        hours[:, (awake < rises) | (awake >= WAKING_HOURS.value[1])] = own[0]
        if away:
            there = np.array([self.spot(each) for each in away for _ in range(2)])
            for day in np.flatnonzero(self.chance.random(days) < HOLDER_TRAVELS.value):
                first = TRAVEL_HOURS.value[0] + int(self.chance.integers(-3, 3))
                hours[day, first : first + int(self.chance.integers(4, 11))] = self.chance.choice(there)
        return hours.reshape(-1)

    def stretches(self, share: float) -> NDArray[np.bool_]:
        """True in that share of hours, in stretches of random length that keep to no clock."""
        mean = float(self.chance.uniform(*self.settings.stretch_hours))
        if share >= 1.0:
            return np.ones(self.hours, bool)
        leave, join = 1.0 / mean, share / (1.0 - share) / mean
        found, now = np.empty(self.hours, bool), bool(self.chance.random() < share)
        draws = self.chance.random(self.hours)
        for hour in range(self.hours):
            found[hour] = now
            now = draws[hour] >= leave if now else draws[hour] < min(join, 1.0)
        return found

    def add(self, name: str, track: Hours) -> Someone:
        each = Someone(name, track, int(self.chance.integers(self.settings.networks)))
        self.phones.append(each)
        return each

    def others(self, town: int) -> tuple[int, ...]:
        return tuple(
            int(each) for each in self.chance.choice([t for t in range(len(self.network.towns)) if t != town], 2)
        )


def carrier_world(seed: int, settings: CarrierSettings) -> CarrierWorld:
    """One world, the same for a seed."""
    places = [Place("Amber", 53.0, -1.5, "X00000001", "kent", 400_000)]
    places += [
        Place(f"Birch {n}", 51.0 + 0.6 * (n % 4), -3.0 + 1.1 * (n // 2), f"X0000001{n}", "kent", 30_000 + 15_000 * n)
        for n in range(8)
    ]
    world = CarrierWorld(settings, np.random.default_rng(seed), Network(places, seed))
    size = np.array([place.population for place in world.network.towns], float)
    for line in range(settings.lines):
        _line(world, line, int(world.chance.choice(len(size), p=size / size.sum())))
    for person in range(settings.people):
        town = int(world.chance.choice(len(size), p=size / size.sum()))
        travels = world.chance.random() < settings.travellers
        world.add(f"P{person:05}", world.life(town, away=world.others(town) if travels else ()))
    return world


def _line(world: CarrierWorld, line: int, town: int) -> None:
    chance, settings = world.chance, world.settings
    away = world.others(town)
    home = world.spot(town)
    holder = world.add(f"H{line:03}", world.life(town, home=home, away=away))
    deputy = world.add(f"D{line:03}", world.life(town, away=away[:1]))
    has_it = world.stretches(float(chance.uniform(*settings.carried)))
    who = np.where(has_it, 0, 1)
    names = [holder.name, deputy.name]
    tracks = [holder.track, deputy.track]
    if chance.random() < settings.handed_on:
        second = world.add(f"S{line:03}", world.life(town, away=away))
        day = int(chance.integers(settings.days // 4, settings.days - settings.days // 4))
        who = np.where((np.arange(world.hours) >= day * 24) & (who == 0), 2, who)
        names.append(second.name)
        tracks.append(second.track)
    track = np.stack(tracks)[who, np.arange(world.hours)]
    world.add(f"L{line:03}", track)
    world.carriers[f"L{line:03}"] = (tuple(names), who)
    beside = []
    for kind, bounds in (("C", settings.companion), ("K", settings.close)):
        together = world.stretches(float(chance.uniform(*bounds)))
        own = world.life(town)
        each = world.add(f"{kind}{line:03}", np.where(together, holder.track, own))
        beside.append((each.name, together & (who == 0)))
    mate = world.add(f"M{line:03}", world.life(town, home=home))
    beside.append((mate.name, (mate.track == track)))
    world.companions[f"L{line:03}"] = (tuple(name for name, _ in beside), np.stack([each for _, each in beside]))


def write_world(world: CarrierWorld, folder: Path) -> tuple[Path, Path]:
    """The records as a dataset folder and the cells.csv; gives both paths."""
    dataset = folder / "records"
    dataset.mkdir()
    rows = [_rows(world, each) for each in world.phones]
    names = [
        name for each, (seconds, *_) in zip(world.phones, rows, strict=True) for name in [each.name] * len(seconds)
    ]
    seconds, cells, texts, lengths = (np.concatenate(column) for column in zip(*rows, strict=True))
    used, at = np.unique(cells, return_inverse=True)
    written = np.array(world.network.written(used.astype(np.int32)))
    blank = pa.nulls(len(names), pa.string())
    start = pa.array((seconds + int(START.timestamp())) * 1_000_000, pa.timestamp("us"))
    columns = {
        "subject": pa.array(names),
        "other": pa.array(["x000001"] * len(names)),
        "start": start,
        "outward": pa.array(np.ones(len(names), bool)),
        "type": pa.array(np.where(texts, "sms", "voice")),
        "duration_s": pa.array(lengths, pa.int32()),
        "imei": blank,
        "imsi": blank,
        "cell": pa.array(written[at]),
        "other_cell": blank,
    }
    pq.write_table(pa.table(columns), dataset / "part-0000.parquet")
    path = folder / "cells.csv"
    described = world.network.describe(used.astype(np.int32))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(described)
        writer.writerows(zip(*described.values(), strict=True))
    return dataset, path


def _rows(world: CarrierWorld, phone: Someone) -> tuple[Hours, Hours, NDArray[np.bool_], Hours]:
    chance, settings, is_line = world.chance, world.settings, phone.name[0] == "L"
    weights = np.array(ORDER_HOURS.value if is_line else PERSONAL_HOURS.value, float)
    median, sigma = (settings.line_events, 0.4) if is_line else (PERSONAL_MEDIAN.value, PERSONAL_SIGMA.value)
    rate = median * float(chance.lognormal(0.0, sigma)) * (1.0 - settings.lost_rows)
    count = chance.poisson(np.tile(weights / weights.sum() * rate, settings.days))
    town = np.array([world.spots[spot].town for spot in phone.track.tolist()])
    count[np.flatnonzero(town[1:] != town[:-1]) + 1] = 0  # on the way
    hour = np.repeat(np.arange(world.hours), count)
    seconds = (hour + chance.random(len(hour))) * 3_600.0
    if is_line:
        sent = chance.random((settings.days, 2)) < 0.92 * (1.0 - settings.lost_rows / 2)
        when = (np.arange(settings.days)[:, None] * 24 + np.array([10.5, 17.0]) + chance.uniform(-1, 1, sent.shape))[
            sent
        ]
        blasts = (when[:, None] * 3_600 + np.arange(0, 180, 60)[None, :]).reshape(-1)
        seconds = np.concatenate([seconds, blasts[count[(blasts // 3600).astype(int)] > 0]])
    seconds = seconds.astype(np.int64)
    used, at = np.unique(phone.track, return_inverse=True)
    candidates = np.stack([world.network.serving(world.spots[spot], phone.network) for spot in used.tolist()])
    noise = chance.random(world.hours * 4)
    cells = choose(candidates, np.repeat(at, 4), noise)[seconds // 900].astype(np.int64)
    stray = chance.random(len(cells)) < settings.wrong_sector  # a sector's edge is not sharp, and it has a back lobe
    cells = np.where(stray, cells // 3 * 3 + (cells % 3 + chance.integers(1, 3, len(cells))) % 3, cells)
    texts = chance.random(len(seconds)) < 0.6
    return seconds, cells, texts, np.where(texts, 0, chance.geometric(1 / 60, len(seconds)))


def hour_of(moment: Hours) -> Hours:
    """The hour of a world that a moment (seconds since 1970) lies in."""
    found: Hours = (moment - int(START.timestamp())) // 3_600
    return found


def end_of(settings: CarrierSettings) -> datetime:
    """When a world ends."""
    return START + timedelta(days=settings.days)
