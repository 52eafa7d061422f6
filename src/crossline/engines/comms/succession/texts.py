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

# The second half runs once a round: a contact that is itself found to have changed number counts as one contact.
_KNOWN_AS = "coalesce(alias.root, seen.other)"

_OLD_CONTACT = f"""
    SELECT seen.subject, {_KNOWN_AS} AS other, max(seen.rung) AS rung, ln(1.0 + sum(seen.received)) AS custom
    FROM old_contact_all AS seen LEFT JOIN alias ON alias.number = seen.other
    GROUP BY seen.subject, {_KNOWN_AS}"""

_NEW_CONTACT = f"""
    SELECT seen.subject, {_KNOWN_AS} AS other, max(seen.first_day) AS first_day, max(seen.rung) AS rung,
        ln(1.0 + sum(seen.received)) AS custom
    FROM new_contact_all AS seen LEFT JOIN alias ON alias.number = seen.other
    GROUP BY seen.subject, {_KNOWN_AS}"""

# A contact of many numbers says little (idf), one of very many nothing (a helpline, the line's own supplier of credit).
_RARITY = """
    WITH both_ends AS (SELECT subject, other FROM old_contact UNION ALL SELECT subject, other FROM new_contact),
        touch AS (
        SELECT DISTINCT coalesce(alias.root, both_ends.subject) AS subject, both_ends.other
        FROM both_ends LEFT JOIN alias ON alias.number = both_ends.subject),
        known AS (SELECT CAST(count(DISTINCT subject) AS DOUBLE) AS numbers FROM touch),
        spread AS (SELECT other, count(*) AS df FROM touch GROUP BY other)
    SELECT spread.other, spread.df, ln(1.0 + known.numbers / spread.df) AS idf
    FROM spread CROSS JOIN known WHERE spread.df <= :most_touching"""

_TOTALS = """sum(contact.rung * rarity.idf) AS rung_idf,
        sqrt(sum(rarity.idf * contact.custom * contact.custom)) AS custom_norm"""

_OLD_TOTAL = f"""
    SELECT contact.subject, count(*) AS contacts, sum(rarity.idf) AS idf,
        sqrt(sum(rarity.idf * rarity.idf)) AS norm, {_TOTALS}
    FROM old_contact AS contact JOIN rarity ON rarity.other = contact.other GROUP BY contact.subject
    HAVING count(*) >= :few_contacts"""

_NEW_TOTAL = f"""
    SELECT contact.subject, count(*) AS contacts, sum(rarity.idf) AS idf, sum(contact.first_day * rarity.idf) AS first_idf,
        sqrt(sum(rarity.idf * rarity.idf)) AS norm, {_TOTALS}
    FROM new_contact AS contact JOIN rarity ON rarity.other = contact.other GROUP BY contact.subject
    HAVING count(*) >= :few_contacts"""

_SHARED = """
    SELECT before.subject AS old, after.subject AS new, count(*) AS shared, sum(rarity.idf) AS idf,
        sum(after.first_day * rarity.idf) AS first_idf, sum(rarity.idf * rarity.idf) AS dot,
        CAST(sum(before.rung * after.rung) AS BIGINT) AS rung, sum(before.rung * after.rung * rarity.idf) AS rung_idf,
        sum(rarity.idf * before.custom * after.custom) AS custom, sum(1.0 / greatest(rarity.df - 1, 1)) AS exclusive
    FROM old_contact AS before JOIN rarity ON rarity.other = before.other
        JOIN new_contact AS after ON after.other = before.other
        JOIN fell ON fell.subject = before.subject JOIN surged ON surged.subject = after.subject
    WHERE before.subject <> after.subject AND surged.moment - fell.moment > -:overlap_days * 86400
        AND surged.moment - fell.moment < :gap_days * 86400
    GROUP BY before.subject, after.subject"""

