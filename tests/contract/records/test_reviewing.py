"""What an information manager may do, and nobody else; and that the database holds it of itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from crossline.access.models import AuditEvent
from crossline.access.retention import LONGEST_KEEPING, QUESTIONS
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Confirmation, HoldLifted, LegalHold, Record, RecordReview, RetentionClock
from crossline.records.retention.clocks import with_clock
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, lift_hold, place_hold
from crossline.records.retention.standing import ready, to_confirm

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 3)
SECRET = "a reason that names somebody"


@pytest.fixture
def record(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> Record:
    builders.sent(tmp_path / "d", kept, reports=[builders.report("KENT/1")])
    return Record.objects.get()


def clock(record: Record) -> Any:
    return with_clock(Record.objects.filter(id=record.id)).get()


def test_keeping_sets_the_clock_anew_and_leaves_the_first_as_it_was(record: Record, desk: Any) -> None:
    first = record.review_at
    made = desk.decide(record.id, choice=Choice.KEEP, ground=None, next_review=date(2030, 1, 1))
    assert clock(record).due == date(2030, 1, 1)
    assert clock(record).due_rule == "mopi-group-3-1" == made.rule
    record.refresh_from_db()
    assert record.review_at == first

    desk.decide(record.id, choice=Choice.KEEP, ground=None)
    assert clock(record).due == TODAY + timedelta(days=6 * 365), "without a day, as the rule has it from today"
    assert RetentionClock.objects.count() == 2


@pytest.mark.parametrize("day", [TODAY, date(2020, 1, 1), TODAY + LONGEST_KEEPING + timedelta(days=1)])
def test_a_next_review_is_to_come_and_not_too_far_off(record: Record, desk: Any, day: date) -> None:
    with pytest.raises(UserError, match="after today and at most ten years"):
        desk.decide(record.id, choice=Choice.KEEP, ground=None, next_review=day)
    assert not RecordReview.objects.exists()


def test_every_question_is_answered(record: Record, desk: Any) -> None:
    for question in QUESTIONS:
        answers = {each.id: "no" for each in QUESTIONS if each is not question}
        for said in (answers, answers | {question.id: "perhaps"}):
            with pytest.raises(UserError, match="Answer with yes, no or unknown"):
                desk.decide(record.id, answers=said)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "  "}, "Give the reason"),
        ({"ground": None}, "on what ground the record is to be disposed of"),
        ({"ground": Ground.AUTHORITY_EXPIRED}, "on what ground the record is to be disposed of"),
        ({"choice": Choice.HOLD, "ground": None}, "on what ground the record is to be held"),
    ],
)
def test_a_decision_says_why(record: Record, desk: Any, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        desk.decide(record.id, **said)


@pytest.mark.parametrize("by", ["essex", "analyst"])
def test_nobody_else_reviews_holds_confirms_or_lifts(record: Record, desk: Any, by: str) -> None:
    """Essex's manager sees the record, and it is not theirs; an analyst of Kent sees it, and it is not their office."""
    with desk.as_person(by) as viewpoint:
        assert viewpoint.visible(Record.objects.all()).exists()
    with pytest.raises(NotPermitted, match="is not yours to review"):
        desk.decide(record.id, by)
    with pytest.raises(NotPermitted):
        desk.hold(record.id, by)
    made, held = desk.decide(record.id), desk.hold(record.id)
    with pytest.raises(NotPermitted):
        desk.agree(made, by)
    with pytest.raises(NotPermitted), desk.as_person(by) as viewpoint:
        lift_hold(hold=held.id, reason="No.", viewpoint=viewpoint)
    assert not Confirmation.objects.exists() and not HoldLifted.objects.exists()


def test_whoever_decided_does_not_confirm(record: Record, desk: Any) -> None:
    made = desk.decide(record.id)
    with pytest.raises(NotPermitted, match="another information manager has to confirm it"):
        desk.agree(made, "first")
    desk.agree(made, "second")
    assert list(ready()) == [made]
    with pytest.raises(NotPermitted, match="confirmed or declined already"):
        desk.agree(made, "second")


def test_a_declined_disposal_is_reviewed_again(record: Record, desk: Any) -> None:
    made = desk.decide(record.id)
    with pytest.raises(MoveNotAllowed, match="confirm that or decline it first"):
        desk.decide(record.id, "second")
    with pytest.raises(UserError, match="Give the reason for declining"):
        desk.agree(made, agreed=False, reason="")
    desk.agree(made, agreed=False, reason="It is needed.")
    assert not ready().exists() and not to_confirm().exists()
    assert desk.decide(record.id, "second").decided_by == "second"
    assert AuditEvent.objects.get(event="disposal_declined").actor == "second"


