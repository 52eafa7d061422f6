"""A record that two people decided to dispose of goes from everywhere, and leaves a tombstone without content."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from crossline.access.models import AuditEvent
from crossline.access.retention import Cap
from crossline.entities.clusters import people
from crossline.entities.judgements import judge
from crossline.entities.matching import match_people
from crossline.entities.models import Match, Verdict
from crossline.entities.search import search
from crossline.errors import MoveNotAllowed, TooMuchAtOnce, UserError
from crossline.exchange.exports import prepare
from crossline.records.disposal import dispose, dispose_due, dispose_expired
from crossline.records.findings import keep_findings
from crossline.records.intake.parsed import ParsedRecord
from crossline.records.models import Outcome, Record, RecordReview, Tombstone
from crossline.records.retention.preview import preview
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due
from crossline.vocabulary.codes import Classification, Handling, RecordKind

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
WORD = "Zephyrine"
"""Stands in every field of the record that goes, and nowhere else."""
NO_CAP = Cap(1.0, 1_000, "[D] for tests")


def marked(ref: str = f"KENT/{WORD}", **said: Any) -> dict[str, Any]:
    """A report that holds the word in every place where a sender can write one."""
    mentions = [
        {"key": "p1", "kind": "person", "forename": WORD, "surname": "Cole", "aliases": [WORD], "dob": "2008-04-11"}
        | {"ids": {"nominal": WORD}},
        {"key": "a1", "kind": "address", "text": f"1 {WORD} Street, Hastings", "postcode": "TN34 1AA"},
        {"key": "l1", "kind": "line", "name": WORD},
        {"key": "g1", "kind": "group", "name": WORD},
    ]
    assertions = [{"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"}]
    return {
        "ref": ref,
        "kind": "intelligence",
        "made_at": "2020-03-02T14:10:00+00:00",
        "source_grade": 2,
        "information_grade": "B",
        "handling": "P",
        "conditions": WORD,
        "classification": "OFFICIAL-SENSITIVE",
        "subject": WORD,
        "text": f"{WORD} was seen.",
        "mentions": mentions,
        "assertions": assertions,
    } | said


@pytest.fixture
def record(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> Record:
    """The record that goes, beside another of the same person, worked on; and rows that repeat and contradict it."""
    other = builders.report("KENT/other", mentions=[builders.person(forename=WORD[:-1], surname="Cole")])
    builders.sent(tmp_path / "d", kept, reports=[marked(), marked(), marked(text=f"{WORD} was not seen."), other])
    return Record.objects.get(subject=WORD)


def test_it_goes_from_every_table_and_leaves_a_tombstone(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    match_people()
    raise_due()
    with builders.administrator() as viewpoint:
        match = Match.objects.get()
        judge(left=match.left_id, right=match.right_id, verdict=Verdict.SAME, reason=WORD, viewpoint=viewpoint)
        before = people(viewpoint)
        assert (before.number, before.mentions) == (1, 2)
        assert search(viewpoint, WORD).number > 0
    desk.decided(record.id)
    assert {"records_record", "records_mention", "records_searchtoken", "records_outcome", "entities_judgement"} <= set(
        builders.tables_holding(WORD)
    )
    going = preview(record, exports=True)

    gone = dispose_due(reach=builders.reach(kept), now=NOW)

    assert gone == [going]
    assert builders.tables_holding(WORD) == []
    stone = Tombstone.objects.get()
    assert (stone.id, stone.owner_id, stone.kind, stone.rule) == (record.id, "kent", "intelligence", "mopi-group-3-1")
    assert (stone.ground, stone.decided_by, stone.confirmed_by) == ("not_necessary", "first", "second")
    assert stone.disposed_at == NOW
    assert WORD not in builders.reach(kept).journal.files[0].read_text()
    with builders.administrator() as viewpoint:
        assert people(viewpoint).mentions == 1, "what was kept in memory is out of date at once"
        assert search(viewpoint, WORD).number == 0
        exported = prepare("people", "csv", viewpoint).file.read().decode()
        assert "KENT/other" in exported and WORD not in exported
    logged = AuditEvent.objects.get(event="record_disposed")
    assert (logged.verb, logged.subject, logged.actor) == ("erasure", str(record.id), "process:disposal")
    assert Record.objects.get().ref == "KENT/other"


def test_the_preview_counts_what_goes(record: Record, builders: Any) -> None:
    match_people()
    with builders.administrator() as viewpoint:
        prepare("people", "csv", viewpoint)
    going = preview(record, exports=True)
    assert going.rows["record"] == 1
    assert going.rows["mention"] == 4
    assert going.rows["assertion"] == 1
    assert going.mentions == {"person": 1, "address": 1, "line": 1, "group": 1}
    assert (going.places, going.apart, going.revisions, going.findings, going.call_records) == (1, 1, 1, 0, 0)
    assert [export.what for export in going.exports] == ["people csv"]
    assert "1 record" in going.line() and "up to 1 exports may hold it" in going.line()
    assert preview(record, exports=False).exports == ()
    assert WORD not in going.line()


def test_the_rows_that_a_sender_was_told_of_keep_their_count_and_lose_their_words(
    record: Record, desk: Any, builders: Any, kept: Path
) -> None:
    assert Outcome.objects.filter(content__isnull=False).count() == 1
    desk.decided(record.id)
    dispose_due(reach=builders.reach(kept), now=NOW)
    told = list(Outcome.objects.values_list("outcome", "content", "reason"))
    assert sorted(outcome for outcome, *_ in told) == ["duplicate", "held"]
    assert {(content, reason) for _, content, reason in told} == {
        (None, "The record that this row repeated or contradicted has been disposed of.")
    }


def test_concerns_it_had_a_part_in_are_raised_again_from_what_is_left(
    desk: Any, builders: Any, tmp_path: Path, kept: Path
) -> None:
    """Three missing episodes put a child forward; without one of them there are two, and the concern is gone."""
    episodes = []
    for day in (1, 11, 21):
        said = builders.missing_report(f"KENT/{day}", home="kent", found="kent")
        said["missing"] |= {"from": f"2026-02-{day:02}T18:00:00+00:00"}
        episodes.append(said | {"occurred_from": f"2026-02-{day:02}T18:00:00+00:00"})
    builders.sent(tmp_path / "d", kept, reports=episodes)
    match_people()
    raise_due()
    first = Concern.objects.get(reason="repeat_missing")
    assert "3 missing episodes between 2026-02-01" in first.sentence.lower()
    middle = Record.objects.get(ref="KENT/11")
    assert first.record_id != middle.id

    desk.decided(middle.id)
    dispose_due(reach=builders.reach(kept), now=NOW)
    assert not Concern.objects.filter(reason="repeat_missing").exists()
    raise_due()
    assert not Concern.objects.filter(reason="repeat_missing").exists()


def test_all_revisions_go_together(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> None:
    """Were only the newest to go, what it corrected would stand again."""
    builders.sent(tmp_path / "1", kept, lines=[builders.line()])
    builders.sent(tmp_path / "2", kept, ref="KENT-2", lines=[builders.line(name="Lion")])
    older, newer = Record.objects.order_by("revision")
    assert preview(newer, exports=False).revisions == 2
    desk.decided(newer.id)
    dispose_due(reach=builders.reach(kept), now=NOW)
    assert not Record.objects.exists()
    assert set(Tombstone.objects.values_list("id", flat=True)) == {older.id, newer.id}
    assert AuditEvent.objects.get(event="record_disposed").detail["with_it"] == [str(older.id)]


def finding(record: Record) -> ParsedRecord:
    """What an engine might have found from a set."""
    return ParsedRecord(
        source="findings",
        ref="f1",
        kind=RecordKind.FINDING,
        made_at=record.made_at,
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        detail={"from_record": str(record.id)},
        content_hash="f1",
    )


@pytest.fixture
def call_data(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> Record:
    """A set of communications data, with a finding made from it."""
    builders.write_communications(builders.delivery(tmp_path / "d") / "comms")
    builders.take(tmp_path / "d", kept)
    record = Record.objects.get()
    keep_findings([finding(record)], owner="kent", audience=record.audience_id, delivery=record.delivery_id)
    return record


def test_communications_data_goes_with_its_parquet_and_findings(
    call_data: Record, desk: Any, builders: Any, kept: Path
) -> None:
    going = preview(call_data, exports=False)
    assert (going.call_records, going.findings) == (3, 1)
    desk.decided(call_data.id)
    dispose_due(reach=builders.reach(kept), now=NOW)
    assert not Record.objects.exists()
    assert list(kept.iterdir()) == []
    assert Tombstone.objects.count() == 2


def test_a_hold_keeps_even_what_has_expired(call_data: Record, desk: Any, builders: Any, kept: Path) -> None:
    held = desk.hold(call_data.id)
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert dispose_expired(now=late, reach=builders.reach(kept)) == 0
    assert list(kept.iterdir()) != []
    from crossline.records.retention.reviews import lift_hold

    with desk.as_person("second") as viewpoint:
        lift_hold(hold=held.id, reason="Closed.", viewpoint=viewpoint)
    assert dispose_expired(now=late, reach=builders.reach(kept)) == 1
    stones = Tombstone.objects.filter(ground="authority_expired", rule="authorisation", confirmed_by="")
    assert stones.count() == 2


def test_what_one_person_decided_stays(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    made = desk.decide(record.id)
    assert dispose_due(reach=builders.reach(kept), now=NOW) == []
    with pytest.raises(MoveNotAllowed, match="is not confirmed by a second person"):
        dispose(review=made, reach=builders.reach(kept), now=NOW)
    assert Record.objects.filter(id=record.id).exists()
    assert not builders.reach(kept).journal.files[0].exists()


def test_a_hold_placed_after_the_confirmation_keeps_it(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    made = desk.decided(record.id)
    desk.hold(record.id)
    assert dispose_due(reach=builders.reach(kept), now=NOW, dry_run=True) == []
    assert dispose_due(reach=builders.reach(kept), now=NOW) == []
    with pytest.raises(MoveNotAllowed):
        dispose(review=made, reach=builders.reach(kept), now=NOW)
    assert not Tombstone.objects.exists()


def test_a_decision_that_falls_while_a_run_is_under_way_stops_that_record_alone(
    record: Record, desk: Any, builders: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossline.records import disposal

    other = Record.objects.get(ref="KENT/other")
    desk.decided(record.id)
    desk.decided(other.id)
    real = disposal.dispose

    def after_a_hold(**said: Any) -> Any:
        if said["review"].record_id == record.id:
            desk.hold(record.id)
        return real(**said)

    monkeypatch.setattr(disposal, "dispose", after_a_hold)
    assert [gone.record for gone in dispose_due(reach=builders.reach(kept), now=NOW)] == [other.id]
    assert Record.objects.get().id == record.id


def test_what_was_sent_again_since_the_decision_stays(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> None:
    builders.sent(tmp_path / "1", kept, lines=[builders.line()])
    desk.decided(Record.objects.get().id)
    builders.sent(tmp_path / "2", kept, ref="KENT-2", lines=[builders.line(name="Lion")])
    assert dispose_due(reach=builders.reach(kept), now=NOW) == []
    assert Record.objects.count() == 2


def test_a_dry_run_says_what_would_go_and_changes_nothing(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    desk.decided(record.id)
    before = builders.snapshot()
    assert [going.record for going in dispose_due(reach=builders.reach(kept), now=NOW, dry_run=True)] == [record.id]
    assert builders.changed(before) == set()


def test_above_the_cap_nothing_goes_at_all(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    desk.decided(record.id)
    desk.decided(Record.objects.get(ref="KENT/other").id)
    reach, cap = builders.reach(kept), Cap(0.005, 1, "[D] for tests")
    before = Record.objects.count()
    with pytest.raises(TooMuchAtOnce, match="at most 1 may go; nothing was disposed of"):
        dispose_due(reach=reach, now=NOW, cap=cap)
    assert Record.objects.count() == before and not Tombstone.objects.exists()
    stopped = AuditEvent.objects.get(event="disposal_stopped")
    assert stopped.detail["due"] == 2

    with pytest.raises(UserError, match="It is 2 now and not 3, which is more than the cap allows"):
        dispose_due(reach=reach, now=NOW, cap=cap, expect=3)
    assert Record.objects.count() == before
    assert len(dispose_due(reach=reach, now=NOW, cap=cap, expect=2)) == 2


def test_many_small_runs_are_no_way_round_the_cap(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    reach, cap = builders.reach(kept), Cap(0.005, 1, "[D] for tests")
    desk.decided(record.id)
    assert len(dispose_due(reach=reach, now=NOW, cap=cap)) == 1
    desk.decided(Record.objects.get().id)
    with pytest.raises(TooMuchAtOnce, match="1 went within a day"):
        dispose_due(reach=reach, now=NOW + timedelta(hours=23), cap=cap)
    assert len(dispose_due(reach=reach, now=NOW + timedelta(hours=25), cap=cap)) == 1


def test_a_tombstone_is_never_changed_or_removed(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    desk.decided(record.id)
    dispose_due(reach=builders.reach(kept), now=NOW)
    for act in (
        lambda: Tombstone.objects.update(kind="stop"),
        lambda: Tombstone.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            act()


def test_the_database_itself_tells_two_people_apart(record: Record, desk: Any) -> None:
    made = desk.decide(record.id)
    said = "INSERT INTO records_confirmation (review_id, owner_id, agreed, reason, decided_by, confirmed_by, "
    said += "confirmed_agency, confirmed_at, audience_id) VALUES (%s, 'kent', true, '', %s, %s, 'kent', now(), %s)"
    for decider, refusal in (("first", "two_people_confirm_a_disposal"), ("somebody else", "of_that_decider")):
        with (
            pytest.raises(IntegrityError, match=refusal),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(said, [made.id, decider, "first", made.audience_id])
            connection.check_constraints()
    stone = {"owner_id": "kent", "kind": "stop", "rule": "r", "ground": "inaccurate", "audience_id": made.audience_id}
    for decided, confirmed in (("first", "first"), ("first", ""), ("", "second")):
        with pytest.raises(IntegrityError, match="two_people_disposed"), transaction.atomic():
            Tombstone.objects.create(
                id=record.id, decided_by=decided, confirmed_by=confirmed, decided_at=NOW, disposed_at=NOW, **stone
            )


def test_the_journal_holds_a_line_for_each_before_the_commit(
    record: Record, desk: Any, builders: Any, kept: Path
) -> None:
    desk.decided(record.id)
    reach = builders.reach(kept)
    dispose_due(reach=reach, now=NOW)
    (line,) = reach.journal.files[0].read_text().splitlines()
    assert json.loads(line) == {
        "record": str(record.id),
        "owner": "kent",
        "kind": "intelligence",
        "rule": "mopi-group-3-1",
        "ground": "not_necessary",
        "decided_by": "first",
        "decided_at": json.loads(line)["decided_at"],
        "confirmed_by": "second",
        "disposed_at": NOW.isoformat(),
        "folder": "",
    }


def test_where_the_journal_cannot_be_written_nothing_goes(record: Record, desk: Any, builders: Any, kept: Path) -> None:
    desk.decided(record.id)
    reach = builders.reach(kept)
    reach.journal.files[0].mkdir(parents=True)
    with pytest.raises(OSError):
        dispose_due(reach=reach, now=NOW)
    assert Record.objects.filter(id=record.id).exists()
    assert RecordReview.objects.exists() and not Tombstone.objects.exists()
