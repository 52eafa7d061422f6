"""The SQL of who fell and who surged among numbers, and of their contacts: the first half of succession, made once.

In the same subset as succession_texts (decision 0005), which compares what is found here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_DAY = "CAST(floor(moment / 86400.0) AS BIGINT)"

# When each source was really open: a few stray rows weeks outside do not stretch it.
_OBSERVED = f"""
    WITH daily AS (
        SELECT source, {_DAY} AS day, count(*) AS n, max(moment) AS last_moment FROM event GROUP BY source, {_DAY}),
        busy AS (SELECT source, max(n) AS most FROM daily GROUP BY source)
    SELECT daily.source, min(daily.day) AS opened, max(daily.day) AS closed, max(daily.last_moment) AS finish
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
        min(observed.opened) AS opened, max(observed.closed) AS closed, max(observed.finish) AS finish
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

# What was to be expected of each number between its last row and the end: what it did in the same hours of the week before.
# A line that is silent at night has not fallen; one that is silent at noon may have.
_QUIET = """
    WITH final AS (
        SELECT activity.subject, max(activity.last_moment) AS moment, min(activity.day) AS first_day
        FROM activity GROUP BY activity.subject),
        lasting AS (
        SELECT final.subject, final.moment, least(subject_seen.finish - final.moment, 30 * 86400) AS silent,
            CAST(least(7, greatest(1, CAST(floor(final.moment / 86400.0) AS BIGINT) - final.first_day)) AS DOUBLE) AS days
        FROM final JOIN subject_seen ON subject_seen.subject = final.subject),
        before AS (
        SELECT lasting.subject, lasting.moment, lasting.silent, lasting.days,
            86400 - ((lasting.moment - event.moment) % 86400) AS ahead
        FROM event JOIN lasting ON lasting.subject = event.subject JOIN subject_seen ON subject_seen.subject = event.subject
        WHERE event.outward >= subject_seen.by_outward
            AND event.moment <= lasting.moment AND event.moment > lasting.moment - 7 * 86400)
    SELECT subject, moment, count(*) / days AS rate,
        sum(CASE WHEN silent >= ahead THEN floor((silent - ahead) / 86400.0) + 1 ELSE 0 END) / days AS expected
    FROM before GROUP BY subject, moment, days"""

# Of the days on which it may have fallen, the last that is about as sharp as the sharpest; for a surge the first. A day of a
# call or two is not taken: a number is tried out before its start and rung after its end.
_FELL_BEFORE = """
    WITH rated AS (
        SELECT *, CAST(fortnight_to AS DOUBLE) / least(14, day - first_day + 1) AS rate_before,
            CASE WHEN closed > day THEN CAST(month_after AS DOUBLE) / least(30, closed - day) END AS rate_after
        FROM turn),
        possible AS (
        SELECT *, max(week_to - week_after) OVER (PARTITION BY subject) AS sharpest
        FROM rated WHERE closed - day >= :least_silence AND rate_after <= :fall_ratio * rate_before),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY day DESC) AS place FROM possible
        WHERE week_to - week_after >= :sharp_share * sharpest AND n >= :day_share * rate_before)
    SELECT subject, last_moment AS moment, rate_before AS rate,
        (month_after + 1.0) / (rate_before * least(30, closed - day) + 1.0) AS ratio,
        rate_before * least(30, closed - day) AS silence
    FROM placed WHERE place = 1"""

_SURGED = """
    WITH rated AS (
        SELECT *, CAST(week_from AS DOUBLE) / least(7, closed - day + 1) AS rate_after,
            CAST(month_before AS DOUBLE) / least(30, day - opened) AS rate_before
        FROM turn WHERE day - opened >= :least_silence AND day <= closed),
        possible AS (
        SELECT *, max(week_from - week_before) OVER (PARTITION BY subject) AS sharpest
        FROM rated WHERE rate_after >= :surge_ratio * rate_before),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY subject ORDER BY day) AS place FROM possible
        WHERE week_from - week_before >= :sharp_share * sharpest AND n >= :day_share * rate_after)
    SELECT subject, day, first_moment AS moment, rate_after AS rate, rate_before / rate_after AS ratio,
        rate_after * least(30, day - opened) AS silence
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

TURNING: Final = MappingProxyType(
    {
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
    }
)
"""Made once: who fell, who surged, and their contacts."""
