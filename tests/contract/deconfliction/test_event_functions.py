"""The function of the database judges how near two events come as the engine does, at the edges too."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossline.deconfliction import events
from crossline.deconfliction.events import Planned
from crossline.deconfliction.rules import AnswerLevel
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, Point, meets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@st.composite
def near_pairs(draw: st.DrawFn) -> tuple[PlannedEvent, PlannedEvent]:
    """Two events at most a little further apart than the furthest reach, in place and in time."""
    lat, lon = draw(st.floats(49.5, 61)), draw(st.floats(-8, 2))
    turns = draw(st.booleans())  # within a metre and a minute of where a verdict turns, every other time
    metres = (
        draw(st.sampled_from((0, 300, 500, 1_000))) + draw(st.floats(-1, 1)) if turns else draw(st.floats(0, 1_100))
    )
    bearing = draw(st.floats(0, 6.283))
    north, east = metres * cos(bearing) / 111_195, metres * cos(bearing - 1.5708) / 111_195 / cos(radians(lat))
    start = datetime(2026, 6, 1, 12, tzinfo=timezone.get_current_timezone())
    lengths = draw(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)))
    margin = timedelta(hours=draw(st.sampled_from((0, 1, 2, 4))), microseconds=draw(st.integers(-1, 1)))
    apart = timedelta(minutes=lengths[0]) + margin if turns else timedelta(minutes=draw(st.integers(-3_500, 3_500)))
    after = start + apart
    kinds = draw(st.tuples(st.sampled_from(EventKind), st.sampled_from(EventKind)))
    lat, lon, north, east = (round(each, 7) for each in (lat, lon, north, east))  # as they are stored
    return (
        PlannedEvent(kinds[0], Point(lat, lon), start, start + timedelta(minutes=lengths[0])),
        PlannedEvent(kinds[1], Point(lat + north, lon + east), after, after + timedelta(minutes=lengths[1])),
    )


def judged_by_the_database(builders: Any, one: PlannedEvent, other: PlannedEvent) -> str | None:
    given = [json.dumps(events._as_stored(Planned(each, "", AnswerLevel.SILENT), UUID(int=1))) for each in (one, other)]
    row = "jsonb_populate_record(NULL::deconfliction_plannedevent, %s::jsonb)"
    with builders.role("none"), connection.cursor() as cursor:
        cursor.execute(f"SELECT crossline_event_nearness({row}, {row})", given)
        found: str | None = cursor.fetchone()[0]
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=near_pairs())
def test_the_database_judges_nearness_as_the_engine_does(
    builders: Any, pair: tuple[PlannedEvent, PlannedEvent]
) -> None:
    conflict = meets(*pair)
    expected = str(conflict.nearness) if conflict else None
    assert judged_by_the_database(builders, *pair) == judged_by_the_database(builders, *reversed(pair)) == expected
