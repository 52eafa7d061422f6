"""Rows of records as facts for the safeguarding rules: whoever reads them keeps the audiences apart (raising.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from crossline.engines.indicators.facts import AssertionFact, MentionFact, RecordFact
from crossline.engines.indicators.places import district_of_address, force_of_stations
from crossline.entities.clusters import THRESHOLD_BITS
from crossline.vocabulary.agencies import AgencyKind, agencies

_RECORDS: Final = """
SELECT id::text, kind, owner_id, coalesce(occurred_from, made_at)::date, detail, audience_id, made_at, text
FROM records_record WHERE id = ANY (%s)
"""
_MENTIONS: Final = """
SELECT id::text, record_id::text, kind, born, age, coalesce(selector, ''), coalesce(detail->>'type', ''),
       CASE WHEN kind = 'address' THEN caption ELSE '' END, detail->'lat', detail->'lon'
FROM records_mention WHERE kind IN ('person', 'address', 'line', 'group', 'place', 'item') AND record_id = ANY (%s)
ORDER BY record_id, place
"""
_ASSERTIONS: Final = """
SELECT id::text, record_id::text, from_mention_id::text, to_mention_id::text, type, basis, category, from_date, to_date,
       audience_id
FROM records_assertion WHERE record_id = ANY (%s)
"""
_PAIRS: Final = """
SELECT x.left_id::text, x.right_id::text FROM entities_match x
JOIN records_mention l ON l.id = x.left_id JOIN records_mention r ON r.id = x.right_id
WHERE x.kind = 'person' AND x.weight >= %s AND l.record_id = ANY (%s) AND r.record_id = ANY (%s)
  AND NOT EXISTS (
    SELECT FROM entities_judgement j
    WHERE j.left_id = x.left_id AND j.right_id = x.right_id AND j.verdict = 'different' AND j.decides
      AND NOT EXISTS (SELECT FROM entities_withdrawal w WHERE w.judgement_id = j.id))
"""


@dataclass(frozen=True)
class Rows:
    """Facts with the audience of each record, when it was made, and which mentions are matched."""

    records: Mapping[str, RecordFact]
    audience_of: Mapping[str, int]
    made_at: dict[str, datetime]
    mentions: Sequence[MentionFact]
    assertions: Sequence[AssertionFact]
    pairs: Sequence[tuple[str, str]]


def rows_of(chosen: Sequence[UUID]) -> Rows:
    """The facts of these records."""
    records, audience_of, made_at = {}, {}, {}
    for record, kind, owner, day, detail, audience, made, text in _rows(_RECORDS, chosen):
        records[record] = RecordFact(record, kind, owner, day, _read(detail), _force_of(owner, text), text)
        audience_of[record], made_at[record] = audience, made
    mentions = [
        MentionFact(mention, record, kind, born, age, _force_at(written, lat, lon), selector, what)
        for mention, record, kind, born, age, selector, what, written, lat, lon in _rows(_MENTIONS, chosen)
    ]
    assertions = [AssertionFact(*row[:9]) for row in _rows(_ASSERTIONS, chosen)]
    return Rows(records, audience_of, made_at, mentions, assertions, _rows(_PAIRS, THRESHOLD_BITS, chosen, chosen))


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Mention -> the smallest mention it is connected with. Clusters' vetoes are left out: a concern errs towards asking."""
    parent: dict[str, str] = {}

    def root(item: str) -> str:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for left, right in pairs:
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    return {item: root(item) for item in list(parent)}


def _force_of(owner: str, text: str) -> str:
    """Where those who work everywhere met somebody, as they wrote it: for a territorial force its own area is enough."""
    agency = agencies().get(owner)
    return "" if agency is None or agency.kind is AgencyKind.TERRITORIAL else force_of_stations(text)


def _force_at(written: str, lat: Any, lon: Any) -> str:
    """The territorial force of an address, as whoever answers for a person reads it (answering/facts.py)."""
    district = district_of_address(written, _number(lat), _number(lon)) if written else None
    return district.force_id if district else ""


def _number(value: Any) -> float | None:
    read = _read(value)
    return float(read) if isinstance(read, int | float) and not isinstance(read, bool) else None


def _read(detail: Any) -> Any:
    return json.loads(detail) if isinstance(detail, str) else detail


def _rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(each) if isinstance(each, Sequence) else each for each in parameters])
        return list(cursor.fetchall())
