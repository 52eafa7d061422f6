"""A report becomes a record of the force, by the one way in; the indicators read it in the same run; it goes with its record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crossline.access.actions import intern_audience
from crossline.records.models import Delivery, Record
from crossline.safeguarding.reporting.keeping import keep_reports
from crossline.safeguarding.reporting.models import PartnerReport, ReportState
from crossline.safeguarding.reporting.standing import reports

from .conftest import SAID, Case

pytestmark = pytest.mark.django_db


def test_a_report_becomes_an_ungraded_record_of_the_force_with_all_that_was_said(case: Case) -> None:
    made = case.send()
    assert keep_reports(communications=case.kept) == 1
    record = Record.objects.get(ref=made.ref)
    assert (record.owner_id, record.kind, record.source_grade, record.handling) == ("kent", "concern", "", "P")
    assert set(record.audience.fingerprint.split()) == {"agency:kent", "centre", "safeguarding"}
    assert record.detail["concern"] == {
        "source_sector": "education",
        "indicators": ["more than one phone", "older associates", "unexplained injuries"],
    }
    for said in (SAID.seen, SAID.own_words, SAID.told, SAID.contact, SAID.where, "Quillhaven Academy"):
        assert said in record.text
    [child] = record.mention_set.filter(kind="person")
    [home] = record.mention_set.filter(kind="address")
    assert (child.forename, child.surname, child.age) == ("Elowen", "Thistlewood", 14)
    assert home.selector is not None and record.assertion_set.get().type == "lives_at"
    assert PartnerReport.objects.get().record_id == record.id


def test_kept_once_however_often_the_rhythm_runs_and_wherever_it_was_stopped(case: Case) -> None:
    case.send(), case.send(replace(SAID, surname="Ashgrove"))
    assert keep_reports(communications=case.kept) == 2
    assert keep_reports(communications=case.kept) == 0
    PartnerReport.objects.update(record=None)  # as after a stop between the delivery and the line that names its record
    assert keep_reports(communications=case.kept) == 2
    case.send(replace(SAID, surname="Fernhollow"))
    assert keep_reports(communications=case.kept) == 1
    assert Record.objects.filter(kind="concern").count() == 3 and Delivery.objects.count() == 2


def test_once_on_record_police_read_it_beside_the_record_and_its_sender_as_before(case: Case) -> None:
    made = case.send()
    keep_reports(communications=case.kept)
    Record.objects.filter(ref=made.ref).update(audience_id=intern_audience({"centre"}))
    for who, seen in ((case.kent, 0), (case.centre, 1), (case.teacher, 1)):
        with case.builders.seen_by(who) as viewpoint:
            assert len(reports(viewpoint)) == seen, who.username


def test_a_report_goes_when_its_record_goes(case: Case) -> None:
    made = case.send()
    keep_reports(communications=case.kept)
    case.move(made.id, ReportState.READ, case.kent)
    Record.objects.filter(ref=made.ref).delete()
    assert not PartnerReport.objects.exists()


def test_a_partner_who_reports_nothing_delivers_nothing(case: Case, tmp_path: Path) -> None:
    assert keep_reports(communications=tmp_path) == 0
    assert not Delivery.objects.exists()
