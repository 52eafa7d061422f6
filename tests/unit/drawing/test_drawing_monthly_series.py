"""A series is never joined across a change of definition."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest

from crossline.drawing import MonthPoint, SeriesBreak, monthly_series
from crossline.drawing.monthly_series import breaks_in, runs
from crossline.errors import UsageError

SVG = "{http://www.w3.org/2000/svg}"


def months(values: list[float | None], definitions: str = "", start: int = 1) -> list[MonthPoint]:
    words = definitions or "1" * len(values)
    return [MonthPoint(dt.date(2025, start + i, 1), v, d) for i, (v, d) in enumerate(zip(values, words, strict=True))]


def joins(drawing: str) -> int:
    """How many lines join two marks."""
    return sum(1 for path in ET.fromstring(drawing).iter(f"{SVG}path") if path.get("stroke-width") == "3")


def test_neighbours_of_one_definition_are_joined():
    drawing = monthly_series(months([1, 2, 3]), title="Lines")
    assert joins(drawing) == 2
    assert drawing.count("<circle") == 3
    assert "crossline-svg__break" not in drawing


def test_a_missing_month_is_a_gap():
    assert joins(monthly_series(months([1, None, 3]), title="Lines")) == 0
    absent = [MonthPoint(dt.date(2025, 1, 1), 1), MonthPoint(dt.date(2025, 3, 1), 2)]
    assert joins(monthly_series(absent, title="Lines")) == 0


def test_a_change_of_definition_is_a_gap_and_a_labelled_rule_even_when_nobody_declared_it():
    points = months([1, 2, 3, 4], "1122")
    drawing = monthly_series(points, title="Lines")
    assert joins(drawing) == 2
    assert drawing.count("crossline-svg__break") == 1
    assert "March 2025" in drawing
    assert "Definition changes from 1 to 2" in drawing
    assert "Break in March 2025" in drawing  # in the description, for those who hear it


def test_a_declared_break_is_used_in_place_of_our_own_words():
    declared = SeriesBreak(dt.date(2025, 3, 1), "counts each line once")
    assert breaks_in(months([1, 2, 3, 4], "1122"), [declared]) == [declared]
    within_gap = [MonthPoint(dt.date(2025, 1, 1), 1, "1"), MonthPoint(dt.date(2025, 6, 1), 1, "2")]
    assert breaks_in(within_gap, [declared]) == [declared]


def test_a_break_declared_within_one_definition_also_parts_the_line():
    broken = SeriesBreak(dt.date(2025, 2, 1), "one force began to report")
    assert [len(run) for run in runs(months([1, 2, 3]), [broken])] == [1, 2]


def test_provisional_marks_are_hollow_and_explained():
    points = [*months([1, 2]), MonthPoint(dt.date(2025, 3, 1), 3, "1", provisional=True)]
    drawing = monthly_series(points, title="Lines")
    assert "Hollow marks are provisional." in drawing
    assert "March 2025: 3, provisional" in drawing
    assert "provisional" not in monthly_series(months([1, 2]), title="Lines")


def test_bars_are_drawn_for_what_was_published():
    drawing = monthly_series(months([1, None, 3], "112"), title="Lines", kind="bar", unit="Lines")
    bars = list(ET.fromstring(drawing).iter(f"{SVG}rect"))
    assert len(bars) == 2
    assert float(bars[1].get("height", 0)) > float(bars[0].get("height", 0))
    assert "crossline-svg__break" in drawing


def test_a_long_series_names_few_months_and_each_year_once():
    points = [MonthPoint(dt.date(2019 + i // 12, i % 12 + 1, 1), float(i)) for i in range(84)]
    drawing = monthly_series(points, title="Lines")
    assert drawing.count(">2021<") == 1
    assert len(drawing) < 40_000


def test_what_cannot_be_drawn_is_an_error():
    with pytest.raises(UsageError, match="no month"):
        monthly_series([], title="Lines")
    with pytest.raises(UsageError, match="two figures"):
        monthly_series([MonthPoint(dt.date(2025, 1, 1), 1), MonthPoint(dt.date(2025, 1, 15), 2)], title="Lines")


def test_words_from_outside_are_escaped():
    drawing = monthly_series(months([1]), [SeriesBreak(dt.date(2025, 1, 1), "<script>")], title="<b>", unit="<i>")
    assert "<script>" not in drawing
    assert "<b>" not in drawing
