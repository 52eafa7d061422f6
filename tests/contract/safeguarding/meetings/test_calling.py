"""A meeting is called, organisations are invited by it and answer; whoever is not of it learns nothing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.meetings.calling import invitable
from crossline.safeguarding.meetings.presenter import meetings_of
from crossline.safeguarding.meetings.standing import meeting_of
from crossline.safeguarding.meetings.states import Answer, MeetingState
from crossline.safeguarding.referrals.sending import revoke_sheet
from crossline.vocabulary.codes import MentionKind

from .conftest import Room, tomorrow


def test_a_meeting_goes_all_its_way_and_those_invited_are_told(room: Room) -> None:
    room.case.sent("childrens_home")
    children = room.case.partners["childrens_home"]
    meeting = room.call()
    invitation = room.invite(meeting, children.agency)
    room.answer(invitation, Answer.COMES, "The duty manager.", children)
    room.move(meeting, MeetingState.PUT_OFF, "The room is not free.")
    found = room.invitation(invitation, children)
    assert found is not None and (found.state, found.answer) == (MeetingState.PUT_OFF, Answer.COMES)
    with pytest.raises(MoveNotAllowed, match="nothing to answer"):
        room.answer(invitation, Answer.CANNOT, "Ill.", children)
    later = tomorrow() + timedelta(days=2)
    room.move(meeting, MeetingState.CALLED, starts_at=later, joining="Room 3.")
    found = room.invitation(invitation, children)
    assert found is not None and found.answer is None, "an answer was to the time that it was given for"
    assert (found.called.starts_at, found.called.joining) == (later, "Room 3.")
    room.answer(invitation, Answer.WRITES, "He was at home on Monday.", children)
    with pytest.raises(MoveNotAllowed, match="not yet time"):
        room.move(meeting, MeetingState.HELD)
    page = room.case.browse(room.case.lead, f"/meetings/{meeting}").content.decode()
    assert "Sends words instead" in page and "He was at home on Monday." in page and "It was held" not in page
    room.move(meeting, MeetingState.CALLED_OFF, "He is in care elsewhere.")
    with pytest.raises(MoveNotAllowed, match="called off cannot be held"):
        room.move(meeting, MeetingState.HELD)
    events = AuditEvent.objects.filter(event__startswith="meeting_").order_by("at").values_list("event", flat=True)
    assert list(events) == [
        *("meeting_called", "meeting_invited", "meeting_answered", "meeting_moved", "meeting_moved"),
        *("meeting_answered", "meeting_moved"),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"purpose": " "}, "What the meeting is for"),
        ({"joining": ""}, "How to join"),
        ({"joining": "Ask Darren Vale."}, "tells who somebody else is"),
        ({"joining": "Say that it is about Toby."}, "tells who the person is"),
        ({"joining": "Ask PC 1234 Quill."}, "tells the reporting officer"),
        ({"starts_at": timezone.now() - timedelta(minutes=5)}, "still to come"),
    ],
)
def test_what_is_said_when_calling_is_checked(room: Room, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        room.call(**said)


def test_it_is_about_a_person_that_the_caller_sees(room: Room) -> None:
    with pytest.raises(NotPermitted, match="does not exist"):
        room.call(about=uuid4())
    with pytest.raises(NotPermitted, match="does not exist"):
        room.call(about=room.case.mention(kind=MentionKind.ADDRESS))
    with pytest.raises(NotPermitted, match="does not exist"):
        room.call(room.case.surrey, about=room.case.mention("KENT/own"))
    with pytest.raises(UserError, match="Begin from another record"):
        room.call(about=room.case.mention("ESSEX/C"))
    with pytest.raises(NotPermitted, match="calls a meeting"):
        room.call(room.case.analyst)
    assert room.call(room.case.coordinator, about=room.case.mention("KENT/missing"))


def test_partners_are_invited_only_where_they_hold_a_live_referral_about_the_same_person(room: Room) -> None:
    children, health = room.case.partners["childrens_home"], room.case.partners["health"]
    sheet = room.case.sent(
        "childrens_home", about=room.case.mention("KENT/missing"), records=[room.case.record("KENT/1")]
    )
    room.case.drafted("health")
    meeting = room.call()
    with room.case.builders.seen_by(room.case.lead) as viewpoint:
        found = meeting_of(viewpoint, meeting)
        assert found is not None
        offered = {agency.id for agency, _ in invitable(viewpoint, found)}
    assert children.agency in offered and health.agency not in offered and "kent" not in offered and "essex" in offered
    with pytest.raises(UserError, match="holds a referral"):
        room.invite(meeting, health.agency)
    with pytest.raises(UserError, match="holds a referral"):
        room.invite(meeting, "kent")
    invitation = room.invite(meeting, children.agency)
    with pytest.raises(UserError, match="not yet invited"):
        room.invite(meeting, children.agency)
    found_by_them = room.invitation(invitation, children)
    assert found_by_them is not None and found_by_them.about.startswith("REF-")
    with room.case.builders.seen_by(room.case.lead) as viewpoint:
        revoke_sheet(sheet=sheet, words="Sent to the wrong place.", viewpoint=viewpoint)
    assert room.invitation(invitation, children) is None, "the meeting goes with the referral"
    assert room.case.browse(children, f"/invitations/{invitation}").status_code == 404
    other = room.call()
    with pytest.raises(UserError, match="holds a referral"):
        room.invite(other, children.agency)


def test_one_named_reader_of_a_school_stays_the_only_one(room: Room) -> None:
    lead = room.case.partners["education"]
    other = room.case.builders.enrolled("quillhaven.teacher", agency=lead.agency, roles=lead.roles)
    room.case.sent("education")
    invitation = room.invite(room.call(), lead.agency)
    assert room.invitation(invitation, lead) is not None and room.invitation(invitation, other) is None
    assert "MTG-" not in room.case.browse(other, "/invitations").content.decode()


def test_an_invited_agency_reads_its_invitation_and_not_the_meeting(room: Room) -> None:
    essex = room.case.builders.enrolled("essex.constable", agency="essex")
    lead = room.case.builders.enrolled("essex.lead", agency="essex", roles=room.case.lead.roles)
    meeting = room.call(about=room.case.mention("KENT/missing"))
    invitation = room.invite(meeting, "essex")
    assert room.invitation(invitation, essex) is not None and room.meeting(meeting, essex) is None
    page = room.case.browse(essex, f"/invitations/{invitation}")
    assert page.status_code == 200 and "Toby" not in page.content.decode() and "We come" not in page.content.decode()
    with pytest.raises(NotPermitted, match="Only somebody of the organisation"):
        room.answer(invitation, Answer.COMES, "", essex)
    with pytest.raises(UserError, match="Why you cannot come"):
        room.answer(invitation, Answer.CANNOT, " ", lead)
    with pytest.raises(MoveNotAllowed, match="Somebody else changed"):
        room.answer(invitation, Answer.COMES, "", lead, stood=0)
    answered = room.case.browse(
        lead, f"/invitations/{invitation}", {"do": "cannot", "words": "No one is free.", "stood": 1}
    )
    assert answered.status_code == 302
    assert "Cannot come" in room.case.browse(room.case.lead, f"/meetings/{meeting}").content.decode()


def test_nobody_of_another_agency_moves_it_and_hidden_ones_are_absent(room: Room) -> None:
    meeting = room.call(about=room.case.mention("KENT/missing"))
    assert room.meeting(meeting, room.case.surrey) is not None, "safeguarding leads read what concerns a child"
    for who in (room.case.surrey, room.case.coordinator):
        with pytest.raises(NotPermitted, match="Only a safeguarding lead"):
            room.move(meeting, MeetingState.CALLED_OFF, "No.", who)
    with pytest.raises(NotPermitted, match="does not exist"):
        room.move(meeting, MeetingState.CALLED_OFF, "No.", room.case.analyst)
    with pytest.raises(MoveNotAllowed, match="Somebody else changed"):
        room.move(meeting, MeetingState.CALLED_OFF, "Why.", stood=0)
    with pytest.raises(UserError, match="Why"):
        room.move(meeting, MeetingState.CALLED_OFF, "")
    hidden = room.case.browse(room.case.analyst, f"/meetings/{meeting}")
    assert hidden.status_code == 404
    assert hidden.content == room.case.browse(room.case.analyst, f"/meetings/{uuid4()}").content


def test_the_pages_call_invite_and_show_it_beside_the_person(room: Room) -> None:
    browse, lead = room.case.browse, room.case.lead
    about = room.case.mention()
    assert browse(lead, f"/meetings/new/{about}").status_code == 200
    wrong = browse(lead, f"/meetings/new/{about}", {"purpose": "p", "starts_at": "soon", "joining": "j"})
    assert wrong.status_code == 422 and "such as 2026-12-01 14:30" in wrong.content.decode()
    when = f"{timezone.localtime(tomorrow()):%Y-%m-%d %H:%M}"
    made = browse(lead, f"/meetings/new/{about}", {"purpose": "p", "starts_at": when, "joining": "Room 2"})
    assert made.status_code == 302
    page = browse(lead, made.url)
    assert page.status_code == 200 and "Toby Winterbourne" in page.content.decode()
    invited = browse(lead, made.url, {"do": "invite", "invited": "essex", "bring": "What you know of the route."})
    assert invited.status_code == 302
    assert "Essex" in browse(lead, made.url).content.decode()
    assert browse(lead, made.url, {"do": "held", "words": ""}).status_code == 422
    assert "MTG-" in browse(lead, "/meetings").content.decode()
    with room.case.builders.seen_by(lead) as viewpoint:
        rows = meetings_of(viewpoint, [about])
    assert [(row["href"], row["answered"]) for row in rows] == [(made.url, "0 of 1")]
    assert browse(lead, f"/meetings/new/{uuid4()}").status_code == 404
    assert browse(room.case.analyst, f"/meetings/new/{about}").status_code == 404
