"""How meetings, invitations and actions stand, as one viewer sees them: both sides read the same functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from crossline.access.models import Agency
from crossline.access.viewer import Viewpoint
from crossline.safeguarding.meetings.models import (
    Action,
    ActionStep,
    Invitation,
    InvitationStep,
    Meeting,
    MeetingStep,
    Minutes,
    MinutesShare,
)
from crossline.safeguarding.meetings.parts import escalated_after
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState, Side, has_it
from crossline.safeguarding.referrals.standing import reference

Row = TypeVar("Row", bound=Model)
Told = TypeVar("Told", Invitation, Action)


@dataclass(frozen=True)
class ActionStanding:
    """One action with its steps."""

    action: Action
    steps: Sequence[ActionStep]

    @property
    def state(self) -> ActionState:
        return ActionState(self.steps[-1].state)

    @property
    def stood(self) -> int:
        """How many steps it has: whoever acts says how many they read."""
        return len(self.steps)

    @property
    def whose(self) -> Agency | None:
        """The organisation that has it now; none once it has ended."""
        side = has_it(self.state)
        if side is None:
            return None
        return self.action.organisation if side is Side.DOER else self.action.owner

    def is_late(self, today: date) -> bool:
        """Whether it should have been done by now, or said why not."""
        return self.state is ActionState.OPEN and today > self.action.due

    def is_escalated(self, today: date) -> bool:
        """Whether it is late enough for the centre's coordinators."""
        return self.state is ActionState.OPEN and today > self.action.due + escalated_after()


@dataclass(frozen=True)
class InvitationStanding:
    """One invitation with what was told and answered, the minutes that were shared by it, and the actions."""

    invitation: Invitation
    steps: Sequence[InvitationStep]
    shares: Sequence[MinutesShare]
    actions: Sequence[ActionStanding]

    @property
    def ref(self) -> str:
        """What both sides call the meeting by."""
        return meeting_reference(self.invitation.meeting_id)

    @property
    def about(self) -> str:
        """The number of the referral that stands for the person; empty where there is none."""
        return reference(self.invitation.referral_id) if self.invitation.referral_id else ""

    @property
    def stood(self) -> int:
        return len(self.steps)

    @property
    def called(self) -> InvitationStep:
        """The newest step that says when and how."""
        return next(each for each in reversed(self.steps) if each.state == MeetingState.CALLED)

    @property
    def state(self) -> MeetingState:
        """How the meeting stands, as far as the organisation was told."""
        return next(MeetingState(each.state) for each in reversed(self.steps) if each.state in MeetingState.values)

    @property
    def answer(self) -> Answer | None:
        """What it answered to the time that stands; none where it has not yet."""
        last = self.steps[-1].state if self.state is MeetingState.CALLED else self._before_the_end
        return Answer(last) if last in Answer.values else None

    @property
    def share(self) -> MinutesShare | None:
        """The newest minutes that it was given."""
        return self.shares[-1] if self.shares else None

    @property
    def _before_the_end(self) -> str:
        return next((each.state for each in reversed(self.steps) if each.state != self.state), "")


@dataclass(frozen=True)
class MeetingStanding:
    """One meeting as its calling side sees it."""

    viewpoint: Viewpoint
    meeting: Meeting
    steps: Sequence[MeetingStep]
    minutes: Sequence[Minutes]
    invitations: Sequence[InvitationStanding]
    actions: Sequence[ActionStanding]

    @property
    def ref(self) -> str:
        return meeting_reference(self.meeting.id)

    @property
    def state(self) -> MeetingState:
        return MeetingState(self.steps[-1].state)

    @property
    def stood(self) -> int:
        return len(self.steps)

    @property
    def called(self) -> MeetingStep:
        """The newest step that says when and how."""
        return next(each for each in reversed(self.steps) if each.state == MeetingState.CALLED)

    @property
    def starts_at(self) -> datetime:
        """When it is, or was to be. A step that is called always says it."""
        return self.called.starts_at or self.called.at

    @property
    def text(self) -> Minutes | None:
        """The newest minutes."""
        return self.minutes[-1] if self.minutes else None


def meeting_reference(meeting: UUID) -> str:
    """What everybody calls a meeting by."""
    return f"MTG-{str(meeting)[:8].upper()}"


def meeting_of(viewpoint: Viewpoint, meeting: UUID) -> MeetingStanding | None:
    """One meeting; a hidden one is none."""
    return next(iter(_meetings(viewpoint, Meeting.objects.filter(id=meeting))), None)


def all_meetings(viewpoint: Viewpoint) -> list[MeetingStanding]:
    """Every meeting that the viewer's side called or can see, the newest call first."""
    return _meetings(viewpoint, Meeting.objects.all())


