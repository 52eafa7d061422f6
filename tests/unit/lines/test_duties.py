"""What waits for an agency of its closed lines is counted by the day, and said in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from crossline.lines.duties import Duties, counted
from crossline.lines.reemerging import Closed
from crossline.lines.register import RegisterLine
from crossline.lines.standing import Declared, Standing
from crossline.lines.states import DeclaredState

CLOSED_ON = date(2026, 3, 1)


def closure(signs: tuple[Any, ...] = ()) -> Closed:
    """A line that was closed on a day, of which nobody answered a check-back."""
    said = ("Closed.", "centre.manager", "nclcc", datetime(2026, 3, 1, tzinfo=UTC))
    row = Declared(uuid4(), DeclaredState.CLOSED_TYPE2, CLOSED_ON, "+447700900123", None, None, "", *said)
    return Closed(cast("RegisterLine", None), Standing(("kent", "LEO"), (row,), (row,)), signs)


def test_a_check_back_is_due_on_its_day_and_overdue_later() -> None:
    days = {after: counted([closure()], CLOSED_ON + timedelta(days=after)) for after in (0, 1, 4, 5)}
    assert days == {0: Duties(), 1: Duties(due=1), 4: Duties(due=1), 5: Duties(due=1, overdue=1)}
    assert not days[0] and days[1]


def test_the_sentence_says_what_waits_and_nothing_that_does_not() -> None:
    speaking = counted([closure(("a sign",)), closure()], CLOSED_ON)
    assert (speaking.sentence, bool(speaking)) == ("1 closed line may speak again.", True)
    late = counted([closure(), closure()], CLOSED_ON + timedelta(days=9))
    assert late.sentence == "2 check-backs of closed lines are due, 2 of them overdue."
    assert Duties(due=1).sentence == "1 check-back of closed lines is due."
