"""How values read on the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from crossline import wording

UTC = dt.UTC


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (dt.date(2026, 3, 3), "3 March 2026"),
        (dt.datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026"),  # summer time: already tomorrow here
        ("2026-12-31", "31 December 2026"),
        ("2026-12-31T10:00:00+00:00", "31 December 2026"),
        (None, "Not known"),
        ("", "Not known"),
    ],
)
def test_dates(value, reads):
    assert wording.format_date(value) == reads


def test_dates_in_tables_are_short():
    assert wording.format_short_date(dt.date(2026, 9, 3)) == "3 Sep 2026"
    assert wording.format_short_date(None, "?") == "?"


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        ("2008-04-11", "11 April 2008"),
        ("2008-04", "April 2008"),
        ("2008", "2008"),
        (dt.date(2008, 4, 1), "1 April 2008"),
        ("about 17", "about 17"),
        (None, "Not known"),
    ],
)
def test_partial_dates_say_no_more_than_is_known(value, reads):
    assert wording.format_partial_date(value) == reads


@pytest.mark.parametrize(
    ("value", "reads"), [("2026-03", "March 2026"), (dt.date(2026, 3, 9), "March 2026"), ("", "?")]
)
def test_months(value, reads):
    assert wording.format_month(value, "?") == reads


@pytest.mark.parametrize(
    ("hour", "minute", "reads"),
    [(0, 0, "midnight"), (12, 0, "midday"), (9, 5, "9:05am"), (14, 10, "2:10pm"), (0, 30, "12:30am"), (17, 0, "5pm")],
)
def test_times(hour, minute, reads):
    assert wording.format_time(dt.datetime(2026, 1, 5, hour, minute, tzinfo=UTC)) == reads


def test_date_and_time_are_those_of_the_kingdom():
    assert wording.format_datetime("2026-07-01T13:10:00+00:00") == "1 July 2026 at 2:10pm"
    assert wording.format_datetime(None) == "Not known"
    assert wording.format_time(None) == "Not known"


def test_spans():
    march, april = dt.date(2026, 3, 1), dt.date(2026, 4, 4)
    assert wording.format_span(march, april) == "1 March 2026 to 4 April 2026"
    assert wording.format_span(march, march) == "1 March 2026"
    assert wording.format_span(march, None) == "From 1 March 2026"
    assert wording.format_span(None, april) == "Until 4 April 2026"
    assert wording.format_span(None, None, "No dates given") == "No dates given"


@pytest.mark.parametrize(
    ("value", "reads"),
    [(1234, "1,234"), (0, "0"), (12.34, "12.3"), (12.0, "12"), (-5, "\N{MINUS SIGN}5"), (Decimal("1000.5"), "1,000.5")],
)
def test_numbers(value, reads):
    assert wording.format_number(value) == reads


def test_other_quantities():
    assert wording.format_percent(0.573) == "57.3%"
    assert wording.format_percent(None) == "Not known"
    assert wording.format_money(1234) == "£1,234"
    assert wording.format_money(Decimal("1234.5")) == "£1,234.50"
    assert wording.format_money(-2) == "\N{MINUS SIGN}£2"
    assert wording.format_money(None) == "Not known"
    assert wording.format_kilometres(850) == "850 m"
    assert wording.format_kilometres(12_345) == "12.3 km"
    assert wording.format_kilometres(240_400) == "240 km"
    assert wording.format_kilometres(None) == "Not known"
    assert wording.format_number(None) == "Not known"
    assert wording.plural(1, "line") == "1 line"
    assert wording.plural(1204, "line") == "1,204 lines"
    assert wording.plural(2, "agency", "agencies") == "2 agencies"


def test_grades():
    assert wording.format_grade(2, "B", "C") == "2B C"
    assert wording.format_grade(None, "A", None) == "?A ?"


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        ("+447700900123#0042", "07700 900123 #0042"),
        ("+447700900123", "07700 900123"),
        ("07700 900123#0042", "07700 900123 #0042"),
        ("unknown", "unknown"),
        ("", "Not known"),
    ],
)
def test_telephone_numbers(value, reads):
    assert wording.format_phone(value) == reads


def test_what_a_sortable_column_compares():
    assert wording.sort_value(dt.date(2026, 3, 1)) == "2026-03-01"
    assert wording.sort_value(1204) == "1204"
    assert wording.sort_value("Álpha B") == "álpha b"
    assert wording.sort_value(True) == "1"
    assert wording.sort_value(None) > wording.sort_value("zz")
    assert float(wording.sort_value(None, numeric=True)) < -1e300


def test_a_sentence_begins_with_a_capital_and_keeps_the_others() -> None:
    assert wording.with_capital("supply of class A in Hastings") == "Supply of class A in Hastings"
    assert wording.with_capital("") == ""