def test_a_hold_stands_until_it_is_lifted(record: Record, desk: Any) -> None:
    desk.decide(record.id, choice=Choice.HOLD, ground=None, hold=HoldGround.LITIGATION)
    held = LegalHold.objects.get()
    assert (held.ground, held.reason, held.placed_by) == ("litigation", "Old.", "first")
    with pytest.raises(MoveNotAllowed, match="on legal hold"):
        desk.decide(record.id)
    with pytest.raises(UserError, match="reason for lifting"), desk.as_person("second") as viewpoint:
        lift_hold(hold=held.id, reason="", viewpoint=viewpoint)
    with desk.as_person("second") as viewpoint:
        lift_hold(hold=held.id, reason="Settled.", viewpoint=viewpoint)
    made = desk.decide(record.id)
    again = desk.hold(record.id)
    with pytest.raises(MoveNotAllowed, match="on legal hold"):
        desk.agree(made)
    with desk.as_person("second") as viewpoint:
        lift_hold(hold=again.id, reason="Settled.", viewpoint=viewpoint)
    with pytest.raises(NotPermitted, match="lifted already"), desk.as_person("second") as viewpoint:
        lift_hold(hold=again.id, reason="Settled.", viewpoint=viewpoint)
    desk.agree(made)
    assert list(ready()) == [made]


def test_a_hold_on_one_revision_holds_every_other(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "1", kept, lines=[builders.line()])
    desk.hold(Record.objects.get().id)
    builders.sent(tmp_path / "2", kept, ref="KENT-2", lines=[builders.line(name="Lion")])
    newest = Record.objects.order_by("-revision")[0]
    with pytest.raises(MoveNotAllowed, match="on legal hold"):
        desk.decide(newest.id)
    older = Record.objects.order_by("revision")[0]
    with pytest.raises(NotPermitted, match="was sent again since"):
        desk.decide(older.id)


def test_a_reason_is_needed_for_a_hold_and_a_record_that_is_there(record: Record, desk: Any) -> None:
    with pytest.raises(UserError, match="Give the reason for the hold"), desk.as_person("first") as viewpoint:
        place_hold(record=record.id, ground=HoldGround.INQUIRY, reason=" ", viewpoint=viewpoint)
    for act in (desk.decide, desk.hold):
        with pytest.raises(NotPermitted):
            act(uuid4())
    with pytest.raises(NotPermitted), desk.as_person("first") as viewpoint:
        confirm(review=uuid4(), agreed=True, viewpoint=viewpoint)


def test_the_audit_keeps_the_decision_and_none_of_the_words(record: Record, desk: Any) -> None:
    """It is kept for ever, and a reason can repeat what the record said."""
    made = desk.decide(record.id, reason=SECRET)
    desk.agree(made, agreed=False, reason=SECRET)
    desk.decide(record.id, choice=Choice.HOLD, ground=None, hold=HoldGround.INQUIRY, reason=SECRET)
    with desk.as_person("second") as viewpoint:
        lift_hold(hold=LegalHold.objects.get().id, reason=SECRET, viewpoint=viewpoint)
    rows = AuditEvent.objects.filter(subject=str(record.id)).order_by("at")
    assert {row.event for row in rows} == {"record_reviewed", "disposal_declined", "hold_placed", "hold_lifted"}
    assert all(SECRET not in str(row.detail) for row in rows)
    assert {row.verb for row in rows} == {"erasure", "alteration"}


REVIEW = (
    "INSERT INTO records_recordreview (id, record_id, owner_id, rule, answers, choice, ground, reason, decided_by, "
    "decided_agency, decided_at, audience_id) SELECT gen_random_uuid(), id, owner_id, 'r', '{}', 'dispose', 'inaccurate', 'x', "
    "%s, %s, now() + %s::interval, audience_id FROM records_record"
)
CONFIRM = (
    "INSERT INTO records_confirmation (review_id, owner_id, agreed, reason, decided_by, confirmed_by, confirmed_agency, "
    "confirmed_at, audience_id) SELECT id, owner_id, true, '', decided_by, %s, decided_agency, now() + %s::interval, audience_id "
    "FROM records_recordreview"
)
GUESSED = (
    "INSERT INTO records_confirmation (review_id, owner_id, agreed, reason, decided_by, confirmed_by, confirmed_agency, "
    "confirmed_at, audience_id) VALUES (%s, %s, true, '', %s, %s, %s, now(), %s)"
)
HOLD = (
    "INSERT INTO records_legalhold (id, record_id, owner_id, ground, reason, placed_by, placed_agency, placed_at, audience_id) "
    "SELECT gen_random_uuid(), id, owner_id, 'inquiry', 'x', %s, %s, now() + %s::interval, audience_id FROM records_record"
)
LIFT = (
    "INSERT INTO records_holdlifted (hold_id, owner_id, reason, lifted_by, lifted_agency, lifted_at, audience_id) "
    "SELECT id, owner_id, 'x', %s, %s, now() + %s::interval, audience_id FROM records_legalhold"
)
CLOCK = (
    "INSERT INTO records_retentionclock (id, record_id, owner_id, rule, due, review_id, set_by, set_at, audience_id) "
    "SELECT gen_random_uuid(), record_id, owner_id, rule, coalesce(next_review, '2030-01-01') + %s, id, %s, now(), audience_id "
    "FROM records_recordreview"
)


