"""The one window that the database opens into the audit: an agency's own exports, for its information manager, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from crossline.access.actions import end_access
from crossline.access.audit import Process
from crossline.access.roles import Role
from crossline.exchange.exports import prepare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def told() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT event, actor FROM crossline_exports_told()")
        return list(cursor.fetchall())


@pytest.fixture
def exported(db: None, builders: Any) -> None:
    for agency in ("kent", "essex"):
        with builders.seen_by(builders.enrolled(f"{agency}.analyst", agency=agency)) as viewpoint:
            prepare("people", "csv", viewpoint).file.close()


@pytest.mark.parametrize(
    ("agency", "roles", "seen"),
    [
        ("kent", [Role.INFORMATION_MANAGER], [("exported", "kent.analyst")]),
        ("essex", [Role.INFORMATION_MANAGER], [("exported", "essex.analyst")]),
        ("surrey", [Role.INFORMATION_MANAGER], []),
        ("kent", [Role.ANALYST, Role.COORDINATOR, Role.AUDITOR], []),
    ],
)
def test_it_tells_an_information_manager_of_their_own_agencys_exports(
    agency: str, roles: list[Role], seen: list[Any], exported: None, builders: Any
) -> None:
    with builders.seen_by(builders.enrolled("somebody", agency=agency, roles=roles)):
        assert told() == seen


def test_it_tells_nothing_to_nobody_nor_to_somebody_whose_access_has_ended(exported: None, builders: Any) -> None:
    manager = builders.enrolled("kent.records", roles=[Role.INFORMATION_MANAGER])
    with builders.role("crossline_web"):
        assert told() == []
    end_access(username="kent.records", reason="left", by=Process("tests"))
    with builders.seen_by(manager):
        assert told() == []


def test_the_owner_itself_reads_no_row_of_the_audit(exported: None, builders: Any) -> None:
    with builders.role("crossline_owner"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_auditevent")
        assert cursor.fetchone() == (0,)
