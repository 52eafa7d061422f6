"""Declaring how a returned line stands: its agency proposes to close it, the centre decides, people check and reopen it.

One door for all of them. Each declaration is a row after the one that its author read; it changes no return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.evidence import (
    Evidence,
    Offered,
    gathered,
    of_proposal,
    require_charged_holder,
    require_dead,
    require_speaking,
)
from crossline.lines.models import LineState, Proves, StateEvidence
from crossline.lines.reemerging import watched
from crossline.lines.register import RegisterLine, register
from crossline.lines.saying import reason_given
from crossline.lines.security import WHO_DECIDES
from crossline.lines.standing import Declared, Standing, standing_of
from crossline.lines.states import AGREES_TO, BY_CENTRE, BY_EITHER, BY_OWNER, CLOSURES, MOVES, PROPOSALS, DeclaredState
from crossline.records.generation import advance
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.records.restriction import standing as restrictions
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import RecordKind
from crossline.vocabulary.selectors import normalise_phone
from crossline.wording import format_date, format_phone

PURPOSE: Final = "status of a line"
OVERTAKEN: Final = (
    "Somebody else declared something of this line since you opened it, so nothing was changed; "
    "read what they said first."
)
_S = DeclaredState
_PROVES: Final = {
    _S.TYPE1_PROPOSED: Proves.DEAD,
    _S.TYPE2_PROPOSED: Proves.DEAD,
    _S.CHECKED: Proves.DEAD,
    _S.REOPENED: Proves.SPEAKS,
}


NOTHING: Final = Offered()


@dataclass(frozen=True)
class Said:
    """What somebody declares: the state, from which day on, why; of a closure the number, of a check which one it answers."""

    state: DeclaredState
    reason: str
    since: date | None = None
    number: str = ""
    check_back: int | None = None
    offered: Offered = NOTHING


@dataclass(frozen=True)
class _Case:
    """The return that is declared on, how it stands, its line, and who looks at it when."""

    found: Record
    stands: Standing
    line: RegisterLine
    today: date
    viewpoint: Viewpoint


def declare_status(*, returned: UUID, said: Said, stood: UUID | None, viewpoint: Viewpoint) -> LineState:
    """Declare how a returned line stands. A hidden return is answered like an absent one.

    `returned`: any revision of the return. `stood`: the newest declaration when whoever acts read the line (None: none).
    """
    found = newest_revision(returned, viewpoint)
    if found is None:
        raise NotPermitted("That line does not exist, or you may not see it.")
    if not may_declare(said.state, found.owner_id, viewpoint):
        raise NotPermitted(who_may(said.state, found.owner_id))
    claim(found.id)
    stands = standing_of(viewpoint, (found.owner_id, found.ref))
    _allowed(said, stands, stood, viewpoint)
    if restrictions(viewpoint, [found.id]):
        raise MoveNotAllowed("The use of this return is restricted; declare once that is lifted.")
    line = register(viewpoint).line_of_return[found.owner_id, found.ref]
    case = _Case(found, stands, line, timezone.now().date(), viewpoint)
    row = _row(said, case)
    return _written(row, _evidence(said, row, case), case)


def may_declare(state: DeclaredState, owner: str, viewpoint: Viewpoint) -> bool:
    """Whether the viewer declares this of lines that the agency returned."""
    viewer = viewpoint.viewer
    if not viewer.roles & WHO_DECIDES:
        return False
    return (
        (state in BY_OWNER and viewer.agency == owner)
        or (state in BY_CENTRE and viewer.agency == CENTRE)
        or (state in BY_EITHER and viewer.agency in (owner, CENTRE))
    )


def who_may(state: DeclaredState, owner: str) -> str:
    """Who declares this, in a sentence."""
    named = agencies()[owner].short_name if owner in agencies() else owner
    who = {True: "the centre", False: named}[state in BY_CENTRE]
    also = ", or of the centre" if state in BY_EITHER else ""
    return f"Only an analyst or an information manager of {who}{also} declares this: {state.label.lower()}."


def newest_revision(returned: UUID, viewpoint: Viewpoint) -> Record | None:
    """The newest visible revision of a return of a line, by any of them."""
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.LINE_RETURN))
    named = rows.filter(id=returned).first()
    if named is None:
        return None
    return rows.filter(owner=named.owner_id, source=named.source, ref=named.ref).order_by("-revision").first()


def numbers_of_return(line: RegisterLine, owner: str, ref: str) -> list[str]:
    """The numbers that the newest revision of a return gives: the only ones that a closure names, as everybody sees them."""
    row = next(row for row in line.returns if (row.owner, row.ref) == (owner, ref))
    phones = [each.selector or "" for each in row.beside if each.kind == "phone"]
    return sorted({each.partition(":")[2] for each in phones if each.startswith("phone:")})


def _allowed(said: Said, stands: Standing, stood: UUID | None, viewpoint: Viewpoint) -> None:
    if stands.last != stood:
        raise MoveNotAllowed(OVERTAKEN)
    reason_given(said.reason)
    if said.state not in MOVES[stands.state]:
        raise MoveNotAllowed(f"A line that stands “{stands.state.label}” cannot become “{said.state.label}”.")
    proposal = stands.proposal
    if said.state in BY_CENTRE and proposal is not None and proposal.by == viewpoint.viewer.username:
        raise NotPermitted("Whoever proposed a closure does not decide on it; ask somebody else of the centre.")


def _row(said: Said, case: _Case) -> LineState:
    proposal = case.stands.proposal if said.state in CLOSURES else None
    since = proposal.since if proposal else said.since or case.today
    if since > case.today:
        raise UserError(f"The day must not lie in the future: today is {format_date(case.today)}.")
    return LineState(
        record=case.found,
        owner_id=case.found.owner_id,
        line_ref=case.found.ref,
        state=said.state,
        since=since,
        number=proposal.number if proposal else "",
        check_back=said.check_back if said.state in BY_EITHER else None,
        checked_on=said.offered.checked_on if said.state in _PROVES else None,
        check_said=said.offered.check_said.strip() if said.state in _PROVES else "",
        reason=said.reason.strip(),
        follows_id=case.stands.last,
        decided_by=case.viewpoint.viewer.username,
        decided_agency=case.viewpoint.viewer.agency,
        audience_id=case.found.audience_id,
    )


def _evidence(said: Said, row: LineState, case: _Case) -> Evidence:
    """What is offered, once it meets the rule of the state."""
    if said.state in CLOSURES and case.stands.proposal is not None:
        _agreed_on(said.state, case.stands.proposal, case)
        return Evidence()
    evidence = gathered(said.offered, _PROVES.get(said.state, Proves.SUPPORTS), case.line, case.viewpoint)
    if said.state in PROPOSALS:
        row.number = _number(said.number, numbers_of_return(case.line, row.owner_id, row.line_ref))
        _meets(said.state, evidence, row.number, row.since, case)
    closure = case.stands.closure
    if closure is not None and said.state is _S.CHECKED:
        due = _answered(said.check_back, case)
        require_dead(evidence, closure.number, due, case.today, case.viewpoint)
    if closure is not None and said.state is _S.REOPENED:
        if said.check_back is not None:
            _answered(said.check_back, case)
        numbers = list(watched(case.stands, case.line, register(case.viewpoint)))
        require_speaking(evidence, numbers, closure.since, case.today, case.viewpoint)
    return evidence


def _agreed_on(state: DeclaredState, proposal: Declared, case: _Case) -> None:
    """The centre agrees on what its person sees themselves, by the same rule."""
    evidence = of_proposal(proposal.id, proposal.checked_on, proposal.check_said, case.viewpoint)
    try:
        _meets(AGREES_TO[state], evidence, proposal.number, proposal.since, case)
    except UserError as error:
        raise UserError(f"With the records that you see this closure does not meet the rule. {error}") from None


def _meets(state: DeclaredState, evidence: Evidence, number: str, since: date, case: _Case) -> None:
    if state is _S.TYPE1_PROPOSED:
        require_charged_holder(evidence, case.line, case.viewpoint)
    require_dead(evidence, number, since, case.today, case.viewpoint)


def _answered(check_back: int | None, case: _Case) -> date:
    """The day from which on a check answers the check-back that was chosen: one that is due and open."""
    asked = next((each for each in case.stands.check_backs if each.days == check_back), None)
    if asked is None or not asked.is_open:
        raise UserError("Choose a check-back of this closure that nobody has answered.")
    if case.today < asked.due:
        raise UserError(
            f"This check-back is due on {format_date(asked.due)}; a check before that day does not answer it."
        )
    return asked.due


def _number(written: str, given: list[str]) -> str:
    if not given:
        raise UserError("The return gives no number, so its line cannot be closed; return the number first.")
    number = normalise_phone(written)
    if number is None or number not in given:
        listed = ", ".join(format_phone(each) for each in given)
        raise UserError(f"Choose the number that fell silent among those that the return gives: {listed}.")
    return number


def _written(row: LineState, evidence: Evidence, case: _Case) -> LineState:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    for item in evidence.items:
        StateEvidence(
            state=row,
            record=item.record,
            proves=item.proves,
            mention_id=item.mention,
            line_audience_id=row.audience_id,
            audience_id=item.record.audience_id,
        ).save(force_insert=True)
    advance()
    named = sorted({str(each.record.id) for each in evidence.items})
    about = Subject("record", str(row.record_id), {"ref": row.line_ref, "state": str(row.state), "evidence": named})
    log(_event(DeclaredState(row.state)), by=case.viewpoint.viewer, about=about, purpose=PURPOSE)
    return row


def _event(state: DeclaredState) -> Event:
    if state in PROPOSALS:
        return Event.LINE_CLOSURE_PROPOSED
    if state in BY_CENTRE:
        return Event.LINE_CLOSURE_DECIDED
    return {_S.CHECKED: Event.LINE_CHECKED, _S.REOPENED: Event.LINE_REOPENED}.get(state, Event.LINE_STATUS_DECLARED)
