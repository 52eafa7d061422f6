"""Putting a record into a compartment and taking it out: with all its revisions, and what our engines found from it alone.

Whoever put a record in does not take it out: that is another keeper's, because it opens the record to many again.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from crossline.access.audit import Event, Subject, log
from crossline.access.compartments.actions import LONGEST_REASON, PURPOSE
from crossline.access.compartments.belonging import compartment_of, keeps
from crossline.access.compartments.models import Compartment
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted
from crossline.records.compartments.models import CompartmentEntry, CompartmentExit
from crossline.records.compartments.security import NEVER
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.generation import advance
from crossline.records.intake.locks import lock_of
from crossline.records.models import Record
from crossline.records.one_at_a_time import claim
from crossline.records.releasing import releases_of
from crossline.records.retention.preview import findings_of, revisions_of
from crossline.vocabulary.codes import RecordKind
from crossline.wording import in_one_line

WANTED: Final = "Give the reason"


def put_in(*, record: UUID, compartment: UUID, reason: str, viewpoint: Viewpoint) -> None:
    """Put a record of the compartment's owner into it, as one of its keepers. Nobody else sees it from then on."""
    found = _seen(record, viewpoint)
    into = compartment_of(viewpoint, compartment)
    if into is None or not keeps(into, viewpoint) or into.owner_id != found.owner_id:
        raise NotPermitted("Only a keeper puts a record into a compartment, and only one of their own agency; ask one.")
    if refusal := why_not(found, viewpoint):
        raise MoveNotAllowed(refusal)
    why = in_one_line(reason, LONGEST_REASON, WANTED)
    _while_no_delivery_comes(found.owner_id)
    moving = _with_it(found, viewpoint)
    for each in moving:
        CompartmentEntry(
            record=each,
            compartment=into,
            reason=why,
            put_in_by=viewpoint.viewer.username,
            put_in_agency=viewpoint.viewer.agency,
            former_audience_id=each.audience_id,
            audience_id=into.audience_id,
        ).save(force_insert=True)
    _done(Event.COMPARTMENT_ENTERED, found, into, len(moving), viewpoint)


def take_out(*, record: UUID, reason: str, viewpoint: Viewpoint) -> None:
    """Take a record out of its compartment, as a keeper who did not put it in: it is seen again by whom it was before."""
    found = _seen(record, viewpoint)
    entry = standing_entry(found, viewpoint)
    if entry is None or not keeps(entry.compartment, viewpoint):
        raise NotPermitted("The record is in no compartment, or you are not one of its keepers; ask one.")
    if entry.put_in_by == viewpoint.viewer.username:
        raise NotPermitted("You put the record in yourself; another keeper has to take it out.")
    why = in_one_line(reason, LONGEST_REASON, WANTED)
    leaving = list(_standing(viewpoint).filter(record__in=_with_it(found, viewpoint)))
    for each in leaving:
        CompartmentExit(
            entry=each,
            record_id=each.record_id,
            reason=why,
            taken_out_by=viewpoint.viewer.username,
            taken_out_agency=viewpoint.viewer.agency,
            former_audience_id=each.former_audience_id,
            audience_id=each.audience_id,
        ).save(force_insert=True)
    _done(Event.COMPARTMENT_LEFT, found, entry.compartment, len(leaving), viewpoint)


def standing_entry(record: Record, viewpoint: Viewpoint) -> CompartmentEntry | None:
    """That a record is in a compartment, or None."""
    return _standing(viewpoint).filter(record=record.id).select_related("compartment").first()


def entries_of(compartment: Compartment, viewpoint: Viewpoint) -> QuerySet[CompartmentEntry]:
    """What is in a compartment at present, the latest first."""
    return _standing(viewpoint).filter(compartment=compartment).order_by("-put_in_at", "id")


def why_not(record: Record, viewpoint: Viewpoint) -> str:
    """Why a record cannot be put into a compartment, as a sentence; empty where it can be."""
    kind = RecordKind(record.kind)
    if kind in NEVER:
        return f"This record is put into no compartment: {NEVER[kind]}."
    if standing_entry(record, viewpoint) is not None:
        return "The record is in a compartment already."
    if any(releases_of(each, viewpoint) for each in _with_it(record, viewpoint)):
        return "The record is released to another agency; take that back first."
    return ""


def _standing(viewpoint: Viewpoint) -> QuerySet[CompartmentEntry]:
    return viewpoint.visible(CompartmentEntry.objects.filter(exit=None), "audience", "record__audience")


def _with_it(record: Record, viewpoint: Viewpoint) -> list[Record]:
    """The record, its revisions, and findings from them: as far as the viewer sees, which is all of their own agency's."""
    revisions = list(viewpoint.visible(revisions_of(record)))
    return [*revisions, *viewpoint.visible(findings_of(revisions).filter(~Q(id__in=[each.id for each in revisions])))]


def _seen(record: UUID, viewpoint: Viewpoint) -> Record:
    found = viewpoint.visible(Record.objects.filter(id=record)).first()
    if found is None:
        refuse_decoy(viewpoint, record)
        raise NotPermitted("That record does not exist, or you may not see it.")
    claim(record)
    return found


def _while_no_delivery_comes(agency: str) -> None:
    """So that no revision comes in unseen beside this: intake holds the same lock (records/intake/accept.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [lock_of(agency)])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise MoveNotAllowed("A delivery of your agency is being taken in; try again in a few minutes.")


def _done(event: Event, record: Record, compartment: Compartment, moved: int, viewpoint: Viewpoint) -> None:
    advance()
    told = {"compartment": str(compartment.id), "records": moved}
    log(event, by=viewpoint.viewer, about=Subject("record", str(record.id), told), purpose=PURPOSE)
