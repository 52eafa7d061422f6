"""What changed behind a referral since it was written: for the sender's list, so that a sheet is corrected or taken back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.records.compartments.following import entries_among
from crossline.records.models import Outcome, Record
from crossline.records.restriction import standing
from crossline.safeguarding.referrals.models import TextRecord
from crossline.safeguarding.referrals.standing import Standing

_HELD: Final = re.compile(r": (?P<ref>.+) is already held")
"""How what its sender was told of a row that contradicts a record names that (records/disposal.py finds it the same way)."""
GONE: Final = "A record behind it is no longer held, or no longer shown to you"


def changes_behind(viewpoint: Viewpoint, found: Sequence[Standing]) -> Mapping[UUID, list[str]]:
    """By referral, what changed of the records behind its newest text, as sentences. Without an entry where nothing did."""
    text_of = {each.text.id: each for each in found if each.texts}
    rows = TextRecord.objects.filter(text__in=list(text_of)).select_related("record")
    behind: dict[UUID, list[Record]] = defaultdict(list)
    for row in viewpoint.visible(rows, "audience", "record__audience").order_by("record__ref", "id"):
        behind[row.text_id].append(row.record)
    every = {record.id for records in behind.values() for record in records}
    newer, restricted = _newer(viewpoint, every) | _contradicted(viewpoint, every), standing(viewpoint, every)
    shut_away = {each.record_id for each in entries_among(every)}
    changed: dict[UUID, list[str]] = {}
    for text, each in text_of.items():
        said = [
            *(
                f"{record.ref} was sent again and may say something else"
                for record in behind[text]
                if record.id in newer
            ),
            *(f"The use of {record.ref} was restricted" for record in behind[text] if record.id in restricted),
            *(f"{record.ref} was put into a compartment" for record in behind[text] if record.id in shut_away),
            *([GONE] if len(behind[text]) < each.text.behind else []),
        ]
        if said:
            changed[each.referral.id] = said
    return changed


def _newer(viewpoint: Viewpoint, records: set[UUID]) -> frozenset[UUID]:
    """Those of the records of which a later revision is visible."""
    held = viewpoint.visible(Record.objects.filter(id__in=records))
    known = {(each.owner_id, each.source, each.ref): each for each in held}
    later = viewpoint.visible(Record.objects.filter(ref__in=[ref for _, _, ref in known]))
    found = set()
    for each in later:
        own = known.get((each.owner_id, each.source, each.ref))
        if own is not None and each.revision > own.revision:
            found.add(own.id)
    return frozenset(found)


def _contradicted(viewpoint: Viewpoint, records: set[UUID]) -> frozenset[UUID]:
    """Those of the records that their owner sent again in other words, which are held until a person decides."""
    held = list(viewpoint.visible(Record.objects.filter(id__in=records)))
    rows = Outcome.objects.filter(outcome="held", delivery__agency__in={each.owner_id for each in held})
    told = viewpoint.visible(rows, "audience", "delivery__audience")
    said = {
        (agency, file.partition(".")[0], found["ref"])
        for agency, file, reason in told.values_list("delivery__agency", "file", "reason")
        if (found := _HELD.search(reason))
    }
    return frozenset(each.id for each in held if (each.owner_id, each.source, each.ref) in said)
