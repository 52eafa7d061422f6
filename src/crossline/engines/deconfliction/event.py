"""A planned event: where and when it is, the coarse cells it is looked up by, and whether two come into each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from math import asin, cos, degrees, floor, radians, sin
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.places import Point
from crossline.errors import UserError
from crossline.vocabulary.codes import Code
from crossline.vocabulary.places import EARTH_RADIUS_METRES, distance_metres


class EventKind(Code):
    """What is planned."""

    WARRANT = "warrant", "Warrant"
    TEST_PURCHASE = "test_purchase", "Test purchase"
    SURVEILLANCE = "surveillance", "Surveillance"
    ARREST = "arrest", "Arrest"
    SEARCH = "search", "Search of premises"
    STOP = "stop", "Stop of a vehicle or person"
    OTHER = "other", "Another planned event"


@dataclass(frozen=True, slots=True)
class Reach:
    """How near another event is in the way of one of this kind: within so many metres, so long before or after."""

    metres: float
    before: timedelta
    after: timedelta


_STARTING: Final = Reach(300, timedelta(hours=2), timedelta(hours=2))
REACH: Final[Mapping[EventKind, Reach]] = MappingProxyType(dict.fromkeys(EventKind, _STARTING))
"""[D] the same for each kind to begin with. A published form of American event deconfliction draws 950 feet, 290 m [S]; no
source says what differs by kind: whoever has had events meet changes the row of theirs. No radius may exceed AWARE_METRES."""
AWARE_METRES: Final = 1_000.0
"""[D] Within this, and within the same hours, each side is told for its awareness."""
STANDS_AFTER: Final = timedelta(hours=48)
"""[D] How long after its end an event is kept, so that whoever was late can still find out whose it was."""
LONGEST: Final = timedelta(days=31)
"""[D] The longest event. What goes on for longer is an operation, and its targets are checked instead."""
PLANNED_AHEAD: Final = timedelta(days=366)
"""[D] How far ahead an event can be entered: further off, its day is a slip of the pen."""

_CELL_LAT, _CELL_LON = 0.02, 0.04
"""Degrees: at least 2 km either way anywhere in the country, so that few cells hold what 500 m round a point touches."""
_SLACK: Final = 1.001  # of floating point: a cell too many costs nothing, one too few a meeting


class Nearness(Code):
    """How near two events come; the nearer first."""

    CONFLICT = "conflict", "In each other's way"
    AWARENESS = "awareness", "Near enough to know of each other"


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """What is planned, where and from when to when (with time zones)."""

    kind: EventKind
    point: Point
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse times that nobody can mean."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise UserError("An event's times need their time zone.")
        if self.end < self.start:
            raise UserError("The event ends before it starts: write the start first.")
        if self.end - self.start > LONGEST:
            raise UserError(
                f"An event lasts at most {LONGEST.days} days: check the target of a longer operation instead."
            )

    @property
    def expires(self) -> datetime:
        """When it is to be forgotten."""
        return self.end + STANDS_AFTER


@dataclass(frozen=True, slots=True)
class Conflict:
    """That two events meet: how near, and how far apart they are; no time apart where they overlap."""

    nearness: Nearness
    metres: int
    apart: timedelta


def cells(event: PlannedEvent) -> tuple[str, ...]:
    """Texts of squares and days. Two events that meet share one at least; two that share one may not meet: ask `meets`."""
    days = list(_days(event))
    return tuple(f"event:{lat},{lon}|{day}" for lat, lon in _squares(event.point) for day in days)


def meets(one: PlannedEvent, other: PlannedEvent) -> Conflict | None:
    """Whether either is within the other's reach, and how near; None where neither is. The same whichever is asked first."""
    first, second = (one, other) if (one.start, one.end) <= (other.start, other.end) else (other, one)
    apart = max(second.start - first.end, timedelta(0))
    if apart > max(REACH[first.kind].after, REACH[second.kind].before):
        return None
    metres = distance_metres(one.point.lat, one.point.lon, other.point.lat, other.point.lon)
    if metres <= max(REACH[one.kind].metres, REACH[other.kind].metres):
        return Conflict(Nearness.CONFLICT, round(metres), apart)
    return Conflict(Nearness.AWARENESS, round(metres), apart) if metres <= AWARE_METRES else None


def _days(event: PlannedEvent) -> Iterator[date]:
    """The days (UTC) of the event with its margins: where the margins of one hold the other, they share an instant."""
    reach = REACH[event.kind]
    day = (event.start - reach.before).astimezone(UTC).date()
    last = (event.end + reach.after).astimezone(UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _squares(point: Point) -> Iterator[tuple[int, int]]:
    """The squares that half of AWARE_METRES round a point touches: half way between two points that meet lies in both."""
    half = AWARE_METRES / 2 * _SLACK / EARTH_RADIUS_METRES
    up, aside = degrees(half), degrees(asin(sin(half) / cos(radians(point.lat))))
    rows = range(floor((point.lat - up) / _CELL_LAT), floor((point.lat + up) / _CELL_LAT) + 1)
    columns = range(floor((point.lon - aside) / _CELL_LON), floor((point.lon + aside) / _CELL_LON) + 1)
    return product(rows, columns)
