"""A restricted record stays, is marked wherever it is read, and leaves no export; only who answers for it may say so."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from crossline.access import audit
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.matching import match_people
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.exchange.exports import prepare
from crossline.records import restriction as acting
from crossline.records.models import Mention, Record, RecordRestriction
from crossline.records.restriction import lift, restrict, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
HOST = {"host": "localhost"}


@pytest.fixture
def store(db: None, builders: Any, tmp_path: Path, kept: Path) -> None:
    """Two records of Kent's about one person, one of Essex, one that Essex keeps to itself; a line that one record knows."""
    kent = [builders.full_report("KENT/1"), builders.full_report("KENT/2")]
    essex = [builders.full_report("ESSEX/1"), builders.report("ESSEX/own", audience=["essex"])]
    builders.sent(tmp_path / "kent", kept, reports=kent, lines=[builders.line(name="Solo", numbers="")])
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="E-1", reports=essex)
    match_people()


@pytest.fixture
def manager(store: None, builders: Any) -> Viewer:
    return builders.enrolled("kent.records", roles=[Role.INFORMATION_MANAGER])


def record(ref: str) -> Record:
    return Record.objects.get(ref=ref)


def restricted(builders: Any, manager: Viewer, ref: str = "KENT/1") -> RecordRestriction:
    with builders.seen_by(manager) as viewpoint:
        return restrict(record=record(ref).id, reason="He says it was his brother.", viewpoint=viewpoint)


def exported(builders: Any, viewer: Viewer, what: str, **asked: Any) -> list[dict[str, str]]:
    with builders.seen_by(viewer) as viewpoint, prepare(what, "csv", viewpoint, **asked).file as file:
        return list(csv.DictReader(io.StringIO(file.read().decode())))


def test_it_is_placed_and_lifted_by_rows_of_their_own(builders: Any, manager: Viewer) -> None:
    restricted(builders, manager)
    with builders.seen_by(manager) as viewpoint:
        assert {row.reason for row in standing(viewpoint).values()} == {"He says it was his brother."}
        with pytest.raises(MoveNotAllowed, match="restricted already"):
            restrict(record=record("KENT/1").id, reason="Again.", viewpoint=viewpoint)
        lift(record=record("KENT/1").id, reason="It was he: fingerprints.", viewpoint=viewpoint)
        assert standing(viewpoint) == {}
        with pytest.raises(MoveNotAllowed, match="nothing to lift"):
            lift(record=record("KENT/1").id, reason="Again.", viewpoint=viewpoint)
    states = RecordRestriction.objects.order_by("decided_at").values_list("state", "reason")
    assert list(states) == [("placed", "He says it was his brother."), ("lifted", "It was he: fingerprints.")]
    logged = AuditEvent.objects.filter(subject=str(record("KENT/1").id)).order_by("at").values_list("event", "verb")
    assert list(logged) == [("record_restricted", "alteration"), ("restriction_lifted", "alteration")]
    assert {audit.VERBS[audit.Event(event)] for event, _ in logged} == {audit.Verb.ALTERATION}


