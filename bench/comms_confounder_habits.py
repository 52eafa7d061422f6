"""How one number behaves on the telephone, as figures; and those of deal lines, for comms_confounder_world.

Lines follow the notes on communications data (§7) and the table of simulator settings; the rest is our own guess [D].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

DAYS = 60
Chance = np.random.Generator
Hours = tuple[float, ...]


@dataclass(frozen=True)
class Habits:
    """How one number behaves. Hours are of the day; shares are of one; days count from the first of the world."""

    people: int = 80  # on the list
    public: int = 0  # when set, each broadcast goes to `people` drawn from so many
    slots: tuple[float, ...] = ()  # hours of the broadcasts
    sends: float = 1.0  # how often one of them is sent
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    jitter: float = 0.5  # hours
    reach: float = 1.0  # of the list, each time
    spread: tuple[float, float] = (60.0, 300.0)  # seconds a broadcast takes
    renewed: float = 0.0  # of the list, each week
    answers: float = 0.0  # of those reached, within the hour
    answers_by_text: float = 0.3
    asks: float = 0.0  # calls and texts received a day beside answers
    keen: float = 0.9  # how unlike each other those on the list are in how often they ask (sd of the logarithm)
    strangers: float = 0.0  # of those, from people who are not on the list
    asks_by_text: float = 0.3
    hours: tuple[float, float, float, float] = (15.0, 4.0, 8.0, 22.0)  # mean, spread, opening, closing
    back: float = 0.0  # rung back
    back_minutes: tuple[float, float] = (1.0, 30.0)
    texts_back: float = 0.0  # each ask followed by a text of its own
    seconds: float = 60.0  # of a call, on average
    rings: float = 0.0  # calls made a day to people on no list
    ring_seconds: float = 90.0
    own_life: float = 0.0  # calls and texts a day with friends and family, as anybody has
    crew: int = 0  # people on no list who are told of orders
    told: float = 0.0  # of calls and texts received, passed on to one of them
    days: tuple[float, float] = (0.0, float(DAYS))


def deal_line(chance: Chance) -> tuple[str, Habits]:
    """A line, large or small, by text or half gone to applications, some with few days of records held."""
    drawn, u = chance.random(), chance.uniform
    small, shifted = drawn < 0.25, 0.25 <= drawn < 0.40
    few, powder = 0.40 <= drawn < 0.55, 0.55 <= drawn < 0.60
    size = about(chance, 35, 0.35, 15, 80) if small else about(chance, 80, 0.5, 15, 2000)
    size = about(chance, 500, 0.5, 300, 2000) if powder else size
    app = u(0.6, 0.85) if shifted else u(0.1, 0.6)
    rate = (u(0.03, 0.15) if powder else u(0.25, 0.9)) * (1 - app)
    slots = hours_of(chance, 1 if small else int(chance.integers(2, 5)), 9, 22)
    sends, reach, soon = u(0.25, 0.6) if shifted else u(0.7, 1.0), u(0.75, 0.9), u(0.3, 0.7)
    life = u(3, 10) if few else float(np.clip(chance.lognormal(log(33), 0.65), 4, DAYS))
    first = u(0, DAYS - life) if life < DAYS else 0.0
    kind = (
        "small"
        if small
        else "shifted to applications"
        if shifted
        else "few days held"
        if few
        else "powder"
        if powder
        else "usual"
    )
    return f"line, {kind}", Habits(
        people=size,
        slots=slots,
        sends=sends,
        reach=reach,
        renewed=u(0.03, 0.05),
        answers=min(rate * soon / (len(slots) * sends * reach), 0.5),
        answers_by_text=u(0.15, 0.6),
        asks=size * rate * (1 - soon),
        strangers=u(0.02, 0.2),
        asks_by_text=u(0.15, 0.6),
        hours=(17, 4, 8, 24),
        back=0.6 * u(0.35, 1.0) * (1 - app / 2),
        seconds=25 * u(0.8, 1.6),
        rings=u(3, 8),
        ring_seconds=60,
        own_life=u(1, 6) if chance.random() < 0.1 else 0.0,
        days=(first, first + life),
    )


def about(chance: Chance, median: float, spread: float, least: float, most: float) -> int:
    return int(np.clip(chance.lognormal(log(median), spread), least, most))


def hours_of(chance: Chance, count: int, first: float, last: float) -> Hours:
    return tuple(np.sort(chance.uniform(first, last, count)).tolist())
