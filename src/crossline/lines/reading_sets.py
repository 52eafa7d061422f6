"""What the steps of the daily rhythm that read communications data have in common: each set by itself, its findings kept with it.

Each set is read under its own authorisation; what is found belongs to the agency that acquired the set, and is seen by whom
the set is. A set that is read again, by a later method or in full, has its findings of that kind written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.records.compartments.following import entry_of, follow
from crossline.records.findings import keep_findings
from crossline.records.intake.communications import RECORDS
from crossline.records.intake.parsed import ParsedRecord
from crossline.records.models import Record
from crossline.records.rhythm import mark_done, waiting_for
from crossline.vocabulary.codes import FindingKind, RecordKind

COMMUNICATIONS: Final = Process("communications")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Reading:
    """One step: its name, the version of its method, what its findings say, and what it makes of a set.

    `found` is given the set's record and its Parquet.
    """

    step: str
    version: str
    kind: FindingKind
    event: Event
    found: Callable[[Record, Path], list[ParsedRecord]]


def read_sets(reading: Reading, *, communications: Path, full: bool, progress: Progress) -> int:
    """Read the sets of deliveries not read yet by this method (or all, with `full`). Gives how many findings were written."""
    written = 0
    for delivery in waiting_for(reading.step, version=reading.version, full=full):
        sets = list(Record.objects.filter(delivery_id=delivery, kind=RecordKind.COMMUNICATIONS).order_by("ref"))
        with transaction.atomic():
            for number, kept in enumerate(sets, start=1):
                progress(f"{kept.owner_id}: reading {kept.detail['authorisation']} ({number} of {len(sets)})")
                of_set = Record.objects.filter(kind=RecordKind.FINDING, detail__from_record=str(kept.id))
                of_set.filter(ref__startswith=reading.kind.beginning).delete()
                found = reading.found(kept, communications / kept.detail["folder"] / RECORDS)
                written += keep_with_set(found, kept, delivery)
                said = {"method": reading.version, "findings": len(found)}
                about = Subject("communications", kept.ref, said)
                log(reading.event, by=COMMUNICATIONS, about=about, purpose="analysis")
            mark_done(reading.step, [delivery], version=reading.version)
    return written


def ref_of(kind: FindingKind, kept: Record, *numbers: str) -> tuple[str, str]:
    """The reference of a finding about these numbers of this set, the same in every run; and its hash alone."""
    said = hashlib.sha256("\0".join((str(kept.id), *numbers)).encode()).hexdigest()[:24]
    return f"{kind.beginning}{said}", said


def keep_with_set(found: list[ParsedRecord], kept: Record, delivery: UUID) -> int:
    """Store what was found, to be seen by whom the set is; in the set's compartment where it is in one."""
    entry = entry_of(kept.id)
    audience = kept.audience_id if entry is None else entry.former_audience_id
    stored = keep_findings(found, owner=kept.owner_id, audience=audience, delivery=delivery)
    if entry is not None:
        follow(dict.fromkeys(stored, entry), by=str(COMMUNICATIONS))
    return len(stored)
