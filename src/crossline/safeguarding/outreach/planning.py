"""Planning outreach after a closure, and saying what became of it: each one act that checks, writes and audits together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.models import Agency
from crossline.access.receipt_numbers import receipt_number
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.register import RegisterLine, register
from crossline.records.intake.mentions import mentions_in_text
from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import MOVES, Outreach, OutreachState, OutreachStep
from crossline.safeguarding.outreach.standing import Standing, may_move, may_plan, outreach_of
from crossline.vocabulary.agencies import PartnerKind

PURPOSE: Final = "safeguarding"
THROUGH: Final = (PartnerKind.HEALTH, PartnerKind.CHARITY)
"""Whom it goes through: people who bought are patients (G-14), and hear from those who help."""
LONGEST_REASON: Final = 2_000
LONGEST_LINE: Final = 300
MOST: Final = 100_000
OVERTAKEN: Final = (
    "Somebody else changed this outreach since you opened it, so nothing was changed; read it again first."
)
NOBODY_RECORDED: Final = (
    "That names a number or a vehicle. Nobody is recorded here for having rung a line: write how many, and no more."
)
ASKED_COUNTS: Final[Mapping[OutreachState, str]] = {OutreachState.SENT: "police", OutreachState.COUNTED: "health"}
"""The moves at which something is counted, and by which side."""


def closed_line(viewpoint: Viewpoint, line: UUID) -> RegisterLine | None:
    """The line of a mention, where the viewer sees it and it is closed."""
    found = register(viewpoint).find(line)
    return found if found is not None and found.status.is_closed else None


def partners_for_outreach() -> list[Agency]:
    """The organisations it can go through, by name."""
    return list(Agency.objects.filter(kind__in=[str(kind) for kind in THROUGH]).order_by("name", "id"))


def plan_outreach(
    *, line: UUID, partner: str, message: str, service: str, reach: str, places: str, reason: str, viewpoint: Viewpoint
) -> Outreach:
    """Ask a health partner or charity to offer help to those who bought from a line that is closed."""
    if not may_plan(viewpoint):
        raise NotPermitted("Outreach is planned by safeguarding people and coordinators; ask one of your agency.")
    if closed_line(viewpoint, line) is None:
        raise MoveNotAllowed("Outreach follows a closure: this line is not closed, or you see no such line.")
    if partner not in {each.id for each in partners_for_outreach()}:
        raise UserError("Choose a health partner or a charity that takes part here.")
    said = messages()
    if message not in said.by_id:
        raise UserError("Choose one of the messages of the list.")
    name, how, where = _line(service, "service"), _line(reach, "way to reach it"), _line(places, "places")
    text = said.text_of(message, service=name, reach=how)
    if len(text) > said.longest:
        raise UserError(
            f"The message has {len(text)} characters and may have {said.longest}; shorten the service’s name."
        )
    made = Outreach(
        ref=receipt_number("O"),
        line_id=line,
        owner_id=viewpoint.viewer.agency,
        partner_id=partner,
        places=where,
        message=f"{message} {said.version}",
        text=text,
        reason=_words(reason),
        planned_by=viewpoint.viewer.username,
    )
    with transaction.atomic():
        made.save(force_insert=True)
        about = Subject("outreach", made.ref, {"line": str(line), "partner": partner, "message": made.message})
        log(Event.OUTREACH_PLANNED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    made.refresh_from_db()
    return made


def move_outreach(
    *,
    outreach: UUID,
    state: OutreachState,
    stood: int,
    words: str,
    viewpoint: Viewpoint,
    counts: Mapping[str, int] | None = None,
) -> OutreachStep:
    """Say what became of it, with counts where something was counted. `stood`: how many steps there were when it was read."""
    found = outreach_of(viewpoint, outreach)
    if found is None:
        raise NotPermitted("There is no such outreach.")
    if len(found.steps) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if state not in MOVES[found.state]:
        raise MoveNotAllowed(f"Outreach that is {found.state.label.lower()} cannot become {state.label.lower()}.")
    if not may_move(found.outreach, state, viewpoint):
        raise NotPermitted("The health partner agrees, declines and counts; the agency that planned it does the rest.")
    return _stepped(found, state, _words(words), _counted(state, counts or {}), viewpoint)


def _stepped(
    found: Standing, state: OutreachState, words: str, counts: Mapping[str, int], viewpoint: Viewpoint
) -> OutreachStep:
    step = OutreachStep(
        outreach=found.outreach,
        number=len(found.steps) + 1,
        state=state,
        counts=dict(counts),
        words=words,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.outreach.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
            about = Subject("outreach", found.outreach.ref, {"state": str(state), "counts": dict(counts)})
            log(Event.OUTREACH_MOVED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return step


def _counted(state: OutreachState, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that this side makes at this move, each a whole number."""
    side, known = ASKED_COUNTS.get(state), messages().counts
    for name, how_many in counts.items():
        if name not in known or known[name].side != side:
            raise UserError(f"{name!r} is not counted here; count what the page asks for.")
        if not 0 <= how_many <= MOST:
            raise UserError(f"“{known[name].title}” is a number between 0 and {MOST:,}.")
    if state is OutreachState.SENT and "sent" not in counts:
        raise UserError("Say how many messages were sent.")
    return dict(counts)


def _line(said: str, what: str) -> str:
    plain = " ".join(said.split())
    if not plain or len(plain) > LONGEST_LINE:
        raise UserError(f"Give the {what}, in at most {LONGEST_LINE} characters.")
    return plain


def _words(said: str) -> str:
    """A reason in words, which name nobody who rang."""
    plain = said.strip()
    if not plain or len(plain) > LONGEST_REASON:
        raise UserError(f"Say why or what, in at most {LONGEST_REASON:,} characters.")
    if mentions_in_text(plain):
        raise UserError(NOBODY_RECORDED)
    return plain
