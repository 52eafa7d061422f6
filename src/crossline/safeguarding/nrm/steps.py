"""Bringing a draft on: read by a second person, sent or asked to be sent, and what was decided; each one act with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.nrm.drafting import LONGEST_LINE, PURPOSE, gathered_for, reason_given
from crossline.safeguarding.nrm.form import first_responder_agencies, is_first_responder, nrm_form
from crossline.safeguarding.nrm.models import NrmRequest, NrmState, NrmStep
from crossline.safeguarding.nrm.routes import Route, far_enough_from_18
from crossline.safeguarding.nrm.standing import PANEL, NrmStanding, nrm_case
from crossline.vocabulary.agencies import agencies
from crossline.wording import format_date

OVERTAKEN: Final = "Somebody else moved this draft since you opened it, so nothing was changed; read it again first."
YES, NO = "Yes", "No"
_DECISIONS: Final = frozenset(
    {NrmState.REASONABLE_YES, NrmState.REASONABLE_NO, NrmState.CONCLUSIVE_YES, NrmState.CONCLUSIVE_NO}
)


@dataclass(frozen=True)
class NrmAsked:
    """One thing that is asked of whoever moves a draft. `choices`: value and words."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


_FIXED: Final[Mapping[NrmState, tuple[NrmAsked, ...]]] = {
    **dict.fromkeys(_DECISIONS, (NrmAsked("letter", "Reference of the decision", required=False),)),
    NrmState.RECONSIDERATION: (NrmAsked("asked_by", "Who asked: first responder or support provider"),),
}


def _questions() -> tuple[NrmAsked, ...]:
    """What the second reader is asked."""
    return tuple(NrmAsked(each.id, each.name, ((YES, YES), (NO, NO))) for each in nrm_form().questions)


def asked_for(found: NrmStanding, state: NrmState) -> tuple[NrmAsked, ...]:
    """What is asked beside day and reason for a move."""
    if state is NrmState.READ:
        # Given back by a first responder, it was read before.
        return _questions() if found.state is NrmState.DRAFTED else ()
    if state is NrmState.ASKED:
        offered = tuple((each, agencies()[each].name) for each in first_responder_agencies())
        return (NrmAsked("agency", "Which first responder", offered),)
    if state is NrmState.SENT:
        deciding = NrmAsked("authority", "Who decides", tuple((each.id, each.name) for each in nrm_form().deciding))
        reference = NrmAsked("reference", "Reference that the Home Office gave")
        return (reference, deciding) if found.route is Route.NRM else (reference,)
    if state is NrmState.WITHDRAWN:
        return (NrmAsked("other", "Reference of the other referral of this person", required=found.is_child),)
    return _FIXED.get(state, ())


def move_nrm(
    *, case: UUID, state: NrmState, stood: int, day: date, said: Mapping[str, str], reason: str, viewpoint: Viewpoint
) -> NrmStep:
    """Bring a draft to a state. `stood`: how many steps it had when whoever moves it read it."""
    if nrm_case(viewpoint, case) is None:
        raise NotPermitted("That draft does not exist, or you may not see it.")
    claim(case)
    found = nrm_case(viewpoint, case)
    if found is None or not found.may_act:
        raise NotPermitted(
            "Only a safeguarding lead of the agency that drafts it, of the centre, or of the first responder that was asked, "
            "does that."
        )
    if found.steps[-1].number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if state not in found.moves:
        raise MoveNotAllowed(f"“{found.state.label}” does not lead to “{state.label}”.")
    why, detail = reason_given(reason), _answers(asked_for(found, state), said)
    _check_day(found, state, day)
    _check(found, state, detail)
    step = NrmStep(
        case=found.case,
        number=stood + 1,
        state=state,
        version=found.version,
        day=day,
        detail=detail,
        reason=why,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.case.audience_id,
    )
    if state is NrmState.ASKED:
        _ask(found, detail["agency"])
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    about = {"state": str(state), "version": found.version.number, "route": str(found.route), "reason": why[:200]}
    log(Event.NRM_MOVED, by=viewpoint.viewer, about=Subject("nrm", str(case), about), purpose=PURPOSE)
    return step


def _check(found: NrmStanding, state: NrmState, detail: Mapping[str, str]) -> None:
    viewer = found.viewpoint.viewer
    if state is NrmState.READ and found.state is NrmState.DRAFTED:
        if viewer.username in {version.by for version in found.versions}:
            raise NotPermitted("Whoever wrote any of the text is not its second reader; ask somebody else.")
        if found.route is Route.ASK:
            raise MoveNotAllowed("Ask the person for informed consent first: without it, the Home Office is notified.")
        unmet = [each.name for each in nrm_form().questions if detail.get(each.id) != YES]
        if unmet:
            raise MoveNotAllowed(f"Not every question is answered yes, so it goes back to its writer: {unmet[0]}")
    if state is NrmState.SENT:
        if not is_first_responder(viewer.agency):
            raise NotPermitted("Your agency is no first responder: ask one to send it.")
        _check_panel(found, detail)


def _check_panel(found: NrmStanding, detail: Mapping[str, str]) -> None:
    if detail.get("authority") != PANEL:
        return
    form, gathered, today = nrm_form(), gathered_for(found), timezone.localdate()
    if not found.is_child:
        raise MoveNotAllowed("A devolved panel decides on children only.")
    births = gathered.births if gathered else []
    if any(not far_enough_from_18(born, today, form.panel_days_from_18) for born in births):
        raise MoveNotAllowed(
            f"A devolved panel decides on children with more than {form.panel_days_from_18} days to go until they are 18."
        )


def _check_day(found: NrmStanding, state: NrmState, day: date) -> None:
    if day > timezone.localdate():
        raise UserError("The day lies ahead; write down what has happened.")
    before = found.steps[-1]
    if before.state != NrmState.DRAFTED and day < before.day:
        raise UserError(f"The day lies before {format_date(before.day)}, the day of the step before.")
    due = found.due
    is_conclusive = state in (NrmState.CONCLUSIVE_YES, NrmState.CONCLUSIVE_NO)
    if is_conclusive and due is not None and due.limit == "not_before" and due.day is not None and day < due.day:
        raise MoveNotAllowed(
            f"A conclusive grounds decision is not made before {format_date(due.day)}: {nrm_form().clocks['conclusive'].days} "
            "days of recovery come first."
        )


def _ask(found: NrmStanding, agency: str) -> None:
    viewer = found.viewpoint.viewer
    NrmRequest(
        case=found.case,
        to_agency_id=agency,
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=found.case.audience_id,
    ).save(force_insert=True)


def _answers(asked: tuple[NrmAsked, ...], said: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in asked:
        answer = " ".join(str(said.get(each.name) or "").split())
        if len(answer) > LONGEST_LINE or (each.required and not answer):
            raise UserError(f"Give: {each.label}, in up to {LONGEST_LINE} characters.")
        if answer and each.choices and answer not in {value for value, _ in each.choices}:
            raise UserError(f"Choose from the list: {each.label}.")
        if answer:
            found[each.name] = answer
    return found
