"""Gathering person mentions, with the numbers, addresses and vehicles that their own record gives them, for the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import pyarrow as pa
from django.db import connection

from crossline.engines.resolution.mentions import MENTION_SCHEMA

# One row a person mention. What a record says a person uses, drives or lives at is that mention's; nothing is borrowed
# from another record or audience, so that whoever sees a mention may be told of all that is gathered for it.
_PEOPLE = """
SELECT m.id::text, m.owner_id, m.forename, m.middle, m.surname, m.aliases, m.born, m.sex, m.pnc, m.nominal,
       coalesce(array_agg(DISTINCT substr(t.selector, 7)) FILTER (WHERE starts_with(t.selector, 'phone:')), '{{}}'),
       min(substr(t.selector, 5)) FILTER (WHERE starts_with(t.selector, 'vrm:')),
       min(t.detail ->> 'postcode') FILTER (WHERE t.kind = 'address' AND a.type = 'lives_at'),
       min(t.detail ->> 'text') FILTER (WHERE t.kind = 'address' AND a.type = 'lives_at'),
       (SELECT array_agg(o.forename || ' ' || o.surname) FROM records_mention o
        WHERE o.record_id = m.record_id AND o.audience_id = m.audience_id AND o.id <> m.id
          AND o.kind = 'person' AND o.forename <> '' AND o.surname <> '')
FROM records_mention m
LEFT JOIN records_assertion a ON a.from_mention_id = m.id AND a.audience_id = m.audience_id
    AND a.type IN ('uses', 'drives', 'owns', 'lives_at')
LEFT JOIN records_mention t ON t.id = a.to_mention_id AND t.audience_id = m.audience_id
WHERE m.kind = 'person' {chosen}
GROUP BY m.id
"""

_GATHERED: Final = ("mention_id", "agency", "forename", "middle", "surname", "aliases", "dob", "sex", "pnc", "nominal",
                    "phones", "vrm", "postcode", "address", "associates")  # fmt: skip
"""The query's columns, as the engine names them."""

_NEW = """
SELECT m.id::text FROM records_mention m JOIN records_record r ON r.id = m.record_id
WHERE m.kind = 'person' AND r.delivery_id = ANY (%s)
"""


def gather_people(only: Iterable[str] | None = None) -> pa.Table:
    """Every person mention that this connection may read, or those of these ids, as the engine's MENTION_SCHEMA."""
    columns: list[list[object]] = [[] for _ in _GATHERED]
    with connection.cursor() as cursor:
        if only is None:
            cursor.execute(_PEOPLE.format(chosen=""))
        else:
            cursor.execute(_PEOPLE.format(chosen="AND m.id = ANY (%s)"), [[UUID(each) for each in only]])
        while rows := cursor.fetchmany(20_000):
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    column.append(value if value != "" else None)
    gathered = dict(zip(_GATHERED, columns, strict=True)) | {"place": [None] * len(columns[0])}
    return pa.table({name: gathered[name] for name in MENTION_SCHEMA.names}, schema=MENTION_SCHEMA)


def people_of_deliveries(deliveries: Iterable[UUID]) -> set[str]:
    """The ids of the person mentions that these deliveries brought."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [list(deliveries)])
        return {row[0] for row in cursor.fetchall()}
