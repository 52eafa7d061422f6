"""Whoever was given something that may hold a record that went is asked to destroy it, and nobody else."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.rights.recalls.answering import recalls
from crossline.rights.recalls.models import Holding, Recall
from crossline.safeguarding.meetings.standing import meeting_reference

from .conftest import Known, asked_of

pytestmark = pytest.mark.django_db

CHILD = "Winterbourne"


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
    known.remove("KENT/missing", "KENT/far")
    asked = asked_of(known, known.case.partners["childrens_home"])
    assert [each.first.number[:2] for each in asked if each.what is Holding.NOTICE] == ["CO"]
