"""The SQL of a line's areas, one text for every engine, in the same subset as succession/texts (decision 0005).

From `event`, `place`, `registration`, `line_asked(id)`, `beside_asked(id)` (phones known to move with the line's) and
`cell_area(cell_no, area)`. A day begins at 23:00 UTC of the day before. Customers are counted, never listed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_HOUR_OF_DAY = "hour - CAST(floor(hour / 24.0) AS BIGINT) * 24"
_AT_HOME = f"CASE WHEN {_HOUR_OF_DAY} >= 21 OR {_HOUR_OF_DAY} < 8 THEN 1 ELSE 0 END"

# Who the line is in touch with, save the phones that move with it.
_CUSTOMER = """
    SELECT DISTINCT event.other AS customer FROM event JOIN line_asked ON line_asked.id = event.subject
        LEFT JOIN beside_asked ON beside_asked.id = event.other WHERE beside_asked.id IS NULL"""

# Where each of them was, by the line's own rows and by their own where those are held.
_CUSTOMER_HOUR = """
    SELECT customer.customer, place.cell_no, CAST(floor(event.moment / 3600.0) AS BIGINT) AS hour
    FROM customer JOIN event ON event.other = customer.customer JOIN line_asked ON line_asked.id = event.subject
        JOIN place ON place.cell = event.other_cell
    UNION
    SELECT customer.customer, registration.cell_no, registration.hour
    FROM customer JOIN registration ON registration.subject = customer.customer"""

# One customer is one voice, shared among the areas they were in; evening to morning counts threefold.
_IMPORTING = f"""
    WITH heard AS (
        SELECT customer_hour.customer, cell_area.area, sum(1 + 2 * {_AT_HOME}) AS hours
        FROM customer_hour JOIN cell_area ON cell_area.cell_no = customer_hour.cell_no
        GROUP BY customer_hour.customer, cell_area.area),
        total AS (SELECT customer, sum(hours) AS hours FROM heard GROUP BY customer)
    SELECT heard.area, sum(CAST(heard.hours AS DOUBLE) / total.hours) AS voices
    FROM heard JOIN total ON total.customer = heard.customer GROUP BY heard.area"""

# One night of one phone is one voice: the line's own, and each phone known to move with it.
_EXPORTING = f"""
    WITH kept AS (SELECT id FROM line_asked UNION SELECT id FROM beside_asked),
        nights AS (
        SELECT registration.subject, CAST(floor((registration.hour + 3) / 24.0) AS BIGINT) AS night, cell_area.area,
            count(DISTINCT registration.hour) AS hours
        FROM registration JOIN kept ON kept.id = registration.subject
            JOIN cell_area ON cell_area.cell_no = registration.cell_no
        WHERE {_AT_HOME} = 1
        GROUP BY registration.subject, CAST(floor((registration.hour + 3) / 24.0) AS BIGINT), cell_area.area),
        total AS (SELECT subject, night, sum(hours) AS hours FROM nights GROUP BY subject, night)
    SELECT nights.area, sum(CAST(nights.hours AS DOUBLE) / total.hours) AS voices
    FROM nights JOIN total ON total.subject = nights.subject AND total.night = nights.night GROUP BY nights.area"""

AREAS: Final = MappingProxyType(
    {
        "customer": _CUSTOMER,
        "customer_hour": _CUSTOMER_HOUR,
        "importing": _IMPORTING,
        "exporting": _EXPORTING,
    }
)
"""Each a table, in the order they are made."""
