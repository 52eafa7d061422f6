"""How a line takes its orders is read from what stands beside it: numbers that can be dialled, handles, and what is neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from crossline.lines.models import LineOrders
from crossline.lines.rows import Beside, LineRow
from crossline.lines.states import OrdersTaken
from crossline.lines.taking_orders import takes_orders
from crossline.records.intake.mentions import tagged
from crossline.vocabulary.codes import RecordKind
from crossline.vocabulary.selectors import normalise_phone

NUMBER = ("phone", "phone:+447700900123", "07700 900123")
HANDLE = ("handle", "handle:snapchat:leo_99", "snap: leo_99")
MADE = datetime(2026, 3, 1, tzinfo=UTC)


def returned_as(written: str) -> tuple[str, str | None, str]:
    """What stands among the numbers of a return, as a delivery that is read has it."""
    return "phone", tagged("phone", normalise_phone(written)), written


def row(*beside: tuple[str, str | None, str], kind: RecordKind = RecordKind.LINE_RETURN, category: str = "") -> LineRow:
    """A record of a line with what it puts beside it."""
    things = tuple(
        Beside(sort, selector, caption, "uses", None, None, uuid4(), category, "assessment", line_first=True)
        for sort, selector, caption in beside
    )
    return LineRow(uuid4(), "Leo", uuid4(), "kent", kind, "LEO", {}, date(2026, 3, 1), MADE, 1, things)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row()], "not_known"),
        ([row(NUMBER)], "phone"),
        ([row(HANDLE, kind=RecordKind.INTELLIGENCE)], "social"),
        ([row(NUMBER), row(HANDLE, kind=RecordKind.INTELLIGENCE)], "both"),
        ([row(returned_as("@leo.sells"))], "social"),
        ([row(returned_as("telegram: leo_sells"), NUMBER)], "both"),
        ([row(returned_as("leosells"))], "social"),
        ([row(returned_as("07700 90O 123"))], "phone"),
        ([row(returned_as("two old numbers"))], "not_known"),
        ([row(returned_as("unknown"))], "not_known"),
        ([row(returned_as("@leo.sells"), kind=RecordKind.INTELLIGENCE)], "not_known"),
        ([row(("phone", "imei:004999010640000", "IMEI 004999010640000"))], "not_known"),
        ([row(NUMBER), row(HANDLE, kind=RecordKind.INTELLIGENCE, category="victim")], "phone"),
    ],
)
def test_what_stands_beside_a_line_shows_how_it_takes_orders(rows: Sequence[LineRow], found: str) -> None:
    orders = takes_orders(rows)
    assert (orders.found, orders.taken) == (found, found)
    assert bool(orders.handles) is (found in ("social", "both"))
    assert {each.row.ref for each in orders.shown} <= {"LEO"}


def test_a_persons_word_counts_until_it_is_taken_back_and_what_the_records_show_stays() -> None:
    rows = [row(HANDLE, kind=RecordKind.INTELLIGENCE)]
    said = LineOrders(taken=OrdersTaken.PHONE, decided_at=MADE)
    later = LineOrders(taken=OrdersTaken.AS_FOUND, decided_at=MADE.replace(month=4))
    assert takes_orders(rows, [said]).taken is OrdersTaken.PHONE
    assert takes_orders(rows, [said]).found is OrdersTaken.SOCIAL
    assert takes_orders(rows, [later, said]).taken is OrdersTaken.SOCIAL


def test_each_thing_that_shows_it_names_its_record() -> None:
    report = replace(row(HANDLE, kind=RecordKind.INTELLIGENCE), ref="K/1")
    assert [(each.name, each.row.ref) for each in takes_orders([row(NUMBER), report]).handles] == [
        ("snapchat:leo_99", "K/1")
    ]
