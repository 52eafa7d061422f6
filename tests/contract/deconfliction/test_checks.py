"""Checks across the wall: who is told what, and that silence cannot be told from nobody's being there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.approvals import decide
from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.deconfliction import checking
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Answered, Asked, Why, ask_check, ask_checks
from crossline.deconfliction.files import CheckFile, as_rows, check_file, read_check_file
from crossline.deconfliction.inbox import asked_about, met
from crossline.deconfliction.measures import of_own_agency, overall, trying_out
from crossline.deconfliction.models import Check, CheckOutcome, Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.resolving import outcomes_of, record_outcome
from crossline.deconfliction.rules import CHECKS_AN_HOUR, FILE_ROWS_ALONE, HUB_AGENCIES, AnswerLevel, Resolution
from crossline.errors import FileUnreadable, MoveNotAllowed, NotPermitted, SelectorUnreadable, TooMuchAtOnce, UserError
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record
from crossline.records.restriction import lift, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
NUMBER = "07700 900321#0001"
WHY = Why("before a warrant", "Operation Larch", "Larch desk, 07700 900100", 91)
LONG = FILE_ROWS_ALONE + 20
HOST = {"host": "localhost"}
FORCES = ("kent", "essex", "surrey", "norfolk", "suffolk", "sussex", "hampshire", "metropolitan")


class Forces:
    """People of several forces, their investigations, and what they say."""

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


def test_a_check_is_answered_as_its_owner_set_it_and_both_sides_are_told(forces: Forces) -> None:
    record = forces.investigates("essex", f"phone:{NUMBER};vrm:AB12 CDE;postcode:TN34 1AA")
    assert Pointer.objects.count() == 2, "a postcode is a street, and points at nobody"
    assert forces.asks("kent").told == (), "who has said nothing is silent"
    forces.answers("essex", AnswerLevel.CONTACT)
    forces.answers("essex", AnswerLevel.CONTACT_AND_CATEGORY, record=record, word="violence")
    made = forces.asks("kent", "+44 7700 900321#0001")
    assert [(each.agency, each.contact, each.category) for each in made.told] == [("essex", "essex desk", "violence")]
    assert re.fullmatch(r"D(-[0-9A-HJKMNP-TV-Z]{4}){3}", made.number)
    told = forces.told("essex")
    assert {(each.agency, each.contact, each.purpose, each.record) for each in told} == {
        ("kent", WHY.contact, WHY.purpose, record)
    }
    assert len(told) == 2
    since = [(each.agency, each.contact) for each in forces.met("kent")]
    assert since == [("essex", "essex desk")] * 2, "both checks stand, the first of which was answered with nothing"
    forces.answers("essex", AnswerLevel.SILENT, record=record)
    assert forces.asks("kent").told == () and forces.met("kent") == []
    assert forces.asks("essex").told == (), "one's own work is no meeting"
    audited = AuditEvent.objects.filter(event="deconfliction_checked").values_list(
        "actor", "detail__number", "detail__met"
    )
    assert (f"kent.{Role.ANALYST}", made.number, 1) in set(audited) and len(audited) == 4
    assert forces.builders.tables_holding("900321") == ["deconfliction_check", "records_mention", "records_record"]


def test_silence_changes_not_one_byte_of_what_the_asker_can_read(forces: Forces) -> None:
    """The same check in two worlds that differ in a silent investigation; and whoever is silent is told who asked."""

    def all_that_kent_reads() -> list[bytes]:
        with (
            patch.object(checking, "uuid4", lambda: UUID(int=11)),
            patch.object(checking, "receipt_number", lambda prefix: f"{prefix}-AAAA-AAAA-AAAA"),
        ):
            asked = forces.page(
                *("kent", "/deconfliction"),
                scheme="phone", value=NUMBER, purpose="p", operation="o", contact="c", stands="28",
            )  # fmt: skip
        check = asked.headers["location"]
        pages = [
            forces.page("kent", each)
            for each in ("/deconfliction", check, "/deconfliction/hubs", "/deconfliction/figures")
        ]
        assert b"Nobody that you may be told of" in pages[1].content
        with forces.seen_by("kent"), connection.cursor() as cursor:
            told: list[Any] = []
            for table in ("check", "checkoutcome", "answersetting"):
                cursor.execute(f"SELECT to_jsonb(t) - 'asked_at' - 'audience_id' FROM deconfliction_{table} t")
                told += cursor.fetchall()
        with forces.seen_by("kent", Role.AUDITOR):
            told += AuditEvent.objects.filter(event="deconfliction_checked").values_list("subject", "detail")
        bodies = [re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|\d\d:\d\d', b"", each.content) for each in pages]
        return [check.encode(), *bodies, repr(told).encode(), repr(forces.met("kent")).encode()]

    forces.of("kent"), forces.of("kent", Role.AUDITOR)
    worlds = []
    for silent in (False, True):
        with transaction.atomic():
            if silent:
                forces.investigates("essex", f"phone:{NUMBER}")
            worlds.append(all_that_kent_reads())
            if silent:
                assert [each.number for each in forces.told("essex")] == ["D-AAAA-AAAA-AAAA"]
            transaction.set_rollback(True)
        forces.people.pop(("essex", Role.ANALYST), None)
    assert worlds[0] == worlds[1]


def test_twenty_planted_overlaps_alert_both_owners_and_leak_nothing(forces: Forces) -> None:
    """Every investigation has a number that one other force's has, and one of its own; each force is told of its partners."""
    pairs = list(combinations(FORCES[:7], 2))[:20]
    of: dict[str, list[str]] = {agency: [] for agency in FORCES[:7]}
    for place, pair in enumerate(pairs):
        for agency in pair:
            of[agency].append(f"07700 900{200 + place}#0001")
    for place, (agency, numbers) in enumerate(of.items()):
        own = f"07700 900{900 + place}#0001"
        forces.investigates(
            agency, ";".join(f"phone:{each}" for each in (*numbers, own)), name=f"Operation Secret{agency}"
        )
    assert not any(forces.met(agency) for agency in of), "nobody has said anything yet"
    for agency in of:
        forces.answers(agency, AnswerLevel.CONTACT)
    alerts = {agency: {(each.agency, each.contact) for each in forces.met(agency)} for agency in of}
    for left, right in pairs:
        assert (right, f"{right} desk") in alerts[left] and (left, f"{left} desk") in alerts[right]
    assert sum(map(len, alerts.values())) == 2 * len(pairs) == 40, "nobody is told of anybody else"
    for agency in of:
        page = forces.page(agency, "/deconfliction").content.decode()
        for other in of:
            assert (f"Secret{other}" in page) is False
        assert not re.search(r"07700 900[29]\d\d", page), "no number of anybody's stands there"


