"""The sealed audit under attack: somebody with every right in the database changes it, and the verifier says that and where."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from crossline.access import sealing as sealing_room
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import AuditCheckpoint, AuditEvent, AuditLeaf
from crossline.access.sealing import Sealer, sealing
from crossline.audit_verifier import (
    MOST_SHOWN,
    Checkpoint,
    Fault,
    check_checkpoints,
    leaf_hash,
    main,
    read_file,
    report,
    verify,
)
from crossline.hosting.logins import Login

LATER = 3_600.0


@dataclass
class Sealed:
    """An audit that is being sealed, with what an attacker and a holder of checkpoints have of it."""

    access: Any
    sealer: Sealer
    holder: Path

    def work(self, number: int = 5) -> None:
        """Something happens, and is sealed."""
        for place in range(number):
            with transaction.atomic():
                log(
                    Event.SEARCHED,
                    by=Process("tests"),
                    about=Subject("thing", f"é {place}", {"n": 1.5}),
                    purpose="tests",
                )
        self.sealer.seal(idle=0)

    @contextmanager
    def attacker(self) -> Iterator[psycopg.Cursor[Any]]:
        """A superuser whose session fires no trigger."""
        with psycopg.connect(self.access.conninfo(Login.ADMINISTRATOR)) as connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor

    def faults(self, *, now: float | None = None, key: str | None = None, held: bool = True) -> list[Fault]:
        """What the verifier finds, with what the holder has."""
        holders = {"the partner": read_file(self.holder)} if held else {}
        with psycopg.connect(self.access.conninfo(Login.SEALER)) as connection:
            return list(verify(connection, holders, key=key, now=now))

    def kinds(self, **given: Any) -> set[str]:
        return {fault.kind for fault in self.faults(**given)}

    def said(self, kind: str, **given: Any) -> str:
        """The first sentence of one kind of fault."""
        found = self.faults(**given)
        return next((fault.sentence for fault in found if fault.kind == kind), f"not among {found}")


@pytest.fixture
def audit(committed: Any, tmp_path: Path) -> Sealed:
    """Fifteen rows under three checkpoints: 0-4, 5-9, 10-14."""
    holder = tmp_path / "checkpoints.jsonl"
    sealer = Sealer(committed.conninfo(Login.SEALER), secrets.token_bytes(32), [holder])
    made = Sealed(committed, sealer, holder)
    for _ in range(3):
        made.work()
    assert made.faults() == []
    assert AuditLeaf.objects.count() == AuditEvent.objects.count() == 15
    return made


def seq_at(place: int) -> int:
    return AuditLeaf.objects.get(id=place).seq


def test_a_whole_audit_is_found_whole_and_sealing_twice_adds_nothing(audit: Sealed) -> None:
    assert audit.sealer.seal() == 0
    assert AuditCheckpoint.objects.count() == 3
    assert report(audit.faults())[0] == 0
    assert [each.text for each in read_file(audit.holder)] == list(
        AuditCheckpoint.objects.order_by("id").values_list("body", flat=True)
    )


# The twelve attacks


def test_1_an_edited_row(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("UPDATE access_auditevent SET actor = 'somebody else' WHERE seq = %s", [seq_at(6)])
    assert audit.said("changed") == f"Row {seq_at(6)} (place 6, sealed by checkpoint 2) is not what was sealed."


@pytest.mark.parametrize("column", ["verb", "event", "actor_id", "actor_agency", "subject_kind", "subject", "purpose"])
def test_1_an_edit_of_any_column(audit: Sealed, column: str) -> None:
    with audit.attacker() as cursor:
        cursor.execute(f"UPDATE access_auditevent SET {column} = 'other' WHERE seq = %s", [seq_at(0)])
    assert audit.kinds() == {"changed"}


def test_2_a_deleted_row(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditevent WHERE seq = %s", [seq_at(12)])
    assert audit.said("deleted") == "The row sealed at place 12, by checkpoint 3, is gone."


def insert(cursor: psycopg.Cursor[Any], at: datetime, seq: int | None = None) -> None:
    numbered = ("", "") if seq is None else (", seq", f", {seq}")
    cursor.execute(
        "INSERT INTO access_auditevent (id, at, verb, event, actor_id, actor, actor_agency, subject_kind, subject, purpose, "
        f"detail{numbered[0]}) OVERRIDING SYSTEM VALUE VALUES (gen_random_uuid(), %s, 'consultation', 'searched', '', "
        f"'process:tests', '', 'thing', '', 'tests', '{{}}'{numbered[1]})",
        [at],
    )


def test_3_a_row_put_in_and_dated_back(audit: Sealed) -> None:
    """The sealer takes it with the next batch; that it was not there before is what tells."""
    long_ago = datetime.now(UTC) - timedelta(days=1)
    with audit.attacker() as cursor:
        insert(cursor, long_ago)
    audit.work()
    assert f"says {long_ago.isoformat(timespec='seconds')}, but was not there at checkpoint 3" in audit.said(
        "back-dated"
    )


def test_3_a_row_put_in_that_the_sealer_cannot_see(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        insert(cursor, datetime.now(UTC) - timedelta(days=1), seq=-7)
        cursor.execute("UPDATE access_auditevent SET tx = '3' WHERE seq = -7")
    audit.work()
    assert audit.said("inserted").startswith("Row -7 of ")


def test_4_two_rows_in_the_other_order(audit: Sealed) -> None:
    one, other = seq_at(7), seq_at(8)
    with audit.attacker() as cursor:
        cursor.execute("ALTER TABLE access_auditevent ALTER seq DROP IDENTITY")
        cursor.execute(
            "UPDATE access_auditevent SET seq = CASE seq WHEN %s THEN %s ELSE %s END WHERE seq IN (%s, %s)",
            [one, other, one, one, other],
        )
    assert audit.kinds() == {"changed"}
    with audit.attacker() as cursor:  # and their seals with them
        cursor.execute("UPDATE access_auditleaf SET id = id + 100 WHERE id IN (7, 8)")
        cursor.execute("UPDATE access_auditleaf SET id = CASE id WHEN 107 THEN 8 ELSE 7 END WHERE id IN (107, 108)")
    reseal(audit)
    assert "The seals of places 5 to 9 do not give the root that checkpoint 2 signs" in audit.said("root")


def reseal(audit: Sealed) -> None:
    """The attacker makes every seal fit its row."""
    with audit.attacker() as cursor:
        for leaf in AuditLeaf.objects.all():
            cursor.execute(
                "SELECT id, seq, at, verb, event, actor_id, actor, actor_agency, subject_kind, subject, purpose, detail "
                "FROM access_auditevent WHERE id = %s",
                [leaf.event],
            )
            found = cursor.fetchone()
            if found is not None and cursor.description is not None:
                row = dict(zip([column.name for column in cursor.description], found, strict=True))
                cursor.execute(
                    "UPDATE access_auditleaf SET hash = %s, seq = %s WHERE event = %s",
                    [leaf_hash(row), row["seq"], leaf.event],
                )


def test_5_the_end_cut_off_with_its_seals_and_checkpoints(audit: Sealed) -> None:
    cut(audit)
    assert audit.faults(held=False) == [], "without a holder nobody could tell"
    assert audit.said("cut") == (
        "the partner holds checkpoint 3 of 15 rows, the database ends at checkpoint 2: "
        "its end was cut off, or an older state was put in its place."
    )


def cut(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditevent WHERE id IN (SELECT event FROM access_auditleaf WHERE id >= 10)")
        cursor.execute("DELETE FROM access_auditleaf WHERE id >= 10")
        cursor.execute("DELETE FROM access_auditcheckpoint WHERE id >= 3")


def test_5_the_end_cut_off_without_its_checkpoints(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditevent WHERE id IN (SELECT event FROM access_auditleaf WHERE id >= 13)")
        cursor.execute("DELETE FROM access_auditleaf WHERE id >= 13")
    assert audit.said("truncated") == "2 sealed rows are missing from place 13 on."


def test_6_a_fork(audit: Sealed) -> None:
    """Another history from the second checkpoint on, signed with the true key."""
    cut(audit)
    replace(audit.sealer, files=[]).seal(idle=0)
    with audit.attacker() as cursor:
        insert(cursor, datetime.now(UTC))
    replace(audit.sealer, files=[]).seal(idle=0)
    assert audit.kinds(held=False) == set()
    assert audit.said("fork") == "the partner holds another checkpoint 3 than the database: there are two histories."


def test_7_an_old_backup_put_in_place(audit: Sealed) -> None:
    """As a restored backup stands: everything consistent, and older than what was given out; then work goes on."""
    cut(audit)
    assert "cut" in audit.kinds()
    audit.work()
    assert "fork" in audit.kinds()
    assert "does not follow the checkpoint" in audit.said("fork") or "two histories" in audit.said("fork")


def test_8_the_clock_set_back(audit: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    true = time.time()
    monkeypatch.setattr(sealing_room.time, "time", lambda: true - LATER)
    audit.sealer.seal(idle=-2 * LATER)
    assert audit.said("clock").startswith("The clock went back: checkpoint 4 says ")


def test_9_the_sealer_stopped(audit: Sealed) -> None:
    with transaction.atomic():
        log(Event.SEARCHED, by=Process("tests"), about=Subject("thing"), purpose="tests")
    assert audit.faults() == [], "it has only just been written"
    newest = AuditEvent.objects.latest("at").at
    assert audit.said("silence", now=time.time() + LATER).endswith(
        f"of {newest.isoformat(timespec='seconds')} was never sealed: the sealer is not working."
    )


def test_9_the_sealer_stopped_for_a_while(audit: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    true = time.time()
    with transaction.atomic():
        log(Event.SEARCHED, by=Process("tests"), about=Subject("thing"), purpose="tests")
    monkeypatch.setattr(sealing_room.time, "time", lambda: true + LATER)
    audit.sealer.seal()
    assert "waited for checkpoint 4" in audit.said("silence", now=true + LATER)


def test_10_the_key_swapped(audit: Sealed) -> None:
    true = read_file(audit.holder)[0].key
    replace(audit.sealer, key=secrets.token_bytes(32), files=[]).seal(idle=0)
    assert audit.said("key").startswith("Checkpoint 4 is signed with another key (")
    with audit.attacker() as cursor:  # everything signed anew, from the first checkpoint on
        cursor.execute("DELETE FROM access_auditcheckpoint")
        cursor.execute("DELETE FROM access_auditleaf")
    replace(audit.sealer, key=secrets.token_bytes(32), files=[]).seal(idle=0)
    assert audit.kinds(held=False) == set()
    assert "key" in audit.kinds(held=False, key=true)
    assert audit.said("key").startswith("Checkpoint 1 is signed with another key (")


def test_10_a_checkpoint_rewritten_without_the_key(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute(
            "UPDATE access_auditcheckpoint SET body = replace(body, '\"size\":15', '\"size\":14') WHERE id = 3"
        )
    assert audit.said("signature") == "The signature of checkpoint 3 does not fit what it says."


def test_11_a_superuser_without_triggers_changes_a_row_and_its_seal(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("UPDATE access_auditevent SET subject = 'another' WHERE seq = %s", [seq_at(11)])
    reseal(audit)
    assert "The seals of places 10 to 14 do not give the root that checkpoint 3 signs" in audit.said("root", held=False)


@pytest.mark.parametrize("table", ["access_auditevent", "access_auditleaf", "access_auditcheckpoint"])
def test_11_a_trigger_left_switched_off(audit: Sealed, table: str) -> None:
    with audit.attacker() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER no_change")
    assert audit.said("guards") == f"A trigger that refuses changes to {table} is switched off or gone."


def test_12_the_audit_put_back_without_its_seals(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditcheckpoint")
        cursor.execute("DELETE FROM access_auditleaf")
    assert "is there, and no checkpoint at all" in audit.said("no seals", now=time.time() + LATER)
    assert "the database ends at checkpoint 0" in audit.said("cut")


def test_12_seals_of_a_middle_stretch_are_gone(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditleaf WHERE id BETWEEN 6 AND 7")
    assert audit.said("leaf missing") == "The seals of rows 6 to 7 are missing (checkpoint 2)."


# What else a chain of checkpoints can be


def test_a_checkpoint_taken_out_of_the_middle_is_missing(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        cursor.execute("DELETE FROM access_auditcheckpoint WHERE id = 2")
    assert audit.said("checkpoint missing", held=False) == "Checkpoint 2 is missing; the next one there is 3."


def test_a_checkpoint_that_names_another_before_it_does_not_follow(audit: Sealed) -> None:
    """The second of another history, signed with the true key, between two that fit."""
    first, second, third = read_file(audit.holder)
    body = dict(second.body) | {"previous": "00" * 32}
    text = json.dumps(body)
    private = Ed25519PrivateKey.from_private_bytes(audit.sealer.key)
    forged = Checkpoint(text, second.key, private.sign(text.encode()).hex())
    found = list(check_checkpoints([first, forged, third], None))
    assert [fault.kind for fault in found] == ["fork", "fork"]
    assert found[0].sentence == "Checkpoint 2 does not follow the checkpoint 1 that is held."


def test_a_sealer_that_stood_still_between_two_checkpoints_was_silent(audit: Sealed) -> None:
    first, second, _ = read_file(audit.holder)
    late = dict(second.body)
    late |= {"monotonic": late["monotonic"] + int(LATER * 1e9), "time": late["time"] + LATER}
    text = json.dumps(late)
    private = Ed25519PrivateKey.from_private_bytes(audit.sealer.key)
    after = Checkpoint(text, second.key, private.sign(text.encode()).hex())
    (found,) = check_checkpoints([first, after], None)
    assert found.kind == "silence" and found.sentence.startswith("The sealer was silent from ")


def test_a_row_that_says_it_was_written_after_the_checkpoint_that_seals_it(audit: Sealed) -> None:
    with audit.attacker() as cursor:
        insert(cursor, datetime.now(UTC) + timedelta(seconds=LATER))
    audit.sealer.seal(idle=0)
    assert audit.said("clock").endswith(", after checkpoint 4 that seals it.")


def test_the_report_says_each_fault_and_how_many_there_are_beyond() -> None:
    code, text = report([Fault("changed", "Row 7 is not what was sealed.")])
    assert code == 1
    assert text.splitlines() == [
        "changed: Row 7 is not what was sealed.",
        "1 found. Keep this database and the checkpoint files as they are.",
    ]
    _, long = report(Fault("changed", f"Row {number}.") for number in range(MOST_SHOWN + 3))
    assert long.splitlines()[MOST_SHOWN] == "… and 3 more."


def test_the_verifier_by_itself_says_what_it_found(
    audit: Sealed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As somebody runs it who trusts nothing else of the product."""
    given = ["--database", audit.access.conninfo(Login.SEALER), "--checkpoints", str(audit.holder)]
    monkeypatch.setattr("sys.argv", ["audit_verifier.py", *given])
    assert main() == 0
    assert capsys.readouterr().out.startswith("The audit is whole")
    with audit.attacker() as cursor:
        cursor.execute("UPDATE access_auditevent SET actor = 'somebody else' WHERE seq = %s", [seq_at(6)])
    assert main() == 1
    assert "is not what was sealed" in capsys.readouterr().out


