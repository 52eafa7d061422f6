"""Which side makes which move of a referral, and what is due by when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossline.safeguarding.referrals.states import (
    MOVES,
    OPEN,
    STEPS,
    Side,
    State,
    clocks_authority,
    moves_of,
    next_due,
    side_of,
    urgencies,
)

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_state_is_of_one_side_and_can_be_reached() -> None:
    assert set(MOVES) == set(State)
    for state in State:
        if state is not State.DRAFTED:
            sides = {leads[state] for leads in MOVES.values() if state in leads}
            assert sides == {side_of(state)}
    reached, edge = {State.DRAFTED}, [State.DRAFTED]
    while edge:
        edge = [to for each in edge for to in MOVES[each] if to not in reached]
        reached |= set(edge)
    assert reached == set(State)


def test_whoever_sent_can_take_back_at_any_time_and_a_recipient_never_can() -> None:
    for state in STEPS:
        assert State.REVOKED in moves_of(state, Side.SENDER)
        assert State.REVOKED not in moves_of(state, Side.PARTNER)
    assert moves_of(State.REVOKED, Side.PARTNER) == moves_of(State.DRAFTED, Side.PARTNER) == []
    assert {state for state in State if moves_of(state, Side.PARTNER)} == OPEN


@pytest.mark.parametrize(
    ("states", "what", "hours"),
    [
        ([State.SENT], "Open it", 8),
        ([State.SENT, State.RECEIVED], "Accept it or reject it", 24),
        ([State.SENT, State.RECEIVED, State.ACCEPTED], "Say what was done", 72),
        ([State.SENT, State.RECEIVED, State.ACCEPTED, State.ACTION], "Say what came of it", 72),
    ],
)
def test_what_is_due_counts_from_sending(states: list[State], what: str, hours: int) -> None:
    steps = [(state, BEGUN + timedelta(minutes=minute)) for minute, state in enumerate(states)]
    due = next_due(urgencies()["urgent"], steps)
    assert due is not None
    assert (due.what, due.by) == (what, BEGUN + timedelta(hours=hours))
    late = BEGUN + timedelta(hours=hours, seconds=1)
    assert due.is_late(late) and not due.is_late(due.by) and not due.is_escalated(late)
    assert due.is_escalated(late + timedelta(hours=12))


def test_after_an_outcome_nothing_is_due_and_reopening_starts_the_clock_anew() -> None:
    later = BEGUN + timedelta(days=9)
    assert next_due(urgencies()["routine"], [(State.SENT, BEGUN), (State.OUTCOME, later)]) is None
    due = next_due(urgencies()["routine"], [(State.SENT, BEGUN), (State.DONE, later), (State.REOPENED, later)])
    assert due is not None and due.by == later + timedelta(hours=120)


def test_the_clocks_say_where_they_are_from_and_grow_with_less_urgency() -> None:
    assert clocks_authority().startswith("[D]") and all(each.label.startswith("[") for each in urgencies().values())
    hours = [(each.received, each.answered, each.action) for each in urgencies().values()]
    assert hours == sorted(hours) and all(one <= two <= three for one, two, three in hours)
