"""Dates as far as they are known."""

from datetime import date

import pytest

from crossline.vocabulary.selectors import PartialDate, Precision, parse_partial_date


@pytest.mark.parametrize(
    ("written", "expected", "precision"),
    [
        ("2008", PartialDate(2008), Precision.YEAR),
        ("2008-04", PartialDate(2008, 4), Precision.MONTH),
        ("2008-04-11", PartialDate(2008, 4, 11), Precision.DAY),
        (" 2008-04-11T00:00:00+00:00 ", PartialDate(2008, 4, 11), Precision.DAY),
        ("20080411", PartialDate(2008, 4, 11), Precision.DAY),
        ("11/04/2008", PartialDate(2008, 4, 11), Precision.DAY),
        ("11.4.2008", PartialDate(2008, 4, 11), Precision.DAY),
        ("04/2008", PartialDate(2008, 4), Precision.MONTH),
        ("11 Apr 2008", PartialDate(2008, 4, 11), Precision.DAY),
        ("11th April 2008", PartialDate(2008, 4, 11), Precision.DAY),
        ("April 2008", PartialDate(2008, 4), Precision.MONTH),
        ("2008-02-29", PartialDate(2008, 2, 29), Precision.DAY),
    ],
)
def test_reading(written: str, expected: PartialDate, precision: Precision) -> None:
    found = parse_partial_date(written)
    assert found == expected
    assert found is not None
    assert found.precision is precision


@pytest.mark.parametrize(
    "written", ["", "unknown", "2008-13", "2007-02-29", "08", "11/04/08", "3008-01-01", "2008-04-31", "x"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert parse_partial_date(written) is None


def test_first_of_january_is_evidence_of_the_year_alone() -> None:
    assert PartialDate(2008, 1, 1).is_placeholder
    assert PartialDate(2008, 1, 1).evidence == PartialDate(2008)
    assert PartialDate(2008, 1, 2).evidence == PartialDate(2008, 1, 2)
    assert PartialDate(2008, 1).evidence == PartialDate(2008, 1)
    assert PartialDate(1900, 1, 1).evidence is None
    assert PartialDate(1970, 1, 1).evidence is None


def test_bounds_and_agreement() -> None:
    assert PartialDate(2008, 2).latest == date(2008, 2, 29)
    assert PartialDate(2008).earliest == date(2008, 1, 1)
    assert PartialDate(2008).agrees_with(PartialDate(2008, 4, 11))
    assert not PartialDate(2008, 5).agrees_with(PartialDate(2008, 4, 11))


def test_ages_are_a_range_while_the_birthday_is_not_known() -> None:
    assert PartialDate(2008).age_range_on(date(2026, 3, 2)) == (17, 18)
    assert PartialDate(2008, 4, 11).age_range_on(date(2026, 4, 10)) == (17, 17)
    assert PartialDate(2008, 4, 11).age_range_on(date(2026, 4, 11)) == (18, 18)
