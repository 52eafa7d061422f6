"""Who can see a record: what the page says is what row security does, person by person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.compartments.actions import admit, open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import viewer_of
from crossline.audit.seeing import seeing
from crossline.records.compartments.actions import put_in
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
    "kent.manager": ("kent", (Role.INFORMATION_MANAGER,)),
    "kent.investigator": ("kent", (Role.INVESTIGATOR,)),
}


@pytest.fixture(autouse=True)
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent_by_two(tmp_path / "deliveries", kept)
    for name, (agency, roles) in PEOPLE.items():
        builders.enrolled(name, agency=agency, roles=roles)
    shut_away(builders, "kent/C")
    builders.enrolled("kent.gone")
    Person.objects.filter(username="kent.gone").update(is_active=False)


def shut_away(builders: Any, ref: str) -> None:
    """Into a compartment of a keeper and one colleague."""
    keeper = viewer_of(Person.objects.get(username="kent.manager"))
    record = Record.objects.get(ref=ref)
    with builders.seen_by(keeper) as viewpoint:
        said = {"kind": CompartmentKind.OPERATION, "name": "Operation Quoin"}
        made = open_compartment(reason="Covert.", viewpoint=viewpoint, **said)
    with builders.seen_by(keeper) as viewpoint:
        admit(compartment=made.id, username="kent.analyst", keeper=False, reason="On the case.", viewpoint=viewpoint)
        put_in(record=record.id, compartment=made.id, reason="Covert.", viewpoint=viewpoint)


def test_the_page_names_exactly_those_whom_the_database_lets_see_the_record(builders: Any) -> None:
    with builders.administrator() as viewpoint:
        named = {
            record.id: {seer.person.username for seer in seeing(record, viewpoint).seers}
            for record in Record.objects.filter(owner="kent")
        }
    for person in Person.objects.filter(agency="kent"):
        with builders.seen_by(viewer_of(person)):
            seen = set(Record.objects.filter(owner="kent").values_list("id", flat=True))
        assert {record for record, names in named.items() if person.username in names} == seen, person.username
    assert len({frozenset(names) for names in named.values()}) == 3


@pytest.mark.parametrize(
    ("ref", "by_sender", "words"),
    [("kent/P", False, "handling P"), ("kent/own", True, "handling P"), ("kent/missing", False, "restricted")],
)
def test_it_says_whether_the_rule_decided_or_the_sender(builders: Any, ref: str, by_sender: bool, words: str) -> None:
    with builders.administrator() as viewpoint:
        known = seeing(Record.objects.get(owner="kent", ref=ref), viewpoint)
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
