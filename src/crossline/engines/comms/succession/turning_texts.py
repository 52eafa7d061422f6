"""The SQL of who fell and who surged among numbers, and of their contacts: the first half of succession, made once.

In the same subset as succession/texts (decision 0005), which compares what is found here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.engines.comms.succession.sifting_texts import (
    EIGHTH,
    ENDING,
    OBSERVED,
    SIFTED,
    SOURCE_DAY,
    SUBJECT_SEEN,
    USED,
)

# How sure a silence is, is counted in hours of use, not in rows: a broadcast that is late is one thing missing, not a hundred.
_ACTIVITY = """
    WITH hourly AS (
        SELECT event.subject, CAST(floor((ending.finish - event.moment) / 3600.0) AS BIGINT) AS hours_back, count(*) AS n,
            min(event.moment) AS first_moment, max(event.moment) AS last_moment
        FROM event JOIN sifted ON sifted.subject = event.subject CROSS JOIN ending
        WHERE event.outward >= sifted.by_outward AND (event.moment > sifted.rise_start AND event.moment <= sifted.rise_finish
            OR event.moment > sifted.fall_start AND event.moment <= sifted.fall_finish)
        GROUP BY event.subject, CAST(floor((ending.finish - event.moment) / 3600.0) AS BIGINT))
    SELECT subject, CAST(-floor(hours_back / 24.0) AS BIGINT) AS day, sum(n) AS n, count(*) AS hours,
        min(first_moment) AS first_moment, max(last_moment) AS last_moment
    FROM hourly GROUP BY subject, CAST(-floor(hours_back / 24.0) AS BIGINT)"""


def _frame(start: str, end: str, column: str = "n") -> str:
    window = f"PARTITION BY activity.subject ORDER BY activity.day RANGE BETWEEN {start} AND {end}"
    return f"coalesce(sum(activity.{column}) OVER ({window}), 0)"


_RISING = f"""
    SELECT activity.subject, activity.day, activity.n, activity.first_moment, sifted.rise_from, sifted.rise_to,
        {_frame("CURRENT ROW", "6 FOLLOWING", "hours")} AS hours_from, {_frame("CURRENT ROW", "6 FOLLOWING")} AS week_from,
        {_frame("7 PRECEDING", "1 PRECEDING")} AS week_before, {_frame("30 PRECEDING", "1 PRECEDING")} AS month_before
    FROM activity JOIN sifted ON sifted.subject = activity.subject
    WHERE activity.day >= -sifted.rise_to - 30 AND activity.day <= 6 - sifted.rise_from"""

_FALLING = f"""
    SELECT activity.subject, activity.day, activity.n, activity.last_moment, sifted.fall_from, sifted.fall_to,
        {_frame("6 PRECEDING", "CURRENT ROW")} AS week_to, {_frame("13 PRECEDING", "CURRENT ROW")} AS fortnight_to,
        {_frame("13 PRECEDING", "CURRENT ROW", "hours")} AS hours_to,
        {_frame("1 FOLLOWING", "7 FOLLOWING")} AS week_after, {_frame("1 FOLLOWING", "30 FOLLOWING")} AS month_after,
        {_frame("1 FOLLOWING", "30 FOLLOWING", "hours")} AS hours_after
    FROM activity JOIN sifted ON sifted.subject = activity.subject
    WHERE activity.day >= -sifted.fall_to - 13 AND activity.day <= 30 - sifted.fall_from"""

# Of the days on which it may have fallen, the last that is about as sharp as the sharpest; for a surge the first. A day of a
# call or two is not taken: a number is tried out before its start and rung after its end.
_FELL_BEFORE = """
    WITH turn AS (
        SELECT falling.*, subject_seen.closed, subject_seen.first_day
        FROM falling JOIN subject_seen ON subject_seen.subject = falling.subject
        WHERE falling.day >= -falling.fall_to AND falling.day <= -falling.fall_from),
        rated AS (
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
    WITH turn AS (
        SELECT rising.*, subject_seen.closed, subject_seen.start, subject_seen.finish
        FROM rising JOIN subject_seen ON subject_seen.subject = rising.subject
        WHERE rising.day >= -rising.rise_to AND rising.day <= -rising.rise_from),
        timed AS (
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

# The rows of those that turned, around their turn: read once, and all that follows is told from them.
_OWN = """
    WITH stretch AS (
        SELECT surged.subject, surged.moment - :trail_days * 86400 AS start,
            CASE WHEN surged.moment > subject_seen.finish - :overlap_days * 86400 THEN ending.finish
                ELSE surged.moment + :new_days * 86400 END AS finish
        FROM surged JOIN subject_seen ON subject_seen.subject = surged.subject CROSS JOIN ending
        UNION ALL
        SELECT subject, moment - :old_days * 86400 AS start, moment + :trail_days * 86400 AS finish FROM fell_before),
        around AS (SELECT subject, min(start) AS start, max(finish) AS finish FROM stretch GROUP BY subject)
    SELECT event.subject, event.other, event.moment, event.outward, event.is_text, event.handset, event.cell
    FROM event JOIN around ON around.subject = event.subject
    WHERE event.moment >= around.start AND event.moment <= around.finish"""

# At the end of the records nobody can have been silent for days. Whoever shares contacts with a number that has just surged is
# compared with it as well, for as much as its silence so far is worth.
_RECENT = """
    SELECT DISTINCT own.subject, own.other
    FROM own JOIN surged ON surged.subject = own.subject JOIN subject_seen ON subject_seen.subject = own.subject
    WHERE surged.moment > subject_seen.finish - :overlap_days * 86400 AND own.moment >= surged.moment"""

MET: Final = """
    SELECT DISTINCT {pair}.subject, {pair}.other
    FROM {pair} JOIN (SELECT DISTINCT other FROM recent) AS known ON known.other = {pair}.other"""
"""Who ever met a contact of those: `pair` is a table of which every pair of the records has a row."""

# Their rows of the last weeks.
_OWN_LATELY = """
    WITH alike AS (
        SELECT met.subject FROM met JOIN recent ON recent.other = met.other AND recent.subject <> met.subject
            LEFT JOIN fell_before ON fell_before.subject = met.subject
        WHERE fell_before.subject IS NULL GROUP BY met.subject, recent.subject HAVING count(*) >= :least_shared),
        lasting AS (
        SELECT DISTINCT alike.subject, subject_seen.last_use - greatest(:old_days, 7) * 86400 AS start
        FROM alike JOIN subject_seen ON subject_seen.subject = alike.subject)
    SELECT event.subject, event.other, event.moment, event.outward, event.is_text, event.handset, event.cell
    FROM event JOIN lasting ON lasting.subject = event.subject WHERE event.moment >= lasting.start"""

# Hours of use that were to be expected of each number between its last row and the end: as in the same hours of the week before.
# A line that is silent at night has not fallen; one that is silent at noon may have.
_QUIET = """
    WITH lasting AS (
        SELECT subject, by_outward, last_use AS moment, least(finish - last_use, 30 * 86400) AS silent,
            least(7.0, greatest(1.0, (last_use - first_use) / 86400.0)) AS days
        FROM subject_seen),
        before AS (
        SELECT lasting.subject, lasting.moment, lasting.silent, lasting.days, count(*) AS n,
            CAST(floor((lasting.moment - own.moment) / 3600.0) AS BIGINT) AS hours_back
        FROM own_lately AS own JOIN lasting ON lasting.subject = own.subject
        WHERE own.outward >= lasting.by_outward
            AND own.moment <= lasting.moment AND own.moment > lasting.moment - 7 * 86400
        GROUP BY lasting.subject, lasting.moment, lasting.silent, lasting.days,
            CAST(floor((lasting.moment - own.moment) / 3600.0) AS BIGINT)),
        ahead AS (
        SELECT *, 86400 - 3600 * (hours_back % 24) AS ahead FROM before)
    SELECT subject, moment, sum(n) / days AS rate,
        sum(CASE WHEN silent >= ahead THEN floor((silent - ahead) / 86400.0) + 1 ELSE 0 END) / days AS expected
    FROM ahead GROUP BY subject, moment, days"""

_FELL_LATELY = """
    WITH held AS (
        SELECT DISTINCT own.subject, own.other
        FROM own_lately AS own JOIN quiet ON quiet.subject = own.subject AND own.moment > quiet.moment - :old_days * 86400),
        alike AS (
        SELECT DISTINCT held.subject FROM held JOIN recent ON recent.other = held.other AND recent.subject <> held.subject
        GROUP BY held.subject, recent.subject HAVING count(*) >= :least_shared)
    SELECT quiet.subject, quiet.moment, quiet.rate, 1.0 / (1.0 + quiet.expected) AS ratio, quiet.expected AS silence
    FROM quiet JOIN alike ON alike.subject = quiet.subject"""

# Every rate is above nought; without a condition over it Spark 4.0 loses track of a column of this union.
_FELL = """
    SELECT subject, moment, rate, ratio, silence FROM (
        SELECT subject, moment, rate, ratio, silence FROM fell_before
        UNION ALL
        SELECT subject, moment, rate, ratio, silence FROM fell_lately) AS turned
    WHERE rate > 0"""

# A contact that is rung more than it rings is no customer: whoever supplies the line, or runs for it.
_RUNG = """CASE WHEN sum(own.outward * (1 - own.is_text)) > sum((1 - own.outward) * (1 - own.is_text))
            THEN 1 ELSE 0 END AS rung, sum(1 - own.outward) AS received"""


def _old_contacts(rows: str, fell: str) -> str:
    return f"""
    SELECT own.subject, own.other, {_RUNG} FROM {rows} AS own JOIN {fell} AS fell ON fell.subject = own.subject
    WHERE own.moment <= fell.moment + :trail_days * 86400 AND own.moment > fell.moment - :old_days * 86400
    GROUP BY own.subject, own.other"""


_OLD_CONTACT_ALL = f"{_old_contacts('own', 'fell_before')} UNION ALL {_old_contacts('own_lately', 'fell_lately')}"

_NEW_CONTACT_ALL = f"""
    SELECT own.subject, own.other, {_RUNG},
        max(CASE WHEN own.moment < surged.moment + 86400 THEN 1 ELSE 0 END) AS first_day
    FROM own JOIN surged ON surged.subject = own.subject
    WHERE own.moment >= surged.moment - :trail_days * 86400 AND own.moment < surged.moment + :new_days * 86400
    GROUP BY own.subject, own.other"""

TURNING: Final = MappingProxyType(
    {
        "used": USED,
        "ending": ENDING,
        "source_day": SOURCE_DAY,
        "observed": OBSERVED,
        "subject_seen": SUBJECT_SEEN,
        "eighth": EIGHTH,
        "sifted": SIFTED,
        "activity": _ACTIVITY,
        "rising": _RISING,
        "falling": _FALLING,
        "surged": _SURGED,
        "fell_before": _FELL_BEFORE,
        "own": _OWN,
        "recent": _RECENT,
        "met": MET.format(pair="event"),
        "own_lately": _OWN_LATELY,
        "quiet": _QUIET,
        "fell_lately": _FELL_LATELY,
        "fell": _FELL,
        "old_contact_all": _OLD_CONTACT_ALL,
        "new_contact_all": _NEW_CONTACT_ALL,
    }
)
"""Made once: who fell, who surged, and their contacts."""

KEPT_TURNING: Final = MappingProxyType(
    {name: text for name, text in TURNING.items() if name != "used"} | {"met": MET.format(pair="pair")}
)
"""The same where `used` and `pair` are kept beside the rows, as a lake keeps them."""
