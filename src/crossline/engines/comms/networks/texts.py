"""The SQL of what each phone did towards a line, one text for every engine, in the subset of succession/texts (decision 0005).

From `event`, `line_number(subject, line, begins, ends)` (moments, the end not included) and `local_day(day, period, start,
finish)`. Nothing here depends on what a number is called or on the order of rows: ties in one second count alike.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# Both operators' copies of one call stand seconds apart, and a set may be given twice: one is kept.
_LINE_EVENT = """
    WITH mine AS (
        SELECT line_number.line, event.subject, event.other, event.moment, event.outward, event.is_text, event.handset,
            lag(event.moment) OVER (
                PARTITION BY event.subject, event.other, event.outward, event.is_text ORDER BY event.moment) AS previous
        FROM event JOIN line_number ON line_number.subject = event.subject
            AND event.moment >= line_number.begins AND event.moment < line_number.ends)
    SELECT mine.line, mine.subject, mine.other, mine.moment, mine.outward, mine.is_text, mine.handset,
        local_day.day, local_day.period
    FROM mine JOIN local_day ON mine.moment >= local_day.start AND mine.moment < local_day.finish
    WHERE mine.previous IS NULL OR mine.moment - mine.previous > :same_seconds"""

# A broadcast is a run of texts, each within two minutes of the last, to enough people.
_LINE_RUN = """
    WITH sent AS (
        SELECT subject, other, moment, line, day, period,
            lag(moment) OVER (PARTITION BY subject ORDER BY moment) AS previous
        FROM line_event WHERE outward = 1 AND is_text = 1)
    SELECT subject, other, moment, line, day, period,
        sum(CASE WHEN previous IS NULL OR moment - previous > :run_gap THEN 1 ELSE 0 END)
            OVER (PARTITION BY subject ORDER BY moment RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
    FROM sent"""

_LINE_BROADCAST = """
    SELECT subject, run, min(line) AS line, min(day) AS day, min(period) AS period, min(moment) AS start,
        max(moment) AS finish, count(DISTINCT other) AS recipients
    FROM line_run GROUP BY subject, run HAVING count(DISTINCT other) >= :least_recipients"""

# Everything that was no broadcast, with how long ago anybody, and this very phone, had rung or texted the line.
_STEP = """
    WITH own AS (
        SELECT line_event.* FROM line_event
            LEFT JOIN line_broadcast ON line_broadcast.subject = line_event.subject AND line_event.outward = 1
                AND line_event.is_text = 1 AND line_event.moment >= line_broadcast.start
                AND line_event.moment <= line_broadcast.finish
        WHERE line_broadcast.subject IS NULL)
    SELECT line, subject, other, moment, outward, is_text, day, period,
        max(CASE WHEN outward = 0 THEN moment END) OVER (
            PARTITION BY line ORDER BY moment RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS rung_by_any,
        max(CASE WHEN outward = 0 THEN moment END) OVER (
            PARTITION BY line, other ORDER BY moment RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS rung_by_same
    FROM own"""

# How soon after somebody else's call: its place among the pauses between the calls that came in, 0 at once to 1.
_PROMPT = """
    WITH pause AS (
        SELECT line, subject, other, moment, outward, is_text, day, period, rung_by_same,
            CASE WHEN rung_by_any > coalesce(rung_by_same, -1) THEN moment - rung_by_any END AS pause
        FROM step)
    SELECT line, subject, other, moment, outward, is_text, day, period,
        CASE WHEN outward = 1 AND moment - rung_by_same <= :back_seconds THEN 1 ELSE 0 END AS is_back,
        CASE WHEN pause IS NULL THEN 1.0 ELSE
            CAST(sum(CASE WHEN outward = 0 AND pause IS NOT NULL THEN 1 ELSE 0 END) OVER (
                PARTITION BY line ORDER BY pause RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DOUBLE)
            / greatest(sum(CASE WHEN outward = 0 AND pause IS NOT NULL THEN 1 ELSE 0 END) OVER (PARTITION BY line), 1)
            END AS place
    FROM pause"""

# However often a broadcast reached somebody (a text in several parts), it is one.
_REACH = """
    SELECT line_broadcast.line, line_run.other, line_broadcast.period, line_broadcast.day
    FROM line_run JOIN line_broadcast ON line_broadcast.subject = line_run.subject AND line_broadcast.run = line_run.run
    GROUP BY line_broadcast.line, line_run.other, line_broadcast.period, line_broadcast.day, line_broadcast.subject,
        line_broadcast.run"""

_CONTACT_DAY = """
    WITH done AS (
        SELECT line, other, period, day, 0 AS reached, 1 - outward AS came, outward * is_back AS back,
            CASE WHEN outward = 1 AND is_back = 0 AND place < :at_once THEN 1 ELSE 0 END AS at_once,
            CASE WHEN outward = 1 AND is_back = 0 AND place >= :at_once AND place < :soon THEN 1 ELSE 0 END AS soon,
            CASE WHEN outward = 1 AND is_back = 0 AND place >= :soon THEN 1 ELSE 0 END AS later
        FROM prompt
        UNION ALL
        SELECT reach.line, reach.other, reach.period, reach.day, 1, 0, 0, 0, 0, 0 FROM reach)
    SELECT line, other, period, day, sum(reached) AS reached, sum(came) AS came, sum(back) AS back,
        sum(at_once) AS at_once, sum(soon) AS soon, sum(later) AS later
    FROM done GROUP BY line, other, period, day"""

_LINE_DAY = """
    WITH sent AS (
        SELECT line, day, count(*) AS broadcasts FROM line_broadcast GROUP BY line, day)
    SELECT line_event.line, line_event.period, line_event.day, count(*) AS events,
        count(DISTINCT line_event.other) AS contacts,
        count(DISTINCT CASE WHEN line_event.outward = 0 THEN line_event.other END) AS incoming,
        coalesce(max(sent.broadcasts), 0) AS broadcasts
    FROM line_event LEFT JOIN sent ON sent.line = line_event.line AND sent.day = line_event.day
    GROUP BY line_event.line, line_event.period, line_event.day"""

_NUMBER_DAY = """
    WITH sent AS (
        SELECT subject, day, count(*) AS broadcasts FROM line_broadcast GROUP BY subject, day)
    SELECT line_event.line, line_event.subject, line_event.period, line_event.day,
        count(DISTINCT CASE WHEN line_event.outward = 0 THEN line_event.other END) AS incoming,
        coalesce(max(sent.broadcasts), 0) AS broadcasts
    FROM line_event LEFT JOIN sent ON sent.subject = line_event.subject AND sent.day = line_event.day
    GROUP BY line_event.line, line_event.subject, line_event.period, line_event.day"""

_PHONE_DAYS = """
    SELECT other, min(day) AS first_day, max(day) AS last_day FROM contact_day GROUP BY other"""

NETWORK_TEXTS: Final = MappingProxyType(
    {
        "line_event": _LINE_EVENT,
        "line_run": _LINE_RUN,
        "line_broadcast": _LINE_BROADCAST,
        "step": _STEP,
        "prompt": _PROMPT,
        "reach": _REACH,
        "contact_day": _CONTACT_DAY,
        "line_day": _LINE_DAY,
        "number_day": _NUMBER_DAY,
        "phone_days": _PHONE_DAYS,
    }
)
"""Each a table, in the order they are made."""
