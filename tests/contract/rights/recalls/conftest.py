"""A child whom records of two forces mention, known to everybody who helps; and the people who decide that a record goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from crossline.access.audit import Process
from crossline.access.partners import cover_authorities
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.matching import match_people
from crossline.exchange.exports import prepare
from crossline.records.disposal import dispose_due
from crossline.records.models import Record
from crossline.rights.recalls.answering import Standing, recalls
from crossline.safeguarding.answering.opening import answer_for_concerns
from crossline.safeguarding.meetings.plan_parts import plan_parts
from crossline.safeguarding.meetings.planning import open_plan
from crossline.safeguarding.missing.noting import disclose
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.raising import raise_due
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import Stage
from crossline.safeguarding.screening.reckoning import Answer
from crossline.safeguarding.screening.saving import Said, screen_person
from crossline.vocabulary.codes import Tristate

from ...records.conftest import Desk, desk
from ...safeguarding.meetings.conftest import Room, room
from ...safeguarding.referrals.conftest import Case, case

__all__ = ["case", "desk", "room"]

OF_KENT = ("KENT/1", "KENT/missing", "KENT/far", "KENT/own", "KENT/E")
OF_ESSEX = "ESSEX/C"
FAR: dict[str, Any] = {
    "mentions": [
        {"key": "p1", "kind": "person", "forename": "Toby", "surname": "Winterbourne", "dob": "2012-02-03"},
        {"key": "a1", "kind": "address", "text": "4 Marine Parade, Chatham", "postcode": None}
        | {"lat": 51.3837, "lon": 0.5257},
    ],
    "assertions": [{"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": None}],
}
"""Where the child lives, so that a council can be told."""


@dataclass
class Known:
    """A child of whom everything was written, and whoever was given some of it."""

    case: Case
    room: Room
    desk: Desk
    meeting: UUID
    essex_second: Viewer

    def remove(self, *refs: str, by: str = "first", second: str = "second") -> None:
        """Two people of the owner decide, and the round disposes."""
        for ref in refs:
            made = self.desk.decide(Record.objects.get(ref=ref).id, by=by)
            self.desk.agree(made, by=second)
        dispose_due(reach=self.case.builders.reach(self.case.kept), now=timezone.now())

    def export(self, viewer: Viewer, what: str = "people") -> str:
        """Somebody takes an export out; what stands in it."""
        with self.case.builders.seen_by(viewer) as viewpoint, prepare(what, "csv", viewpoint).file as file:
            return str(file.read().decode())


@pytest.fixture
def known(case: Case, room: Room, desk: Desk, builders: Any) -> Known:
    """Concerns with who answers and who was told, referrals, a meeting with minutes given on, an action, plans, a screening."""
    covering = case.partners["childrens_home"].agency
    cover_authorities(organisation=covering, named=["Southend-on-Sea", "Medway"], by=Process("tests"))
    episode = builders.missing_report("KENT/far", home="kent", found="essex", **FAR)
    episode["missing"]["found_place"] = "Southend-on-Sea"
    builders.sent(case.folder / "far", case.kept, ref="far", reports=[episode])
    match_people()
    with builders.role("none"):
        raise_due()
        answer_for_concerns()
    meeting, invited = room.held("childrens_home", agencies=("surrey",))
    case.sent("education")
    room.write(meeting)
    for invitation in invited.values():
        room.share(meeting, invitation)
    room.give(meeting, "surrey")
    with builders.seen_by(case.lead) as viewpoint:
        about, day = case.mention(), timezone.localdate() + timedelta(days=14)
        said = dict.fromkeys(plan_parts(), "said-plan of Toby Winterbourne")
        open_plan(about=about, said=said, review_on=day, reason="At risk.", viewpoint=viewpoint)
        answers = {each.id: Answer(Tristate.NO) for each in newest().questions}
        asked = {each.id: "essex" for each in newest().domains}
        screened = Said(Stage.FIRST, answers, asked, 15, "“Call me Tobz Winterbourne.”", "As the answers say.")
        screen_person(about=about, said=screened, stood=0, viewpoint=viewpoint)
        missing = case.mention("KENT/missing")
        told = {"text": "said-told: Winterbourne was driven there.", "told_to": "An officer"}
        disclose(episode=missing, told_at=timezone.now(), viewpoint=viewpoint, **told)
        kept = {"text": "said-trigger Winterbourne", "reason": "Often.", "stood": 0}
        save_plan(episode=missing, review_on=day, viewpoint=viewpoint, **kept)
    second = builders.enrolled("essex-second", agency="essex", roles=[Role.INFORMATION_MANAGER])
    desk.people["essex-second"] = second
    return Known(case, room, desk, meeting, second)


def asked_of(known: Known, viewer: Viewer) -> list[Standing]:
    """What somebody is asked to destroy."""
    with known.case.builders.seen_by(viewer) as viewpoint:
        return [each for each in recalls(viewpoint) if each.is_of(viewpoint)]
