"""Rules on the whole schema, read from PostgreSQL's catalogue: keys that tell nothing, and no way round the policy."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

INTERNED = {
    ("access_audience", ("fingerprint",)): "a set of labels is interned; pages may not insert one",
    ("access_label", ("key",)): "a label is interned; pages may not insert one",
    ("access_audiencelabel", ("label_id", "audience_id")): "which labels an audience has; pages may not insert one",
}


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def unique_keys() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(table, columns, their types) of each unique key of a table with row security."""
    return [
        (table, tuple(columns), tuple(types))
        for table, columns, types in rows(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY k.n), array_agg(t.typname::text ORDER BY k.n) "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n) "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE i.indisunique AND c.relrowsecurity AND c.relnamespace = 'public'::regnamespace "
            "GROUP BY c.relname, i.indexrelid"
        )
    ]


def test_a_unique_key_of_content_never_tells_of_another_agencys_row() -> None:
    """A clash is an answer: each key holds the owner, or a random id that only those who see the row can know."""
    found = unique_keys()
    telling = [
        (table, columns)
        for table, columns, types in found
        if (table, columns) not in INTERNED
        and not {"owner_id", "agency_id"} & set(columns)
        and "uuid" not in types
        and columns != ("id",)
    ]
    assert len(found) > 15
    assert telling == []
    assert {(table, columns) for table, columns, _ in found} >= set(INTERNED)


def test_ids_of_content_are_random_so_that_none_can_be_guessed_or_counted() -> None:
    counted = [
        table
        for (table,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' "
            "WHERE c.relrowsecurity AND a.atttypid <> 'uuid'::regtype AND c.relnamespace = 'public'::regnamespace "
            "AND has_table_privilege('crossline_web', c.oid, 'INSERT')"
        )
    ]
    assert counted == []


def test_no_view_materialised_view_or_rule_goes_round_the_policies() -> None:
    assert (
        rows("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace") == []
    )
    assert rows("SELECT rulename FROM pg_rules WHERE schemaname = 'public'") == []


def test_public_holds_no_right_on_any_table_and_on_no_function_of_ours() -> None:
    held = rows(
        "SELECT c.relname FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) r "
        "WHERE c.relnamespace = 'public'::regnamespace AND r.grantee = 0"
    )
    assert held == []
    assert rows("SELECT has_function_privilege('public', 'crossline_visible_audiences()', 'EXECUTE')") == [(False,)]


def test_what_the_web_role_may_write_is_this_and_no_more() -> None:
    granted = rows(
        "SELECT c.relname, r.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) r "
        "WHERE c.relnamespace = 'public'::regnamespace AND r.grantee = 'crossline_web'::regrole AND c.relkind IN ('r', 'p') "
        "AND r.privilege_type NOT IN ('SELECT', 'REFERENCES')"
    )
    of_people = {
        ("records_change", "INSERT"),
        *{("entities_judgement", "INSERT"), ("entities_withdrawal", "INSERT"), ("records_recordrestriction", "INSERT")},
    }
    of_sessions = {("django_session", verb) for verb in ("INSERT", "UPDATE", "DELETE")}
    assert of_people | of_sessions <= set(granted)
    beyond_adding = {(table, verb) for table, verb in granted if verb != "INSERT"} - of_sessions
    assert beyond_adding == set(), "pages add acts; they change and remove nothing"
    of_the_audit = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'access_auditevent'::regclass AND attnum > 0 "
        "AND NOT has_column_privilege('crossline_web', attrelid, attnum, 'INSERT')"
    )
    assert sorted(of_the_audit) == [("seq",), ("tx",)], "a row's number and transaction are the database's own word"


def test_the_visibility_function_cannot_be_led_astray_by_a_temporary_table() -> None:
    found = rows("SELECT proconfig FROM pg_proc WHERE proname = 'crossline_visible_audiences'")
    assert found == [(["search_path=public, pg_temp"],)]


def test_every_row_that_belongs_to_a_record_carries_an_audience_of_its_own() -> None:
    """So that row security decides on the row itself, and no table of content is forgotten."""
    without = []
    for model in apps.get_models():
        if not model.__module__.startswith("crossline.") or model.SENSITIVITY != "need-to-know":
            continue
        names = {field.column for field in model._meta.concrete_fields}
        if model._meta.app_label != "access" and not any(name.endswith("audience_id") for name in names):
            without.append(model.__name__)
    assert without == []
