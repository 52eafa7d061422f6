"""Minutes are written, and shared with one invited organisation at a time: what is previewed is what is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event
from crossline.access.models import Agency
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, UserError
from crossline.safeguarding.meetings.calling import OVERTAKEN, noted, said_in_words, signed, to_move
from crossline.safeguarding.meetings.models import Minutes, MinutesShare
from crossline.safeguarding.meetings.parts import parts
from crossline.safeguarding.meetings.standing import InvitationStanding, MeetingStanding
from crossline.safeguarding.meetings.states import MeetingState
from crossline.safeguarding.meetings.telling import Line, gathered_about, shared_lines


def save_minutes(
    *,
    meeting: UUID,
    attended: Collection[str],
    said: Mapping[str, str],
    reason: str,
    stood: int,
    viewpoint: Viewpoint,
) -> Minutes:
    """Save another text of the minutes of a meeting that was held. `stood`: the text that was read, 0 for none."""
    found = to_move(viewpoint, meeting)
    if found.state is not MeetingState.HELD:
        raise MoveNotAllowed("Minutes are written of a meeting that was held.")
    if (found.text.number if found.text else 0) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if set(attended) - set(could_attend(found)) or not attended:
        raise UserError("Choose who took part, from those who were invited.")
    kept = {
        part.id: words
        for part in parts().values()
        if (words := said_in_words(part.title, said.get(part.id, ""), needed=part.required))
    }
    made = Minutes(
        meeting=found.meeting,
        number=stood + 1,
        attended=sorted(attended),
        parts=kept,
        reason=said_in_words("Reason for saving", reason),
        saved_by=viewpoint.viewer.username,
        saved_agency=viewpoint.viewer.agency,
        audience_id=found.meeting.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    noted(Event.MINUTES_SAVED, found.meeting.id, {"text": made.number, "reason": made.reason[:200]}, viewpoint)
    return made


def could_attend(found: MeetingStanding) -> list[str]:
    """The organisations that could take part: whoever called the meeting, and whoever is invited."""
    return [found.meeting.owner_id, *(each.invitation.invited_id for each in found.invitations)]


def preview(found: MeetingStanding, invited: InvitationStanding) -> list[Line]:
    """Exactly what an invited organisation would be given of the newest minutes."""
    if found.text is None:
        return []
    return shared_lines(
        gathered_about(found.viewpoint, found.meeting),
        invited.invitation,
        found.text.parts,
        organisations_called(found.text.attended),
    )


def organisations_called(ids: Sequence[str]) -> list[str]:
    """Organisations by their names."""
    return list(Agency.objects.filter(id__in=ids).order_by("name", "id").values_list("name", flat=True))


def share_minutes(*, meeting: UUID, invitation: UUID, stood: int, viewpoint: Viewpoint) -> MinutesShare:
    """Give the newest minutes to one invited organisation, as `preview` has them. `stood`: the text that was previewed."""
    found = to_move(viewpoint, meeting)
    invited = next((each for each in found.invitations if each.invitation.id == invitation), None)
    if invited is None:
        raise UserError("Choose an organisation that was invited to this meeting.")
    if found.text is None or found.text.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if invited.share is not None and invited.share.number == stood:
        raise MoveNotAllowed("They were given these minutes already.")
    lines = preview(found, invited)
    if not lines:
        raise MoveNotAllowed(
            "Nothing may be given to them: the referral that stood for the person is no longer theirs."
        )
    for line in lines:
        if line.tells:
            raise UserError(f"“{line.title}” tells {' and '.join(line.tells)}. Save the minutes without that first.")
    made = MinutesShare(
        invitation=invited.invitation,
        minutes=found.text,
        number=stood,
        lines=[[line.title, line.words] for line in lines],
    )
    signed(made, invited.invitation.audience_id, viewpoint)
    detail = {
        "with": invited.invitation.invited_id,
        "text": stood,
        "parts": [line.title for line in lines],
    }
    noted(Event.MINUTES_SHARED, found.meeting.id, detail, viewpoint)
    return made