def test_what_points_follows_the_record(forces: Forces) -> None:
    """A later revision, closing, restriction, compartment, running out, another round, going."""
    forces.answers("essex", AnswerLevel.CONTACT)
    record = forces.investigates("essex", f"phone:{NUMBER}")
    first = Pointer.objects.get()
    assert make_pointers() == 0 and make_pointers(full=True) == 1
    assert Pointer.objects.get().made_at == first.made_at != Pointer.objects.get().id
    record = forces.investigates("essex", f"phone:{NUMBER};vrm:AB12 CDE")
    assert {each.record_id for each in Pointer.objects.all()} == {record} and Pointer.objects.count() == 2
    assert len(forces.asks("kent", "ab12cde", "vrm").told) == 1
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        restrict(record=record, reason="disputed", viewpoint=viewpoint)
    assert forces.asks("kent").told == () and not Pointer.objects.exists()
    make_pointers(full=True)
    assert not Pointer.objects.exists()
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        lift(record=record, reason="settled", viewpoint=viewpoint)
    assert make_pointers() == 2 and len(forces.asks("kent").told) == 1
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        made = open_compartment(kind=CompartmentKind.OPERATION, name="Covert", reason="covert", viewpoint=viewpoint)
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        put_in(record=record, compartment=made.id, reason="covert", viewpoint=viewpoint)
    asked = forces.asks("kent")
    assert asked.told == () and forces.told("essex") == [], "whoever does not belong to it is not told either"
    with forces.seen_by("essex", Role.INFORMATION_MANAGER) as viewpoint:
        assert asked.number in {each.number for each in asked_about(viewpoint)}
        with pytest.raises(NotPermitted):
            set_answer(level=AnswerLevel.CONTACT, contact="x", category="", record=UUID(int=3), viewpoint=viewpoint)
    Record.objects.get(id=record).delete()
    forces.investigates("surrey", f"phone:{NUMBER}", status="closed", closed="2026-02-01")
    assert not Pointer.objects.exists()
    gone = forces.investigates("norfolk", f"phone:{NUMBER}")
    assert len(forces.told("norfolk")) > 1
    Pointer.objects.filter(record=gone).update(until=timezone.localdate() - timedelta(days=1))
    assert forces.told("norfolk") == [] and make_pointers() == 0
    assert not Pointer.objects.exists()


