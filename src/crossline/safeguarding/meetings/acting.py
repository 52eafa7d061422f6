"""Actions: given to one organisation, done or not by it, and checked by somebody else of whoever called the meeting."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.meetings.calling import (
    OVERTAKEN,
    may_answer,
    may_call,
    noted,
    said_in_words,
    signed,
    to_move,
)
from crossline.safeguarding.meetings.models import Action, ActionStep
from crossline.safeguarding.meetings.standing import ActionStanding, action_of, meeting_of
from crossline.safeguarding.meetings.states import ACTION_MOVES, ActionState, MeetingState, Side
from crossline.safeguarding.meetings.telling import gathered_about, words_that_leave

NEEDS_WORDS = frozenset({ActionState.DONE, ActionState.CANNOT, ActionState.OPEN})
"""Moves that say nothing without words: what was done, why not, why it is not done after all."""


def give_action(*, meeting: UUID, organisation: str, what: str, due: date, viewpoint: Viewpoint) -> Action:
    """Give an action to whoever called the meeting, or to one organisation that was invited. It names nobody."""
    found = to_move(viewpoint, meeting)
    if found.state is not MeetingState.HELD:
        raise MoveNotAllowed("Actions are given once the meeting was held.")
    invited = {each.invitation.invited_id: each.invitation for each in found.invitations}
    if organisation != found.meeting.owner_id and organisation not in invited:
        raise UserError("Choose an organisation that was invited, or your own.")
    if due < timezone.localdate():
        raise UserError("Give a day that is still to come.")
    gathered = gathered_about(viewpoint, found.meeting)
    made = Action(
        meeting=found.meeting,
        invitation=invited.get(organisation),
        owner_id=found.meeting.owner_id,
        organisation_id=organisation,
        what=words_that_leave(gathered, "What is to be done", what, needed=True),
        due=due,
        given_by=viewpoint.viewer.username,
        given_agency=viewpoint.viewer.agency,
    )
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    signed(ActionStep(action=made, number=1, state=ActionState.OPEN), made.audience_id, viewpoint)
    noted(Event.ACTION_GIVEN, found.meeting.id, {"to": organisation, "action": str(made.id)}, viewpoint)
    return made


def sides_of(viewpoint: Viewpoint, found: ActionStanding) -> frozenset[Side]:
    """On which sides of an action the viewer acts; on both where whoever called the meeting does it itself."""
    held = {Side.CALLER: may_call(viewpoint, found.action.owner_id)}
    held[Side.DOER] = may_answer(viewpoint, found.action.organisation_id)
    return frozenset(side for side, holds in held.items() if holds)


def action_moves(viewpoint: Viewpoint, found: ActionStanding) -> list[ActionState]:
    """What the viewer can make of an action. Whoever says that it is done, or cannot be, does not check it."""
    sides, last = sides_of(viewpoint, found), found.steps[-1]
    return [
        to
        for to, by in ACTION_MOVES[found.state].items()
        if by & sides and not (to is ActionState.CHECKED and last.by == viewpoint.viewer.username)
    ]


def move_action(*, action: UUID, to: ActionState, words: str, stood: int, viewpoint: Viewpoint) -> ActionStep:
    """Bring an action to a state. `stood`: how many steps it had when it was read."""
    found = action_of(viewpoint, action)
    if found is None:
        raise NotPermitted("That action does not exist, or you may not see it.")
    claim(found.action.meeting_id)
    found = action_of(viewpoint, action) or found
    sides = sides_of(viewpoint, found)
    if not sides:
        raise NotPermitted("Only the organisation that has an action, or whoever called the meeting, does that.")
    if found.stood != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if to not in action_moves(viewpoint, found):
        raise MoveNotAllowed(
            f"An action that is {found.state.label.lower()} cannot become {to.label.lower()} by you; "
            "somebody else checks what you did."
        )
    said = _words(viewpoint, found, to, words, by_doer=Side.DOER in sides)
    step = ActionStep(action=found.action, number=stood + 1, state=to, words=said)
    signed(step, found.action.audience_id, viewpoint)
    detail = {"state": str(to), "action": str(action)}
    noted(Event.ACTION_MOVED, found.action.meeting_id, detail, viewpoint)
    return step


def _words(viewpoint: Viewpoint, found: ActionStanding, to: ActionState, words: str, *, by_doer: bool) -> str:
    """What the calling side writes is read by the organisation that has the action, so it tells as little as the action."""
    needed, meeting = to in NEEDS_WORDS, meeting_of(viewpoint, found.action.meeting_id)
    if meeting is None or by_doer:
        return said_in_words("What was done, or why not", words, needed=needed)
    return words_that_leave(gathered_about(viewpoint, meeting.meeting), "What you say of it", words, needed=needed)
