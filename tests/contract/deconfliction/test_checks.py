"""Checks across the wall: who is told what, and that silence cannot be told from nobody's being there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Answered, Asked, Why, ask_check
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.models import Check, Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import AnswerLevel
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
NUMBER = "07700 900321#0001"
WHY = Why("before a warrant", "Operation Larch", "Larch desk, 07700 900100", 91)


class Forces:
    """People of several forces, their investigations, and what they say."""

    def __init__(self, builders: Any, folder: Path, kept: Path) -> None:
        self.builders, self.folder, self.kept, self.sent = builders, folder, kept, 0
        self.people: dict[str, Viewer] = {}

    def of(self, agency: str) -> Viewer:
        if agency not in self.people:
            self.people[agency] = self.builders.enrolled(f"{agency}.analyst", agency=agency, roles=(Role.ANALYST,))
        return self.people[agency]

    def investigates(self, agency: str, selectors: str, *, ref: str = "OP-7", **said: Any) -> UUID:
        """An investigation of a force, taken in and pointing."""
        self.sent += 1
        row = self.builders.investigation(ref, agency=agency, selectors=selectors, line_refs="", **said)
        folder = self.folder / f"sent{self.sent}"
        self.builders.sent(folder, self.kept, agency=agency, ref=f"d{self.sent}", investigations=[row])
        make_pointers()
        return Record.objects.filter(owner=agency, ref=ref).order_by("-revision")[0].id

    def answers(self, agency: str, level: AnswerLevel, *, record: UUID | None = None, word: str = "") -> None:
        with self.builders.seen_by(self.of(agency)) as viewpoint:
            set_answer(level=level, contact=f"{agency} desk", category=word, record=record, viewpoint=viewpoint)

    def asks(self, agency: str, value: str = NUMBER, scheme: str = "phone") -> Answered:
        with self.builders.seen_by(self.of(agency)) as viewpoint:
            return ask_check(asked=Asked.read(scheme, value), why=WHY, viewpoint=viewpoint)

    def told(self, agency: str) -> list[Any]:
        with self.builders.seen_by(self.of(agency)) as viewpoint:
            return asked_about(viewpoint)

    def met(self, agency: str) -> list[Any]:
        with self.builders.seen_by(self.of(agency)) as viewpoint:
            return met(viewpoint)


@pytest.fixture
def forces(builders: Any, tmp_path: Path, kept: Path) -> Forces:
    return Forces(builders, tmp_path, kept)


def test_a_check_is_answered_as_its_owner_set_it_and_both_sides_are_told(forces: Forces) -> None:
    record = forces.investigates("essex", f"phone:{NUMBER};vrm:AB12 CDE")
    assert Pointer.objects.count() == 2
    assert forces.asks("kent").told == ()
    forces.answers("essex", AnswerLevel.CONTACT)
    forces.answers("essex", AnswerLevel.CONTACT_AND_CATEGORY, word="violence")
    said = forces.asks("kent", "+44 7700 900321#0001").told
    assert [(each.agency, each.contact, each.category) for each in said] == [("essex", "essex desk", "violence")]
    told = forces.told("essex")
    assert len(told) == 2
    assert {(each.agency, each.contact, each.purpose, each.record) for each in told} == {
        ("kent", WHY.contact, WHY.purpose, record)
    }
    assert [(each.agency, each.contact) for each in forces.met("kent")] == [("essex", "essex desk")] * 2
