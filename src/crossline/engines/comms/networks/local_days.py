"""The days people live by: from midnight to midnight in the United Kingdom, however the records write their times.

A day is a number: days since 1 January 1970. A period is a week (from Monday), a calendar month, or all of the records.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

_ZONE = ZoneInfo("Europe/London")
_EPOCH = date(1970, 1, 1)


class Period(StrEnum):
    """How a stretch of records is cut up."""

    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


def start_of_day(day: date, *, later: int = 0) -> int:
    """Seconds since 1970 at which a day begins, or the one so many days later."""
    return int(datetime.combine(day + timedelta(days=later), time(), _ZONE).timestamp())


def day_number(day: date) -> int:
    """Days since the first of January 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


def local_day_of(moment: int) -> date:
    """The day a moment (seconds since 1970) falls on."""
    return datetime.fromtimestamp(moment, UTC).astimezone(_ZONE).date()


def first_of_period(day: date, period: Period) -> date:
    """The first day of the period a day lies in; of all records, always the same day."""
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period is Period.MONTH else _EPOCH


def place_local_days(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """Make the table `local_day(day, period, start, finish)` over all of `event`; a period is the number of its first day."""
    ((first, last),) = connection.execute("SELECT min(moment), max(moment) FROM event").fetchall()
    days: list[date] = []
    if first is not None:
        day, end = local_day_of(first), local_day_of(last)
        days = [day + timedelta(days=at) for at in range((end - day).days + 1)]
    columns = {
        "day": pa.array([day_number(day) for day in days], pa.int32()),
        "period": pa.array([day_number(first_of_period(day, period)) for day in days], pa.int32()),
        "start": pa.array([start_of_day(day) for day in days], pa.int64()),
        "finish": pa.array([start_of_day(day, later=1) for day in days], pa.int64()),
    }
    connection.register("local_day_given", pa.table(columns))
    connection.execute("CREATE OR REPLACE TEMP TABLE local_day AS SELECT * FROM local_day_given")