# How it is sealed


def test_a_row_of_a_transaction_that_was_open_while_later_ones_were_sealed_is_sealed_too(audit: Sealed) -> None:
    with psycopg.connect(audit.access.conninfo(Login.ENGINE)) as slow:
        slow.execute(
            "INSERT INTO access_auditevent (id, at, verb, event, actor_id, actor, actor_agency, subject_kind, subject, purpose, "
            "detail) VALUES (gen_random_uuid(), now(), 'consultation', 'searched', '', 'process:a', '', 'thing', '', 't', '{}')"
        )
        audit.work()
        assert AuditLeaf.objects.count() == 15, "what came after an open transaction waits for it"
        slow.commit()
    audit.work()
    assert AuditLeaf.objects.count() == AuditEvent.objects.count() == 26
    assert audit.faults() == []


def test_a_holder_whose_file_fell_behind_gets_what_it_lacks(audit: Sealed) -> None:
    lines = audit.holder.read_text().splitlines()
    audit.holder.write_text(lines[0] + "\n")
    audit.work()
    assert [each.body["number"] for each in read_file(audit.holder)] == [1, 2, 3, 4]
    assert audit.faults() == []


def test_two_sealers_at_once_make_one_history(audit: Sealed, tmp_path: Path) -> None:
    other = replace(audit.sealer, files=[], run="other")
    for _ in range(3):
        audit.work(2)
        other.seal(idle=0)
    assert audit.faults() == []


