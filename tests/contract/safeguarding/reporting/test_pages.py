"""The pages of partners' reports: sent by one form, answered by another, and nothing of intelligence on the partner's side."""

from __future__ import annotations

import pytest

from crossline.safeguarding.guidance.packs import packs
from crossline.safeguarding.reporting.keeping import keep_reports
from crossline.safeguarding.reporting.models import PartnerReport, PartnerReportStep

from .conftest import SAID, Case

pytestmark = pytest.mark.django_db
FORM = {
    "pack": "school",
    "about": "child",
    "seen": SAID.seen,
    "force": "kent",
    "surname": "Thistlewood",
    "signs": ["phones", "older"],
}


def test_a_teacher_sends_a_report_with_the_signs_of_a_school(case: Case) -> None:
    asked = case.browse(case.teacher, "/reports/new").content.decode()
    assert all(sign.look in asked for sign in packs()["school"].signs) and "call 999 first" in asked
    answer = case.browse(case.teacher, "/reports/new", FORM)
    made = PartnerReport.objects.get()
    assert answer.headers["Location"] == f"/reports/{made.id}"
    assert (made.pack, made.content["signs"], made.sent_by) == ("school 1", ["phones", "older"], "quillhaven.teacher")
    page = case.browse(case.teacher, f"/reports/{made.id}").content.decode()
    assert made.ref in page and SAID.seen in page and "Record" not in page


def test_another_profession_is_asked_for_its_own_signs(case: Case) -> None:
    asked = case.browse(case.teacher, "/reports/new?pack=housing").content.decode()
    assert "The door or locks are damaged" in asked and 'name="pack" value="housing"' in asked


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"seen": ""}, "There is a problem"),
        ({"postcode": "nowhere"}, "is no postcode"),
        ({"born": "2999-01-01"}, "lies in the future"),
        ({"signs": ["home-door"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_sent_stands_on_the_page_with_its_sentence_and_all_that_was_written(
    case: Case, changed: dict[str, object], sentence: str
) -> None:
    answer = case.browse(case.teacher, "/reports/new", FORM | changed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert "Thistlewood" in answer.content.decode() and not PartnerReport.objects.exists()


def test_police_say_that_they_read_it_and_answer_and_the_school_raises_it_again(case: Case) -> None:
    made = case.send()
    address = f"/reports/{made.id}"
    assert "Left at noon" in case.browse(case.kent, address).content.decode()
    assert case.browse(case.kent, address, {"state": "read", "stood": 0}).status_code == 302
    case.browse(case.kent, address, {"state": "answered", "stood": 1, "words": "We have seen them."})
    told = case.browse(case.teacher, address).content.decode()
    assert "We have seen them." in told and "Raise it again" in told
    case.browse(case.teacher, address, {"state": "raised_again", "stood": 2, "words": "It goes on."})
    assert list(PartnerReportStep.objects.order_by("number").values_list("state", flat=True)) == [
        *("read", "answered", "raised_again"),
    ]
    overtaken = case.browse(case.kent, address, {"state": "answered", "stood": 2, "words": "Late."})
    assert overtaken.status_code == 422 and "Somebody else" in overtaken.content.decode()
    assert case.browse(case.kent, address, {"state": "nonsense", "stood": 3, "words": "x"}).status_code == 422


def test_the_record_is_told_of_to_police_and_not_to_the_school(case: Case) -> None:
    made = case.send()
    keep_reports(communications=case.kept)
    record = PartnerReport.objects.get().record
    assert record is not None
    assert f"/records/{record.id}" in case.browse(case.kent, f"/reports/{made.id}").content.decode()
    assert str(record.id) not in case.browse(case.teacher, f"/reports/{made.id}").content.decode()
    assert case.browse(case.teacher, f"/records/{record.id}").status_code == 404


def test_the_list_says_nobodys_name_and_each_side_has_its_own(case: Case) -> None:
    made = case.send()
    for who in (case.teacher, case.kent, case.centre):
        page = case.browse(case.essex if who is None else who, "/reports").content.decode()
        assert made.ref in page and "Thistlewood" not in page, who.username
    assert made.ref not in case.browse(case.other_school, "/reports").content.decode()


@pytest.mark.parametrize("who", ["other_school", "essex", "kent_analyst"])
def test_whoever_it_is_not_for_is_told_that_there_is_none(case: Case, who: str) -> None:
    made = case.send()
    assert case.browse(getattr(case, who), f"/reports/{made.id}").status_code == 404


def test_only_partners_report(case: Case) -> None:
    assert case.browse(case.kent, "/reports/new").status_code == 404
