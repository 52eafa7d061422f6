"""A release needs two people of the owner, and is what they agreed on; the actions say so, and the database holds it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.approvals import Act, ask, decide
from crossline.access.models import AuditEvent
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records import releasing as acting
from crossline.records.models import Record, RecordRelease, ReleaseTakenBack
from crossline.records.release_security import BETWEEN, NEVER
from crossline.records.releasing import about, ask_to_release, release, take_back
from crossline.records.restriction import restrict

from .releases import CONDITIONS, allowed, asked, labels, record, released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


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
    refused_by_policy(builders, people, made, {})
    assert len(NEVER) == 4
    child = record("kent/concern")
    with builders.seen_by(people["asker"]) as viewpoint:
        text = f"Their own inquiry.{BETWEEN}{CONDITIONS}"
        made = ask(act=Act.RELEASE, about=about(child.id, "surrey"), rows=1, reason=text, viewpoint=viewpoint)
    with builders.seen_by(people["manager"]) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    with builders.seen_by(people["asker"]) as viewpoint:
        acting.use(approval=made.id, act=Act.RELEASE, about=about(child.id, "surrey"), rows=1, viewpoint=viewpoint)
    refused_by_policy(builders, people, made, {"ref": child.ref, "to": "surrey"})


def refused_by_policy(builders: Any, people: Any, made: Any, said: dict[str, str]) -> None:
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        builders.seen_by(people["asker"]),
        connection.cursor() as cursor,
    ):
        cursor.execute(ADD, RIGHT | {"approval": str(made.id)} | said)


@pytest.mark.parametrize("who", ["asker", "essex", "manager"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_recordrelease SET conditions = 'None.'",
        "DELETE FROM records_recordrelease",
        "UPDATE records_record SET audience_id = audience_id",
        "UPDATE records_releasetakenback SET reason = 'None.'",
        "DELETE FROM records_releasetakenback",
        "SELECT crossline_widen_released()",
        "SELECT crossline_narrow_taken_back()",
    ],
)
def test_a_page_changes_and_removes_nothing(statement: str, who: str, builders: Any, people: Any) -> None:
    released(builders, people)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), builders.seen_by(people[who]):
        connection.cursor().execute(statement)


TAKE_BACK = """
INSERT INTO records_releasetakenback
    (release_id, record_id, reason, taken_back_by, taken_back_agency, taken_back_at, audience_id)
SELECT e.id, e.record_id, 'x', %s, %s, now(), e.audience_id FROM records_recordrelease e
"""


@pytest.mark.parametrize(
    ("who", "said", "added"),
    [
        ("manager", ("kent.manager", "kent"), True),
        ("asker", ("kent.asker", "kent"), False),
        ("asker", ("kent.manager", "kent"), False),
        ("essex manager", ("essex.manager", "essex"), False),
        ("essex manager", ("kent.manager", "kent"), False),
    ],
)
def test_an_information_manager_of_the_owner_takes_it_back_and_nobody_else(
    who: str, said: tuple[str, str], added: bool, builders: Any, people: Any
) -> None:
    made = released(builders, people)
    try:
        with transaction.atomic(), builders.seen_by(people[who]), connection.cursor() as cursor:
            cursor.execute(TAKE_BACK, said)
    except DatabaseError as error:
        assert "row-level security" in str(error)
    assert ReleaseTakenBack.objects.exists() is added
    assert ("agency:essex" in labels(record())) is not added
    if not added:
        with builders.seen_by(people[who]) as viewpoint, pytest.raises(NotPermitted, match="may not take it back"):
            take_back(release=made.id, reason="x", viewpoint=viewpoint)
        return
    with builders.seen_by(people[who]) as viewpoint, pytest.raises(MoveNotAllowed, match="taken back already"):
        take_back(release=made.id, reason="x", viewpoint=viewpoint)


def test_taking_back_needs_a_reason_and_is_on_the_audit(builders: Any, people: Any) -> None:
    made = released(builders, people)
    with builders.seen_by(people["manager"]) as viewpoint:
        with pytest.raises(UserError, match="Give the reason for which the release is taken back"):
            take_back(release=made.id, reason=" ", viewpoint=viewpoint)
        with pytest.raises(NotPermitted, match="does not exist"):
            take_back(release=uuid4(), reason="x", viewpoint=viewpoint)
        take_back(release=made.id, reason="The inquiry is over.", viewpoint=viewpoint)
    logged = AuditEvent.objects.get(event="release_taken_back")
    assert (logged.verb, logged.actor, logged.subject) == ("alteration", "kent.manager", str(record().id))
    assert (logged.detail["to"], logged.detail["reason"]) == ("essex", "The inquiry is over.")
