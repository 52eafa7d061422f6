"""Outcomes are counted by what was entered last, of each plan once for each point in time."""

from __future__ import annotations

from typing import Any, cast

from crossline.safeguarding.meetings.models import PlanOutcome, SafetyPlan
from crossline.safeguarding.meetings.outcomes_counted import OutcomeCount, outcomes_counted
from crossline.safeguarding.meetings.plan_parts import NOT_KNOWN, questions
from crossline.safeguarding.meetings.plan_standing import PlanStanding

UNKNOWN = dict.fromkeys(questions(), NOT_KNOWN)


def plan(*entered: tuple[str, dict[str, str]]) -> PlanStanding:
    outcomes = [PlanOutcome(point=point, answers=UNKNOWN | answers) for point, answers in entered]
    return PlanStanding(cast(Any, None), SafetyPlan(), (), (), {}, (), outcomes)


def count(found: list[OutcomeCount], point: str, question: str) -> OutcomeCount:
    return next(each for each in found if (each.point.id, each.question.id) == (point, question))


def test_nothing_entered_is_nothing_counted() -> None:
    assert outcomes_counted([]) == outcomes_counted([plan()]) == []


def test_the_last_entry_of_a_plan_counts_and_not_known_is_not_an_answer() -> None:
    found = outcomes_counted(
        [
            plan(("three-months", {"missing": "up"}), ("three-months", {"missing": "down", "care": "in_care"})),
            plan(("three-months", {"missing": "down"}), ("end", {"nrm": "yes"})),
            plan(("three-months", {})),
        ]
    )
    missing = count(found, "three-months", "missing")
    assert (missing.entered, missing.known) == (3, 2)
    assert dict(missing.numbers) == {"Down": 2, "The same": 0, "Up": 0}
    care = count(found, "three-months", "care")
    assert (care.known, dict(care.numbers)["In care"]) == (1, 1)
    assert dict(count(found, "end", "nrm").numbers) == {"Yes": 1, "No": 0}
    assert {each.point.id for each in found} == {"three-months", "end"}
