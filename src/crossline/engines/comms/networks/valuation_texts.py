"""The SQL of a line's custom by day, one text for every engine, in the same subset as succession/texts (decision 0005).

From `event`, `local_day`, the tables of networks/texts, `inner_phone(line, id)` (phones that are no customer's) and
`runner_phone(line, id)`. The sale proxy is a published one (communications notes §1.1): a unique incoming number that the
line, or a linked runner, calls back the same day is confirmed; any other unique incoming number is potential.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_INCOMING = """
    SELECT step.line, step.day, step.other, min(step.moment) AS first_moment
    FROM step LEFT JOIN inner_phone ON inner_phone.line = step.line AND inner_phone.id = step.other
    WHERE step.outward = 0 AND inner_phone.id IS NULL GROUP BY step.line, step.day, step.other"""

_BACK_BY_LINE = """
    SELECT DISTINCT incoming.line, incoming.day, incoming.other
    FROM incoming JOIN step ON step.line = incoming.line AND step.day = incoming.day AND step.other = incoming.other
    WHERE step.outward = 1 AND step.is_text = 0 AND step.moment > incoming.first_moment"""

_BACK_BY_RUNNER = """
    SELECT DISTINCT incoming.line, incoming.day, incoming.other
    FROM incoming JOIN runner_phone ON runner_phone.line = incoming.line
        JOIN local_day ON local_day.day = incoming.day
        JOIN event ON event.subject = runner_phone.id AND event.other = incoming.other
    WHERE event.outward = 1 AND event.is_text = 0 AND event.moment > incoming.first_moment
        AND event.moment < local_day.finish"""

_CUSTOM_DAY = """
    WITH back AS (
        SELECT line, day, other, max(by_line) AS by_line FROM (
            SELECT line, day, other, 1 AS by_line FROM back_by_line
            UNION ALL SELECT line, day, other, 0 AS by_line FROM back_by_runner) AS either
        GROUP BY line, day, other),
        rang AS (
        SELECT incoming.line, incoming.day, count(*) AS incoming, count(back.other) AS confirmed,
            sum(CASE WHEN back.by_line = 0 THEN 1 ELSE 0 END) AS by_runner_only
        FROM incoming LEFT JOIN back ON back.line = incoming.line AND back.day = incoming.day
            AND back.other = incoming.other
        GROUP BY incoming.line, incoming.day),
        met AS (
        SELECT line_event.line, line_event.day, count(DISTINCT line_event.other) AS contacts, count(*) AS events,
            max(line_event.outward) AS used
        FROM line_event LEFT JOIN inner_phone ON inner_phone.line = line_event.line AND inner_phone.id = line_event.other
        WHERE inner_phone.id IS NULL GROUP BY line_event.line, line_event.day)
    SELECT met.line, met.day, met.contacts, met.events, met.used, coalesce(rang.incoming, 0) AS incoming,
        coalesce(rang.confirmed, 0) AS confirmed, coalesce(rang.by_runner_only, 0) AS by_runner_only
    FROM met LEFT JOIN rang ON rang.line = met.line AND rang.day = met.day"""

# On how many days each customer was seen, and whether they were ever sent to or rung back: counted, never listed.
_CUSTOMER_DAYS = """
    WITH each_one AS (
        SELECT contact_day.line, contact_day.other, count(*) AS days,
            max(CASE WHEN contact_day.reached > 0 OR contact_day.back > 0 THEN 1 ELSE 0 END) AS sent_to
        FROM contact_day LEFT JOIN inner_phone
            ON inner_phone.line = contact_day.line AND inner_phone.id = contact_day.other
        WHERE inner_phone.id IS NULL AND contact_day.reached + contact_day.came > 0
        GROUP BY contact_day.line, contact_day.other)
    SELECT line, count(*) AS seen, sum(CASE WHEN days > 1 AND sent_to = 1 THEN 1 ELSE 0 END) AS often,
        sum(CASE WHEN days = 1 THEN 1 ELSE 0 END) AS once, sum(CASE WHEN days = 2 THEN 1 ELSE 0 END) AS twice
    FROM each_one GROUP BY line"""

VALUATION_TEXTS: Final = MappingProxyType(
    {
        "incoming": _INCOMING,
        "back_by_line": _BACK_BY_LINE,
        "back_by_runner": _BACK_BY_RUNNER,
        "custom_day": _CUSTOM_DAY,
        "customer_days": _CUSTOMER_DAYS,
    }
)
"""Each a table, in the order they are made."""
