"""A planned event: where and when it is, how far it reaches by its kind, and whether two come into each other's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.places import Point
from crossline.errors import UserError
from crossline.vocabulary.codes import Code
from crossline.vocabulary.places import distance_metres


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


_HOUR: Final = timedelta(hours=1)
REACH: Final[Mapping[EventKind, Reach]] = MappingProxyType(
    {
        EventKind.WARRANT: Reach(300, before=2 * _HOUR, after=4 * _HOUR),  # briefed before it, searched after it
        EventKind.TEST_PURCHASE: Reach(300, before=1 * _HOUR, after=1 * _HOUR),
        EventKind.SURVEILLANCE: Reach(500, before=1 * _HOUR, after=1 * _HOUR),  # spread over the streets round it
        EventKind.ARREST: Reach(300, before=2 * _HOUR, after=4 * _HOUR),
        EventKind.SEARCH: Reach(300, before=2 * _HOUR, after=4 * _HOUR),
        EventKind.STOP: Reach(500, before=1 * _HOUR, after=1 * _HOUR),  # where it comes to a stop is not known before
        EventKind.OTHER: Reach(300, before=2 * _HOUR, after=2 * _HOUR),
    }
)
"""[D] A published form of American event deconfliction draws 950 feet, 290 m, round whatever it is [S]; what differs by kind is
our proposal, and whoever has had events meet changes the row of theirs. No radius may exceed AWARE_METRES."""
AWARE_METRES: Final = 1_000.0
"""[D] Within this, and within the same hours, each side is told for its awareness."""
STANDS_AFTER: Final = timedelta(hours=48)
"""[D] How long after its end an event is kept, so that whoever was late can still find out whose it was."""
LONGEST_EVENT: Final = timedelta(days=31)
"""[D] The longest event. What goes on for longer is an operation, and its targets are checked instead."""


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
        if self.end - self.start > LONGEST_EVENT:
            raise UserError(
                f"An event lasts at most {LONGEST_EVENT.days} days: check the target of a longer operation instead."
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
