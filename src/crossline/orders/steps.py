"""Bringing an order to its next state, and its log: each one act with its reason; signing off takes a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.states import CHECK_BACKS
from crossline.orders.completeness import missing
from crossline.orders.drafting import PURPOSE, reason_given
from crossline.orders.law import RANK, application
from crossline.orders.models import FOLLOWED, MOVES, EntryKind, OrderEntry, OrderState, OrderStep
from crossline.orders.standing import Standing, may_prepare, order_of
from crossline.records.one_at_a_time import claim

LONGEST_FIELD: Final = 300
OVERTAKEN: Final = "Somebody else moved this order since you opened it, so nothing was changed; read it again first."


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of whoever moves an order or writes in its log."""

    name: str
    label: str
    kind: str = "line"  # line, day, rank
    required: bool = True


_UNTIL: Final = Asked("until", "In force until (leave empty where it stands until discharged)", "day", required=False)
SERVICE: Final = (
    Asked("on", "Served on (provider or person)"),
    Asked("how", "How"),
    Asked("by_whom", "By whom"),
    Asked("confirmation", "Confirmation, with its reference", required=False),
)
ASKED: Final[Mapping[OrderState, tuple[Asked, ...]]] = MappingProxyType(
    {
        OrderState.SIGNED_OFF: (
            Asked("name", "Name of the officer who signs it off"),
            Asked("rank", "Rank", RANK),
        ),
        OrderState.APPLIED: (Asked("court", "Court"), Asked("court_ref", "Court’s reference", required=False)),
        OrderState.GRANTED: (
            Asked("order_ref", "Number of the order"),
            Asked("comply_by", "Provider complies by", "day", required=False),
            _UNTIL,
        ),
        OrderState.SERVED: SERVICE,
        OrderState.COMPLIED: (Asked("confirmation", "What the provider confirmed, with its reference"),),
        OrderState.VARIED: (Asked("variation", "What was varied"), _UNTIL),
    }
)
"""What is asked beside day and reason. Of orders other than telecommunications restriction orders no rank is asked."""


class CheckAnswer:
    """What a check of a number found."""

    SILENT: Final = "silent"
    SPEAKS: Final = "speaks"
    WORDS: Final[Mapping[str, str]] = MappingProxyType({SILENT: "Silent", SPEAKS: "Speaks again"})


def moves_of(found: Standing) -> list[OrderState]:
    """What the order can become, in the order of the list."""
    table = MOVES if found.is_application else FOLLOWED
    return [state for state in OrderState if state in table[found.state]]


def asked_of(found: Standing, state: OrderState) -> tuple[Asked, ...]:
    """What is asked for a move of this order."""
    asked = ASKED.get(state, ())
    return asked if found.is_application else tuple(each for each in asked if each.kind != RANK)


