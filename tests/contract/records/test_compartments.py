"""A record is put into a compartment and taken out: what carries its audience follows, what rested on it is worked out anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from crossline.access.actions import intern_audience
from crossline.access.compartments.actions import admit, confirm_admission, open_compartment
from crossline.access.compartments.models import Compartment, CompartmentAdmission, CompartmentKind
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.audit.seeing import seeing
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.reading_sets import keep_with_set
from crossline.records.compartments.actions import put_in, standing_entry, take_out
from crossline.records.compartments.models import CompartmentEntry, CompartmentExit
from crossline.records.disposal import dispose
from crossline.records.intake.parsed import ParsedRecord
from crossline.records.models import Outcome, Record, Tombstone
from crossline.records.release_security import CARRIED
from crossline.records.releasing import ask_to_release
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due
from crossline.vocabulary.codes import Classification, Handling, RecordKind

from .releases import browse, labels, record, released
from .test_releasing import audiences, every_judgement_withdrawn, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WHY = "It tells who said so."


@pytest.fixture
def everybody(builders: Any, people: dict[str, Viewer]) -> dict[str, Viewer]:
    manager = (Role.INFORMATION_MANAGER,)
    return people | {"second": builders.enrolled("kent.second", roles=manager)}


@pytest.fixture
def vault(builders: Any, everybody: Any) -> UUID:
    """A compartment of Kent with two keepers."""
    with builders.seen_by(everybody["manager"]) as viewpoint:
        made = open_compartment(kind=CompartmentKind.SOURCE_VAULT, name="Vault", reason="Sources.", viewpoint=viewpoint)
    with builders.seen_by(everybody["manager"]) as viewpoint:
        admit(compartment=made.id, username="kent.second", keeper=True, reason="Sources.", viewpoint=viewpoint)
    return made.id


def put(builders: Any, everybody: Any, vault: UUID, ref: str = "kent/C", by: str = "manager") -> None:
    which = record(ref).id
    with builders.seen_by(everybody[by]) as viewpoint:
        put_in(record=which, compartment=vault, reason=WHY, viewpoint=viewpoint)


def taken(builders: Any, everybody: Any, ref: str = "kent/C", by: str = "second") -> None:
    which = record(ref).id
    with builders.seen_by(everybody[by]) as viewpoint:
        take_out(record=which, reason="It is known by now.", viewpoint=viewpoint)


def test_inside_it_is_there_for_those_who_belong_and_for_nobody_else(
    builders: Any, everybody: Any, vault: UUID
) -> None:
    before = {name: seen(builders, everybody[name]) for name in ("asker", "centre", "manager", "essex")}
    assert all("kent/only" in before[name]["exported"] for name in ("asker", "centre", "manager"))
    put(builders, everybody, vault, "kent/only")
    after = {name: seen(builders, everybody[name]) for name in before}
    assert after["manager"] == before["manager"]
    for name in ("asker", "centre"):
        assert "kent/only" not in after[name]["refs"] | after[name]["raw"] | after[name]["exported"], name
        assert "kent/only" not in after[name]["mentions"]
        assert after[name]["hits"] != before[name]["hits"]
    assert after["essex"] == before["essex"]
    taken(builders, everybody, "kent/only")
    assert {name: seen(builders, everybody[name]) for name in before} == before


def test_somebody_of_another_agency_sees_what_is_inside_and_nothing_else_of_the_owners(
    builders: Any, everybody: Any, vault: UUID
) -> None:
    before = seen(builders, everybody["essex"])
    put(builders, everybody, vault, "kent/only")
    with builders.seen_by(everybody["manager"]) as viewpoint:
        admission = admit(
            compartment=vault, username="essex.analyst", keeper=False, reason="Joint.", viewpoint=viewpoint
        ).id
    assert seen(builders, everybody["essex"]) == before
    with builders.seen_by(everybody["second"]) as viewpoint:
        confirm_admission(admission=admission, viewpoint=viewpoint)
    after = seen(builders, everybody["essex"])
    assert after["refs"] == after["raw"] == before["refs"] | {"kent/only"}
    assert after["mentions"] == {"kent/only", "essex/again"}


def test_every_row_that_carries_the_audience_follows_there_and_back(builders: Any, everybody: Any, vault: UUID) -> None:
    every_judgement_withdrawn(builders)
    raise_due()
    whole = intern_audience({f"compartment:{vault}"})
    before = audiences(builders)
    for ref in ("kent/C", "kent/own"):
        put(builders, everybody, vault, ref)
    inside = audiences(builders)
    own = {"records_compartmententry", "records_compartmentexit", "records_outcome"}  # the last has a test of its own
    moved = {key: audience for key, audience in inside.items() if audience != before.get(key) and key[0] not in own}
    assert set(moved.values()) == {whole}
    carried = {(each.table, each.column) for each in CARRIED}
    assert {key[:2] for key in moved} <= carried
    assert {key[:2] for key in moved} >= {
        *{(f"records_{table}", "audience_id") for table in ("record", "mention", "assertion", "searchtoken")},
        *{(f"entities_{table}", f"{end}_audience_id") for table in ("match", "judgement") for end in ("left", "right")},
    }
    for ref in ("kent/C", "kent/own"):
        taken(builders, everybody, ref)
    after = {key: audience for key, audience in audiences(builders).items() if key[0] not in own}
    assert after == {key: audience for key, audience in before.items() if key in after and key[0] not in own}


def concerns() -> set[tuple[str, str, frozenset[str]]]:
    return {
        (each.record.ref, each.reason, frozenset(each.audience.labels.values_list("key", flat=True)))
        for each in Concern.objects.select_related("record")
    }


def test_concerns_that_rested_on_it_go_at_once_and_are_raised_anew_for_those_who_belong(
    builders: Any, everybody: Any, vault: UUID
) -> None:
    raise_due()
    before = concerns()
    own = {each for each in before if each[0] == "kent/C"}
    assert own
    put(builders, everybody, vault)
    assert not {each for each in concerns() if each[0] == "kent/C"}, "until it is worked out anew"
    raise_due()
    label = f"compartment:{vault}"
    again = {each for each in concerns() if each[0] == "kent/C"}
    assert again and all(audience == {label} for _, _, audience in again)
    assert {each for each in concerns() if label not in each[2]} <= before
    taken(builders, everybody)
    raise_due()
    assert concerns() == before


def test_a_concern_that_rested_on_it_with_another_record_does_not_outlive_its_move(
    builders: Any, everybody: Any, vault: UUID, tmp_path: Path, kept: Path
) -> None:
    """Somebody lives at an address by one record, and the address was visited as cuckooed by another."""
    address = {
        "key": "a1",
        "kind": "address",
        "text": "9 Quay Row, Hastings",
        "postcode": "TN34 9QR",
        "premises": "dwelling",
    }
    tenant = builders.person(surname="Thistlewood", forename="Perdita", dob="1951-02-03")
    lives = {"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": "other"}
    reports = [
        builders.report("kent/tenant", handling="C", mentions=[tenant, address], assertions=[lives]),
        builders.report("kent/visit", kind="visit", handling="C", visit={"cuckooed": True}, mentions=[address]),
    ]
    builders.sent(tmp_path / "visited", kept, ref="2026-8", reports=reports)
    builders.worked_on()
    of_tenant = {each for each in concerns() if each[0] == "kent/tenant"}
    assert of_tenant
    put(builders, everybody, vault, "kent/visit")
    raise_due()
    assert not {each for each in concerns() if each[0] == "kent/tenant"}
    put(builders, everybody, vault, "kent/tenant")
    raise_due()
    inside = {each for each in concerns() if each[0] == "kent/tenant"}
    assert inside == {(ref, reason, frozenset({f"compartment:{vault}"})) for ref, reason, _ in of_tenant}
    taken(builders, everybody, "kent/visit")
    taken(builders, everybody, "kent/tenant")
    raise_due()
    assert {each for each in concerns() if each[0] == "kent/tenant"} == of_tenant


def test_a_revision_follows_and_nothing_that_is_said_of_it_goes_beyond(
    builders: Any, everybody: Any, vault: UUID, tmp_path: Path, kept: Path
) -> None:
    put(builders, everybody, vault, "OP-9")
    revised = builders.investigation("OP-9", name="Operation Sorrel")
    builders.sent(tmp_path / "revised", kept, ref="2026-7", investigations=[revised])
    assert Record.objects.filter(ref="OP-9").count() == 2
    for each in Record.objects.filter(ref="OP-9"):
        assert labels(each) == {f"compartment:{vault}"}
    builders.sent(tmp_path / "same", kept, ref="2026-8", investigations=[revised])
    told = Outcome.objects.get(delivery__ref="2026-8", outcome="duplicate")
    assert set(told.audience.labels.values_list("key", flat=True)) == {f"compartment:{vault}"}
    newest = Record.objects.filter(ref="OP-9").order_by("-revision")[0]
    with builders.seen_by(everybody["second"]) as viewpoint:
        take_out(record=newest.id, reason="It is known by now.", viewpoint=viewpoint)
    assert {frozenset(labels(each)) for each in Record.objects.filter(ref="OP-9")} == {
        frozenset({"agency:kent", "centre"})
    }


def test_what_was_said_of_rows_that_repeat_it_goes_with_it_and_no_other_agencys(
    builders: Any, everybody: Any, vault: UUID, tmp_path: Path, kept: Path
) -> None:
    """Kent sent its record again with other words, and Essex one under the very reference."""
    for agency in ("kent", "essex"):
        for number, text in enumerate(("Said once.", "Said otherwise.")):
            report = builders.report("kent/again", handling="C", text=text)
            builders.sent(tmp_path / f"{agency}{number}", kept, agency=agency, ref=f"again-{number}", reports=[report])

    def told() -> dict[str, set[str]]:
        rows = Outcome.objects.filter(outcome="held", reason__contains="kent/again is already held")
        return {
            each.delivery.agency_id: set(each.audience.labels.values_list("key", flat=True))
            for each in rows.select_related("delivery")
        }

    before = told()
    assert before == {agency: {f"agency:{agency}", "centre"} for agency in ("kent", "essex")}
    which = Record.objects.get(owner="kent", ref="kent/again").id
    with builders.seen_by(everybody["manager"]) as viewpoint:
        put_in(record=which, compartment=vault, reason=WHY, viewpoint=viewpoint)
    assert told() == before | {"kent": {f"compartment:{vault}"}}
    with builders.seen_by(everybody["second"]) as viewpoint:
        take_out(record=which, reason="It is known by now.", viewpoint=viewpoint)
    assert told() == before | {"kent": {"agency:kent"}}, "to its sender again, and no further"


def test_what_is_found_from_it_goes_in_with_it_and_what_is_found_later_too(
    builders: Any, everybody: Any, vault: UUID
) -> None:
    data = Record.objects.get(owner="kent", kind=RecordKind.COMMUNICATIONS)
    assert keep_with_set([finding(data, "one")], data, data.delivery_id) == 1
    with builders.seen_by(everybody["manager"]) as viewpoint:
        put_in(record=data.id, compartment=vault, reason=WHY, viewpoint=viewpoint)
    data.refresh_from_db()
    assert keep_with_set([finding(data, "two")], data, data.delivery_id) == 1
    found = Record.objects.filter(kind=RecordKind.FINDING)
    assert [labels(each) for each in found] == [{f"compartment:{vault}"}] * 2
    with builders.seen_by(everybody["second"]) as viewpoint:
        take_out(record=data.id, reason="It is known by now.", viewpoint=viewpoint)
    assert [labels(each) for each in found.all()] == [{"agency:kent", "centre"}] * 2
    assert CompartmentEntry.objects.count() == CompartmentExit.objects.count() == 3


def finding(data: Record, ref: str) -> ParsedRecord:
    return ParsedRecord(
        source="findings",
        ref=f"succession/{ref}",
        kind=RecordKind.FINDING,
        made_at=data.received_at,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject="One took over from another",
        detail={"from_record": str(data.id)},
        content_hash=ref,
    )


def test_what_is_disposed_of_leaves_its_tombstone_in_the_compartment(
    builders: Any, everybody: Any, vault: UUID, desk: Any, kept: Path
) -> None:
    put(builders, everybody, vault)
    which = record("kent/C").id
    said = replace(desk, people=everybody)
    made = said.decide(which, by="manager")
    said.agree(made, by="second")
    dispose(review=made, reach=builders.reach(kept), now=timezone.now())
    stone = Tombstone.objects.get(id=which)
    assert set(stone.audience.labels.values_list("key", flat=True)) == {f"compartment:{vault}"}


@pytest.mark.parametrize(
    ("ref", "by", "sentence"),
    [
        ("kent/C", "asker", "Only a keeper"),
        ("kent/C", "essex manager", "does not exist"),
        ("essex/P", "manager", "only one of their own agency"),
        ("kent/missing", "manager", "put into no compartment"),
        ("kent/concern", "manager", "put into no compartment"),
        ("kent/only", "manager", "take that back first"),
    ],
)
def test_what_is_not_put_in_is_refused_in_a_sentence(
    builders: Any, everybody: Any, vault: UUID, ref: str, by: str, sentence: str
) -> None:
    released(builders, everybody, "kent/only")
    with pytest.raises(UserError, match=sentence):
        put(builders, everybody, vault, ref, by=by)


def test_it_goes_in_once_and_comes_out_by_another_keeper(builders: Any, everybody: Any, vault: UUID) -> None:
    put(builders, everybody, vault)
    with pytest.raises(MoveNotAllowed, match="already"):
        put(builders, everybody, vault)
    with pytest.raises(MoveNotAllowed, match="in a compartment"):
        released_by_manager(builders, everybody)
    with pytest.raises(NotPermitted, match="yourself"):
        taken(builders, everybody, by="manager")
    with pytest.raises(NotPermitted, match="does not exist"):
        taken(builders, everybody, by="asker")
    taken(builders, everybody)
    with pytest.raises(NotPermitted, match="in no compartment"):
        taken(builders, everybody)
    put(builders, everybody, vault, by="second")
    told = [event.detail for event in AuditEvent.objects.filter(event__in=["compartment_entered", "compartment_left"])]
    assert len(told) == 3 and "Vault" not in str(told) and WHY not in str(told)


def released_by_manager(builders: Any, everybody: Any) -> None:
    with builders.seen_by(everybody["manager"]) as viewpoint:
        said = {"to": "essex", "conditions": "Ask.", "reason": "Theirs."}
        ask_to_release(record=record().id, viewpoint=viewpoint, **said)


FORGED = {
    "a record of another agency": {"record": "essex/P"},
    "a kind that reaches others by law": {"record": "kent/missing"},
    "in another's name": {"by": "kent.second"},
    "by whoever keeps nothing": {"viewer": "asker"},
    "another audience than it has": {"former": "police"},
    "long ago": {"at": "2020-01-01"},
}


@pytest.mark.parametrize("what", [None, *sorted(FORGED)])
def test_the_database_checks_every_part_of_an_entry(
    builders: Any, everybody: Any, vault: UUID, what: str | None
) -> None:
    said = {"record": "kent/C", "by": "kent.manager", "viewer": "manager", "former": "", "at": "now"}
    said |= FORGED.get(what or "", {})
    which = record(said["record"])
    former = intern_audience({said["former"]}) if said["former"] else which.audience_id
    query = (
        "INSERT INTO records_compartmententry (id, record_id, compartment_id, reason, put_in_by, put_in_agency, put_in_at, "
        "former_audience_id, audience_id) VALUES (gen_random_uuid(), %s, %s, 'x', %s, 'kent', %s::timestamptz, %s, %s)"
    )
    audience = Compartment.objects.get().audience_id

    def add() -> None:
        with builders.seen_by(everybody[said["viewer"]]), connection.cursor() as cursor:
            cursor.execute(query, [which.id, vault, said["by"], said["at"], former, audience])

    if what is None:
        add()
        assert labels(record()) == {f"compartment:{vault}"}
        return
    with pytest.raises(DatabaseError) as refused:
        add()
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "what", [None, "by who put it in", "to everybody", "by whoever keeps nothing", "another's entry"]
)
def test_the_database_checks_every_part_of_an_exit(
    builders: Any, everybody: Any, vault: UUID, what: str | None
) -> None:
    put(builders, everybody, vault)
    put(builders, everybody, vault, "kent/own", by="second")
    entry = CompartmentEntry.objects.get(record=record())
    other = CompartmentEntry.objects.get(record=record("kent/own"))
    by = {"by who put it in": "manager", "by whoever keeps nothing": "asker"}.get(what or "", "second")
    former = intern_audience({"police"}) if what == "to everybody" else entry.former_audience_id
    query = (
        "INSERT INTO records_compartmentexit (entry_id, record_id, reason, taken_out_by, taken_out_agency, taken_out_at, "
        "former_audience_id, audience_id) VALUES (%s, %s, 'x', %s, 'kent', now(), %s, %s)"
    )
    which = other.record_id if what == "another's entry" else entry.record_id

    def add() -> None:
        with builders.seen_by(everybody[by]), connection.cursor() as cursor:
            cursor.execute(query, [entry.id, which, everybody[by].username, former, entry.audience_id])

    if what is None:
        add()
        assert labels(record()) == {"agency:kent", "centre"}
        return
    with pytest.raises(DatabaseError) as refused:
        add()
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_who_can_see_it_and_why_is_told_by_name(builders: Any, everybody: Any, vault: UUID) -> None:
    put(builders, everybody, vault)
    with builders.seen_by(everybody["second"]) as viewpoint:
        found = seeing(record(), viewpoint)
        assert standing_entry(record(), viewpoint) is not None
    assert [each.person.username for each in found.seers] == ["kent.manager", "kent.second"]
    assert found.in_compartment and not found.named_by_sender and "keeper" in found.authority


def test_pages_open_a_compartment_admit_put_in_and_take_out(builders: Any, everybody: Any, as_web: Any) -> None:
    """As two information managers do it, and what somebody else is answered."""
    said = {"kind": "operation", "name": "Operation Quoin", "reason": "Covert."}
    assert browse(as_web, "kent.asker", "/compartments/new", said).status_code == 404
    assert browse(as_web, "kent.manager", "/compartments/new", said | {"name": ""}).status_code == 422
    opened = browse(as_web, "kent.manager", "/compartments/new", said)
    where = opened.headers["Location"]
    assert browse(as_web, "kent.asker", where).status_code == 404
    assert b"Operation Quoin" in browse(as_web, "kent.manager", "/compartments").content
    assert b"Operation Quoin" not in browse(as_web, "kent.asker", "/compartments").content

    admission = {"do": "admit", "username": "kent.second", "keeper": "on", "reason": "Sources."}
    assert browse(as_web, "kent.manager", where, admission | {"username": "no.body"}).status_code == 422
    assert browse(as_web, "kent.manager", where, admission).status_code == 302
    joint = {"do": "admit", "username": "essex.analyst", "reason": "Joint."}
    assert browse(as_web, "kent.manager", where, joint).status_code == 302
    waiting = CompartmentAdmission.objects.get(person__username="essex.analyst").id
    assert b"Confirm" in browse(as_web, "kent.second", where).content
    assert b"Confirm" not in browse(as_web, "kent.manager", where).content
    assert browse(as_web, "kent.second", where, {"do": "confirm", "admission": str(waiting)}).status_code == 302

    which = record()
    form = f"/records/{which.id}/compartment"
    assert browse(as_web, "kent.asker", form).status_code == 404
    assert browse(as_web, "essex.manager", form).status_code == 404
    into = {"compartment": where.rsplit("/", 1)[-1], "reason": WHY}
    assert browse(as_web, "kent.manager", form, into | {"reason": ""}).status_code == 422
    assert browse(as_web, "kent.manager", form, into).status_code == 302
    assert browse(as_web, "kent.asker", f"/records/{which.id}").status_code == 404
    for name in ("kent.manager", "kent.second", "essex.analyst"):
        page = browse(as_web, name, f"/records/{which.id}").content
        assert b"Operation Quoin" in page and b"kent/C" in browse(as_web, name, where).content, name
    assert browse(as_web, "kent.manager", form, {"reason": "Known."}).status_code == 422
    assert browse(as_web, "kent.second", form, {"reason": "Known."}).status_code == 302
    assert browse(as_web, "kent.asker", f"/records/{which.id}").status_code == 200
    end = {"do": "end", "admission": str(waiting), "reason": "Over."}
    assert browse(as_web, "essex.analyst", where, end).status_code == 302
    assert browse(as_web, "essex.analyst", where).status_code == 404
    assert browse(as_web, "kent.manager", where, end).status_code == 422
    assert browse(as_web, "kent.manager", where, end | {"admission": "nonsense"}).status_code == 422