def test_without_its_audit_row_nothing_is_restricted(
    builders: Any, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the audit cannot be written")

    before = builders.snapshot()
    monkeypatch.setattr(acting, "log", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        restricted(builders, manager)
    assert builders.changed(before) == set()


def test_only_who_answers_for_a_record_restricts_it(builders: Any, manager: Viewer) -> None:
    analyst = builders.enrolled("kent.analyst", roles=[Role.ANALYST, Role.COORDINATOR])
    for viewer, ref in ((analyst, "KENT/1"), (manager, "ESSEX/1")):
        with builders.seen_by(viewer) as viewpoint, pytest.raises(NotPermitted, match="Only an information manager"):
            restrict(record=record(ref).id, reason="Because.", viewpoint=viewpoint)
    hidden = record("ESSEX/own").id
    with builders.seen_by(manager) as viewpoint:
        with pytest.raises(NotPermitted, match="does not exist, or you may not see it"):
            restrict(record=hidden, reason="Because.", viewpoint=viewpoint)
        for reason in (" ", "x" * 2_001):
            with pytest.raises(UserError, match="Give the reason"):
                restrict(record=record("KENT/1").id, reason=reason, viewpoint=viewpoint)


ADD = """
INSERT INTO records_recordrestriction (id, record_id, state, reason, decided_by, decided_agency, decided_at, audience_id)
SELECT gen_random_uuid(), r.id, 'placed', 'x', %s, %s, now() - %s::interval, r.audience_id
FROM records_record r WHERE r.ref = %s
"""


@pytest.mark.parametrize(
    ("who", "values", "added"),
    [
        ("kent.records", ("kent.records", "kent", "0", "KENT/1"), True),
        ("kent.records", ("kent.records", "kent", "1 day", "KENT/1"), False),
        ("kent.records", ("essex.records", "essex", "0", "ESSEX/1"), False),
        ("kent.records", ("kent.records", "kent", "0", "ESSEX/1"), False),
        ("kent.analyst", ("kent.analyst", "kent", "0", "KENT/1"), False),
    ],
)
def test_the_database_holds_it_too(
    who: str, values: tuple[str, ...], added: bool, builders: Any, manager: Viewer
) -> None:
    people = {
        "kent.records": manager,
        "kent.analyst": builders.enrolled("kent.analyst"),
        "essex.records": builders.enrolled("essex.records", agency="essex", roles=[Role.INFORMATION_MANAGER]),
    }
    try:
        with transaction.atomic(), builders.seen_by(people[who]), connection.cursor() as cursor:
            cursor.execute(ADD, values)
    except DatabaseError as error:
        assert "row-level security" in str(error)
    assert RecordRestriction.objects.exists() is added


@pytest.mark.parametrize(
    "statement", ["UPDATE records_recordrestriction SET state = 'lifted'", "DELETE FROM records_recordrestriction"]
)
def test_a_page_changes_and_removes_no_row(statement: str, builders: Any, manager: Viewer) -> None:
    restricted(builders, manager)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), builders.seen_by(manager):
        connection.cursor().execute(statement)


def test_its_rows_are_left_out_of_exports_unless_asked_for(builders: Any, manager: Viewer) -> None:
    for what in ("people", "phones", "addresses", "vehicles"):
        assert {"KENT/1", "KENT/2"} <= {row["ref"] for row in exported(builders, manager, what)}
    assert "Solo" in {row["name"] for row in exported(builders, manager, "lines")}
    restricted(builders, manager)
    restricted(builders, manager, "LEO-1")

    for what in ("people", "phones", "addresses", "vehicles", "concerns"):
        assert "KENT/1" not in {row["ref"] for row in exported(builders, manager, what)}
    assert "KENT/2" in {row["ref"] for row in exported(builders, manager, "people")}
    assert "Solo" not in {row["name"] for row in exported(builders, manager, "lines")}
    with_it = exported(builders, manager, "people", with_restricted=True)
    assert "KENT/1" in {row["ref"] for row in with_it}
    left = (
        AuditEvent.objects.filter(event="exported").order_by("at").values_list("detail__restricted_left_out", flat=True)
    )
    assert (left.first(), left[5], left.last()) == (0, 2, 0)


@pytest.mark.parametrize("format_", ["ftm", "graphml", "stix", "i2"])
def test_it_is_no_part_of_a_network_either(format_: str, builders: Any, manager: Viewer) -> None:
    def network() -> str:
        with builders.seen_by(manager) as viewpoint, prepare("people", format_, viewpoint).file as file:
            return file.read().decode()

    assert "KENT/1" in network()
    restricted(builders, manager)
    assert "KENT/1" not in network() and "KENT/2" in network()


@pytest.fixture
def signed_in(manager: Viewer, as_web: Any) -> Client:
    return signed_in_as(manager.username, as_web)


def signed_in_as(username: str, as_web: Any) -> Client:
    client, person = Client(), Person.objects.get(username=username)
    with as_web():
        client.force_login(person)
    return client


def test_it_is_marked_on_the_pages_that_lead_to_it(signed_in: Client, builders: Any, as_web: Any) -> None:
    marked = "not to be used for a decision"
    addresses = [
        f"/records/{record('KENT/1').id}",
        f"/people/{Mention.objects.get(record__ref='KENT/2', kind='person').id}",
        f"/things/{Mention.objects.get(record__ref='ESSEX/1', kind='vehicle').id}",
    ]
    other = f"/records/{record('KENT/2').id}"
    its_page = addresses[0]
    where = f"{its_page}/restriction"
    builders.enrolled("essex.analyst", agency="essex")
    reader = signed_in_as("essex.analyst", as_web)
    with as_web():
        assert not any(marked in reader.get(each, headers=HOST).content.decode() for each in addresses)
        assert signed_in.get(where, headers=HOST).status_code == 200
        done = signed_in.post(where, {"act": "restrict", "reason": "He says it was his brother."}, headers=HOST)
        assert (done.status_code, done.headers["Location"]) == (302, its_page)
        for client in (signed_in, reader):
            assert all(marked in client.get(each, headers=HOST).content.decode() for each in addresses)
            assert marked not in client.get(other, headers=HOST).content.decode()
        again = signed_in.post(where, {"act": "restrict", "reason": "Again."}, headers=HOST)
        assert (again.status_code, "restricted already" in again.content.decode()) == (422, True)
        assert signed_in.post(where, {"act": "lift", "reason": "It was he."}, headers=HOST).status_code == 302
        assert marked not in reader.get(addresses[0], headers=HOST).content.decode()


def test_the_page_is_there_for_nobody_else(signed_in: Client, builders: Any, as_web: Any) -> None:
    builders.enrolled("kent.analyst")
    analyst = signed_in_as("kent.analyst", as_web)
    own, others, hidden = (f"/records/{record(ref).id}/restriction" for ref in ("KENT/1", "ESSEX/1", "ESSEX/own"))
    with as_web():
        answers = [analyst.get(own, headers=HOST), *(signed_in.get(each, headers=HOST) for each in (others, hidden))]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
