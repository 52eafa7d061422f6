"""Releasing one record to one more agency: one person of its owner asks, another allows it, and the first releases it.

For records under handling C (3x5x2: lawful sharing permitted with conditions) and others that not every agency sees. What
becomes visible with the record, and what does not, is in records/release_security.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crossline.access.approvals import Act, Standing, ask, standings, use
from crossline.access.audit import Event, Subject, log
from crossline.access.models import Approval
from crossline.access.policy import CENTRE, COMPARTMENT, agency_label
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.generation import advance
from crossline.records.models import Record, RecordRelease, ReleaseTakenBack
from crossline.records.one_at_a_time import claim
from crossline.records.release_security import BETWEEN, NEVER
from crossline.records.restriction import standing as restrictions
from crossline.vocabulary.agencies import agencies, is_partner
from crossline.vocabulary.codes import RecordKind
from crossline.wording import in_one_line

LONGEST_REASON: Final = 200
LONGEST_CONDITIONS: Final = 280
MOST_REQUESTS: Final = 200


@dataclass(frozen=True)
class Requested:
    """A request to release one record to one agency, in its parts, and how it stands."""

    found: Standing
    to: str
    reason: str
    conditions: str


def may_ask(record: Record, viewpoint: Viewpoint) -> bool:
    """Whether the viewer is of the agency whose record it is."""
    return record.owner_id == viewpoint.viewer.agency


def about(record: UUID, to: str) -> str:
    """What an approval names: this record and this agency."""
    return f"record {record} to {to}"


def ask_to_release(*, record: UUID, to: str, conditions: str, reason: str, viewpoint: Viewpoint) -> Approval:
    """Ask that a second person allow the release of a record of the viewer's own agency."""
    found = _own(record, viewpoint)
    _refuse(found, to, viewpoint)
    said = in_one_line(conditions, LONGEST_CONDITIONS, "Write down the conditions under which the record is released")
    why = in_one_line(reason, LONGEST_REASON, "Give the reason for which the other agency needs the record")
    return ask(act=Act.RELEASE, about=about(found.id, to), rows=1, reason=f"{why}{BETWEEN}{said}", viewpoint=viewpoint)


