"""The SQL of the lake's tables, in the shared subset (decision 0005): what a row is, and what is derived from rows.

events   subject, other, moment, outward, kind, seconds, cell, other_cell, handset, sim, authorisation, delivery, line
usage    what a number did on one day under one authorisation with one handset: counts and first and last moments
pairs    subject, other, day, went, came, new: the days on which a number first called or first heard from another
names    id, name, day: each number once, with the first day it is in a row
cells    id, name

kind is 0 a call, 1 a text, 2 a picture message, 3 data; 4 more where a number is at both its ends; 8 more for a row that repeats
another of the same authorisation. Repeats are kept, because the row they repeat may expire before them; no analysis sees them. A
handset or a SIM is its digits behind a 1, so that noughts in front are not lost: of a handset 14, of a SIM 17 at most.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from crossline.engines.comms.clock_texts import HOUR, weekday

COLUMNS: Final = (
    "subject, other, moment, outward, kind, seconds, cell, other_cell, handset, sim, authorisation, delivery, line"
)
DAY_SECONDS: Final = 86_400
SEEN: Final = "kind < 3"
"""The rows that analyses see: calls and texts between two numbers, each once."""

# Line and delivery tell any two rows of one subject apart, so the order leaves nothing open.
ORDER: Final = "subject, moment, other, outward, kind, authorisation, delivery, line"
_SAME_EVENT = "subject, other, outward, plain, moment, authorisation"
_RICHEST_FIRST = (
    "seconds DESC NULLS LAST, handset DESC NULLS LAST, sim DESC NULLS LAST, cell DESC NULLS LAST,"
    " other_cell DESC NULLS LAST, delivery, line"
)

_EVENT = "hash(subject, other, outward, kind % 8, moment, authorisation)"
REPEATS: Final = f"SELECT count(*), count(*) - count(DISTINCT {_EVENT}) FROM held"
"""How many rows `held` has, and how many may repeat another (a clash of hashes only costs the slower text below)."""

ONCE: Final = "SELECT * REPLACE (CAST(kind % 8 AS TINYINT) AS kind) FROM held"
_UNMARKED = "(SELECT * REPLACE (CAST(kind % 8 AS TINYINT) AS kind) FROM held)"
# A row that is there twice, itself and no repeat, was left by a command that ended early.
MARKED: Final = f"""
    SELECT subject, other, moment, outward, CAST(plain + CASE WHEN place > 1 THEN 8 ELSE 0 END AS TINYINT) AS kind,
        seconds, cell, other_cell, handset, sim, authorisation, delivery, line
    FROM (
        SELECT *, row_number() OVER (PARTITION BY {_SAME_EVENT} ORDER BY {_RICHEST_FIRST}) AS place
        FROM (SELECT DISTINCT *, CAST(kind % 8 AS TINYINT) AS plain FROM {_UNMARKED}) AS read) AS placed"""

_DAY = "CAST(floor(moment / 86400.0) AS INTEGER)"
_WEEKDAY = weekday(_DAY)


def _sum(test: str) -> str:
    return f"CAST(sum(CASE WHEN {test} THEN 1 ELSE 0 END) AS INTEGER)"


USAGE: Final = f"""
    SELECT subject, {_DAY} AS day, authorisation, handset, CAST(count(*) AS INTEGER) AS n,
        {_sum("outward = 1 AND kind = 0")} AS calls_out, {_sum("outward = 0 AND kind = 0")} AS calls_in,
        {_sum("outward = 1 AND kind >= 1")} AS texts_out, {_sum("outward = 0 AND kind >= 1")} AS texts_in,
        {_sum("kind = 0 AND seconds > 0")} AS calls_answered, {_sum("kind = 0 AND seconds > 0 AND seconds < 60")} AS calls_short,
        {_sum(f"{HOUR} >= 23 OR {HOUR} < 6")} AS at_night,
        {_sum(f"{_WEEKDAY} >= 5 OR {HOUR} < 8 OR {HOUR} >= 18")} AS out_of_hours,
        min(moment) AS first_moment, max(moment) AS last_moment,
        min(CASE WHEN outward = 1 THEN moment END) AS first_out, max(CASE WHEN outward = 1 THEN moment END) AS last_out
    FROM seen GROUP BY subject, {_DAY}, authorisation, handset"""
USAGE_ORDER: Final = "subject, day, authorisation, handset"

# Every pair with the first day each way, then a row for each of those days.
PAIRS: Final = f"""
    WITH met AS (
        SELECT subject, other, min(CASE WHEN outward = 1 THEN {_DAY} END) AS went_day,
            min(CASE WHEN outward = 0 THEN {_DAY} END) AS came_day, min({_DAY}) AS day
        FROM seen GROUP BY subject, other)
    SELECT subject, other, day, CAST(CASE WHEN went_day = day THEN 1 ELSE 0 END AS TINYINT) AS went,
        CAST(CASE WHEN came_day = day THEN 1 ELSE 0 END AS TINYINT) AS came, CAST(1 AS TINYINT) AS new
    FROM met
    UNION ALL
    SELECT subject, other, greatest(went_day, came_day) AS day,
        CAST(CASE WHEN went_day > day THEN 1 ELSE 0 END AS TINYINT) AS went,
        CAST(CASE WHEN came_day > day THEN 1 ELSE 0 END AS TINYINT) AS came, CAST(0 AS TINYINT) AS new
    FROM met WHERE went_day <> came_day"""
PAIRS_ORDER: Final = "subject, other, day"
NAMES_ORDER: Final = "id"

# The same for one day that comes after all that `known` (earlier pairs) tells of.
PAIRS_OF_A_DAY: Final = f"""
    WITH today AS (
        SELECT subject, other, {_DAY} AS day, max(CAST(outward AS INTEGER)) AS went, max(1 - outward) AS came
        FROM seen GROUP BY subject, other, {_DAY}),
        before AS (
        SELECT known.subject, known.other, max(known.went) AS went, max(known.came) AS came
        FROM known JOIN today ON today.other = known.other AND today.subject = known.subject
        GROUP BY known.subject, known.other),
        met AS (
        SELECT today.subject, today.other, today.day,
            CASE WHEN today.went = 1 AND coalesce(before.went, 0) = 0 THEN 1 ELSE 0 END AS went,
            CASE WHEN today.came = 1 AND coalesce(before.came, 0) = 0 THEN 1 ELSE 0 END AS came,
            CASE WHEN before.subject IS NULL THEN 1 ELSE 0 END AS new
        FROM today LEFT JOIN before ON before.other = today.other AND before.subject = today.subject)
    SELECT subject, other, day, CAST(went AS TINYINT) AS went, CAST(came AS TINYINT) AS came, CAST(new AS TINYINT) AS new
    FROM met WHERE went = 1 OR came = 1"""

_VOLUME = """
    SELECT subject, sum(n) AS events, min(first_moment) AS first_moment, max(last_moment) AS last_moment,
        count(DISTINCT day) AS days_active, count(DISTINCT CASE WHEN calls_out + texts_out > 0 THEN day END) AS days_sending,
        sum(calls_out) AS calls_out, sum(calls_in) AS calls_in, sum(texts_out) AS texts_out, sum(texts_in) AS texts_in,
        sum(calls_answered) AS calls_answered, sum(calls_short) AS calls_short, sum(at_night) AS at_night,
        sum(out_of_hours) AS out_of_hours, count(DISTINCT handset) AS handsets
    FROM usage GROUP BY subject HAVING sum(n) >= :least_events"""

_CONTACTS = """
    SELECT pair.subject, sum(pair.new) AS contacts, sum(pair.went) AS contacts_out, sum(pair.came) AS contacts_in,
        sum(CASE WHEN pair.new = 0 OR pair.went = 1 AND pair.came = 1 THEN 1 ELSE 0 END) AS mutual
    FROM pair JOIN volume ON volume.subject = pair.subject GROUP BY pair.subject"""

# As profiles/texts has it, save that a cell is a number there and is put in order by its name.
_TOP_CELL = """
    WITH used AS (
        SELECT event.subject, event.cell, count(*) AS n FROM event JOIN volume ON volume.subject = event.subject
        WHERE event.cell IS NOT NULL GROUP BY event.subject, event.cell),
        named AS (
        SELECT used.subject, cell_name.name AS cell, used.n FROM used JOIN cell_name ON cell_name.id = used.cell),
        placed AS (
        SELECT subject, cell, n, row_number() OVER (PARTITION BY subject ORDER BY n DESC, cell) AS place,
            sum(n) OVER (PARTITION BY subject) AS total
        FROM named)
    SELECT subject, cell, CAST(n AS DOUBLE) / total AS share, place FROM placed WHERE place <= 3"""

KEPT_PROFILING: Final = MappingProxyType({"volume": _VOLUME, "contact_count": _CONTACTS, "top_cell": _TOP_CELL})
"""Statements of profiles/texts that give the same from `usage` and `pair` as from the rows."""
