"""A rough world of groups that run lines, for measuring networks and valuation: who does what, and who belongs together.

Groups of one to four lines in towns that do not exist. Each line has numbers in turn, customers out of its town's, a holder's
own phone (shared with another line of the group in some), runners' phones (some run for a second line of the group, a few for
somebody else's), friends of whoever holds the phone; a controller who rings the holders now and then and never a line; sellers
who serve several groups; a taxi firm and a top-up service that lines ring. Lines split and merge. Some runners buy as well.

Numbers are letters and digits that cannot be dialled: L line, H holder, R runner, K controller, S supplier, F friend, c customer,
T taxi or top-up, x whoever else own phones talk to. Figures after the notes on communications data, §7, or [D].
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
from comms_rough_world import DAY, START, Numbers, RoughSettings, RoughWorld
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NetworkWorldSettings:
    """What is varied between worlds. Shares are of one."""

    groups: int = 20
    towns: int = 7
    days: int = 70
    list_median: float = 55.0
    lines_each: float = 2.2
    kept: tuple[float, float] = (0.35, 0.95)
    own_holder: float = 0.6  # lines of a group whose holder is nobody else's
    shared_runner: float = 0.25  # runners of a group's line who run for another of its lines as well
    foreign_runner: float = 0.04  # runners who run for another group's line as well
    buying_runner: float = 0.12  # runners who are on the list
    split: float = 0.08
    merged: float = 0.06
    lost_rows: float = 0.0
    holders_held: float = 0.5  # own phones whose records are held
    runners_held: float = 0.3


@dataclass
class LineTruth:
    """One line: group, numbers with first and last day, and what is true of its custom by day."""

    name: str
    group: int
    town: int
    holder: int
    runners: list[int]
    friends: Numbers
    numbers: list[tuple[int, float, float]] = field(default_factory=list)
    customers: set[int] = field(default_factory=set)
    sales: list[tuple[float, int]] = field(default_factory=list)  # moment, customer


@dataclass
class NetworkWorld:
    """Rows, and the truth of them. `held`: numbers whose records were acquired."""

    rough: RoughWorld
    settings: NetworkWorldSettings
    lines: list[LineTruth] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    controllers: dict[int, int] = field(default_factory=dict)  # group, number
    held: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        return self.rough.names

    def write(self, folder: Path, held: set[str] | None = None) -> Path:
        """records.csv and its authorisation: the rows with an end among the numbers held."""
        held = self.held if held is None else held
        rough = self.rough
        columns = [np.concatenate(column) for column in zip(*rough.rows, strict=True)]
        chance = np.random.default_rng(len(columns[0]))
        kept = chance.random(len(columns[0])) >= self.settings.lost_rows
        is_held = np.array([name in held for name in rough.names])
        kept &= is_held[columns[2]] | is_held[columns[3]]
        kept &= (columns[0] >= 0) & (columns[0] < self.settings.days * DAY)
        order = np.argsort(columns[0], kind="stable")
        path = folder / "records.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["start", "type", "from", "to", "from_imei"])
            for at in order[kept[order]].tolist():
                moment, text, sender, receiver, handset, _ = (column[at] for column in columns)
                imei = f"00{handset:012}0" if handset and is_held[sender] else ""
                start = (START + timedelta(seconds=int(moment))).isoformat()
                writer.writerow([start, "sms" if text else "voice", rough.names[sender], rough.names[receiver], imei])
        authorisation = {
            "ref": "CD-BENCH-1",
            "agency": "kent",
            "numbers": sorted(held),
            "period_from": START.date().isoformat(),
            "period_to": (START + timedelta(days=self.settings.days)).date().isoformat(),
            "expires": "2030-01-01",
            "purpose": "a measurement",
        }
        (folder / "authorisation.json").write_text(json.dumps(authorisation), encoding="utf-8")
        return path


def network_world(seed: int, settings: NetworkWorldSettings) -> NetworkWorld:
    """One world, the same for a seed."""
    chance = np.random.default_rng(seed)
    world = NetworkWorld(RoughWorld(chance, RoughSettings()), settings)
    rough = world.rough
    size = max(int(settings.groups * 1.7 / settings.towns * settings.list_median / settings.lines_each * 1.3), 40)
    pools = [rough.several("c", size) for _ in range(settings.towns)]
    suppliers = rough.several("S", max(settings.groups // 3, 2))
    taxis, top_up = rough.several("T", settings.towns), rough.number("T")
    for group in range(settings.groups):
        _group(world, group, pools, chance.choice(suppliers, int(chance.integers(1, 3)), replace=False))
    for line in world.lines:  # some run for somebody else's line as well
        for runner in line.runners:
            if chance.random() < settings.foreign_runner:
                world.lines[int(chance.integers(len(world.lines)))].runners.append(runner)
    for line in list(world.lines):
        _life(world, line, pools[line.town], taxis[line.town], top_up)
    _own_phones(world)
    return world


def _group(world: NetworkWorld, group: int, pools: list[Numbers], suppliers: Numbers) -> None:
    chance, rough, settings = world.rough.chance, world.rough, world.settings
    count = 1 + int(chance.choice(4, p=(0.5, 0.28, 0.16, 0.06)))
    first = rough.number("H")
    lines = []
    for at in range(count):
        holder = first if at == 0 or chance.random() >= settings.own_holder else rough.number("H")
        runners = [rough.number("R") for _ in range(int(chance.integers(1, 5)))]
        for other in lines:
            runners += [runner for runner in other.runners if chance.random() < settings.shared_runner]
        town = int(chance.integers(len(pools)))
        line = LineTruth(f"line {len(world.lines):03}", group, town, holder, runners, rough.several("F", 3))
        lines.append(line)
        world.lines.append(line)
    if chance.random() < 0.7:
        world.controllers[group] = rough.number("K")
    for line in lines:
        _supply(world, line, suppliers, by_line=chance.random() < 0.5)
    world.roles.update({rough.names[each]: "supplier" for each in suppliers.tolist()})
    for holder in {line.holder for line in lines}:
        controller = world.controllers.get(group)
        if controller is not None:  # rings little, and never a line
            calls = int(chance.poisson(settings.days / 7 * chance.uniform(1, 2.5)))
            _both_ways(world, chance.uniform(0, settings.days, calls) * DAY, controller, holder, 0.3)
    for each in lines:
        world.roles[rough.names[each.holder]] = "holder"
        world.roles.update({rough.names[runner]: "runner" for runner in each.runners})
    if group in world.controllers:
        world.roles[rough.names[world.controllers[group]]] = "controller"


def _both_ways(world: NetworkWorld, moments: Floats, one: int, two: int, texts: float = 0.5) -> None:
    chance = world.rough.chance
    out = chance.random(len(moments)) < 0.5
    kind = (chance.random(len(moments)) < texts).astype(np.int64)
    world.rough.emit(moments[out], kind[out], one, two)
    world.rough.emit(moments[~out], kind[~out], two, one)


def _supply(world: NetworkWorld, line: LineTruth, suppliers: Numbers, *, by_line: bool) -> None:
    """Every few days somebody of the line rings a seller, who seldom rings back."""
    chance, days = world.rough.chance, world.settings.days
    at = np.cumsum(chance.uniform(2, 6, days))
    at = at[at < days]
    calls = np.repeat(np.floor(at) + chance.uniform(0.4, 0.9, len(at)), chance.integers(1, 3, len(at)))
    calls = (calls + chance.uniform(0, 0.02, len(calls))) * DAY
    back = chance.random(len(calls)) < 0.15
    seller = int(chance.choice(suppliers))
    if by_line:
        line.sales.append((-1.0, seller))  # drawn with the line's numbers, when they are known
        world.roles.setdefault(world.rough.names[seller], "supplier")
    else:
        world.rough.emit(calls[~back], 0, line.holder, seller)
        world.rough.emit(calls[back], 0, seller, line.holder)


def _life(world: NetworkWorld, line: LineTruth, pool: Numbers, taxi: int, top_up: int) -> None:
    """A line's numbers one after another, and now and then a split or a merger."""
    chance, settings, rough = world.rough.chance, world.settings, world.rough
    sellers = [seller for _, seller in line.sales]
    line.sales.clear()
    liked = chance.lognormal(0, 0.7, len(pool))
    size = int(np.clip(chance.lognormal(np.log(settings.list_median), 0.45), 15, len(pool)))
    customers = chance.choice(pool, size, replace=False, p=liked / liked.sum())
    buying = [runner for runner in line.runners if chance.random() < settings.buying_runner]
    rate = chance.uniform(0.25, 0.8)
    habit = (np.sort(chance.uniform(9, 21, int(chance.integers(1, 4)))), rough.handset())
    now, end = -chance.uniform(0, 40) if chance.random() < 0.7 else chance.uniform(0, settings.days * 0.6), 1e9
    while now < min(end, settings.days):
        stop = now + float(np.clip(chance.lognormal(np.log(33), 0.6), 5, 200))
        first, last = max(now, 0.0), min(stop, float(settings.days))
        if last - first > 1:
            number = rough.number("L")
            line.numbers.append((number, first, last))
            _trade(world, line, number, np.union1d(customers, buying).astype(np.int64), rate, habit, first, last)
            _inner(world, line, number, sellers, taxi, top_up, first, last)
            world.held.add(rough.names[number])
            world.roles[rough.names[number]] = "line"
        kept = customers[chance.random(len(customers)) < chance.uniform(*settings.kept)]
        grown = int(size * 0.04 * (stop - now) / 7) + int((len(customers) - len(kept)) * chance.uniform(0.2, 0.6)) + 1
        if chance.random() < settings.split and last - first > 1 and stop < settings.days - 12:
            _split_off(world, line, customers, pool, rate, stop, taxi, top_up)
        customers = np.union1d(kept, chance.choice(pool, min(grown, len(pool)), replace=False))
        if chance.random() < settings.merged:  # it ends, and its customers go to another line of the town
            return
        if chance.random() >= 0.35:
            habit = (habit[0], rough.handset())
        if chance.random() < 0.5:
            habit = (np.sort(chance.uniform(9, 21, len(habit[0]))), habit[1])
        now = stop + (chance.uniform(0, 4) if chance.random() > 0.15 else -chance.uniform(1, 3))


