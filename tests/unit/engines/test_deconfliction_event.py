"""Planned events: where a place written in three ways is, who is in whose way, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossline.engines.deconfliction.event import AWARE_METRES, REACH
from crossline.engines.deconfliction.places import of_grid
from crossline.engines.deconfliction.tokens import EventKind, Nearness, PlannedEvent, Point, meets, read_point
from crossline.errors import SelectorUnreadable, UserError
from crossline.vocabulary.places import distance_metres

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(east: float = 0, hours: float = 0, length: float = 1, kind: EventKind = EventKind.WARRANT) -> PlannedEvent:
    start = NOON + hours * HOUR
    return PlannedEvent(kind, of_grid(581_200 + east, 109_400), start, start + length * HOUR)


def test_the_grid_is_read_as_ordnance_survey_reads_it() -> None:
    # The worked example of its guide, Caister water tower, whose degrees it gives by its own finer transformation.
    known = Point(52 + 39 / 60 + 28.723 / 3600, 1 + 42 / 60 + 57.787 / 3600)
    found = of_grid(651_409.903, 313_177.270)
    assert distance_metres(found.lat, found.lon, known.lat, known.lon) < 5


def test_one_place_written_in_four_ways() -> None:
    points = [read_point(text) for text in ("TQ 812 094", "tq8125009450", "581250, 109450", "50.85616 0.57380")]
    assert all(distance_metres(each.lat, each.lon, points[0].lat, points[0].lon) < 15 for each in points)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no place"),
        ("Hastings", "is no place"),
        ("TQ 81 09", "write two letters and six to ten figures"),
        ("TQ 812 09", "is no place"),
        ("AA 812 094", "is no place on the National Grid"),
        ("0.5730, 50.8554", "write the latitude first"),
    ],
)
def test_what_is_no_place_is_said(text: str, says: str) -> None:
    with pytest.raises(SelectorUnreadable, match=says):
        read_point(text)


@pytest.mark.parametrize(
    ("other", "nearness"),
    [
        (event(), Nearness.CONFLICT),
        (event(east=299), Nearness.CONFLICT),
        (event(east=305), Nearness.AWARENESS),
        (event(east=990), Nearness.AWARENESS),
        (event(east=1010), None),
        (event(hours=4.99), Nearness.CONFLICT),  # the first lasts an hour, and reaches four more
        (event(hours=5.01), None),
        (event(hours=-4.99), Nearness.CONFLICT),
        (event(hours=-5.01), None),
        (event(east=490, kind=EventKind.SURVEILLANCE), Nearness.CONFLICT),
        (event(hours=-2.01, length=1, kind=EventKind.STOP), Nearness.CONFLICT),  # the warrant reaches two hours before
        (event(hours=-3.01, length=1, kind=EventKind.STOP), None),
        (event(hours=-30, length=48), Nearness.CONFLICT),
    ],
)
def test_who_is_in_whose_way(other: PlannedEvent, nearness: Nearness | None) -> None:
    found = meets(event(), other)
    assert found == meets(other, event())
    assert (found.nearness if found else None) == nearness


def test_an_event_is_kept_two_days_beyond_its_end_and_no_kind_reaches_further_than_either_is_told() -> None:
    assert event(length=5).expires == NOON + timedelta(hours=5 + 48)
    assert set(REACH) == set(EventKind)
    assert all(reach.metres <= AWARE_METRES for reach in REACH.values())
    assert all(
        max(reach.before, reach.after) <= timedelta(days=1) for reach in REACH.values()
    )  # what the index relies on


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (NOON, NOON - HOUR, "ends before it starts"),
        (NOON, NOON + timedelta(days=32), "at most 31 days"),
        (NOON.replace(tzinfo=None), NOON.replace(tzinfo=None), "time zone"),
    ],
)
def test_times_that_nobody_means_are_said(start: datetime, end: datetime, says: str) -> None:
    with pytest.raises(UserError, match=says):
        PlannedEvent(EventKind.STOP, read_point("TQ 812 094"), start, end)
