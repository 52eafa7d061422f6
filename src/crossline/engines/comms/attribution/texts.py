"""The SQL of attribution, one text for every engine, in the same subset as succession/texts (decisions 0005, 0020).

From `event`, `place` (cells.py), `line_asked(id)` (the one line) and `candidate_asked(id)`. Day and hour are of UTC; a day
begins at 23:00 of the day before, so that a night is one. Kinds of time are of the line's phone alone:
0 night (23 to 07), 1 day, 2 away (its cell stands far from the one it uses most).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_HOUR_OF_DAY = "CAST(floor(({0} - 86400.0 * floor({0} / 86400.0)) / 3600.0) AS INTEGER)"


def _part_of_day(moment: str) -> str:
    hour = _HOUR_OF_DAY.format(moment)
    return f"CASE WHEN {hour} >= 23 OR {hour} < 7 THEN 0 WHEN {hour} < 15 THEN 1 ELSE 2 END"


def _metres(one: str, two: str) -> str:
    """Great-circle metres between two rows of `place`; the radius as in vocabulary.places."""
    chord = (
        f"sin(radians({two}.lat - {one}.lat) / 2.0) * sin(radians({two}.lat - {one}.lat) / 2.0)"
        f" + cos(radians({one}.lat)) * cos(radians({two}.lat))"
        f" * sin(radians({two}.lon - {one}.lon) / 2.0) * sin(radians({two}.lon - {one}.lon) / 2.0)"
    )
    return f"2.0 * 6371008.8 * asin(sqrt(least(1.0, {chord})))"


# Where a phone was first seen in each minute. A row without a cell, or with one that no file describes, places nobody.
# The moment and the number of the cell stand in one whole number, so that the earliest is a plain minimum (2^20 cells).
_REGISTRATION = """
    WITH first_seen AS (
        SELECT event.subject, min(event.moment * 1048576 + place.cell_no) AS code
        FROM event JOIN place ON place.cell = event.cell
        GROUP BY event.subject, CAST(floor(event.moment / 60.0) AS BIGINT)),
        parted AS (
        SELECT subject, code, CAST(floor(code / 1048576.0) AS BIGINT) AS moment FROM first_seen)
    SELECT subject, moment, code - moment * 1048576 AS cell_no,
        CAST(floor(moment / CAST(:pair_seconds AS DOUBLE)) AS BIGINT) AS slot,
        CAST(floor(moment / 3600.0) AS BIGINT) AS hour
    FROM parted"""

_LINE_SEEN = """
    SELECT registration.moment, registration.cell_no, registration.slot, registration.hour
    FROM registration JOIN line_asked ON line_asked.id = registration.subject"""

_LINE_CELL = "SELECT cell_no, count(DISTINCT hour) AS hours FROM line_seen GROUP BY cell_no"

# Every cell against every cell of the line's phone: how far in metres and in reaches of the two.
_APART = f"""
    SELECT seen.cell_no AS line_cell, other.cell_no,
        CASE WHEN own.network = other.network AND own.network <> '' THEN 1 ELSE 0 END AS same_network,
        {_metres("own", "other")} AS metres, own.reach + other.reach AS reach
    FROM line_cell AS seen JOIN place AS own ON own.cell_no = seen.cell_no
        CROSS JOIN (SELECT DISTINCT cell_no FROM registration) AS used JOIN place AS other ON other.cell_no = used.cell_no"""

_BANDED = """
    SELECT line_cell, cell_no, same_network, metres, reach,
        CASE WHEN line_cell = cell_no THEN 0 WHEN metres <= 0.2 * reach THEN 1 WHEN metres <= 0.4 * reach THEN 2
            WHEN metres <= 0.6 * reach THEN 3 WHEN metres <= 0.8 * reach THEN 4 WHEN metres <= reach THEN 5
            WHEN metres <= 1.4 * reach THEN 6 WHEN metres <= 2.0 * reach THEN 7 WHEN metres <= 4.0 * reach THEN 8
            WHEN metres <= :area_metres THEN 9 ELSE 10 END AS band
    FROM apart"""

# The cell the line's phone is seen at in most hours: what is far from it is away.
_USUAL = """
    WITH placed AS (
        SELECT cell_no, row_number() OVER (ORDER BY hours DESC, cell_no) AS place FROM line_cell)
    SELECT banded.line_cell AS cell_no, placed.cell_no AS usual_no,
        CASE WHEN banded.metres > :away_metres THEN 1 ELSE 0 END AS away
    FROM placed JOIN banded ON banded.cell_no = placed.cell_no WHERE placed.place = 1"""

# Hours in which a phone was seen at a cell, by part of day, added up over phones.
_PRESENCE_ALL = f"""
    SELECT cell_no, part, count(*) AS hours FROM (
        SELECT DISTINCT subject, cell_no, {_part_of_day("moment")} AS part, hour FROM registration) AS seen
    GROUP BY cell_no, part"""

# How often a phone of that area is so near a cell of the line at that time of day: every phone held but the line's own.
_PRESENCE = f"""
    WITH own AS (
        SELECT cell_no, part, count(*) AS hours FROM (
            SELECT DISTINCT cell_no, {_part_of_day("moment")} AS part, hour FROM line_seen) AS seen
        GROUP BY cell_no, part)
    SELECT presence_all.cell_no, presence_all.part, presence_all.hours - coalesce(own.hours, 0) AS hours
    FROM presence_all LEFT JOIN own ON own.cell_no = presence_all.cell_no AND own.part = presence_all.part"""

_BASE_RATE = """
    SELECT banded.line_cell, banded.same_network, presence.part, banded.band, sum(presence.hours) AS hours
    FROM banded JOIN presence ON presence.cell_no = banded.cell_no WHERE banded.band <= 9
    GROUP BY banded.line_cell, banded.same_network, presence.part, banded.band"""

_BASE_TOTAL = """
    SELECT line_cell, same_network, part, sum(hours) AS hours FROM base_rate GROUP BY line_cell, same_network, part"""

# How many phones the shares above rest on: those ever seen in the area the line's phone is usually in, its own apart.
_PHONES = """
    SELECT count(DISTINCT registration.subject) AS phones
    FROM registration JOIN banded ON banded.cell_no = registration.cell_no
        JOIN usual ON usual.usual_no = banded.line_cell AND usual.cell_no = banded.line_cell
        LEFT JOIN line_asked ON line_asked.id = registration.subject
    WHERE banded.band <= 9 AND line_asked.id IS NULL"""

# Each sighting of the line's phone in its own quarter of an hour and in those beside.
_SPREAD = """
    WITH step AS (SELECT -1 AS k UNION ALL SELECT 0 AS k UNION ALL SELECT 1 AS k)
    SELECT line_seen.moment, line_seen.hour, line_seen.slot + step.k AS slot FROM line_seen CROSS JOIN step"""

# Of each hour the one pair that is nearest in time: never the nearest in place, which would choose the answer. Gap, time in
# the hour and time between stand in one whole number, so that the nearest (then the earliest) is a plain minimum.
_NEAREST = """
    SELECT registration.subject AS candidate, spread.hour,
        min((abs(spread.moment - registration.moment) * 4096 + spread.moment - spread.hour * 3600) * 4096
            + registration.moment - spread.moment + :pair_seconds) AS code
    FROM registration JOIN candidate_asked ON candidate_asked.id = registration.subject
        JOIN spread ON spread.slot = registration.slot
    WHERE abs(spread.moment - registration.moment) <= :pair_seconds
    GROUP BY registration.subject, spread.hour"""

_TIMED = """
    WITH parted AS (
        SELECT candidate, hour, code, CAST(floor(code / 4096.0) AS BIGINT) AS front FROM nearest)
    SELECT candidate, front - CAST(floor(front / 4096.0) AS BIGINT) * 4096 + hour * 3600 AS line_moment,
        code - front * 4096 - :pair_seconds AS later
    FROM parted"""

_PAIR = """
    SELECT timed.candidate, timed.line_moment, line_seen.cell_no AS line_cell, registration.moment, registration.cell_no,
        abs(timed.later) AS gap
    FROM timed JOIN line_seen ON line_seen.moment = timed.line_moment
        JOIN registration ON registration.subject = timed.candidate AND registration.moment = timed.line_moment + timed.later"""

# Band 11: too far apart for the time between, even from edge to edge of both cells.
_WEIGHED = f"""
    WITH placed AS (
        SELECT pair.*, banded.same_network, banded.metres, banded.reach, usual.away,
            {_part_of_day("pair.line_moment")} AS part,
            CASE WHEN banded.metres - banded.reach > :fastest * (pair.gap + 60) AND banded.band >= 8 THEN 11
                ELSE banded.band END AS band
        FROM pair JOIN banded ON banded.line_cell = pair.line_cell AND banded.cell_no = pair.cell_no
            JOIN usual ON usual.cell_no = pair.line_cell)
    SELECT placed.*,
        CASE WHEN placed.away = 1 THEN 2 WHEN placed.part = 0 THEN 0 ELSE 1 END AS kind,
        CAST(floor((placed.line_moment + 3600) / CAST(:block_seconds AS DOUBLE)) AS BIGINT) AS block,
        coalesce(base_rate.hours, 0) AS base_hours, coalesce(base_total.hours, 0) AS base_total
    FROM placed
        LEFT JOIN base_rate ON base_rate.line_cell = placed.line_cell AND base_rate.same_network = placed.same_network
            AND base_rate.part = placed.part AND base_rate.band = placed.band
        LEFT JOIN base_total ON base_total.line_cell = placed.line_cell
            AND base_total.same_network = placed.same_network AND base_total.part = placed.part"""

# What could have been compared: hours in which either phone was seen, placed or not.
_OPPORTUNITY = """
    WITH line_hour AS (
        SELECT DISTINCT floor(event.moment / 3600.0) AS hour FROM event JOIN line_asked ON line_asked.id = event.subject),
        candidate_hour AS (
        SELECT event.subject AS candidate, floor(event.moment / 3600.0) AS hour, count(event.cell) AS placed
        FROM event JOIN candidate_asked ON candidate_asked.id = event.subject
        GROUP BY event.subject, floor(event.moment / 3600.0))
    SELECT candidate_hour.candidate, count(*) AS hours_seen, sum(CASE WHEN placed > 0 THEN 1 ELSE 0 END) AS hours_placed,
        sum(CASE WHEN line_hour.hour IS NOT NULL THEN 1 ELSE 0 END) AS hours_both
    FROM candidate_hour LEFT JOIN line_hour ON line_hour.hour = candidate_hour.hour GROUP BY candidate_hour.candidate"""

# Shown and not weighed: both phones in a call at one time, and calls or texts between the two.
_BOTH_BUSY = """
    WITH line_call AS (
        SELECT event.moment, event.seconds, event.other FROM event JOIN line_asked ON line_asked.id = event.subject
        WHERE event.is_text = 0 AND event.seconds > 0)
    SELECT event.subject AS candidate, count(*) AS calls
    FROM event JOIN candidate_asked ON candidate_asked.id = event.subject
        JOIN line_call ON line_call.moment < event.moment + event.seconds AND event.moment < line_call.moment + line_call.seconds
    WHERE event.is_text = 0 AND event.seconds > 0 AND line_call.other <> event.subject
    GROUP BY event.subject"""

_IN_TOUCH = """
    SELECT event.other AS candidate, count(*) AS events
    FROM event JOIN line_asked ON line_asked.id = event.subject JOIN candidate_asked ON candidate_asked.id = event.other
    GROUP BY event.other"""

PLACING: Final = MappingProxyType({"registration": _REGISTRATION, "presence_all": _PRESENCE_ALL})
"""Once for a set of records."""

PAIRING: Final = MappingProxyType(
    {
        "line_seen": _LINE_SEEN,
        "line_cell": _LINE_CELL,
        "apart": _APART,
        "banded": _BANDED,
        "usual": _USUAL,
        "presence": _PRESENCE,
        "base_rate": _BASE_RATE,
        "base_total": _BASE_TOTAL,
        "phones": _PHONES,
        "spread": _SPREAD,
        "nearest": _NEAREST,
        "timed": _TIMED,
        "pair": _PAIR,
        "weighed": _WEIGHED,
    }
)
"""Once for each line."""

COUNTING: Final = MappingProxyType({"opportunity": _OPPORTUNITY, "both_busy": _BOTH_BUSY, "in_touch": _IN_TOUCH})
"""What is shown beside, once for each line."""
