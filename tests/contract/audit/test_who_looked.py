"""Who looked at what: each sees their own reads, auditors those of their agency and its records; nobody judges their own."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from crossline.access.models import AuditDecision, AuditEvent, AuditSubject, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.audit.decisions import Outcome, decide
from crossline.audit.queries import desk, looks, looks_at, own_looks, unexplained
from crossline.errors import NotPermitted, UserError
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def people(db: None, builders: Any, tmp_path: Path, kept: Path) -> dict[str, Viewer]:
    """Two agencies' records, and who reads them."""
    builders.sent_by_two(tmp_path / "deliveries", kept)
    return {
        "reader": builders.enrolled("kent.reader", agency="kent"),
        "other": builders.enrolled("essex.reader", agency="essex"),
        "auditor": builders.enrolled("kent.auditor", agency="kent", roles=(Role.AUDITOR,)),
        "second": builders.enrolled("kent.second", agency="kent", roles=(Role.AUDITOR,)),
        "manager": builders.enrolled("kent.manager", agency="kent", roles=(Role.INFORMATION_MANAGER,)),
        "essex": builders.enrolled("essex.auditor", agency="essex", roles=(Role.AUDITOR,)),
    }


@pytest.fixture
def browse(client: Client, as_web: Any) -> Any:
    """Opens an address as somebody, in the web role."""

    def opened(viewer: Viewer, address: str, **posted: str) -> Any:
        with as_web():
            client.force_login(Person.objects.get(username=viewer.username))
            if posted:
                return client.post(address, posted, headers={"host": "localhost"})
            return client.get(address, headers={"host": "localhost"})

    return opened


def record_of(agency: str, ref: str) -> Record:
    return Record.objects.get(owner=agency, ref=ref)


def last_read() -> AuditEvent:
    return AuditEvent.objects.filter(subject_kind="record").order_by("-at").first() or AuditEvent()


def test_a_read_says_which_record_it_showed_and_what_explains_it(people: Any, browse: Any) -> None:
    for owner, explanation in (("kent", "own_agency"), ("essex", "none")):
        record = record_of(owner, f"{owner}/P")
        assert browse(people["reader"], f"/records/{record.id}").status_code == 200
        shown = AuditSubject.objects.get(event=last_read().id)
        assert (shown.record, shown.owner_agency, shown.explanation) == (record.id, owner, explanation)


def test_a_list_says_every_record_of_the_page_and_no_other(people: Any, browse: Any) -> None:
    browse(people["reader"], "/records?agency=essex")
    event = AuditEvent.objects.get(subject_kind="records")
    rows = AuditSubject.objects.filter(event=event.id)
    assert set(rows.values_list("owner_agency", "explanation")) == {("essex", "overview")}
    assert 3 < rows.count() < Record.objects.filter(owner="essex").count()


def test_a_task_taken_up_with_one_click_explains_what_bears_on_it(people: Any, browse: Any) -> None:
    own, theirs = record_of("kent", "OP-1"), record_of("essex", "essex/P")
    assert browse(people["reader"], f"/task/record/{own.id}", back=f"/records/{own.id}").url == f"/records/{own.id}"
    assert b"Working on" in browse(people["reader"], f"/records/{theirs.id}").content
    assert AuditSubject.objects.get(event=last_read().id).explanation == "task"


def test_within_one_session_what_bears_on_the_task_is_explained(people: Any, client: Client, as_web: Any) -> None:
    own, theirs = record_of("kent", "OP-1"), record_of("essex", "essex/P")
    host = {"host": "localhost"}
    with as_web():
        client.force_login(Person.objects.get(username="kent.reader"))
        client.post(f"/task/record/{own.id}", {"back": "/records"}, headers=host)
        assert b"Working on" in client.get(f"/records/{theirs.id}", headers=host).content
    explained = last_read().id
    with as_web():
        client.post("/task/none", {"back": "https://elsewhere.invalid/"}, headers=host)
        assert b"Working on" not in client.get(f"/records/{theirs.id}", headers=host).content
    assert AuditSubject.objects.get(event=explained).explanation == "task"
    assert AuditSubject.objects.get(event=last_read().id).explanation == "none"
    assert AuditEvent.objects.get(id=explained).detail["task"] == {"kind": "record", "id": str(own.id)}


def test_taking_up_anothers_record_explains_neither_it_nor_the_rest(people: Any, browse: Any) -> None:
    theirs = record_of("essex", "essex/P")
    for about in (f"record/{theirs.id}", f"mention/{theirs.mention_set.get(selector__startswith='phone').id}"):
        browse(people["reader"], f"/task/{about}", back="/")
        browse(people["reader"], f"/records/{theirs.id}")
        explained = AuditSubject.objects.get(event=last_read().id).explanation
        assert explained == "none", about


