"""How values read to people: dates, numbers, distances, grades, telephone numbers. Pure functions; no Django, no clock."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from crossline.errors import UserError

NOT_KNOWN: Final = "Not known"
UK_TIME: Final = ZoneInfo("Europe/London")
_PARTIAL_DATE: Final = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")
_NORMALISED_UK_PHONE: Final = re.compile(r"\+44(?P<national>\d{9,10})(?P<sequence>#\d+)?")

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _as_date(value: dt.date | dt.datetime | str) -> dt.date:
    """The calendar day in the United Kingdom; text must be ISO 8601."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if len(value) > len("2026-03-01") else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return (value.astimezone(UK_TIME) if value.tzinfo else value).date()
    return value


def format_date(value: dt.date | dt.datetime | str | None, default: str = NOT_KNOWN) -> str:
    """A whole date: 3 March 2026."""
    if value is None or value == "":
        return default
    day = _as_date(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_short_date(value: dt.date | dt.datetime | str | None, default: str = NOT_KNOWN) -> str:
    """A date where room is short, as in tables: 3 Mar 2026."""
    if value is None or value == "":
        return default
    day = _as_date(value)
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def format_partial_date(value: str | dt.date | None, default: str = NOT_KNOWN) -> str:
    """A date as far as it is known: 2008-04-11, 2008-04 or 2008 reads 11 April 2008, April 2008 or 2008."""
    if value is None or value == "":
        return default
    if isinstance(value, dt.date):
        return format_date(value)
    match = _PARTIAL_DATE.fullmatch(value)
    if match is None:
        return value
    parts = [match["year"]]
    if match["month"]:
        parts.insert(0, MONTHS[int(match["month"]) - 1])
    if match["day"]:
        parts.insert(0, str(int(match["day"])))
    return " ".join(parts)


def format_month(value: dt.date | dt.datetime | str | None, default: str = NOT_KNOWN) -> str:
    """The month of a date: March 2026. Also takes `2026-03`."""
    if value is None or value == "":
        return default
    if isinstance(value, str) and len(value) == len("2026-03"):
        value = f"{value}-01"
    day = _as_date(value)
    return f"{MONTHS[day.month - 1]} {day.year}"


def format_time(value: dt.datetime | str | None, default: str = NOT_KNOWN) -> str:
    """Clock time in the United Kingdom, as GOV.UK writes it: 2:10pm, midday, midnight."""
    if value is None or value == "":
        return default
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo:
        moment = moment.astimezone(UK_TIME)
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def format_datetime(value: dt.datetime | str | None, default: str = NOT_KNOWN) -> str:
    """Date and time: 3 March 2026 at 2:10pm."""
    if value is None or value == "":
        return default
    return f"{format_date(value)} at {format_time(value)}"


def format_span(start: dt.date | str | None, end: dt.date | str | None, default: str = NOT_KNOWN) -> str:
    """A period in words: 1 March 2026 to 4 April 2026; From 1 March 2026; Until 4 April 2026."""
    if start and end:
        same = _as_date(start) == _as_date(end)
        return format_date(start) if same else f"{format_date(start)} to {format_date(end)}"
    if start:
        return f"From {format_date(start)}"
    if end:
        return f"Until {format_date(end)}"
    return default


def format_number(value: float | int | Decimal | None, places: int | None = None, default: str = NOT_KNOWN) -> str:
    """Digits grouped by commas: 1,234. Without `places`, a whole number stays whole and others show one decimal."""
    if value is None:
        return default
    if places is None:
        places = 0 if value == int(value) else 1
    return f"{value:,.{places}f}".replace("-", "\N{MINUS SIGN}")


def format_percent(value: float | None, places: int = 1, default: str = NOT_KNOWN) -> str:
    """A share between 0 and 1 as a percentage: 57.3%."""
    return default if value is None else f"{format_number(value * 100, places)}%"


def format_money(value: float | Decimal | None, default: str = NOT_KNOWN) -> str:
    """Pounds: £1,234 or £1,234.50."""
    if value is None:
        return default
    amount = format_number(value, 0 if value == int(value) else 2)
    return f"\N{MINUS SIGN}£{amount[1:]}" if value < 0 else f"£{amount}"


def format_kilometres(metres: float | None, default: str = NOT_KNOWN) -> str:
    """A distance held in metres: 850 m, 12.3 km, 240 km."""
    if metres is None:
        return default
    if metres < 1_000:
        return f"{format_number(metres, 0)} m"
    kilometres = metres / 1_000
    return f"{format_number(kilometres, 1 if kilometres < 100 else 0)} km"


def format_grade(source: int | None, information: str | None = None, handling: str | None = None) -> str:
    """The 3x5x2 grade as intelligence staff write it: 2B C. A part not given reads `?`."""
    return f"{source or '?'}{information or '?'} {handling or '?'}"


def format_phone(value: str | None, default: str = NOT_KNOWN) -> str:
    """A normalised number as people read it: +447700900123#0042 reads 07700 900123 #0042. Others stay as written."""
    if not value:
        return default
    match = _NORMALISED_UK_PHONE.fullmatch(value)
    if match is None:
        return value.replace("#", " #") if re.search(r"\d#\d", value) else value
    national = f"0{match['national']}"
    return f"{national[:5]} {national[5:]} {match['sequence'] or ''}".rstrip()


def with_capital(words: str) -> str:
    """A sentence's beginning: a capital at the first letter alone, so that a place or a class of drug keeps its own."""
    return words[:1].upper() + words[1:]


def plural(count: int, singular: str, several: str | None = None) -> str:
    """A count with its noun: 1 line, 1,204 lines."""
    return f"{format_number(count)} {singular if count == 1 else several or singular + 's'}"


def sort_value(value: Any, *, numeric: bool = False) -> str:
    """What a sortable column compares: ISO text for dates, plain digits for numbers, lower case for words.

    An absent number sorts below every number, so that it ends a ranking; absent words sort after all words.
    """
    if value is None or value == "":
        return "-1e308" if numeric else "\N{REPLACEMENT CHARACTER}"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value).casefold()


def in_one_line(text: str, longest: int, wanted: str) -> str:
    """What somebody wrote, in one line. Raises UserError, with what was `wanted`, where it is empty or too long."""
    said = " ".join(text.split())
    if not 0 < len(said) <= longest:
        raise UserError(f"{wanted}, in up to {longest} characters.")
    return said
