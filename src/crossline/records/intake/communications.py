"""Taking in one set of communications data: the authorisation becomes a record, the rows become Parquet, never table rows.

Rows outside the authorised numbers or period are refused row by row and counted. The folder's name follows from the
delivery, so a taking-in that was killed leaves nothing that the next one does not replace.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crossline.engines.comms.authorisation import Authorisation, read_authorisation
from crossline.engines.comms.layout import LoadReport, write_dataset
from crossline.errors import DeliveryRefused, FileUnreadable
from crossline.records.intake.marking import marked_above
from crossline.records.intake.mentions import tagged
from crossline.records.intake.parsed import ParsedMention, ParsedRecord, Row, RowFate
from crossline.records.intake.soundness import ABOVE_CEILING, LONGEST_REF, in_reach
from crossline.records.intake.tables import Sender
from crossline.vocabulary.codes import Classification, Handling, MentionKind, RecordKind

RECORDS, CELLS = "records", "cells.csv"
"""What a kept set's folder holds: the Parquet data set, and the cells as they came."""


@dataclass(frozen=True)
class TakenSet:
    """What became of a set: its record (one row, of authorisation.json) and its rows by fate."""

    row: Row
    file: str
    fates: Mapping[RowFate, int] = field(default_factory=dict)
    refusals: tuple[tuple[int, str], ...] = ()
    unknown_columns: tuple[str, ...] = ()


def take_in_set(folder: Path, *, sender: Sender, keep_in: Path) -> TakenSet:
    """Load one `comms*` folder. Raises DeliveryRefused when it has no readable authorisation or records."""
    shown = folder.name
    for name in ("authorisation.json", "records.csv"):
        if not (folder / name).exists():
            raise DeliveryRefused(f"{shown} has no {name}; communications data is not taken in without it.")
    kept = keep_in / folder_name(sender, shown)
    shutil.rmtree(kept, ignore_errors=True)  # left by a taking-in that was killed: its record was never stored
    try:
        authorisation = read_authorisation(folder / "authorisation.json")
        _require_storable(authorisation)
        _require_ours(folder / "authorisation.json", authorisation, sender)
        report = write_dataset(folder / "records.csv", authorisation, kept / RECORDS)
    except (FileUnreadable, ValueError, OverflowError, RecursionError) as error:
        shutil.rmtree(kept, ignore_errors=True)
        # The sender knows the file by its place in the delivery, not by where it was unpacked.
        raise DeliveryRefused(f"{shown}: {str(error).replace(f'{folder}/', '')}") from error
    if (cells := folder / "cells.csv").exists():
        shutil.copyfile(cells, kept / CELLS)
    record = _record(authorisation, report, sender, kept.name)
    fates = {
        RowFate.ACCEPTED: report.accepted,
        RowFate.REFUSED: sum(report.refused.values()),
        RowFate.DUPLICATE: report.duplicates,
    }
    refusals = tuple((row.line, f"{shown}/records.csv, line {row.line}: {row.reason}.") for row in report.refused_rows)
    row = Row(f"{shown}/authorisation.json", 1, record)
    return TakenSet(row, f"{shown}/records.csv", fates, refusals, report.unknown_columns)


def folder_name(sender: Sender, shown: str) -> str:
    """The name under which a set is kept: always the same for the same set of the same delivery."""
    return hashlib.sha256(f"{sender.agency}\0{sender.ref}\0{shown}".encode()).hexdigest()[:32]


def _require_ours(path: Path, authorisation: Authorisation, sender: Sender) -> None:
    """Raises ValueError for a set that is marked above the ceiling, or was acquired by another agency than its sender."""
    if marked_above(json.loads(path.read_text(encoding="utf-8-sig"))):
        raise ValueError(f"authorisation.json: {ABOVE_CEILING}")
    if authorisation.agency != sender.agency:
        raise ValueError(
            f"authorisation.json: agency is not the sender {sender.agency!r}; send only what you acquired."
        )


def _require_storable(authorisation: Authorisation) -> None:
    """Raises ValueError where the store could not hold what identifies the authorisation."""
    if not 0 < len(authorisation.ref.strip()) <= LONGEST_REF:
        raise ValueError(
            f"authorisation.json: ref is empty or longer than {LONGEST_REF} characters; write the authority's own."
        )
    said = (authorisation.ref, authorisation.agency, authorisation.purpose, *authorisation.numbers)
    if any("\0" in text for text in said):
        raise ValueError("authorisation.json: a NUL character stands in it; take it out.")
    "".join(said).encode()
    for moment in (authorisation.period_from, authorisation.period_to):
        in_reach(moment)


def _record(authorisation: Authorisation, report: LoadReport, sender: Sender, folder: str) -> ParsedRecord:
    numbers = sorted(authorisation.numbers)
    detail = {
        "authorisation": authorisation.ref,
        "agency": authorisation.agency,
        "period_from": authorisation.period_from.isoformat(),
        "period_to": authorisation.period_to.isoformat(),
        "expires": authorisation.expires.isoformat(),
        "purpose": authorisation.purpose,
        "folder": folder,
        "rows": report.accepted,
        "refused": {str(reason): number for reason, number in report.refused.items()},
    }
    return ParsedRecord(
        source="communications",
        ref=authorisation.ref,
        kind=RecordKind.COMMUNICATIONS,
        made_at=sender.made_at,
        occurred_from=authorisation.period_from,
        occurred_to=authorisation.period_to,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"Communications data under {authorisation.ref}",
        mentions=tuple(
            ParsedMention(f"n{place}", MentionKind.PHONE, number, tagged("phone", number))
            for place, number in enumerate(numbers, start=1)
        ),
        detail=detail,
        content_hash=hashlib.sha256(json.dumps([detail, numbers], sort_keys=True).encode()).hexdigest(),
        revisable=True,
    )
