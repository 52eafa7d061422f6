"""A school that takes part, another one, and the police who read what the first reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.audit import Process
from crossline.access.models import Person
from crossline.access.partners import add_partner
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.safeguarding.reporting.content import Answers
from crossline.safeguarding.reporting.models import PartnerReport, ReportState
from crossline.safeguarding.reporting.sending import move_report, send_report
from crossline.vocabulary.agencies import PartnerKind

SAID = Answers(
    about="child",
    seen="Left at noon three times this week with an older man in a hired car.",
    forename="Elowen",
    surname="Thistlewood",
    age=14,
    address="4 Nowhere Lane",
    postcode="ZZ12 1AA",
    since="2026-11-02",
    where="The gate on Nowhere Lane",
    signs=("phones", "older", "injuries"),
    own_words="He is only my cousin.",
    told="Not the family: an uncle may be part of it.",
    contact="The safeguarding lead, in school hours.",
)
TODAY = date(2026, 11, 20)


@dataclass
class Case:
    """The people at work, and what they do."""

    builders: ModuleType
    as_web: Any
    teacher: Viewer
    other_school: Viewer
    kent: Viewer
    kent_analyst: Viewer
    essex: Viewer
    centre: Viewer
    folder: Path
    kept: Path

    def send(self, said: Answers = SAID, **more: Any) -> PartnerReport:
        with self.builders.seen_by(self.teacher) as viewpoint:
            return send_report(
                **({"force": "kent", "pack": "school", "today": TODAY} | more), said=said, viewpoint=viewpoint
            )

    def move(self, report: UUID, state: ReportState, who: Viewer, *, stood: int = 0, words: str = "Told.") -> Any:
        with self.builders.seen_by(who) as viewpoint:
            return move_report(report=report, state=state, stood=stood, words=words, viewpoint=viewpoint)

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    tests = Process("tests")
    for name in ("Quillhaven Academy", "Marrowmere School"):
        add_partner(name=name, short_name=name.split()[0], kind=PartnerKind.EDUCATION, region="", by=tests)
    return Case(
        builders,
        as_web,
        teacher=builders.enrolled("quillhaven.teacher", agency="partner-quillhaven-academy", roles=[Role.PARTNER]),
        other_school=builders.enrolled("marrowmere.teacher", agency="partner-marrowmere-school", roles=[Role.PARTNER]),
        kent=builders.enrolled("kent.safeguarding", roles=[Role.SAFEGUARDING]),
        kent_analyst=builders.enrolled("kent.analyst"),
        essex=builders.enrolled("essex.analyst", agency="essex"),
        centre=builders.enrolled("centre.coordinator", agency="nclcc", roles=[Role.COORDINATOR]),
        folder=tmp_path,
        kept=kept,
    )
