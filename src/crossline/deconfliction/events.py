"""Planned events: registering one is asking whether anybody else will be there, and calling it off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.receipt_numbers import receipt_number
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.checking import (
    LONGEST_VALUE,
    PURPOSE,
    Answered,
    Asked,
    Reason,
    Told,
    require_asker,
    subjects,
    too_often,
)
from crossline.deconfliction.functions import REFUSED
from crossline.deconfliction.models import PlannedEvent as EventRow
from crossline.deconfliction.rules import AnswerLevel, CheckKind
from crossline.engines.deconfliction.tokens import PLANNED_AHEAD, REACH, EventKind, Nearness, PlannedEvent, Point, meets
from crossline.errors import NotPermitted, UserError
from crossline.wording import format_date, format_time

MAY_MEET: Final = timedelta(days=1)
"""No reach is longer than this."""


@dataclass(frozen=True)
class Planned:
    """What is planned, its place as somebody wrote it, and what whoever registers later is told."""

    event: PlannedEvent
    place: str
    level: AnswerLevel

    @property
    def value(self) -> str:
        """In words, as its own agency reads it."""
        hours = hours_in_words(self.event.start, self.event.end)
        return f"{self.event.kind.meaning} at {self.place.strip()}, {hours}"[:LONGEST_VALUE]


def hours_in_words(start: datetime, end: datetime) -> str:
    """In British time: 1 December 2026, 5am to 8am; with the last day where that is another."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    ends = format_time(last) if first.date() == last.date() else f"{format_date(last)}, {format_time(last)}"
    return f"{format_date(first)}, {format_time(first)} to {ends}"


def register_event(*, planned: Planned, reason: Reason, viewpoint: Viewpoint) -> Answered:
    """Register an event: it is answered with whose earlier ones it meets, and stands until two days after its end."""
    require_asker(viewpoint)
    if planned.event.expires <= timezone.now():
        raise UserError("That event was over more than two days ago: register what is still to come.")
    if planned.event.start > timezone.now() + PLANNED_AHEAD:
        raise UserError("That event is more than a year ahead: look at its date again.")
    id_, number = uuid4(), receipt_number("D")
    parameters = [
        json.dumps(_as_stored(planned, id_)),
        *(number, planned.value, reason.purpose.strip(), reason.operation.strip(), reason.contact.strip()),
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT agency, contact, category, nearness FROM crossline_event_check(%s::jsonb, %s, %s, %s, %s, %s)",
                parameters,
            )
            told = tuple(Told(*row) for row in sorted(cursor.fetchall()))
    except OperationalError as error:
        raise too_often(error) from None
    made = Answered(id_, number, Asked(CheckKind.EVENT.value, planned.value, ()), told)
    for subject in subjects([made], reason):
        log(Event.DECONFLICTION_CHECKED, by=viewpoint.viewer, about=subject, purpose=PURPOSE)
    return made


def _as_stored(planned: Planned, check: UUID) -> dict[str, object]:
    event, reach = planned.event, REACH[planned.event.kind]
    return {
        "id": str(uuid4()),
        "asked_id": str(check),
        "kind": str(event.kind),
        "lat": event.point.lat,
        "lon": event.point.lon,
        "starts": event.start.isoformat(),
        "ends": event.end.isoformat(),
        "reach_metres": reach.metres,
        "reach_before": f"{reach.before.total_seconds():.0f} seconds",
        "reach_after": f"{reach.after.total_seconds():.0f} seconds",
        "level": str(planned.level),
    }


def call_off_event(*, check: UUID, viewpoint: Viewpoint) -> None:
    """Say that an event of one's own agency does not take place: from then on it meets nobody."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT crossline_event_call_off(%s)", [check])
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != REFUSED:
            raise
        raise NotPermitted("That event does not exist, or it was called off already.") from None
    log(Event.EVENT_CALLED_OFF, by=viewpoint.viewer, about=Subject("check", str(check)), purpose=PURPOSE)


def events_of(viewpoint: Viewpoint) -> list[EventRow]:
    """The viewer's agency's events that are still kept, the next first."""
    own = EventRow.objects.filter(agency=viewpoint.viewer.agency, forgotten_at__gt=timezone.now())
    return list(viewpoint.visible(own).select_related("asked", "called_off").order_by("starts", "id"))


def within_the_agency(events: list[EventRow]) -> dict[UUID, list[tuple[EventRow, Nearness]]]:
    """Which of these come into each other's way, by check: one's own forces collide as well."""
    standing = [(each, as_planned(each)) for each in events if not hasattr(each, "called_off")]
    found: dict[UUID, list[tuple[EventRow, Nearness]]] = {}
    for place, (one, first) in enumerate(standing):
        for other, second in standing[place + 1 :]:
            if second.start > first.end + MAY_MEET:
                break  # they come by their start, so that none after this one is near either
            if conflict := meets(first, second):
                found.setdefault(one.asked_id, []).append((other, conflict.nearness))
                found.setdefault(other.asked_id, []).append((one, conflict.nearness))
    return found


def as_planned(row: EventRow) -> PlannedEvent:
    """A stored event as the engine has it."""
    return PlannedEvent(EventKind(row.kind), Point(row.lat, row.lon), row.starts, row.ends)