def test_a_hub_names_nobody_and_rings_nobody(forces: Forces) -> None:
    for agency in FORCES[: HUB_AGENCIES + 1]:
        forces.investigates(agency, f"phone:{NUMBER}")
        forces.answers(agency, AnswerLevel.CONTACT)
    forces.answers("kent", AnswerLevel.SILENT)
    before = forces.asks("metropolitan")
    assert len(before.told) == HUB_AGENCIES, "whoever is silent makes no hub"
    forces.answers("kent", AnswerLevel.CONTACT)
    asked = forces.asks("metropolitan")
    assert asked.told == () and Check.objects.get(id=asked.id).body == "hub"
    assert all(each.hub and not each.agency for each in forces.met("kent")) and forces.told("kent") == []
    assert b"OP-7" in forces.page("kent", "/deconfliction/hubs").content
    assert b"a hostel" in forces.page("metropolitan", f"/deconfliction/checks/{asked.id}").content


def test_either_side_records_what_became_of_it_and_silence_stays_silent(forces: Forces) -> None:
    forces.investigates("essex", f"phone:{NUMBER}")
    check = forces.asks("kent").id
    address = f"/deconfliction/checks/{check}"
    assert forces.page("surrey", address).status_code == 404
    with pytest.raises(NotPermitted):
        forces.resolves("kent", check, "essex", Resolution.JOINT)  # whom they were not told of
    with pytest.raises(NotPermitted):
        forces.resolves("surrey", check, "surrey", Resolution.JOINT)
    silent = forces.resolves("essex", check, "essex", Resolution.NO_CONFLICT)
    with forces.seen_by("kent") as viewpoint:
        assert outcomes_of(viewpoint, check) == []
    forces.answers("essex", AnswerLevel.CONTACT)
    assert b"It has met since" in forces.page("kent", address).content
    made = forces.resolves("kent", check, "essex", Resolution.FALSE_MATCH)
    with pytest.raises(MoveNotAllowed):
        forces.resolves("essex", check, "essex", Resolution.JOINT, stood=silent)
    with pytest.raises(MoveNotAllowed):
        forces.resolves("essex", check, "essex", Resolution.FALSE_MATCH, stood=made)
    said = {"other": "essex", "state": "joint", "note": "Agreed by telephone.", "stood": str(made)}
    assert forces.page("essex", address, **said).status_code == 302
    for agency in ("kent", "essex"):
        page = forces.page(agency, address).content.decode()
        assert "A joint operation" in page and "Agreed by telephone." in page
        assert (WHY.operation in page) is (agency == "kent"), "the operation is the asker's own"
    CheckOutcome.objects.update(asked_at=timezone.now() - timedelta(hours=5))
    for agency, resolved in (("kent", 1), ("essex", 1), ("surrey", 0)):
        with forces.seen_by(agency) as viewpoint:
            measured = of_own_agency(viewpoint)
            assert (measured.resolved, measured.precision) == (resolved, 1.0 if resolved else None)
            assert overall(viewpoint) is None
    with forces.seen_by("nclcc") as viewpoint:
        whole = overall(viewpoint)
    assert whole is not None and (whole.checks, whole.resolved) == (1, 1) and 4.9 < (whole.hours or 0) < 5.2
    assert b"100.0%" in forces.page("nclcc", "/deconfliction/figures").content


def test_who_may_ask_and_how_often(forces: Forces) -> None:
    for scheme, value in (("postcode", "TN34 1AA"), ("phone", "unknown"), ("address", "TN34 1AA")):
        with pytest.raises(SelectorUnreadable):
            Asked.read(scheme, value)
    with pytest.raises(UserError):
        Why("", "o", "c", 91)
    with forces.seen_by("kent", Role.AUDITOR) as viewpoint, pytest.raises(NotPermitted):
        ask_check(asked=Asked.read("phone", NUMBER), why=WHY, viewpoint=viewpoint)
    many = [{"id": str(UUID(int=each)), "tokens": ["0" * 32] * 65} for each in range(1)]
    for tried in ("[]", json.dumps(many), json.dumps([{"id": str(UUID(int=1)), "tokens": ["00"]}])):
        with forces.seen_by("kent"), pytest.raises(ProgrammingError), transaction.atomic():
            checking._looked_up(tried, WHY, False, None)
    for _ in range(CHECKS_AN_HOUR):
        forces.asks("kent", "AB12 CDE", "vrm")
    with pytest.raises(TooMuchAtOnce):
        forces.asks("kent", "AB12 CDE", "vrm")
    with forces.seen_by("kent", Role.AUDITOR) as viewpoint:
        assert [(each.who, each.asked, each.missed) for each in trying_out(viewpoint)] == [("kent.analyst", 60, 60)]
    assert b"kent.analyst" in forces.page("kent", "/deconfliction/figures", Role.AUDITOR).content
    assert forces.page("kent", "/deconfliction", Role.AUDITOR).status_code == 404
    with forces.seen_by("kent", Role.INVESTIGATOR) as viewpoint, pytest.raises(NotPermitted):
        set_answer(level=AnswerLevel.SILENT, contact="", category="", viewpoint=viewpoint)


