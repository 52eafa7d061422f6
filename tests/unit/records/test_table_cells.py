"""The cells of a table's row: what each reading gives, and the sentence where it gives nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossline.errors import DeliveryRefused, RowRefused
from crossline.records.intake.figures import FINANCE, RETURNS
from crossline.records.intake.tables import Cells, Sender, content_hash, rows, unknown_columns
from crossline.vocabulary.codes import Tristate

SENDER = Sender("kent", "1", datetime(2026, 3, 2, tzinfo=UTC))


def cell(value: str) -> Cells:
    return Cells({"c": value})


@pytest.mark.parametrize(
    ("read", "written", "expected"),
    [
        (lambda cells: cells.text("c"), "  x ", "x"),
        (lambda cells: cells.text("other"), "x", ""),
        (lambda cells: cells.several("c"), " a;b ;; ", ("a", "b")),
        (lambda cells: cells.day("c"), "2026-03-02", date(2026, 3, 2)),
        (lambda cells: cells.day("c"), "2026-03-02T14:10:00+00:00", date(2026, 3, 2)),
        (lambda cells: cells.day("c"), "2026-03-02 14:10:00", date(2026, 3, 2)),
        (lambda cells: cells.day("c"), " ", None),
        (lambda cells: cells.amount("c"), "£1,250.50", Decimal("1250.50")),
        (lambda cells: cells.amount("c"), "-3", Decimal(-3)),
        (lambda cells: cells.amount("c"), "", None),
        (lambda cells: cells.amount("c"), "999999999999999", Decimal(999999999999999)),
        (lambda cells: cells.word("c", Tristate), "YES", Tristate.YES),
        (lambda cells: cells.word("c", Tristate, default=Tristate.UNKNOWN), "", Tristate.UNKNOWN),
        (lambda cells: cells.score("c"), "0", 0),
        (lambda cells: cells.score("c"), "", None),
    ],
)
def test_a_cell_is_read(read: Callable[[Cells], Any], written: str, expected: Any) -> None:
    found = read(cell(written))
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (lambda cells: cells.needed("c"), " "),
        (lambda cells: cells.needed("c"), "x" * 201),
        (lambda cells: cells.day("c"), "2026-03-0212"),
        (lambda cells: cells.day("c"), "2026-02-30"),
        (lambda cells: cells.day("c"), "1899-12-31"),
        (lambda cells: cells.day("c"), "45000"),
        (lambda cells: cells.amount("c"), "1e15"),
        (lambda cells: cells.amount("c"), "1e9999999"),
        (lambda cells: cells.amount("c"), "sNaN"),
        (lambda cells: cells.amount("c"), "0." + "1" * 40),
        (lambda cells: cells.amount("c"), "twelve"),
        (lambda cells: cells.word("c", Tristate), ""),
        (lambda cells: cells.word("c", Tristate), "perhaps" * 1000),
        (lambda cells: cells.score("c"), "6"),
        (lambda cells: cells.score("c"), "3.0"),
        (lambda cells: cells.score("c"), "\u0663"),
    ],
)
def test_a_cell_that_says_nothing_readable_is_refused_in_a_short_sentence(
    read: Callable[[Cells], Any], written: str
) -> None:
    with pytest.raises(RowRefused) as told:
        read(cell(written))
    assert told.value.column == "c"
    assert str(told.value).startswith("c ") and str(told.value).endswith(".")
    assert len(str(told.value)) < 250


def test_columns_beside_the_contract_are_kept_only_where_they_say_something() -> None:
    assert Cells({"a": "1", "b": "2", "c": ""}).kept_besides(("a",)) == {"other_columns": {"b": "2"}}
    assert Cells({"a": "1", "c": ""}).kept_besides(("a",)) == {}


def test_content_is_the_same_in_any_order_of_columns() -> None:
    assert content_hash({"a": 1, "b": [2]}) == content_hash({"b": [2], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_a_column_without_a_name_or_with_another_ones_is_called_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "finance.csv"
    path.write_text("ref,,note,note,stage,amount,,\nM-1,a,b,c,seized,1,,\n")
    record = next(iter(rows(path, FINANCE, SENDER))).record
    assert record is not None
    assert record.detail["other_columns"] == {"column 2": "a", "note": "b", "column 4": "c"}
    assert unknown_columns(path, FINANCE) == ["column 2", "note", "column 4"]


def test_reading_stops_with_a_refusal_where_a_quotation_mark_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "finance.csv"
    path.write_text('ref,stage,amount\nM-1,seized,1\n"M-2,seized,2\nM-3,seized,3\n')
    found = rows(path, FINANCE, SENDER)
    assert next(found).record is not None
    with pytest.raises(DeliveryRefused, match=r"finance\.csv cannot be read near row 3: .*a quotation mark"):
        list(found)


def test_a_header_is_found_behind_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_text("\n,,\ncampaign,metric,value\n2025-06-23,arr_t,4\n")
    (row,) = rows(path, RETURNS, SENDER)
    assert row.record is not None
    assert (row.number, row.record.ref) == (4, "2025-06-23/ARR_T")
