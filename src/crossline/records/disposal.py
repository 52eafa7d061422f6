"""Disposing of communications data whose authority has run out: the Parquet goes, the record and all it said go with it."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.records.generation import advance
from crossline.records.models import Record
from crossline.vocabulary.codes import RecordKind

DISPOSAL = Process("disposal")


def dispose_expired(*, now: datetime, communications: Path) -> int:
    """Dispose of every set past its `expires`, findings made from it included. Gives how many sets went."""
    expired = [
        record
        for record in Record.objects.filter(kind=RecordKind.COMMUNICATIONS)
        if datetime.fromisoformat(record.detail["expires"]) < now
    ]
    for record in expired:
        _dispose(record, communications)
    return len(expired)


def _dispose(record: Record, communications: Path) -> None:
    folder = str(record.detail["folder"])
    with transaction.atomic():
        findings = Record.objects.filter(kind=RecordKind.FINDING, detail__from_record=str(record.id))
        about = Subject(
            "communications",
            record.ref,
            {"rule": "authorisation expired", "rows": record.detail["rows"], "findings": len(findings)},
        )
        for finding in findings:
            finding.delete()
        record.delete()
        advance()
        log(Event.COMMUNICATIONS_DISPOSED, by=DISPOSAL, about=about, purpose="retention")
    # After the commit: were it to fail, the next run would find no record, so the folder is looked for by name as well.
    shutil.rmtree(communications / folder, ignore_errors=True)


STRAY_AFTER = timedelta(days=1)
"""A folder younger than this may belong to a delivery that is being taken in at this moment."""


def sweep(communications: Path, *, now: datetime) -> int:
    """Remove data set folders that no record speaks of: what a kill between commit and removal left."""
    if not communications.exists():
        return 0
    known = {
        str(folder)
        for folder in Record.objects.filter(kind=RecordKind.COMMUNICATIONS).values_list("detail__folder", flat=True)
    }
    oldest = (now - STRAY_AFTER).timestamp()
    strays = [
        path
        for path in communications.iterdir()
        if path.is_dir() and path.name not in known and path.stat().st_mtime < oldest
    ]
    for path in strays:
        shutil.rmtree(path, ignore_errors=True)
    return len(strays)
