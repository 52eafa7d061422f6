"""A meeting is called, organisations are invited, told what becomes of it, and answer: each act checked, written and audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.models import Agency
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.meetings.models import Invitation, InvitationStep, Meeting, MeetingStep
from crossline.safeguarding.meetings.security import WHO_ANSWERS, WHO_CALLS
from crossline.safeguarding.meetings.standing import (
    InvitationStanding,
    MeetingStanding,
    invitation_of,
    meeting_of,
)
from crossline.safeguarding.meetings.states import MEETING_MOVES, Answer, MeetingState
from crossline.safeguarding.meetings.telling import LIVE, LONGEST, gathered_about, words_that_leave
from crossline.safeguarding.referrals.gathering import gathered_for
from crossline.safeguarding.referrals.standing import referrals_of
from crossline.vocabulary.agencies import PARTNER

PURPOSE: Final = "safeguarding"
OVERTAKEN: Final = "Somebody else changed this since you opened it, so nothing was changed; read it again first."
NOT_YOURS: Final = "That meeting does not exist, or you may not see it."
ONLY_CALLERS: Final = "Only a safeguarding lead or a coordinator of the agency that called the meeting does that."


def may_call(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer calls meetings of an agency."""
    return bool(viewpoint.viewer.roles & WHO_CALLS) and viewpoint.viewer.agency == owner


def may_answer(viewpoint: Viewpoint, organisation: str) -> bool:
    """Whether the viewer answers and acts for an organisation that was invited."""
    return bool(viewpoint.viewer.roles & WHO_ANSWERS) and viewpoint.viewer.agency == organisation


def call_meeting(*, about: UUID, purpose: str, starts_at: datetime, joining: str, viewpoint: Viewpoint) -> Meeting:
    """Call a meeting of the viewer's agency about a visible person. Nobody is invited by it yet."""
    viewer = viewpoint.viewer
    gathered = gathered_for(viewpoint, about, viewer.agency)
    if gathered is None or gathered.decoy or not gathered.is_person:
        refuse_decoy(viewpoint, person=about)
        raise NotPermitted("That person does not exist, or you may not see them.")
    if not may_call(viewpoint, viewer.agency):
        raise NotPermitted("Only a safeguarding lead or a coordinator calls a meeting; ask yours.")
    left = next((each for each in gathered.left_out if each.record.id == gathered.mention.record_id), None)
    if left is not None:
        raise UserError(
            f"Nothing may be told from {left.record.ref}. {left.why}. Begin from another record of the same person."
        )
    why = said_in_words("What the meeting is for", purpose)
    how = words_that_leave(gathered, "How to join", joining, needed=True, numbers=True)
    _check_ahead(starts_at)
    made = Meeting(
        about=gathered.mention,
        owner_id=viewer.agency,
        purpose=why,
        called_by=viewer.username,
        called_agency=viewer.agency,
    )
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    step = MeetingStep(meeting=made, number=1, state=MeetingState.CALLED, starts_at=starts_at, joining=how)
    signed(step, made.audience_id, viewpoint)
    noted(Event.MEETING_CALLED, made.id, {"about": str(about)}, viewpoint)
    return made


def invitable(viewpoint: Viewpoint, found: MeetingStanding) -> list[tuple[Agency, UUID | None]]:
    """Who can still be invited: every police agency, and partners that hold a live referral about the same person.

    With each partner, the referral: the newest one, by the person's records as the viewer sees them.
    """
    gathered = gathered_about(viewpoint, found.meeting)
    asked = {each.invitation.invited_id for each in found.invitations} | {found.meeting.owner_id}
    live = [each for each in referrals_of(viewpoint, [each.id for each in gathered.mentions]) if each.state in LIVE]
    by_partner: dict[str, UUID] = {}
    for each in live:
        by_partner.setdefault(each.referral.partner_id, each.referral.id)
    rows = Agency.objects.exclude(id__in=asked)
    partners = rows.filter(id__in=by_partner).order_by("name", "id")
    police = rows.exclude(id__startswith=PARTNER).order_by("name", "id")
    return [*((each, by_partner[each.id]) for each in partners), *((each, None) for each in police)]


def invite(*, meeting: UUID, invited: str, bring: str, viewpoint: Viewpoint) -> Invitation:
    """Invite one organisation to a meeting that is called. It is told when, how to join and what to bring, and no name."""
    found = to_move(viewpoint, meeting)
    if found.state is not MeetingState.CALLED:
        raise MoveNotAllowed("Only to a meeting that is called somebody is invited.")
    whom = next((each for each in invitable(viewpoint, found) if each[0].id == invited), None)
    if whom is None:
        raise UserError(
            "Choose a police agency, or a partner organisation that holds a referral about the person, not yet invited."
        )
    brings = words_that_leave(gathered_about(viewpoint, found.meeting), "What to bring", bring, needed=False)
    made = Invitation(
        meeting=found.meeting,
        owner_id=found.meeting.owner_id,
        invited=whom[0],
        referral_id=whom[1],
        bring=brings,
        invited_by=viewpoint.viewer.username,
        invited_agency=viewpoint.viewer.agency,
    )
    _inserted(made)
    made.refresh_from_db(fields=["audience"])
    step = InvitationStep(
        invitation=made,
        number=1,
        state=MeetingState.CALLED,
        starts_at=found.called.starts_at,
        joining=found.called.joining,
    )
    signed(step, made.audience_id, viewpoint)
    detail = {"invited": invited, "referral": str(whom[1] or "")}
    noted(Event.MEETING_INVITED, found.meeting.id, detail, viewpoint)
    return made


