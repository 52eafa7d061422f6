"""What the pages of meetings show, as plain rows: the calling side's lists, and those of whoever was invited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.records.naming import name_of
from crossline.safeguarding.meetings.models import Action, Invitation
from crossline.safeguarding.meetings.standing import (
    ActionStanding,
    InvitationStanding,
    MeetingStanding,
    meeting_reference,
    meetings_about,
)
from crossline.safeguarding.meetings.states import ActionState, Answer, MeetingState
from crossline.safeguarding.meetings.telling import Line
from crossline.wording import format_date, format_datetime


def meetings_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[dict[str, object]]:
    """Rows of the meetings about one person, given by all their mentions that the viewer sees: for the person's page."""
    return [meeting_row(each) for each in meetings_about(viewpoint, mentions)]


def meeting_row(found: MeetingStanding) -> dict[str, object]:
    """A meeting in a row of a list."""
    today = timezone.localdate()
    answered = sum(each.answer is not None for each in found.invitations)
    going = [each for each in found.actions if each.whose is not None]
    late = sum(each.is_late(today) for each in going)
    return {
        "ref": found.ref,
        "href": reverse("meeting", args=[found.meeting.id]),
        "about": name_of(found.meeting.about),
        "categories": ["victim"] if is_victim(found) else [],
        "state": found.state.label,
        "starts_at": found.starts_at,
        "answered": f"{answered} of {len(found.invitations)}" if found.invitations else "",
        "actions": f"{len(going)} going on{f', {late} late' if late else ''}"
        if going
        else "All ended" * bool(found.actions),
        "owner": found.meeting.owner_id,
    }


def list_order(found: MeetingStanding) -> tuple[bool, float, str]:
    """What is still called comes first, the nearest before others; then the newest."""
    called, at = found.state is MeetingState.CALLED, found.starts_at.timestamp()
    return not called, at if called else -at, str(found.meeting.id)


def is_victim(found: MeetingStanding) -> bool:
    """Whether a record that the viewer sees calls the person a victim."""
    return people(found.viewpoint).of(str(found.meeting.about_id)) in victims(found.viewpoint)


def action_row(found: ActionStanding, today: date, *, seen: Collection[UUID]) -> dict[str, object]:
    """An action in a row of a list. `seen`: the meetings whose own page the viewer sees; others are read by invitation."""
    action, whose = found.action, found.whose
    href = ""
    if action.meeting_id in seen:
        href = reverse("meeting", args=[action.meeting_id])
    elif action.invitation_id is not None:
        href = reverse("invitation", args=[action.invitation_id])
    return {
        "id": str(action.id),
        "what": action.what,
        "organisation": action.organisation.name,
        "due": action.due,
        "state": found.state.label,
        "late": found.is_late(today),
        "late_words": "Late" if found.is_late(today) else "",
        "whose": whose.name if whose is not None else "",
        "meeting": meeting_reference(action.meeting_id),
        "href": href,
        "from": action.owner.name,
    }


def action_order(found: ActionStanding, today: date) -> tuple[bool, bool, date, datetime, str]:
    """Late ones first, then those going on, the nearest day before others."""
    return not found.is_late(today), found.whose is None, found.action.due, found.action.given_at, str(found.action.id)


def action_steps(found: ActionStanding, reader: str) -> list[dict[str, object]]:
    """What became of an action, in the order of it."""
    return [
        {
            "at": each.at,
            "what": "Given" if each.number == 1 else ActionState(each.state).label,
            "words": each.words,
            "by": _who(found.action, each.by, each.by_agency, reader),
        }
        for each in found.steps
    ]


def invitation_row(found: InvitationStanding, today: date) -> dict[str, object]:
    """A meeting in the list of an organisation that was invited."""
    late = sum(each.is_late(today) for each in found.actions)
    return {
        "ref": found.ref,
        "href": reverse("invitation", args=[found.invitation.id]),
        "from": found.invitation.owner.name,
        "about": found.about,
        "state": found.state.label,
        "starts_at": found.called.starts_at,
        "answer": found.answer.label if found.answer else "",
        "waits": found.state is MeetingState.CALLED and found.answer is None,
        "shared": found.share is not None,
        "late": late,
    }


def invitation_order(row: dict[str, object]) -> tuple[bool, bool, str]:
    """What waits for an answer, or has a late action, comes first; else the order that they came in."""
    return not row["late"], not row["waits"], ""


def invitation_steps(found: InvitationStanding, reader: str) -> list[dict[str, object]]:
    """What was told and answered, in the order of it. To whoever was invited, people of the other side are their agency."""
    rows: list[dict[str, object]] = []
    for each in found.steps:
        answered = each.state in Answer.values
        what = Answer(each.state).label if answered else MeetingState(each.state).label
        when = f"{what} for {format_datetime(each.starts_at)}" if each.starts_at else what
        by = _who(found.invitation, each.by, each.by_agency, reader)
        rows.append({"at": each.at, "what": when, "words": each.words, "by": by})
    return rows


def meeting_steps(found: MeetingStanding) -> list[dict[str, object]]:
    """What became of a meeting, in the order of it, for the calling side."""
    return [
        {
            "at": each.at,
            "what": f"{MeetingState(each.state).label}{f' for {format_datetime(each.starts_at)}' if each.starts_at else ''}",
            "words": each.words,
            "by": each.by,
        }
        for each in found.steps
    ]


def lines_of(found: InvitationStanding) -> Sequence[Line]:
    """The minutes that an organisation was given last."""
    return [Line(title, words) for title, words in found.share.lines] if found.share else []


def due_words(found: ActionStanding, today: date) -> str:
    """By when, and that it is late."""
    return f"{'Late: ' if found.is_late(today) else ''}by {format_date(found.action.due)}"


def _who(of: Action | Invitation, by: str, agency: str, reader: str) -> str:
    """Somebody by name to their own side and to the calling one; of the calling side only its agency to whoever was invited."""
    if agency == of.owner_id:
        return of.owner.name if reader != of.owner_id else by
    name = of.organisation.name if isinstance(of, Action) else of.invited.name
    return f"{by}, {name}"
