"""Whatever text comes from outside, a CSV cell of it never begins a formula, and loses nothing but what the guard put there."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from crossline.exchange.catalogue import COLUMNS, What
from crossline.exchange.formulas import guarded
from crossline.exchange.plain_formats import write_csv
from crossline.exchange.stamp import Stamp
from crossline.exchange.tables import Table

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
RISKY = st.builds("".join, st.tuples(st.sampled_from("=+-@\t\r\n\uff1d\uff0b"), ANY_TEXT))
NUMBERS = re.compile(r"[+-]?[0-9][0-9.#;+ext=]*")


@given(st.one_of(ANY_TEXT, RISKY))
@example("+447700900123#0042;+447700900456")
@example("-1.5")
def test_a_cell_begins_no_formula(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(tuple("=@\t\r\n\uff1d\uff0b\uff0d\uff20"))
    assert not cell.startswith(("+", "-")) or NUMBERS.fullmatch(cell)
    assert cell in (text, f"'{text}")


STAMP = Stamp("X-0000-0000-0000", "people", "kent.analyst", "kent", "own use", datetime(2026, 3, 2, tzinfo=UTC))


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, RISKY, ANY_TEXT), max_size=8))
def test_a_file_reads_back_as_it_was_written(rows: list[tuple[str, str, str, str]]) -> None:
    out = io.BytesIO()
    assert write_csv(Table(What.PEOPLE, COLUMNS[What.PEOPLE], iter(rows)), out, STAMP) == len(rows)
    read = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))
    assert read[0] == list(COLUMNS[What.PEOPLE])
    assert [tuple(row) for row in read[1:]] == [tuple(map(guarded, row)) for row in rows]
