"""What the store could not hold is taken out or told of at the door: NUL characters, NaN, times out of reach."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from crossline.errors import RowRefused

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a date in a record may lie in. Beyond them it is a slip, and clocks and reviews would overflow on it."""
LONGEST_REF = 200
ABOVE_CEILING = (
    "classification is not OFFICIAL or OFFICIAL-SENSITIVE; nothing of this row was stored. "
    "Send anything higher by its own channel."
)
NOT_JSON = "the line is not valid JSON; write one JSON object on each line."
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def in_reach(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError with the end of a sentence when it cannot have been meant."""
    if moment.tzinfo is None:
        raise ValueError("has no offset; write it as 2026-03-02T14:10:00+00:00.")
    in_reach_day(moment.date())
    return moment.astimezone(UTC)


def in_reach_day(day: date) -> date:
    """The day. Raises ValueError with the end of a sentence when it cannot have been meant."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"lies outside {FIRST_YEAR} to {LAST_YEAR}; check the year.")
    return day


def without_nul(value: Any) -> Any:
    """The value of a JSON document without NUL characters, which PostgreSQL holds nowhere."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list | tuple):
        return [without_nul(each) for each in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(each) for key, each in value.items()}
    return value


def sound_json(line: bytes) -> tuple[Any, bytes]:
    """The value of a line and the line itself, both without NUL characters. Raises RowRefused where it is no JSON."""
    try:
        value = json.loads(line.removeprefix(BYTE_ORDER_MARK).decode(), parse_constant=_no_number, parse_float=_finite)
        if b"\\u0000" in line:
            value = without_nul(value)
            return value, json.dumps(value).encode()
    except (ValueError, RecursionError) as error:
        raise RowRefused(NOT_JSON) from error
    return value, line.removeprefix(BYTE_ORDER_MARK)


def _no_number(name: str) -> NoReturn:
    """NaN and Infinity, which some writers put into JSON and the store refuses."""
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number
