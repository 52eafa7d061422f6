"""A subject access pack: the victim first, nobody else in it, nothing hidden in it, and no pack without its audit row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from crossline.access import audit
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import NotPermitted, UserError
from crossline.exchange.exports import prepare
from crossline.records.models import Mention, Record
from crossline.rights import pack as making
from crossline.rights.answer import LEFT_OUT, SubjectRequest
from crossline.rights.pack import NOT_TO_GIVE, READ_FIRST, TO_GIVE, subject_access_pack
from crossline.rights.treatment import Treatment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

TODAY = timezone.localdate()
ASKED = SubjectRequest("SAR-1", TODAY, identity_checked=True)


def given_refs(opened: Any) -> list[str]:
    return [record["reference"] for record in opened.given["records"]]


def test_it_holds_these_files_and_no_other(make: Any) -> None:
    opened = make()
    assert tuple(opened.files) == (READ_FIRST, *TO_GIVE, *NOT_TO_GIVE)
    assert all(name in opened.files[READ_FIRST] for name in ("to-give", "schedule.csv", "exports.csv", "checks.csv"))
    assert not re.search(r"<script|<!--|display:\s*none|hidden|https?:|src=", opened.page)


def test_what_makes_them_a_victim_comes_first(make: Any) -> None:
    opened = make()
    said = opened.given
    assert list(said)[:2] == ["answer", "help"]
    assert said["help"][0] | {"says": "Runs for", "of": "Leo", "category": "victim"} == said["help"][0]
    assert given_refs(opened)[0] == "KENT/victim", "before the newer one that calls them a suspect"
    assert "KENT/newest" in given_refs(opened)
    assert opened.page.index("Help for you") < opened.page.index("Who the records say you are")


def test_a_record_that_the_manager_may_not_see_is_nowhere_in_it(make: Any) -> None:
    """Essex matched it to the same person; Kent is answered as if it were not there."""
    assert Mention.objects.filter(record__ref="ESSEX/hidden").exists()
    everything = "".join(make().files.values())
    assert "ESSEX/shared" in everything
    assert "ESSEX/hidden" not in everything and "Heron" not in everything


def test_it_is_the_same_whether_or_not_the_hidden_record_exists(make: Any, builders: Any) -> None:
    before = make().files
    with builders.role("none"):
        Record.objects.filter(ref="ESSEX/hidden").delete()
    after = make().files
    schedules = [files["not-to-give/schedule.csv"] for files in (before, after)]
    assert schedules[0] == schedules[1]


def test_other_people_are_left_out_and_counted(make: Any) -> None:
    opened = make()
    assert "Orla" not in "".join(opened.files.values()) and "Finch" not in "".join(opened.files.values())
    newest = next(record for record in opened.given["records"] if record["reference"] == "KENT/newest")
    assert newest["other_people_left_out"] == 1
    told = {(each["says"], each["of"]) for each in newest["statements"]}
    assert told == {("Associates with", LEFT_OUT), ("Uses", LEFT_OUT), ("Uses", "07700 900456 #0007")}
    assert opened.given["left_out"] == {
        "other_people_mentioned": 1,
        "other_ends_of_statements": 2,
        "free_texts": 3,
    }
    rows = {row["part"]: row for row in opened.rows("schedule") if row["record"] == "KENT/newest"}
    assert (rows["other_end"]["number"], rows["other_end"]["code"]) == ("2", "s45_4_e")
    assert rows["other_people"]["number"] == "1"


def test_free_text_stays_out_until_somebody_has_read_it(make: Any) -> None:
    opened = make()
    assert "Nightjar" not in "".join(opened.files.values())
    row = next(r for r in opened.rows("schedule") if (r["record"], r["part"]) == ("KENT/newest", "text"))
    assert (row["code"], row["provision"]) == ("s45_4_b", "DPA 2018 s.45(4)(b) [K]")

    read = make({"KENT/victim": Treatment.GIVE_TEXT})
    assert "He said he was made to carry it." in read.page
    assert read.given["records"][0]["text"] == "He said he was made to carry it."
    assert "Nightjar" not in "".join(read.files.values())


def test_fields_that_nobody_knows_stay_out(make: Any) -> None:
    opened = make()
    details = opened.given["records"][0]["details"]
    assert ["Offence", "Possession with intent to supply"] in details
    assert "Quill" not in "".join(opened.files.values())
    rows = {row["record"]: row["number"] for row in opened.rows("schedule") if row["part"] == "further"}
    assert rows == {"KENT/victim": "1"}


def test_what_is_withheld_is_on_the_schedule_and_not_even_counted_in_the_answer(make: Any) -> None:
    opened = make({"KENT/newest": Treatment.INQUIRY})
    assert "KENT/newest" not in opened.to_give and "KENT/conditions" not in opened.to_give
    assert "ESSEX/shared" not in opened.to_give
    whole = {row["record"]: row for row in opened.rows("schedule") if row["part"] == "whole"}
    assert {ref: row["code"] for ref, row in whole.items()} == {
        "KENT/newest": "s45_4_a",
        "KENT/conditions": "s45_4_b",
        "ESSEX/shared": "owner",
    }
    assert whole["KENT/newest"]["decided"] == "otherwise than proposed"
    assert whole["KENT/conditions"]["decided"] == "as proposed"
    assert opened.given["left_out"]["other_people_mentioned"] == 0
    assert "Held back." not in "".join(opened.files.values())


def test_another_agencys_record_is_given_once_it_was_asked(make: Any) -> None:
    assert "ESSEX/shared" in given_refs(make({"ESSEX/shared": Treatment.GIVE}))


def test_a_spreadsheet_runs_nothing_of_it(make: Any) -> None:
    rows = make().rows("schedule")
    assert {row["record"] for row in rows if "cmd" in row["record"]} == {"'=cmd|'/c calc'!A1"}


def test_it_leaves_one_disclosure_that_says_what_was_decided(
    make: Any, manager: Viewer, builders: Any, person: UUID, decided: Any
) -> None:
    with builders.seen_by(manager) as viewpoint:
        decisions = decided(viewpoint)
        made = subject_access_pack(person=person, viewpoint=viewpoint, request=ASKED, decisions=decisions)
    row = AuditEvent.objects.get(event=audit.Event.SUBJECT_ACCESS_GIVEN)
    assert (row.verb, row.actor, row.subject_kind, row.purpose) == (
        *("disclosure", "kent.records", "person"),
        "subject access",
    )
    assert row.detail["records"] == {str(record): str(treatment) for record, treatment in decisions.items()}
    assert row.detail["sha256"] == hashlib.sha256(made.content).hexdigest()


def test_without_its_audit_row_there_is_no_pack(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the audit cannot be written")

    monkeypatch.setattr(making, "log", broken)
    with pytest.raises(RuntimeError):
        make()


def test_exports_of_the_agencys_own_people_are_told_as_far_as_the_audit_knows(make: Any, builders: Any) -> None:
    for username, agency in (("kent.analyst", "kent"), ("essex.analyst", "essex")):
        with builders.seen_by(builders.enrolled(username, agency=agency)) as viewpoint:
            prepare("people", "csv", viewpoint, purpose="Operation Larch").file.close()
            prepare("overlaps", "csv", viewpoint).file.close()  # says names
            prepare("flows", "csv", viewpoint).file.close()
    opened = make()
    told = opened.given["may_have_been_given_to"]
    assert told == [
        {
            "on": timezone.localdate().isoformat(),
            "to": "Somebody of Kent Police",
            "what": f"An export of {what}",
            "certain": False,
        }
        for what in ("people", "overlaps")
    ]
    assert "Larch" not in opened.to_give
    assert [(row["by"], row["purpose"]) for row in opened.rows("exports")] == [
        ("kent.analyst", "Operation Larch"),
        ("kent.analyst", "export"),
    ]

    again = make()
    assert [row["certainly_this_person"] for row in again.rows("exports")] == ["may be", "may be", "yes"]


def test_every_record_wants_a_decision_and_no_other_does(
    manager: Viewer, builders: Any, person: UUID, decided: Any
) -> None:
    hidden = Record.objects.get(ref="ESSEX/hidden").id
    with builders.seen_by(manager) as viewpoint:
        decisions = decided(viewpoint)
        for wrong in ({}, decisions | {hidden: Treatment.GIVE}, dict(list(decisions.items())[1:])):
            with pytest.raises(UserError, match="not those that were decided about"):
                subject_access_pack(person=person, viewpoint=viewpoint, request=ASKED, decisions=wrong)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (replace(ASKED, ref=" "), "Give the reference of the request"),
        (replace(ASKED, ref="x" * 101), "up to 100 characters"),
        (replace(ASKED, received=TODAY + timedelta(days=2)), "lies ahead"),
        (replace(ASKED, identity_checked=False), "Check who asks"),
    ],
)
def test_a_request_that_is_not_whole_says_what_is_missing(make: Any, asked: SubjectRequest, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        make(asked=asked)


def test_nobody_else_makes_one_and_a_hidden_person_is_as_an_absent_one(
    store: None, builders: Any, manager: Viewer, person: UUID
) -> None:
    analyst = builders.enrolled("kent.analyst", roles=[Role.ANALYST, Role.COORDINATOR])
    with builders.seen_by(analyst) as viewpoint, pytest.raises(NotPermitted, match="information manager"):
        subject_access_pack(person=person, viewpoint=viewpoint, request=ASKED, decisions={})
    hidden = Mention.objects.get(record__ref="ESSEX/hidden").id
    with builders.seen_by(manager) as viewpoint:
        told = []
        for unseen in (hidden, uuid4()):
            with pytest.raises(NotPermitted) as refused:
                subject_access_pack(person=unseen, viewpoint=viewpoint, request=ASKED, decisions={})
            told.append(str(refused.value))
    assert told[0] == told[1]