def move_order(
    *, order: UUID, state: OrderState, stood: int, day: date, said: Mapping[str, str], reason: str, viewpoint: Viewpoint
) -> OrderStep:
    """Bring an order to a state. `stood`: how many steps it had when whoever moves it read it."""
    found = _to_act_on(viewpoint, order)
    if found.steps[-1].number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if state not in moves_of(found):
        raise MoveNotAllowed(f"An order that is {found.state.label.lower()} cannot become {state.label.lower()}.")
    why, detail = reason_given(reason), _answers(asked_of(found, state), said)
    _check_day(day, found)
    if state is OrderState.SIGNED_OFF:
        _check_signing(found, viewpoint)
    step = OrderStep(
        order=found.order,
        number=stood + 1,
        state=state,
        version=found.version,
        day=day,
        detail=detail,
        reason=why,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.order.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    if state is OrderState.SERVED:
        _entered(found, kind=EntryKind.SERVICE, day=day, detail=detail, text=why)
    about = {"kind": found.order.kind, "state": str(state), "version": found.version.number, "reason": why[:200]}
    log(Event.ORDER_MOVED, by=viewpoint.viewer, about=Subject("order", str(order), about), purpose=PURPOSE)
    return step


def note_on_order(
    *, order: UUID, kind: EntryKind, day: date, said: Mapping[str, str], text: str, viewpoint: Viewpoint
) -> OrderEntry:
    """Write in an order's log: another service, a breach, a condition, or what a check of its numbers found."""
    found = _to_act_on(viewpoint, order)
    if found.last(OrderState.GRANTED) is None:
        raise MoveNotAllowed("The order was not granted yet, so there is nothing to write in its log.")
    why = reason_given(text)
    _check_day(day, found)
    if kind is EntryKind.CHECK_BACK:
        detail = _check_back(found, said)
    else:
        detail = _answers(SERVICE, said) if kind is EntryKind.SERVICE else {}
    made = _entered(found, kind=kind, day=day, detail=detail, text=why)
    about = {"kind": found.order.kind, "entry": str(kind)} | ({"after": detail["after"]} if "after" in detail else {})
    log(Event.ORDER_NOTED, by=viewpoint.viewer, about=Subject("order", str(order), about), purpose=PURPOSE)
    return made


@dataclass(frozen=True)
class CheckBack:
    """One check that is due after service, with what answered it."""

    after: int
    due: date
    answer: OrderEntry | None

    def is_late(self, today: date) -> bool:
        return self.answer is None and self.due < today


def check_backs(found: Standing) -> list[CheckBack]:
    """The checks of a telecommunications restriction order, from the day it was first served."""
    served = next((step for step in found.steps if step.state == OrderState.SERVED), None)
    if served is None or not found.is_application:
        return []
    answers = {entry.detail.get("after"): entry for entry in found.entries_of(EntryKind.CHECK_BACK)}
    return [CheckBack(after, served.day + timedelta(days=after), answers.get(after)) for after in CHECK_BACKS.days]


def next_due(found: Standing) -> tuple[date, str] | None:
    """What is due next of an order, and when: a check, the day its provider complies by, or its end."""
    if found.state in (OrderState.DISCHARGED, OrderState.EXPIRED, OrderState.REFUSED):
        return None
    due = [(each.due, f"Check {each.after} days after service") for each in check_backs(found) if each.answer is None]
    granted = found.last(OrderState.GRANTED)
    if granted and granted.detail.get("comply_by") and found.state in (OrderState.GRANTED, OrderState.SERVED):
        due.append((date.fromisoformat(granted.detail["comply_by"]), "Provider complies"))
    if found.until:
        due.append((found.until, "Order ends"))
    return min(due, default=None)


def _check_back(found: Standing, said: Mapping[str, str]) -> dict[str, object]:
    due = {str(each.after): each for each in check_backs(found)}
    which, answer = due.get(said.get("after", "")), said.get("answer", "")
    if which is None or answer not in CheckAnswer.WORDS:
        raise UserError("Choose which check it is, and whether the numbers are silent or one speaks again.")
    if which.answer is not None:
        raise MoveNotAllowed(f"The check {which.after} days after service was answered already.")
    return {"after": which.after, "answer": answer}


def _to_act_on(viewpoint: Viewpoint, order: UUID) -> Standing:
    if order_of(viewpoint, order) is None:
        raise NotPermitted("That order does not exist, or you may not see it.")
    claim(order)
    found = order_of(viewpoint, order)
    if found is None or not may_prepare(viewpoint, found.order.owner_id):
        raise NotPermitted(
            "Only an analyst, an investigator or an information manager of the agency that applies, or of the centre, does that."
        )
    return found


def _check_signing(found: Standing, viewpoint: Viewpoint) -> None:
    lacking = missing(found)
    if lacking:
        raise MoveNotAllowed(f"It cannot be signed off while parts are missing: {'; '.join(lacking)}.")
    if viewpoint.viewer.username in {version.saved_by for version in found.versions}:
        raise NotPermitted("Whoever wrote any of the text does not sign it off; ask a second person.")


def _check_day(day: date, found: Standing) -> None:
    if day > timezone.localdate():
        raise UserError("The day lies ahead; write down what has happened.")
    if day < found.steps[-1].day and found.steps[-1].state != OrderState.DRAFTED:
        raise UserError(f"The day lies before {found.steps[-1].day:%-d %B %Y}, the day of the step before.")


def _answers(asked: tuple[Asked, ...], said: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in asked:
        answer = " ".join(str(said.get(each.name) or "").split())
        if len(answer) > LONGEST_FIELD or (each.required and not answer):
            raise UserError(f"Give: {each.label}, in up to {LONGEST_FIELD} characters.")
        if each.kind == RANK and answer not in application().ranks:
            raise UserError("An application is signed off by a superintendent or above; choose the rank from the list.")
        if answer and each.kind == "day":
            answer = _day(answer, each.label)
        if answer:
            found[each.name] = answer
    return found


def _day(said: str, label: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise UserError(f"Give a whole date: {label}.") from None


def _entered(found: Standing, *, kind: EntryKind, day: date, detail: Mapping[str, object], text: str) -> OrderEntry:
    viewer = found.viewpoint.viewer
    made = OrderEntry(
        order=found.order,
        kind=kind,
        day=day,
        detail=dict(detail),
        text=text,
        by=viewer.username,
        by_agency=viewer.agency,
        audience_id=found.order.audience_id,
    )
    made.save(force_insert=True)
    return made