def release(*, record: UUID, to: str, approval: UUID, viewpoint: Viewpoint) -> RecordRelease:
    """Release a record as it was allowed. Whoever has a policing role in that agency sees it from then on, and all of it."""
    found = _own(record, viewpoint)
    _refuse(found, to, viewpoint)
    used = use(approval=approval, act=Act.RELEASE, about=about(found.id, to), rows=1, viewpoint=viewpoint)
    reason, _, conditions = used.approval.reason.partition(BETWEEN)
    made = RecordRelease(
        record=found,
        to_agency_id=to,
        conditions=conditions,
        reason=reason,
        approval=approval,
        released_by=viewpoint.viewer.username,
        released_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    advance()
    told = {"ref": found.ref, "to": to, "conditions": conditions, "approval": str(approval)}
    log(Event.RECORD_RELEASED, by=viewpoint.viewer, about=Subject("record", str(found.id), told), purpose="release")
    return made


def take_back(*, release: UUID, reason: str, viewpoint: Viewpoint) -> ReleaseTakenBack:
    """End a release: the agency sees the record no more. One information manager of the owner does, as it opens nothing."""
    found = viewpoint.visible(RecordRelease.objects.filter(id=release)).select_related("record").first()
    if found is None or not may_take_back(found.record, viewpoint):
        raise NotPermitted("That release does not exist, or you may not take it back; ask an information manager.")
    claim(found.record_id)
    if hasattr(found, "taken_back"):
        raise MoveNotAllowed("The release is taken back already.")
    made = ReleaseTakenBack(
        release=found,
        record=found.record,
        reason=in_one_line(reason, LONGEST_REASON, "Give the reason for which the release is taken back"),
        taken_back_by=viewpoint.viewer.username,
        taken_back_agency=viewpoint.viewer.agency,
        audience_id=found.audience_id,
    )
    made.save(force_insert=True)
    advance()
    told = {"ref": found.record.ref, "to": found.to_agency_id, "reason": made.reason}
    subject = Subject("record", str(found.record_id), told)
    log(Event.RELEASE_TAKEN_BACK, by=viewpoint.viewer, about=subject, purpose="release")
    return made


def may_take_back(record: Record, viewpoint: Viewpoint) -> bool:
    """Whether the viewer answers for the record."""
    return may_ask(record, viewpoint) and Role.INFORMATION_MANAGER in viewpoint.viewer.roles


def releases_of(record: Record, viewpoint: Viewpoint) -> list[RecordRelease]:
    """The releases of a record that stand: all of them for its owner and the centre, for others what concerns themselves."""
    found = viewpoint.visible(RecordRelease.objects.filter(record=record)).order_by("released_at", "id")
    found = found.filter(taken_back=None)
    if viewpoint.viewer.agency not in (record.owner_id, CENTRE):
        found = found.filter(to_agency=viewpoint.viewer.agency)
    return list(found)


def ended_of(record: Record, viewpoint: Viewpoint) -> list[ReleaseTakenBack]:
    """The releases of a record that were taken back."""
    found = viewpoint.visible(ReleaseTakenBack.objects.filter(record=record), "audience", "release__audience")
    return list(found.select_related("release").order_by("taken_back_at", "release_id"))


def requests_of(record: UUID, viewpoint: Viewpoint) -> list[Requested]:
    """The requests to release a record that the viewer made or may decide on, the latest first."""
    begins = about(record, "")
    return [
        Requested(each, each.approval.about.removeprefix(begins), reason, conditions)
        for each in standings(viewpoint, most=MOST_REQUESTS)
        if each.approval.act == Act.RELEASE and each.approval.about.startswith(begins)
        for reason, _, conditions in [each.approval.reason.partition(BETWEEN)]
    ]


def why_not(record: Record, viewpoint: Viewpoint) -> str:
    """Why a record is released to no agency at all, as a sentence; empty where it can be."""
    kind = RecordKind(record.kind)
    if kind in NEVER:
        return f"This record is not released here: {NEVER[kind]}."
    if "police" in _labels(record):
        return "Everybody with a policing role sees this record already, in every agency."
    if any(label.startswith(COMPARTMENT) for label in _labels(record)):
        return "This record is in a compartment; people of another agency are admitted to that instead."
    if restrictions(viewpoint, [record.id]):
        return "The use of this record is restricted; it is released once that is lifted."
    return ""


def choices(record: Record) -> list[tuple[str, str]]:
    """The agencies to which a record can be released: (id, name)."""
    held = _labels(record)
    return [
        (agency.id, agency.name)
        for agency in sorted(agencies().values(), key=lambda agency: agency.name)
        if agency.id not in (record.owner_id, CENTRE) and agency_label(agency.id) not in held
    ]


def _own(record: UUID, viewpoint: Viewpoint) -> Record:
    found = viewpoint.visible(Record.objects.filter(id=record)).select_related("audience").first()
    if found is None:
        refuse_decoy(viewpoint, record)
        raise NotPermitted("That record does not exist, or you may not see it.")
    if not may_ask(found, viewpoint):
        raise NotPermitted("Only people of the agency that sent a record can release it; ask theirs.")
    claim(record)
    return found


def _refuse(record: Record, to: str, viewpoint: Viewpoint) -> None:
    """Raise a sentence where this record cannot be released to this agency."""
    if refusal := why_not(record, viewpoint):
        raise MoveNotAllowed(refusal)
    if is_partner(to):
        raise UserError(
            "A record is not released to a partner organisation, which is shown no intelligence; choose an agency."
        )
    if to not in agencies():
        raise UserError("Choose the agency to which the record is released.")
    if to == record.owner_id:
        raise UserError("The record is your own agency’s; choose another.")
    if to == CENTRE:
        raise UserError("The centre sees a record by its rule, or because its sender names it; choose another agency.")
    if agency_label(to) in _labels(record):
        raise MoveNotAllowed(f"{agencies()[to].name} sees this record already.")


def _labels(record: Record) -> frozenset[str]:
    return frozenset(record.audience.labels.values_list("key", flat=True))
