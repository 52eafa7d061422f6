"""The SQL of who can have surged or fallen at all, told from each number's use by calendar day: of the rest no row is read.

In the same subset as succession/texts (decision 0005). A lake keeps that use beside its rows; of others it is counted once.
Days of succession are counted back from the end of the records, so the use of a calendar day may lie in two of them. It is then
"cut", and counted wherever it may lie when a rate must not be put too low, and only where it surely lies when it must not be put
too high. So whoever is left out breaks the rule of turning_texts on every day, and what is found does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

BLOCK: Final = 8  # days counted back, in one row of `eighth`
_NEAR: Final = (
    3 * BLOCK
)  # days from either end of the records; there the moment of a day's first use tells more than the day

USED: Final = """
    SELECT subject, source, CAST(floor(moment / 86400.0) AS BIGINT) AS day, count(*) AS n, sum(outward) AS n_out,
        min(moment) AS first_moment, max(moment) AS last_moment,
        min(CASE WHEN outward = 1 THEN moment END) AS first_out, max(CASE WHEN outward = 1 THEN moment END) AS last_out
    FROM event GROUP BY subject, source, CAST(floor(moment / 86400.0) AS BIGINT)"""
"""A row for what a number did on one calendar day (UTC, counted from 1970) by one source; a lake has one for each handset."""

# Days are counted back from the end of the records, 0 the last twenty-four hours: whoever decides in the middle of a day has a
# whole last day before them, and no clock or time zone moves where a day begins.
ENDING: Final = """
    SELECT max(last_moment) AS finish, CAST(floor(max(last_moment) / 86400.0) AS BIGINT) AS day FROM used"""


def back(moment: str) -> str:
    """How many whole days a moment lies before the end."""
    return f"CAST(floor((ending.finish - {moment}) / 86400.0) AS BIGINT)"


def _day_of(moment: str) -> str:
    """The same of a moment of `used`, nought or less, with whole numbers alone."""
    day = "(used.day - ending.day)"
    return f"({day} + CASE WHEN {moment} > ending.finish + 86400 * {day} THEN 1 ELSE 0 END)"


SOURCE_DAY: Final = f"""
    SELECT used.source, {_day_of("used.first_moment")} AS began, {_day_of("used.last_moment")} AS day,
        CAST(sum(used.n) AS BIGINT) AS n, min(used.first_moment) AS first_moment, max(used.last_moment) AS last_moment
    FROM used CROSS JOIN ending GROUP BY used.source, {_day_of("used.first_moment")}, {_day_of("used.last_moment")}"""

# When each source was really open: a few stray rows weeks outside do not stretch it. The rows are asked where use that is cut
# leaves open which day was the first or the last, or from what moment on.
OBSERVED: Final = f"""
    WITH part AS (
        SELECT source, day, n AS surely, n AS perhaps, first_moment, last_moment, 0 AS cut_before, 0 AS cut_after
        FROM source_day WHERE began = day
        UNION ALL
        SELECT source, day, 0 AS surely, n AS perhaps, NULL AS first_moment, last_moment, 1 AS cut_before, 0 AS cut_after
        FROM source_day WHERE began < day
        UNION ALL
        SELECT source, began AS day, 0 AS surely, n AS perhaps, first_moment, NULL AS last_moment, 0 AS cut_before, 1 AS cut_after
        FROM source_day WHERE began < day),
        daily AS (
        SELECT source, day, sum(surely) AS surely, sum(perhaps) AS perhaps, min(first_moment) AS first_moment,
            max(last_moment) AS last_moment, max(cut_before) AS cut_before, max(cut_after) AS cut_after
        FROM part GROUP BY source, day),
        busy AS (SELECT source, max(surely) AS surely, max(perhaps) AS perhaps FROM daily GROUP BY source),
        ends AS (
        SELECT daily.source, min(daily.day) AS opened, max(daily.day) AS closed,
            min(CASE WHEN daily.surely >= 0.02 * busy.perhaps THEN daily.day END) AS surely_opened,
            max(CASE WHEN daily.surely >= 0.02 * busy.perhaps THEN daily.day END) AS surely_closed
        FROM daily JOIN busy ON busy.source = daily.source WHERE daily.perhaps >= 0.02 * busy.surely GROUP BY daily.source),
        told AS (
        SELECT ends.source, ends.opened, ends.closed, first.first_moment AS start, last.last_moment AS finish
        FROM ends JOIN daily AS first ON first.source = ends.source AND first.day = ends.opened
            JOIN daily AS last ON last.source = ends.source AND last.day = ends.closed
        WHERE ends.opened = ends.surely_opened AND ends.closed = ends.surely_closed
            AND first.cut_before = 0 AND last.cut_after = 0),
        asked AS (SELECT busy.source FROM busy LEFT JOIN told ON told.source = busy.source WHERE told.source IS NULL),
        counted AS (
        SELECT event.source, -{back("event.moment")} AS day, count(*) AS n, min(event.moment) AS first_moment,
            max(event.moment) AS last_moment
        FROM event JOIN asked ON asked.source = event.source CROSS JOIN ending GROUP BY event.source, -{back("event.moment")}),
        busiest AS (SELECT source, max(n) AS most FROM counted GROUP BY source)
    SELECT source, opened, closed, start, finish FROM told
    UNION ALL
    SELECT counted.source, min(counted.day) AS opened, max(counted.day) AS closed,
        min(counted.first_moment) AS start, max(counted.last_moment) AS finish
    FROM counted JOIN busiest ON busiest.source = counted.source
    WHERE counted.n >= 0.02 * busiest.most GROUP BY counted.source"""

# Per number: how much, and from when to when its sources were open. A number that sends is judged by what it sends,
# because a dead number is still rung.
SUBJECT_SEEN: Final = f"""
    WITH held AS (
        SELECT subject, source, CAST(sum(n) AS BIGINT) AS n, CAST(sum(n_out) AS BIGINT) AS n_out,
            min(first_moment) AS first_moment, max(last_moment) AS last_moment,
            min(first_out) AS first_out, max(last_out) AS last_out
        FROM used GROUP BY subject, source),
        total AS (
        SELECT held.subject, CAST(sum(held.n) AS BIGINT) AS n,
            CASE WHEN sum(held.n_out) >= 3 AND sum(held.n_out) >= 0.15 * sum(held.n) THEN 1 ELSE 0 END AS by_outward,
            min(held.first_moment) AS first_moment, max(held.last_moment) AS last_moment,
            min(held.first_out) AS first_out, max(held.last_out) AS last_out,
            min(observed.opened) AS opened, max(observed.closed) AS closed,
            min(observed.start) AS start, max(observed.finish) AS finish
        FROM held JOIN observed ON observed.source = held.source
        GROUP BY held.subject HAVING sum(held.n) >= :least_events),
        judged AS (
        SELECT subject, n, by_outward, opened, closed, start, finish,
            CASE WHEN by_outward = 1 THEN first_out ELSE first_moment END AS first_use,
            CASE WHEN by_outward = 1 THEN last_out ELSE last_moment END AS last_use
        FROM total)
    SELECT judged.*, -{back("judged.first_use")} AS first_day, judged.start + {_NEAR + 1} * 86400 AS near_from,
        judged.finish - {_NEAR + 1} * 86400 AS near_to
    FROM judged CROSS JOIN ending"""


def _each(text: str) -> str:
    """A column for each of the eight days of a row."""
    return ", ".join(text.format(at=at) for at in range(BLOCK))


# Use by day counted back, eight days in a row; what is cut stands by its later day, and in no day's own use.
EIGHTH: Final = f"""
    WITH told AS (
        SELECT used.subject, CASE WHEN subject_seen.by_outward = 1 THEN used.n_out ELSE used.n END AS n,
            {_day_of("CASE WHEN subject_seen.by_outward = 1 THEN used.first_out ELSE used.first_moment END")} AS began,
            {_day_of("CASE WHEN subject_seen.by_outward = 1 THEN used.last_out ELSE used.last_moment END")} AS day,
            CASE WHEN subject_seen.by_outward = 1 THEN used.first_out ELSE used.first_moment END AS first_moment,
            subject_seen.near_from, subject_seen.near_to
        FROM used JOIN subject_seen ON subject_seen.subject = used.subject CROSS JOIN ending
        WHERE used.n_out > 0 OR subject_seen.by_outward = 0),
        placed AS (
        SELECT subject, n, CAST(floor(-day / {BLOCK}.0) AS BIGINT) AS block, CASE WHEN began = day THEN 0 ELSE n END AS cut,
            CASE WHEN began = day THEN -day % {BLOCK} ELSE -1 END AS place,
            CASE WHEN first_moment <= near_from OR first_moment >= near_to THEN first_moment END AS near
        FROM told)
    SELECT subject, block, CAST(sum(n) AS DOUBLE) AS n, CAST(sum(cut) AS DOUBLE) AS cut,
        {_each("CAST(coalesce(sum(n) FILTER (WHERE place = {at}), 0) AS DOUBLE) AS on_{at}")},
        {_each("min(near) FILTER (WHERE place = {at}) AS first_{at}")}
    FROM placed GROUP BY subject, block"""


def _sum(table: str, first: int, last: int) -> list[str]:
    return [f"{table}_{at}" for at in range(max(first, 0), min(last, BLOCK - 1) + 1)]


def _together(terms: list[str]) -> str:
    return f"({' + '.join(terms)})" if terms else "0"


def _week(first: int, last: int) -> str:
    """Use from one of these days to six days after, at most."""
    week = _sum("after", first + 2, 7) + _sum("on", first - 6, last)
    return _together([*week, "cut", *(["cut_after"] if first < 7 else [])])


def _month_before(first: int, last: int) -> str:
    """Use in the thirty days before one of these days, at least."""
    return _together([*_sum("on", last + 1, 7), "three_earlier" if first >= 2 else "two_earlier"])


def _fortnight(first: int, last: int) -> str:
    """Use of one of these days and of thirteen before, at most."""
    earlier = "one_earlier" if last <= 2 else "two_earlier"
    return _together([*_sum("on", first, 7), "cut", earlier, *(["cut_after"] if first == 0 else [])])


def _month_after(first: int, last: int) -> str:
    """Use in the thirty days after one of these days, at least."""
    month = [*_sum("on", 0, first - 1), "three_later" if last <= 6 else "two_later"]
    return _together([*month, *(["-cut_after"] if first == 0 else [])])


def _surge(first: int, last: int) -> str:
    """Not below nought where one of these days may be one of a surge, far from the ends of the records."""
    days_before = f"least(30.0, age - back - {first})"
    return f"{_SLACK} * {_week(first, last)} * {days_before} - 7.0 * :surge_ratio * {_month_before(first, last)}"


def _fall(first: int, last: int) -> str:
    days_before, days_after = f"first_back - back - {last} + 1.0", f"back + {last} - closed_back"
    most = f"{_SLACK} * :fall_ratio * {_fortnight(first, last)} * least(30.0, {days_after})"
    return f"{most} - {_month_after(first, last)} * least(14.0, greatest(1.0, {days_before}))"


def _surge_near(at: int) -> str:
    """Whether this day may be one of a surge near an end of the records, where few days are before it or after it."""
    latest = f"age - back - {at}"  # days from the start of the records to the first use of the day, at most
    since = latest if at == BLOCK else f"coalesce((first_{at} - start) / 86400.0, {latest})"
    most = f"{_SLACK} * {_week(at, at)} * least(30.0, greatest(0.0, {since}))"
    days_after = f"least(7.0, greatest(1.0, age - {since} - late))"
    expected = f"(:least_expected <= 0 OR {most} >= :least_expected * {days_after})"
    rates = f"(:least_expected <= 0 OR {most} >= :surge_ratio * {_month_before(at, at)} * {days_after})"
    return f"{_in_use(at)} AND {rates} AND {expected}"


def _fall_near(at: int) -> str:
    silence, days_before = f"(back + {at} - closed_back)", f"least(14, first_back - back - {at} + 1)"
    most = f"{_SLACK} * :fall_ratio * {_fortnight(at, at)} * least(30, {silence})"
    return f"{_in_use(at)} AND {silence} >= :least_silence AND {most} >= {_month_after(at, at)} * {days_before}"


def _in_use(at: int) -> str:
    """A day has use of its own, or that is cut: of the day itself and the one before, or the one after and itself."""
    if at == BLOCK:
        return "missing = 1 AND cut > 0"
    return f"(on_{at} > 0 OR cut > 0{' OR cut_after > 0' if at == 0 else ''})"


def _judged(near: str, each: Callable[[int], str], far: Iterable[str]) -> str:
    """One where a day of the row may be one of a turn; near the ends each day is judged by itself.

    The ninth place is the day before the row's, where use that is cut may lie though no row of its own tells of it.
    """
    closely = " OR ".join(f"({each(at)})" for at in range(BLOCK + 1))
    return f"CASE WHEN {near} THEN CASE WHEN {closely} THEN 1 ELSE 0 END WHEN greatest({', '.join(far)}) >= 0 THEN 1 ELSE 0 END"


_SLACK = "1.000001"  # what is the same save for rounding may not be left out
_RISES = _judged(
    f"back < 7 + late OR age - back < {_NEAR}",
    _surge_near,
    (_surge(first, last) for first, last in ((0, 1), (2, 3), (4, 5), (6, 8))),
)
_FALLS = _judged(
    f"back - closed_back <= greatest(:least_silence, 7) OR first_back - back < {2 * BLOCK}",
    _fall_near,
    (_fall(first, last) for first, last in ((0, 2), (3, 6), (7, 8))),
)


def _near(start: str, end: str) -> str:
    return f"sum(eighth.n) OVER (PARTITION BY eighth.subject ORDER BY eighth.block RANGE BETWEEN {start} AND {end})"


# The stretch of days, counted back, in which a number may have surged, and in which it may have fallen; and from after when to
# when its rows tell whether it did: a month before and a week after, a fortnight before and a month after.
SIFTED: Final = f"""
    WITH spread AS (
        SELECT eighth.*, CASE WHEN lead(eighth.block) OVER (PARTITION BY eighth.subject ORDER BY eighth.block) = eighth.block + 1
                THEN 0 ELSE 1 END AS missing,
            coalesce({_near("1 FOLLOWING", "1 FOLLOWING")}, 0) AS one_earlier,
            coalesce({_near("1 FOLLOWING", "2 FOLLOWING")}, 0) AS two_earlier,
            coalesce({_near("1 FOLLOWING", "3 FOLLOWING")}, 0) AS three_earlier,
            coalesce({_near("2 PRECEDING", "1 PRECEDING")}, 0) AS two_later,
            coalesce({_near("3 PRECEDING", "1 PRECEDING")}, 0) AS three_later
        FROM eighth),
        placed AS (
        SELECT spread.*, {BLOCK} * spread.block AS back, coalesce(later.cut, 0) AS cut_after,
            {_each("coalesce(later.on_{at}, 0) AS after_{at}")},
            subject_seen.start, (ending.finish - subject_seen.start) / 86400.0 AS age,
            (ending.finish - subject_seen.finish) / 86400.0 AS late,
            -subject_seen.closed AS closed_back, -subject_seen.first_day AS first_back
        FROM spread JOIN subject_seen ON subject_seen.subject = spread.subject
            LEFT JOIN eighth AS later ON later.subject = spread.subject AND later.block = spread.block - 1 CROSS JOIN ending),
        judged AS (SELECT subject, back, {_RISES} AS rises, {_FALLS} AS falls FROM placed),
        stretch AS (
        SELECT subject, min(CASE WHEN rises = 1 THEN back END) AS rise_from,
            max(CASE WHEN rises = 1 THEN back + {BLOCK} END) AS rise_to,
            min(CASE WHEN falls = 1 THEN back END) AS fall_from, max(CASE WHEN falls = 1 THEN back + {BLOCK} END) AS fall_to
        FROM judged WHERE rises = 1 OR falls = 1 GROUP BY subject)
    SELECT stretch.*, subject_seen.by_outward,
        ending.finish - 86400 * (rise_to + 31) AS rise_start, ending.finish - 86400 * (rise_from - 6) AS rise_finish,
        ending.finish - 86400 * (fall_to + 14) AS fall_start, ending.finish - 86400 * (fall_from - 30) AS fall_finish
    FROM stretch JOIN subject_seen ON subject_seen.subject = stretch.subject CROSS JOIN ending"""
