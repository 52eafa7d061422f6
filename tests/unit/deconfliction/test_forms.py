"""The clock times of a planned event, as somebody in Britain means them: on days when the clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from crossline.deconfliction.events import hours_in_words
from crossline.deconfliction.forms import british_moment
from crossline.errors import UserError

BACK, FORWARD = date(2026, 10, 25), date(2026, 3, 29)


@pytest.mark.parametrize(
    ("day", "hour", "last", "utc"),
    [
        (date(2026, 12, 1), time(5), False, datetime(2026, 12, 1, 5, tzinfo=UTC)),
        (date(2026, 7, 1), time(0, 30, 59), False, datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        (BACK, time(1, 30), False, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (BACK, time(1, 30), True, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (FORWARD, time(2), False, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_a_clock_time_is_british_and_to_the_minute(day: date, hour: time, last: bool, utc: datetime) -> None:
    assert british_moment(day, hour, last=last) == utc


def test_a_time_that_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(UserError, match=r"The clocks go forward on 29 March 2026, and there is no 01:30"):
        british_moment(FORWARD, time(1, 30))


def test_hours_name_the_last_day_only_where_it_is_another() -> None:
    start, end = british_moment(date(2026, 7, 1), time(22)), british_moment(date(2026, 7, 2), time(5, 15))
    assert hours_in_words(start, end) == "1 July 2026, 10pm to 2 July 2026, 5:15am"
    assert hours_in_words(start, start) == "1 July 2026, 10pm to 10pm"
