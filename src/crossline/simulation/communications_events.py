"""Calls and texts as columns, and the clock they are drawn on: UK hours in, UTC seconds out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossline.simulation.communications_movement import DAY_SECONDS, Seconds
from crossline.simulation.communications_numbers import Codes

VOICE: Final = 0
SMS: Final = 1
KINDS: Final = ("voice", "sms")
NONE: Final = -1
"""No duration (a text) or no cell known."""
OFF: Final = -2
"""The receiver was switched off, so that no cell will ever be known; NONE once the row is placed."""

_EPOCH: Final = date(1970, 1, 1)
_SUMMER_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class Events:
    """Rows as columns of one length. `start`: UTC seconds since 1970; `heard`: the receiver's operator recorded it."""

    start: Seconds
    kind: NDArray[np.int8]
    sender: Codes
    receiver: Codes
    duration: NDArray[np.int32]
    sender_cell: Codes
    receiver_cell: Codes
    heard: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Events:
        """The rows of a mask or an index."""
        return Events(*(getattr(self, column.name)[which] for column in fields(self)))

    def seen_from(self, subject: int, cells: Codes) -> Events:
        """The rows with the cells of one phone filled in on its side, save where its side is already OFF."""
        got = (self.receiver == subject) & (self.receiver_cell != OFF)
        return replace(
            self,
            sender_cell=np.where(self.sender == subject, cells, self.sender_cell),
            receiver_cell=np.where(got, cells, np.maximum(self.receiver_cell, NONE)),
        )


def join(parts: Sequence[Events]) -> Events:
    """All rows of the parts, one part after the other."""
    if not parts:
        return events(np.empty(0, np.int64), VOICE, NONE, NONE, NONE)
    return Events(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Events)))


def events(
    start: NDArray[np.int64] | NDArray[np.float64],
    kind: NDArray[np.int8] | int,
    sender: NDArray[np.int32] | NDArray[np.int64] | int,
    receiver: NDArray[np.int32] | NDArray[np.int64] | int,
    duration: NDArray[np.int32] | NDArray[np.int64] | int,
    *,
    sender_cell: Codes | int = NONE,
    receiver_cell: Codes | int = NONE,
) -> Events:
    """Events from columns or single values; texts lose their duration."""
    count = len(start)
    kinds = np.broadcast_to(np.asarray(kind, np.int8), count)
    return Events(
        start=start.astype(np.int64),
        kind=kinds,
        sender=np.broadcast_to(np.asarray(sender, np.int32), count),
        receiver=np.broadcast_to(np.asarray(receiver, np.int32), count),
        duration=np.where(kinds == SMS, np.int32(NONE), np.asarray(duration, np.int32)),
        sender_cell=np.broadcast_to(np.asarray(sender_cell, np.int32), count),
        receiver_cell=np.broadcast_to(np.asarray(receiver_cell, np.int32), count),
        heard=np.zeros(count, np.bool_),
    )


def midnights(days: NDArray[np.int64]) -> Seconds:
    """UTC seconds of 00:00 by the UK clock on each day (days since 1970)."""
    return days * DAY_SECONDS - np.array([_offset(day) for day in days.tolist()], dtype=np.int64)


def weekdays(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Monday 0 to Sunday 6; the first of January 1970 was a Thursday."""
    return (days + 3) % 7


def day_number(day: date) -> int:
    """Days since the first of January 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


@cache
def _offset(number: int) -> int:
    """Seconds UK time is ahead of UTC on most of that day: summer time from the last Sunday of March to October's."""
    day = day_of(number)
    return _SUMMER_SECONDS if _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10) else 0


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def clock_hours(rng: np.random.Generator, weights: Sequence[float], count: int) -> NDArray[np.float64]:
    """Times of day in hours, by the weight of each hour."""
    share = np.cumsum(weights, dtype=np.float64)
    hour = np.searchsorted(share / share[-1], rng.random(count), side="right")
    return hour + rng.random(count)


def call_seconds(rng: np.random.Generator, mean: float, missed: float, count: int) -> NDArray[np.int32]:
    """Lengths of calls, geometric, with a share not answered (0)."""
    seconds = rng.geometric(1.0 / mean, count)
    return np.where(rng.random(count) < missed, 0, seconds).astype(np.int32)
