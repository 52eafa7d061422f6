"""What follows into a compartment by itself: a later revision of a record that is in one, and what is found from it.

Run by the engine in the transaction of whoever stores the rows, so that there is no moment at which others see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from crossline.records.compartments.models import CompartmentEntry
from crossline.records.models import Record

REASON: Final = "A revision of a record, or a finding from one, that is in the compartment."


def compartmented(owner: str, source: str, refs: Iterable[str]) -> dict[str, CompartmentEntry]:
    """The references, of those given, under which a record of this owner and source is in a compartment at present."""
    rows = CompartmentEntry.objects.filter(
        exit=None, record__owner=owner, record__source=source, record__ref__in=list(refs)
    )
    return {entry.record.ref: entry for entry in rows.select_related("record").order_by("put_in_at", "id")}


def entries_among(records: Iterable[UUID]) -> list[CompartmentEntry]:
    """That these very records are in a compartment at present: an entry for each that is."""
    return list(CompartmentEntry.objects.filter(exit=None, record__in=list(records)))


def entry_of(record: UUID) -> CompartmentEntry | None:
    """The same of one record."""
    return next(iter(entries_among([record])), None)


def follow(stored: Mapping[UUID, CompartmentEntry], *, by: str) -> None:
    """Put records, which were stored with the audience that they have by the rule, where their entry's record is."""
    audience_of = dict(Record.objects.filter(id__in=list(stored)).values_list("id", "audience_id"))
    for record, entry in stored.items():
        CompartmentEntry(
            record_id=record,
            compartment_id=entry.compartment_id,
            reason=REASON,
            put_in_by=by,
            put_in_agency=entry.put_in_agency,
            former_audience_id=audience_of[record],
            audience_id=entry.audience_id,
        ).save(force_insert=True)


def moved(deliveries: Sequence[UUID]) -> list[UUID]:
    """The records of these deliveries that were ever put into a compartment, or taken out of one."""
    rows = CompartmentEntry.objects.filter(record__delivery__in=list(deliveries))
    return list(rows.values_list("record_id", flat=True).distinct())