def test_what_the_centre_takes_up_explains_whose_record_it_may_be(people: Any, browse: Any, builders: Any) -> None:
    """It has hardly a record of its own: any that names the same thing bears on its task."""
    centre = builders.enrolled("centre.reader", agency="nclcc", roles=(Role.COORDINATOR,))
    browse(centre, f"/task/record/{record_of('kent', 'OP-1').id}", back="/")
    browse(centre, f"/records/{record_of('essex', 'essex/P').id}")
    assert AuditSubject.objects.get(event=last_read().id).explanation == "task"


def test_nobody_elses_row_explains_a_read(people: Any, browse: Any, builders: Any) -> None:
    """A companion row that names somebody else's read is not taken for the reader's own word."""
    browse(people["reader"], "/lines")
    read = AuditEvent.objects.filter(actor="kent.reader").latest("at")
    essex = people["other"]
    AuditSubject.objects.create(
        event=read.id,
        actor_id=str(essex.person_id),
        actor_agency="essex",
        record=record_of("kent", "kent/P").id,
        owner_agency="kent",
        explanation="task",
    )
    with builders.seen_by(people["auditor"]) as viewpoint:
        assert AuditSubject.objects.filter(event=read.id, actor_agency="essex").exists()
        explained = {look.event: look.records for look in looks(viewpoint, [read])}
    assert explained == {read.id: AuditSubject.objects.filter(event=read.id, actor_agency="kent").count()}


def test_a_task_that_may_not_be_seen_is_answered_like_one_that_is_not_there(people: Any, browse: Any) -> None:
    hidden = record_of("essex", "essex/own")
    for about in (hidden.id, uuid.uuid4()):
        for kind in ("record", "mention", "nonsense"):
            assert browse(people["reader"], f"/task/{kind}/{about}", back="/").status_code == 404


def test_everybody_reads_what_they_did_and_nobody_elses(people: Any, browse: Any, builders: Any) -> None:
    browse(people["reader"], f"/records/{record_of('kent', 'kent/P').id}")
    browse(people["other"], "/lines")
    with builders.seen_by(people["reader"]) as viewpoint:
        assert set(own_looks(viewpoint).values_list("actor", flat=True)) == {"kent.reader"}
        assert set(AuditEvent.objects.values_list("actor", flat=True)) == {"kent.reader"}
    page = browse(people["reader"], "/audit/mine").content.decode()
    assert "Reading a record" in page and "essex.reader" not in page


def test_the_owners_auditor_sees_who_looked_and_another_agencys_does_not(
    people: Any, browse: Any, builders: Any
) -> None:
    record = record_of("kent", "kent/P")
    browse(people["other"], f"/records/{record.id}")

    seen = browse(people["auditor"], f"/audit/records/{record.id}")
    assert seen.status_code == 200 and "essex.reader" in seen.content.decode()
    assert browse(people["essex"], f"/audit/records/{record.id}").status_code == 404
    assert browse(people["reader"], f"/audit/records/{record.id}").status_code == 404
    assert browse(people["auditor"], f"/audit/records/{uuid.uuid4()}").status_code == 404
    with builders.seen_by(people["essex"]) as viewpoint:
        assert set(AuditEvent.objects.values_list("actor_agency", flat=True)) <= {"essex"}
        assert not looks_at(viewpoint, record.id).exists()


def test_an_information_manager_sees_that_nobody_looked_yet(people: Any, browse: Any) -> None:
    record = record_of("kent", "kent/own")
    page = browse(people["manager"], f"/audit/records/{record.id}")
    assert page.status_code == 200 and "Nobody looked" in page.content.decode()
    assert "Who looked at this record" in browse(people["manager"], f"/records/{record.id}").content.decode()


