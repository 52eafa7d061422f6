"""Asking another agency, and every move after that: each one action that checks, adds a row and is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.operations.joint.moves import ENDED, ESCALATIONS, MOVES, AboutKind, AskedFor, Priority, RequestState, Use
from crossline.operations.joint.requests import Standing, may_act, record_about, request_of
from crossline.operations.models import JointRequest, RequestStep
from crossline.records.models import Record
from crossline.vocabulary.agencies import agencies, is_partner
from crossline.wording import in_one_line

PURPOSE: Final = "joint work"
LONGEST_SUBJECT: Final = 200
LONGEST_TEXT: Final = 4_000
MOST_RECORDS: Final = 50
NOT_HERE: Final = "That request does not exist, or you may not see it."
OVERTAKEN: Final = (
    "Somebody else acted on this request since you opened it, so nothing was changed; read what they said first."
)
ACTS: Final = "Only an analyst, an investigator, a coordinator or an information manager asks or answers for an agency."
_WORDLESS: Final = frozenset({RequestState.ACKNOWLEDGED, RequestState.ACCEPTED})
"""Moves that need no words."""


@dataclass(frozen=True)
class About:
    """What a request is about: a returned line or an investigation by its owner and reference, or words alone."""

    kind: AboutKind = AboutKind.SUBJECT
    owner: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Asked:
    """What an agency asks of another. The other reads every word."""

    to: str
    kind: AskedFor
    priority: Priority
    subject: str
    wanted: str
    reason: str
    grounds: str
    needed_by: date | None = None
    about: About = About()

    def about_what(self, about: About) -> Asked:
        """The same, about a line or an investigation."""
        return replace(self, about=about)


@dataclass(frozen=True)
class Said:
    """What goes with a move: words; the day to which a request is deferred; what an answer was worth; records it names."""

    text: str = ""
    until: date | None = None
    use: Use | None = None
    records: tuple[str, ...] = ()


def ask(*, asked: Asked, viewpoint: Viewpoint) -> JointRequest:
    """Ask another agency, or the centre. People of both, and of the centre, read it from then on."""
    viewer = viewpoint.viewer
    if not may_act(viewpoint):
        raise NotPermitted(ACTS)
    if asked.to == viewer.agency:
        raise UserError("Choose another agency than your own.")
    if asked.to not in agencies() or is_partner(asked.to):
        raise UserError("Choose the agency that you ask.")
    if asked.needed_by and asked.needed_by < timezone.localdate():
        raise UserError("Give a day by which you need it that is not over.")
    made = JointRequest(
        from_agency_id=viewer.agency,
        to_agency_id=asked.to,
        kind=asked.kind,
        priority=asked.priority,
        about_kind=asked.about.kind,
        about_owner=asked.about.owner,
        about_ref=asked.about.ref,
        subject=in_one_line(asked.subject, LONGEST_SUBJECT, "Say in one line what the request is about"),
        wanted=_text(asked.wanted, "Say what you ask for"),
        reason=_text(asked.reason, "Say why you ask"),
        grounds=_text(asked.grounds, "Give the grounds, so that the other agency can decide"),
        needed_by=asked.needed_by,
        asked_by=viewer.username,
        audience_id=audience_between(asked.to),
    )
    _refuse_what_is_not_theirs_to_ask_about(made, viewpoint)
    made.save(force_insert=True)
    _add(Standing(made, ()), RequestState.ASKED, Said(), viewpoint)
    told = {"to": asked.to, "kind": str(asked.kind), "priority": str(asked.priority)}
    log(Event.JOINT_REQUEST_ASKED, by=viewer, about=Subject("joint_request", str(made.id), told), purpose=PURPOSE)
    return made


def move(*, request: UUID, to: RequestState, said: Said, stood: int, viewpoint: Viewpoint) -> RequestStep:
    """Move a request on, or leave a remark (`to`: how it stands already). A hidden request is answered like an absent one.

    `stood`: the number of the last step that whoever moves had read.
    """
    found = request_of(viewpoint, request)
    if found is None:
        raise NotPermitted(NOT_HERE)
    if not may_act(viewpoint):
        raise NotPermitted(ACTS)
    if found.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    _refuse(found, to, viewpoint)
    is_remark = to is found.state
    said = _checked(found, to, said, viewpoint)
    made = _add(found, to, said, viewpoint)
    about = Subject("joint_request", str(request), {"was": str(found.state), "state": str(to)})
    log(_event(to, is_remark=is_remark), by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def audience_between(other: str) -> int:
    """The audience of the viewer's own agency, one other and the centre. The database looks who the viewer is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT crossline_audience_between(%s)", [other])
        return int(cursor.fetchone()[0])


