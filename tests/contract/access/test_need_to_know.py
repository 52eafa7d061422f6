"""Who sees which rows: nobody without a viewer, and each viewer exactly the rows whose audiences they belong to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.models import Audience
from crossline.access.policy import labels_for
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, reading
from crossline.entities.clusters import people
from crossline.records.models import Mention, Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

FILLED = {
    *("records_delivery", "records_outcome", "records_record", "records_mention", "records_assertion"),
    *("records_searchtoken", "entities_match", "entities_judgement", "entities_withdrawal", "safeguarding_concern"),
}
"""Content tables that the store of these tests has rows in."""
VIEWERS = {
    "kent.analyst": ("kent", (Role.ANALYST,)),
    "essex.analyst": ("essex", (Role.INTELLIGENCE, Role.ANALYST)),
    "centre.coordinator": ("nclcc", (Role.COORDINATOR,)),
    "essex.safeguarding": ("essex", (Role.SAFEGUARDING,)),
    "surrey.safeguarding": ("surrey", (Role.SAFEGUARDING,)),
    "kent.auditor": ("kent", (Role.AUDITOR,)),
    "nobody": ("kent", ()),
}


@pytest.fixture
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> dict[str, Viewer]:
    """Two agencies' deliveries, worked on; and the people who look, by username."""
    builders.sent_by_two(tmp_path / "deliveries", kept)
    builders.worked_on()
    return {name: builders.enrolled(name, agency=agency, roles=roles) for name, (agency, roles) in VIEWERS.items()}


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


UNREAD = {"deconfliction_checktoken"}
"""What no page reads at all: functions of the database look it up (deconfliction/functions.py)."""


def content_tables() -> dict[str, list[str]]:
    """Every table with an audience, and the columns that hold one: asked of the catalogue, so that none is forgotten."""
    found: dict[str, list[str]] = {}
    for table, column in rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname LIKE '%%audience_id' "
        "AND NOT a.attisdropped AND c.relname <> 'access_audiencelabel' ORDER BY 1, 2"
    ):
        found.setdefault(table, []).append(column)
    readable = {
        table for table in found if rows("SELECT has_table_privilege('crossline_web', %s, 'SELECT')", table)[0][0]
    }
    assert set(found) - readable == UNREAD
    return {table: columns for table, columns in found.items() if table in readable}


