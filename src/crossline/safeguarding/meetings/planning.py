"""Safety plans: opened, written anew, reviewed and ended by two; bringing somebody home; and what came of it, point by point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.meetings.calling import OVERTAKEN, may_call, noted, said_in_words, signed
from crossline.safeguarding.meetings.models import (
    EndingAnswer,
    PlanEnding,
    PlanOutcome,
    PlanVersion,
    ReturnEntry,
    SafetyPlan,
)
from crossline.safeguarding.meetings.plan_parts import longest_until_review, plan_parts, points, questions
from crossline.safeguarding.meetings.plan_standing import PlanStanding, plan_of, plans_about
from crossline.safeguarding.meetings.states import RETURN_MOVES, PlanState, ReturnState
from crossline.safeguarding.referrals.gathering import gathered_for

KIND: Final = "plan"
ONLY_ITS_AGENCY: Final = "Only a safeguarding lead or a coordinator of the agency whose plan it is does that."


@dataclass(frozen=True)
class Journey:
    """Who fetches somebody, how, when, whom they are handed to, and how they are reached on the way."""

    fetches: str
    how: str
    starts_at: datetime
    handed_to: str
    contact: str


def open_plan(
    *, about: UUID, said: Mapping[str, str], review_on: date, reason: str, viewpoint: Viewpoint
) -> SafetyPlan:
    """Open a plan of the viewer's agency for a visible person. A person has one plan at a time, whosever it is."""
    viewer = viewpoint.viewer
    gathered = gathered_for(viewpoint, about, viewer.agency)
    if gathered is None or gathered.decoy or not gathered.is_person:
        refuse_decoy(viewpoint, person=about)
        raise NotPermitted("That person does not exist, or you may not see them.")
    if not may_call(viewpoint, viewer.agency):
        raise NotPermitted("Only a safeguarding lead or a coordinator opens a plan; ask yours.")
    claim(gathered.mention.record_id)
    before = plans_about(viewpoint, [each.id for each in gathered.mentions])
    going = next((each for each in before if each.state is not PlanState.ENDED), None)
    if going is not None:
        raise MoveNotAllowed(f"There is a plan for this person already, {going.ref} of {going.plan.owner.name}.")
    kept, day = _checked(said), _review(review_on)
    made = SafetyPlan(
        about=gathered.mention, owner_id=viewer.agency, opened_by=viewer.username, opened_agency=viewer.agency
    )
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    _written(made, kept, day, reason, number=1, viewpoint=viewpoint)
    return made


def write_plan(
    *, plan: UUID, said: Mapping[str, str], review_on: date, reason: str, stood: int, viewpoint: Viewpoint
) -> PlanVersion:
    """Save another text of a plan, which is how it is reviewed. `stood`: the text that was read."""
    found = plan_to_move(viewpoint, plan)
    if found.state is PlanState.ENDED:
        raise MoveNotAllowed("This plan has ended; open another.")
    if found.text.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    return _written(found.plan, _checked(said), _review(review_on), reason, number=stood + 1, viewpoint=viewpoint)


def ask_to_end(*, plan: UUID, words: str, viewpoint: Viewpoint) -> PlanEnding:
    """Ask a second person of the same agency to end a plan."""
    found = plan_to_move(viewpoint, plan)
    if found.state is not PlanState.RUNNING:
        raise MoveNotAllowed(
            "A second person is asked already." if found.state is PlanState.ENDING else "It has ended."
        )
    number = len(found.endings) + 1
    made = PlanEnding(plan=found.plan, number=number, words=said_in_words("Why it can end", words))
    signed(made, found.plan.audience_id, viewpoint)
    noted(Event.PLAN_MOVED, plan, {"state": str(PlanState.ENDING)}, viewpoint, kind=KIND)
    return made


def answer_ending(*, plan: UUID, agreed: bool, words: str, viewpoint: Viewpoint) -> EndingAnswer:
    """Agree that a plan ends, or keep it running, as another person than whoever asked."""
    found = plan_to_move(viewpoint, plan)
    if found.state is not PlanState.ENDING or found.ending is None:
        raise MoveNotAllowed("Nobody asks to end this plan.")
    if found.ending.by == viewpoint.viewer.username:
        raise NotPermitted("Somebody else of your agency decides on it: you asked.")
    said = said_in_words("Why it goes on", words, needed=not agreed)
    made = EndingAnswer(ending=found.ending, agreed=agreed, words=said)
    signed(made, found.plan.audience_id, viewpoint)
    state = PlanState.ENDED if agreed else PlanState.RUNNING
    noted(Event.PLAN_MOVED, plan, {"state": str(state)}, viewpoint, kind=KIND)
    return made


