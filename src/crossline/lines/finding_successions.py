"""The step of the daily rhythm that reads communications data for numbers that took over from others.

Each set is read by itself, under its own authorisation; what is found belongs to the agency that acquired the set, and is
seen by that agency and the centre. A succession is put forward for a person to confirm; it closes and opens nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import UUID

from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.engines.comms.succession.successions import VERSION, successions
from crossline.records.compartments.following import entry_of, follow
from crossline.records.findings import keep_findings
from crossline.records.intake.communications import RECORDS
from crossline.records.intake.parsed import ParsedAssertion, ParsedMention, ParsedRecord
from crossline.records.models import Record
from crossline.records.rhythm import mark_done, waiting_for
from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, MentionKind, RecordKind

STEP = "find successions"
COMMUNICATIONS = Process("communications")


def find_successions(
    *, communications: Path, full: bool = False, progress: Callable[[str], None] = lambda _: None
) -> int:
    """Read the sets of deliveries not read yet (or all, with `full`). Gives how many findings were written."""
    written = 0
    for delivery in waiting_for(STEP, version=VERSION, full=full):
        sets = list(Record.objects.filter(delivery_id=delivery, kind=RecordKind.COMMUNICATIONS).order_by("ref"))
        with transaction.atomic():
            for number, kept in enumerate(sets, start=1):
                progress(f"{kept.owner_id}: reading {kept.detail['authorisation']} ({number} of {len(sets)})")
                if full:
                    Record.objects.filter(kind=RecordKind.FINDING, detail__from_record=str(kept.id)).delete()
                found = _findings(kept, communications / kept.detail["folder"] / RECORDS)
                written += _keep(found, kept, delivery)
                about = Subject("communications", kept.ref, {"method": VERSION, "findings": len(found)})
                log(Event.SUCCESSIONS_FOUND, by=COMMUNICATIONS, about=about, purpose="analysis")
            mark_done(STEP, [delivery], version=VERSION)
    return written


def _keep(found: list[ParsedRecord], kept: Record, delivery: UUID) -> int:
    """Store what was found, to be seen by whom the set is; in the set's compartment where it is in one."""
    entry = entry_of(kept.id)
    audience = kept.audience_id if entry is None else entry.former_audience_id
    stored = keep_findings(found, owner=kept.owner_id, audience=audience, delivery=delivery)
    if entry is not None:
        follow(dict.fromkeys(stored, entry), by=str(COMMUNICATIONS))
    return len(stored)


def _findings(kept: Record, data: Path) -> list[ParsedRecord]:
    table = successions([data])
    return [_finding(kept, dict(row)) for row in table.to_pylist()]


def _finding(kept: Record, row: dict[str, object]) -> ParsedRecord:
    old, new, day = str(row["old_number"]), str(row["new_number"]), row["date"]
    begun = day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)  # type: ignore[arg-type]  # a date
    explanation = {name: value for name, value in row.items() if name not in ("old_number", "new_number", "date")}
    ref = hashlib.sha256(f"{kept.id}\0{old}\0{new}".encode()).hexdigest()[:24]
    return ParsedRecord(
        source="findings",
        ref=f"succession/{ref}",
        kind=RecordKind.FINDING,
        made_at=kept.received_at,
        occurred_from=begun,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"{new} probably took over from {old}",
        text="Found by comparing whom the two numbers were in contact with. Put forward for a person to confirm.",
        mentions=(
            ParsedMention("old", MentionKind.PHONE, old, f"phone:{old}"),
            ParsedMention("new", MentionKind.PHONE, new, f"phone:{new}"),
        ),
        assertions=(
            ParsedAssertion(
                "old", "new", AssertionType.SUCCEEDED_BY, Basis.ASSESSMENT, None, begun.date(), None, explanation
            ),
        ),
        detail={"from_record": str(kept.id), "method": VERSION} | {"shared_contacts": row["shared_contacts"]},
        content_hash=ref,
    )
