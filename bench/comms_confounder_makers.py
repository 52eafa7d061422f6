"""Worlds of deal lines by other makers: the same habits with what our simulator was told turned about, world by world.

A `Making` says what is unlike the standard world: how long calls are, whether lengths are known, who of those that ring is on a
list, how often a line texts, how long its list is, for how many days records are held, how many rows are lost, whether the phone
is somebody's own as well. `drawn_making` draws one for a world; KNOBS turns one thing at a time. All figures are our own [D].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from comms_confounder_habits import DAYS, Chance, Habits, hours_of


@dataclass(frozen=True)
class Making:
    """What one world's maker assumed. The defaults are the standard world's."""

    line_length: float = 1.0  # of a line's calls, against the standard
    other_length: float = 1.0  # of everybody else's
    lengths_known: bool = True
    off_list: tuple[float, float] | None = None  # share of a line's callers who are on no list
    broadcasts_a_day: float | None = None
    list_size: tuple[float, float] | None = None
    days_held: float = float(DAYS)  # of every number
    own_phone: float = 0.0  # lines whose phone is somebody's own as well
    calls_only: bool = False  # nobody texts a line
    silent: bool = False  # lines never broadcast: customers are told otherwise
    crew: float = 0.0  # lines that tell runners of orders by the same phone
    custom: float = 1.0  # orders of a customer a day, against the standard
    rung_back: float = 1.0  # against the standard
    lost: float = 0.0
    others_vary: bool = False


STANDARD_MAKING = Making()

KNOBS: dict[str, Making] = {
    "as it is": STANDARD_MAKING,
    "calls half as long again": Making(line_length=1.5),
    "calls twice as long": Making(line_length=2.0),
    "calls three times as long": Making(line_length=3.0),
    "lengths not known": Making(lengths_known=False),
    "a fifth to two fifths of callers on no list": Making(off_list=(0.2, 0.4)),
    "two fifths to half of callers on no list": Making(off_list=(0.4, 0.5)),
    "own phone as well": Making(own_phone=1.0),
    "runners told by the same phone": Making(crew=1.0),
    "texts once a week": Making(broadcasts_a_day=1 / 7),
    "texts eight times a day": Making(broadcasts_a_day=8.0),
    "lists of 8 to 15": Making(list_size=(8, 15)),
    "three days held": Making(days_held=3.0),
    "ten days held": Making(days_held=10.0),
    "rings back half as often": Making(rung_back=0.5),
    "half the custom": Making(custom=0.5),
    "nobody texts a line": Making(calls_only=True),
    "lines never text the list": Making(silent=True),
}


def drawn_making(chance: Chance) -> Making:
    """One world's maker, with everything drawn."""
    u, off = chance.uniform, float(chance.uniform(0, 0.45))
    return Making(
        line_length=_between(chance, 0.5, 3),
        other_length=_between(chance, 0.5, 3),
        lengths_known=bool(chance.random() >= 0.15),
        off_list=(max(off - 0.1, 0.0), off + 0.05),
        broadcasts_a_day=_between(chance, 1 / 7, 8),
        list_size=(8, 300),
        days_held=_between(chance, 2, 90) if chance.random() < 0.6 else float(DAYS),
        own_phone=float(u(0, 0.5)),
        crew=float(u(0, 1)),
        calls_only=bool(chance.random() < 0.15),
        custom=_between(chance, 0.5, 1.5),
        rung_back=float(u(0.5, 1.2)),
        lost=float(u(0, 0.6)) if chance.random() < 0.5 else 0.0,
        others_vary=True,
    )


def made_line(habits: Habits, making: Making, chance: Chance) -> Habits:
    """A line as this maker would have it."""
    u = chance.uniform
    often = len(habits.slots) * habits.sends
    rate = habits.asks / habits.people + habits.answers * often * habits.reach
    soon = habits.answers * often * habits.reach / rate
    size = habits.people if making.list_size is None else round(_between(chance, *making.list_size))
    slots, sends = habits.slots, habits.sends
    if making.broadcasts_a_day is not None:
        often = float(np.clip(making.broadcasts_a_day * chance.lognormal(0, 0.4), 1 / 7, 8))
        slots = hours_of(chance, max(round(often), 1), 9, 22)
        sends = min(often / len(slots), 1.0)
    if making.silent:
        slots, sends, soon = (), 0.0, 0.0
    rate *= making.custom
    crew = int(chance.integers(1, 6)) if making.crew and chance.random() < making.crew else 0
    reaching = len(slots) * sends * habits.reach
    answers = min(rate * soon / reaching, 0.5) if reaching else 0.0
    return replace(
        _held(habits, making),
        people=size,
        slots=slots,
        sends=sends,
        answers=answers,
        asks=size * max(rate - answers * reaching, 0.0),
        strangers=habits.strangers if making.off_list is None else u(*making.off_list),
        answers_by_text=0.0 if making.calls_only else habits.answers_by_text,
        asks_by_text=0.0 if making.calls_only else habits.asks_by_text,
        back=habits.back * making.rung_back,
        seconds=habits.seconds * making.line_length,
        ring_seconds=habits.ring_seconds * making.line_length,
        crew=crew,
        told=u(0.1, 0.8) if crew else 0.0,
        own_life=u(1, 10) if making.own_phone and chance.random() < making.own_phone else habits.own_life,
    )


def made_other(kind: str, habits: Habits, making: Making, chance: Chance) -> Habits:
    """Another sender as this maker would have it: takeaways that text offers daily, taxi offices that text of themselves."""
    habits = replace(
        _held(habits, making),
        seconds=habits.seconds * making.other_length,
        ring_seconds=habits.ring_seconds * making.other_length,
    )
    if not making.others_vary:
        return habits
    u = chance.uniform
    if kind == "taxi office" and chance.random() < 0.5:
        habits = replace(habits, slots=hours_of(chance, 1, 10, 22), sends=u(0.1, 1))
    if kind == "takeaway" and chance.random() < 0.5:
        habits = replace(habits, slots=hours_of(chance, 1, 10, 18.5), hours=(16, 4, 11, 23.5))
    if chance.random() < 0.3:
        habits = replace(habits, sends=u(0.7, 1), weekdays=Habits.weekdays)
    return replace(
        habits,
        people=max(round(habits.people * chance.lognormal(0, 0.3)), 8),
        answers=min(habits.answers * _between(chance, 0.6, 1.7), 0.7),
        asks=habits.asks * _between(chance, 0.6, 1.7),
        strangers=min(habits.strangers * u(0.6, 1.2), 1.0),
        back=min(habits.back * u(0.5, 1.5), 0.7),
    )


def _held(habits: Habits, making: Making) -> Habits:
    """The days for which records are held: some stretch of what there is of it."""
    first, last = habits.days
    if (first, last) == Habits.days:
        last = max(last, making.days_held)
    return habits if last - first <= making.days_held else replace(habits, days=(first, first + making.days_held))


def _between(chance: Chance, low: float, high: float) -> float:
    """A figure between two, evenly in its logarithm."""
    return float(np.exp(chance.uniform(np.log(low), np.log(high))))
