"""What an information manager does: review a record, confirm or decline a disposal, place and lift a hold.

A disposal takes two people: one decides, another confirms, and the engine carries it out (records/disposal.py). Reasons in
free words stay with the record and go with it; the audit keeps the decision alone, because it is kept for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.retention import LONGEST_KEEPING, QUESTIONS, rule_for
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.records.retention.clocks import newest, with_clock
from crossline.records.retention.models import (
    Choice,
    Confirmation,
    Ground,
    HoldGround,
    HoldLifted,
    LegalHold,
    RecordReview,
    RetentionClock,
)
from crossline.records.retention.standing import held, to_confirm
from crossline.vocabulary.codes import RecordKind, Tristate

MANAGERS = frozenset({Role.INFORMATION_MANAGER})
PURPOSE = "records review"


def own_record(viewpoint: Viewpoint, record: UUID) -> Any:
    """The record, with its clock, if it is the viewer's agency's to review, else None. Always the newest revision."""
    if Role.INFORMATION_MANAGER not in viewpoint.viewer.roles:
        return None
    own = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency))
    return with_clock(newest(own)).first()


def review(
    *,
    record: UUID,
    choice: Choice,
    answers: Mapping[str, str],
    reason: str,
    viewpoint: Viewpoint,
    today: date,
    ground: Ground | None = None,
    next_review: date | None = None,
    hold: HoldGround | None = None,
) -> RecordReview:
    """Record a review and what follows from it: the next date, a decision that waits for a second person, or a hold."""
    found = _own(viewpoint, record)
    _require_answers(answers)
    why = _words(reason, "Give the reason for the decision: others will read it years from now.")
    if to_confirm().filter(record=record).exists():
        raise MoveNotAllowed("Somebody decided to dispose of this record already; confirm that or decline it first.")
    if choice is Choice.DISPOSE and (ground is None or ground is Ground.AUTHORITY_EXPIRED):
        raise UserError("Say on what ground the record is to be disposed of.")
    if choice is Choice.DISPOSE and held(record):
        raise MoveNotAllowed("The record is on legal hold and may not be disposed of; lift the hold first.")
    if choice is Choice.HOLD and hold is None:
        raise UserError("Say on what ground the record is to be held.")
    made = RecordReview(
        record_id=record,
        owner_id=found.owner_id,
        rule=found.due_rule,
        answers=dict(answers),
        choice=choice,
        ground=ground or "" if choice is Choice.DISPOSE else "",
        next_review=_next_review(found, next_review, today) if choice is Choice.KEEP else None,
        reason=why,
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    if made.next_review is not None:
        _set_clock(made, made.next_review)
    if choice is Choice.HOLD and hold is not None:
        _place(found, hold, why, viewpoint)
    detail = {
        "choice": str(choice),
        "ground": made.ground,
        "rule": made.rule,
        "next_review": str(made.next_review or ""),
    }
    log(Event.RECORD_REVIEWED, by=viewpoint.viewer, about=Subject("record", str(record), detail), purpose=PURPOSE)
    return made


def confirm(*, review: UUID, agreed: bool, viewpoint: Viewpoint, reason: str = "") -> Confirmation:
    """The second person's word on a disposal. Whoever decided it cannot confirm it, here or in the database."""
    waiting = viewpoint.visible(to_confirm().filter(id=review)).first()
    if waiting is None or waiting.owner_id != viewpoint.viewer.agency or not _is_manager(viewpoint):
        raise NotPermitted(
            "That decision does not exist, is confirmed or declined already, or is not yours to confirm."
        )
    if waiting.decided_by == viewpoint.viewer.username:
        raise NotPermitted("You decided this disposal yourself; another information manager has to confirm it.")
    claim(waiting.record_id)
    if agreed and held(waiting.record_id):
        raise MoveNotAllowed("The record is on legal hold and may not be disposed of; lift the hold first.")
    words = (
        reason.strip() if agreed else _words(reason, "Give the reason for declining, so that it can be reviewed again.")
    )
    made = Confirmation(
        review=waiting,
        owner_id=waiting.owner_id,
        agreed=agreed,
        reason=words,
        decided_by=waiting.decided_by,
        confirmed_by=viewpoint.viewer.username,
        confirmed_agency=viewpoint.viewer.agency,
        audience_id=waiting.audience_id,
    )
    made.save(force_insert=True)
    event = Event.DISPOSAL_CONFIRMED if agreed else Event.DISPOSAL_DECLINED
    detail = {"review": str(waiting.id), "decided_by": waiting.decided_by}
    log(event, by=viewpoint.viewer, about=Subject("record", str(waiting.record_id), detail), purpose=PURPOSE)
    return made


