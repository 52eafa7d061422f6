"""Ending somebody's access: at once, with a reason, on the record; and the clock of the audit is not theirs to set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from crossline.access.actions import end_access, enrol
from crossline.access.audit import Process
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import reading, viewer_of
from crossline.errors import UserError

pytestmark = pytest.mark.django_db
TEST = Process("test")


@pytest.fixture
def analyst() -> Person:
    return enrol(
        username="kent.analyst",
        name="An Analyst",
        agency="kent",
        roles=[Role.ANALYST],
        password="long enough for a test",
        by=TEST,
    )


def test_ended_access_sees_nothing_from_the_next_transaction_on(
    analyst: Person, builders: Any, tmp_path: Any, kept: Any, as_web: Any
) -> None:
    builders.take(builders.delivery(tmp_path / "d", reports=[builders.report()]), kept)
    viewer = viewer_of(analyst)
    with as_web(), reading(viewer) as viewpoint:
        assert viewpoint.audiences
    end_access(username="kent.analyst", reason="left the force", by=TEST)
    with as_web(), reading(viewer) as viewpoint:
        assert viewpoint.audiences == ()
    assert AuditEvent.objects.get(event="access_ended").detail["reason"] == "left the force"


def test_access_does_not_end_without_a_reason_or_a_person(analyst: Person) -> None:
    with pytest.raises(UserError, match="reason"):
        end_access(username="kent.analyst", reason=" ", by=TEST)
    with pytest.raises(UserError, match="nobody"):
        end_access(username="kent.nobody", reason="left", by=TEST)
    assert Person.objects.get().is_active


def test_a_page_cannot_date_its_audit_row_back(analyst: Person, as_web: Any) -> None:
    with (
        as_web(),
        reading(viewer_of(analyst)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        AuditEvent.objects.create(
            at=timezone.now() - timedelta(days=1),
            verb="consultation",
            event="page_viewed",
            actor_id=str(analyst.id),
            actor="kent.analyst",
            actor_agency="kent",
            subject_kind="record",
            subject="",
            purpose="test",
        )


def test_the_web_role_cannot_count_deliveries_by_the_steps_done_for_them(as_web: Any) -> None:
    with (
        as_web(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM records_step")
