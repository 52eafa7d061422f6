"""Checks across the wall: who is told what, and that silence cannot be told from nobody's being there."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.deconfliction import checking
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Asked, Why, ask_check
from crossline.deconfliction.measures import trying_out
from crossline.deconfliction.models import Check, Pointer
from crossline.deconfliction.rules import CHECKS_AN_HOUR, HUB_AGENCIES, AnswerLevel
from crossline.errors import NotPermitted, SelectorUnreadable, TooMuchAtOnce, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
FORCES = ("kent", "essex", "surrey", "norfolk", "suffolk", "sussex", "hampshire", "metropolitan")


def test_a_check_is_answered_as_its_owner_set_it_and_both_sides_are_told(forces: Any) -> None:
    record = forces.investigates("essex", f"phone:{forces.number};vrm:AB12 CDE;postcode:TN34 1AA")
    assert Pointer.objects.count() == 2, "a postcode is a street, and points at nobody"
    assert forces.asks("kent").told == (), "who has said nothing is silent"
    forces.answers("essex", AnswerLevel.CONTACT)
    forces.answers("essex", AnswerLevel.CONTACT_AND_CATEGORY, record=record, word="violence")
    made = forces.asks("kent", "+44 7700 900321#0001")
    assert [(each.agency, each.contact, each.category) for each in made.told] == [("essex", "essex desk", "violence")]
    assert re.fullmatch(r"D(-[0-9A-HJKMNP-TV-Z]{4}){3}", made.number)
    told = forces.told("essex")
    assert {(each.agency, each.contact, each.purpose, each.record) for each in told} == {
        ("kent", forces.why.contact, forces.why.purpose, record)
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


def test_silence_changes_not_one_byte_of_what_the_asker_can_read(forces: Any) -> None:
    """The same check in two worlds that differ in a silent investigation; and whoever is silent is told who asked."""

    def all_that_kent_reads() -> list[bytes]:
        with (
            patch.object(checking, "uuid4", lambda: UUID(int=11)),
            patch.object(checking, "receipt_number", lambda prefix: f"{prefix}-AAAA-AAAA-AAAA"),
        ):
            asked = forces.page(
                *("kent", "/deconfliction"),
                scheme="phone", value=forces.number, purpose="p", operation="o", contact="c", stands="28",
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
                forces.investigates("essex", f"phone:{forces.number}")
            worlds.append(all_that_kent_reads())
            if silent:
                assert [each.number for each in forces.told("essex")] == ["D-AAAA-AAAA-AAAA"]
            transaction.set_rollback(True)
        forces.people.pop(("essex", Role.ANALYST), None)
    assert worlds[0] == worlds[1]


def test_twenty_planted_overlaps_alert_both_owners_and_leak_nothing(forces: Any) -> None:
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


def test_a_hub_names_nobody_and_rings_nobody(forces: Any) -> None:
    for agency in FORCES[: HUB_AGENCIES + 1]:
        forces.investigates(agency, f"phone:{forces.number}")
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


def test_who_may_ask_and_how_often(forces: Any) -> None:
    for scheme, value in (("postcode", "TN34 1AA"), ("phone", "unknown"), ("address", "TN34 1AA")):
        with pytest.raises(SelectorUnreadable):
            Asked.read(scheme, value)
    with pytest.raises(UserError):
        Why("", "o", "c", 91)
    with forces.seen_by("kent", Role.AUDITOR) as viewpoint, pytest.raises(NotPermitted):
        ask_check(asked=Asked.read("phone", forces.number), why=forces.why, viewpoint=viewpoint)
    fine = {"token": "0" * 32, "sure": 1}
    for tokens in (None, [], [fine] * 65, [fine | {"token": "00"}], [fine | {"sure": 4}], [{"token": "0" * 32}]):
        tried = json.dumps([{"id": str(UUID(int=1)), "tokens": tokens}] if tokens is not None else [])
        with forces.seen_by("kent"), pytest.raises(ProgrammingError), transaction.atomic():
            checking._looked_up(tried, forces.why, False, None)
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
