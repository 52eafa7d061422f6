"""The SQL of number profiles, one text for every engine, in the same subset as succession/texts (decision 0005)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.engines.comms.clock_texts import HOUR, weekday

_DAY = "CAST(floor(moment / 86400.0) AS BIGINT)"
_WEEKDAY = weekday(_DAY)
_SPANNED = "floor(volume.last_moment / 86400.0) - floor(volume.first_moment / 86400.0) + 1"

_VOLUME = f"""
    SELECT subject, count(*) AS events, min(moment) AS first_moment, max(moment) AS last_moment,
        count(DISTINCT {_DAY}) AS days_active,
        count(DISTINCT CASE WHEN outward = 1 THEN {_DAY} END) AS days_sending,
        sum(CASE WHEN outward = 1 AND is_text = 0 THEN 1 ELSE 0 END) AS calls_out,
        sum(CASE WHEN outward = 0 AND is_text = 0 THEN 1 ELSE 0 END) AS calls_in,
        sum(CASE WHEN outward = 1 AND is_text = 1 THEN 1 ELSE 0 END) AS texts_out,
        sum(CASE WHEN outward = 0 AND is_text = 1 THEN 1 ELSE 0 END) AS texts_in,
        sum(CASE WHEN is_text = 0 AND seconds > 0 THEN 1 ELSE 0 END) AS calls_answered,
        sum(CASE WHEN is_text = 0 AND seconds > 0 AND seconds < 60 THEN 1 ELSE 0 END) AS calls_short,
        sum(CASE WHEN {HOUR} >= 23 OR {HOUR} < 6 THEN 1 ELSE 0 END) AS at_night,
        sum(CASE WHEN {_WEEKDAY} >= 5 OR {HOUR} < 8 OR {HOUR} >= 18 THEN 1 ELSE 0 END) AS out_of_hours,
        count(DISTINCT handset) AS handsets
    FROM event GROUP BY subject HAVING count(*) >= :least_events"""

_CONTACTS = """
    WITH pair AS (
        SELECT event.subject, event.other, max(event.outward) AS went, max(1 - event.outward) AS came
        FROM event JOIN volume ON volume.subject = event.subject GROUP BY event.subject, event.other)
    SELECT subject, count(*) AS contacts, sum(went) AS contacts_out, sum(came) AS contacts_in, sum(went * came) AS mutual
    FROM pair GROUP BY subject"""

# A broadcast is a run of texts, each within two minutes of the last, to enough people fast enough.
_RUN = """
    WITH sender AS (SELECT subject FROM contact_count WHERE contacts_out >= :least_recipients),
        sent AS (
        SELECT event.subject, event.other, event.moment,
            lag(event.moment) OVER (PARTITION BY event.subject ORDER BY event.moment, event.other) AS previous
        FROM event JOIN sender ON sender.subject = event.subject WHERE event.outward = 1 AND event.is_text = 1)
    SELECT subject, other, moment,
        sum(CASE WHEN previous IS NULL OR moment - previous > :run_gap THEN 1 ELSE 0 END)
            OVER (PARTITION BY subject ORDER BY moment, other ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
    FROM sent"""

_BROADCAST = """
    SELECT subject, run, min(moment) AS start, max(moment) AS finish, count(DISTINCT other) AS recipients
    FROM text_run GROUP BY subject, run
    HAVING count(DISTINCT other) >= :least_recipients
        AND count(DISTINCT other) * 600.0 >= :least_recipients * (max(moment) - min(moment))"""

_BROADCAST_TO = """
    SELECT text_run.subject, text_run.other, text_run.run, min(text_run.moment) AS moment
    FROM text_run JOIN broadcast ON broadcast.subject = text_run.subject AND broadcast.run = text_run.run
    GROUP BY text_run.subject, text_run.other, text_run.run"""

_BROADCASTS = """
    WITH reach AS (
        SELECT subject, count(*) AS copies, count(DISTINCT other) AS people FROM broadcast_to GROUP BY subject)
    SELECT broadcast.subject, count(*) AS broadcasts,
        sum(CASE WHEN broadcast.recipients >= :burst_recipients THEN 1 ELSE 0 END) AS bursts,
        avg(CAST(broadcast.recipients AS DOUBLE)) AS recipients,
        count(DISTINCT CAST(floor(broadcast.start / 86400.0) AS BIGINT)) AS broadcast_days,
        1.0 - CAST(max(reach.people) AS DOUBLE) / max(reach.copies) AS repeat_share
    FROM broadcast JOIN reach ON reach.subject = broadcast.subject GROUP BY broadcast.subject"""

# Whoever rings or texts a number that broadcasts.
_CAME = """
    SELECT event.subject, event.other, event.moment, event.is_text
    FROM event JOIN broadcasts ON broadcasts.subject = event.subject WHERE event.outward = 0"""

# For each broadcast text, when the one it went to first rang or texted after it. A moment and whether it was a text stand in
# one whole number; what came in the same second came before.
_AFTER = """
    WITH both_ways AS (
        SELECT subject, other, moment, 1 AS sent, CAST(NULL AS BIGINT) AS code FROM broadcast_to
        UNION ALL
        SELECT subject, other, moment, 0 AS sent, moment * 2 + is_text AS code FROM came),
        beside AS (
        SELECT subject, moment, sent, min(code) OVER (PARTITION BY subject, other ORDER BY moment, sent
                ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS code
        FROM both_ways),
        parted AS (
        SELECT subject, moment, code, CAST(floor(code / 2.0) AS BIGINT) AS answer FROM beside WHERE sent = 1)
    SELECT subject, answer - moment AS seconds, code - 2 * answer AS is_text FROM parted"""

_ANSWERED = """
    SELECT subject, count(*) AS answered, sum(1 - is_text) AS rang FROM answer WHERE seconds <= 3600 GROUP BY subject"""

# How much of one broadcast's list the next one reaches again.
_KEPT = """
    WITH placed AS (
        SELECT subject, run, recipients, row_number() OVER (PARTITION BY subject ORDER BY run) AS place FROM broadcast),
        stepped AS (
        SELECT placed.place, broadcast_to.subject,
            lag(placed.place) OVER (PARTITION BY broadcast_to.subject, broadcast_to.other ORDER BY placed.place) AS before
        FROM broadcast_to JOIN placed ON placed.subject = broadcast_to.subject AND placed.run = broadcast_to.run),
        again AS (SELECT subject, sum(CASE WHEN place - before = 1 THEN 1 ELSE 0 END) AS again FROM stepped GROUP BY subject),
        room AS (
        SELECT one.subject, sum(least(one.recipients, two.recipients)) AS room
        FROM placed AS one JOIN placed AS two ON two.subject = one.subject AND two.place = one.place + 1 GROUP BY one.subject)
    SELECT again.subject, CAST(again.again AS DOUBLE) / room.room AS kept_share
    FROM again JOIN room ON room.subject = again.subject"""

# What passed between a number that broadcasts and each other one.
_DEALT = f"""
    SELECT event.subject, event.other, sum(1 - event.outward) AS came, sum(event.outward) AS went,
        sum(event.outward * event.is_text) AS texted,
        sum(CASE WHEN event.outward = 0 AND event.is_text = 0 AND event.seconds > 0 THEN 1 ELSE 0 END) AS spoke,
        sum(CASE WHEN event.outward = 0 AND event.is_text = 0 AND event.seconds > 0 AND event.seconds < 60 THEN 1 ELSE 0 END)
            AS spoke_briefly,
        sum(CASE WHEN event.outward = 0 AND {HOUR} >= 6 AND {HOUR} < 16 THEN 1 ELSE 0 END) AS by_day,
        sum(CASE WHEN event.outward = 0 AND ({HOUR} >= 20 OR {HOUR} < 6) THEN 1 ELSE 0 END) AS by_evening
    FROM event JOIN broadcasts ON broadcasts.subject = event.subject GROUP BY event.subject, event.other"""

# Whether those who ring or text it are people its broadcasts reach, friends (three times each way) or neither; what the first do.
_LISTED = """
    WITH reached AS (SELECT subject, other, count(*) AS copies FROM broadcast_to GROUP BY subject, other),
        placed AS (
        SELECT dealt.*, CASE WHEN reached.other IS NULL THEN 0 ELSE 1 END AS is_listed,
            CASE WHEN reached.other IS NULL AND dealt.came >= 3 AND dealt.went >= 3 THEN 1 ELSE 0 END AS is_friend,
            CASE WHEN dealt.came > 0 THEN 1 ELSE 0 END AS is_caller, dealt.texted - coalesce(reached.copies, 0) AS apart
        FROM dealt LEFT JOIN reached ON reached.subject = dealt.subject AND reached.other = dealt.other)
    SELECT subject, sum(came) AS came, sum(is_listed * came) AS listed, sum(is_listed * is_caller) AS listed_callers,
        sum(is_caller - is_friend) AS callers, sum(is_friend) AS friends, sum(is_listed * apart) AS listed_apart,
        sum(is_listed * spoke) AS listed_spoke, sum(is_listed * spoke_briefly) AS listed_briefly,
        sum(is_listed * by_day) AS listed_by_day, sum(is_listed * by_evening) AS listed_by_evening
    FROM placed GROUP BY subject"""

# What came in the same second came before what went out, so that the order of the rows does not matter.
_IN_ORDER = "event.moment, event.outward, event.is_text"
_CALL_BACK = f"""
    WITH asked AS (
        SELECT event.subject, event.outward, event.is_text, event.moment,
            lead(event.outward) OVER (PARTITION BY event.subject, event.other ORDER BY {_IN_ORDER}) AS then_outward,
            lead(event.is_text) OVER (PARTITION BY event.subject, event.other ORDER BY {_IN_ORDER}) AS then_text,
            lead(event.moment) OVER (PARTITION BY event.subject, event.other ORDER BY {_IN_ORDER}) AS then_moment
        FROM event JOIN contact_count ON contact_count.subject = event.subject
        WHERE contact_count.contacts_in >= :least_recipients)
    SELECT subject, count(*) AS requests,
        sum(CASE WHEN then_outward = 1 AND then_text = 0 AND then_moment - moment <= 1800 THEN 1 ELSE 0 END) AS called_back
    FROM asked WHERE outward = 0 GROUP BY subject"""

_TOP_CELL = """
    WITH used AS (
        SELECT event.subject, event.cell, count(*) AS n FROM event JOIN volume ON volume.subject = event.subject
        WHERE event.cell IS NOT NULL GROUP BY event.subject, event.cell),
        placed AS (
        SELECT subject, cell, n, row_number() OVER (PARTITION BY subject ORDER BY n DESC, cell) AS place,
            sum(n) OVER (PARTITION BY subject) AS total
        FROM used)
    SELECT subject, cell, CAST(n AS DOUBLE) / total AS share, place FROM placed WHERE place <= 3"""

_PROFILE = f"""
    SELECT volume.*, contact_count.contacts, contact_count.contacts_out, contact_count.contacts_in,
        CAST(contact_count.mutual AS DOUBLE) / contact_count.contacts AS reciprocity,
        CAST(volume.at_night AS DOUBLE) / volume.events AS night_share,
        CAST(volume.out_of_hours AS DOUBLE) / volume.events AS out_of_hours_share,
        CASE WHEN volume.calls_answered > 0 THEN CAST(volume.calls_short AS DOUBLE) / volume.calls_answered END
            AS short_call_share,
        CASE WHEN call_back.requests > 0 THEN CAST(call_back.called_back AS DOUBLE) / call_back.requests END
            AS call_back_share,
        coalesce(broadcasts.broadcasts, 0) AS broadcasts, coalesce(broadcasts.bursts, 0) AS bursts,
        coalesce(broadcasts.broadcast_days, 0) AS broadcast_days, broadcasts.recipients, broadcasts.repeat_share,
        CASE WHEN broadcasts.broadcasts > 0
            THEN coalesce(answered.answered, 0) / (broadcasts.recipients * broadcasts.broadcasts) END AS answered_share,
        CASE WHEN answered.answered > 0 THEN CAST(answered.rang AS DOUBLE) / answered.answered END AS answered_by_call,
        kept.kept_share, CASE WHEN listed.came > 0 THEN CAST(listed.listed AS DOUBLE) / listed.came END AS listed_share,
        CASE WHEN listed.callers > 0 THEN CAST(listed.listed_callers AS DOUBLE) / listed.callers END AS listed_people_share,
        coalesce(listed.friends, 0) AS friends,
        CASE WHEN listed.listed_spoke > 0 THEN CAST(listed.listed_briefly AS DOUBLE) / listed.listed_spoke END
            AS listed_short_share,
        CASE WHEN listed.listed > 0 THEN CAST(listed.listed_by_day AS DOUBLE) / listed.listed END AS listed_day_share,
        CASE WHEN listed.listed > 0 THEN CAST(listed.listed_by_evening AS DOUBLE) / listed.listed END AS listed_evening_share,
        CASE WHEN listed.listed > 0 THEN CAST(listed.listed_apart AS DOUBLE) / listed.listed END AS texts_apart,
        coalesce(listed.listed, 0) / (broadcasts.recipients * broadcasts.broadcasts * (1.0 - broadcasts.repeat_share)
            * ({_SPANNED})) AS custom_a_day,
        broadcasts.broadcasts / ({_SPANNED}) AS broadcasts_a_day,
        {_SPANNED} AS days_spanned
    FROM volume JOIN contact_count ON contact_count.subject = volume.subject
        LEFT JOIN broadcasts ON broadcasts.subject = volume.subject
        LEFT JOIN answered ON answered.subject = volume.subject
        LEFT JOIN kept ON kept.subject = volume.subject
        LEFT JOIN listed ON listed.subject = volume.subject
        LEFT JOIN call_back ON call_back.subject = volume.subject"""

PROFILING: Final = MappingProxyType(
    {
        "volume": _VOLUME,
        "contact_count": _CONTACTS,
        "text_run": _RUN,
        "broadcast": _BROADCAST,
        "broadcast_to": _BROADCAST_TO,
        "broadcasts": _BROADCASTS,
        "came": _CAME,
        "answer": _AFTER,
        "answered": _ANSWERED,
        "kept": _KEPT,
        "dealt": _DEALT,
        "listed": _LISTED,
        "call_back": _CALL_BACK,
        "top_cell": _TOP_CELL,
        "profile": _PROFILE,
    }
)
"""Each a table, in the order they are made, from `event`."""
