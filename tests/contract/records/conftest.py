"""What tests of reviews, disposal and release share: people of several agencies, and decisions made as pages make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crossline.access.retention import QUESTIONS
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, Viewpoint
from crossline.records.models import LegalHold, RecordReview
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, place_hold, review

from .releases import SURNAME

TODAY = date(2026, 3, 3)
ANSWERS = {question.id: "no" for question in QUESTIONS}


@dataclass(frozen=True)
class Desk:
    """Information managers and what they do, each act as the web role on behalf of its person."""

    people: dict[str, Viewer]
    seen_by: Callable[[Viewer], Any]

    @contextmanager
    def as_person(self, name: str) -> Iterator[Viewpoint]:
        """What a page does for somebody."""
        with self.seen_by(self.people[name]) as viewpoint:
            yield viewpoint

    def decide(self, record: UUID, by: str = "first", **said: Any) -> RecordReview:
        """Somebody decides to dispose of a record, unless `said` says otherwise."""
        given = {"choice": Choice.DISPOSE, "ground": Ground.NOT_NECESSARY, "answers": ANSWERS, "reason": "Old."} | said
        with self.as_person(by) as viewpoint:
            return review(record=record, viewpoint=viewpoint, today=TODAY, **given)

    def agree(self, made: RecordReview, by: str = "second", *, agreed: bool = True, reason: str = "Seen.") -> None:
        """Somebody confirms a decision, or declines it."""
        with self.as_person(by) as viewpoint:
            confirm(review=made.id, agreed=agreed, reason=reason, viewpoint=viewpoint)

    def decided(self, record: UUID) -> RecordReview:
        """Two people decide to dispose of a record."""
        made = self.decide(record)
        self.agree(made)
        return made

    def hold(self, record: UUID, by: str = "first") -> LegalHold:
        """Somebody places a hold."""
        with self.as_person(by) as viewpoint:
            return place_hold(record=record, ground=HoldGround.INQUIRY, reason="An inquest.", viewpoint=viewpoint)


@pytest.fixture
def desk(db: None, quick_passwords: None, builders: Any) -> Desk:
    """Two information managers of Kent, one of Essex, and an analyst of Kent."""
    managers = {"first": "kent", "second": "kent", "essex": "essex"}
    people = {
        name: builders.enrolled(name, agency=agency, roles=[Role.INFORMATION_MANAGER])
        for name, agency in managers.items()
    }
    return Desk(people | {"analyst": builders.enrolled("analyst")}, builders.seen_by)


@pytest.fixture
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    """Records of two agencies of every audience, worked on; and one under handling C about somebody whom nobody else names."""
    builders.sent_by_two(tmp_path / "two", kept)
    alone = builders.person(surname=SURNAME, forename="Ambrose", dob="1999-09-09")
    again = builders.report("essex/again", handling="C", mentions=[alone])
    only = builders.report("kent/only", handling="C", mentions=[alone])
    builders.sent(
        tmp_path / "more", kept, ref="2026-2", reports=[only], investigations=[builders.investigation("OP-9")]
    )
    builders.sent(tmp_path / "essex more", kept, agency="essex", ref="2026-2", reports=[again])
    builders.worked_on()


@pytest.fixture
def people(store: None, builders: Any) -> dict[str, Viewer]:
    manager = (Role.INFORMATION_MANAGER,)
    return {
        "asker": builders.enrolled("kent.asker"),
        "manager": builders.enrolled("kent.manager", roles=manager),
        "essex": builders.enrolled("essex.analyst", agency="essex"),
        "essex manager": builders.enrolled("essex.manager", agency="essex", roles=manager),
        "surrey": builders.enrolled("surrey.analyst", agency="surrey"),
        "centre": builders.enrolled("centre.analyst", agency="nclcc"),
    }
