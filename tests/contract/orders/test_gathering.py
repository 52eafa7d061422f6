"""What the register offers stands in an order of its own, whatever order the database gives its rows in."""

from __future__ import annotations

import pytest

from crossline.orders.drafting import gathered_for

from .conftest import LINE, PHONE, Case

pytestmark = pytest.mark.django_db


def test_a_handset_is_shown_with_its_newest_record_first(case: Case) -> None:
    """Sent in an order that is nobody's: a page on which records change places between two looks says that something changed."""
    tie = {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"}
    days = {"KENT/march": "2026-03-04", "KENT/july": "2026-07-04", "KENT/may": "2026-05-04"}
    said = {"mentions": [LINE, PHONE], "assertions": [tie]}
    reports = [case.builders.report(ref, occurred_from=f"{day}T20:00:00+00:00", **said) for ref, day in days.items()]
    case.builders.sent(case.folder / "handset", case.kept, ref="K-2", reports=reports)
    with case.builders.seen_by(case.analyst) as viewpoint:
        gathered = gathered_for(viewpoint, case.line, "kent")
        assert gathered is not None
        [handset] = [each for each in gathered.identifiers if each.scheme == "imei"]
    assert [record.ref for record in handset.records][:3] == ["KENT/july", "KENT/may", "KENT/march"]


def test_the_numbers_of_a_return_are_told_in_the_order_of_the_numbers(case: Case) -> None:
    """However the rows lie: the page of an application was seen to tell of two numbers now in one order and now in the other."""
    numbers = ["07700 900456#0007", "07700 900123#0042", "07700 900321#0003"]
    returned = case.builders.line(ref="LEO-2", numbers=";".join(numbers))
    case.builders.sent(case.folder / "several", case.kept, ref="K-3", lines=[returned])
    with case.builders.seen_by(case.analyst) as viewpoint:
        gathered = gathered_for(viewpoint, case.line, "kent")
        assert gathered is not None
        [said] = [ground.sentence for ground in gathered.grounds if ground.record.ref == "LEO-2"]
    places = [said.index(number) for number in ("900123", "900321", "900456")]
    assert places == sorted(places)
