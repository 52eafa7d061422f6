"""Where a victim can be reached is shown on one click, and that click is a read of its own on the audit."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from crossline.access.models import AuditEvent, AuditSubject, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.models import Mention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

REACHED = ("900300", "Larkspur", "perpetua_q")
ASKING = "Show where this person can be reached"


@pytest.fixture
def reader(db: None, builders: Any, tmp_path: Path, kept: Path) -> Viewer:
    mentions = [
        builders.person(forename="Perpetua", surname="Quillfeather", dob="2009-03-14"),
        builders.person("p2", forename="Barnaby", surname="Underwood", dob="1980-01-02"),
        {"key": "t1", "kind": "phone", "number": "07700 900300"},
        {"key": "t2", "kind": "phone", "number": "07700 900302"},
        {"key": "a1", "kind": "address", "text": "3 Larkspur Walk, Hastings", "postcode": "TN34 9ZZ"},
        {"key": "h1", "kind": "handle", "name": "@perpetua_q"},
        {"key": "l1", "kind": "line", "name": "Leo"},
    ]
    says = [
        ("p1", "l1", "exploited_by", "victim"),
        ("p1", "t1", "uses", "victim"),
        ("p1", "h1", "uses", None),
        ("p1", "a1", "lives_at", None),
        ("p2", "t2", "uses", "suspect"),
    ]
    assertions = [{"from": a, "to": b, "type": type_, "basis": "fact", "category": c} for a, b, type_, c in says]
    reports = [
        builders.report("K/1", mentions=mentions, assertions=assertions),
        builders.report("K/2", mentions=mentions, assertions=assertions, audience=["kent"]),
    ]
    builders.sent(tmp_path / "kent", kept, reports=reports)
    return builders.enrolled("kent.reader")


@pytest.fixture
def browse(client: Client, as_web: Any) -> Any:
    def opened(viewer: Viewer, address: str) -> Any:
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            return client.get(address, headers={"host": "localhost"})

    return opened


def person_named(surname: str, ref: str = "K/1") -> str:
    return f"/people/{Mention.objects.get(surname=surname, record__ref=ref).id}"


def things_of(page: str) -> set[str]:
    """The numbers and addresses that a page leads to."""
    return {str(each) for each in Mention.objects.values_list("id", flat=True) if f"/things/{each}" in page}


def test_a_victims_page_shows_it_only_once_it_is_asked_for(reader: Viewer, browse: Any) -> None:
    address = person_named("Quillfeather")
    page = browse(reader, address).content.decode()
    assert "Perpetua Quillfeather" in page, "whoever protects her has to know whom"
    assert [word for word in REACHED if word in page] == [] and things_of(page) == set()
    assert ASKING in page and f'href="{address}/reach"' in page and "recorded under your name" in page
    asked = browse(reader, f"{address}/reach").content.decode()
    assert ASKING not in asked and "recorded under your name" in asked
    assert [word for word in REACHED if word in asked] == list(REACHED) and len(things_of(asked)) == 3


def test_of_somebody_who_is_no_victim_nothing_waits(reader: Viewer, browse: Any) -> None:
    page = browse(reader, person_named("Underwood")).content.decode()
    assert "900302" in page and ASKING not in page and things_of(page)


def test_the_look_is_a_read_of_its_own_that_no_question_can_drown(reader: Viewer, browse: Any, builders: Any) -> None:
    """The audit keeps the first so many things that a page was asked; a page of its own is kept whatever was asked of it."""
    address = person_named("Quillfeather")
    browse(reader, address)
    browse(reader, f"{address}/reach?{'&'.join(f'q{number}=1' for number in range(40))}")
    first, second = AuditEvent.objects.filter(actor="kent.reader").order_by("at")
    assert [row.subject_kind for row in (first, second)] == ["person", "person-reach"]
    assert second.purpose == "reading where a person can be reached" and second.verb == "consultation"
    shown = [set(AuditSubject.objects.filter(event=row.id).values_list("record", flat=True)) for row in (first, second)]
    assert shown[0] == shown[1] and len(shown[1]) == 1

    auditor = builders.enrolled("kent.auditor", roles=(Role.AUDITOR,))
    for viewer, page in ((reader, "/audit/mine"), (auditor, "/audit/desk")):
        told = browse(viewer, page).content.decode()
        assert told.count("Reading where a person can be reached") == 1, page
        assert told.count("Reading about a person") == 1, page


def test_somebody_hidden_is_answered_like_nobody(reader: Viewer, browse: Any, builders: Any) -> None:
    elsewhere = builders.enrolled("essex.reader", agency="essex")
    hidden, absent = f"{person_named('Quillfeather', 'K/2')}/reach", f"/people/{uuid4()}/reach"
    answers = [browse(elsewhere, each) for each in (hidden, absent)]
    assert [each.status_code for each in answers] == [404, 404]
    assert browse(reader, hidden).status_code == 200
    tried = AuditEvent.objects.filter(actor="essex.reader", detail__status="not found")
    assert [row.subject_kind for row in tried] == ["person-reach"] * 2
