"""What the tests of rights share: a store of two forces with one person in both, and Kent's information manager."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crossline.access.roles import Role
from crossline.access.viewer import Viewer, Viewpoint
from crossline.entities.matching import match_people
from crossline.records.models import Mention, Record
from crossline.rights.answer import SubjectRequest
from crossline.rights.holding import held_about
from crossline.rights.pack import Pack, subject_access_pack
from crossline.rights.treatment import Treatment, proposed
from crossline.safeguarding.raising import raise_due

FORMULA = "=cmd|'/c calc'!A1"
SECRET = "Nightjar told us that he holds the number."
ASKED = SubjectRequest("SAR-1", date(2026, 3, 27), identity_checked=True)
IDS = {"nominal": "K4411", "pnc": "26/1234A"}


@dataclass(frozen=True)
class Opened:
    """A pack as whoever made it finds it."""

    files: dict[str, str]

    @property
    def given(self) -> dict[str, Any]:
        return json.loads(self.files["to-give/what-is-held-about-you.json"])

    @property
    def page(self) -> str:
        return self.files["to-give/what-is-held-about-you.html"]

    @property
    def to_give(self) -> str:
        return "".join(text for name, text in self.files.items() if name.startswith("to-give/"))

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.files[f"not-to-give/{name}.csv"])))


@pytest.fixture
def opened() -> Callable[[Pack], Opened]:
    """`opened(pack)` reads the ZIP."""

    def read(pack: Pack) -> Opened:
        with zipfile.ZipFile(io.BytesIO(pack.content)) as archive:
            return Opened({name: archive.read(name).decode() for name in archive.namelist()})

    return read


def other(**said: Any) -> dict[str, Any]:
    """Somebody else in a record."""
    return {"key": "p2", "kind": "person", "forename": "Orla", "surname": "Finch", "dob": "1990-02-03"} | said


def says(from_: str, to: str, type_: str, **said: Any) -> dict[str, Any]:
    return {"from": from_, "to": to, "type": type_, "basis": "fact"} | said


@pytest.fixture
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    """Kent and Essex both know one person. One record of Essex is for Essex alone; one of Kent is free for all."""
    person = builders.person(ids=IDS)
    phone = {"key": "t1", "kind": "phone", "number": builders.NUMBER}
    own = {"key": "t2", "kind": "phone", "number": builders.OTHER_NUMBER}
    leo = {"key": "l1", "kind": "line", "name": "Leo"}
    kent = [
        builders.report(
            "KENT/newest",
            made_at="2026-03-05T10:00:00+00:00",
            occurred_from="2026-03-05T09:00:00+00:00",
            kind="intelligence",
            text=SECRET,
            mentions=[person, other(), phone, own],
            assertions=[
                says("p1", "p2", "associates_with", basis="assessment", category="suspect"),
                says("p1", "t1", "uses", category="suspect"),
                says("p2", "t1", "uses"),
                says("p1", "t2", "uses"),
            ],
        ),
        builders.report(
            "KENT/victim",
            kind="custody",
            custody={"offence": "Possession with intent to supply", "outcome": "released", "seen_by": "PC Quill"},
            text="He said he was made to carry it.",
            mentions=[person, leo],
            assertions=[says("p1", "l1", "runs_for", basis="assessment", category="victim")],
        ),
        builders.report("KENT/conditions", handling="C", mentions=[person], text="Held back."),
        builders.report(FORMULA, mentions=[person], subject="", text="Read it."),
    ]
    essex = [
        builders.report("ESSEX/shared", mentions=[person], text="What Essex shares."),
        builders.report("ESSEX/hidden", audience=["essex"], mentions=[builders.person(ids=IDS, aliases=["Heron"])]),
    ]
    builders.sent(tmp_path / "kent", kept, reports=kent)
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="ESSEX-1", reports=essex)
    match_people()
    raise_due()


@pytest.fixture
def manager(store: None, builders: Any) -> Viewer:
    """Kent's information manager."""
    return builders.enrolled("kent.records", roles=[Role.INFORMATION_MANAGER])


@pytest.fixture
def person(store: None) -> UUID:
    """A mention of the person that Kent sees."""
    return Mention.objects.get(record__ref="KENT/victim", kind="person").id


Decided = Callable[..., dict[UUID, Treatment]]


@pytest.fixture
def decided(person: UUID) -> Decided:
    """`decided(viewpoint, **{"KENT/victim": Treatment.GIVE_TEXT})`: as proposed, but where it says otherwise."""

    def decide(viewpoint: Viewpoint, otherwise: dict[str, Treatment] | None = None) -> dict[UUID, Treatment]:
        holding = held_about(viewpoint, person)
        assert holding is not None
        records: list[Record] = [held.record for held in holding.records]
        agency = viewpoint.viewer.agency
        return {r.id: (otherwise or {}).get(r.ref, proposed(r, agency=agency).treatment) for r in records}

    return decide


@pytest.fixture
def make(person: UUID, manager: Viewer, builders: Any, decided: Decided, opened: Callable[[Pack], Opened]) -> Any:
    """`make()` gives the pack that Kent's information manager makes, opened."""

    def made(otherwise: dict[str, Treatment] | None = None, asked: SubjectRequest = ASKED) -> Opened:
        with builders.seen_by(manager) as viewpoint:
            return opened(
                subject_access_pack(
                    person=person, viewpoint=viewpoint, request=asked, decisions=decided(viewpoint, otherwise)
                )
            )

    return made