def _split_off(
    world: NetworkWorld,
    line: LineTruth,
    customers: Numbers,
    pool: Numbers,
    rate: float,
    start: float,
    taxi: int,
    top_up: int,
) -> None:
    """A new line of the same group, or of somebody who left it, with part of the list."""
    chance, rough, days = world.rough.chance, world.rough, float(world.settings.days)
    stays = chance.random() < 0.7
    group = line.group if stays else max(each.group for each in world.lines) + 1
    holder = line.holder if stays and chance.random() < 0.5 else rough.number("H")
    runners = [rough.number("R") for _ in range(int(chance.integers(1, 4)))]
    if stays:
        runners += [runner for runner in line.runners if chance.random() < 0.3]
    new = LineTruth(f"line {len(world.lines):03}", group, line.town, holder, runners, rough.several("F", 3))
    world.lines.append(new)
    controller = world.controllers.get(group)
    if controller is not None and holder != line.holder:
        calls = int(chance.poisson(days / 7 * chance.uniform(1, 2.5)))
        _both_ways(world, chance.uniform(start, days, calls) * DAY, controller, holder, 0.3)
    taken = customers[chance.random(len(customers)) < chance.uniform(0.3, 0.6)]
    number, habit = rough.number("L"), (np.sort(chance.uniform(9, 21, 2)), rough.handset())
    new.numbers.append((number, start, days))
    own = np.union1d(taken, chance.choice(pool, 15, replace=False))
    _trade(world, new, number, own, rate, habit, start, days)
    _inner(world, new, number, [], taxi, top_up, start, days)
    world.held.add(rough.names[number])
    world.roles.update({rough.names[number]: "line", rough.names[holder]: "holder"})
    world.roles.update({rough.names[runner]: "runner" for runner in runners})


