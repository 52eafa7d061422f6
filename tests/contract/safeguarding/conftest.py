"""A child of Essex who was missing and is found in Kent's area, and those who answer: desks, the centre, councils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.audit import Process
from crossline.access.models import Person
from crossline.access.partners import add_partner, cover_authorities
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.models import Mention
from crossline.safeguarding.answering.models import CaseStep, ConcernCase
from crossline.safeguarding.raising import raise_due
from crossline.vocabulary.agencies import PartnerKind

TESTS = Process("tests")
MEDWAY, SOUTHEND = "E06000035", "E06000033"
LEADS = (Role.SAFEGUARDING,)


@dataclass
class Desk:
    """The child's record, the people at work, and what they do most."""

    builders: ModuleType
    as_web: Any
    folder: Path
    kept: Path
    essex: Viewer
    kent: Viewer
    centre: Viewer
    council: Viewer
    house: dict[str, Any]

    @property
    def child(self) -> UUID:
        return Mention.objects.get(record__ref="KENT/1", kind="person").id

    @property
    def case(self) -> ConcernCase:
        return ConcernCase.objects.get(about=self.child)

    @property
    def steps(self) -> list[CaseStep]:
        return list(self.case.steps.order_by("number"))

    def found_again(self, ref: str, **said: Any) -> None:
        """Another episode of the same child, in a delivery of its own, and the round that follows."""
        episode = self.builders.missing_report(ref, home="essex", found="kent", **HOUSE, **said)
        episode["missing"]["found_place"] = "Chatham"
        self.builders.sent(self.folder / ref.replace("/", "-"), self.kept, ref=ref, reports=[episode])
        raise_due()

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)

    def act(self, who: Viewer, which: str, **said: Any) -> Any:
        """Send a form of the child's page."""
        sent = {"case": str(self.case.id), "which": which, "stood": len(self.steps), "reason": "As agreed."} | said
        return self.browse(who, f"/concerns/{self.child}", sent)


HOUSE: dict[str, Any] = {
    "mentions": [
        {"key": "p1", "kind": "person", "forename": "Wren", "surname": "Abara-Quill", "dob": "2011-04-11"}
        | {"ids": {"nominal": "E77"}},
        {"key": "a1", "kind": "address", "text": "4 Marine Parade, Southend-on-Sea", "postcode": None}
        | {"lat": 51.5378, "lon": 0.7143},
    ],
    "assertions": [{"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": None}],
}


@pytest.fixture
def council() -> str:
    """Children's services that cover Southend, whose people may sign in."""
    made = add_partner(
        name="Quillhaven Children’s Services",
        short_name="QCS",
        kind=PartnerKind.CHILDRENS_SERVICES,
        region="",
        by=TESTS,
    )
    cover_authorities(organisation=made.id, named=["Southend-on-Sea"], by=TESTS)
    return made.id


@pytest.fixture
def desk(
    db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None, council: str
) -> Callable[[], Desk]:
    """`desk()`: the record is in and the round has run."""
    enrolled = builders.enrolled
    made = Desk(
        builders,
        as_web,
        tmp_path,
        kept,
        essex=enrolled("essex.lead", agency="essex", roles=LEADS),
        kent=enrolled("kent.lead", agency="kent", roles=LEADS),
        centre=enrolled("centre.coordinator", agency="nclcc", roles=[Role.COORDINATOR]),
        council=enrolled("council.lead", agency=council, roles=[Role.PARTNER]),
        house=HOUSE,
    )

    def found() -> Desk:
        made.found_again("KENT/1")
        return made

    return found
