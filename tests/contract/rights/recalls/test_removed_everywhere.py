"""Scenario 11: somebody is removed, and that reaches every table, search and export to come, and whoever was given a copy."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from crossline.access.models import AuditEvent
from crossline.entities.search import search
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Tombstone
from crossline.rights.recalls.answering import Standing, answer_recall, recalls
from crossline.rights.recalls.models import Answer, Holding, Recall, RecallAnswer
from crossline.safeguarding.meetings.standing import meeting_reference

from .conftest import OF_ESSEX, OF_KENT, Known

pytestmark = pytest.mark.django_db

CHILD = "Winterbourne"


def filled(builders: Any) -> set[str]:
    """The tables of safeguarding in which something stands about a person: not who covers what, nor a deployment's own rows."""
    with builders.role("none"):
        models = [each for each in apps.get_models() if each.__module__.startswith("crossline.safeguarding.")]
        return {each._meta.db_table for each in models if each._default_manager.exists()}


def asked_of(known: Known, viewer: Any) -> list[Standing]:
    with known.case.builders.seen_by(viewer) as viewpoint:
        return [each for each in recalls(viewpoint) if each.is_of(viewpoint)]


def test_removed_means_everywhere(known: Known, builders: Any) -> None:
    before = filled(builders)
    assert {
        *("safeguarding_concern", "answering_concerncase", "answering_told", "answering_partnernotice"),
        *("referrals_sheetfield", "meetings_minutesshare", "meetings_actionstep", "meetings_planversion"),
        *("screening_screening", "missing_episodedisclosure", "missing_triggerplan"),
    } <= before
    assert {"records_mention", "meetings_minutes", "meetings_planversion", "missing_triggerplan"} <= set(
        builders.tables_holding(CHILD)
    )

    known.remove(*OF_KENT)

    assert not [table for table in builders.tables_holding("said-") if table != "access_auditevent"]
    with builders.role("none"):
        assert set(Tombstone.objects.values_list("owner", flat=True)) == {"kent"}
    left = set(builders.tables_holding(CHILD))
    assert left and all(table.startswith(("records_", "deconfliction_")) for table in left), (
        "Essex keeps what is its own"
    )

    known.remove(OF_ESSEX, by="essex", second="essex-second")

    assert builders.tables_holding(CHILD) == []
    assert builders.tables_holding("Tobz") == []
    assert not {table for table in filled(builders) if table in before and "coverage" not in table}
    with builders.administrator() as viewpoint:
        assert search(viewpoint, CHILD).number == 0
    assert CHILD not in known.export(known.case.coordinator)


def test_whoever_was_given_a_copy_is_asked_to_destroy_it(known: Known, builders: Any) -> None:
    case = known.case
    taken = {row["ref"] for row in csv.DictReader(io.StringIO(known.export(case.analyst)))}
    assert "KENT/1" in taken, "Essex reads what Kent shared, and took it out"
    known.export(case.surrey)
    known.export(case.surrey, "figures")
    with builders.administrator() as viewpoint:
        assert recalls(viewpoint) == []

    known.remove("KENT/1")

    home, school, analyst = case.partners["childrens_home"], case.partners["education"], case.analyst
    assert {each.what for each in asked_of(known, home)} == {Holding.SHEET, Holding.MINUTES}
    minutes = next(each for each in asked_of(known, home) if each.what is Holding.MINUTES)
    assert minutes.first.number == meeting_reference(known.meeting)
    assert [each.what for each in asked_of(known, school)] == [Holding.SHEET]
    assert [each.first.person for each in asked_of(known, analyst)] == [analyst.username]
    assert sorted(each.what for each in asked_of(known, case.surrey)) == [Holding.EXPORT, Holding.MINUTES], (
        "not figures"
    )
    assert asked_of(known, case.lead) == []
    assert case.browse(home, f"/recalls/{asked_of(known, home)[0].id}").status_code == 200
    assert CHILD not in case.browse(home, "/recalls").content.decode()

    with builders.seen_by(case.lead) as viewpoint:
        everything = {(each.what, each.first.holder_id) for each in recalls(viewpoint)}
    assert {(Holding.EXPORT, "essex"), (Holding.SHEET, school.agency), (Holding.MINUTES, "surrey")} <= everything
    with builders.role("none"):
        logged = AuditEvent.objects.get(event="recalled")
        assert logged.detail["things"] == Recall.objects.count() > 4