def enter_return(
    *, plan: UUID, to: ReturnState, journey: Journey, words: str, stood: int, viewpoint: Viewpoint
) -> ReturnEntry:
    """Enter how bringing somebody home stands. `stood`: how many entries were read."""
    found = plan_to_move(viewpoint, plan)
    if found.state is PlanState.ENDED:
        raise MoveNotAllowed("This plan has ended; open another.")
    if len(found.returns) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if to not in RETURN_MOVES[found.journey]:
        now = found.journey.label.lower() if found.journey else "not planned yet"
        raise MoveNotAllowed(f"That cannot be entered now: it is {now}.")
    made = ReturnEntry(
        plan=found.plan,
        number=stood + 1,
        state=to,
        fetches=said_in_words("Who fetches them", journey.fetches),
        how=said_in_words("How", journey.how),
        starts_at=journey.starts_at,
        handed_to=said_in_words("Whom they are handed to", journey.handed_to),
        contact=said_in_words("Contact on the way", journey.contact, needed=to is not ReturnState.NOT_DONE),
        words=said_in_words("Why it was not done", words, needed=to is ReturnState.NOT_DONE),
    )
    signed(made, found.plan.audience_id, viewpoint)
    noted(Event.RETURN_ENTERED, plan, {"state": str(to)}, viewpoint, kind=KIND)
    return made


def save_outcome(
    *, plan: UUID, point: str, answers: Mapping[str, str], words: str, stood: int, viewpoint: Viewpoint
) -> PlanOutcome:
    """Enter what had come of it at a point in time. `stood`: how many times it was entered for that point before."""
    found = plan_to_move(viewpoint, plan)
    begins = points().get(point) and found.begins(point)
    if not begins or begins > timezone.localdate():
        raise MoveNotAllowed("It is not yet time for that.")
    if sum(each.point == point for each in found.outcomes) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    for question in questions().values():
        if answers.get(question.id) not in dict(question.values):
            raise UserError(f"Answer “{question.title}”; not known is an answer.")
    kept = {question: answers[question] for question in questions()}
    made = PlanOutcome(plan=found.plan, point=point, number=stood + 1, answers=kept)
    made.words = said_in_words("Anything to add", words, needed=False)
    signed(made, found.plan.audience_id, viewpoint)
    noted(Event.OUTCOME_SAVED, plan, {"point": point}, viewpoint, kind=KIND)
    return made


def plan_to_move(viewpoint: Viewpoint, plan: UUID) -> PlanStanding:
    """A plan of the viewer's agency, held for the rest of the transaction."""
    if plan_of(viewpoint, plan) is None:
        raise NotPermitted("That plan does not exist, or you may not see it.")
    claim(plan)
    found = plan_of(viewpoint, plan)
    if found is None or not may_call(viewpoint, found.plan.owner_id):
        raise NotPermitted(ONLY_ITS_AGENCY)
    return found


def _checked(said: Mapping[str, str]) -> dict[str, str]:
    return {
        part.id: words
        for part in plan_parts().values()
        if (words := said_in_words(part.title, said.get(part.id, ""), needed=part.required))
    }


def _review(day: date) -> date:
    today = timezone.localdate()
    if not today < day <= today + longest_until_review():
        days = longest_until_review().days
        raise UserError(f"Give a day for the review that is still to come, within {days} days.")
    return day


def _written(
    plan: SafetyPlan, said: Mapping[str, str], day: date, reason: str, *, number: int, viewpoint: Viewpoint
) -> PlanVersion:
    made = PlanVersion(plan=plan, number=number, parts=dict(said), review_on=day)
    made.words = said_in_words("Reason for saving", reason)
    signed(made, plan.audience_id, viewpoint)
    detail = {"text": number, "reason": made.words[:200]}
    noted(Event.PLAN_SAVED, plan.id, detail, viewpoint, kind=KIND)
    return made
