"""The functions that look across the wall give the columns that are registered and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_the_functions_give_these_columns_and_no_others() -> None:
    """The register of designed signals, docs/architecture.md, has the same words."""
    expected = {
        "crossline_deconflict": "asked uuid, agency text, contact text, category text, sure smallint",
        "crossline_deconflict_asked": "asked uuid, number text, agency text, contact text, purpose text, kind text, "
        "scheme text, at timestamp with time zone, record uuid, own uuid, sure smallint",
        "crossline_deconflict_met": "record uuid, own uuid, scheme text, agency text, contact text, category text, "
        "since timestamp with time zone, hub boolean, sure smallint",
        "crossline_event_check": "agency text, contact text, category text, nearness text",
        "crossline_events_asked": "asked uuid, number text, agency text, contact text, purpose text, kind text, "
        "scheme text, at timestamp with time zone, record uuid, own uuid, nearness text",
        "crossline_events_met": "record uuid, own uuid, scheme text, agency text, contact text, category text, "
        "since timestamp with time zone, hub boolean, nearness text",
        "crossline_deconflict_counts": "state text, number bigint, median_hours double precision",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, pg_get_function_result(oid) FROM pg_proc "
            "WHERE proname ~ '^crossline_(deconflict|event)' AND proretset"
        )
        assert dict(cursor.fetchall()) == {name: f"TABLE({columns})" for name, columns in expected.items()}
    register = Path("docs/architecture.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in register for name in expected)
