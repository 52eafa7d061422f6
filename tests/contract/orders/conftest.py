"""A line that Kent returned, reports about it that may and may not go into an application, and the people who write one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, Viewpoint
from crossline.orders.drafting import draft_ddtro, gathered_for
from crossline.orders.law import application
from crossline.orders.models import Order
from crossline.records.models import Mention, Record

from . import pdf_text

NUMBER = "07700 900123#0042"
NEW = "+447700900777#0009"
FULL = {part.id: f"Said of {part.id}." for part in application().parts if part.kind == "text"} | {
    "applicant_name": "Winifred Toby",
    "applicant_rank": "Superintendent",
    "court": "County Court at Maidstone",
    "provider_names": "Quoin Mobile Ltd",
    "notice": "Without notice",
    "compliance": "By the end of the fifth working day after the order",
}
PHONE = {"key": "t1", "kind": "phone", "number": NUMBER, "imei": "004400152020000"}
LINE = {"key": "l1", "kind": "line", "name": "Leo"}


def reports(builders: ModuleType) -> list[dict[str, Any]]:
    """One that a court may read, with a victim, an officer and a source in its summary; and one of each that it may not."""
    victim = builders.person(forename="Toby", surname="Winterbourne", aliases=["Tobz"], dob="2011-02-03")
    holder = builders.person("p2", forename="Darren", surname="Vale", dob="1990-05-05")
    ties = [
        {"from": "p1", "to": "l1", "type": "runs_for", "basis": "fact", "category": "victim"},
        {"from": "p1", "to": "t1", "type": "uses", "basis": "fact", "category": "victim"},
        {"from": "p2", "to": "l1", "type": "controls", "basis": "assessment", "category": "suspect"},
        {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"},
    ]
    both = {"mentions": [victim, holder, PHONE, LINE], "assertions": ties}
    plain = {"mentions": [LINE, PHONE | {"imei": None}], "assertions": [ties[3]]}
    return [
        builders.report(
            "KENT/1",
            subject="Darren Vale had TOBY WINTERBOURNE (Tobz) deal for Leo, PC 4471 Marsh learnt from a CHIS.",
            **both,
        ),
        builders.report("KENT/2", subject="Deals agreed on the number in Hastings.", **plain),
        builders.report("KENT/own", subject="Known to Kent alone.", audience=["kent"], **plain),
        builders.report("KENT/E", subject="Said to be false.", information_grade="E", **plain),
        builders.missing_report("KENT/missing", home="kent", found="kent", **plain),
    ]


@dataclass
class Case:
    """The people at work on the order, and what they do most."""

    builders: ModuleType
    as_web: Any
    analyst: Viewer
    second: Viewer
    essex: Viewer
    line: UUID
    folder: Path
    kept: Path

    def record(self, ref: str) -> UUID:
        return Record.objects.get(ref=ref).id

    def draft(self, viewpoint: Viewpoint, **said: Any) -> Order:
        """An application that lacks nothing, but for what is said otherwise."""
        gathered = gathered_for(viewpoint, self.line, viewpoint.viewer.agency)
        assert gathered is not None
        offered = {ground.record.id: ground.sentence for ground in gathered.grounds}
        whole = {
            "answers": FULL,
            "identifiers": [each.key for each in gathered.identifiers],
            "sentences": offered,
            "reason": "First draft.",
        }
        return draft_ddtro(line=self.line, viewpoint=viewpoint, **(whole | said))

    def drafted(self, **said: Any) -> UUID:
        with self.builders.seen_by(self.analyst) as viewpoint:
            return self.draft(viewpoint, **said).id

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    """Kent's line with its reports; Essex has returned the same line and sent one report about it under handling C."""
    plain = {"mentions": [LINE, PHONE | {"imei": None}]}
    plain["assertions"] = [{"from": "l1", "to": "t1", "type": "uses", "basis": "fact"}]
    folder = builders.delivery(tmp_path / "kent", reports=reports(builders), lines=[builders.line(numbers=NUMBER)])
    builders.write_communications(folder / "comms", said=builders.authorisation(numbers=[NUMBER]))
    builders.take(folder, kept)
    conditional = builders.report(
        "ESSEX/C", handling="C", audience=["kent", "nclcc"], subject="Ask Essex first.", **plain
    )
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="E-1", reports=[conditional])
    builders.succession("kent", "+447700900123#0042", NEW)
    analyst = builders.enrolled("kent.analyst")
    second = builders.enrolled("kent.second", roles=[Role.INVESTIGATOR])
    essex = builders.enrolled("essex.analyst", agency="essex")
    line = Mention.objects.get(record__ref="LEO-1", kind="line").id  # which everybody sees
    return Case(builders, as_web, analyst, second, essex, line, tmp_path, kept)


@pytest.fixture
def text_of() -> Callable[[bytes], str]:
    """The text of a PDF."""
    return pdf_text.text_of
