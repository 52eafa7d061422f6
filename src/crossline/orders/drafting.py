"""Writing an order: opening it and saving each text of it, checked against the register and against what may not be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.applicants import may_draft
from crossline.lines.register import register
from crossline.orders.content import Chosen, Content
from crossline.orders.gathering import Gathered
from crossline.orders.law import DDTRO, Part, application
from crossline.orders.models import ItemUse, Order, OrderItem, OrderState, OrderStep, OrderVersion
from crossline.orders.standing import Standing, may_prepare, order_of
from crossline.records.naming import tidy_brand
from crossline.records.one_at_a_time import claim

PURPOSE: Final = "orders"
LONGEST_REASON: Final = 2_000
LONGEST_ANSWER: Final = 10_000
LONGEST_SENTENCE: Final = 1_000
APPLICANT: Final = "applicant_name"
"""The part that names a person on purpose, whatever a victim is called."""
NAMES_OFFICERS: Final = frozenset({"providers"})
"""Parts in which an officer may stand: who looked a number up."""
OVERTAKEN: Final = "Somebody else changed this order since you opened it, so nothing was saved; read it again first."


def gathered_for(viewpoint: Viewpoint, line: UUID, owner: str) -> Gathered | None:
    """What the register offers for a line; None where the viewer sees no such line."""
    found = register(viewpoint).find(line)
    return None if found is None else Gathered(viewpoint, found, owner)


def draft_ddtro(
    *,
    line: UUID,
    answers: Mapping[str, str],
    identifiers: Collection[str],
    sentences: Mapping[UUID, str],
    reason: str,
    viewpoint: Viewpoint,
) -> Order:
    """Open an application about a line and save its first text. `sentences`: by record, as a person edited them."""
    owner = viewpoint.viewer.agency
    gathered = gathered_for(viewpoint, line, owner)
    if gathered is None:
        raise NotPermitted("That line does not exist, or you may not see it.")
    if not may_draft(gathered.line, viewpoint):
        raise NotPermitted(
            "Only an analyst, an investigator or an information manager of an agency that returned the line, or of the centre, "
            "prepares a telecommunications restriction order."
        )
    if gathered.mention is None:
        raise UserError("No record about this line may be told of in an order; ask the owners of its records first.")
    said = reason_given(reason)
    content = checked(gathered, answers, identifiers, sentences)
    made = opened(kind=DDTRO, title=_title(gathered), line=gathered.mention, about=None, viewpoint=viewpoint)
    version = saved(made, content, said, number=1, viewpoint=viewpoint)
    _lean(version, gathered, content, sentences)
    begun(made, version, said, viewpoint)
    log_saved(made, version, viewpoint)
    return made


def redraft_ddtro(
    *,
    order: UUID,
    stood: int,
    answers: Mapping[str, str],
    identifiers: Collection[str],
    sentences: Mapping[UUID, str],
    reason: str,
    viewpoint: Viewpoint,
) -> OrderVersion:
    """Save another text of an application that is not signed off. `stood`: the version that was read."""
    found = to_change(viewpoint, order, stood)
    gathered = gathered_for(viewpoint, found.order.line, found.order.owner_id) if found.order.line else None
    if gathered is None:
        raise MoveNotAllowed("The line of this application is no longer to be seen, so its text cannot be changed.")
    content = checked(gathered, answers, identifiers, sentences)
    version = saved(found.order, content, reason_given(reason), number=stood + 1, viewpoint=viewpoint)
    _lean(version, gathered, content, sentences)
    log_saved(found.order, version, viewpoint)
    return version


def to_change(viewpoint: Viewpoint, order: UUID, stood: int) -> Standing:
    """An order whose text the viewer may change now."""
    if order_of(viewpoint, order) is None:
        raise NotPermitted("That order does not exist, or you may not see it.")
    claim(order)
    found = order_of(viewpoint, order)
    if found is None or not may_prepare(viewpoint, found.order.owner_id):
        raise NotPermitted("Only somebody who prepares orders of this agency, or of the centre, changes this one.")
    if found.state is not OrderState.DRAFTED:
        raise MoveNotAllowed("The text was signed off; bring the order back to drafted before it is changed.")
    if found.version.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    return found


def checked(
    gathered: Gathered, answers: Mapping[str, str], identifiers: Collection[str], sentences: Mapping[UUID, str]
) -> Content:
    """What is saved; raises UserError where it names what is not offered, or tells what may not be told."""
    offered = {each.key: each for each in gathered.identifiers}
    if set(identifiers) - set(offered):
        raise UserError(
            "A number or device is no longer offered for this line; open the page again and choose from its list."
        )
    allowed = {ground.record.id: ground.record for ground in gathered.grounds}
    if set(sentences) - set(allowed):
        raise UserError("A record can no longer stand in the chronology; open the page again and choose from its list.")
    for record, sentence in sentences.items():
        where = f"The sentence of {allowed[record].ref}"
        if not 0 < len(sentence.strip()) <= LONGEST_SENTENCE:
            raise UserError(f"{where} is empty or longer than {LONGEST_SENTENCE:,} characters.")
        _refuse_telling(gathered, where, sentence)
    kept = answered(application().parts, answers)
    for part in application().parts:
        if part.id != APPLICANT:
            _refuse_telling(gathered, f"“{part.title}”", kept.get(part.id, ""), officers=part.id not in NAMES_OFFICERS)
    return Content(kept, tuple(Chosen.of(offered[key]) for key in offered if key in set(identifiers)))


def answered(parts: Collection[Part], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to these parts, without what is empty."""
    kept = {part.id: answers.get(part.id, "").strip() for part in parts}
    for part in parts:
        if len(kept[part.id]) > LONGEST_ANSWER:
            raise UserError(f"“{part.title}” is longer than {LONGEST_ANSWER:,} characters; shorten it.")
    return {name: answer for name, answer in kept.items() if answer}


