"""The table of moves, and the parts of minutes with whom they are for."""

from __future__ import annotations

from crossline.safeguarding.meetings.parts import EVERYBODY, POLICE, escalated_after, parts, parts_authority
from crossline.safeguarding.meetings.states import ACTION_MOVES, MEETING_MOVES, ActionState, MeetingState
from crossline.safeguarding.referrals.fields import recipients


def test_every_state_has_its_moves_and_is_reached() -> None:
    assert set(MEETING_MOVES) == set(MeetingState) and set(ACTION_MOVES) == set(ActionState)
    assert {to for each in MEETING_MOVES.values() for to in each} == set(MeetingState)
    assert {to for each in ACTION_MOVES.values() for to in each} == set(ActionState)


def test_parts_are_for_kinds_of_recipient_that_there_are() -> None:
    known = {*recipients(), POLICE, EVERYBODY}
    assert {to for part in parts().values() for to in part.to} <= known
    assert all(part.label.startswith("[") and part.to for part in parts().values())
    assert parts_authority().startswith("[D]") and escalated_after().days > 0


def test_no_partner_is_given_what_is_for_the_police_and_everybody_the_decisions() -> None:
    assert [each for each in recipients() if parts()["police"].is_for(each)] == []
    assert all(parts()["decisions"].is_for(each) for each in (*recipients(), POLICE))
    assert not parts()["discussed"].is_for("education"), "a school is told no allegation"
