"""What was asked of a page is on the record: the words of a search, and an address that led nowhere."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from crossline.access.actions import enrol
from crossline.access.audit import Process
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return enrol(
        username="kent.analyst",
        name="An Analyst",
        agency="kent",
        roles=[Role.ANALYST],
        password="long enough for a test",
        by=Process("test"),
    )


def asked(client: Client, person: Person, address: str, as_web: Any) -> Any:
    with as_web():
        client.force_login(person)
        return client.get(address, headers={"host": "localhost"})


def test_the_words_of_a_search_are_kept(client: Client, person: Person, as_web: Any) -> None:
    assert asked(client, person, "/search?q=Harley+Quell", as_web).status_code == 200
    row = AuditEvent.objects.get(event="searched")
    assert (row.actor, row.detail["asked"], row.detail["status"]) == ("kent.analyst", {"q": "Harley Quell"}, "shown")


def test_an_address_that_leads_nowhere_is_kept_too(client: Client, person: Person, as_web: Any) -> None:
    wanted = uuid.uuid4()
    assert asked(client, person, f"/people/{wanted}", as_web).status_code == 404
    row = AuditEvent.objects.get(event="page_viewed")
    assert (row.subject, row.detail["status"]) == (f"person={wanted}", "not found")


def test_a_search_for_what_no_text_may_hold_finds_nothing(client: Client, person: Person, as_web: Any) -> None:
    assert asked(client, person, "/search?q=%00", as_web).status_code == 200
    assert asked(client, person, "/lines?brand=%00&agency=%00&status=%00", as_web).status_code == 200