def test_a_long_file_needs_a_second_person_and_a_bad_row_says_why(forces: Forces, tmp_path: Path) -> None:
    forces.investigates("essex", "phone:07700 900123#0000;vrm:AB12 CDE")
    forces.answers("essex", AnswerLevel.CONTACT)
    path = tmp_path / "values.csv"

    def given(rows: list[str]) -> CheckFile:
        path.write_text("scheme,value,note\n" + "\n".join(rows), encoding="utf-8")
        return read_check_file(path)

    file = given(
        ["phone,07700 900123#0000,", "Phone,+44 7700 900123#0000,again", "postcode,TN34 1AA,", "vrm,?,", "vrm,AB12 CDE"]
    )
    with forces.seen_by("kent") as viewpoint:
        rows = list(as_rows(check_file(file=file, why=WHY, viewpoint=viewpoint)))
    assert [row[4] for row in rows] == ["essex", "essex", "", "", "essex"]
    assert rows[0][3] == rows[1][3] != rows[4][3] and Check.objects.count() == 2, "what means the same is asked once"
    assert ["cannot be" in str(row[8]) for row in rows] == [False, False, False, True, False] and "not a kind" in str(
        rows[2][8]
    )
    long = given([f"phone,07700 900{each % 1000:03}#{each // 1000:04}," for each in range(LONG)])
    with forces.seen_by("kent") as viewpoint:
        waits = check_file(file=long, why=WHY, viewpoint=viewpoint).waits_for
        assert waits is not None and Check.objects.count() == 2
        with pytest.raises(TooMuchAtOnce):
            ask_checks(asked=list(long.asked.values()), why=WHY, viewpoint=viewpoint)
    with forces.seen_by("kent") as viewpoint, pytest.raises(ProgrammingError), transaction.atomic():
        ask_checks(asked=list(long.asked.values())[:9], why=WHY, viewpoint=viewpoint, approval=waits)
    with forces.seen_by("kent", Role.INFORMATION_MANAGER) as viewpoint:
        decide(approval=waits, approved=True, note="", viewpoint=viewpoint)
    assert forces.page("kent", f"/approvals/{waits}", Role.INFORMATION_MANAGER).status_code == 200
    with forces.seen_by("kent") as viewpoint:
        answer = check_file(file=long, why=WHY, viewpoint=viewpoint, approval=waits)
    assert sum(bool(answered and answered.told) for _, answered in answer.rows) == 1 and len(answer.rows) == LONG
    with forces.seen_by("kent") as viewpoint, pytest.raises(MoveNotAllowed):
        check_file(file=long, why=WHY, viewpoint=viewpoint, approval=waits)
    for wrong in ("scheme\nphone", "", "scheme,value\n"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(FileUnreadable):
            read_check_file(path)


def test_the_functions_give_these_columns_and_no_others() -> None:
    """The register of designed signals, docs/architecture.md, has the same words."""
    expected = {
        "crossline_deconflict": "asked uuid, agency text, contact text, category text, sure smallint",
        "crossline_deconflict_asked": "asked uuid, number text, agency text, contact text, purpose text, kind text, "
        "scheme text, at timestamp with time zone, record uuid, own uuid, sure smallint",
        "crossline_deconflict_met": "record uuid, own uuid, scheme text, agency text, contact text, category text, "
        "since timestamp with time zone, hub boolean, sure smallint",
        "crossline_event_check": "agency text, contact text, category text, nearness text",
        "crossline_events_asked": "asked uuid, number text, agency text, contact text, purpose text, kind text, "
        "scheme text, at timestamp with time zone, record uuid, own uuid, nearness text",
        "crossline_events_met": "record uuid, own uuid, scheme text, agency text, contact text, category text, "
        "since timestamp with time zone, hub boolean, nearness text",
        "crossline_deconflict_counts": "state text, number bigint, median_hours double precision",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, pg_get_function_result(oid) FROM pg_proc "
            "WHERE proname ~ '^crossline_(deconflict|event)' AND proretset"
        )
        assert dict(cursor.fetchall()) == {name: f"TABLE({columns})" for name, columns in expected.items()}
    register = Path("docs/architecture.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in register for name in expected)
