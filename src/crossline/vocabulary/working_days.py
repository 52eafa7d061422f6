"""Working days in England and Wales: Monday to Friday but for bank holidays, which are data with their source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.places import rows_of

SATURDAY: Final = 5


@cache
def bank_holidays() -> Mapping[date, str]:
    """The bank holidays of England and Wales that are on file, with their names."""
    return MappingProxyType({date.fromisoformat(row["date"]): row["name"] for row in rows_of("bank_holidays.csv")})


def is_working_day(day: date) -> bool:
    """Whether courts, providers and the Home Office work on a day."""
    return day.weekday() < SATURDAY and day not in bank_holidays()


def working_day_after(day: date, number: int) -> date | None:
    """The day on which so many working days have passed since; None beyond the years whose holidays are on file."""
    last = date(max(bank_holidays()).year, 12, 31)
    reached = day
    while number:
        reached += timedelta(days=1)
        if reached > last:
            return None
        number -= is_working_day(reached)
    return reached
