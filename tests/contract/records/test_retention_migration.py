"""Records that were there before clocks kept their rule get the rule by which their date was reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.logins import Login
from crossline.hosting.roles import drop_database
from crossline.installation import use_login
from crossline.vocabulary.codes import RecordKind

RECORD = (
    "INSERT INTO records_record (id, owner_id, source, ref, revision, kind, made_at, received_at, source_grade, "
    "information_grade, handling, conditions, classification, subject, text, detail, content_hash, review_at, audience_id) "
    "VALUES (gen_random_uuid(), 'kent', 'reports', %s, 1, %s, now(), now(), '', '', 'P', '', 'OFFICIAL', '', '', '{}', '', "
    "%s, %s)"
)


@pytest.fixture
def empty(database: Any, home: Path, worker_id: str, django_db_blocker: Any) -> Iterator[Any]:
    """A database without tables, for this test alone."""
    name = f"{database.dbname}_before"
    before = dict(connections.settings["default"])
    with django_db_blocker.unblock():
        connections["default"].close()
        try:
            with opened_database(Home(home / worker_id), name=name, durable=False) as access:
                yield access
                connections["default"].close()
        finally:
            connections.settings["default"].clear()
            connections.settings["default"].update(before)
            del connections["default"]
            drop_database(database.in_database("postgres").conninfo(Login.ADMINISTRATOR), name)


def test_every_record_that_was_there_gets_its_rule_and_keeps_its_date(empty: Any) -> None:
    use_login(empty, Login.OWNER)
    call_command("migrate", "records", "0001_initial", verbosity=0, interactive=False)
    use_login(empty, Login.ENGINE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_agency (id, name, short_name, kind, country, region, rocu_id) "
            "VALUES ('kent', 'Kent', 'Kent', 'force', '', '', '')"
        )
        cursor.execute("INSERT INTO access_audience (fingerprint) VALUES ('police') RETURNING id")
        audience = cursor.fetchone()[0]
        for kind in RecordKind:
            cursor.execute(RECORD, [str(kind), str(kind), date(2031, 5, 6), audience])

    use_login(empty, Login.OWNER)
    call_command("migrate", verbosity=0, interactive=False)

    use_login(empty, Login.ENGINE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kind, review_rule, review_at FROM records_record")
        found = {kind: (rule, due) for kind, rule, due in cursor.fetchall()}
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'records_record'")
        assert cursor.fetchone() == (True,), "the owner is bound again"
    early = ("children-and-victims-1", date(2031, 5, 6))
    assert found == {
        str(kind): early if kind in (RecordKind.MISSING, RecordKind.CONCERN) else ("mopi-group-3-1", date(2031, 5, 6))
        for kind in RecordKind
    }