def _refuse_what_is_not_theirs_to_ask_about(made: JointRequest, viewpoint: Viewpoint) -> None:
    if made.about_kind == AboutKind.SUBJECT:
        return
    if record_about(viewpoint, made) is None:
        raise NotPermitted("What the request is about does not exist, or you may not see it.")
    if made.about_kind == AboutKind.INVESTIGATION and made.about_owner != viewpoint.viewer.agency:
        raise NotPermitted(
            "Only an investigation of your own agency can be asked about; the other agency knows its own."
        )


def _refuse(found: Standing, to: RequestState, viewpoint: Viewpoint) -> None:
    """Raise a sentence where this is no move of this viewer's."""
    side = found.side(viewpoint.viewer.agency)
    was, becomes = found.state.label.lower(), to.label.lower()
    if to is found.state:
        if found.state in ENDED:
            raise MoveNotAllowed(f"The request is {was}; ask anew where something is still needed.")
        return
    whose = MOVES[found.state].get(to)
    if whose is None:
        raise MoveNotAllowed(f"A request that is {was} cannot become {becomes}.")
    if whose is not side:
        raise NotPermitted(f"A request that is {was} is made {becomes} by {whose.meaning}; leave a remark for them.")
    if to in ESCALATIONS and (why_not := found.why_not_escalated(to, timezone.now())):
        raise MoveNotAllowed(why_not)


def _checked(found: Standing, to: RequestState, said: Said, viewpoint: Viewpoint) -> Said:
    """What is written with the move: only what belongs to it, and all that it needs."""
    is_remark = to is found.state
    wordless = to in _WORDLESS and not is_remark
    text = said.text.strip() if wordless else _text(said.text, _WANTED.get(to, "Say why") if not is_remark else _REMARK)
    if len(text) > LONGEST_TEXT:
        raise UserError(f"Write up to {LONGEST_TEXT:,} characters.")
    kept = Said(text=text)
    if is_remark:
        return kept
    if to is RequestState.DEFERRED:
        if said.until is None or said.until <= timezone.localdate():
            raise UserError("Give the day to which the request is deferred; it has to be later than today.")
        return replace(kept, until=said.until)
    if to is RequestState.CLOSED:
        if said.use is None:
            raise UserError("Say whether the answer was useful, so that the other agency learns from it.")
        return replace(kept, use=said.use)
    if to is RequestState.ANSWERED:
        return replace(kept, records=_named(said.records, viewpoint))
    return kept


def _named(refs: Sequence[str], viewpoint: Viewpoint) -> tuple[str, ...]:
    """References of records of the agency that answers. Naming one opens it to nobody."""
    wanted = tuple(dict.fromkeys(each.strip() for each in refs if each.strip()))
    if len(wanted) > MOST_RECORDS:
        raise UserError(f"Name up to {MOST_RECORDS} records in one answer.")
    rows = viewpoint.visible(Record.objects.filter(owner=viewpoint.viewer.agency, ref__in=wanted))
    known = set(rows.values_list("ref", flat=True))
    if unknown := [each for each in wanted if each not in known]:
        raise UserError(
            f"No record of your agency that you may see has the reference {unknown[0]}; check how it is written."
        )
    return wanted


_REMARK: Final = "Write the remark"
_WANTED: Final = {
    RequestState.DECLINED: "Give the reason for declining: the other agency reads it",
    RequestState.DEFERRED: "Give the reason for deferring: the other agency reads it",
    RequestState.ANSWERED: "Write the answer",
    RequestState.CLOSED: "Say what came of the answer",
    RequestState.WITHDRAWN: "Say why you withdraw the request",
    RequestState.ESCALATED: "Say what the centre should look at",
    RequestState.REGION: "Say what the regional unit should look at",
    RequestState.ASKED: "Say why it is asked again",
}


def _text(text: str, wanted: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= LONGEST_TEXT:
        raise UserError(f"{wanted}, in up to {LONGEST_TEXT:,} characters.")
    return said


def _event(to: RequestState, *, is_remark: bool) -> Event:
    if is_remark:
        return Event.JOINT_REQUEST_REMARKED
    return Event.JOINT_REQUEST_ANSWERED if to is RequestState.ANSWERED else Event.JOINT_REQUEST_MOVED


def _add(found: Standing, to: RequestState, said: Said, viewpoint: Viewpoint) -> RequestStep:
    made = RequestStep(
        request=found.request,
        number=len(found.steps) + 1,
        state=to,
        text=said.text,
        until=said.until,
        use=said.use or "",
        records=list(said.records),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.request.audience_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return made
