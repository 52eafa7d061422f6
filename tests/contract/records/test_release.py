"""A record is released to one more agency by two people of its owner: all that carries its audience follows, nothing else does."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from crossline.access.actions import intern_audience
from crossline.access.approvals import Act, ask, decide
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.audit.seeing import seeing
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Match, Withdrawal
from crossline.entities.search import search
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.exchange.exports import prepare
from crossline.records import releasing as acting
from crossline.records.models import Mention, Record, RecordRelease
from crossline.records.release_security import BETWEEN, CARRIED, KEPT, NEVER
from crossline.records.releasing import about, ask_to_release, release
from crossline.records.restriction import lift, restrict
from crossline.records.retention.models import Choice
from crossline.records.retention.preview import _walked
from crossline.records.retention.reviews import lift_hold
from crossline.safeguarding.models import Concern

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
HOST = {"host": "localhost"}
CONDITIONS = "Not to be passed on; ask Kent before any arrest."
SURNAME = "Quillfeather"


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


def record(ref: str = "kent/C") -> Record:
    return Record.objects.get(ref=ref)


def asked(
    builders: Any, people: Any, ref: str = "kent/C", to: str = "essex", conditions: str = CONDITIONS, by: str = "asker"
) -> Any:
    with builders.seen_by(people[by]) as viewpoint:
        return ask_to_release(
            record=record(ref).id, to=to, conditions=conditions, reason="Their own inquiry.", viewpoint=viewpoint
        )


def allowed(builders: Any, people: Any, ref: str = "kent/C", to: str = "essex") -> Any:
    made = asked(builders, people, ref, to)
    with builders.seen_by(people["manager"]) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    return made


def released(builders: Any, people: Any, ref: str = "kent/C", to: str = "essex") -> RecordRelease:
    made = allowed(builders, people, ref, to)
    with builders.seen_by(people["asker"]) as viewpoint:
        return release(record=record(ref).id, to=to, approval=made.id, viewpoint=viewpoint)


def labels(of: Record) -> set[str]:
    return set(of.audience.labels.values_list("key", flat=True))


def seen(builders: Any, viewer: Viewer, word: str = SURNAME) -> dict[str, Any]:
    """What somebody is shown: references of records, what search finds, and the references in an export of people."""
    with builders.seen_by(viewer) as viewpoint:
        refs = set(viewpoint.visible(Record.objects.all()).values_list("ref", flat=True))
        raw = set(Record.objects.values_list("ref", flat=True))  # row security alone
        hits = {str(hit) for hit in [search(viewpoint, word)]}
        with prepare("people", "csv", viewpoint).file as file:
            exported = {row["ref"] for row in csv.DictReader(io.StringIO(file.read().decode()))}
        mentions = set(viewpoint.visible(Mention.objects.filter(surname=word)).values_list("record__ref", flat=True))
    return {"refs": refs, "raw": raw, "hits": hits, "exported": exported, "mentions": mentions}


def test_before_it_is_hidden_and_after_it_is_there_for_that_agency_alone(builders: Any, people: Any) -> None:
    before = {name: seen(builders, people[name]) for name in ("essex", "surrey", "asker", "centre")}
    assert not {"kent/only"} & (before["essex"]["refs"] | before["essex"]["raw"] | before["essex"]["exported"])
    released(builders, people, "kent/only")
    after = {name: seen(builders, people[name]) for name in before}

    assert after["essex"]["refs"] == after["essex"]["raw"] == before["essex"]["refs"] | {"kent/only"}
    assert after["essex"]["exported"] == before["essex"]["exported"] | {"kent/only"}
    assert after["essex"]["mentions"] == {"kent/only", "essex/again"}
    assert after["essex"]["hits"] != before["essex"]["hits"]
    for name in ("surrey", "asker", "centre"):
        assert after[name]["refs"] == after[name]["raw"] == before[name]["refs"]
        assert (after[name]["exported"], after[name]["mentions"]) == (
            before[name]["exported"],
            before[name]["mentions"],
        )
    assert after["surrey"]["hits"] == before["surrey"]["hits"]


def test_its_people_join_what_the_other_agency_had(builders: Any, people: Any, as_web: Any) -> None:
    own, theirs = Mention.objects.get(record__ref="essex/again"), Mention.objects.get(record__ref="kent/only")
    assert Match.objects.filter(left__in=[own, theirs], right__in=[own, theirs]).exists()

    def cluster() -> str:
        return str(browse(as_web, "essex.analyst", f"/people/{own.id}").content.decode())

    assert "kent/only" not in cluster()
    assert browse(as_web, "essex.analyst", f"/people/{theirs.id}").status_code == 404
    released(builders, people, "kent/only")
    assert "kent/only" in cluster()


def test_every_row_that_carries_its_audience_follows_and_nothing_else_changes(
    builders: Any, people: Any, desk: Any
) -> None:
    which = record("kent/C")
    desk.decide(which.id, choice=Choice.KEEP, ground=None)
    desk.agree(desk.decide(which.id), agreed=False)
    hold = desk.hold(which.id)
    with desk.as_person("first") as viewpoint:
        lift_hold(hold=hold.id, reason="Over.", viewpoint=viewpoint)
        restrict(record=which.id, reason="Disputed.", viewpoint=viewpoint)
        lift(record=which.id, reason="Settled.", viewpoint=viewpoint)
    released(builders, people, "kent/C", "surrey")
    first, before = which.audience_id, audiences()
    assert labels(record("kent/C")) == {"agency:kent", "agency:surrey", "centre"}
    released(builders, people, "kent/C", "essex")

    which = record("kent/C")
    wider = which.audience_id
    assert wider != first and labels(which) == {"agency:kent", "agency:essex", "agency:surrey", "centre"}
    assert wider == intern_audience(labels(which)), (
        "the audience that deliveries intern, not another of the same labels"
    )
    own = set(Mention.objects.filter(record=which).values_list("id", flat=True))
    expected = {}
    for model, rows in _walked(Record.objects.filter(id=which.id)):
        for row in rows:
            for name in (f.attname for f in model._meta.concrete_fields if f.attname.endswith("audience_id")):
                expected[model._meta.db_table, name, row.pk] = follows(row, name, own)
    after = audiences()
    moved = {key: audience for key, audience in after.items() if audience != before.get(key)}
    assert set(moved) - set(before) == {
        ("records_recordrelease", "audience_id", RecordRelease.objects.latest("released_at").pk)
    }
    assert {key for key, does in expected.items() if does} == set(moved), "what belongs to the record, and no other row"
    assert set(moved.values()) == {wider}
    reached = {(table, column) for table, column, _ in moved}
    assert reached == {(each.table, each.column) for each in CARRIED}, "each of the list was tried"


def follows(row: Any, field: str, own: set[Any]) -> bool:
    """Whether an audience of a row is that of the record to which it belongs, said anew from what the tables mean."""
    if isinstance(row, Concern):
        return False
    if isinstance(row, Withdrawal):
        row = row.judgement
    if isinstance(row, Match | Judgement):
        return (row.left_id if field.startswith("left") else row.right_id) in own
    return True


def audiences() -> dict[tuple[str, str, Any], int]:
    """Each audience of each row of the store."""
    found = {}
    with connection.cursor() as cursor:
        for table, column, key in carrying():
            if table == "access_audiencelabel":  # says what an audience is
                continue
            cursor.execute(f"SELECT {key}, {column} FROM {table}")
            found |= {(table, column, which): audience for which, audience in cursor.fetchall()}
    return found


def carrying() -> list[tuple[str, str, str]]:
    """(table, column, key) of every column that refers to an audience, from the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, k.attname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
            "JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] "
            "JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
            "JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0] "
            "WHERE f.contype = 'f' AND f.confrelid = 'access_audience'::regclass"
        )
        return list(cursor.fetchall())


