"""The pages of reviews as an information manager meets them: the queue, a review, a confirmation, and what is left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crossline.access.models import Person
from crossline.access.retention import QUESTIONS
from crossline.records.disposal import dispose_due
from crossline.records.models import LegalHold, Record, RecordReview

pytestmark = pytest.mark.django_db

OLD = "2015-03-02T14:10:00+00:00"
NOW = datetime(2026, 3, 4, tzinfo=UTC)
FILLED = {question.id: "no" for question in QUESTIONS} | {"act": "review", "reason": "Old."}


class Site:
    """Pages asked for by somebody, served with the web role's rights."""

    def __init__(self, as_web: Any) -> None:
        self.as_web = as_web

    def get(self, by: str, address: str) -> Any:
        return self._asked(by, lambda client: client.get(address, headers={"host": "localhost"}))

    def post(self, by: str, address: str, **said: Any) -> Any:
        return self._asked(by, lambda client: client.post(address, said, headers={"host": "localhost"}))

    def _asked(self, by: str, ask: Any) -> Any:
        client = Client()
        with self.as_web():
            client.force_login(Person.objects.get(username=by))
            return ask(client)


@pytest.fixture
def site(as_web: Any) -> Site:
    return Site(as_web)


@pytest.fixture
def records(desk: Any, builders: Any, tmp_path: Path, kept: Path) -> dict[str, Record]:
    """Two old records and a new one of Kent, an old one of Essex."""
    reports = [
        builders.report("KENT/older", made_at="2014-03-02T14:10:00+00:00"),
        builders.report("KENT/old", made_at=OLD),
        builders.report("KENT/new", made_at=datetime.now(UTC).isoformat()),
    ]
    builders.sent(tmp_path / "k", kept, reports=reports)
    builders.sent(tmp_path / "e", kept, agency="essex", reports=[builders.report("ESSEX/old", made_at=OLD)])
    return {record.ref: record for record in Record.objects.all()}


def address(record: Record) -> str:
    return f"/records/{record.id}/review"


def test_the_queue_holds_the_agencys_own_that_are_due_the_longest_due_first(
    records: dict[str, Record], site: Site
) -> None:
    page = site.get("first", "/reviews").content.decode()
    assert page.index("KENT/older") < page.index("KENT/old<")
    assert "KENT/new" not in page and "ESSEX/old" not in page
    theirs = site.get("essex", "/reviews").content.decode()
    assert "ESSEX/old" in theirs and "KENT/" not in theirs


def test_for_anybody_else_the_pages_are_not_there(records: dict[str, Record], site: Site) -> None:
    asked = [
        ("analyst", "/reviews"),
        ("analyst", address(records["KENT/old"])),
        ("essex", address(records["KENT/old"])),
    ]
    for by, where in asked:
        assert site.get(by, where).status_code == 404, (by, where)
    assert site.post("essex", address(records["KENT/old"]), **FILLED, choice="hold", hold="inquiry").status_code == 404
    assert not LegalHold.objects.exists()
    assert 'href="/reviews"' in site.get("first", "/records").content.decode()
    assert 'href="/reviews"' not in site.get("analyst", "/records").content.decode()


