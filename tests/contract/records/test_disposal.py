"""Communications data past its authority goes, Parquet, record and findings; and the audit keeps that it went."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.records.disposal import STRAY_AFTER, dispose_expired, sweep
from crossline.records.findings import keep_findings
from crossline.records.intake.parsed import ParsedRecord
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import Classification, Handling, RecordKind

pytestmark = pytest.mark.django_db
EXPIRES = datetime(2027, 1, 1, tzinfo=UTC)


def finding(record: Record, ref: str) -> ParsedRecord:
    """What an engine might have found from a set."""
    return ParsedRecord(
        source="findings",
        ref=ref,
        kind=RecordKind.FINDING,
        made_at=record.made_at,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        detail={"from_record": str(record.id)},
        content_hash=ref,
    )


def test_a_set_goes_at_its_expiry_with_its_findings_and_nothing_else_does(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d", reports=[builders.report("KENT/1")])
    builders.write_communications(folder / "comms")
    later = builders.authorisation("AUTH-2", expires="2028-01-01T00:00:00+00:00")
    builders.write_communications(folder / "comms-2", said=later)
    builders.take(folder, kept)
    first, second = Record.objects.filter(kind="communications").order_by("ref")
    for record in (first, second):
        keep_findings(
            [finding(record, record.ref)], owner="kent", audience=record.audience_id, delivery=record.delivery_id
        )

    assert dispose_expired(now=EXPIRES, reach=builders.reach(kept)) == 0
    assert dispose_expired(now=EXPIRES + timedelta(seconds=1), reach=builders.reach(kept)) == 1

    left = set(Record.objects.values_list("kind", "ref"))
    assert left == {("intelligence", "KENT/1"), ("communications", "AUTH-2"), ("finding", "AUTH-2")}
    assert [path.name for path in kept.iterdir()] == [second.detail["folder"]]
    assert not Mention.objects.filter(record_id=first.id).exists()
    logged = AuditEvent.objects.get(event="communications_disposed")
    assert (logged.verb, logged.subject, logged.detail["rows"]) == ("erasure", "AUTH-1", 3)
    assert dispose_expired(now=EXPIRES + timedelta(seconds=1), reach=builders.reach(kept)) == 0


def test_a_delivery_whose_data_was_disposed_of_does_not_bring_it_back(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    dispose_expired(now=EXPIRES + timedelta(days=1), reach=builders.reach(kept))

    assert builders.take(folder, kept).already_held
    assert list(kept.iterdir()) == []
    assert not Record.objects.exists()


def test_folders_that_no_record_speaks_of_go_once_nobody_can_be_writing_them(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    folder = builders.delivery(tmp_path / "d")
    builders.write_communications(folder / "comms")
    builders.take(folder, kept)
    stray, young = kept / "stray", kept / "young"
    now = datetime.now(UTC)
    for path, age in ((stray, 2 * STRAY_AFTER), (young, timedelta())):
        path.mkdir()
        os.utime(path, times=((now - age).timestamp(),) * 2)
    for path in kept.iterdir():
        if path not in (stray, young):
            os.utime(path, times=((now - 3 * STRAY_AFTER).timestamp(),) * 2)

    assert sweep(kept, now=now) == 1
    assert not stray.exists() and young.exists()
    assert len(list(kept.iterdir())) == 2
    assert sweep(tmp_path / "no such folder", now=now) == 0
