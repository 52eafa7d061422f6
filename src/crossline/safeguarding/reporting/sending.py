"""Sending a report, and saying what becomes of one: each one act that checks, writes and audits together."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.receipt_numbers import receipt_number
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.guidance.packs import packs
from crossline.safeguarding.guidance.signs import signs
from crossline.safeguarding.reporting.content import ABOUT, Answers
from crossline.safeguarding.reporting.models import (
    BY_THE_PARTNER,
    MOVES,
    PartnerReport,
    PartnerReportStep,
    ReportState,
)
from crossline.safeguarding.reporting.standing import Standing, may_answer, report_of
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.selectors import normalise_postcode

PURPOSE: Final = "safeguarding"
LONGEST_TEXT: Final = 5_000
LONGEST_LINE: Final = 300
OLDEST: Final = 120
OVERTAKEN: Final = (
    "Somebody else said something of this report since you opened it, so nothing was changed; read it again first."
)


def send_report(*, force: str, pack: str, said: Answers, today: date, viewpoint: Viewpoint) -> PartnerReport:
    """Send what somebody of a partner organisation noticed to a police force. It becomes the force's record at the next run of
    the daily rhythm; its safeguarding people read it at once."""
    viewer = viewpoint.viewer
    if Role.PARTNER not in viewer.roles:
        raise NotPermitted("Reports are sent by people of partner organisations; ask whoever enrolled you.")
    if force not in {each.id for each in forces()}:
        raise UserError("Choose the police force of the area where the person lives, or where it happened.")
    if pack not in packs():
        raise UserError("Choose what you do, so that the signs of your profession are asked for.")
    _check(said, today)
    made = PartnerReport(
        ref=receipt_number("R"),
        partner_id=viewer.agency,
        force_id=force,
        pack=f"{pack} {packs()[pack].version}",
        content=said.stored(),
        sent_by=viewer.username,
    )
    with transaction.atomic():
        made.save(force_insert=True)
        about = Subject("partner_report", made.ref, {"force": force, "pack": made.pack, "signs": len(said.signs)})
        log(Event.PARTNER_REPORT_SENT, by=viewer, about=about, purpose=PURPOSE)
    made.refresh_from_db()
    return made


def move_report(*, report: UUID, state: ReportState, stood: int, words: str, viewpoint: Viewpoint) -> PartnerReportStep:
    """Say what becomes of a report. `stood`: how many steps it had when whoever says so read it."""
    found = report_of(viewpoint, report)
    if found is None:
        raise NotPermitted("There is no such report.")
    if len(found.steps) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if state not in MOVES[found.state]:
        raise MoveNotAllowed(f"A report that is {found.state.label.lower()} cannot become {state.label.lower()}.")
    own = viewpoint.viewer.agency == found.report.partner_id
    if (state in BY_THE_PARTNER) != own or not (own or may_answer(viewpoint, found.report)):
        raise NotPermitted(
            "Whoever sent it raises it again; the force it went to, or the centre, reads and answers it."
        )
    said = words.strip()
    if state is not ReportState.READ and not said:
        raise UserError("Say in a sentence what the other side should know.")
    if len(said) > LONGEST_TEXT:
        raise UserError(f"Say it in at most {LONGEST_TEXT:,} characters.")
    return _stepped(found, state, said, viewpoint)


def _stepped(found: Standing, state: ReportState, words: str, viewpoint: Viewpoint) -> PartnerReportStep:
    viewer = viewpoint.viewer
    step = PartnerReportStep(
        report=found.report,
        number=len(found.steps) + 1,
        state=state,
        words=words,
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=found.report.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
            about = Subject("partner_report", found.report.ref, {"state": str(state)})
            log(Event.PARTNER_REPORT_MOVED, by=viewer, about=about, purpose=PURPOSE)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return step


def _check(said: Answers, today: date) -> None:
    """Refuse, in one sentence, what could not be kept as a record."""
    if said.about not in ABOUT:
        raise UserError("Say whether it is about a child or an adult.")
    if not said.seen.strip():
        raise UserError("Say what you saw or heard, in your own words.")
    long = [each for each in (said.seen, said.own_words, said.told, said.contact) if len(each) > LONGEST_TEXT]
    lines = [each for each in (said.forename, said.surname, said.address, said.where) if len(each) > LONGEST_LINE]
    if long or lines:
        raise UserError(f"Write at most {LONGEST_TEXT:,} characters in a text and {LONGEST_LINE} in a line.")
    if unknown := set(said.signs) - set(signs().by_id):
        raise UserError(f"There is no sign {sorted(unknown)[0]!r}; tick those of the list.")
    if said.postcode and normalise_postcode(said.postcode) is None:
        raise UserError(f"{said.postcode!r} is no postcode; write it as ZZ12 1AA, or leave it empty.")
    if said.age is not None and not 0 <= said.age <= OLDEST:
        raise UserError(f"Give an age between 0 and {OLDEST}, or leave it empty.")
    for day, what in ((said.born, "date of birth"), (said.since, "day on which it was seen")):
        if day and date.fromisoformat(day) > today:
            raise UserError(f"The {what} lies in the future; give one that has been, or leave it empty.")