def test_no_table_with_an_audience_is_forgotten() -> None:
    """A new table is named in the one list or the other, and the trigger and the policies that are in force know it."""
    listed = {(each.table, each.column) for each in CARRIED}
    assert listed | set(KEPT) == {(table, column) for table, column, _ in carrying()}
    assert not listed & set(KEPT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'crossline_widen_released'")
        (source,) = cursor.fetchone()
        cursor.execute("SELECT polrelid::regclass::text FROM pg_policy WHERE polname LIKE 'owner_releases_%'")
        policed = [table for (table,) in cursor.fetchall()]
    assert all(each.widened in source for each in CARRIED)
    assert sorted(policed) == sorted(2 * [*{each.table for each in CARRIED}])


def test_the_owner_of_the_tables_reads_nothing_but_the_record_that_is_being_released(
    builders: Any, people: Any
) -> None:
    which = record("kent/only").id
    with transaction.atomic(), builders.role("crossline_owner"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('crossline.releasing', %s, true)", [str(which)])
        cursor.execute("SELECT array_agg(ref) FROM records_record")
        assert cursor.fetchone() == (["kent/only"],)
        cursor.execute("SELECT count(*) FROM records_mention WHERE record_id <> %s", [which])
        assert cursor.fetchone() == (0,)
    with builders.seen_by(people["surrey"]), connection.cursor() as cursor:
        before = Record.objects.count()
        cursor.execute("SELECT set_config('crossline.releasing', %s, true)", [str(which)])
        assert (Record.objects.count(), Record.objects.filter(id=which).exists()) == (before, False)


# Two people, and the very thing they agreed on


def test_nobody_releases_without_a_second_person_nor_allows_what_they_asked_for(builders: Any, people: Any) -> None:
    made = asked(builders, people, by="manager")
    with builders.seen_by(people["manager"]) as viewpoint:
        with pytest.raises(NotPermitted, match="yourself"):
            decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
        with pytest.raises(MoveNotAllowed, match="is asked and cannot become used"):
            release(record=record().id, to="essex", approval=made.id, viewpoint=viewpoint)
    with builders.seen_by(people["essex manager"]) as viewpoint, pytest.raises(NotPermitted, match="not for you"):
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    assert not RecordRelease.objects.exists() and "agency:essex" not in labels(record())


def test_an_approval_serves_once_its_own_record_and_agency_and_its_own_asker(builders: Any, people: Any) -> None:
    made = allowed(builders, people)
    for ref, to in (("kent/only", "essex"), ("kent/C", "surrey")):
        with builders.seen_by(people["asker"]) as viewpoint, pytest.raises(NotPermitted, match="something else"):
            release(record=record(ref).id, to=to, approval=made.id, viewpoint=viewpoint)
    with builders.seen_by(people["manager"]) as viewpoint, pytest.raises(NotPermitted, match="not yours"):
        release(record=record().id, to="essex", approval=made.id, viewpoint=viewpoint)
    with builders.seen_by(people["asker"]) as viewpoint:
        done = release(record=record().id, to="essex", approval=made.id, viewpoint=viewpoint)
    assert (done.conditions, done.reason) == (CONDITIONS, "Their own inquiry.")
    with (
        builders.seen_by(people["asker"]) as viewpoint,
        pytest.raises(MoveNotAllowed, match="sees this record already"),
    ):
        release(record=record().id, to="essex", approval=made.id, viewpoint=viewpoint)
    logged = AuditEvent.objects.get(event="record_released")
    assert (logged.verb, logged.actor, logged.subject) == ("disclosure", "kent.asker", str(record().id))
    assert (logged.detail["to"], logged.detail["conditions"]) == ("essex", CONDITIONS)


def test_without_its_audit_row_nothing_is_released(builders: Any, people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the audit cannot be written")

    made = allowed(builders, people)
    before = builders.snapshot()
    monkeypatch.setattr(acting, "log", broken)
    with pytest.raises(RuntimeError), transaction.atomic(), builders.seen_by(people["asker"]) as viewpoint:
        release(record=record().id, to="essex", approval=made.id, viewpoint=viewpoint)
    assert builders.changed(before) == set()


@pytest.mark.parametrize(
    ("ref", "to", "sentence"),
    [
        ("essex/P", "surrey", "Only people of the agency that sent a record"),
        ("essex/C", "surrey", "does not exist, or you may not see it"),
        ("kent/C", "kent", "your own agency’s"),
        ("kent/C", "nclcc", "The centre sees a record by its rule"),
        ("kent/C", "atlantis", "Choose the agency"),
        ("kent/named", "essex", "Essex Police sees this record already"),
        ("kent/P", "essex", "Everybody with a policing role sees this record already"),
        ("kent/missing", "surrey", "records about missing people"),
        ("kent/concern", "surrey", "records about children"),
        ("AUTH-1", "surrey", "communications data stay with the operation"),
    ],
)
def test_what_is_not_released_is_refused_in_a_sentence(
    ref: str, to: str, sentence: str, builders: Any, people: Any
) -> None:
    which = Record.objects.filter(ref=ref, owner__in=["kent", "essex"]).order_by("-owner").first()
    assert which is not None
    with builders.seen_by(people["asker"]) as viewpoint, pytest.raises(UserError, match=sentence):
        ask_to_release(record=which.id, to=to, conditions="Any.", reason="Any.", viewpoint=viewpoint)


def test_no_conditions_no_reason_and_a_restricted_record_are_refused(builders: Any, people: Any) -> None:
    with builders.seen_by(people["asker"]) as viewpoint:
        for conditions in (" \n", "x" * 281):
            with pytest.raises(UserError, match="Write down the conditions"):
                ask_to_release(record=record().id, to="essex", conditions=conditions, reason="R.", viewpoint=viewpoint)
        with pytest.raises(UserError, match="Give the reason"):
            ask_to_release(record=record().id, to="essex", conditions="C.", reason=" ", viewpoint=viewpoint)
    with builders.seen_by(people["manager"]) as viewpoint:
        restrict(record=record().id, reason="Disputed.", viewpoint=viewpoint)
    with pytest.raises(MoveNotAllowed, match="use of this record is restricted"):
        asked(builders, people)


def test_conditions_that_look_like_the_words_between_are_kept_whole(builders: Any, people: Any) -> None:
    made = asked(builders, people, conditions="None.\nConditions: none at all.")
    assert made.reason == f"Their own inquiry.{BETWEEN}None. Conditions: none at all."


# The database holds it too

ADD = """
INSERT INTO records_recordrelease
    (id, record_id, to_agency_id, conditions, reason, approval, released_by, released_agency, released_at, audience_id)
SELECT gen_random_uuid(), r.id, %(to)s, %(conditions)s, 'Their own inquiry.', %(approval)s, %(by)s, %(agency)s,
    now() - %(ago)s::interval, r.audience_id FROM records_record r WHERE r.ref = %(ref)s
"""
RIGHT = {"to": "essex", "conditions": CONDITIONS, "by": "kent.asker", "agency": "kent", "ago": "0", "ref": "kent/C"}


@pytest.mark.parametrize(
    ("wrong", "added"),
    [
        ({}, True),
        ({"to": "surrey"}, False),
        ({"ref": "kent/only"}, False),
        ({"conditions": "None."}, False),
        ({"by": "kent.manager"}, False),
        ({"agency": "essex"}, False),
        ({"ago": "1 day"}, False),
        ({"approval": str(uuid4())}, False),
    ],
)
def test_a_release_is_let_through_only_as_it_was_allowed(
    wrong: dict[str, str], added: bool, builders: Any, people: Any
) -> None:
    made = allowed(builders, people)
    said = RIGHT | {"approval": str(made.id)} | wrong
    try:
        with transaction.atomic(), builders.seen_by(people["asker"]) as viewpoint, connection.cursor() as cursor:
            acting.use(
                approval=made.id, act=Act.RELEASE, about=about(record().id, "essex"), rows=1, viewpoint=viewpoint
            )
            cursor.execute(ADD, said)
    except DatabaseError as error:
        assert "row-level security" in str(error)
    assert RecordRelease.objects.exists() is added
    assert ("agency:essex" in labels(record())) is added


def test_an_approval_that_is_not_used_or_of_a_kind_that_is_never_released_lets_nothing_through(
    builders: Any, people: Any
) -> None:
    made = allowed(builders, people)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        with builders.seen_by(people["asker"]), connection.cursor() as cursor:
            cursor.execute(ADD, RIGHT | {"approval": str(made.id)})
    assert len(NEVER) == 4
    child = record("kent/concern")
    with builders.seen_by(people["asker"]) as viewpoint:
        text = f"Their own inquiry.{BETWEEN}{CONDITIONS}"
        made = ask(act=Act.RELEASE, about=about(child.id, "surrey"), rows=1, reason=text, viewpoint=viewpoint)
    with builders.seen_by(people["manager"]) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        with builders.seen_by(people["asker"]) as viewpoint, connection.cursor() as cursor:
            acting.use(approval=made.id, act=Act.RELEASE, about=about(child.id, "surrey"), rows=1, viewpoint=viewpoint)
            cursor.execute(ADD, RIGHT | {"approval": str(made.id), "ref": child.ref, "to": "surrey"})


@pytest.mark.parametrize("who", ["asker", "essex", "manager"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_recordrelease SET conditions = 'None.'",
        "DELETE FROM records_recordrelease",
        "UPDATE records_record SET audience_id = audience_id",
        "SELECT crossline_widen_released()",
    ],
)
def test_a_page_changes_and_removes_nothing(statement: str, who: str, builders: Any, people: Any) -> None:
    released(builders, people)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), builders.seen_by(people[who]):
        connection.cursor().execute(statement)


# What is sent later


def test_the_same_record_again_changes_nothing_and_a_revision_is_under_the_rule_again(
    builders: Any, people: Any, tmp_path: Path, kept: Path
) -> None:
    released(builders, people, "kent/only")
    released(builders, people, "OP-9")
    alone = builders.person(surname=SURNAME, forename="Ambrose", dob="1999-09-09")
    builders.sent(
        tmp_path / "later",
        kept,
        ref="2026-3",
        reports=[builders.report("kent/only", handling="C", mentions=[alone])],
        investigations=[builders.investigation("OP-9", name="Operation Larch, renamed")],
    )
    match_people()
    assert "agency:essex" in labels(record("kent/only"))
    first, second = Record.objects.filter(ref="OP-9").order_by("revision")
    assert (labels(first), labels(second)) == ({"agency:kent", "agency:essex", "centre"}, {"agency:kent", "centre"})
    with builders.seen_by(people["essex"]) as viewpoint:
        assert list(viewpoint.visible(Record.objects.filter(ref="OP-9")).values_list("revision")) == [(1,)]
    with builders.seen_by(people["asker"]) as viewpoint:
        made = ask_to_release(record=second.id, to="essex", conditions="C.", reason="R.", viewpoint=viewpoint)
    with builders.seen_by(people["manager"]) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    with builders.seen_by(people["asker"]) as viewpoint:
        release(record=second.id, to="essex", approval=made.id, viewpoint=viewpoint)
    with builders.seen_by(people["essex"]) as viewpoint:
        assert viewpoint.visible(Record.objects.filter(ref="OP-9")).count() == 2


# The pages


def browse(as_web: Any, who: str, address: str, posted: dict[str, str] | None = None) -> Any:
    client = Client(headers=HOST)
    with as_web():
        client.force_login(Person.objects.get(username=who))
        return client.get(address) if posted is None else client.post(address, posted)


def test_it_is_asked_allowed_and_released_on_pages(people: Any, as_web: Any) -> None:
    which = record()
    its_page, where = f"/records/{which.id}", f"/records/{which.id}/release"
    assert where in browse(as_web, "kent.asker", its_page).content.decode()
    assert browse(as_web, "essex.analyst", its_page).status_code == 404
    assert SURNAME not in browse(as_web, "kent.asker", where).content.decode()

    said = {"to": "essex", "conditions": CONDITIONS, "reason": "Their own inquiry."}
    refused = browse(as_web, "kent.asker", where, said | {"conditions": ""})
    assert refused.status_code == 422
    asking = browse(as_web, "kent.asker", where, said)
    assert asking.status_code == 302
    request = asking.headers["Location"]
    early = browse(as_web, "kent.asker", where, {"do": "release", "approval": request.rpartition("/")[2]})
    assert (early.status_code, "cannot become used" in early.content.decode()) == (422, True)
    waiting = browse(as_web, "kent.manager", where).content.decode()
    assert "Waiting for a second person" in waiting and CONDITIONS in waiting
    deciding = browse(as_web, "kent.manager", request).content.decode()
    assert CONDITIONS in deciding and where in deciding
    assert browse(as_web, "kent.manager", request, {"do": "approve"}).status_code == 302

    assert where in browse(as_web, "kent.asker", request).content.decode()
    assert "Allowed: Essex Police" in browse(as_web, "kent.asker", where).content.decode()
    assert "Allowed: Essex Police" not in browse(as_web, "kent.manager", where).content.decode()
    wrong = browse(as_web, "kent.asker", where, {"do": "release", "approval": str(uuid4())})
    assert (wrong.status_code, "not for this record" in wrong.content.decode()) == (422, True)
    done = browse(as_web, "kent.asker", where, {"do": "release", "approval": request.rpartition("/")[2]})
    assert (done.status_code, done.headers["Location"]) == (302, its_page)

    for who in ("kent.asker", "essex.analyst", "centre.analyst"):
        shown = browse(as_web, who, its_page).content.decode()
        assert "Released to Essex Police" in shown and CONDITIONS in shown, who
    assert browse(as_web, "surrey.analyst", its_page).status_code == 404
    assert where not in browse(as_web, "essex.analyst", its_page).content.decode()
    listed = browse(as_web, "kent.manager", where).content.decode()
    assert "Released to" in listed and "Their own inquiry." in listed


def test_the_page_is_there_for_the_owners_people_alone(builders: Any, people: Any, as_web: Any) -> None:
    builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    released(builders, people)
    where = f"/records/{record().id}/release"
    assert [browse(as_web, who, where).status_code for who in ("essex.analyst", "centre.analyst", "kent.auditor")] == [
        404,
        404,
        404,
    ]
    shared = browse(as_web, "kent.asker", f"/records/{record('kent/P').id}/release").content.decode()
    assert "Everybody with a policing role sees this record already" in shared and "Ask for approval" not in shared


def test_each_receiver_reads_its_own_conditions(builders: Any, people: Any, as_web: Any) -> None:
    released(builders, people)
    released(builders, people, to="surrey")
    shown = browse(as_web, "surrey.analyst", f"/records/{record().id}").content.decode()
    assert "Released to Surrey Police" in shown and "Released to Essex Police" not in shown


def test_who_can_see_it_names_the_release(builders: Any, people: Any, as_web: Any) -> None:
    assert seeing(record()).released_to == ()
    released(builders, people)
    known = seeing(record())
    assert (known.released_to, known.named_by_sender) == (("Essex Police",), False)
    shown = browse(as_web, "kent.asker", f"/audit/records/{record().id}/seen-by").content.decode()
    assert "Released to Essex Police" in shown
