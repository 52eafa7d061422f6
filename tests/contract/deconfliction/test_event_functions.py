"""Whether two events meet: the database's function and the engine give the same verdict of any pair, at the edges too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import cos, radians, sin
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crossline.engines.deconfliction.event import AWARE_METRES, REACH, EventKind, PlannedEvent, meets
from crossline.engines.deconfliction.places import Point

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 28, 23, tzinfo=UTC)
EDGES = sorted({0.0, AWARE_METRES, *(reach.metres for reach in REACH.values())})
MARGINS = sorted(
    {timedelta(0), *(reach.before for reach in REACH.values()), *(reach.after for reach in REACH.values())}
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[PlannedEvent, PlannedEvent]:
    """Two events, most of them within a metre and a second of where the verdict turns."""
    lat, lon = draw(st.floats(50, 60)), draw(st.floats(-7, 1.5))
    metres = draw(st.sampled_from(EDGES)) + draw(st.floats(-1, 1)) if draw(st.booleans()) else draw(st.floats(0, 1_500))
    bearing = draw(st.floats(0, 6.283))
    north, east = metres * cos(bearing) / 111_195, metres * sin(bearing) / 111_195 / cos(radians(lat))
    lasting, other = (timedelta(minutes=draw(st.integers(0, 600))) for _ in range(2))
    gap = draw(st.sampled_from(MARGINS)) + timedelta(microseconds=draw(st.integers(-1, 1)))
    gap = gap if draw(st.booleans()) else timedelta(minutes=draw(st.integers(-600, 600)))
    kinds = draw(st.tuples(st.sampled_from(EventKind), st.sampled_from(EventKind)))
    start = FIRST + lasting + gap
    one = PlannedEvent(kinds[0], Point(lat, lon), FIRST, FIRST + lasting)
    return one, PlannedEvent(kinds[1], Point(lat + north, lon + east), start, start + other)


def verdict_of_the_database(*events: PlannedEvent) -> str | None:
    given_ = [
        part for each in events for part in (str(each.kind), each.point.lat, each.point.lon, each.start, each.end)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT crossline_events_meet({', '.join(['%s', '%s', '%s', '%s', '%s'] * 2)})", given_)
        (found,) = cursor.fetchone()
    return str(found) if found is not None else None


SAME = PlannedEvent(EventKind.WARRANT, Point(51.07, 1.1), FIRST, FIRST)
LATER = PlannedEvent(EventKind.STOP, SAME.point, FIRST + REACH[EventKind.WARRANT].after, FIRST + timedelta(days=31))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=pairs())
@example(pair=(SAME, SAME))
@example(pair=(SAME, LATER))
def test_the_database_judges_as_the_engine_does(builders: Any, pair: tuple[PlannedEvent, PlannedEvent]) -> None:
    found = meets(*pair)
    expected = str(found.nearness) if found else None
    with builders.role("none"):
        assert verdict_of_the_database(*pair) == verdict_of_the_database(*reversed(pair)) == expected
