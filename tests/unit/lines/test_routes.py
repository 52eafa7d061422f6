"""Routes as keys, and the agency that keeps two lines of one name on one route apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from crossline.lines.routes import route_keys
from crossline.lines.rows import LineRow, for_grouping
from crossline.vocabulary.codes import RecordKind


def row(owner: str, ref: str, brand: str = "Leo", kind: RecordKind = RecordKind.LINE_RETURN) -> LineRow:
    detail = (
        {"exporting_agency": "metropolitan", "importing_agencies": ["kent"]} if kind is RecordKind.LINE_RETURN else {}
    )
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return LineRow(uuid4(), brand, uuid4(), owner, kind, ref, detail, date(2026, 3, 1), made, 1)


def test_one_name_on_one_route_returned_by_both_ends_shares_a_key() -> None:
    ends = [row("kent", "K-1"), row("metropolitan", "M-1", "The LEO line")]
    assert list(route_keys(ends).values()) == [("route from metropolitan to kent",)] * 2


def test_an_agency_that_returns_two_lines_of_the_name_on_the_route_keeps_all_apart() -> None:
    returns = [row("kent", "K-1"), row("kent", "K-2"), row("metropolitan", "M-1")]
    assert set(route_keys(returns).values()) == {()}


def test_a_report_with_neither_number_nor_town_is_placed_with_its_own_forces_others() -> None:
    first, second = (for_grouping(row(force, "1", kind=RecordKind.INTELLIGENCE)) for force in ("kent", "essex"))
    assert (first.places, second.places) == (("reports of kent",), ("reports of essex",))
