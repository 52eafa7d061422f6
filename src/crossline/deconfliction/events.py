"""Entering a planned event, which is asking whether it gets into another's way; calling one off; and what stands near it.

An event is a check of its own kind: it has a number, its answer and an outcome. Its place and times go to a function of the
database (event_functions.py), which holds them against those of other agencies; events of one's own agency are compared here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.receipt_numbers import receipt_number
from crossline.access.roles import POLICING_ROLES
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.checking import PURPOSE, Why
from crossline.deconfliction.functions import LIMIT
from crossline.deconfliction.models import CheckedEvent, EventCalledOff
from crossline.deconfliction.rules import CHECKS_AN_HOUR, STANDS
from crossline.engines.deconfliction.tokens import (
    PLANNED_AHEAD,
    STANDS_AFTER,
    Conflict,
    EventKind,
    Nearness,
    PlannedEvent,
    Point,
    meets,
    read_point,
)
from crossline.errors import NotPermitted, TooMuchAtOnce, UserError
from crossline.wording import format_date, format_time

LONGEST_PLACE: Final = 80
LONGEST_REASON: Final = 200


@dataclass(frozen=True)
class EventAsked:
    """An event as somebody entered it: its place as written, and what the engine makes of it."""

    place: str
    event: PlannedEvent

    @classmethod
    def read(cls, *, kind: EventKind, place: str, start: datetime, end: datetime) -> EventAsked:
        """Raises where the place cannot be read, or nobody can mean the times."""
        written = place.strip()[:LONGEST_PLACE]
        event = PlannedEvent(kind, read_point(written), _to_the_minute(start), _to_the_minute(end))
        now = timezone.now()
        if event.end <= now:
            raise UserError("The event is over: enter one that is still to come or going on.")
        if event.start > now + PLANNED_AHEAD:
            raise UserError("The event is more than a year ahead: look at its date again.")
        return cls(written, event)

    @property
    def words(self) -> str:
        """The event in a line, as its own agency reads it on a receipt."""
        return f"{self.event.kind.meaning} at {self.place}, {when_in_words(self.event.start, self.event.end)}"


@dataclass(frozen=True)
class Near:
    """An agency that has an event near, as it lets it be said."""

    agency: str
    contact: str
    category: str
    nearness: Nearness


@dataclass(frozen=True)
class Entered:
    """An event with its number and what came back."""

    id: UUID
    number: str
    asked: EventAsked
    near: tuple[Near, ...]


def reason_for(*, purpose: str, operation: str, contact: str) -> Why:
    """Why an event is entered. How long it stands is the event's own, so that the days are the shortest there are."""
    return Why(purpose, operation, contact, min(STANDS))


def enter_event(*, asked: EventAsked, why: Why, viewpoint: Viewpoint, instead_of: UUID | None = None) -> Entered:
    """Enter an event and learn whom it meets. `instead_of`: the event of one's own agency that this one corrects."""
    viewer = viewpoint.viewer
    if not viewer.roles & POLICING_ROLES or viewer.person_id is None:
        raise NotPermitted("Only somebody of a policing role, in their own name, may enter a planned event.")
    event, id_, number = asked.event, uuid4(), receipt_number("D")
    said = {
        "id": str(id_),
        "number": number,
        "kind": str(event.kind),
        "place": asked.place,
        "value": asked.words,
        "lat": event.point.lat,
        "lon": event.point.lon,
        "starts": event.start.isoformat(),
        "ends": event.end.isoformat(),
    }
    with transaction.atomic():
        near = tuple(
            Near(agency, contact, category, Nearness(nearness))
            for agency, contact, category, nearness in _answered(json.dumps(said), why)
        )
        if instead_of is not None:
            call_off(check=instead_of, reason=f"Corrected: it stands as {number}", viewpoint=viewpoint)
        detail = {"purpose": why.purpose.strip(), "operation": why.operation.strip()}
        about = Subject("check", str(id_), detail | {"number": number, "scheme": "event", "met": len(near)})
        log(Event.DECONFLICTION_CHECKED, by=viewer, about=about, purpose=PURPOSE)
    return Entered(id_, number, asked, near)


def call_off(*, check: UUID, reason: str, viewpoint: Viewpoint) -> UUID:
    """Say that an event of one's own agency takes place no more: nobody meets it from then on."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Say why it is called off, in up to {LONGEST_REASON} characters.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT crossline_deconflict_event_off(%s, %s)", [check, said])
            made: UUID = cursor.fetchone()[0]
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":
            raise
        raise NotPermitted("That event does not exist, is another agency's, or was called off before.") from None
    about = Subject("check", str(check), {"reason": said})
    log(Event.PLANNED_EVENT_CALLED_OFF, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


@dataclass(frozen=True)
class OwnEvent:
    """An event of the viewer's own agency."""

    row: CheckedEvent
    called_off: EventCalledOff | None

    @property
    def stands(self) -> bool:
        return self.called_off is None and self.row.ends + STANDS_AFTER > timezone.now()

    @property
    def planned(self) -> PlannedEvent:
        point = Point(self.row.lat, self.row.lon)
        return PlannedEvent(EventKind(self.row.kind), point, self.row.starts, self.row.ends)


def own_events(viewpoint: Viewpoint, *, over: bool = True) -> list[OwnEvent]:
    """The events of the viewer's agency, the next first and then what is over; `over`: also what stands no more."""
    rows = CheckedEvent.objects.filter(agency=viewpoint.viewer.agency)
    if not over:
        rows = rows.filter(ends__gt=timezone.now() - STANDS_AFTER)
    events = list(viewpoint.visible(rows.select_related("asked")).order_by("starts", "id"))
    off = viewpoint.visible(EventCalledOff.objects.filter(asked__in=[each.asked_id for each in events]))
    ended = {each.asked_id: each for each in off}
    return [OwnEvent(each, ended.get(each.asked_id)) for each in events]


def near_of_own(event: OwnEvent, among: Iterable[OwnEvent]) -> list[tuple[OwnEvent, Conflict]]:
    """The other events of one's own agency that stand and get into its way, the nearest first: a force collides with itself."""
    if not event.stands:
        return []
    others = (each for each in among if each.stands and each.row.id != event.row.id)
    found = [(each, met) for each in others if (met := meets(event.planned, each.planned)) is not None]
    return sorted(found, key=lambda pair: (list(Nearness).index(pair[1].nearness), pair[1].metres, pair[0].row.starts))


def when_in_words(start: datetime, end: datetime) -> str:
    """The times of an event, in British time: 1 December 2026, 5am to 8am; to the minute."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.date() == last.date():
        return f"{format_date(first)}, {format_time(first)} to {format_time(last)}"
    return f"{format_date(first)}, {format_time(first)} to {format_date(last)}, {format_time(last)}"


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _answered(event: str, why: Why) -> list[tuple[Any, ...]]:
    parameters = [event, why.purpose.strip(), why.operation.strip(), why.contact.strip()]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT agency, contact, category, nearness FROM crossline_deconflict_event(%s::jsonb, %s, %s, %s)",
                parameters,
            )
            return sorted(cursor.fetchall())
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LIMIT:
            raise
        raise TooMuchAtOnce(
            f"You have asked {CHECKS_AN_HOUR} times within the hour, events and other checks together; ask again later."
        ) from None
