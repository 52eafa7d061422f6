"""Hours and weekdays by arithmetic are those of the calendar."""

from datetime import UTC, datetime
from random import Random

import duckdb

from crossline.engines.comms.clock_texts import HOUR, weekday


def test_hours_and_weekdays_are_those_of_the_calendar() -> None:
    chance = Random(7)
    moments = [0, 1, 3599, 3600, 86_399, 86_400, *(chance.randrange(4_000_000_000) for _ in range(500))]
    query = (
        f"SELECT {HOUR}, {weekday('CAST(floor(moment / 86400.0) AS BIGINT)')} FROM (SELECT CAST(? AS BIGINT) AS moment)"
    )
    for moment in moments:
        at = datetime.fromtimestamp(moment, UTC)
        assert duckdb.execute(query, [moment]).fetchall() == [(at.hour, at.weekday())], at
