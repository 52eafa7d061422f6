"""Who can see a record: what the page says is what row security does, person by person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import viewer_of
from crossline.audit.seeing import seeing
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

PEOPLE = {
    "kent.analyst": ("kent", (Role.ANALYST,)),
    "essex.analyst": ("essex", (Role.ANALYST,)),
    "surrey.safeguarding": ("surrey", (Role.SAFEGUARDING,)),
    "centre.coordinator": ("nclcc", (Role.COORDINATOR,)),
    "essex.auditor": ("essex", (Role.AUDITOR,)),
    "kent.administrator": ("kent", (Role.ADMINISTRATOR,)),
    "kent.auditor": ("kent", (Role.AUDITOR,)),
}


@pytest.fixture(autouse=True)
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent_by_two(tmp_path / "deliveries", kept)
    for name, (agency, roles) in PEOPLE.items():
        builders.enrolled(name, agency=agency, roles=roles)
    builders.enrolled("kent.gone")
    Person.objects.filter(username="kent.gone").update(is_active=False)


def test_the_page_names_exactly_those_whom_the_database_lets_see_the_record(builders: Any) -> None:
    named = {
        record.id: {seer.person.username for seer in seeing(record).seers}
        for record in Record.objects.filter(owner="kent")
    }
    for person in Person.objects.filter(agency="kent"):
        with builders.seen_by(viewer_of(person)):
            seen = set(Record.objects.filter(owner="kent").values_list("id", flat=True))
        assert {record for record, names in named.items() if person.username in names} == seen, person.username
    assert len({frozenset(names) for names in named.values()}) == 2


@pytest.mark.parametrize(
    ("ref", "by_sender", "words"),
    [("kent/P", False, "handling P"), ("kent/own", True, "handling P"), ("kent/missing", False, "restricted")],
)
def test_it_says_whether_the_rule_decided_or_the_sender(ref: str, by_sender: bool, words: str) -> None:
    known = seeing(Record.objects.get(owner="kent", ref=ref))
    assert known.named_by_sender is by_sender
    assert words in known.authority


def test_only_the_owners_people_are_told(client: Client, as_web: Any) -> None:
    record = Record.objects.get(owner="kent", ref="kent/P")
    told = {}
    for name in ("kent.analyst", "essex.analyst", "centre.coordinator"):
        with as_web():
            client.force_login(Person.objects.get(username=name))
            told[name] = client.get(f"/audit/records/{record.id}/seen-by", headers={"host": "localhost"})
    assert {name: answer.status_code for name, answer in told.items()} == {
        "kent.analyst": 200,
        "essex.analyst": 404,
        "centre.coordinator": 404,
    }
    page = told["kent.analyst"].content.decode()
    assert "Kent.Analyst" in page and "Everyone with a policing role" in page
    assert "Essex.Analyst" not in page, "who works for another agency is theirs to tell"
    assert "Kent.Gone" not in told["kent.analyst"].content.decode()