_CANDIDATE = """
    WITH measured AS (
        SELECT shared.old, shared.new, shared.shared, shared.idf, shared.dot / (gone.norm * come.norm) AS cosine,
            shared.idf / gone.idf AS kept_share, shared.idf / come.idf AS known_share,
            CASE WHEN come.first_idf > 0 THEN shared.first_idf / come.first_idf ELSE 0.0 END AS first_known_share,
            shared.rung, CASE WHEN come.rung_idf > 0 THEN shared.rung_idf / come.rung_idf ELSE 0.0 END AS rung_share,
            CASE WHEN gone.custom_norm * come.custom_norm > 0
                THEN shared.custom / (gone.custom_norm * come.custom_norm) ELSE 0.0 END AS custom,
            gone.contacts AS old_contacts, come.contacts AS new_contacts
        FROM shared JOIN old_total AS gone ON gone.subject = shared.old JOIN new_total AS come ON come.subject = shared.new
        WHERE (gone.contacts >= :least_contacts AND come.contacts >= :least_contacts)
            OR (shared.shared >= :few_contacts AND shared.exclusive >= :least_exclusive)),
        placed AS (
        SELECT *, row_number() OVER (PARTITION BY new ORDER BY cosine DESC, shared DESC, old) AS place_for_new,
            row_number() OVER (PARTITION BY old ORDER BY cosine DESC, shared DESC, new) AS place_for_old
        FROM measured)
    SELECT placed.old, placed.new, placed.shared, placed.idf, placed.cosine, placed.kept_share, placed.known_share,
        placed.first_known_share, placed.rung, placed.rung_share, placed.custom,
        placed.old_contacts, placed.new_contacts, fell.moment AS fell_moment,
        surged.moment AS surged_moment, fell.rate AS old_rate, surged.rate AS new_rate, fell.ratio AS fall_ratio,
        surged.ratio AS surge_ratio, fell.silence AS fall_silence, surged.silence AS surge_silence
    FROM placed JOIN fell ON fell.subject = placed.old JOIN surged ON surged.subject = placed.new
    WHERE placed.place_for_new <= :most_rivals OR placed.place_for_old <= :most_rivals"""

# How the numbers behave before their fall and after their surge: handsets, hours of the day (counted back from the end), cells.
_BEHAVIOUR = """
    WITH mine AS (
        SELECT DISTINCT fell_before.subject, 0 AS part, fell_before.moment - :old_days * 86400 AS start,
            fell_before.moment AS finish
        FROM fell_before JOIN candidate ON candidate.old = fell_before.subject
        UNION ALL
        SELECT DISTINCT surged.subject, 1 AS part, surged.moment AS start, surged.moment + :new_days * 86400 AS finish
        FROM surged JOIN candidate ON candidate.new = surged.subject),
        lately AS (
        SELECT DISTINCT fell_lately.subject, 0 AS part, fell_lately.moment - :old_days * 86400 AS start,
            fell_lately.moment AS finish
        FROM fell_lately JOIN candidate ON candidate.old = fell_lately.subject),
        seen AS (
        SELECT mine.subject, mine.part, own.outward, own.handset, own.cell, own.moment
        FROM mine JOIN own ON own.subject = mine.subject AND own.moment >= mine.start AND own.moment <= mine.finish
        UNION ALL
        SELECT mine.subject, mine.part, own.outward, own.handset, own.cell, own.moment
        FROM lately AS mine JOIN own_lately AS own ON own.subject = mine.subject
            AND own.moment >= mine.start AND own.moment <= mine.finish)
    SELECT seen.subject, seen.part, seen.outward, seen.handset, seen.cell,
        CAST(floor(((ending.finish - seen.moment) % 86400) / 3600.0) AS INTEGER) AS hour, count(*) AS n
    FROM seen CROSS JOIN ending
    GROUP BY seen.subject, seen.part, seen.outward, seen.handset, seen.cell,
        CAST(floor(((ending.finish - seen.moment) % 86400) / 3600.0) AS INTEGER)"""

