"""What came of plans, counted: at each point in time, how many plans had each answer last, care status among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crossline.safeguarding.meetings.plan_parts import NOT_KNOWN, Point, Question, points, questions
from crossline.safeguarding.meetings.plan_standing import PlanStanding


@dataclass(frozen=True)
class OutcomeCount:
    """The answers to one question at one point in time. `entered`: plans of which anything was entered for it."""

    point: Point
    question: Question
    entered: int
    numbers: tuple[tuple[str, int], ...]  # (answer in words, plans), in the order of the list

    @property
    def known(self) -> int:
        """Of how many plans anything but "not known" was answered."""
        return sum(number for _, number in self.numbers)


def outcomes_counted(plans: Sequence[PlanStanding]) -> list[OutcomeCount]:
    """Every question at every point in time that something was entered for: counts of plans, from what was entered last."""
    found = []
    for point in points().values():
        last = [entered.answers for each in plans if (entered := each.outcome(point.id)) is not None]
        for question in questions().values() if last else ():
            said = Counter(answers.get(question.id, NOT_KNOWN) for answers in last)
            numbers = tuple((words, said[value]) for value, words in question.values if value != NOT_KNOWN)
            found.append(OutcomeCount(point, question, len(last), numbers))
    return found
