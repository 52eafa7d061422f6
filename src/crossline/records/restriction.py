"""Restricting a record: kept, and not to be used for a decision, until whoever answers for it lifts it (DPA 2018 s.47 [K]).

For what is disputed, or must be kept as evidence though it should be erased (domain notes 4.5). Placed and lifted by an
information manager of the agency that sent the record; each a row of its own, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.generation import advance
from crossline.records.models import Record, RecordRestriction, RestrictionState
from crossline.records.one_at_a_time import claim

LONGEST_REASON = 2_000
_EVENTS = {
    RestrictionState.PLACED: Event.RECORD_RESTRICTED,
    RestrictionState.LIFTED: Event.RESTRICTION_LIFTED,
}


def restrict(*, record: UUID, reason: str, viewpoint: Viewpoint) -> RecordRestriction:
    """Restrict a record of the viewer's own agency: it stays, and is not to be used for a decision."""
    return _decide(record, RestrictionState.PLACED, reason, viewpoint)


def lift(*, record: UUID, reason: str, viewpoint: Viewpoint) -> RecordRestriction:
    """Lift a restriction that stands. What was decided before stays readable."""
    return _decide(record, RestrictionState.LIFTED, reason, viewpoint)


def may_restrict(record: Record, viewpoint: Viewpoint) -> bool:
    """Whether the viewer answers for the record."""
    viewer = viewpoint.viewer
    return Role.INFORMATION_MANAGER in viewer.roles and record.owner_id == viewer.agency


def standing(viewpoint: Viewpoint, records: Iterable[UUID] | None = None) -> dict[UUID, RecordRestriction]:
    """The restrictions that stand on records the viewer sees, by record; on these records only, where they are given."""
    rows = RecordRestriction.objects.all() if records is None else RecordRestriction.objects.filter(record__in=records)
    newest = viewpoint.visible(rows, "audience", "record__audience").order_by("record_id", "-decided_at", "-id")
    return {row.record_id: row for row in newest.distinct("record_id") if row.state == RestrictionState.PLACED}


def _decide(record: UUID, state: RestrictionState, reason: str, viewpoint: Viewpoint) -> RecordRestriction:
    found = viewpoint.visible(Record.objects.filter(id=record)).first()
    if found is None:
        refuse_decoy(viewpoint, record)
        raise NotPermitted("That record does not exist, or you may not see it.")
    if not may_restrict(found, viewpoint):
        raise NotPermitted(
            "Only an information manager of the agency that sent a record may restrict it or lift that; ask theirs."
        )
    claim(record)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON} characters: others will read it years from now.")
    stands = found.id in standing(viewpoint, [found.id])
    if stands is (state == RestrictionState.PLACED):
        raise MoveNotAllowed(
            "The record is restricted already."
            if stands
            else "The record is not restricted, so there is nothing to lift."
        )
    made = RecordRestriction(
        record=found,
        state=state,
        reason=reason.strip(),
        decided_by=viewpoint.viewer.username,
        decided_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    advance()
    about = Subject("record", str(found.id), {"ref": found.ref, "reason": reason.strip()[:200]})
    log(_EVENTS[state], by=viewpoint.viewer, about=about, purpose="restriction")
    return made
