"""A record is released to one more agency: what carries its audience follows, nothing else does, and nobody else sees it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from crossline.access.actions import intern_audience
from crossline.access.approvals import decide
from crossline.access.viewer import Viewer
from crossline.entities.judgements import withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Judgement, Match, Withdrawal
from crossline.entities.search import search
from crossline.exchange.exports import prepare
from crossline.records.models import Mention, Record, RecordRelease
from crossline.records.release_security import CARRIED, KEPT
from crossline.records.releasing import ask_to_release, release
from crossline.records.restriction import lift, restrict
from crossline.records.retention.models import Choice
from crossline.records.retention.preview import _walked
from crossline.records.retention.reviews import lift_hold
from crossline.safeguarding.answering.models import CaseEntry, CaseReason, CaseStep, ConcernCase, Told
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due

from .releases import SURNAME, browse, labels, record, released, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


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
    every_judgement_withdrawn(builders)
    taken_back(builders, people, released(builders, people, "kent/C", "norfolk"))
    desk.decide(which.id, choice=Choice.KEEP, ground=None)
    desk.agree(desk.decide(which.id), agreed=False)
    hold = desk.hold(which.id)
    with desk.as_person("first") as viewpoint:
        lift_hold(hold=hold.id, reason="Over.", viewpoint=viewpoint)
        restrict(record=which.id, reason="Disputed.", viewpoint=viewpoint)
        lift(record=which.id, reason="Settled.", viewpoint=viewpoint)
    released(builders, people, "kent/C", "surrey")
    first, before = which.audience_id, audiences(builders)
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
    after = audiences(builders)
    moved = {key: audience for key, audience in after.items() if audience != before.get(key)}
    assert set(moved) - set(before) == {
        ("records_recordrelease", "audience_id", RecordRelease.objects.latest("released_at").pk)
    }
    assert {key for key, does in expected.items() if does} == set(moved), "what belongs to the record, and no other row"
    assert set(moved.values()) == {wider}

    released(builders, people, "kent/own", "essex")
    last = audiences(builders)
    reached = {key[:2] for key in moved} | {key[:2] for key in after if last[key] != after[key]}
    assert reached == {(each.table, each.column) for each in CARRIED}, "each of the list was tried"


FOLLOW_THEIR_MENTION = ("entities_matchkey", "entities_preparedmention")


def every_judgement_withdrawn(builders: Any) -> None:
    """So that two records of one person stand at both ends, whichever identifiers they were given."""
    ends = Mention.objects.filter(record__ref__in=["kent/C", "kent/own"])
    assert Judgement.objects.filter(left__in=ends, right__in=ends).exists()
    with builders.administrator() as viewpoint:
        for judgement in Judgement.objects.filter(withdrawal=None):
            withdraw(judgement=judgement.id, reason="mistaken", viewpoint=viewpoint)


def follows(row: Any, field: str, own: set[Any]) -> bool:
    """Whether an audience of a row is that of the record to which it belongs, said anew from what the tables mean."""
    if isinstance(row, Concern | ConcernCase | CaseReason | CaseStep | CaseEntry | Told):
        return False  # what was raised, and who answers for it, goes by no release
    if isinstance(row, Withdrawal):
        row = row.judgement
    if isinstance(row, Match | Judgement):
        return (row.left_id if field.startswith("left") else row.right_id) in own
    return True


def audiences(builders: Any) -> dict[tuple[str, str, Any], int]:
    """Each audience of each row of the store; those of what is kept of a mention for comparing are the mention's, always."""
    found = {}
    with builders.role("none"), connection.cursor() as cursor:
        for table in FOLLOW_THEIR_MENTION:
            cursor.execute(
                f"SELECT count(*), count(*) FILTER (WHERE k.audience_id <> m.audience_id) FROM {table} k "
                "JOIN records_mention m ON m.id = k.mention_id"
            )
            held, strayed = cursor.fetchone()
            assert held > 0 and strayed == 0, table
        for table, column, key in carrying():
            if table in {"access_audiencelabel", *FOLLOW_THEIR_MENTION}:  # the first says what an audience is
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


def test_taken_back_every_row_is_as_it_was_before(builders: Any, people: Any) -> None:
    before, shown = audiences(builders), {name: seen(builders, people[name]) for name in ("essex", "surrey", "asker")}
    made = released(builders, people)
    released(builders, people, to="surrey")
    with_surrey = {key for key, audience in audiences(builders).items() if audience != before.get(key)}
    taken_back(builders, people, made)
    after = audiences(builders)
    assert labels(record()) == {"agency:kent", "agency:surrey", "centre"}
    assert {key for key, audience in after.items() if audience != before.get(key)} >= with_surrey
    taken_back(builders, people, RecordRelease.objects.get(taken_back=None))
    after = audiences(builders)
    assert {key: after[key] for key in before} == before
    assert {name: seen(builders, people[name]) for name in shown} == shown
    released(builders, people)
    assert labels(record()) == {"agency:kent", "agency:essex", "centre"}, "and it can be released again"


def test_concerns_are_raised_as_if_nothing_had_been_released(builders: Any, people: Any) -> None:
    def concerns() -> set[tuple[str, str, str, int]]:
        return set(Concern.objects.values_list("record__ref", "reason", "sentence", "audience_id"))

    before = concerns()
    of_the_record = {row for row in before if row[0] == "kent/C"}
    assert of_the_record
    released(builders, people)
    assert concerns() == before
    Concern.objects.all().delete()
    raise_due(full=True)
    assert concerns() == before
    with builders.seen_by(people["essex"]) as viewpoint:
        assert not viewpoint.visible(Concern.objects.filter(record=record())).exists()


def test_no_table_with_an_audience_is_forgotten() -> None:
    """A new table is named in the one list or the other, and the trigger and the policies that are in force know it."""
    listed = {(each.table, each.column) for each in CARRIED}
    assert listed | set(KEPT) == {(table, column) for table, column, _ in carrying()}
    assert not listed & set(KEPT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname IN ('crossline_widen_released', 'crossline_narrow_taken_back')"
        )
        sources = [source for (source,) in cursor.fetchall()]
        cursor.execute("SELECT polrelid::regclass::text FROM pg_policy WHERE polname LIKE 'owner_releases_%'")
        policed = [table for (table,) in cursor.fetchall()]
    assert [all(each.changed in source for each in CARRIED) for source in sources] == [True, True]
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
