"""A report of a partner: who sends, reads, answers and raises it again, and what the database lets nobody do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from crossline.access.models import AuditEvent
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.reporting.content import Answers
from crossline.safeguarding.reporting.models import PartnerReport, PartnerReportStep, ReportState
from crossline.safeguarding.reporting.standing import report_of, reports

from .conftest import SAID, Case

pytestmark = pytest.mark.django_db


def sees(case: Case, who: Viewer) -> list[str]:
    with case.builders.seen_by(who) as viewpoint:
        return [each.report.ref for each in reports(viewpoint)]


def test_a_report_is_read_by_its_senders_and_by_those_it_was_sent_to_and_by_nobody_else(case: Case) -> None:
    made = case.send()
    for who in (case.teacher, case.kent, case.kent_analyst, case.centre):
        assert sees(case, who) == [made.ref], who.username
    for who in (case.other_school, case.essex):
        assert sees(case, who) == [], who.username
    assert set(made.audience.fingerprint.split()) == {
        *("agency:kent", "centre", "safeguarding", "partner:partner-quillhaven-academy"),
    }
    assert Answers.read(made.content) == SAID
    said = AuditEvent.objects.get(event="partner_report_sent")
    assert said.subject == made.ref and "Thistlewood" not in str(said.detail)


def test_both_sides_talk_until_it_is_answered_and_it_can_be_raised_again(case: Case) -> None:
    made = case.send()
    case.move(made.id, ReportState.READ, case.kent, words="")
    case.move(made.id, ReportState.ANSWERED, case.centre, stood=1, words="A social worker calls tomorrow.")
    case.move(made.id, ReportState.RAISED_AGAIN, case.teacher, stood=2, words="Nobody has called.")
    case.move(made.id, ReportState.ANSWERED, case.kent, stood=3, words="They met today.")
    with case.builders.seen_by(case.teacher) as viewpoint:
        found = report_of(viewpoint, made.id)
    assert found is not None
    assert [step.words for step in found.steps] == [
        *("", "A social worker calls tomorrow.", "Nobody has called.", "They met today."),
    ]
    assert found.state is ReportState.ANSWERED and found.due is None
    assert AuditEvent.objects.filter(event="partner_report_moved", subject=made.ref).count() == 4


@pytest.mark.parametrize(
    ("who", "state", "stood", "error", "sentence"),
    [
        ("teacher", ReportState.ANSWERED, 0, NotPermitted, "Whoever sent it raises it again"),
        ("kent_analyst", ReportState.ANSWERED, 0, NotPermitted, "reads and answers it"),
        ("essex", ReportState.READ, 0, NotPermitted, "no such report"),
        ("kent", ReportState.RAISED_AGAIN, 0, MoveNotAllowed, "that is sent cannot become raised again"),
        ("kent", ReportState.READ, 1, MoveNotAllowed, "Somebody else"),
    ],
)
def test_each_side_makes_its_own_moves_and_no_other(
    case: Case, who: str, state: ReportState, stood: int, error: type[UserError], sentence: str
) -> None:
    made = case.send()
    with pytest.raises(error, match=sentence):
        case.move(made.id, state, getattr(case, who), stood=stood)
    assert not PartnerReportStep.objects.exists()


def test_an_answer_without_words_is_none(case: Case) -> None:
    with pytest.raises(UserError, match="Say in a sentence"):
        case.move(case.send().id, ReportState.ANSWERED, case.kent, words="  ")


@pytest.mark.parametrize(
    ("changed", "more", "sentence"),
    [
        ({"about": "dog"}, {}, "a child or an adult"),
        ({"seen": " "}, {}, "what you saw or heard"),
        ({"seen": "x" * 5_001}, {}, "at most 5,000 characters"),
        ({"surname": "x" * 301}, {}, "300 in a line"),
        ({"signs": ("nothing",)}, {}, "no sign 'nothing'"),
        ({"postcode": "nowhere"}, {}, "'nowhere' is no postcode"),
        ({"age": 130}, {}, "between 0 and 120"),
        ({"born": "2027-01-01"}, {}, "date of birth lies in the future"),
        ({"since": "2026-11-21"}, {}, "lies in the future"),
        ({}, {"force": "nclcc"}, "Choose the police force"),
        ({}, {"pack": "nothing"}, "Choose what you do"),
    ],
)
def test_what_could_not_be_kept_is_refused_in_one_sentence(
    case: Case, changed: dict[str, Any], more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        case.send(replace(SAID, **changed), **more)
    assert not PartnerReport.objects.exists()


def test_police_send_none(case: Case) -> None:
    case.teacher = case.kent
    with pytest.raises(NotPermitted, match="people of partner organisations"):
        case.send()


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("teacher", {"partner_id": "partner-marrowmere-school"}),
        ("teacher", {"sent_by": "marrowmere.teacher"}),
        ("kent", {"partner_id": "kent", "sent_by": "kent.safeguarding"}),
        ("kent", {"sent_by": "kent.safeguarding"}),
    ],
)
def test_the_database_takes_a_report_of_ones_own_organisation_alone(
    case: Case, who: str, changed: dict[str, Any]
) -> None:
    row = {"ref": "R", "partner_id": "partner-quillhaven-academy", "force_id": "kent", "pack": "school 1"}
    row |= {"content": SAID.stored(), "sent_by": "quillhaven.teacher"}
    with case.builders.seen_by(getattr(case, who)), pytest.raises(ProgrammingError), transaction.atomic():
        PartnerReport(**(row | changed)).save(force_insert=True)


@pytest.mark.parametrize(
    ("who", "agency", "state"),
    [
        ("teacher", "partner-quillhaven-academy", "answered"),
        ("other_school", "partner-marrowmere-school", "raised_again"),
        ("kent", "kent", "raised_again"),
        ("kent_analyst", "kent", "answered"),
        ("kent", "nclcc", "answered"),
    ],
)
def test_the_database_takes_a_step_of_the_side_whose_move_it_is_alone(
    case: Case, who: str, agency: str, state: str
) -> None:
    made, viewer = case.send(), getattr(case, who)
    step = PartnerReportStep(report=made, number=1, state=state, words="x", by=viewer.username, by_agency=agency)
    step.audience_id = made.audience_id
    with case.builders.seen_by(viewer), pytest.raises(ProgrammingError), transaction.atomic():
        step.save(force_insert=True)