class Undone(Exception):
    """Takes back what the database took, so that each statement is tried on the same rows."""


def told(desk: Any, by: str, statement: str, *parameters: Any) -> str:
    """What the database says to a page that works for somebody and goes round the actions."""
    try:
        with transaction.atomic(), desk.as_person(by), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            raise Undone(f"{cursor.rowcount} added")
    except (DatabaseError, Undone) as error:
        return str(error).splitlines()[0]


REFUSED = "new row violates row-level security policy"


def test_the_database_takes_acts_of_own_managers_signed_as_themselves_and_now(record: Record, desk: Any) -> None:
    """The policies alone: each statement goes round the actions as a taken-over web process would."""
    assert told(desk, "first", REVIEW, "first", "kent", "0") == "1 added"
    assert told(desk, "first", HOLD, "first", "kent", "0") == "1 added"
    for statement in (REVIEW, HOLD):
        assert told(desk, "first", statement, "second", "kent", "0").startswith(REFUSED), "signed as somebody else"
        assert told(desk, "first", statement, "first", "kent", "-1 day").startswith(REFUSED), "dated back"
        assert told(desk, "analyst", statement, "analyst", "kent", "0").startswith(REFUSED), "without the role"
        assert told(desk, "essex", statement, "essex", "essex", "0").startswith(REFUSED), "another agency's record"
        assert told(desk, "essex", statement, "essex", "kent", "0").startswith(REFUSED), "as another agency"

    desk.decide(record.id)
    assert told(desk, "second", CONFIRM, "second", "0") == "1 added"
    for by, signed, at in (
        ("first", "second", "0"),
        ("second", "second", "-1 day"),
        ("analyst", "analyst", "0"),
    ):
        assert told(desk, by, CONFIRM, signed, at).startswith(REFUSED), (by, signed)
    made = RecordReview.objects.get()
    assert told(desk, "essex", CONFIRM, "essex", "0") == "0 added", "another agency's decision is not to be seen"
    for owner in ("kent", "essex"):
        guessed = [made.id, owner, "first", "essex", owner, made.audience_id]
        assert told(desk, "essex", GUESSED, *guessed).startswith(REFUSED), "nor confirmed by who knows its id"
    assert "two_people_confirm_a_disposal" in told(desk, "first", CONFIRM, "first", "0")
    assert told(desk, "first", CLOCK, 0, "first").startswith(REFUSED), "a clock without a decision to keep"

    desk.hold(record.id)
    assert told(desk, "second", LIFT, "second", "kent", "0") == "1 added"
    assert told(desk, "analyst", LIFT, "analyst", "kent", "0").startswith(REFUSED)
    assert told(desk, "essex", LIFT, "essex", "essex", "0") == "0 added", "another agency's hold is not to be seen"


def test_the_database_takes_a_clock_only_as_its_review_says_and_once(record: Record, desk: Any) -> None:
    desk.decide(record.id, choice=Choice.KEEP, ground=None, next_review=date(2030, 1, 1))
    assert "unique" in told(desk, "first", CLOCK, 0, "first")
    RetentionClock.objects.all().delete()
    assert told(desk, "first", CLOCK, 0, "first") == "1 added"
    assert told(desk, "first", CLOCK, 1, "first").startswith(REFUSED)
    assert told(desk, "second", CLOCK, 0, "second").startswith(REFUSED)


def test_pages_change_and_remove_nothing_of_it(record: Record, desk: Any) -> None:
    for table in ("recordreview", "confirmation", "retentionclock", "legalhold", "holdlifted", "tombstone"):
        for statement in (f"DELETE FROM records_{table}", f"UPDATE records_{table} SET owner_id = 'essex'"):
            assert "permission denied" in told(desk, "first", statement)
    assert "permission denied" in told(
        desk, "first", "INSERT INTO records_tombstone SELECT * FROM records_tombstone LIMIT 1"
    )


def test_what_a_reviewer_wrote_is_read_by_the_owners_people_alone(record: Record, desk: Any) -> None:
    """Essex's people see the record, and its date; not why somebody of Kent would keep, hold or dispose of it."""
    desk.decide(record.id, choice=Choice.KEEP, ground=None)
    desk.agree(desk.decide(record.id), agreed=False)
    with desk.as_person("second") as viewpoint:
        lift_hold(hold=desk.hold(record.id).id, reason="Over.", viewpoint=viewpoint)
    seen = {}
    for by in ("first", "analyst", "essex"):
        with desk.as_person(by):
            written = [RecordReview, Confirmation, LegalHold, HoldLifted]
            seen[by] = [model.objects.count() for model in (*written, RetentionClock, Record)]
    assert seen == {"first": [2, 1, 1, 1, 1, 1], "analyst": [2, 1, 1, 1, 1, 1], "essex": [0, 0, 0, 0, 1, 1]}
