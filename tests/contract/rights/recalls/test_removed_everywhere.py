"""Scenario 11: somebody is removed, and that reaches every table, search and export to come. Copies: test_recall_holders.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from crossline.entities.search import search
from crossline.records.models import Tombstone

from .conftest import OF_ESSEX, OF_KENT, Known

pytestmark = pytest.mark.django_db

CHILD = "Winterbourne"


def filled(builders: Any) -> set[str]:
    """The tables of safeguarding in which something stands about a person: not who covers what, nor a deployment's own rows."""
    with builders.role("none"):
        models = [each for each in apps.get_models() if each.__module__.startswith("crossline.safeguarding.")]
        return {each._meta.db_table for each in models if each._default_manager.exists()}


def test_removed_means_everywhere(known: Known, builders: Any) -> None:
    before = filled(builders)
    assert {
        *("safeguarding_concern", "answering_concerncase", "answering_told", "answering_partnernotice"),
        *("referrals_sheetfield", "meetings_minutesshare", "meetings_actionstep", "meetings_planversion"),
        *("screening_screening", "missing_episodedisclosure", "missing_triggerplan"),
    } <= before
    assert {"records_mention", "meetings_minutes", "meetings_planversion", "missing_triggerplan"} <= set(
        builders.tables_holding(CHILD)
    )

    known.remove(*OF_KENT)

    assert not [table for table in builders.tables_holding("said-") if table != "access_auditevent"]
    with builders.role("none"):
        assert set(Tombstone.objects.values_list("owner", flat=True)) == {"kent"}
    left = set(builders.tables_holding(CHILD))
    own = ("records_", "deconfliction_", "entities_preparedmention")
    assert left and all(table.startswith(own) for table in left), "Essex keeps what is its own"

    known.remove(OF_ESSEX, by="essex", second="essex-second")

    assert builders.tables_holding(CHILD) == []
    assert builders.tables_holding("Tobz") == []
    assert not {table for table in filled(builders) if table in before and "coverage" not in table}
    with builders.administrator() as viewpoint:
        assert search(viewpoint, CHILD).number == 0
    assert CHILD not in known.export(known.case.coordinator)
