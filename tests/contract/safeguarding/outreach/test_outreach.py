"""Outreach after a closure: agreed before anything is sent, counted and never named; nobody is recorded for having rung."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client

from crossline.access.audit import Process
from crossline.access.models import AuditEvent, Person
from crossline.access.partners import add_partner
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Mention, Record
from crossline.rhythm import refresh
from crossline.safeguarding.models import Concern
from crossline.safeguarding.outreach.messages import messages
from crossline.safeguarding.outreach.models import Outreach, OutreachState, OutreachStep
from crossline.safeguarding.outreach.planning import move_outreach, plan_outreach
from crossline.safeguarding.outreach.standing import outreach_of, outreaches
from crossline.vocabulary.agencies import PartnerKind

pytestmark = pytest.mark.django_db
PHONE = {"key": "t1", "kind": "phone", "number": "07700 900123#0042"}
PLAN = {
    "partner": "partner-marrowmere-clinic",
    "message": "help",
    "service": "Marrowmere Clinic",
    "reach": "the door on Nowhere Lane, any morning",
    "places": "Hastings",
    "reason": "Closed this week.",
}


@dataclass
class Case:
    """The people at work, and what they do."""

    builders: ModuleType
    as_web: Any
    kent: Viewer
    analyst: Viewer
    nurse: Viewer
    other: Viewer
    closed: UUID
    active: UUID

    def plan(self, who: Viewer | None = None, **said: Any) -> Outreach:
        with self.builders.seen_by(who or self.kent) as viewpoint:
            return plan_outreach(**({"line": self.closed} | PLAN | said), viewpoint=viewpoint)

    def move(self, made: Outreach, state: OutreachState, who: Viewer, **said: Any) -> OutreachStep:
        said = {"stood": OutreachStep.objects.filter(outreach=made).count(), "words": "Done."} | said
        with self.builders.seen_by(who) as viewpoint:
            return move_outreach(outreach=made.id, state=state, viewpoint=viewpoint, **said)

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    lines = [builders.line(status="closed_type2"), builders.line(ref="MAX-1", name="Max", numbers="07700 900444#0002")]
    builders.sent(tmp_path / "lines", kept, lines=lines)
    for name, kind in (("Marrowmere Clinic", PartnerKind.HEALTH), ("Quillhaven Academy", PartnerKind.EDUCATION)):
        add_partner(name=name, short_name=name.split()[1], kind=kind, region="", by=Process("tests"))
    return Case(
        builders,
        as_web,
        kent=builders.enrolled("kent.safeguarding", roles=[Role.SAFEGUARDING]),
        analyst=builders.enrolled("kent.analyst"),
        nurse=builders.enrolled("marrowmere.nurse", agency="partner-marrowmere-clinic", roles=[Role.PARTNER]),
        other=builders.enrolled("quillhaven.teacher", agency="partner-quillhaven-academy", roles=[Role.PARTNER]),
        closed=Mention.objects.get(record__ref="LEO-1", kind="line").id,
        active=Mention.objects.get(record__ref="MAX-1", kind="line").id,
    )


def test_from_a_plan_to_its_end_each_side_makes_its_moves(case: Case) -> None:
    made = case.plan()
    assert made.text.endswith(messages().opt_out) and "Marrowmere Clinic" in made.text
    case.move(made, OutreachState.AGREED, case.nurse)
    case.move(made, OutreachState.SENT, case.kent, counts={"sent": 412, "undelivered": 31})
    case.move(made, OutreachState.COUNTED, case.nurse, counts={"opted_out": 20, "in_touch": 9})
    case.move(made, OutreachState.COUNTED, case.nurse, counts={"in_touch": 14, "began": 3})
    case.move(made, OutreachState.ENDED, case.kent)
    with case.builders.seen_by(case.nurse) as viewpoint:
        found = outreach_of(viewpoint, made.id)
    assert found is not None and found.state is OutreachState.ENDED
    assert found.counts == {"sent": 412, "undelivered": 31, "opted_out": 20, "in_touch": 14, "began": 3}
    assert AuditEvent.objects.filter(event__in=["outreach_planned", "outreach_moved"], subject=made.ref).count() == 6


def test_nothing_is_sent_that_the_health_partner_has_not_agreed_to(case: Case) -> None:
    made = case.plan()
    with pytest.raises(MoveNotAllowed, match="that is planned cannot become messages sent"):
        case.move(made, OutreachState.SENT, case.kent, counts={"sent": 1})
    case.move(made, OutreachState.DECLINED, case.nurse)
    with pytest.raises(MoveNotAllowed):
        case.move(made, OutreachState.SENT, case.kent, counts={"sent": 1})


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ({"partner": "partner-quillhaven-academy"}, UserError, "a health partner or a charity"),
        ({"message": "threat"}, UserError, "one of the messages"),
        ({"service": "x" * 300}, UserError, "may have 459"),
        ({"places": ""}, UserError, "Give the places"),
        ({"reason": " "}, UserError, "Say why"),
        ({"reason": "Ask whoever has 07700 900123."}, UserError, "names a number"),
    ],
)
def test_what_may_not_go_out_is_refused(
    case: Case, said: dict[str, Any], error: type[UserError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        case.plan(**said)
    assert not Outreach.objects.exists()


def test_it_follows_a_closure_and_is_planned_by_who_may(case: Case) -> None:
    with pytest.raises(MoveNotAllowed, match="not closed"):
        case.plan(line=case.active)
    with pytest.raises(NotPermitted, match="safeguarding people"):
        case.plan(case.analyst)
    with pytest.raises(MoveNotAllowed, match="not closed"), case.builders.seen_by(case.kent) as viewpoint:
        plan_outreach(line=UUID(int=7), viewpoint=viewpoint, **PLAN)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"in_touch": 3, "sent": 4}, "not counted here"),
        ({"sent": 100_001}, "between 0 and 100,000"),
        ({"undelivered": 3}, "how many messages were sent"),
        ({"people": 3, "sent": 4}, "not counted here"),
    ],
)
def test_only_what_is_asked_is_counted_by_whoever_it_is_asked_of(
    case: Case, counts: dict[str, int], sentence: str
) -> None:
    made = case.plan()
    case.move(made, OutreachState.AGREED, case.nurse)
    with pytest.raises(UserError, match=sentence):
        case.move(made, OutreachState.SENT, case.kent, counts=counts)
    with pytest.raises(UserError, match="names a number"):
        case.move(made, OutreachState.SENT, case.kent, counts={"sent": 4}, words="07700 900456 answered.")


@pytest.mark.parametrize(
    "counts", [{"sent": "07700 900123"}, {"07700900123": 1}, {"sent": -1}, {"sent": 7700900123}, [1]]
)
def test_the_database_keeps_counts_and_nothing_that_could_be_somebodys_number(case: Case, counts: Any) -> None:
    made = case.plan()
    step = OutreachStep(outreach=made, number=1, state="sent", counts=counts, words="x", by="engine", by_agency="nclcc")
    step.audience_id = made.audience_id
    with pytest.raises(DatabaseError, match="counts_are_counts"), transaction.atomic():
        step.save(force_insert=True)


def test_the_partner_reads_its_own_and_neither_the_line_nor_why(case: Case) -> None:
    made = case.plan()
    with case.builders.seen_by(case.nurse) as viewpoint:
        [found] = outreaches(viewpoint)
        assert found.outreach.ref == made.ref
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM records_mention")
            assert cursor.fetchone() == (0,)
    page = case.browse(case.nurse, f"/outreach/{made.id}").content.decode()
    assert "Hastings" in page and made.text.replace("’", "&#39;")[:20] in page
    assert "Leo" not in page and str(case.closed) not in page and PLAN["reason"] not in page
    assert case.browse(case.other, f"/outreach/{made.id}").status_code == 404
    assert made.ref not in case.browse(case.other, "/outreach").content.decode()
    assert made.ref in case.browse(case.nurse, "/outreach").content.decode()


def test_the_pages_walk_it_from_plan_to_counts(case: Case) -> None:
    asked = case.browse(case.kent, f"/outreach/lines/{case.closed}")
    assert asked.status_code == 200 and "Marrowmere Clinic" in asked.content.decode()
    assert "Quillhaven Academy" not in asked.content.decode()
    assert case.browse(case.kent, f"/outreach/lines/{case.active}").status_code == 404
    answer = case.browse(case.kent, f"/outreach/lines/{case.closed}", PLAN)
    made = Outreach.objects.get()
    assert answer.headers["Location"] == f"/outreach/{made.id}"
    case.browse(case.nurse, f"/outreach/{made.id}", {"state": "agreed", "stood": 0, "words": "Yes."})
    case.browse(case.kent, f"/outreach/{made.id}", {"state": "sent", "stood": 1, "words": "Out.", "sent": "1204"})
    assert "1,204" in case.browse(case.nurse, f"/outreach/{made.id}").content.decode()
    wrong = case.browse(case.nurse, f"/outreach/{made.id}", {"state": "counted", "stood": 1, "words": "x"})
    assert wrong.status_code == 422 and "Somebody else" in wrong.content.decode()
    refused = case.browse(case.kent, f"/outreach/lines/{case.closed}", PLAN | {"reason": "07700 900123 rang."})
    assert refused.status_code == 422 and "names a number" in refused.content.decode()


@pytest.mark.parametrize(
    ("who", "agency", "state"),
    [
        ("kent", "kent", "agreed"),
        ("nurse", "partner-marrowmere-clinic", "sent"),
        ("other", "partner-quillhaven-academy", "agreed"),
        ("analyst", "kent", "sent"),
    ],
)
def test_the_database_takes_a_step_of_the_side_whose_move_it_is_alone(
    case: Case, who: str, agency: str, state: str
) -> None:
    made, viewer = case.plan(), getattr(case, who)
    step = OutreachStep(outreach=made, number=1, state=state, words="x", by=viewer.username, by_agency=agency)
    step.audience_id = made.audience_id
    with case.builders.seen_by(viewer), pytest.raises(ProgrammingError), transaction.atomic():
        step.save(force_insert=True)


def test_whoever_rings_a_line_is_recorded_nowhere(case: Case, builders: Any, tmp_path: Path, kept: Path) -> None:
    """Call data of a line, taken in and worked on: no person, no telephone and no concern comes of a contact."""
    own = "07700 900123#0042"
    builders.sent(tmp_path / "own", kept, ref="OWN", reports=[builders.report(mentions=[PHONE])])
    before = set(Mention.objects.values_list("selector", flat=True))
    callers = [f"07700 900{600 + place % 40}#{place:04}" for place in range(200)]
    rows = [each | {"from": caller, "to": own} for each, caller in zip(builders.calls(200), callers, strict=True)]
    folder = builders.delivery(tmp_path / "data", ref="KENT-DATA")
    builders.write_communications(folder / "comms", rows=rows, said=builders.authorisation(numbers=[own]))
    builders.take(folder, kept)
    refresh(reach=builders.reach(kept), progress=lambda _: None)
    new = set(Mention.objects.values_list("selector", flat=True)) - before
    assert Record.objects.filter(kind="communications").exists(), "the set was taken in"
    assert new == set(), "and names nobody beyond the number that it was acquired for"
    assert not Mention.objects.filter(kind="person").exists() and not Concern.objects.exists()