def meetings_about(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[MeetingStanding]:
    """Those about one person, given by all their mentions that the viewer sees, the newest call first."""
    return _meetings(viewpoint, Meeting.objects.filter(about__in=list(mentions)))


def invitation_of(viewpoint: Viewpoint, invitation: UUID) -> InvitationStanding | None:
    """One invitation; a hidden one is none."""
    return next(iter(_invitations(viewpoint, Invitation.objects.filter(id=invitation))), None)


def invitations_to(viewpoint: Viewpoint, agency: str) -> list[InvitationStanding]:
    """Those to one organisation, the newest first."""
    return _invitations(viewpoint, Invitation.objects.filter(invited=agency))[::-1]


def action_of(viewpoint: Viewpoint, action: UUID) -> ActionStanding | None:
    """One action; a hidden one is none."""
    return next(iter(_actions(viewpoint, Action.objects.filter(id=action))), None)


def all_actions(viewpoint: Viewpoint) -> list[ActionStanding]:
    """Every action that the viewer sees, what is due first before others."""
    return _actions(viewpoint, Action.objects.all())


def _meetings(viewpoint: Viewpoint, which: QuerySet[Meeting]) -> list[MeetingStanding]:
    rows = viewpoint.visible(which.select_related("about", "owner"), "audience", "about__audience")
    held = list(rows.order_by("-called_at", "id"))
    ids = [each.id for each in held]
    steps = grouped(viewpoint.visible(MeetingStep.objects.filter(meeting__in=ids)).order_by("number"), "meeting_id")
    minutes = grouped(viewpoint.visible(Minutes.objects.filter(meeting__in=ids)).order_by("number"), "meeting_id")
    invited: dict[UUID, list[InvitationStanding]] = defaultdict(list)
    for found in _invitations(viewpoint, Invitation.objects.filter(meeting__in=ids)):
        invited[found.invitation.meeting_id].append(found)
    actions: dict[UUID, list[ActionStanding]] = defaultdict(list)
    for action in _actions(viewpoint, Action.objects.filter(meeting__in=ids)):
        actions[action.action.meeting_id].append(action)
    return [
        MeetingStanding(viewpoint, each, steps[each.id], minutes.get(each.id, ()), invited[each.id], actions[each.id])
        for each in held
    ]


def _invitations(viewpoint: Viewpoint, which: QuerySet[Invitation]) -> list[InvitationStanding]:
    """In the order of inviting."""
    rows = _told_or_beside(viewpoint, viewpoint.visible(which.select_related("owner", "invited")), "invited")
    held = list(rows.order_by("invited_at", "invited__name", "id"))
    ids = [each.id for each in held]
    steps = grouped(
        viewpoint.visible(InvitationStep.objects.filter(invitation__in=ids)).order_by("number"), "invitation_id"
    )
    shares = grouped(
        viewpoint.visible(MinutesShare.objects.filter(invitation__in=ids)).order_by("number"), "invitation_id"
    )
    actions: dict[UUID | None, list[ActionStanding]] = defaultdict(list)
    for found in _actions(viewpoint, Action.objects.filter(invitation__in=ids)):
        actions[found.action.invitation_id].append(found)
    return [InvitationStanding(each, steps[each.id], shares.get(each.id, ()), actions[each.id]) for each in held]


def _actions(viewpoint: Viewpoint, which: QuerySet[Action]) -> list[ActionStanding]:
    rows = _told_or_beside(viewpoint, viewpoint.visible(which.select_related("owner", "organisation")), "organisation")
    held = list(rows.order_by("due", "given_at", "id"))
    steps = grouped(viewpoint.visible(ActionStep.objects.filter(action__in=held)).order_by("number"), "action_id")
    return [ActionStanding(each, steps[each.id]) for each in held]


def _told_or_beside(viewpoint: Viewpoint, rows: QuerySet[Told], whose: str) -> QuerySet[Told]:
    """Of what one organisation is told: that organisation's own, or what stands beside a mention that the viewer sees."""
    if viewpoint.audiences is None:
        return rows
    # Asked apart and not joined: whoever is told reads no row of the meeting itself.
    seen = viewpoint.visible(Meeting.objects.all(), "audience", "about__audience").values("id")
    return viewpoint.among(rows, Q(**{whose: viewpoint.viewer.agency}) | Q(meeting__in=seen))


def grouped(rows: Iterable[Row], column: str) -> Mapping[UUID, list[Row]]:
    """Rows by a column of theirs, in their order; an empty list for what has none."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    for each in rows:
        found[getattr(each, column)].append(each)
    return found
