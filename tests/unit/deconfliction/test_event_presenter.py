"""How a planned event stands, and whom one's own agency's events meet, as the page has it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from crossline.deconfliction.event_presenter import TOLD_LATER, event_rows, state_of
from crossline.deconfliction.inbox import Met
from crossline.deconfliction.models import Check, EventCalledOff, PlannedEvent
from crossline.deconfliction.rules import AnswerLevel


def event(place: int, hours: float, north: float = 0) -> PlannedEvent:
    """An hour's warrant, so many hours from now."""
    start = timezone.now() + timedelta(hours=hours)
    check = Check(
        id=UUID(int=place), number=f"D-{place}", value="A warrant", operation="Operation Rowan", asked_by="kent.x"
    )
    return PlannedEvent(
        asked=check, kind="warrant", lat=50.8554 + north, lon=0.573, starts=start, ends=start + timedelta(hours=1)
    )


@pytest.mark.parametrize(("hours", "state"), [(1, "To come"), (-0.5, "Under way"), (-2, "Over")])
def test_how_an_event_stands_is_told_by_the_clock_unless_it_was_called_off(hours: float, state: str) -> None:
    found = event(1, hours)
    assert state_of(found) == state
    EventCalledOff(event=found)
    assert state_of(found) == "Called off"


def test_an_event_has_everybody_near_it_once_and_one_s_own_by_number() -> None:
    events = [event(1, 24), event(2, 25), event(3, 24, north=1)]
    met = [
        Met(None, UUID(int=1), "event", agency, "desk", "", None, False, None, nearness)
        for agency, nearness in (("essex", "awareness"), ("essex", "conflict"), ("surrey", "conflict"))
    ]
    strange = Met(None, UUID(int=3), "phone", "norfolk", "desk", "", None, False, 1)
    rows = event_rows(events, [], [*met, strange])
    assert [row["near"] for row in rows] == ["Essex, Surrey, 1 of your own agency", "1 of your own agency", ""]
    assert set(TOLD_LATER) == set(AnswerLevel)
