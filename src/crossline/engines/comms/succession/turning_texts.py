"""The SQL of who fell and who surged among numbers, and of their contacts: the first half of succession, made once.

In the same subset as succession/texts (decision 0005), which compares what is found here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# Days are counted back from the end of the records, 0 the last twenty-four hours: whoever decides in the middle of a day has a
# whole last day before them, and no clock or time zone moves where a day begins.
_ENDING = "SELECT max(moment) AS finish FROM event"
_DAY = "CAST(-floor((ending.finish - event.moment) / 86400.0) AS BIGINT)"

# When each source was really open: a few stray rows weeks outside do not stretch it.
_OBSERVED = f"""
    WITH daily AS (
        SELECT event.source, {_DAY} AS day, count(*) AS n, min(event.moment) AS first_moment, max(event.moment) AS last_moment
        FROM event CROSS JOIN ending GROUP BY event.source, {_DAY}),
        busy AS (SELECT source, max(n) AS most FROM daily GROUP BY source)
    SELECT daily.source, min(daily.day) AS opened, max(daily.day) AS closed,
        min(daily.first_moment) AS start, max(daily.last_moment) AS finish
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
        min(observed.opened) AS opened, max(observed.closed) AS closed,
        min(observed.start) AS start, max(observed.finish) AS finish
    FROM total JOIN held ON held.subject = total.subject JOIN observed ON observed.source = held.source
    GROUP BY total.subject, total.n, total.n_out"""

# How sure a silence is, is counted in hours of use, not in rows: a broadcast that is late is one thing missing, not a hundred.
_ACTIVITY = """
    WITH hourly AS (
        SELECT event.subject, CAST(floor((ending.finish - event.moment) / 3600.0) AS BIGINT) AS hours_back, count(*) AS n,
            min(event.moment) AS first_moment, max(event.moment) AS last_moment
        FROM event JOIN subject_seen ON subject_seen.subject = event.subject CROSS JOIN ending
        WHERE event.outward >= subject_seen.by_outward
        GROUP BY event.subject, CAST(floor((ending.finish - event.moment) / 3600.0) AS BIGINT))
    SELECT subject, CAST(-floor(hours_back / 24.0) AS BIGINT) AS day, sum(n) AS n, count(*) AS hours,
        min(first_moment) AS first_moment, max(last_moment) AS last_moment
    FROM hourly GROUP BY subject, CAST(-floor(hours_back / 24.0) AS BIGINT)"""


def _frame(start: str, end: str, column: str = "n") -> str:
    window = f"PARTITION BY activity.subject ORDER BY activity.day RANGE BETWEEN {start} AND {end}"
    return f"coalesce(sum(activity.{column}) OVER ({window}), 0)"


_TURNS = f"""
    SELECT activity.subject, activity.day, activity.n, activity.first_moment, activity.last_moment,
        subject_seen.opened, subject_seen.closed, subject_seen.start, subject_seen.finish,
        {_frame("6 PRECEDING", "CURRENT ROW")} AS week_to, {_frame("13 PRECEDING", "CURRENT ROW")} AS fortnight_to,
        {_frame("13 PRECEDING", "CURRENT ROW", "hours")} AS hours_to,
        {_frame("CURRENT ROW", "6 FOLLOWING", "hours")} AS hours_from,
        {_frame("1 FOLLOWING", "7 FOLLOWING")} AS week_after, {_frame("1 FOLLOWING", "30 FOLLOWING")} AS month_after,
        {_frame("1 FOLLOWING", "30 FOLLOWING", "hours")} AS hours_after,
        {_frame("CURRENT ROW", "6 FOLLOWING")} AS week_from, {_frame("7 PRECEDING", "1 PRECEDING")} AS week_before,
        {_frame("30 PRECEDING", "1 PRECEDING")} AS month_before,
        min(activity.day) OVER (PARTITION BY activity.subject) AS first_day
    FROM activity JOIN subject_seen ON subject_seen.subject = activity.subject"""

# Hours of use that were to be expected of each number between its last row and the end: as in the same hours of the week before.
# A line that is silent at night has not fallen; one that is silent at noon may have.
_QUIET = """
    WITH final AS (
        SELECT activity.subject, max(activity.last_moment) AS moment, min(activity.first_moment) AS first_moment
        FROM activity GROUP BY activity.subject),
        lasting AS (
        SELECT final.subject, final.moment, least(subject_seen.finish - final.moment, 30 * 86400) AS silent,
            least(7.0, greatest(1.0, (final.moment - final.first_moment) / 86400.0)) AS days
        FROM final JOIN subject_seen ON subject_seen.subject = final.subject),
        before AS (
        SELECT lasting.subject, lasting.moment, lasting.silent, lasting.days, count(*) AS n,
            CAST(floor((lasting.moment - event.moment) / 3600.0) AS BIGINT) AS hours_back
        FROM event JOIN lasting ON lasting.subject = event.subject JOIN subject_seen ON subject_seen.subject = event.subject
        WHERE event.outward >= subject_seen.by_outward
            AND event.moment <= lasting.moment AND event.moment > lasting.moment - 7 * 86400
        GROUP BY lasting.subject, lasting.moment, lasting.silent, lasting.days,
            CAST(floor((lasting.moment - event.moment) / 3600.0) AS BIGINT)),
        ahead AS (
        SELECT *, 86400 - 3600 * (hours_back % 24) AS ahead FROM before)
    SELECT subject, moment, sum(n) / days AS rate,
        sum(CASE WHEN silent >= ahead THEN floor((silent - ahead) / 86400.0) + 1 ELSE 0 END) / days AS expected
    FROM ahead GROUP BY subject, moment, days"""

# Of the days on which it may have fallen, the last that is about as sharp as the sharpest; for a surge the first. A day of a
# call or two is not taken: a number is tried out before its start and rung after its end.
_FELL_BEFORE = """
    WITH rated AS (
        SELECT *, CAST(fortnight_to AS DOUBLE) / least(14, day - first_day + 1) AS rate_before,
            CAST(hours_to AS DOUBLE) / least(14, day - first_day + 1) * least(30, closed - day) AS expected,
            CASE WHEN closed > day THEN CAST(month_after AS DOUBLE) / least(30, closed - day) END AS rate_after
        FROM turn),
        possible AS (
        SELECT *, max(week_to - week_after) OVER (PARTITION BY subject) AS sharpest
        FROM rated WHERE closed - day >= :least_silence AND rate_after <= :fall_ratio * rate_before),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY day DESC) AS place FROM possible
        WHERE week_to - week_after >= :sharp_share * sharpest AND n >= :day_share * rate_before)
    SELECT subject, last_moment AS moment, rate_before AS rate, (hours_after + 1.0) / (expected + 1.0) AS ratio,
        expected AS silence
    FROM placed WHERE place = 1"""

# The hours of use to be expected before a surge, had the number always been used as after it, say how sure the surge is.
_SURGED = """
    WITH timed AS (
        SELECT *, least(7.0, greatest(1.0, (finish - first_moment) / 86400.0)) AS days_after,
            least(30.0, greatest(0.0, (first_moment - start) / 86400.0)) AS days_before
        FROM turn WHERE day <= closed),
        rated AS (
        SELECT *, week_from / days_after AS rate_after,
            CASE WHEN days_before > 0 THEN month_before / days_before ELSE 0.0 END AS rate_before
        FROM timed),
        possible AS (
        SELECT *, max(week_from - week_before) OVER (PARTITION BY subject) AS sharpest
        FROM rated WHERE rate_after >= :surge_ratio * rate_before AND hours_from / days_after * days_before >= :least_expected),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY day) AS place FROM possible
        WHERE week_from - week_before >= :sharp_share * sharpest AND n >= :day_share * rate_after)
    SELECT subject, day, first_moment AS moment, rate_after AS rate, rate_before / rate_after AS ratio,
        hours_from / days_after * days_before AS silence
    FROM placed WHERE place = 1"""

# At the end of the records nobody can have been silent for days. Whoever shares contacts with a number that has just surged is
# compared with it as well, for as much as its silence so far is worth.
_FELL_LATELY = """
    WITH recent AS (
        SELECT DISTINCT event.subject, event.other
        FROM event JOIN surged ON surged.subject = event.subject JOIN subject_seen ON subject_seen.subject = event.subject
        WHERE surged.moment > subject_seen.finish - :overlap_days * 86400 AND event.moment >= surged.moment),
        known AS (SELECT DISTINCT other FROM recent),
        held AS (
        SELECT DISTINCT event.subject, event.other FROM event JOIN known ON known.other = event.other
            JOIN quiet ON quiet.subject = event.subject AND event.moment > quiet.moment - :old_days * 86400
            LEFT JOIN fell_before ON fell_before.subject = event.subject
        WHERE fell_before.subject IS NULL),
        alike AS (
        SELECT DISTINCT held.subject FROM held JOIN recent ON recent.other = held.other AND recent.subject <> held.subject
        GROUP BY held.subject, recent.subject HAVING count(*) >= :least_shared)
    SELECT quiet.subject, quiet.moment, quiet.rate, 1.0 / (1.0 + quiet.expected) AS ratio, quiet.expected AS silence
    FROM quiet JOIN alike ON alike.subject = quiet.subject"""

_FELL = """
    SELECT subject, moment, rate, ratio, silence FROM fell_before
    UNION ALL
    SELECT subject, moment, rate, ratio, silence FROM fell_lately"""

# A contact that is rung more than it rings is no customer: whoever supplies the line, or runs for it.
_RUNG = """CASE WHEN sum(event.outward * (1 - event.is_text)) > sum((1 - event.outward) * (1 - event.is_text))
            THEN 1 ELSE 0 END AS rung, sum(1 - event.outward) AS received"""

_OLD_CONTACT_ALL = f"""
    SELECT event.subject, event.other, {_RUNG} FROM event JOIN fell ON fell.subject = event.subject
    WHERE event.moment <= fell.moment + :trail_days * 86400 AND event.moment > fell.moment - :old_days * 86400
    GROUP BY event.subject, event.other"""

_NEW_CONTACT_ALL = f"""
    SELECT event.subject, event.other, {_RUNG},
        max(CASE WHEN event.moment < surged.moment + 86400 THEN 1 ELSE 0 END) AS first_day
    FROM event JOIN surged ON surged.subject = event.subject
    WHERE event.moment >= surged.moment - :trail_days * 86400 AND event.moment < surged.moment + :new_days * 86400
    GROUP BY event.subject, event.other"""

# How the numbers behave before their fall and after their surge: handsets, hours of the day (counted back from the end), cells.
_BEHAVIOUR = """
    SELECT mine.subject, mine.part, event.outward, event.handset, event.cell,
        CAST(floor(((ending.finish - event.moment) % 86400) / 3600.0) AS INTEGER) AS hour, count(*) AS n
    FROM (
        SELECT subject, 0 AS part, moment - :old_days * 86400 AS start, moment AS finish FROM fell
        UNION ALL
        SELECT subject, 1 AS part, moment AS start, moment + :new_days * 86400 AS finish FROM surged) AS mine
    JOIN event ON event.subject = mine.subject AND event.moment >= mine.start AND event.moment <= mine.finish
        CROSS JOIN ending
    GROUP BY mine.subject, mine.part, event.outward, event.handset, event.cell,
        CAST(floor(((ending.finish - event.moment) % 86400) / 3600.0) AS INTEGER)"""

_HANDSET = """
    SELECT DISTINCT subject, part, handset FROM behaviour WHERE handset IS NOT NULL"""

TURNING: Final = MappingProxyType(
    {
        "ending": _ENDING,
        "observed": _OBSERVED,
        "subject_seen": _SUBJECT_SEEN,
        "activity": _ACTIVITY,
        "turn": _TURNS,
        "quiet": _QUIET,
        "surged": _SURGED,
        "fell_before": _FELL_BEFORE,
        "fell_lately": _FELL_LATELY,
        "fell": _FELL,
        "old_contact_all": _OLD_CONTACT_ALL,
        "new_contact_all": _NEW_CONTACT_ALL,
        "behaviour": _BEHAVIOUR,
        "handset_use": _HANDSET,
    }
)
"""Made once: who fell, who surged, their contacts and how they behaved."""
