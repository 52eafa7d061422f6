"""A monthly series breaks where an agency begins, ceases or resumes to report, and not for a quiet month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from crossline.picture.series import ReportMonths, reporting_breaks


def months(*numbers: int) -> dict[date, int]:
    return {date(2026, number, 1): 5 for number in numbers}


def breaks(**agencies: Iterable[int]) -> list[tuple[int, str]]:
    counts = {name.replace("_", "-"): months(*numbers) for name, numbers in agencies.items()}
    reports = ReportMonths(counts, date(2026, 12, 31))
    return [(each.at.month, each.label) for each in reporting_breaks(reports, reports.months)]


def test_the_months_run_without_a_gap() -> None:
    reports = ReportMonths({"kent": {date(2025, 11, 1): 1}, "essex": {date(2026, 2, 1): 1}}, date(2026, 2, 3))
    assert reports.months == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    assert ReportMonths({}, None).months == ()


def test_an_agency_that_begins_and_one_that_ceases() -> None:
    assert breaks(kent=range(1, 13), essex=range(4, 13), norfolk=range(1, 7)) == [
        (4, "Essex began to report"),
        (7, "Norfolk ceased to report"),
    ]


def test_two_that_do_so_at_once_make_one_break() -> None:
    assert breaks(kent=range(1, 13), essex=range(5, 13), suffolk=range(5, 13)) == [
        (5, "Essex and Suffolk began to report")
    ]


def test_a_long_silence_in_the_middle_is_two_breaks_and_a_short_one_none() -> None:
    assert breaks(kent=range(1, 13), essex=(1, 2, 6, 7, 8, 9, 10, 11, 12)) == [
        (3, "Essex ceased to report"),
        (6, "Essex resumed reporting"),
    ]
    assert breaks(kent=range(1, 13), essex=(1, 2, 5, 6, 8, 10), norfolk=(3, 4, 5, 6, 7, 8, 9, 10)) == []


def test_an_agency_that_never_reported_says_nothing() -> None:
    assert breaks(kent=range(1, 13), essex=()) == []
