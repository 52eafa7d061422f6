"""A restored backup disposes again, before anything is served, of what the journal says went."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from crossline.access.models import AuditEvent
from crossline.errors import InstallationError
from crossline.exchange.exports import prepare
from crossline.records.disposal import Reach, dispose_due, replay_disposals
from crossline.records.models import LegalHold, Record, Tombstone
from crossline.records.retention.journal import Disposed, Journal
from crossline.rights.recalls.models import Recall

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
WORD = "Zephyrine"
TABLES = ("records_record", "records_mention", "records_assertion", "records_searchtoken", "records_legalhold")


@pytest.fixture
def record(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> Record:
    said = builders.report("KENT/1", text=WORD, mentions=[builders.person(forename=WORD)])
    builders.sent(tmp_path / "d", kept, reports=[said, builders.report("KENT/2")])
    return Record.objects.get(ref="KENT/1")


def backed_up() -> dict[str, list[str]]:
    """The rows of a backup, as text."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows[table] = [row[0] for row in cursor.fetchall()]
    return rows


def restored(rows: dict[str, list[str]], builders: Any) -> None:
    """The backup put back in place of what is there now; tombstones are gone with the rest of the present."""
    with builders.role("none"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_tombstone DISABLE TRIGGER no_change")
        cursor.execute("DELETE FROM recalls_recall")
        cursor.execute("DELETE FROM records_tombstone")
        cursor.execute("ALTER TABLE records_tombstone ENABLE TRIGGER no_change")
        for table, lines in rows.items():
            for line in lines:
                cursor.execute(f"INSERT INTO {table} SELECT (%s::{table}).* ON CONFLICT DO NOTHING", [line])


def test_rows_of_a_restored_backup_go_again(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    with desk.as_person("analyst") as viewpoint:
        prepare("people", "csv", viewpoint).file.close()
    desk.decided(record.id)
    desk.hold(record.id)  # it was in the backup, and was lifted before the disposal
    backup = backed_up()
    LegalHold.objects.all().delete()
    reach = builders.reach(kept)
    dispose_due(reach=reach, now=NOW)
    stone = Tombstone.objects.values().get()
    restored(backup, builders)
    assert builders.tables_holding(WORD) and not Tombstone.objects.exists()

    assert replay_disposals(reach, now=NOW) == 1

    assert builders.tables_holding(WORD) == []
    assert Tombstone.objects.values().get() == stone, "when it went and on whose word is as it was"
    assert [each.person for each in Recall.objects.all()] == ["analyst"], "and what left is called back again"
    assert Record.objects.get().ref == "KENT/2"
    again = AuditEvent.objects.filter(event="record_disposed").order_by("-at")[0]
    assert again.detail["replayed"] is True
    before = builders.snapshot()
    assert replay_disposals(reach, now=NOW) == 0
    assert builders.changed(before) == set(), "and once it is done there is nothing to do"
    assert len(reach.journal.files[0].read_text().splitlines()) == 1


def test_what_a_crash_before_the_commit_left_undone_is_done(record: Record, builders: Any, kept: Path) -> None:
    reach = builders.reach(kept)
    reach.journal.append([line(record.id)])
    assert replay_disposals(reach, now=NOW) == 1
    assert Tombstone.objects.get().id == record.id


def test_a_tombstone_that_a_backup_lacks_stands_again_although_its_record_is_not_there(
    record: Record, builders: Any, kept: Path
) -> None:
    reach, gone = builders.reach(kept), uuid4()
    reach.journal.append([line(gone)])
    assert replay_disposals(reach, now=NOW) == 0
    assert Tombstone.objects.get().id == gone
    assert Record.objects.count() == 2


def test_a_record_that_is_back_beside_its_tombstone_goes_too(
    record: Record, desk: Any, builders: Any, kept: Path
) -> None:
    desk.decided(record.id)
    backup = backed_up()
    reach = builders.reach(kept)
    dispose_due(reach=reach, now=NOW)
    with builders.role("none"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for row in backup["records_record"]:
            cursor.execute("INSERT INTO records_record SELECT (%s::records_record).* ON CONFLICT DO NOTHING", [row])
    assert replay_disposals(reach, now=NOW) == 1
    assert Tombstone.objects.count() == 1 and Record.objects.count() == 1


def test_a_folder_of_call_records_that_came_back_goes_and_one_that_is_spoken_of_stays(
    desk: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    builders.write_communications(builders.delivery(tmp_path / "d") / "comms")
    builders.take(tmp_path / "d", kept)
    record = Record.objects.get()
    reach, folder = builders.reach(kept), str(record.detail["folder"])
    reach.journal.append([replace(line(uuid4()), folder="0" * 32), replace(line(uuid4()), folder=folder)])
    (kept / ("0" * 32)).mkdir()
    replay_disposals(reach, now=NOW)
    assert [path.name for path in kept.iterdir()] == [folder]


def test_without_a_journal_there_is_nothing_to_do(record: Record, builders: Any, kept: Path) -> None:
    before = builders.snapshot()
    assert replay_disposals(builders.reach(kept), now=NOW) == 0
    assert builders.changed(before) == set()


def line(record: Any) -> Disposed:
    """A line of the journal."""
    return Disposed(record, "kent", "intelligence", "r-1", "inaccurate", "first", NOW, "second", NOW)


def test_what_a_crash_left_of_a_line_is_passed_over_and_written_over(tmp_path: Path) -> None:
    journal = Journal((tmp_path / "disposals.jsonl",))
    first, second = line(uuid4()), line(uuid4())
    journal.append([first])
    with journal.files[0].open("a") as file:
        file.write('{"record": "half a li')
    assert journal.entries() == [first]
    journal.append([second])
    assert {entry.record for entry in journal.entries()} == {first.record, second.record}


@pytest.mark.parametrize(
    "damage", ["{}", "no JSON", '{"record": "1"}', '{"record": "00000000-0000-4000-8000-000000000000"}']
)
def test_a_journal_that_was_tampered_with_is_told_of(tmp_path: Path, damage: str) -> None:
    """Passed over in silence, a restored record would be shown again."""
    journal = Journal((tmp_path / "disposals.jsonl",))
    journal.append([line(uuid4())])
    journal.files[0].write_text(f"{damage}\n{journal.files[0].read_text()}")
    with pytest.raises(InstallationError, match=r"disposals.jsonl, line 1, is not a disposal"):
        journal.entries()


def test_each_file_gets_every_line_and_either_is_enough(tmp_path: Path) -> None:
    both = Journal((tmp_path / "one", tmp_path / "other"))
    lines = [line(uuid4()), line(uuid4())]
    both.append(lines)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    (tmp_path / "one").unlink()
    assert {entry.record for entry in both.entries()} == {each.record for each in lines}
    assert both.entries() == sorted(lines, key=lambda each: each.record)


def test_a_long_journal_is_read_whole_and_appended_to_at_its_end(tmp_path: Path) -> None:
    journal = Journal((tmp_path / "disposals.jsonl",))
    lines = [line(uuid4()) for _ in range(60)]
    for each in lines:
        journal.append([each])
    assert journal.files[0].stat().st_size > 10_000
    assert {entry.record for entry in journal.entries()} == {each.record for each in lines}


def test_an_installation_replays_before_it_is_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from crossline import installation
    from crossline.access import boot_check
    from crossline.hosting.home import Home
    from crossline.records import disposal

    told: list[Reach] = []

    def replayed(reach: Reach, *, now: datetime) -> None:
        told.append(reach)

    monkeypatch.setenv("CROSSLINE_DISPOSALS", str(tmp_path / "apart.jsonl"))
    Home(tmp_path).keys.mkdir(mode=0o700)
    monkeypatch.setattr(installation, "resolve_home", lambda: Home(tmp_path))
    monkeypatch.setattr(installation, "ensure_database", lambda home: None)
    monkeypatch.setattr(installation, "use_login", lambda access, kind: None)
    monkeypatch.setattr(installation, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(boot_check, "refuse_unsafe", lambda access, kind: None)
    monkeypatch.setattr(disposal, "replay_disposals", replayed)

    installation.make_ready()

    (reach,) = told
    assert reach.journal.files == (tmp_path / "disposals.jsonl", tmp_path / "apart.jsonl")
    assert reach.communications == tmp_path / "communications"
