"""Calling back: in the transaction that disposes of a record, a row for each thing given out that may hold it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crossline.access.actions import intern_audience
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import Label
from crossline.access.policy import agency_label, partner_label
from crossline.records.models import Record, Tombstone
from crossline.rights.recalls.holders import holders_of
from crossline.rights.recalls.models import Recall
from crossline.vocabulary.agencies import is_partner


def call_back(records: Sequence[Record], stone: Tombstone, now: datetime) -> int:
    """Call everything back that may hold these records, which are one record with what was found from it. Gives how many things.

    To be called while the records are still there, with their tombstone beside them; writes, and is audited, with the disposal.
    """
    own = set(Label.objects.filter(audience=stone.audience_id).values_list("key", flat=True))
    holders = holders_of(records, now=now)
    audience_of = {agency: intern_audience(own | {label_of(agency)}) for agency in {each.agency for each in holders}}
    made = [
        Recall(
            record=stone,
            what=each.what,
            number=each.number,
            holder_id=each.agency,
            person=each.person,
            given_at=each.given_at,
            at=now,
            audience_id=audience_of[each.agency],
        )
        for each in holders
    ]
    Recall.objects.bulk_create(made, ignore_conflicts=True)  # a restored backup disposes of it again
    if made:
        detail = {"record": str(stone.id), "things": len(made)}
        log(
            Event.RECALLED, by=Process("disposal"), about=Subject("recalls", str(stone.id), detail), purpose="retention"
        )
    return len(made)


def label_of(agency: str) -> str:
    """What everybody of an agency, or of a partner organisation, holds."""
    return partner_label(agency) if is_partner(agency) else agency_label(agency)