def _trade(
    world: NetworkWorld,
    line: LineTruth,
    number: int,
    customers: Numbers,
    rate: float,
    habit: tuple[Floats, int],
    first: float,
    last: float,
) -> None:
    """Broadcasts, orders, who calls back, who is sent, and which orders become sales."""
    chance, rough = world.rough.chance, world.rough
    hours, handset = habit
    line.customers.update(customers.tolist())
    for day in range(int(first), int(np.ceil(last))):
        for hour in hours:
            start = (day + hour / 24) * DAY + chance.normal(0, 1800)
            if first * DAY <= start <= last * DAY and chance.random() < 0.92:
                reached = customers[chance.random(len(customers)) < chance.uniform(0.7, 0.9)]
                moments = start + np.sort(chance.uniform(0, chance.uniform(60, 300), len(reached)))
                rough.emit(moments, 1, number, reached, handset)
    each = rate * chance.lognormal(-0.4, 0.9, len(customers))
    buyers = np.repeat(customers, chance.poisson(np.minimum(each, 5.0) * (last - first) * 0.6))
    day = np.floor(first) + chance.integers(0, max(int(last - first), 1), len(buyers))
    moment = day * DAY + (np.clip(chance.normal(16, 4, len(buyers)), 8, 23) + chance.random(len(buyers))) * 3600
    inside = (moment >= first * DAY) & (moment <= last * DAY)
    buyers, moment, day = buyers[inside], moment[inside], day[inside]
    rough.emit(moment, (chance.random(len(buyers)) < 0.35).astype(np.int64), buyers, number)
    back, sent = chance.random(len(buyers)) < 0.6, chance.random(len(buyers)) < 0.5
    roster = chance.integers(0, max(len(line.runners), 1), world.settings.days + 2)
    runner = np.array(line.runners)[roster[day.astype(int)] % len(line.runners)]
    by_runner, by_line = back & sent, back & ~sent
    rough.emit(moment[by_line] + chance.uniform(60, 1800, by_line.sum()), 0, number, buyers[by_line], handset)
    told = sent & (chance.random(len(buyers)) < 0.75)  # the rest are told in one go with the next
    delay = np.minimum(chance.lognormal(np.log(240), 0.9, len(buyers)), 3600)
    texts = (chance.random(int(told.sum())) < 0.7).astype(np.int64)
    rough.emit(moment[told] + delay[told], texts, number, runner[told], handset)
    later = moment + delay + chance.uniform(60, 1800, len(buyers))
    rough.emit(later[by_runner], 0, runner[by_runner], buyers[by_runner])
    reports = told & (chance.random(len(buyers)) < 0.3)
    rough.emit(later[reports] + 300, 0, runner[reports], number)
    sold = chance.random(len(buyers)) < np.where(back, 0.92, 0.45)
    line.sales += list(zip(moment[sold].tolist(), buyers[sold].tolist(), strict=True))
    if last < world.settings.days:
        tries = np.repeat(customers, chance.poisson(0.2, len(customers)))
        rough.emit((last + chance.exponential(3, len(tries))) * DAY, 0, tries, number)


