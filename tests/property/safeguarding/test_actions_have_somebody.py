"""Whatever is done with an action in whatever order: somebody has it until it has ended, and then nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossline.access.models import Agency
from crossline.safeguarding.meetings.models import Action, ActionStep
from crossline.safeguarding.meetings.standing import ActionStanding
from crossline.safeguarding.meetings.states import ACTION_MOVES, ActionState, has_it

OWNER, DOER = Agency(id="kent", name="Kent"), Agency(id="partner-quillhaven", name="Quillhaven")


@given(st.lists(st.integers(min_value=0, max_value=9), max_size=30))
def test_every_action_has_an_owner_until_it_ends(choices: list[int]) -> None:
    states = [ActionState.OPEN]
    for choice in choices:
        offered = list(ACTION_MOVES[states[-1]])
        if not offered:
            break
        states.append(offered[choice % len(offered)])
    action = Action(owner=OWNER, organisation=DOER)
    for length in range(1, len(states) + 1):
        steps = [ActionStep(number=number, state=state) for number, state in enumerate(states[:length], start=1)]
        standing = ActionStanding(action, steps)
        ended = standing.state is ActionState.CHECKED
        assert (standing.whose is None) is ended
        side = has_it(standing.state)
        assert (side is None) is ended
        # Whoever has it can do something about it; what has ended, nobody can change.
        moves = ACTION_MOVES[standing.state]
        assert bool(moves) is not ended and (side is None or any(side in by for by in moves.values()))
