"""How meetings, answers and actions stand, and whose each move is: pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models


class MeetingState(models.TextChoices):
    """How a meeting stands."""

    CALLED = "called", "Called"
    HELD = "held", "Held"
    PUT_OFF = "put_off", "Put off"
    CALLED_OFF = "called_off", "Called off"


class Answer(models.TextChoices):
    """What an invited organisation answers."""

    COMES = "comes", "Comes"
    WRITES = "writes", "Sends words instead"
    CANNOT = "cannot", "Cannot come"


class ActionState(models.TextChoices):
    """How an action stands. Only what was checked has ended."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    CANNOT = "cannot", "Cannot be done"
    CHECKED = "checked", "Checked"


class PlanState(models.TextChoices):
    """How a safety plan stands. It ends once a second person agrees."""

    RUNNING = "running", "Running"
    ENDING = "ending", "A second person is asked to end it"
    ENDED = "ended", "Ended"


class ReturnState(models.TextChoices):
    """How bringing somebody home stands."""

    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Handed over"
    NOT_DONE = "not_done", "Not done"


class Side(models.TextChoices):
    """Whose move it is with an action."""

    CALLER = "caller", "Whoever called the meeting"
    DOER = "doer", "The organisation that has the action"


MEETING_MOVES: Final[Mapping[MeetingState, tuple[MeetingState, ...]]] = MappingProxyType(
    {
        MeetingState.CALLED: (MeetingState.HELD, MeetingState.PUT_OFF, MeetingState.CALLED_OFF),
        MeetingState.PUT_OFF: (MeetingState.CALLED, MeetingState.CALLED_OFF),
        MeetingState.HELD: (),
        MeetingState.CALLED_OFF: (),
    }
)
"""What may become of a meeting. One that was put off is called anew, with another time."""
_DOER, _CALLER = frozenset({Side.DOER}), frozenset({Side.CALLER})
ACTION_MOVES: Final[Mapping[ActionState, Mapping[ActionState, frozenset[Side]]]] = MappingProxyType(
    {
        ActionState.OPEN: {ActionState.DONE: _DOER, ActionState.CANNOT: _DOER | _CALLER},
        ActionState.DONE: {ActionState.CHECKED: _CALLER, ActionState.OPEN: _CALLER},
        ActionState.CANNOT: {ActionState.CHECKED: _CALLER, ActionState.OPEN: _CALLER},
        ActionState.CHECKED: {},
    }
)
"""What may become of an action, and by whom. Whoever called the meeting takes back what its organisation can reach no more."""

RETURN_MOVES: Final[Mapping[ReturnState | None, tuple[ReturnState, ...]]] = MappingProxyType(
    {
        None: (ReturnState.PLANNED,),
        ReturnState.PLANNED: tuple(ReturnState),
        ReturnState.UNDER_WAY: (ReturnState.UNDER_WAY, ReturnState.DONE, ReturnState.NOT_DONE),
        ReturnState.DONE: (ReturnState.PLANNED,),
        ReturnState.NOT_DONE: (ReturnState.PLANNED,),
    }
)
"""What may be entered next about bringing somebody home; after one journey another can be planned."""


def has_it(state: ActionState) -> Side | None:
    """Who has an action that stands so: somebody, until it has ended."""
    return {ActionState.OPEN: Side.DOER, ActionState.DONE: Side.CALLER, ActionState.CANNOT: Side.CALLER}.get(state)
