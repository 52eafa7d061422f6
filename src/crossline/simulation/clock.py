"""British clock time without a clock: stamps with the offset of summer or winter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from crossline.simulation.parameters import WINDOW_TO

LAST_MOMENT: Final = datetime(WINDOW_TO.year, WINDOW_TO.month, WINDOW_TO.day, 23, 59)  # noqa: DTZ001
"""Nothing is written up after this: the deliveries are made the next morning."""


def stamp(moment: datetime) -> str:
    """ISO 8601 with the offset in force in Britain at that local time (naive in, text out)."""
    return moment.isoformat(timespec="seconds") + ("+01:00" if _is_summer(moment) else "+00:00")


def delivered_at() -> str:
    """When every delivery is made: six in the morning after the window."""
    return sent_after(WINDOW_TO)


def sent_after(last: date) -> str:
    """Six in the morning after a delivery's last day."""
    return stamp(at(last + timedelta(days=1), 6 * 60))


def at(day: date, minutes: int) -> datetime:
    """Minutes after midnight of a day; local, naive until stamped."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001


def _is_summer(moment: datetime) -> bool:
    start, end = _summer(moment.year)
    return start <= moment < end


@cache
def _summer(year: int) -> tuple[datetime, datetime]:
    return at(_last_sunday(year, 3), 60), at(_last_sunday(year, 10), 120)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
