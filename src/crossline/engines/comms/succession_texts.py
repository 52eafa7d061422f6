"""The SQL of number succession, one text for every engine: each statement is a table, in the order they are made.

Written in a subset that sqlglot renders for DuckDB and Spark alike (decision 0005): no QUALIFY, no `//`, no semi joins, whole
seconds instead of timestamps, explicit casts, no logarithm of nought. `:name` are numbers of Settings.

The idea (communications notes §5, §6): a number that took over *surged*, one that was given up *fell*; neither need be first
seen or silent, because numbers are recycled, tried out before, and rung after. Those that surged are compared with those
that fell shortly before by the contacts they share, a contact known to few weighing more (idf).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_DAY = "CAST(floor(moment / 86400.0) AS BIGINT)"

# When each source was really open: a few stray rows weeks outside do not stretch it.
_OBSERVED = f"""
    WITH daily AS (SELECT source, {_DAY} AS day, count(*) AS n FROM event GROUP BY source, {_DAY}),
        busy AS (SELECT source, max(n) AS most FROM daily GROUP BY source)
    SELECT daily.source, min(daily.day) AS opened, max(daily.day) AS closed
    FROM daily JOIN busy ON busy.source = daily.source
    WHERE daily.n >= 0.02 * busy.most GROUP BY daily.source"""

# Per number: how much, and from when to when its sources were open. A number that sends is judged by what it sends,
# because a dead number is still rung.
_SUBJECT_SEEN = """
    WITH total AS (
        SELECT subject, count(*) AS n, sum(outward) AS n_out FROM event GROUP BY subject HAVING count(*) >= :least_events),
        held AS (SELECT DISTINCT subject, source FROM event)
    SELECT total.subject, total.n,
        CASE WHEN total.n_out >= 3 AND total.n_out >= 0.15 * total.n THEN 1 ELSE 0 END AS by_outward,
        min(observed.opened) AS opened, max(observed.closed) AS closed
    FROM total JOIN held ON held.subject = total.subject JOIN observed ON observed.source = held.source
    GROUP BY total.subject, total.n, total.n_out"""

_ACTIVITY = f"""
    SELECT event.subject, {_DAY} AS day, count(*) AS n, min(event.moment) AS first_moment, max(event.moment) AS last_moment
    FROM event JOIN subject_seen ON subject_seen.subject = event.subject
    WHERE event.outward >= subject_seen.by_outward
    GROUP BY event.subject, {_DAY}"""


def _frame(start: str, end: str) -> str:
    window = f"PARTITION BY activity.subject ORDER BY activity.day RANGE BETWEEN {start} AND {end}"
    return f"coalesce(sum(activity.n) OVER ({window}), 0)"


_TURNS = f"""
    SELECT activity.subject, activity.day, activity.n, activity.first_moment, activity.last_moment,
        subject_seen.opened, subject_seen.closed,
        {_frame("6 PRECEDING", "CURRENT ROW")} AS week_to, {_frame("13 PRECEDING", "CURRENT ROW")} AS fortnight_to,
        {_frame("1 FOLLOWING", "7 FOLLOWING")} AS week_after, {_frame("1 FOLLOWING", "30 FOLLOWING")} AS month_after,
        {_frame("CURRENT ROW", "6 FOLLOWING")} AS week_from, {_frame("7 PRECEDING", "1 PRECEDING")} AS week_before,
        {_frame("30 PRECEDING", "1 PRECEDING")} AS month_before,
        min(activity.day) OVER (PARTITION BY activity.subject) AS first_day
    FROM activity JOIN subject_seen ON subject_seen.subject = activity.subject"""

_FELL = """
    WITH rated AS (
        SELECT *, CAST(fortnight_to AS DOUBLE) / least(14, day - first_day + 1) AS rate_before,
            CASE WHEN closed > day THEN CAST(month_after AS DOUBLE) / least(30, closed - day) END AS rate_after
        FROM turn),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY week_to - week_after DESC, day DESC) AS place
        FROM rated WHERE closed - day >= :least_silence AND rate_after <= :fall_ratio * rate_before)
    SELECT subject, day, last_moment AS moment, rate_before AS rate, rate_after / rate_before AS ratio,
        rate_before * least(30, closed - day) AS silence
    FROM placed WHERE place = 1"""

_SURGED = """
    WITH rated AS (
        SELECT *, CAST(week_from AS DOUBLE) / least(7, closed - day + 1) AS rate_after,
            CAST(month_before AS DOUBLE) / least(30, day - opened) AS rate_before
        FROM turn WHERE day - opened >= :least_silence),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY week_from - week_before DESC, day) AS place
        FROM rated WHERE rate_after >= :surge_ratio * rate_before)
    SELECT subject, day, first_moment AS moment, rate_after AS rate, rate_before / rate_after AS ratio,
        rate_after * least(30, day - opened) AS silence
    FROM placed WHERE place = 1"""

_OLD_CONTACT_ALL = """
    SELECT event.subject, event.other, count(*) AS n FROM event JOIN fell ON fell.subject = event.subject
    WHERE event.moment <= fell.moment + 3600 AND event.moment > fell.moment - :old_days * 86400
    GROUP BY event.subject, event.other"""

_NEW_CONTACT_ALL = """
    SELECT event.subject, event.other, count(*) AS n,
        max(CASE WHEN event.moment < surged.moment + 86400 THEN 1 ELSE 0 END) AS first_day
    FROM event JOIN surged ON surged.subject = event.subject
    WHERE event.moment >= surged.moment - 3600 AND event.moment < surged.moment + :new_days * 86400
    GROUP BY event.subject, event.other"""
