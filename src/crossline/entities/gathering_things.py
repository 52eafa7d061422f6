"""Gathering addresses, vehicles and telephones as their own records give them, for the engine that finds near misses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from crossline.engines.resolution.near import Telephone, Vehicle, holder_key
from crossline.vocabulary.codes import MentionKind

KINDS: Final = (MentionKind.ADDRESS, MentionKind.VEHICLE, MentionKind.PHONE)
"""The kinds of thing that are matched, each written to `Match.kind`."""

# In the order in which they came, so that the first of a group stays the first when more come.
_THINGS: Final = """
SELECT m.id::text, m.selector, m.audience_id, coalesce(m.detail ->> 'text', m.caption), coalesce(m.detail ->> 'postcode', ''),
       coalesce(m.detail ->> 'make', ''), coalesce(m.detail ->> 'model', ''), coalesce(m.detail ->> 'colour', ''),
       coalesce(m.detail ->> 'imei', '')
FROM records_mention m JOIN records_record r ON r.id = m.record_id LEFT JOIN records_delivery d ON d.id = r.delivery_id
WHERE m.kind = %s ORDER BY d.received_at NULLS LAST, m.id
"""
# What a record says of who uses, drives or owns a thing is that mention's; nothing is borrowed from another record.
_HOLDERS: Final = """
SELECT a.to_mention_id::text, p.forename, p.surname
FROM records_assertion a
JOIN records_mention p ON p.id = a.from_mention_id AND p.kind = 'person' AND p.forename <> '' AND p.surname <> ''
JOIN records_mention t ON t.id = a.to_mention_id AND t.kind = %s
WHERE a.type IN ('uses', 'drives', 'owns')
"""
_NEW: Final = """
SELECT m.id::text FROM records_mention m JOIN records_record r ON r.id = m.record_id
WHERE m.kind = %s AND r.delivery_id = ANY (%s)
"""


@dataclass(frozen=True)
class Writing:
    """An address as it is written."""

    text: str
    postcode: str


@dataclass(frozen=True)
class Group:
    """Mentions that say the same of one thing, so that a match of one is one of each. `value`: the selector, if there is one."""

    value: str | None
    said: Writing | Vehicle | Telephone


Members = dict[int, list[str]]
"""Audience -> mentions, the earliest first."""


def gather_things(kind: MentionKind) -> dict[Group, Members]:
    """Every mention of a kind that this connection may read, grouped by what is said, then by who may see it."""
    holders = _holders(kind)
    groups: dict[Group, Members] = {}
    with connection.cursor() as cursor:
        cursor.execute(_THINGS, [kind])
        while rows := cursor.fetchmany(20_000):
            for mention, selector, audience, *said in rows:
                group = _group(kind, selector, said, holders.get(mention, frozenset()))
                if group is not None:
                    groups.setdefault(group, {}).setdefault(audience, []).append(mention)
    return groups


def things_of_deliveries(kind: MentionKind, deliveries: Iterable[UUID]) -> set[str]:
    """The ids of the mentions of a kind that these deliveries brought."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [kind, list(deliveries)])
        return {row[0] for row in cursor.fetchall()}


def _group(kind: MentionKind, selector: str | None, said: list[str], holders: frozenset[str]) -> Group | None:
    text, postcode, make, model, colour, handset = said
    if kind is MentionKind.ADDRESS:
        return Group(None if selector is None or selector.endswith("||") else selector, Writing(text, postcode))
    scheme, _, value = (selector or "").partition(":")
    if kind is MentionKind.VEHICLE and scheme == "vrm":
        return Group(selector, Vehicle(value, make, model, colour, holders))
    if kind is MentionKind.PHONE and scheme == "phone":
        return Group(selector, Telephone(value, handset, holders))
    return None


def _holders(kind: MentionKind) -> dict[str, frozenset[str]]:
    if kind is MentionKind.ADDRESS:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [kind])
        for mention, forename, surname in cursor.fetchall():
            if key := holder_key(forename, surname):
                found[mention].add(key)
    return {mention: frozenset(keys) for mention, keys in found.items()}
