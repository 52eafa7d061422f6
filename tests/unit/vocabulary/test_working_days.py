"""Working days pass over week-ends and bank holidays, and end where the list of holidays does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crossline.vocabulary.working_days import bank_holidays, is_working_day, working_day_after


@pytest.mark.parametrize(
    ("made", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 3, 27), date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 12, 21), date(2026, 12, 30)),  # over Christmas, and Boxing Day on a Saturday
        (date(2027, 12, 23), date(2028, 1, 4)),
        (date(2028, 12, 28), None),
    ],
)
def test_the_fifth_working_day_after_an_order(made: date, due: date | None) -> None:
    assert working_day_after(made, 5) == due


def test_every_year_on_file_has_its_eight_holidays_none_of_them_at_a_week_end() -> None:
    days = bank_holidays()
    assert [sum(day.year == year for day in days) for year in (2025, 2026, 2027, 2028)] == [8] * 4
    assert all(day.weekday() < 5 for day in days)
    assert not any(is_working_day(day) for day in days)
    easter = [day for day, name in days.items() if name == "Good Friday"]
    assert all(day.weekday() == 4 and days[day + timedelta(days=3)] == "Easter Monday" for day in easter)