def test_two_people_take_a_record_from_due_to_disposed_of(
    records: dict[str, Record], site: Site, builders: Any, kept: Path
) -> None:
    record = records["KENT/old"]
    form = site.get("first", address(record)).content.decode()
    assert "[K] Unverified: confirm before real use" in form and "mopi-group-3-1 (unverified)" in form
    done = site.post("first", address(record), **FILLED, choice="dispose", ground="not_necessary")
    assert (done.status_code, done["Location"]) == (302, "/reviews")

    made = RecordReview.objects.get()
    mine = site.get("first", address(record)).content.decode()
    assert "Another information manager has to confirm it" in mine and "Confirm the disposal</button>" not in mine
    refused = site.post("first", address(record), act="confirm", which=made.id, reason="")
    assert refused.status_code == 422 and "another information manager has to confirm it" in refused.content.decode()

    queue = site.get("second", "/reviews").content.decode()
    assert "Disposals that wait for a second person" in queue
    assert "What a disposal would take" in site.get("second", address(record)).content.decode()
    assert site.post("second", address(record), act="confirm", which=made.id, reason="").status_code == 302
    assert "goes with the next daily round" in site.get("second", address(record)).content.decode()

    assert len(dispose_due(reach=builders.reach(kept), now=NOW)) == 1
    left = site.get("second", f"/records/{record.id}")
    assert left.status_code == 200
    page = left.content.decode()
    assert "This record was disposed of" in page and "first" in page and "second" in page
    assert "A youth handed over a parcel" not in page
    assert site.get("essex", f"/records/{record.id}").status_code == 404, "to others it is as if it had never been"
    assert site.get("second", address(record)).status_code == 404


def test_declining_sends_it_back_to_the_queue(records: dict[str, Record], site: Site) -> None:
    record = records["KENT/old"]
    site.post("first", address(record), **FILLED, choice="dispose", ground="not_necessary")
    made = RecordReview.objects.get()
    refused = site.post("second", address(record), act="decline", which=made.id, reason="")
    assert refused.status_code == 422 and "Give the reason for declining" in refused.content.decode()
    assert site.post("second", address(record), act="decline", which=made.id, reason="Needed.").status_code == 302
    assert "KENT/old<" in site.get("first", "/reviews").content.decode()
    assert "declined by second (Needed.)" in site.get("first", address(record)).content.decode()


def test_a_hold_is_shown_keeps_the_record_out_of_the_queue_and_is_lifted(
    records: dict[str, Record], site: Site
) -> None:
    record = records["KENT/old"]
    site.post("first", address(record), **FILLED, choice="hold", hold="inquiry")
    held = LegalHold.objects.get()
    queue = site.get("second", "/reviews").content.decode()
    assert "On legal hold" in queue
    assert "KENT/old<" not in queue[: queue.index("On legal hold")]
    page = site.get("second", address(record)).content.decode()
    assert "A public inquiry or inquest" in page and "Legal hold" in page
    refused = site.post("second", address(record), **FILLED, choice="dispose", ground="not_necessary")
    assert refused.status_code == 422 and "on legal hold" in refused.content.decode()
    lifted = site.post("second", address(record), act="lift", which=held.id, reason="Over.")
    assert (lifted.status_code, lifted["Location"]) == (302, address(record))
    assert "On legal hold" not in site.get("second", "/reviews").content.decode()


def test_keeping_takes_it_from_the_queue_until_the_day(records: dict[str, Record], site: Site) -> None:
    record = records["KENT/old"]
    kept = site.post("first", address(record), **FILLED, choice="keep", next_review="2030-01-01")
    assert kept.status_code == 302
    assert "KENT/old<" not in site.get("first", "/reviews").content.decode()
    assert "1 January 2030" in site.get("first", f"/records/{record.id}").content.decode()
    assert "Keep until 1 January 2030" in site.get("first", address(record)).content.decode()


def test_a_form_that_is_not_filled_in_says_what_to_do(records: dict[str, Record], site: Site) -> None:
    record = records["KENT/old"]
    answer = site.post("first", address(record), act="review")
    page = answer.content.decode()
    assert answer.status_code == 422 and "There is a problem" in page
    assert "Select decision" in page and "Enter reason" in page
    for which in ("", "no id"):
        stale = site.post("first", address(record), act="confirm", which=which)
        assert stale.status_code == 422 and "The page is out of date" in stale.content.decode()
    assert not RecordReview.objects.exists()


def test_an_empty_queue_says_so(desk: Any, site: Site) -> None:
    assert "No review is due" in site.get("first", "/reviews").content.decode()
