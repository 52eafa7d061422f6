"""The page of planned events says at its field what is wrong, and leads to a receipt where nothing is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crossline.access.models import Person
from crossline.deconfliction.models import Check, PlannedEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
HOST = {"host": "localhost"}
DAY = (timezone.localdate() + timedelta(days=3)).isoformat()
SAID = {"kind": "stop", "place": "TQ 812 094", "day": DAY, "begins": "05:00", "ends": "08:00"}
WHY = {"purpose": "p", "operation": "o", "contact": "c", "level": "contact"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"place": "Hastings"}, "Hastings&#39; is no place"),
        ({"ends": "04:00"}, "The event ends before it starts"),
        ({"purpose": " "}, "Enter purpose"),
        ({"day": "soon"}, "Enter a valid date"),
        ({}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_registered(said: dict[str, str], sentence: str, builders: Any) -> None:
    viewer, client = builders.enrolled("essex.x", agency="essex"), Client()
    with builders.role("crossline_web"):
        client.force_login(Person.objects.get(id=viewer.person_id))
        answer = client.post("/deconfliction/events", SAID | WHY | said, headers=HOST)
    if sentence:
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert not PlannedEvent.objects.exists()
    else:
        assert answer.headers["location"] == f"/deconfliction/checks/{Check.objects.get().id}"
