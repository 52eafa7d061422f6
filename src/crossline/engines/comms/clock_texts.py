"""Hours and weekdays of a row's `moment` in the shared subset of SQL: whole numbers in UTC, from arithmetic alone."""

from __future__ import annotations

from typing import Final

HOUR: Final = "CAST(floor((moment - 86400.0 * floor(moment / 86400.0)) / 3600.0) AS INTEGER)"


def weekday(day: str) -> str:
    """Of a day since 1970, which began on a Thursday: 0 is Monday, 5 and 6 the weekend."""
    return f"(({day} + 3) % 7)"
