"""A world of deal lines among everybody else who texts many people, to see whether the profile tells them apart.

Every sender is drawn from the same few habits (`Habits`): a list, broadcasts, who answers, who rings, who is rung back. What
differs between a line and a taxi office is only how those are set, with ranges that overlap on purpose. The settings of lines
follow the notes on communications data (§7) and the table of simulator settings; those of all other senders are our own
guesses [D]. Only a number's own rows are made. Numbers are plain whole numbers that cannot be dialled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from comms_confounder_circles import canvass, church, club, group_by_text, organiser, school
from comms_confounder_habits import DAYS, Chance, Habits, deal_line
from comms_confounder_makers import STANDARD_MAKING, Making, drawn_making, made_line, made_other
from comms_confounder_trades import (
    call_centre,
    clinic,
    delivery,
    estate_agent,
    research,
    salesperson,
    takeaway,
    taxi,
)
from numpy.typing import NDArray

DAY = 86_400
FIRST_DAY = 20_544  # days since 1970: Wednesday 1 April 2026
TOWNS = 12
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

CONFOUNDERS: dict[str, Callable[[Chance], Habits]] = {
    "taxi office": taxi,
    "takeaway": takeaway,
    "surgery or clinic": clinic,
    "school": school,
    "church": church,
    "football club": club,
    "delivery firm": delivery,
    "estate agent": estate_agent,
    "market research": research,
    "political canvass": canvass,
    "friends' organiser": organiser,
    "salesperson": salesperson,
    "call centre": call_centre,
}


@dataclass
class World:
    """Rows as columns, and what each number is."""

    chance: Chance
    making: Making = STANDARD_MAKING
    kinds: dict[int, str] = field(default_factory=dict)
    columns: list[tuple[NDArray[np.generic], ...]] = field(default_factory=list)
    others: int = 1_000_000_000

    def number(self, kind: str) -> int:
        self.kinds[len(self.kinds) + 1] = kind
        return len(self.kinds)

    def strangers(self, count: int) -> Numbers:
        self.others += count
        return np.arange(self.others - count, self.others)

    def emit(
        self, subject: object, other: Numbers, moment: Floats, outward: int, text: object, seconds: object
    ) -> None:
        if len(moment):
            ends = (np.broadcast_to(np.asarray(each), len(moment)) for each in (subject, outward, text))
            own, out, is_text = ends
            length = np.broadcast_to(np.asarray(seconds), len(moment))
            self.columns.append(
                (
                    own.astype(np.int64),
                    other.astype(np.int64),
                    (moment + FIRST_DAY * DAY).astype(np.int64),
                    out.astype(np.int32),
                    is_text.astype(np.int32),
                    np.where(is_text.astype(bool), 0, length).astype(np.int32),
                )
            )

    def arrays(self, lost: float = 0.0) -> dict[str, NDArray[np.generic]]:
        """The rows as columns of `event`, with this share of them left out beside what the making loses."""
        names = ("subject", "other", "moment", "outward", "is_text", "seconds")
        whole = {
            name: np.concatenate(parts) for name, parts in zip(names, zip(*self.columns, strict=True), strict=True)
        }
        # One half-day in twenty of every number is missing, whole.
        half = whole["moment"].astype(np.int64) // (DAY // 2)
        drawn = (whole["subject"].astype(np.int64) * 2_654_435_761 + half * 40_503) * 2_246_822_519 % 2**32
        kept = (drawn >= 2**32 // 20) & (self.chance.random(len(half)) >= 1 - (1 - lost) * (1 - self.making.lost))
        return {name: column[kept] for name, column in whole.items()}


def confounder_world(
    seed: int, *, people: int = 200_000, lines: int = 300, each: int = 5, making: Making | None = STANDARD_MAKING
) -> World:
    """One world, the same for a seed: so many ordinary numbers and lines, and `each` of every other kind in every town.

    Without a making, one is drawn.
    """
    chance = np.random.default_rng(seed)
    world = World(chance, drawn_making(chance) if making is None else making)
    for _ in range(lines):
        kind, habits = deal_line(chance)
        live(world, world.number(kind), made_line(habits, world.making, chance))
    for _ in range(TOWNS * each):
        for kind, drawn in CONFOUNDERS.items():
            live(world, world.number(kind), made_other(kind, drawn(chance), world.making, chance))
    _ordinary(world, people)
    for _ in range(people // 400):
        kind = "in a group by text"
        live(world, world.number(kind), made_other(kind, group_by_text(chance), world.making, chance))
    return world


@dataclass(frozen=True)
class _Listed:
    """A list on which, each week, somebody new takes some places."""

    numbers: Numbers
    turns: Numbers  # how often each place has changed hands by the end of each week

    def at(self, place: Numbers, moment: Floats) -> Numbers:
        """Who holds these places at these moments (seconds since the world's first day)."""
        week = np.clip((moment / DAY / 7).astype(np.int64), 0, len(self.turns) - 1)
        return self.numbers[place] + self.turns[week, place] * 100_000_000_000


def live(world: World, number: int, habits: Habits) -> None:
    """All rows of one number."""
    chance, (first, last) = world.chance, habits.days
    listed = _Listed(
        world.strangers(habits.people),
        np.cumsum(chance.random((DAYS // 7 + 3, habits.people)) < habits.renewed, axis=0),
    )
    moments, reached = _broadcasts(world, habits, listed)
    world.emit(number, reached, moments, 1, 1, 0)
    answering = chance.random(len(moments)) < habits.answers
    asked, asking = [moments[answering] + chance.gamma(1.5, 900, int(answering.sum()))], [reached[answering]]
    texted = [chance.random(int(answering.sum())) < habits.answers_by_text]
    count = chance.poisson(habits.asks * (last - first))
    keen = chance.lognormal(0, habits.keen, habits.people)
    when_asked = _daytime(world, habits, count)
    fromlist = listed.at(chance.choice(habits.people, count, p=keen / keen.sum()), when_asked)
    pool = world.strangers(max(habits.public, habits.people * 4, 50))
    asking.append(np.where(chance.random(count) < habits.strangers, chance.choice(pool, count), fromlist))
    asked.append(when_asked)
    texted.append(chance.random(count) < habits.asks_by_text)
    who, when, text = np.concatenate(asking), np.concatenate(asked), np.concatenate(texted)
    inside = (when >= first * DAY) & (when < last * DAY)
    who, when, text = who[inside], when[inside], text[inside]
    length = 1 + chance.exponential(habits.seconds, len(when))
    world.emit(number, who, when, 0, text, length)
    back = chance.random(len(when)) < habits.back
    later = (
        when[back] + np.where(text[back], 0, length[back]) + chance.uniform(*habits.back_minutes, int(back.sum())) * 60
    )
    world.emit(number, who[back], later, 1, 0, 1 + chance.exponential(habits.seconds, int(back.sum())))
    confirmed = chance.random(len(when)) < habits.texts_back
    world.emit(number, who[confirmed], when[confirmed] + chance.uniform(60, 900, int(confirmed.sum())), 1, 1, 0)
    rung = chance.poisson(habits.rings * (last - first))
    world.emit(
        number,
        chance.choice(pool, rung),
        _daytime(world, habits, rung),
        1,
        0,
        1 + chance.exponential(habits.ring_seconds, rung),
    )
    if habits.crew:
        _pass_on(world, number, habits, when)
    _own_life(world, number, habits)


def _pass_on(world: World, number: int, habits: Habits, when: Floats) -> None:
    """Somebody of the crew is told of an order, mostly by text, and some answer."""
    chance, crew = world.chance, world.strangers(habits.crew)
    told = when[chance.random(len(when)) < habits.told] + chance.uniform(20, 600)
    who, text = chance.choice(crew, len(told)), chance.random(len(told)) < 0.7
    world.emit(number, who, told, 1, text, 1 + chance.exponential(habits.seconds, len(told)))
    back = chance.random(len(told)) < 0.4
    length = 1 + chance.exponential(habits.seconds, int(back.sum()))
    world.emit(number, who[back], told[back] + chance.uniform(60, 2400, int(back.sum())), 0, text[back], length)


def _broadcasts(world: World, habits: Habits, listed: _Listed) -> tuple[Floats, Numbers]:
    chance, (first, last) = world.chance, habits.days
    days = np.arange(int(first), int(np.ceil(last)))
    days = days[np.isin((days + FIRST_DAY + 3) % 7, habits.weekdays)]
    day, slot = (each.ravel() for each in np.meshgrid(days, np.array(habits.slots), indexing="ij"))
    start = (day + slot / 24) * DAY + chance.normal(0, habits.jitter * 3600, len(day))
    start = start[(chance.random(len(day)) < habits.sends) & (start >= first * DAY) & (start < last * DAY)]
    drawn: Numbers = (
        world.strangers(habits.public)[chance.integers(0, habits.public, (len(start), habits.people))]
        if habits.public
        else listed.at(np.arange(habits.people)[None, :], start[:, None])
    )
    picked = chance.random(drawn.shape) < habits.reach
    pace = chance.uniform(*habits.spread, len(start))[:, None]
    moments = start[:, None] + pace * chance.random(drawn.shape)
    return moments[picked], drawn[picked]


def _daytime(world: World, habits: Habits, count: int) -> Floats:
    chance, (first, last) = world.chance, habits.days
    mean, spread, opening, closing = habits.hours
    hour = chance.normal(mean, spread, count)
    hour = np.where((hour < opening) | (hour > closing), chance.uniform(opening, closing, count), hour)
    day = np.floor(first) + chance.integers(0, max(int(np.ceil(last - first)), 1), count)
    if len(habits.weekdays) < 7:
        closed = ~np.isin((day + FIRST_DAY + 3) % 7, habits.weekdays)
        day = np.where(
            closed & (chance.random(count) < 0.97), day - 2, day
        )  # Saturday's and Sunday's calls come in the week
    return (day + hour / 24) * DAY


def _own_life(world: World, number: int, habits: Habits) -> None:
    """What anybody does on a phone: friends and family, at all hours of the day, some missed calls rung back soon."""
    chance, (first, last) = world.chance, habits.days
    count = chance.poisson(habits.own_life * (last - first))
    if not count:
        return
    friends = world.strangers(int(np.clip(chance.lognormal(np.log(15), 0.5), 3, 80)))
    often = 1 / np.arange(1, len(friends) + 1)
    who = chance.choice(friends, count, p=often / often.sum())
    when = _daytime(world, replace(habits, hours=(15, 5, 7, 24), weekdays=Habits.weekdays), count)
    text, out = chance.random(count) < 0.6, chance.random(count) < 0.5
    for outward in (0, 1):
        here = out == bool(outward)
        world.emit(number, who[here], when[here], outward, text[here], 1 + chance.exponential(140, int(here.sum())))
    back = ~out & (chance.random(count) < chance.uniform(0.05, 0.3))
    world.emit(
        number,
        who[back],
        when[back] + chance.uniform(60, 1700, int(back.sum())),
        1,
        0,
        1 + chance.exponential(140, int(back.sum())),
    )


def _ordinary(world: World, people: int) -> None:
    """Ordinary people, thinly: some ten to a few hundred rows each; a fifth wish many a happy holiday, some invite to a party."""
    chance, days = world.chance, min(DAYS, int(np.ceil(world.making.days_held)))
    numbers = np.array([world.number("ordinary") for _ in range(people)])
    count = np.clip(chance.lognormal(np.log(15), 0.7, people), 10, 400).astype(np.int64)
    subject, friends = np.repeat(numbers, count), np.repeat(chance.integers(4, 40, people), count)
    friend = (friends * chance.random(len(subject)) ** 2).astype(np.int64)
    other = 10_000_000_000 + subject * 100 + friend
    moment = chance.integers(0, days, len(subject)) * DAY + chance.normal(15, 4.5, len(subject)) % 24 * 3600
    out, text = chance.random(len(subject)) < 0.5, chance.random(len(subject)) < 0.6
    for outward in (0, 1):
        here = out == bool(outward)
        world.emit(
            subject[here], other[here], moment[here], outward, text[here], 1 + chance.exponential(140, int(here.sum()))
        )
    holiday = (numbers[chance.random(people) < 0.2], 4.0)
    parties = [(numbers[chance.random(people) < 0.05], float(chance.uniform(0, days))) for _ in range(3)]
    for senders, day in (holiday, *parties):
        size = np.clip(chance.lognormal(np.log(15), 0.6, len(senders)), 8, 90).astype(np.int64)
        sender = np.repeat(senders, size)
        place = np.concatenate([np.arange(each) for each in size])
        begun = np.repeat(day * DAY + chance.normal(0, 4 * 3600, len(senders)), size)
        sent = begun + np.repeat(chance.uniform(120, 1800, len(senders)), size) * chance.random(len(sender))
        receiver = 10_000_000_000 + sender * 100 + place
        world.emit(sender, receiver, sent, 1, 1, 0)
        replies = chance.random(len(sender)) < 0.45
        world.emit(
            sender[replies],
            receiver[replies],
            sent[replies] + chance.exponential(2400, int(replies.sum())),
            0,
            chance.random(int(replies.sum())) < 0.85,
            1 + chance.exponential(140, int(replies.sum())),
        )
