"""What looks like a deal line in records of calls and texts is a finding: of authorised numbers alone, for whom the set is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crossline.access.models import AuditEvent, Person
from crossline.access.viewer import Viewer
from crossline.lines import finding_deal_lines
from crossline.lines.finding_deal_lines import find_deal_lines
from crossline.lines.register import register
from crossline.records.disposal import dispose_expired
from crossline.records.models import Mention, Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

LINE, PRIVATE = "+447700900123#0001", "+447700900456#0002"
CUSTOMERS = [f"+447700900{place:03}#0100" for place in range(500, 530)]
BEGUN = datetime(2026, 1, 5, 21, 30, tzinfo=UTC)


def records(builders: Any) -> list[dict[str, Any]]:
    """Twenty days of a line: each evening it texts its whole list, is rung by a third of it for half a minute, and rings some
    back. Beside it, a private phone rings two people now and then."""
    rows = []
    for day in range(20):
        start = BEGUN + timedelta(days=day)
        for place, customer in enumerate(CUSTOMERS):
            said = {"type": "sms", "from": LINE, "to": customer, "duration_s": "", "from_cell": "C1"}
            rows.append(builders.call((start + timedelta(seconds=5 * place)).isoformat(), **said))
            if (place + day) % 3 == 0:
                rung = start + timedelta(minutes=10 + place)
                asked = {"from": customer, "to": LINE, "duration_s": "25", "from_cell": "", "to_cell": "C1"}
                rows.append(builders.call(rung.isoformat(), **asked))
                back = {"from": LINE, "to": customer, "duration_s": "20"}
                if place % 2 == 0:
                    rows.append(builders.call((rung + timedelta(minutes=4)).isoformat(), **back))
        for place in range(2):
            talk = {"from": PRIVATE, "to": CUSTOMERS[place], "duration_s": "300"}
            rows.append(builders.call((start + timedelta(hours=7 + place)).isoformat(), **talk))
    return rows


@pytest.fixture
def sent(builders: Any, tmp_path: Path, kept: Path) -> Path:
    """Kent returns a line on the number, and sends what it lawfully acquired of it and of somebody's private phone."""
    folder = builders.delivery(
        tmp_path / "kent", lines=[builders.line("LEO", name="Leo", numbers=LINE, towns="Hastings")]
    )
    said = builders.authorisation(numbers=[LINE, PRIVATE])
    builders.write_communications(folder / "comms", said=said, rows=records(builders))
    builders.take(folder, kept)
    assert find_deal_lines(communications=kept) == 1
    return kept


@pytest.fixture
def kent(sent: Path, builders: Any) -> Viewer:
    return builders.enrolled("kent.analyst")


def browse(as_web: Any, who: Viewer, address: str) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address)
    return answer.status_code, answer.content.decode()


def finding() -> Record:
    return Record.objects.get(kind="finding")


def test_the_finding_is_of_the_line_alone_with_its_reasons_and_areas_and_says_nothing_of_who_holds_it(
    sent: Path,
) -> None:
    found = finding()
    assert [mention.selector for mention in Mention.objects.filter(record=found)] == [f"phone:{LINE}"]
    assert found.detail["broadcasts"] == 20 and found.detail["people_reached_by_a_broadcast"] == 30
    assert found.detail["exporting"][0][0] == "sussex" and 0.5 < found.detail["exporting"][0][1] < 1
    assert found.detail["reasons"] and "Probably run from: Sussex" in found.text
    assert "It says nothing of who holds the phone" in found.text
    assert AuditEvent.objects.get(event="deal_lines_found").purpose == "analysis"


def test_a_second_run_finds_nothing_more_and_a_full_one_writes_the_same_again(sent: Path) -> None:
    assert find_deal_lines(communications=sent) == 0
    before = finding()
    assert find_deal_lines(communications=sent, full=True) == 1
    after = finding()
    assert (after.ref, after.text, after.detail) == (before.ref, before.text, before.detail)


def test_a_later_method_reads_every_set_again_and_leaves_nothing_of_the_earlier(
    sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_deal_lines, "VERSION", "deal-line-later")
    assert find_deal_lines(communications=sent) == 1
    assert finding().detail["method"] == "deal-line-later"
    monkeypatch.setattr(finding_deal_lines, "VERSION", "deal-line-latest")
    monkeypatch.setattr(finding_deal_lines, "profiles", lambda *_: pytest.importorskip("pyarrow").Table.from_pylist([]))
    assert find_deal_lines(communications=sent) == 0
    assert not Record.objects.filter(kind="finding").exists()


def test_it_joins_no_line_opens_none_and_goes_with_the_data(kent: Viewer, builders: Any, sent: Path) -> None:
    with builders.seen_by(kent) as viewpoint:
        assert [(line.name, len(line.rows)) for line in register(viewpoint).lines] == [("Leo", 1)]
    assert dispose_expired(now=timezone.now() + timedelta(days=4000), reach=builders.reach(sent)) == 1
    assert not Record.objects.filter(kind="finding").exists()


def test_its_owner_and_the_centre_read_it_beside_the_line_and_others_are_told_of_no_such_thing(
    kent: Viewer, builders: Any, as_web: Any
) -> None:
    centre, essex = (builders.enrolled(f"{agency}.analyst", agency=agency) for agency in ("nclcc", "essex"))
    address = f"/records/{finding().id}"
    for who in (kent, centre):
        with builders.seen_by(who) as viewpoint:
            (line,) = register(viewpoint).lines
        status, page = browse(as_web, who, f"/lines/{line.id}")
        assert status == 200 and address in page and "What records of calls and texts show" in page
        assert "Sussex" in page and "not known or elsewhere" in page
        status, page = browse(as_web, who, address)
        assert status == 200 and "looks like a deal line" in page and str(finding().detail["from_record"]) not in page
        assert all(f"<li>{reason[:1].upper()}{reason[1:]}.</li>" in page for reason in finding().detail["reasons"])
    assert browse(as_web, essex, address)[0] == 404


def test_a_mistake_in_the_cells_hides_no_number(builders: Any, tmp_path: Path, kept: Path) -> None:
    folder = builders.delivery(tmp_path / "kent")
    written = builders.write_communications(
        folder / "comms", said=builders.authorisation(numbers=[LINE]), rows=records(builders)
    )
    (written / "cells.csv").write_text("cell,lat,lon\nC1,50.85,0.57\nC1,51.85,0.57\n")
    builders.take(folder, kept)
    assert find_deal_lines(communications=kept) == 1
    assert "exporting" not in finding().detail and "Probably run from: no cell shows it." in finding().text