def test_a_council_that_was_told_is_asked_too(known: Known) -> None:
    known.remove("KENT/far")
    asked = asked_of(known, known.case.partners["childrens_home"])
    assert [each.first.number[:2] for each in asked if each.what is Holding.NOTICE] == ["CO"]


def test_whoever_has_it_answers_once_for_all_that_was_asked(known: Known, builders: Any) -> None:
    case = known.case
    known.export(case.analyst)
    known.remove("KENT/1", "KENT/far")
    (standing,) = asked_of(known, case.analyst)
    assert len(standing.recalls) == len(standing.open) == 2
    said: dict[str, Any] = {"recall": standing.id, "words": "Shredded.", "stood": 0}

    with builders.seen_by(case.lead) as viewpoint, pytest.raises(NotPermitted, match="Whoever has it"):
        answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
    with builders.seen_by(known.essex_second) as viewpoint, pytest.raises(NotPermitted, match="no such recall"):
        answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
    with builders.seen_by(case.analyst) as viewpoint:
        with pytest.raises(UserError, match="why it has to be kept"):
            answer_recall(answer=Answer.KEPT, viewpoint=viewpoint, **said | {"words": " "})
        after = answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
        assert not after.open and len(after.answers) == 2
        with pytest.raises(MoveNotAllowed, match="Somebody else answered"):
            answer_recall(answer=Answer.NOT_HELD, viewpoint=viewpoint, **said)
    with builders.seen_by(case.lead) as viewpoint:
        seen = next(each for each in recalls(viewpoint) if each.what is Holding.EXPORT)
        assert [answer.words for answer in seen.answers] == ["Shredded.", "Shredded."]


def test_a_page_answers_and_says_what_is_missing(known: Known) -> None:
    case = known.case
    known.remove("KENT/1")
    home = case.partners["childrens_home"]
    sheet = next(each for each in asked_of(known, home) if each.what is Holding.SHEET)
    address = f"/recalls/{sheet.id}"
    assert "Waits for an answer" in case.browse(home, "/recalls").content.decode()
    said = {"stood": "0", "answer": "kept", "words": ""}
    refused = case.browse(home, address, said)
    assert refused.status_code == 422 and "Say why it has to be kept" in refused.content.decode()
    assert case.browse(home, address, said | {"answer": "destroyed"}).status_code == 302
    page = case.browse(home, address).content.decode()
    assert "Destroyed" in page and "Nothing yet" not in page
    assert case.browse(case.surrey, address).status_code == 404
    assert case.browse(case.lead, address).status_code == 200
    assert case.browse(case.lead, address, said).status_code == 404, "Kent called it back and does not have it"


def test_nobody_writes_a_recall_or_another_ones_answer(known: Known, builders: Any) -> None:
    case = known.case
    known.remove("KENT/1")
    with builders.role("none"):
        row = Recall.objects.filter(what=Holding.SHEET, holder=case.partners["education"].agency).get()
    home = case.partners["childrens_home"]
    with builders.seen_by(home):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Recall.objects.create(
                **{name: getattr(row, name) for name in ("record_id", "what", "holder_id", "given_at", "audience_id")}
            )
        told = {"recall_id": row.id, "number": 1, "answer": Answer.DESTROYED, "audience_id": row.audience_id}
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            RecallAnswer.objects.create(by=home.username, by_agency=home.agency, **told)
