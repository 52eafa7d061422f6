"""A check is kept long enough after it no longer stands, and then goes with all that hangs on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crossline.access.models import AuditEvent
from crossline.deconfliction.checking import Asked, Why, ask_check
from crossline.deconfliction.models import Check, CheckToken
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import CHECKS_KEPT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_a_check_outlasts_its_tokens_and_goes_when_its_time_is_over(builders: Any) -> None:
    why = Why("a stop", "Operation Elm", "Elm desk", 28)
    with builders.seen_by(builders.enrolled("kent.asker")) as viewpoint:
        old, young = (
            ask_check(asked=Asked.read("phone", each), why=why, viewpoint=viewpoint).id
            for each in ("07700 900111", "07700 900112")
        )
    today = timezone.localdate()
    for check, until in ((old, today - CHECKS_KEPT - timedelta(days=1)), (young, today - CHECKS_KEPT)):
        Check.objects.filter(id=check).update(until=until)
        CheckToken.objects.filter(asked=check).update(until=until)
    make_pointers()
    assert not CheckToken.objects.exists() and [each.id for each in Check.objects.all()] == [young]
    assert AuditEvent.objects.get(event="checks_disposed").detail["rows"] == 1
    make_pointers()
    assert AuditEvent.objects.filter(event="checks_disposed").count() == 1
