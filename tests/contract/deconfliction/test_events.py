"""Planned events across the wall: who is told of whom, that the database judges nearness as the engine does, and silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.deconfliction import events
from crossline.deconfliction.checking import Answered, Asked, Reason, Why, ask_check
from crossline.deconfliction.events import Planned, call_off_event, events_of, register_event, within_the_agency
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.models import Check
from crossline.deconfliction.models import PlannedEvent as EventRow
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.resolving import record_outcome
from crossline.deconfliction.rules import CHECKS_AN_HOUR, AnswerLevel, CheckKind, Resolution
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, Point
from crossline.errors import NotPermitted, TooMuchAtOnce, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
REASON = Reason("two doors at once", "Operation Rowan", "Rowan desk, 07700 900100")
HASTINGS = Point(50.8554, 0.5730)
HOST = {"host": "localhost"}


def planned(
    *,
    north: float = 0,
    hours: float = 24,
    kind: EventKind = EventKind.WARRANT,
    level: AnswerLevel = AnswerLevel.CONTACT,
) -> Planned:
    """An hour's event so many metres north of a place, so many hours from now."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    point = Point(HASTINGS.lat + north / 111_195, HASTINGS.lon)
    return Planned(PlannedEvent(kind, point, start, start + timedelta(hours=1)), "TQ 812 094", level)


class Forces:
    """People of several forces who register events."""

    def __init__(self, builders: Any) -> None:
        self.builders = builders
        self.people: dict[str, Any] = {}

    def seen_by(self, agency: str) -> Any:
        if agency not in self.people:
            self.people[agency] = self.builders.enrolled(f"{agency}.x", agency=agency, roles=(Role.INVESTIGATOR,))
        return self.builders.seen_by(self.people[agency])

    def plans(self, agency: str, **said: Any) -> Answered:
        with self.seen_by(agency) as viewpoint:
            return register_event(planned=planned(**said), reason=REASON, viewpoint=viewpoint)

    def told(self, agency: str) -> list[tuple[str, str, str]]:
        """Who asked near what this agency planned: (agency, contact, nearness)."""
        with self.seen_by(agency) as viewpoint:
            return [(each.agency, each.contact, each.nearness) for each in asked_about(viewpoint)]

    def met(self, agency: str) -> list[tuple[str, str, str]]:
        with self.seen_by(agency) as viewpoint:
            return [(each.agency, each.category, each.nearness) for each in met(viewpoint)]

    def page(self, agency: str, address: str, **said: str) -> Any:
        with self.seen_by(agency):
            pass
        client = Client()
        with self.builders.role("crossline_web"):
            client.force_login(Person.objects.get(id=self.people[agency].person_id))
            return client.post(address, said, headers=HOST) if said else client.get(address, headers=HOST)


@pytest.fixture
def forces(builders: Any) -> Forces:
    return Forces(builders)


def test_two_forces_at_one_place_hear_of_each_other_and_nobody_else_does(forces: Forces) -> None:
    first = forces.plans("kent", level=AnswerLevel.CONTACT_AND_CATEGORY, kind=EventKind.TEST_PURCHASE)
    assert first.told == () and re.fullmatch(r"D(-[0-9A-HJKMNP-TV-Z]{4}){3}", first.number)
    assert forces.plans("surrey", north=1_100).told == ()
    second = forces.plans("essex", north=250, hours=25.5)
    said = [(each.agency, each.contact, each.category, each.nearness) for each in second.told]
    assert said == [
        ("kent", REASON.contact, "test_purchase", "conflict"),
        ("surrey", REASON.contact, "", "awareness"),
    ]
    assert forces.told("kent") == [("essex", REASON.contact, "conflict")]
    assert forces.met("kent") == [("essex", "", "conflict")]
    assert forces.met("essex") == [("kent", "test_purchase", "conflict"), ("surrey", "", "awareness")]
    assert forces.told("essex") == [], "the earlier ones asked before there was anything of theirs"
    assert forces.told("norfolk") == forces.met("norfolk") == []
    kept = Check.objects.get(id=second.id)
    assert kept.kind == CheckKind.EVENT and kept.body == "met" and len(kept.answer) == 2
    receipt = forces.page("essex", f"/deconfliction/checks/{second.id}").content.decode()
    assert (
        "In each other&#39;s way" in receipt and "Rowan desk" in receipt and "near it: ring before you act" in receipt
    )
    theirs = forces.page("kent", f"/deconfliction/checks/{second.id}").content.decode()
    assert "two doors at once" in theirs and "Operation Rowan" not in theirs and "TQ 812" not in theirs
    assert forces.page("norfolk", f"/deconfliction/checks/{second.id}").status_code == 404
    with forces.seen_by("kent") as viewpoint:
        outcome = {"state": Resolution.JOINT, "note": "", "stood": None}
        record_outcome(check=second.id, other="kent", viewpoint=viewpoint, **outcome)
    assert "A joint operation" in forces.page("essex", f"/deconfliction/checks/{second.id}").content.decode()
    with forces.seen_by("surrey") as viewpoint, pytest.raises(NotPermitted):
        record_outcome(check=first.id, other="surrey", viewpoint=viewpoint, **outcome)
    assert AuditEvent.objects.filter(event="deconfliction_checked", detail__scheme="event").count() == 3