def test_the_block_seals_beside_the_work_and_at_its_end(audit: Sealed) -> None:
    said: list[str] = []
    with sealing(audit.sealer, say=said.append, every=0.05):
        with transaction.atomic():
            log(Event.SEARCHED, by=Process("tests"), about=Subject("thing"), purpose="tests")
        deadline = time.monotonic() + 20
        while AuditLeaf.objects.count() < 16 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert AuditLeaf.objects.count() == 16
        with transaction.atomic():
            log(Event.SEARCHED, by=Process("tests"), about=Subject("thing"), purpose="tests")
    assert AuditLeaf.objects.count() == 17
    assert said == []


def test_a_database_that_is_away_is_said_and_work_goes_on(audit: Sealed) -> None:
    said: list[str] = []
    with sealing(replace(audit.sealer, conninfo="host=/nonexistent"), say=said.append):
        pass
    assert len(said) == 1 and said[0].startswith("The audit could not be sealed (")


FORBIDDEN: dict[str, Callable[[psycopg.Connection[Any]], Any]] = {
    "update": lambda connection: connection.execute("UPDATE access_auditleaf SET seq = 0"),
    "delete": lambda connection: connection.execute("DELETE FROM access_auditcheckpoint"),
    "truncate": lambda connection: connection.execute("TRUNCATE access_auditleaf"),
    "write a row": lambda connection: connection.execute(
        "INSERT INTO access_auditevent (id) VALUES (gen_random_uuid())"
    ),
    "read content": lambda connection: connection.execute("SELECT FROM records_record"),
}


@pytest.mark.parametrize("act", FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_sealer_may_add_seals_and_nothing_else(audit: Sealed, act: Callable[[Any], Any]) -> None:
    with (
        psycopg.connect(audit.access.conninfo(Login.SEALER)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        act(connection)


@pytest.mark.parametrize("login", [Login.WEB, Login.ENGINE])
@pytest.mark.parametrize("column", ["seq", "tx"])
def test_nobody_numbers_a_row_or_names_its_transaction(committed: Any, login: Login, column: str) -> None:
    with (
        psycopg.connect(committed.conninfo(login)) as connection,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.GeneratedAlways)),
    ):
        connection.execute(f"INSERT INTO access_auditevent (id, {column}) VALUES (gen_random_uuid(), '1')")


def test_what_is_given_out_holds_no_word_of_the_audit(audit: Sealed) -> None:
    for line in audit.holder.read_text().splitlines():
        body = json.loads(json.loads(line)["body"])
        assert set(body) == {"origin", "number", "size", "root", "previous", "time", "monotonic", "run"}
