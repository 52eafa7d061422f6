"""Handsets and SIMs in common with a line's number: an item of its own beside attribution, never multiplied into it.

The same handset with another number's SIM, or the same SIM in another handset, speaks strongly for one owner's hands or for a
sale, and has error rates of its own that no records here tell. So each item is shown with its spans and with what speaks
for a false one: handsets are compared by 14 digits, cloned and recycled identities exist, and a handset is passed on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

import duckdb

from crossline.engines.comms.executor import make_tables

# A handset of fewer than 14 digits, or of one digit over and over, is a filler and identifies nothing.
_USE = """
    SELECT subject, handset, sim, min(moment) AS first_moment, max(moment) AS last_moment, count(*) AS events
    FROM event WHERE handset IS NOT NULL OR sim IS NOT NULL GROUP BY subject, handset, sim"""

_HANDSET_SPAN = """
    SELECT subject, handset AS identity, min(first_moment) AS first_moment, max(last_moment) AS last_moment,
        sum(events) AS events, count(DISTINCT sim) AS partners
    FROM handset_use WHERE length(handset) = 14 AND replace(handset, substr(handset, 1, 1), '') <> ''
    GROUP BY subject, handset"""

_SIM_SPAN = """
    SELECT subject, sim AS identity, min(first_moment) AS first_moment, max(last_moment) AS last_moment,
        sum(events) AS events, count(DISTINCT handset) AS partners
    FROM handset_use WHERE length(sim) = 15 AND replace(sim, substr(sim, 1, 1), '') <> '' GROUP BY subject, sim"""


def _common(spans: str) -> str:
    return f"""
    SELECT own.identity, other.subject AS candidate, own.first_moment AS line_first, own.last_moment AS line_last,
        own.events AS line_events, other.first_moment, other.last_moment, other.events, own.partners,
        CASE WHEN own.first_moment <= other.last_moment AND other.first_moment <= own.last_moment THEN 1 ELSE 0 END
            AS overlapping
    FROM {spans} AS own JOIN line_asked ON line_asked.id = own.subject
        JOIN {spans} AS other ON other.identity = own.identity AND other.subject <> own.subject"""


# How many numbers the identity was seen with in all: many say a workshop, a bank of SIMs or a cloned identity.
_SEEN_WITH = """
    SELECT identity, count(DISTINCT subject) AS numbers FROM handset_span GROUP BY identity
    UNION ALL SELECT identity, count(DISTINCT subject) AS numbers FROM sim_span GROUP BY identity"""

SHARING: Final = MappingProxyType(
    {
        "handset_use": _USE,
        "handset_span": _HANDSET_SPAN,
        "sim_span": _SIM_SPAN,
        "common_handset": _common("handset_span"),
        "common_sim": _common("sim_span"),
        "seen_with": _SEEN_WITH,
    }
)

_MANY = 5


def in_common(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Each handset or SIM that the line's number shares with another number, with its caveats; needs `line_asked`."""
    make_tables(connection, SHARING, {})
    rows: list[dict[str, Any]] = []
    for kind in ("handset", "sim"):
        found = connection.execute(
            f"SELECT common.*, seen_with.numbers FROM common_{kind} AS common"
            " JOIN seen_with ON seen_with.identity = common.identity ORDER BY common.identity, candidate"
        ).to_arrow_table()
        rows += [{"kind": kind} | row | {"caveats": caveats(kind, row)} for row in found.to_pylist()]
    return rows


def caveats(kind: str, row: dict[str, Any]) -> list[str]:
    """What may make an item say less than it seems to."""
    said = []
    if kind == "handset":
        said.append("compared by the 14 digits before the check digit; a cloned identity looks the same")
        said.append("a handset may have been sold, lent or taken between the two uses")
        if row["overlapping"]:
            said.append(
                "both numbers used it in one span: a handset for two SIMs, SIMs changed back and forth, or a clone"
            )
    else:
        said.append("a SIM belongs to one number at a time: a changed number, a ported one or an error in the records")
    if row["numbers"] > _MANY:
        said.append(f"seen with {row['numbers']} numbers, as workshops, SIM banks and cloned identities are")
    return said
