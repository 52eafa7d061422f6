"""Several forces that ask, investigate and answer, for the tests of checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Answered, Asked, Why, ask_check
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.resolving import record_outcome
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.judging import judge_change
from crossline.lines.models import ChangeState
from crossline.records.generation import advance
from crossline.records.models import Record

NUMBER = "07700 900321#0001"
WHY = Why("before a warrant", "Operation Larch", "Larch desk, 07700 900100", 91)
HOST = {"host": "localhost"}


class Forces:
    """People of several forces, their investigations, and what they say."""

    why, number = WHY, NUMBER

    def __init__(self, builders: Any, folder: Path, kept: Path) -> None:
        self.builders, self.folder, self.kept, self.sent = builders, folder, kept, 0
        self.people: dict[tuple[str, Role], Viewer] = {}

    def of(self, agency: str, role: Role = Role.ANALYST) -> Viewer:
        if (agency, role) not in self.people:
            made = self.builders.enrolled(f"{agency}.{role}".replace("_", "-"), agency=agency, roles=(role,))
            self.people[agency, role] = made
        return self.people[agency, role]

    def seen_by(self, agency: str, role: Role = Role.ANALYST) -> Any:
        return self.builders.seen_by(self.of(agency, role))

    def investigates(self, agency: str, selectors: str, *, ref: str = "OP-7", **said: Any) -> UUID:
        """An investigation of a force, taken in and pointing."""
        self.sent += 1
        row = self.builders.investigation(ref, agency=agency, selectors=selectors, line_refs="", **said)
        folder = self.folder / f"sent{self.sent}"
        self.builders.sent(folder, self.kept, agency=agency, ref=f"d{self.sent}", investigations=[row])
        make_pointers()
        return Record.objects.filter(owner=agency, ref=ref).order_by("-revision")[0].id

    def answers(self, agency: str, level: AnswerLevel, *, record: UUID | None = None, word: str = "") -> None:
        with self.seen_by(agency) as viewpoint:
            set_answer(level=level, contact=f"{agency} desk", category=word, record=record, viewpoint=viewpoint)

    def asks(self, agency: str, value: str = NUMBER, scheme: str = "phone") -> Answered:
        with self.seen_by(agency) as viewpoint:
            return ask_check(asked=Asked.read(scheme, value), why=WHY, viewpoint=viewpoint)

    def told(self, agency: str) -> list[Any]:
        with self.seen_by(agency) as viewpoint:
            return asked_about(viewpoint)

    def met(self, agency: str) -> list[Any]:
        with self.seen_by(agency) as viewpoint:
            return met(viewpoint)

    def page(self, agency: str, address: str, role: Role = Role.ANALYST, **said: str) -> Any:
        """A page as somebody reads it; `said`: a form that they send there."""
        client = Client()
        person = Person.objects.get(id=self.of(agency, role).person_id)
        with self.builders.role("crossline_web"):
            client.force_login(person)
            return client.post(address, said, headers=HOST) if said else client.get(address, headers=HOST)

    def resolves(self, agency: str, check: UUID, other: str, state: Resolution, *, stood: UUID | None = None) -> UUID:
        with self.seen_by(agency) as viewpoint:
            return record_outcome(check=check, other=other, state=state, note="", stood=stood, viewpoint=viewpoint)


@pytest.fixture
def forces(builders: Any, tmp_path: Path, kept: Path) -> Iterator[Forces]:
    yield Forces(builders, tmp_path, kept)


class Two:
    """Kent has communications data; Essex investigates numbers and lets itself be named."""

    def __init__(self, builders: Any, folder: Path, kept: Path) -> None:
        self.builders, self.folder, self.kept, self.sent = builders, folder, kept, 0
        for agency in ("kent", "essex"):
            self._set_of_data(agency)
        roles = (Role.ANALYST, Role.INFORMATION_MANAGER)
        self.people = {each: builders.enrolled(f"{each}.x", agency=each, roles=roles) for each in ("kent", "essex")}
        self.people["nclcc"] = builders.enrolled("centre.x", agency="nclcc", roles=(Role.ANALYST,))

    def _set_of_data(self, agency: str) -> None:
        folder = self.folder / f"data-{agency}"
        self.builders.delivery(folder, agency=agency, ref=f"DATA-{agency}")
        said = self.builders.authorisation(f"AUTH-{agency}", agency=agency)
        self.builders.write_communications(folder / "comms", said=said)
        self.builders.take(folder, self.kept)

    def seen_by(self, agency: str) -> Any:
        return self.builders.seen_by(self.people[agency])

    def investigates(self, agency: str, number: str, *, says: AnswerLevel = AnswerLevel.CONTACT) -> UUID:
        self.sent += 1
        ref = f"OP-{self.sent}"
        row = self.builders.investigation(ref, agency=agency, selectors=f"phone:{number}", line_refs="")
        self.builders.sent(self.folder / ref, self.kept, agency=agency, ref=ref, investigations=[row])
        make_pointers()
        with self.seen_by(agency) as viewpoint:
            set_answer(level=says, contact=f"{agency} desk", category="", viewpoint=viewpoint)
        return Record.objects.get(owner=agency, ref=ref).id

    def asks(self, agency: str, number: str) -> Answered:
        with self.seen_by(agency) as viewpoint:
            return ask_check(asked=Asked.read("phone", number), why=WHY, viewpoint=viewpoint)

    def told(self, agency: str, number: str) -> list[tuple[str, Verdict | None]]:
        return [(each.agency, each.verdict) for each in self.asks(agency, number).told]

    def shows(self, agency: str, old: str, new: str) -> UUID:
        """A change of number that the agency's data show, as the daily round leaves it."""
        found: UUID = self.builders.succession(agency, old, new)
        advance()
        return found

    def decides(self, agency: str, finding: UUID, state: ChangeState, stood: UUID | None = None) -> UUID:
        with self.seen_by(agency) as viewpoint:
            return judge_change(finding=finding, state=state, reason="Read.", stood=stood, viewpoint=viewpoint).id


@pytest.fixture
def two(builders: Any, tmp_path: Path, kept: Path) -> Two:
    return Two(builders, tmp_path, kept)


@pytest.fixture
def kent(builders: Any, tmp_path: Path, kept: Path) -> Any:
    """Kent inquires into somebody and has returned a line; it lets itself be named. Gives one who asks for Essex."""
    person = "person:Jayden Okonkwo-Tamm|2004-07-19"
    work = [builders.investigation(selectors=person, line_refs="")]
    builders.sent(tmp_path / "kent", kept, investigations=work, lines=[builders.line("LEO", towns="Hastings")])
    make_pointers()
    analyst, asker = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")
    with builders.seen_by(analyst) as viewpoint:
        set_answer(level=AnswerLevel.CONTACT, contact="Kent desk", category="", viewpoint=viewpoint)

    def asks(scheme: str, value: str) -> Answered:
        with builders.seen_by(asker) as viewpoint:
            return ask_check(asked=Asked.read(scheme, value), why=WHY, viewpoint=viewpoint)

    return asks