def _inner(
    world: NetworkWorld,
    line: LineTruth,
    number: int,
    sellers: list[int],
    taxi: int,
    top_up: int,
    first: float,
    last: float,
) -> None:
    """What is no trade: the holder, friends, sellers, taxis, top-ups; a runner rung to be asked where they are."""
    chance, rough, length = world.rough.chance, world.rough, last - first

    def spread(a_day: float) -> Floats:
        count = int(chance.poisson(a_day * length))
        return (np.floor(chance.uniform(first, last, count)) + chance.uniform(0.38, 0.97, count)) * DAY

    _both_ways(world, spread(chance.uniform(0.25, 1.5)), number, line.holder)
    for friend in line.friends.tolist():
        if chance.random() < 0.7:
            _both_ways(world, spread(chance.uniform(0.05, 0.6)), number, friend)
    for runner in line.runners:
        _both_ways(world, spread(chance.uniform(0.0, 0.3)), number, runner)
    for seller in sellers:
        moments = spread(0.35)
        back = chance.random(len(moments)) < 0.15
        rough.emit(moments[~back], 0, number, seller)
        rough.emit(moments[back], 0, seller, number)
    rough.emit(spread(0.2), 0, number, taxi)
    rough.emit(spread(0.1), 0, number, top_up)


def _own_phones(world: NetworkWorld) -> None:
    """Holders' and runners' own talk with people who have nothing to do with it; whose records are held."""
    chance, rough, settings = world.rough.chance, world.rough, world.settings
    public = rough.several("x", 6000)
    for name, role in list(world.roles.items()):
        if role not in ("holder", "runner"):
            continue
        number = rough.names.index(name)
        circle = chance.choice(public, 25, replace=False)
        count = int(chance.poisson(settings.days * 6))
        moments, out = chance.uniform(0, settings.days, count) * DAY, chance.random(count) < 0.5
        whom = chance.choice(circle, count, p=(1 / np.arange(1, 26)) / (1 / np.arange(1, 26)).sum())
        rough.emit(moments[out], 1, number, whom[out])
        rough.emit(moments[~out], 1, whom[~out], number)
        if chance.random() < (settings.holders_held if role == "holder" else settings.runners_held):
            world.held.add(name)
