"""An action is one organisation's until it says what became of it, and somebody else's to check; late ones come first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.meetings.states import ActionState
from crossline.safeguarding.referrals.sending import revoke_sheet
from crossline.safeguarding.referrals.standing import sheets

from .conftest import Room


def whose(room: Room, action: Any) -> str | None:
    found = room.action(action)
    assert found is not None
    return found.whose.id if found.whose else None


def test_an_action_is_done_by_its_organisation_and_checked_by_whoever_called_the_meeting(room: Room) -> None:
    meeting, invited = room.held("childrens_home")
    children, lead = room.case.partners["childrens_home"], room.case.lead
    action = room.give(meeting, children.agency, "Visit at home.")
    assert whose(room, action) == children.agency
    with pytest.raises(MoveNotAllowed, match="cannot become done by you"):
        room.act(action, ActionState.DONE, lead)
    with pytest.raises(UserError, match="What was done"):
        room.act(action, ActionState.DONE, children, " ")
    address = f"/invitations/{invited['childrens_home']}"
    assert "Visit at home." in room.case.browse(children, address).content.decode()
    done = room.case.browse(children, address, {"do": f"done-{action}", "words": "Visited on Monday.", "stood": "1"})
    assert done.status_code == 302 and whose(room, action) == "kent"
    twice = room.case.browse(children, address, {"do": f"done-{action}", "words": "Again.", "stood": "1"})
    assert twice.status_code == 422 and "no longer be done" in twice.content.decode()
    with pytest.raises(MoveNotAllowed, match="Somebody else changed"):
        room.act(action, ActionState.CHECKED, lead, stood=1)
    with pytest.raises(UserError, match="tells who the person is"):
        room.act(action, ActionState.OPEN, lead, "Toby was not at home.")
    room.act(action, ActionState.OPEN, lead, "The visit was to the wrong flat.")
    assert whose(room, action) == children.agency
    room.act(action, ActionState.CANNOT, children, "He moved away.")
    checked = room.case.browse(lead, f"/meetings/{meeting}", {"do": f"checked-{action}", "words": "", "stood": "4"})
    assert checked.status_code == 302 and whose(room, action) is None
    with pytest.raises(MoveNotAllowed, match="checked cannot become"):
        room.act(action, ActionState.OPEN, lead)
    page = room.case.browse(children, address).content.decode()
    assert "He moved away." in page and "kent.lead" not in page, "people of the police are their agency to a partner"


def test_ones_own_action_is_checked_by_somebody_else(room: Room) -> None:
    meeting, _ = room.held()
    action = room.give(meeting, "kent", "Ask the neighbours.")
    room.act(action, ActionState.DONE, room.case.lead, "Asked.")
    with pytest.raises(MoveNotAllowed, match="somebody else checks"):
        room.act(action, ActionState.CHECKED, room.case.lead)
    room.act(action, ActionState.CHECKED, room.case.manager, "")
    assert whose(room, action) is None


def test_whoever_called_it_ends_what_its_organisation_can_reach_no_more(room: Room) -> None:
    meeting, _ = room.held("childrens_home")
    children = room.case.partners["childrens_home"]
    action = room.give(meeting, children.agency)
    with room.case.builders.seen_by(room.case.lead) as viewpoint:
        revoke_sheet(sheet=sheets(viewpoint)[0].sheet.id, words="Wrong place.", viewpoint=viewpoint)
    assert room.action(action, children) is None
    with pytest.raises(NotPermitted, match="does not exist"):
        room.act(action, ActionState.DONE, children)
    room.act(action, ActionState.CANNOT, room.case.lead, "They are no longer asked.")
    room.act(action, ActionState.CHECKED, room.case.manager, "")
    assert whose(room, action) is None


def test_what_an_action_says_is_checked(room: Room) -> None:
    meeting, _ = room.held("childrens_home")
    children, health = room.case.partners["childrens_home"].agency, room.case.partners["health"].agency
    for told, sentence in (
        ({"what": "Visit Toby Winterbourne."}, "tells who the person is"),
        ({"what": "Keep Darren Vale away."}, "tells who somebody else is"),
        ({"what": "Ring 07700 900123."}, "a telephone number"),
        ({"what": ""}, "What is to be done"),
        ({"due": timezone.localdate() - timedelta(days=1)}, "still to come"),
    ):
        with pytest.raises(UserError, match=sentence):
            room.give(meeting, children, **told)
    with pytest.raises(UserError, match="that was invited, or your own"):
        room.give(meeting, health)
    with pytest.raises(MoveNotAllowed, match="once the meeting was held"):
        room.give(room.call(), "kent")


def test_late_ones_come_first_then_long_late_ones_reach_the_centres_coordinators(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, _ = room.held("childrens_home")
    today = timezone.localdate()
    later = room.give(meeting, "kent", "Second.", today + timedelta(days=20))
    room.give(meeting, room.case.partners["childrens_home"].agency, "First.", today + timedelta(days=1))
    assert "First." not in room.case.browse(room.case.lead, "/meetings/actions?late=late").content.decode()
    for days, late, escalated in ((2, True, False), (5, True, True)):
        day = today + timedelta(days=days)
        monkeypatch.setattr("crossline.safeguarding.meetings.views.timezone.localdate", lambda day=day: day)
        page = room.case.browse(room.case.lead, "/meetings/actions").content.decode()
        assert page.index("First.") < page.index("Second.") and "late by more" not in page
        only = room.case.browse(room.case.lead, "/meetings/actions?late=late").content.decode()
        assert ("First." in only) is late and "Second." not in only
        theirs = room.case.browse(room.case.coordinator, "/meetings/actions").content.decode()
        assert ("1 action is late by more" in theirs) is escalated
        listed = room.case.browse(room.case.coordinator, "/meetings/actions?late=escalated").content.decode()
        assert ("First." in listed) is escalated
    assert whose(room, later) == "kent"


def test_an_agency_acts_on_its_own_through_its_invitation(room: Room) -> None:
    essex = room.case.builders.enrolled("essex.lead", agency="essex", roles=room.case.lead.roles)
    constable = room.case.builders.enrolled("essex.constable", agency="essex")
    meeting, invited = room.held(agencies=("essex",))
    action = room.give(meeting, "essex", "Look at the bus station.")
    listed = room.case.browse(constable, "/meetings/actions").content.decode()
    assert "Look at the bus station." in listed and f"/invitations/{invited['essex']}" in listed
    with pytest.raises(NotPermitted, match="Only the organisation"):
        room.act(action, ActionState.DONE, constable)
    room.act(action, ActionState.DONE, essex)
    assert whose(room, action) == "kent"
    page = room.case.browse(essex, f"/invitations/{invited['essex']}")
    assert page.status_code == 200 and "Our own word." in page.content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [("/meetings", "No meeting"), ("/meetings/actions", "No action"), ("/invitations", "invited to no meeting")],
)
def test_lists_of_meetings_that_are_empty_say_so(room: Room, address: str, words: str) -> None:
    page = room.case.browse(room.case.lead, address)
    assert page.status_code == 200 and words in page.content.decode()