_HANDSET = """
    SELECT DISTINCT subject, part, handset FROM behaviour WHERE handset IS NOT NULL"""

_SAME_HANDSET = """
    WITH known AS (SELECT DISTINCT subject, part FROM handset_use),
        both_used AS (
        SELECT DISTINCT before.subject AS old, after.subject AS new
        FROM handset_use AS before JOIN handset_use AS after ON after.handset = before.handset
        WHERE before.part = 0 AND after.part = 1)
    SELECT candidate.old, candidate.new,
        CASE WHEN gone.subject IS NULL OR come.subject IS NULL THEN 0 ELSE 1 END AS handsets_known,
        CASE WHEN both_used.old IS NULL THEN 0 ELSE 1 END AS same_handset
    FROM candidate LEFT JOIN known AS gone ON gone.subject = candidate.old AND gone.part = 0
        LEFT JOIN known AS come ON come.subject = candidate.new AND come.part = 1
        LEFT JOIN both_used ON both_used.old = candidate.old AND both_used.new = candidate.new"""


def _likeness(value: str, name: str) -> str:
    """How alike the two numbers' spreads over a value are: the Bhattacharyya coefficient, 0 to 1."""
    return f"""
    WITH used AS (
        SELECT subject, part, {value} AS value, CAST(sum(n) AS DOUBLE) AS n FROM behaviour
        WHERE {value} IS NOT NULL AND outward = 1 GROUP BY subject, part, {value}),
        summed AS (SELECT subject, part, sum(n) AS n FROM used GROUP BY subject, part)
    SELECT candidate.old, candidate.new, sum(sqrt(before.n / gone.n * after.n / come.n)) AS {name}
    FROM candidate JOIN used AS before ON before.subject = candidate.old AND before.part = 0
        JOIN used AS after ON after.subject = candidate.new AND after.part = 1 AND after.value = before.value
        JOIN summed AS gone ON gone.subject = candidate.old AND gone.part = 0
        JOIN summed AS come ON come.subject = candidate.new AND come.part = 1
    GROUP BY candidate.old, candidate.new"""


_FEATURES = """
    SELECT candidate.*, same_handset.handsets_known, same_handset.same_handset,
        coalesce(alike_hours.hours, 0.0) AS hours, alike_cells.cells
    FROM candidate JOIN same_handset ON same_handset.old = candidate.old AND same_handset.new = candidate.new
        LEFT JOIN alike_hours ON alike_hours.old = candidate.old AND alike_hours.new = candidate.new
        LEFT JOIN alike_cells ON alike_cells.old = candidate.old AND alike_cells.new = candidate.new
    ORDER BY candidate.old, candidate.new"""

BROADCASTERS: Final = """
    SELECT count(*) AS spells FROM (
        SELECT subject, CAST(floor(moment / 600.0) AS BIGINT) AS spell FROM event
        WHERE outward = 1 AND is_text = 1 AND subject <= :last_subject
        GROUP BY subject, CAST(floor(moment / 600.0) AS BIGINT)
        HAVING count(DISTINCT other) >= :burst_recipients) AS sent"""
"""How often a number up to an id texts to many within one spell of ten minutes: are these the records of lines?"""

COMPARING: Final = MappingProxyType(
    {
        "old_contact": _OLD_CONTACT,
        "new_contact": _NEW_CONTACT,
        "rarity": _RARITY,
        "old_total": _OLD_TOTAL,
        "new_total": _NEW_TOTAL,
        "shared": _SHARED,
        "candidate": _CANDIDATE,
        "behaviour": _BEHAVIOUR,
        "handset_use": _HANDSET,
        "same_handset": _SAME_HANDSET,
        "alike_hours": _likeness("hour", "hours"),
        "alike_cells": _likeness("cell", "cells"),
        "features": _FEATURES,
    }
)
"""Made once a round, from those and `alias` (number, root)."""
