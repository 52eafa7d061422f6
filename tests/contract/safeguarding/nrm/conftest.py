"""People of whom Kent's reports speak: a child, an adult, somebody without an age; and the safeguarding leads who refer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.matching import match_people
from crossline.records.models import Mention
from crossline.safeguarding.nrm.drafting import Said, open_draft
from crossline.safeguarding.nrm.form import nrm_form
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.nrm.standing import NrmStanding, nrm_case
from crossline.safeguarding.nrm.steps import YES, move_nrm

CHILD = {"forename": "Lucasta", "surname": "Hollowell", "dob": "2011-05-06", "sex": "F", "ids": {"pnc": "26/0011A"}}
ADULT = {"forename": "Barnaby", "surname": "Underwood", "dob": "1980-01-02", "ids": {"pnc": "26/0022B"}}
NO_AGE = {"forename": "Perpetua", "surname": "Quillfeather", "dob": None, "sex": None}
SUPPLY = "Possession with intent to supply crack cocaine"
QUESTIONS = {each.id: YES for each in nrm_form().questions}


@dataclass
class Case:
    """The people at work, and what they do most."""

    builders: ModuleType
    as_web: Any
    lead: Viewer
    second: Viewer
    centre: Viewer
    analyst: Viewer
    essex: Viewer
    essex_lead: Viewer
    unit: Viewer
    folder: Path
    kept: Path

    def person(self, surname: str, ref: str = "") -> UUID:
        rows = Mention.objects.filter(kind="person", surname=surname)
        return (rows.filter(record__ref=ref) if ref else rows).order_by("-record__ref")[0].id

    def draft(self, surname: str, who: Viewer | None = None, **said: Any) -> UUID:
        with self.builders.seen_by(who or self.lead) as viewpoint:
            whole = Said(**({"reason": "First draft."} | said))
            return open_draft(about=self.person(surname), said=whole, viewpoint=viewpoint).id

    def found(self, case: UUID, who: Viewer | None = None) -> NrmStanding:
        with self.builders.seen_by(who or self.lead) as viewpoint:
            found = nrm_case(viewpoint, case)
            assert found is not None and isinstance(found.observations, list)
            return found

    def move(
        self, case: UUID, state: NrmState, who: Viewer, said: Mapping[str, str] | None = None, day: date | None = None
    ) -> None:
        with self.builders.seen_by(who) as viewpoint:
            found = nrm_case(viewpoint, case)
            given = {"said": said or {}, "day": day or timezone.localdate(), "reason": "Done."}
            move_nrm(case=case, state=state, stood=len(found.steps) if found else 1, viewpoint=viewpoint, **given)

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    """Reports of Kent, one of them in Kent alone and one of Essex under conditions."""
    child, adult = builders.person(**CHILD), builders.person(**ADULT)
    phone = {"key": "t1", "kind": "phone", "number": "07700 900123"}
    custody = {"offence": SUPPLY, "outcome": "bailed", "under_18": True}
    grown = {"offence": SUPPLY, "outcome": "charged", "under_18": False}
    reports = [
        builders.report("KENT/seen", subject="Seen handing over a parcel.", mentions=[child, phone]),
        builders.report("KENT/own", subject="Known to Kent alone.", audience=["kent"], mentions=[child]),
        builders.report("KENT/E", subject="Said to be false.", information_grade="E", mentions=[child]),
        builders.missing_report("KENT/missing", home="kent", found="kent", mentions=[child]),
        builders.report("KENT/custody", kind="custody", custody=custody, subject="Held.", mentions=[child]),
        builders.report("KENT/grown", kind="custody", custody=grown, subject="Held.", mentions=[adult]),
        builders.report("KENT/no-age", subject="Seen with others.", mentions=[builders.person(**NO_AGE)]),
    ]
    builders.sent(tmp_path / "kent", kept, reports=reports)
    conditional = builders.report(
        "ESSEX/C", handling="C", audience=["kent", "nclcc"], mentions=[child], subject="Ask us."
    )
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="E-1", reports=[conditional])
    match_people()
    enrolled = builders.enrolled
    return Case(
        builders,
        as_web,
        lead=enrolled("kent.lead", roles=[Role.SAFEGUARDING]),
        second=enrolled("kent.second", roles=[Role.SAFEGUARDING]),
        centre=enrolled("centre.lead", agency="nclcc", roles=[Role.SAFEGUARDING]),
        analyst=enrolled("kent.analyst"),
        essex=enrolled("essex.analyst", agency="essex"),
        essex_lead=enrolled("essex.lead", agency="essex", roles=[Role.SAFEGUARDING]),
        unit=enrolled("serocu.lead", agency="serocu", roles=[Role.SAFEGUARDING]),
        folder=tmp_path,
        kept=kept,
    )
