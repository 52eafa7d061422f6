"""Row security, read from the database's own catalogue: every table is listed, and no role can go round it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from crossline.access.content_tables import DEFINERS, NOT_CONTENT, NOT_FORCED

pytestmark = pytest.mark.django_db


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_every_table_has_row_security_or_a_reason_why_not() -> None:
    tables = rows(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, "
        "(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) "
        "FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f', 'v')"
    )
    bare = [name for name, enabled, _, policies in tables if name not in NOT_CONTENT and not (enabled and policies)]
    unforced = [name for name, _, forced, _ in tables if name not in {*NOT_CONTENT, *NOT_FORCED} and not forced]
    assert bare == []
    assert unforced == []
    assert {name for name, *_ in tables} >= {*NOT_CONTENT, *NOT_FORCED}, "the lists name no table that is gone"


def test_no_role_of_ours_bypasses_row_security_or_owns_a_table() -> None:
    roles = rows(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('crossline_web', 'crossline_engine', 'crossline_owner') "
        "AND (rolbypassrls OR rolsuper OR rolcanlogin)"
    )
    owners = rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert roles == []
    assert owners == [("crossline_owner",)]


def test_definer_functions_are_those_that_are_known() -> None:
    found = rows(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in found} == set(DEFINERS)
    assert len(DEFINERS) == 40


def test_every_model_declares_its_sensitivity() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("crossline.")]
    silent = [model.__name__ for model in ours if not isinstance(getattr(model, "SENSITIVITY", None), str)]
    assert len(ours) > 10
    assert silent == []
