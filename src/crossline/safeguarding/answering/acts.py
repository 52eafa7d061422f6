"""What people do with a concern: take it on, begin, offer it to another agency, answer an offer, end it, open it again; and
writing down what was done. Each is one act with its reason, audited."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.answerers import OF_FORCES
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.answering.models import CaseEntry, CaseStep, How, Told
from crossline.safeguarding.answering.moves import (
    MOVES,
    NAMES_SOMEBODY,
    NEEDS_SOMEBODY,
    WHO_ANSWERS,
    WHO_COORDINATES,
    CaseEnd,
    CaseState,
    Side,
    follow,
    sides_of,
)
from crossline.safeguarding.answering.standing import BOTH, CaseStanding, case_standing, desks_of, may_be_offered_to

PURPOSE: Final = "safeguarding"
LONGEST_TEXT: Final = 2_000
_NOT_YOURS: Final = (
    "That concern is not there, or not for you to act on: a safeguarding lead of the agency that answers for it, of one that it "
    "is offered to or that was told of it, or a coordinator of the centre does."
)
OVERTAKEN: Final = "Somebody else moved this concern since you opened it, so nothing was changed; read it again first."


def sides_for(viewpoint: Viewpoint, found: CaseStanding) -> frozenset[Side]:
    """On which sides of a case the viewer may act."""
    viewer = viewpoint.viewer
    sides = sides_of(found.written, viewer.agency, CENTRE)
    if not viewer.roles & WHO_COORDINATES:
        sides -= {Side.CENTRE}
    return sides if viewer.roles & WHO_ANSWERS else sides & {Side.CENTRE}


def moves_for(viewpoint: Viewpoint, found: CaseStanding) -> list[CaseState]:
    """What the viewer can make of a case, in the order of the list."""
    sides, held = sides_for(viewpoint, found), found.held
    return [
        state
        for state in CaseState
        if MOVES[held.state].get(state, frozenset()) & sides and (held.person or state not in NEEDS_SOMEBODY)
    ]


def move_case(
    *,
    case: UUID,
    state: CaseState,
    stood: int,
    reason: str,
    viewpoint: Viewpoint,
    person: str = "",
    offered: str = "",
    end: str = "",
    accepted_by: str = "",
) -> CaseStep:
    """Bring a case to a state. `stood`: how many steps it had when whoever moves it read it.

    `person`: who takes it on (a username of the agency's desk); `offered`: to which force; `end`: how it ended; `accepted_by`:
    who of an organisation outside accepted it, where it ended by that.
    """
    found = _to_act_on(viewpoint, case)
    if found.step.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    why = text_given(reason, "Give the reason")
    allowed = MOVES[found.held.state].get(state, frozenset()) & sides_for(viewpoint, found)
    side = min(allowed, default=Side.CENTRE)
    if state is CaseState.ENDED:
        why = _end_given(end, accepted_by, why)
    if state is CaseState.OFFERED and offered not in may_be_offered_to(viewpoint, found):
        raise MoveNotAllowed(
            "Choose a force that may see what this was raised from; ask the record’s owner to release it."
        )
    held = follow(found.held, state=state, side=side, person=person, offered=offered)
    if state in NAMES_SOMEBODY and person not in desks_of([held.agency]).get(held.agency, {}):
        raise UserError("Choose somebody of the agency’s safeguarding desk, who may sign in.")
    step = CaseStep(
        case_id=case,
        number=stood + 1,
        state=state,
        owner_id=held.agency,
        # Where the person's access ended the desk has it, and the step before says who had it then.
        person=held.person if state in NAMES_SOMEBODY or state is CaseState.REOPENED else found.written.person,
        offered=held.offered,
        end=end if state is CaseState.ENDED else "",
        reason=why,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        basis_audience_id=found.case.basis_audience_id,
        audience_id=found.case.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    about = {"state": str(state), "owner": held.agency, "reason": why[:200]}
    about |= {key: value for key, value in (("offered", held.offered), ("end", step.end)) if value}
    log(Event.CONCERN_MOVED, by=viewpoint.viewer, about=Subject("concern", str(case), about), purpose=PURPOSE)
    return step


def may_note(viewpoint: Viewpoint, found: CaseStanding) -> bool:
    """Whether the viewer writes down what was done: on a side of the case, or of a force that was told of it."""
    viewer = viewpoint.viewer
    if sides_for(viewpoint, found):
        return True
    told = viewpoint.visible(
        Told.objects.filter(case=found.case, capacity__in=sorted(OF_FORCES), who=viewer.agency), *BOTH
    )
    return bool(viewer.roles & WHO_ANSWERS) and told.exists()


def note_on_case(*, case: UUID, text: str, viewpoint: Viewpoint, told: UUID | None = None) -> CaseEntry:
    """Write down what was done. `told`: whom of those to be told by telephone it told."""
    found = case_standing(viewpoint, case)
    if found is None or not may_note(viewpoint, found):
        raise NotPermitted(_NOT_YOURS)
    row = None
    if told is not None:
        row = viewpoint.visible(Told.objects.filter(id=told, case=case), *BOTH).first()
        if row is None or row.how == How.PAGE:
            raise UserError("Choose somebody of the list who is to be told by telephone.")
    said = text_given(text, "Say whom you told, and when" if row else "Say what was done")
    made = CaseEntry(
        case_id=case,
        told=row,
        text=said,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        basis_audience_id=found.case.basis_audience_id,
        audience_id=found.case.audience_id,
    )
    made.save(force_insert=True)
    about = {"told": row.capacity} if row else {}
    log(Event.CONCERN_NOTED, by=viewpoint.viewer, about=Subject("concern", str(case), about), purpose=PURPOSE)
    return made


def text_given(said: str, asked: str) -> str:
    """Words that somebody wrote, trimmed. Raises UserError where there are none, or too many."""
    plain = said.strip()
    if not plain or len(plain) > LONGEST_TEXT:
        raise UserError(f"{asked}, in up to {LONGEST_TEXT:,} characters.")
    return plain


def _end_given(end: str, accepted_by: str, why: str) -> str:
    if end not in CaseEnd.values:
        raise UserError("Choose how it ended.")
    if end != CaseEnd.PASSED:
        return why
    who = text_given(accepted_by, "Say who accepted it, and their reference: passed on alone is no end")
    return f"Accepted by {who}. {why}"


def _to_act_on(viewpoint: Viewpoint, case: UUID) -> CaseStanding:
    if case_standing(viewpoint, case) is None:
        raise NotPermitted(_NOT_YOURS)
    claim(case)
    found = case_standing(viewpoint, case)
    if found is None or not sides_for(viewpoint, found):
        raise NotPermitted(_NOT_YOURS)
    return found
