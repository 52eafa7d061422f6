"""Meetings about the child of the referrals' tests: what the calling side does most, around their people and partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from crossline.access.viewer import Viewer
from crossline.safeguarding.meetings.acting import give_action, move_action
from crossline.safeguarding.meetings.calling import answer_invitation, call_meeting, invite, move_meeting
from crossline.safeguarding.meetings.minuting import save_minutes, share_minutes
from crossline.safeguarding.meetings.models import Invitation, InvitationStep, MeetingStep
from crossline.safeguarding.meetings.standing import (
    ActionStanding,
    InvitationStanding,
    MeetingStanding,
    action_of,
    invitation_of,
    meeting_of,
)
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState

from ..referrals.conftest import Case, case

__all__ = ["case"]

SAID = {
    "discussed": "said-discussed: Darren Vale was seen with Toby Winterbourne, as PC 1234 Quill and KENT/missing say.",
    "surroundings": "said-surroundings: the bus station.",
    "reprisal": "said-reprisal: he is held to a debt.",
    "voice": "said-voice: he wants to stay with his aunt.",
    "decisions": "said-decisions: a plan by Friday.",
    "dissent": "said-dissent: the school would wait.",
    "police": "said-police: warrants on Tuesday.",
}
"""A word of its own in each part, and names, an officer and a reference in the first."""


@dataclass
class Room:
    """What people do with meetings, by who does it."""

    case: Case

    def call(self, who: Viewer | None = None, *, about: UUID | None = None, **said: Any) -> UUID:
        told = {"purpose": "said-purpose", "starts_at": tomorrow(), "joining": "Room 2, ring 020 7946 0123."} | said
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            return call_meeting(about=about or self.case.mention(), viewpoint=viewpoint, **told).id

    def invite(self, meeting: UUID, invited: str, bring: str = "said-bring", who: Viewer | None = None) -> UUID:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            return invite(meeting=meeting, invited=invited, bring=bring, viewpoint=viewpoint).id

    def move(self, meeting: UUID, to: MeetingState, words: str = "", who: Viewer | None = None, **more: Any) -> None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            found = meeting_of(viewpoint, meeting)
            stood = more.pop("stood", found.stood if found else 0)
            move_meeting(meeting=meeting, to=to, words=words, stood=stood, viewpoint=viewpoint, **more)

    def answer(self, invitation: UUID, answer: Answer, words: str, who: Viewer, stood: int | None = None) -> None:
        with self.case.builders.seen_by(who) as viewpoint:
            found = invitation_of(viewpoint, invitation)
            number = stood if stood is not None else (found.stood if found else 0)
            answer_invitation(invitation=invitation, answer=answer, words=words, stood=number, viewpoint=viewpoint)

    def held(self, *partners: str, agencies: tuple[str, ...] = ()) -> tuple[UUID, dict[str, UUID]]:
        """A meeting that was held, with partners that hold a referral, by kind, and agencies; the invitation of each."""
        for recipient in partners:
            self.case.sent(recipient)
        meeting = self.call()
        invited = {each: self.invite(meeting, self.case.partners[each].agency) for each in partners}
        invited |= {each: self.invite(meeting, each) for each in agencies}
        self.begin(meeting)
        self.move(meeting, MeetingState.HELD)
        return meeting, invited

    def begin(self, meeting: UUID) -> None:
        """Let the time of a meeting have come."""
        with self.case.builders.role("none"):
            ago = timezone.now() - timedelta(hours=1)
            MeetingStep.objects.filter(meeting=meeting, number=1).update(starts_at=ago)
            InvitationStep.objects.filter(invitation__meeting=meeting, number=1).update(starts_at=ago)

    def write(self, meeting: UUID, who: Viewer | None = None, stood: int = 0, **said: Any) -> None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            found = meeting_of(viewpoint, meeting)
            invited = [each.invitation.invited_id for each in found.invitations] if found else []
            told = {"attended": ["kent", *invited], "said": SAID, "reason": "Written up."} | said
            save_minutes(meeting=meeting, stood=stood, viewpoint=viewpoint, **told)

    def share(self, meeting: UUID, invitation: UUID, who: Viewer | None = None, stood: int = 1) -> None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            share_minutes(meeting=meeting, invitation=invitation, stood=stood, viewpoint=viewpoint)

    def give(self, meeting: UUID, organisation: str, what: str = "said-what", due: date | None = None) -> UUID:
        day = due or timezone.localdate() + timedelta(days=7)
        with self.case.builders.seen_by(self.case.lead) as viewpoint:
            told = {"meeting": meeting, "organisation": organisation, "what": what, "due": day}
            return give_action(viewpoint=viewpoint, **told).id

    def act(self, action: UUID, to: ActionState, who: Viewer, words: str = "Our own word.", **more: Any) -> None:
        with self.case.builders.seen_by(who) as viewpoint:
            found = action_of(viewpoint, action)
            stood = more.get("stood", found.stood if found else 0)
            move_action(action=action, to=to, words=words, stood=stood, viewpoint=viewpoint)

    def meeting(self, meeting: UUID, who: Viewer | None = None) -> MeetingStanding | None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            return meeting_of(viewpoint, meeting)

    def invitation(self, invitation: UUID, who: Viewer | None = None) -> InvitationStanding | None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            return invitation_of(viewpoint, invitation)

    def action(self, action: UUID, who: Viewer | None = None) -> ActionStanding | None:
        with self.case.builders.seen_by(who or self.case.lead) as viewpoint:
            return action_of(viewpoint, action)

    def invited_ids(self) -> list[UUID]:
        with self.case.builders.role("none"):
            return list(Invitation.objects.values_list("id", flat=True))


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def room(case: Case) -> Room:
    """Nothing called yet."""
    return Room(case)