def opened(*, kind: str, title: str, line: UUID | None, about: UUID | None, viewpoint: Viewpoint) -> Order:
    """The row of a new order of the viewer's agency. Its audience comes with it, below."""
    viewer = viewpoint.viewer
    made = Order(
        owner_id=viewer.agency,
        kind=kind,
        title=title,
        line=line,
        about=about,
        opened_by=viewer.username,
        opened_agency=viewer.agency,
    )
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    return made


def saved(order: Order, content: Content, reason: str, *, number: int, viewpoint: Viewpoint) -> OrderVersion:
    """The row of one text."""
    version = OrderVersion(
        order=order,
        number=number,
        content=content.stored(),
        reason=reason,
        saved_by=viewpoint.viewer.username,
        saved_agency=viewpoint.viewer.agency,
        audience_id=order.audience_id,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return version


def begun(order: Order, version: OrderVersion, reason: str, viewpoint: Viewpoint) -> None:
    """The first step of an order."""
    OrderStep(
        order=order,
        number=1,
        state=OrderState.DRAFTED,
        version=version,
        day=timezone.localdate(),
        reason=reason,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=order.audience_id,
    ).save(force_insert=True)


def _title(gathered: Gathered) -> str:
    """The line's name as the register writes it, where a record that may be told of bears it."""
    known = tidy_brand(gathered.line.name)
    return known if known.casefold() == gathered.name.casefold() else gathered.name


def _lean(version: OrderVersion, gathered: Gathered, content: Content, sentences: Mapping[UUID, str]) -> None:
    """Keep what the text leans on, each beside its record."""
    evidence = {each.key: each.records for each in gathered.identifiers}
    items = [
        *(OrderItem(record_id=record, use=ItemUse.GROUND, sentence=said.strip()) for record, said in sentences.items()),
        *(
            OrderItem(record_id=record.id, use=ItemUse.EVIDENCE, identifier=each.key)
            for each in content.identifiers
            for record in evidence[each.key]
        ),
        *(
            OrderItem(record_id=left.record.id, use=ItemUse.APART, sentence=left.why)
            for left in gathered.left_out
            if left.kept
        ),
    ]
    for item in items:
        item.version, item.audience_id = version, version.audience_id
    OrderItem.objects.bulk_create(items)


def _refuse_telling(gathered: Gathered, where: str, text: str, *, officers: bool = True) -> None:
    told = gathered.withheld.tells(text, officers=officers)
    if told:
        raise UserError(f"{where} tells {' and '.join(told)}. Take that out: it leaves with the application.")


def reason_given(reason: str) -> str:
    """The reason of an act, as it is kept."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: others will read it years from now.")
    return said


def log_saved(order: Order, version: OrderVersion, viewpoint: Viewpoint) -> None:
    """The audit's row of a saved text: which version, and nothing of what it says."""
    detail = {"kind": order.kind, "version": version.number, "reason": version.reason[:200]}
    log(Event.ORDER_SAVED, by=viewpoint.viewer, about=Subject("order", str(order.id), detail), purpose=PURPOSE)
