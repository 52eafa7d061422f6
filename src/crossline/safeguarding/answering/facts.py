"""Who answers for people put forward, read from rows of one audience at a time: their homes, and where they were found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.engines.indicators.answerers import Whereabouts
from crossline.engines.indicators.facts import RecordFact
from crossline.engines.indicators.people import finding_force, part, text_of
from crossline.engines.indicators.places import district_of_address, district_of_place
from crossline.entities.clusters import THRESHOLD_BITS
from crossline.vocabulary.codes import RecordKind
from crossline.vocabulary.places import District

# The mentions that are one person among mentions of the same audience: what a hidden one would join stays apart.
_SAME_PERSON = """
WITH RECURSIVE reach AS (
    SELECT m.id AS root, m.id, m.audience_id FROM records_mention m WHERE m.id = ANY (%(mentions)s)
    UNION
    SELECT r.root, m.id, r.audience_id FROM reach r
    CROSS JOIN LATERAL (
        SELECT x.left_id, x.right_id, x.right_id AS id FROM entities_match x WHERE x.left_id = r.id AND x.weight >= %(least)s
        UNION ALL
        SELECT x.left_id, x.right_id, x.left_id FROM entities_match x WHERE x.right_id = r.id AND x.weight >= %(least)s) n
    JOIN records_mention m ON m.id = n.id AND m.audience_id = r.audience_id
    WHERE NOT EXISTS (
        SELECT FROM entities_judgement j
        WHERE j.left_id = n.left_id AND j.right_id = n.right_id AND j.verdict = 'different' AND j.decides
          AND NOT EXISTS (SELECT FROM entities_withdrawal w WHERE w.judgement_id = j.id)))
SELECT root, id FROM reach
"""
_RECORDS = """
SELECT m.id, m.place, r.id, r.kind, r.owner_id, coalesce(r.occurred_from, r.made_at)::date, r.detail
FROM records_mention m JOIN records_record r ON r.id = m.record_id WHERE m.id = ANY (%s)
"""
_ADDRESSES = """
SELECT a.from_mention_id, coalesce(a.from_date, r.occurred_from::date, r.made_at::date), m.caption, m.detail, m.id::text
FROM records_assertion a JOIN records_mention m ON m.id = a.to_mention_id JOIN records_record r ON r.id = a.record_id
WHERE a.type = 'lives_at' AND m.kind = 'address' AND a.from_mention_id = ANY (%s)
"""
_ENCOUNTERS = frozenset({RecordKind.MISSING, RecordKind.STOP, RecordKind.CUSTODY, RecordKind.SEIZURE})


@dataclass(frozen=True)
class _Said:
    """What one record says of a person, and whether it is about them."""

    record: RecordFact
    first: bool


def same_person(mentions: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Each of these mentions with all that are the same person and have the same audience, itself among them."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for root, each in _rows(_SAME_PERSON, {"mentions": list(mentions), "least": THRESHOLD_BITS}):
        found[root].add(each)
    return {root: frozenset(each) for root, each in found.items()}


def whereabouts(people: Mapping[UUID, frozenset[UUID]], sender: Mapping[UUID, str]) -> dict[UUID, Whereabouts]:
    """What the records say of where each is at home, and of where the record at hand found them. `people` as `same_person`."""
    every = sorted({each for mentions in people.values() for each in mentions})
    said: dict[UUID, _Said] = {}
    for mention, place, record, kind, owner, day, detail in _rows(_RECORDS, [every]):
        said[mention] = _Said(RecordFact(str(record), kind, owner, day, _read(detail)), place == 0)
    lived: dict[UUID, list[tuple[date, str, District]]] = defaultdict(list)
    for mention, day, text, detail, address in _rows(_ADDRESSES, [every]):
        at = _read(detail)
        if district := district_of_address(text, _number(at.get("lat")), _number(at.get("lon"))):
            lived[mention].append((day, address, district))
    return {root: _of_person(root, people[root], said, lived, sender[root]) for root in people if root in said}


def _of_person(
    root: UUID,
    mentions: frozenset[UUID],
    said: Mapping[UUID, _Said],
    lived: Mapping[UUID, Sequence[tuple[date, str, District]]],
    sender: str,
) -> Whereabouts:
    episodes = sorted(
        (
            (each.record.occurred, each.record.id, text_of(part(each.record, "missing"), "home_agency"))
            for each in (said[mention] for mention in mentions if mention in said)
            if each.first and each.record.kind == RecordKind.MISSING
        ),
        reverse=True,
    )
    homes = sorted(((*each,) for mention in mentions for each in lived.get(mention, ())), key=_newest, reverse=True)
    at_hand = said[root]
    met = at_hand.record.kind in _ENCOUNTERS and (at_hand.first or at_hand.record.kind != RecordKind.MISSING)
    force = finding_force(at_hand.record) if met else ""
    place = text_of(part(at_hand.record, "missing"), "found_place") if at_hand.record.kind == RecordKind.MISSING else ""
    return Whereabouts(
        sender=sender,
        home_agencies=[agency for _, _, agency in episodes if agency],
        homes=[district for _, _, district in homes],
        found_force=force,
        found=district_of_place(place, force) if place else None,
    )


def _newest(home: tuple[date, str, District]) -> tuple[date, str]:
    return home[0], home[1]


def _read(detail: Any) -> dict[str, Any]:
    found = json.loads(detail) if isinstance(detail, str) else detail
    return found if isinstance(found, dict) else {}


def _number(said: object) -> float | None:
    return float(said) if isinstance(said, int | float) else None


def _rows(query: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