def place_hold(*, record: UUID, ground: HoldGround, reason: str, viewpoint: Viewpoint) -> LegalHold:
    """Keep a record from being disposed of, due or not, until the hold is lifted."""
    found = _own(viewpoint, record)
    return _place(found, ground, _words(reason, "Give the reason for the hold: case, inquiry or claim."), viewpoint)


def lift_hold(*, hold: UUID, reason: str, viewpoint: Viewpoint) -> HoldLifted:
    """End a hold. The record is then due as before."""
    found = viewpoint.visible(LegalHold.objects.filter(id=hold, lifted=None)).first()
    if found is None or found.owner_id != viewpoint.viewer.agency or not _is_manager(viewpoint):
        raise NotPermitted("That hold does not exist, is lifted already, or is not yours to lift.")
    made = HoldLifted(
        hold=found,
        owner_id=found.owner_id,
        reason=_words(reason, "Give the reason for lifting the hold."),
        lifted_by=viewpoint.viewer.username,
        lifted_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    about = Subject("record", str(found.record_id), {"hold": str(found.id), "ground": found.ground})
    log(Event.HOLD_LIFTED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def _own(viewpoint: Viewpoint, record: UUID) -> Any:
    found = own_record(viewpoint, record)
    if found is None:
        if _is_manager(viewpoint):
            refuse_decoy(viewpoint, record)
        raise NotPermitted("That record does not exist, was sent again since, or is not yours to review.")
    claim(record)
    return found


def _is_manager(viewpoint: Viewpoint) -> bool:
    return Role.INFORMATION_MANAGER in viewpoint.viewer.roles


def _words(reason: str, asked: str) -> str:
    if not reason.strip():
        raise UserError(asked)
    return reason.strip()


def _require_answers(answers: Mapping[str, str]) -> None:
    for question in QUESTIONS:
        if answers.get(question.id) not in frozenset(Tristate):
            raise UserError(f"Answer with yes, no or unknown: {question.text}")


def _next_review(found: Any, given: date | None, today: date) -> date:
    """When it is looked at again: as given, else as the rule for its kind has it from today."""
    chosen = given or today + rule_for(RecordKind(found.kind), today).review_after
    if not today < chosen <= today + LONGEST_KEEPING:
        raise UserError("Give a day for the next review that is after today and at most ten years from now.")
    return chosen


def _set_clock(made: RecordReview, due: date) -> None:
    RetentionClock(
        record_id=made.record_id,
        owner_id=made.owner_id,
        rule=made.rule,
        due=due,
        review=made,
        set_by=made.decided_by,
        audience_id=made.audience_id,
    ).save(force_insert=True)


def _place(found: Record, ground: HoldGround, reason: str, viewpoint: Viewpoint) -> LegalHold:
    made = LegalHold(
        record_id=found.id,
        owner_id=found.owner_id,
        ground=ground,
        reason=reason,
        placed_by=viewpoint.viewer.username,
        placed_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    about = Subject("record", str(found.id), {"hold": str(made.id), "ground": str(ground)})
    log(Event.HOLD_PLACED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made