def test_what_nothing_explains_comes_first_on_the_desk(people: Any, browse: Any, builders: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    browse(people["reader"], f"/records/{record_of('essex', 'essex/P').id}")
    browse(people["reader"], f"/records/{record_of('kent', 'kent/P').id}")
    page = browse(people["auditor"], "/audit/desk").content.decode()
    first, _, rest = page.partition("Everything else")
    assert "Nothing on record explains it" in first and "Nothing on record explains it" not in rest
    since = timezone.now() - timedelta(days=1)
    with builders.seen_by(people["auditor"]) as viewpoint:
        assert unexplained(viewpoint, since=since).count() == 1
        assert desk(viewpoint, since=since).count() >= 2
        assert not desk(viewpoint, since=since).filter(actor="kent.auditor").exists()
        assert desk(viewpoint, since=since, actor="nobody").count() == 0
    assert "essex.reader" not in page


def test_no_one_audits_themself(people: Any, browse: Any, builders: Any) -> None:
    browse(people["auditor"], "/audit/desk")
    own = AuditEvent.objects.filter(actor="kent.auditor").latest("at")
    assert browse(people["auditor"], f"/audit/reads/{own.id}").status_code == 404
    assert browse(people["second"], f"/audit/reads/{own.id}").status_code == 200
    with builders.seen_by(people["auditor"]) as viewpoint, pytest.raises(NotPermitted, match="themselves"):
        decide(event=own.id, outcome=Outcome.IN_ORDER, note="Fine.", viewpoint=viewpoint)
    row = "INSERT INTO access_auditdecision VALUES (gen_random_uuid(), %s, now(), 'in_order', 'x', 'kent.auditor', 'kent')"
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        builders.seen_by(people["auditor"]),
        connection.cursor() as cursor,
    ):
        cursor.execute(row, [own.id])


def test_a_decision_is_recorded_with_its_reason_and_stands_beside_the_read(people: Any, browse: Any) -> None:
    browse(people["reader"], f"/records/{record_of('essex', 'essex/P').id}")
    read = last_read()
    address = f"/audit/reads/{read.id}"
    for posted in ({"outcome": "in_order", "note": " "}, {"outcome": "nonsense", "note": "Why."}):
        assert browse(people["auditor"], address, **posted).status_code == 422
    assert not AuditDecision.objects.exists()
    assert browse(people["auditor"], address, outcome="asked", note="Rang the reader.").status_code == 302
    made = AuditDecision.objects.get()
    assert (made.event, made.outcome, made.decided_by) == (read.id, "asked", "kent.auditor")
    assert "The reader has been asked" in browse(people["second"], "/audit/desk").content.decode()
    assert AuditEvent.objects.get(event="read_decided_on").subject == str(read.id)


def test_only_auditors_decide_and_only_on_what_they_may_read(people: Any, browse: Any, builders: Any) -> None:
    browse(people["other"], f"/records/{record_of('essex', 'essex/P').id}")
    read = last_read()
    with builders.seen_by(people["reader"]) as viewpoint, pytest.raises(NotPermitted):
        decide(event=read.id, outcome=Outcome.IN_ORDER, note="x", viewpoint=viewpoint)
    with builders.seen_by(people["auditor"]) as viewpoint, pytest.raises(NotPermitted, match="does not exist"):
        decide(event=read.id, outcome=Outcome.IN_ORDER, note="x", viewpoint=viewpoint)
    with builders.seen_by(people["essex"]) as viewpoint, pytest.raises(UserError, match="sentence"):
        decide(event=read.id, outcome=Outcome.IN_ORDER, note=" ", viewpoint=viewpoint)


def test_the_rows_are_never_changed_and_never_forged(people: Any, browse: Any, builders: Any) -> None:
    browse(people["reader"], f"/records/{record_of('kent', 'kent/P').id}")
    event = last_read().id
    values = "gen_random_uuid(), %s, now(), %s, 'kent', gen_random_uuid(), 'kent', 'none'"
    forged = f"INSERT INTO access_auditsubject VALUES ({values})"
    for statement, parameters in (
        (forged, [event, str(people["other"].person_id)]),
        ("DELETE FROM access_auditsubject", []),
        ("UPDATE access_auditsubject SET explanation = 'own_agency'", []),
    ):
        with (
            pytest.raises(DatabaseError, match=r"row-level security|permission denied"),
            transaction.atomic(),
            builders.seen_by(people["reader"]),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, parameters)


def test_a_row_beside_somebody_elses_read_speaks_for_nothing(people: Any, browse: Any, builders: Any) -> None:
    browse(people["reader"], "/lines")
    event = AuditEvent.objects.get(subject_kind="lines").id
    AuditSubject.objects.create(
        event=event,
        actor_id=str(people["other"].person_id),
        actor_agency="essex",
        record=uuid.uuid4(),
        owner_agency="essex",
        explanation="none",
    )
    assert "Showed no record" in browse(people["auditor"], f"/audit/reads/{event}").content.decode()
    assert browse(people["essex"], f"/audit/reads/{event}").status_code == 404


def test_an_auditor_begins_at_the_desk_and_an_analyst_at_the_picture(people: Any, browse: Any) -> None:
    assert browse(people["auditor"], "/").url == "/audit/desk"
    assert browse(people["reader"], "/").status_code == 200
    assert b"Auditor" not in browse(people["reader"], "/lines").content.partition(b"<main")[0]