def test_silence_is_kept_from_whoever_comes_later_and_from_nobody_who_was_there(forces: Forces) -> None:
    """The same answer, receipt and page with a silent event there and without one."""

    def read() -> list[bytes]:
        with (
            patch.object(events, "uuid4", lambda: UUID(int=12)),
            patch.object(events, "receipt_number", lambda prefix: f"{prefix}-AAAA-AAAA-AAAA"),
        ):
            made = forces.plans("kent")
        assert made.told == ()
        pages = [forces.page("kent", each) for each in ("/deconfliction/events", f"/deconfliction/checks/{made.id}")]
        assert b"Nobody that you may be told of plans anything near it" in pages[1].content
        bodies = [re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|\d\d:\d\d', b"", each.content) for each in pages]
        return [*bodies, repr(forces.met("kent") + forces.told("kent")).encode()]

    with forces.seen_by("kent"):
        pass
    worlds = []
    for silent in (False, True):
        with transaction.atomic():
            if silent:
                forces.plans("essex", level=AnswerLevel.SILENT)
            worlds.append(read())
            if silent:
                assert forces.told("essex") == [("kent", REASON.contact, "conflict")]
                assert forces.met("essex") == [("kent", "", "conflict")]
            transaction.set_rollback(True)
        forces.people.pop("essex", None)
    assert worlds[0] == worlds[1]
    forces.plans("essex")
    forces.plans("kent", level=AnswerLevel.SILENT)
    assert forces.told("essex") == [("kent", REASON.contact, "conflict")], "whoever was there is told who asked"
    assert forces.met("essex") == []


def test_whoever_registers_later_stands_on_the_earlier_ones_page_whatever_they_chose(forces: Forces) -> None:
    first = forces.plans("kent", level=AnswerLevel.SILENT)
    address = f"/deconfliction/checks/{first.id}"
    assert "Ring before you act" not in forces.page("kent", address).content.decode()
    later = [forces.plans("essex", level=AnswerLevel.SILENT), forces.plans("surrey", north=700)]
    mine = forces.page("kent", address).content.decode()
    assert "Others registered something near it since" in mine and "Ring before you act" in mine
    assert all(each.number in mine for each in later) and "It has met since" not in mine
    assert 'name="state"' not in mine, "what becomes of it is recorded on the later one's check, and once"
    assert later[0].number not in forces.page("surrey", f"/deconfliction/checks/{later[1].id}").content.decode()
    with pytest.raises(UserError, match="more than a year ahead"):
        forces.plans("kent", hours=24 * 400)
    far = dict(events._as_stored(planned(hours=24 * 400), UUID(int=5)))
    with forces.seen_by("kent"), connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute("SELECT crossline_event_check(%s, 'n', 'v', 'p', 'o', 'c')", [json.dumps(far)])


def test_what_is_called_off_or_over_meets_nobody_and_is_forgotten(forces: Forces) -> None:
    first = forces.plans("kent")
    with forces.seen_by("essex") as viewpoint, pytest.raises(NotPermitted):
        call_off_event(check=first.id, viewpoint=viewpoint)
    assert forces.page("essex", f"/deconfliction/events/{first.id}/call-off").status_code == 404
    asked = forces.page("kent", f"/deconfliction/events/{first.id}/call-off")
    assert b"Call off this event?" in asked.content
    assert forces.page("kent", f"/deconfliction/events/{first.id}/call-off", sure="yes").status_code == 302
    assert b"Called off" in forces.page("kent", f"/deconfliction/checks/{first.id}").content
    assert forces.plans("essex").told == () and forces.told("kent") == []
    assert [each.event for each in AuditEvent.objects.filter(event="event_called_off")] == ["event_called_off"]
    late = forces.plans("kent", hours=-30)
    EventRow.objects.filter(asked=late.id).update(forgotten_at=timezone.now() - timedelta(minutes=1))
    assert forces.plans("essex", hours=-30).told == ()
    make_pointers()
    assert not EventRow.objects.filter(asked=late.id).exists() and Check.objects.filter(id=late.id).exists()
    with pytest.raises(UserError, match="over more than two days ago"):
        forces.plans("kent", hours=-50)


def test_what_is_asked_is_limited_and_the_wall_holds_beneath_the_pages(forces: Forces) -> None:
    forces.plans("kent")
    with forces.seen_by("essex") as viewpoint, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM deconfliction_plannedevent")
        assert cursor.fetchone() == (0,)
        for statement in (
            "INSERT INTO deconfliction_plannedevent SELECT * FROM deconfliction_plannedevent",
            "SELECT crossline_event_nearness(e, e) FROM deconfliction_plannedevent e",
            "SELECT crossline_event_check('{}', 'n', 'v', 'p', 'o', 'c')",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(statement)
        why = Why(REASON.purpose, REASON.operation, REASON.contact, 28)
        for _ in range(CHECKS_AN_HOUR - 1):
            ask_check(asked=Asked.read("phone", "07700 900321"), why=why, viewpoint=viewpoint)
    forces.plans("essex")
    with pytest.raises(TooMuchAtOnce):
        forces.plans("essex")


def test_ones_own_agency_collides_as_well(forces: Forces) -> None:
    first, second = forces.plans("kent"), forces.plans("kent", north=100, hours=26)
    forces.plans("kent", hours=80)
    assert second.told == ()
    with forces.seen_by("kent") as viewpoint:
        found = within_the_agency(events_of(viewpoint))
    assert {check: [(other.asked_id, str(near)) for other, near in others] for check, others in found.items()} == {
        first.id: [(second.id, "conflict")],
        second.id: [(first.id, "conflict")],
    }
    assert first.number in forces.page("kent", f"/deconfliction/checks/{second.id}").content.decode()
    assert "1 of your own agency" in forces.page("kent", "/deconfliction/events").content.decode()
