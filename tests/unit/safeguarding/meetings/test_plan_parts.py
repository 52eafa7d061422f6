"""The parts of a plan and the questions about outcomes: each with where it comes from, each question with "not known"."""

from __future__ import annotations

from crossline.safeguarding.meetings.plan_parts import (
    NOT_KNOWN,
    THE_END,
    asked_again_after,
    longest_until_review,
    plan_parts,
    points,
    questions,
)
from crossline.safeguarding.meetings.states import RETURN_MOVES, ReturnState


def test_every_part_says_where_it_comes_from() -> None:
    assert len(plan_parts()) == 11
    assert all(part.source and part.label.startswith("[") for part in plan_parts().values())
    assert longest_until_review().days > 0


def test_every_question_can_be_answered_with_not_known_and_only_once() -> None:
    for question in questions().values():
        values = [value for value, _ in question.values]
        assert values[-1] == NOT_KNOWN and len(set(values)) == len(values) > 2 and question.label.startswith("[")
    assert asked_again_after().days > 0


def test_points_come_in_their_order_and_the_end_last() -> None:
    days = [point.days for point in points().values()]
    assert list(points())[-1] == THE_END and days[:-1] == sorted(days[:-1]) and days[-1] == 0


def test_a_journey_is_planned_first_and_every_state_leads_on() -> None:
    assert set(RETURN_MOVES) == {None, *ReturnState} and RETURN_MOVES[None] == (ReturnState.PLANNED,)
    assert all(RETURN_MOVES.values())