def test_without_a_viewer_the_web_role_sees_no_row_of_content(store: dict[str, Viewer], builders: Any) -> None:
    tables = [*content_tables(), "access_audience", "access_audiencelabel", "access_label"]
    with builders.role("none"):  # of decoys the engine may read nothing either
        there = {table for table in tables if rows(f"SELECT 1 FROM {table} LIMIT 1")}
    assert there >= FILLED

    with builders.role("crossline_web"):
        seen = {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    assert seen == dict.fromkeys(tables, 0)

    with builders.role("crossline_web"), reading(ADMINISTRATOR):
        assert not Record.objects.exists(), "the local administrator works as the engine role, never as the web role"


def test_a_viewer_sees_exactly_the_rows_whose_audiences_they_belong_to(store: dict[str, Viewer], builders: Any) -> None:
    with builders.role("none"):
        tables = {
            table: rows(f"SELECT ctid::text, {', '.join(columns)} FROM {table}")
            for table, columns in content_tables().items()
        }
    shown: set[tuple[str, str]] = set()
    for username, (agency, roles) in VIEWERS.items():
        labels = labels_for(agency=agency, roles=roles)
        belongs = {audience.pk: bool(set(audience.fingerprint.split()) & labels) for audience in Audience.objects.all()}
        expected = {
            table: {row[0] for row in found if all(belongs[audience] for audience in row[1:])}
            for table, found in tables.items()
        }
        with builders.seen_by(store[username]):
            seen = {table: {row[0] for row in rows(f"SELECT ctid::text FROM {table}")} for table in tables}
        assert seen == expected, username
        shown |= {(username, table) for table, found in seen.items() if found}

    assert shown >= {
        (name, table) for name in ("kent.analyst", "essex.analyst", "centre.coordinator") for table in FILLED
    }
    assert not any(username == "nobody" for username, _ in shown)
    assert ("surrey.safeguarding", "records_record") in shown
    assert ("surrey.safeguarding", "records_delivery") not in shown


def test_two_people_of_two_agencies_see_different_stores(store: dict[str, Viewer], builders: Any) -> None:
    seen = {}
    for username in ("kent.analyst", "essex.analyst", "centre.coordinator"):
        with builders.seen_by(store[username]) as viewpoint:
            refs = set(viewpoint.visible(Record.objects.all()).values_list("owner_id", "ref"))
            assert refs == set(Record.objects.values_list("owner_id", "ref"))
            seen[username] = refs, Mention.objects.count(), people(viewpoint).mentions

    kent, essex, centre = (seen[name][0] for name in ("kent.analyst", "essex.analyst", "centre.coordinator"))
    assert kent - essex == {
        ("kent", ref) for ref in ("kent/C", "kent/own", "kent/concern", "OP-1", "M-1", "H-1", "AUTH-1")
    } | {("kent", "2025-06-23/ARR_T")}
    assert ("kent", "kent/P") in kent & essex
    assert ("kent", "kent/named") in kent & essex - centre
    assert ("kent", "kent/missing") in kent & essex & centre
    assert ("kent", "kent/own") in kent - centre
    assert ("essex", "essex/own") not in kent | centre
    assert len({(len(refs), mentions, found) for refs, mentions, found in seen.values()}) == 3


def test_the_names_of_labels_are_told_only_to_those_who_belong(store: dict[str, Viewer], builders: Any) -> None:
    with builders.seen_by(store["surrey.safeguarding"]):
        names = {row[0] for row in rows("SELECT key FROM access_label")}
    assert "agency:kent" in names, "beside safeguarding in the audience of a missing episode"
    assert "role:auditor" not in names


FORBIDDEN = [
    "INSERT INTO records_record SELECT * FROM records_record LIMIT 1",
    "UPDATE records_record SET text = ''",
    "DELETE FROM records_record",
    "TRUNCATE records_record CASCADE",
    "DELETE FROM records_mention",
    "UPDATE records_mention SET audience_id = audience_id",
    "INSERT INTO entities_match SELECT * FROM entities_match LIMIT 1",
    "UPDATE entities_judgement SET verdict = 'different'",
    "DELETE FROM entities_judgement",
    "DELETE FROM entities_withdrawal",
    "UPDATE access_audiencelabel SET label_id = label_id",
    "INSERT INTO access_audiencelabel (audience_id, label_id) VALUES (1, 1)",
    "INSERT INTO access_membership (person_id, label_id) SELECT id, 1 FROM access_person",
    "UPDATE access_person SET roles = '{coordinator}'",
    "UPDATE access_person SET password = ''",
    "UPDATE access_person SET is_active = true",
    "INSERT INTO access_person SELECT * FROM access_person LIMIT 1",
    "SELECT count(*) FROM access_membership",
    "SELECT count(*) FROM access_auditleaf",
    "DELETE FROM access_auditsubject",
    "UPDATE access_auditdecision SET outcome = 'in_order'",
    "DELETE FROM access_approvalstep",
    "UPDATE access_approval SET rows = 1000000",
    "UPDATE access_auditevent SET actor = ''",
    "DELETE FROM access_auditevent",
    "TRUNCATE access_auditevent",
    "DELETE FROM records_change",
    "UPDATE records_step SET step = ''",
    "ALTER TABLE records_record DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE records_record NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY web_reads ON records_record",
    "CREATE POLICY mine ON records_record USING (true)",
    "CREATE VIEW mine AS SELECT * FROM records_record",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION crossline_visible_audiences() RETURNS bigint[] LANGUAGE sql AS 'SELECT ARRAY[1::bigint]'",
    "ALTER TABLE records_record DISABLE TRIGGER ALL",
    "COPY records_record FROM STDIN",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/hostname')",
    "SET session_replication_role = replica",
]
REFUSED = re.compile(r"permission denied|must be (?:owner|able)|violates row-level security")


def told(statement: str, viewer: Viewer, builders: Any) -> str:
    """What the database says to the web role about a statement."""
    try:
        with transaction.atomic(), builders.seen_by(viewer), connection.cursor() as cursor:
            cursor.execute(statement)
    except (DatabaseError, psycopg.Error) as error:
        return str(error)
    return "done"


def test_the_web_role_may_change_nothing_and_switch_nothing_off(store: dict[str, Viewer], builders: Any) -> None:
    before = builders.snapshot()
    viewer = store["kent.analyst"]

    answers = {statement: told(statement, viewer, builders) for statement in FORBIDDEN}

    allowed = {statement: said for statement, said in answers.items() if not REFUSED.search(said)}
    assert allowed == {}
    assert builders.changed(before) == set()
    assert told("SELECT count(*) FROM records_record", viewer, builders) == "done"


def test_switching_row_security_off_is_an_error_and_no_way_round_it(store: dict[str, Viewer], builders: Any) -> None:
    statement = "SET LOCAL row_security = off; SELECT count(*) FROM records_record"
    assert "row-level security" in told(statement, store["kent.analyst"], builders)


def test_a_condition_is_never_tried_on_a_hidden_row(store: dict[str, Viewer], builders: Any) -> None:
    """An error, or the time it takes, would tell of a row that the viewer does not see."""
    probe = "SELECT count(*) FROM records_record WHERE 1 / (CASE WHEN ref = %s THEN 0 ELSE 1 END) > 0"
    with builders.seen_by(store["essex.analyst"]):
        assert rows(probe, "kent/own")[0][0] == Record.objects.count()
    with (
        pytest.raises(Exception, match="division by zero"),
        transaction.atomic(),
        builders.seen_by(store["kent.analyst"]),
    ):
        rows(probe, "kent/own")