def move_meeting(
    *,
    meeting: UUID,
    to: MeetingState,
    words: str,
    stood: int,
    viewpoint: Viewpoint,
    starts_at: datetime | None = None,
    joining: str = "",
) -> MeetingStep:
    """Bring a meeting to a state, and tell everybody who is invited. `stood`: how many steps it had when it was read."""
    found = to_move(viewpoint, meeting)
    if found.stood != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if to not in MEETING_MOVES[found.state]:
        raise MoveNotAllowed(f"A meeting that is {found.state.label.lower()} cannot be {to.label.lower()}.")
    gathered = gathered_about(viewpoint, found.meeting)
    because = to in (MeetingState.PUT_OFF, MeetingState.CALLED_OFF)
    said = words_that_leave(gathered, "Why" if because else "Anything to add", words, needed=because)
    how = ""
    if to is MeetingState.CALLED:
        how = words_that_leave(gathered, "How to join", joining, needed=True, numbers=True)
        if starts_at is None:
            raise UserError("Say when it is.")
        _check_ahead(starts_at)
    if to is MeetingState.HELD and found.starts_at > timezone.now():
        raise MoveNotAllowed("It is not yet time: a meeting is held once it has begun.")
    told = {"state": to, "starts_at": starts_at if how else None, "joining": how, "words": said}
    step = MeetingStep(meeting=found.meeting, number=stood + 1, **told)
    signed(step, found.meeting.audience_id, viewpoint)
    for each in found.invitations:
        also = InvitationStep(invitation=each.invitation, number=each.stood + 1, **told)
        signed(also, each.invitation.audience_id, viewpoint)
    noted(Event.MEETING_MOVED, found.meeting.id, {"state": str(to)}, viewpoint)
    return step


def answer_invitation(
    *, invitation: UUID, answer: Answer, words: str, stood: int, viewpoint: Viewpoint
) -> InvitationStep:
    """Answer for the organisation that was invited, as long as the meeting is called; a later answer stands instead."""
    found = invitation_to_act_on(viewpoint, invitation)
    if not may_answer(viewpoint, found.invitation.invited_id):
        raise NotPermitted("Only somebody of the organisation that is invited answers for it.")
    if found.stood != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if found.state is not MeetingState.CALLED:
        raise MoveNotAllowed(f"This meeting is {found.state.label.lower()}, so there is nothing to answer.")
    what = {Answer.COMES: "Who comes", Answer.WRITES: "Your words", Answer.CANNOT: "Why you cannot come"}[answer]
    said = said_in_words(what, words, needed=answer is not Answer.COMES)
    step = InvitationStep(invitation=found.invitation, number=stood + 1, state=answer, words=said)
    signed(step, found.invitation.audience_id, viewpoint)
    noted(Event.MEETING_ANSWERED, found.invitation.meeting_id, {"answer": str(answer)}, viewpoint)
    return step


def to_move(viewpoint: Viewpoint, meeting: UUID) -> MeetingStanding:
    """A meeting of the viewer's agency, held for the rest of the transaction."""
    if meeting_of(viewpoint, meeting) is None:
        raise NotPermitted(NOT_YOURS)
    claim(meeting)
    found = meeting_of(viewpoint, meeting)
    if found is None or not may_call(viewpoint, found.meeting.owner_id):
        raise NotPermitted(ONLY_CALLERS)
    return found


def invitation_to_act_on(viewpoint: Viewpoint, invitation: UUID) -> InvitationStanding:
    """An invitation that the viewer sees, with its meeting held for the rest of the transaction."""
    found = invitation_of(viewpoint, invitation)
    if found is None:
        raise NotPermitted("That invitation does not exist, or you may not see it.")
    claim(found.invitation.meeting_id)
    return invitation_of(viewpoint, invitation) or found


def said_in_words(what: str, words: str, *, needed: bool = True) -> str:
    """Words for the calling side alone, as they are kept."""
    said = words.strip()
    if len(said) > LONGEST or (needed and not said):
        raise UserError(f"Say “{what}” in words, in up to {LONGEST:,} characters.")
    return said


def signed(row: Model, audience: int, viewpoint: Viewpoint) -> None:
    """Add a step, signed by the viewer, with an audience; raises where somebody else added the same one meanwhile."""
    row.by, row.by_agency = viewpoint.viewer.username, viewpoint.viewer.agency  # type: ignore[attr-defined]  # steps have them
    row.audience_id = audience  # type: ignore[attr-defined]  # likewise
    _inserted(row)


def noted(event: Event, on: UUID, detail: Mapping[str, object], viewpoint: Viewpoint, *, kind: str = "meeting") -> None:
    """Write an act on a meeting, or on a plan, to the audit."""
    log(event, by=viewpoint.viewer, about=Subject(kind, str(on), detail), purpose=PURPOSE)


def _inserted(row: Model) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None


def _check_ahead(starts_at: datetime) -> None:
    if starts_at < timezone.now():
        raise UserError("Give a time that is still to come.")
