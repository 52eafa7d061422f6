"""Minutes are written by the calling side and given to one invited organisation at a time: the preview is what is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.referrals.sending import revoke_sheet
from crossline.safeguarding.referrals.standing import sheets

from .conftest import SAID, Room

LINES = re.compile(r"<dl[^>]*data-minutes>(.*?)</dl>", re.DOTALL)


def shown(page: Any) -> list[str]:
    """The lists of minutes on a page, as they are written there."""
    return LINES.findall(page.content.decode())


@pytest.mark.parametrize(
    ("recipient", "given"),
    [
        ("childrens_home", ["discussed", "surroundings", "reprisal", "voice", "decisions", "dissent"]),
        ("education", ["surroundings", "voice", "decisions"]),
        ("health", ["voice", "decisions"]),
        ("charity", ["surroundings", "reprisal", "voice", "decisions"]),
    ],
)
def test_what_is_previewed_is_what_is_kept_is_what_they_read(room: Room, recipient: str, given: list[str]) -> None:
    meeting, invited = room.held(recipient)
    room.write(meeting)
    lead, who, invitation = room.case.lead, room.case.partners[recipient], invited[recipient]
    address = f"/meetings/{meeting}/share/{invitation}"
    (previewed,) = shown(room.case.browse(lead, address))
    assert re.findall(r"said-(\w+)", previewed) == given
    assert shown(room.case.browse(who, f"/invitations/{invitation}")) == []
    assert room.case.browse(lead, address, {"stood": "1"}).status_code == 302
    assert shown(room.case.browse(who, f"/invitations/{invitation}")) == [previewed]
    assert "Darren" not in previewed and "1234" not in previewed and "KENT/" not in previewed
    if "discussed" in given:
        assert "[somebody else] was seen with Toby Winterbourne, as [an officer]" in previewed
    row = AuditEvent.objects.get(event="minutes_shared")
    assert (row.verb, row.detail["with"], row.detail["text"]) == ("disclosure", who.agency, 1)
    again = room.case.browse(lead, address, {"stood": "1"})
    assert again.status_code == 422 and "already" in again.content.decode()


def test_an_agency_is_given_what_is_for_the_police_and_no_name(room: Room) -> None:
    lead = room.case.builders.enrolled("essex.lead", agency="essex", roles=room.case.lead.roles)
    meeting, invited = room.held(agencies=("essex",))
    room.write(meeting)
    room.share(meeting, invited["essex"])
    (read,) = shown(room.case.browse(lead, f"/invitations/{invited['essex']}"))
    assert re.findall(r"said-(\w+)", read) == list(SAID)
    assert "Essex Police" in read and "Kent Police" in read
    assert "[somebody else] was seen with [the person], as [an officer]" in read


def test_what_no_pattern_takes_out_stops_the_sharing_until_it_is_written_anew(room: Room) -> None:
    meeting, invited = room.held("charity")
    room.write(meeting, said=SAID | {"voice": "He can be rung on 07700 900777."})
    address = f"/meetings/{meeting}/share/{invited['charity']}"
    page = room.case.browse(room.case.lead, address).content.decode()
    assert "still tells a telephone number" in page and "Give it to" not in page
    with pytest.raises(UserError, match="tells a telephone number"):
        room.share(meeting, invited["charity"])
    room.write(meeting, stood=1)
    with pytest.raises(MoveNotAllowed, match="Somebody else"):
        room.share(meeting, invited["charity"], stood=1)
    room.share(meeting, invited["charity"], stood=2)
    room.write(meeting, stood=2, said=SAID | {"voice": "said-later"})
    (read,) = shown(room.case.browse(room.case.partners["charity"], f"/invitations/{invited['charity']}"))
    assert "said-later" not in read, "a later text is not theirs until it is shared"
    found = room.meeting(meeting)
    assert found is not None and [each.number for each in found.minutes] == [1, 2, 3]


def test_minutes_are_of_a_meeting_that_was_held_and_by_whoever_called_it(room: Room) -> None:
    called = room.call()
    with pytest.raises(MoveNotAllowed, match="that was held"):
        room.write(called)
    meeting, invited = room.held("childrens_home")
    for said, sentence in (
        ({"said": SAID | {"voice": " "}}, "What the child or adult wants"),
        ({"attended": ["essex"]}, "from those who were invited"),
        ({"attended": []}, "from those who were invited"),
        ({"reason": ""}, "Reason for saving"),
    ):
        with pytest.raises(UserError, match=sentence):
            room.write(meeting, **said)
    with pytest.raises(NotPermitted, match="Only a safeguarding lead"):
        room.write(meeting, room.case.surrey)
    room.write(meeting)
    with pytest.raises(MoveNotAllowed, match="Somebody else"):
        room.write(meeting)
    with pytest.raises(NotPermitted, match="Only a safeguarding lead"):
        room.share(meeting, invited["childrens_home"], room.case.surrey)
    with pytest.raises(UserError, match="was invited to this meeting"):
        room.share(meeting, called)
    page = room.case.browse(room.case.surrey, f"/meetings/{meeting}").content.decode()
    assert "said-dissent" in page and "Change the minutes" not in page
    assert room.case.browse(room.case.surrey, f"/meetings/{meeting}/minutes").status_code == 404


def test_nothing_more_is_given_once_the_referral_was_taken_back(room: Room) -> None:
    meeting, invited = room.held("childrens_home")
    room.write(meeting)
    room.share(meeting, invited["childrens_home"])
    with room.case.builders.seen_by(room.case.lead) as viewpoint:
        revoke_sheet(sheet=sheets(viewpoint)[0].sheet.id, words="Wrong place.", viewpoint=viewpoint)
    children = room.case.partners["childrens_home"]
    assert room.case.browse(children, f"/invitations/{invited['childrens_home']}").status_code == 404
    assert "MTG-" not in room.case.browse(children, "/invitations").content.decode()
    room.write(meeting, stood=1)
    with pytest.raises(MoveNotAllowed, match="no longer theirs"):
        room.share(meeting, invited["childrens_home"], stood=2)
    page = room.case.browse(room.case.lead, f"/meetings/{meeting}/share/{invited['childrens_home']}").content.decode()
    assert "no longer theirs" in page and "said-" not in page


def test_the_page_saves_minutes_and_says_what_is_missing(room: Room) -> None:
    meeting, _ = room.held("childrens_home")
    address = f"/meetings/{meeting}/minutes"
    said = {f"part-{part}": words for part, words in SAID.items()}
    form = {"attended": ["kent"], "reason": "Written up.", "stood": "0"} | said
    missing = room.case.browse(room.case.lead, address, form | {"part-decisions": ""})
    assert missing.status_code == 422 and "There is a problem" in missing.content.decode()
    assert room.case.browse(room.case.lead, address, form).status_code == 302
    again = room.case.browse(room.case.lead, address).content.decode()
    assert "said-voice" in again and "checked" in again
    overtaken = room.case.browse(room.case.lead, address, form)
    assert overtaken.status_code == 422 and "Somebody else" in overtaken.content.decode()
