"""Axes: round steps for values, and months as whole numbers so that a chart never depends on the length of a month."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)


def month_index(day: dt.date) -> int:
    """Months since year 0: neighbours differ by one."""
    return day.year * 12 + day.month - 1


def month_from(index: int) -> dt.date:
    """The first day of that month."""
    return dt.date(index // 12, index % 12 + 1, 1)


def round_step(largest: float, count: int) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that covers `largest` in at most `count` steps."""
    rough = max(largest, 1e-9) / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def value_ticks(largest: float, count: int = 5, *, whole: bool = True) -> list[float]:
    """Ticks from 0 up to or just over `largest`. Counts (`whole`) never get a fraction of a tick."""
    step = round_step(max(largest, 1.0 if whole else 1e-9), count)
    if whole:
        step = max(1.0, math.ceil(step))
    return [step * index for index in range(math.ceil(max(largest, step) / step - 1e-9) + 1)]


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places on the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where the value lies."""
        reach = self.high - self.low or 1.0
        return self.start + (value - self.low) / reach * (self.end - self.start)
