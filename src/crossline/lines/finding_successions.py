"""The step of the daily rhythm that reads communications data for numbers that took over from others.

A succession is put forward for a person to confirm; it closes and opens nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from crossline.access.audit import Event
from crossline.engines.comms.succession.successions import VERSION, successions
from crossline.lines.reading_sets import Progress, Reading, read_sets, ref_of
from crossline.records.intake.parsed import ParsedAssertion, ParsedMention, ParsedRecord
from crossline.records.models import Record
from crossline.vocabulary.codes import (
    AssertionType,
    Basis,
    Classification,
    FindingKind,
    Handling,
    MentionKind,
    RecordKind,
)


def find_successions(*, communications: Path, full: bool = False, progress: Progress = lambda _: None) -> int:
    """Read the sets of deliveries not read yet (or all, with `full`). Gives how many findings were written."""
    reading = Reading("find successions", VERSION, FindingKind.SUCCESSION, Event.SUCCESSIONS_FOUND, _findings)
    return read_sets(reading, communications=communications, full=full, progress=progress)


def _findings(kept: Record, data: Path) -> list[ParsedRecord]:
    table = successions([data])
    return [_finding(kept, dict(row)) for row in table.to_pylist()]


def _finding(kept: Record, row: dict[str, object]) -> ParsedRecord:
    old, new, day = str(row["old_number"]), str(row["new_number"]), row["date"]
    begun = day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)  # type: ignore[arg-type]  # a date
    explanation = {name: value for name, value in row.items() if name not in ("old_number", "new_number", "date")}
    ref, content = ref_of(FindingKind.SUCCESSION, kept, old, new)
    return ParsedRecord(
        source="findings",
        ref=ref,
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
        content_hash=content,
    )
