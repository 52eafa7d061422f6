"""Overlaps: pairs of investigations, or of reports, of different agencies that concern the same thing.

Found by equal selectors, by resolved person and by line; computed from the viewer's visible rows, so both sides of each
pair are visible. Values that many agencies share (a hostel, a station, a taxi office) are hubs: listed, not paired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.rules import HUB_AGENCIES
from crossline.entities.clusters import people
from crossline.lines.register import register
from crossline.records.generation import Kept
from crossline.records.newest import NEWEST_REVISION

HUB_RECORDS = 60
"""Likewise with more records than this."""


class OverlapKind(StrEnum):
    """Whether two investigations overlap, or two reports."""

    INVESTIGATION = "investigation"
    REPORT = "report"


@dataclass(frozen=True, order=True)
class Side:
    """One side of an overlap."""

    agency: str
    ref: str
    record: UUID
    mention: UUID
    made_at: datetime


@dataclass(frozen=True)
class Overlap:
    """Two records of different agencies and the thing they share. `value` is that thing as people know it.

    Investigations are paired each with each. Of reports, the earliest of each agency stands for its others: the thing's
    own page lists them all. `if_confirmed`: they share it only if a change of number that is put forward is right.
    `besides`: what else the same two share, each with this pair's own sides.
    """

    kind: OverlapKind
    left: Side
    right: Side
    scheme: str
    value: str
    if_confirmed: bool = False
    besides: tuple[Overlap, ...] = ()

    @property
    def reasons(self) -> tuple[Overlap, ...]:
        """Everything that the two share, this first."""
        return (self, *self.besides)


@dataclass(frozen=True)
class Hub:
    """A value set aside because too many share it."""

    scheme: str
    value: str
    agencies: int
    records: int


@dataclass(frozen=True)
class Overlaps:
    """What a viewer's rows amount to."""

    pairs: Sequence[Overlap]
    hubs: Sequence[Hub]


_SHARED_SELECTORS = (
    """
WITH seen AS (
    SELECT m.selector, m.id AS mention, r.id AS record, r.owner_id, r.ref, r.made_at
    FROM records_mention m JOIN records_record r ON r.id = m.record_id
    WHERE m.selector IS NOT NULL AND m.kind IN ('phone', 'vehicle', 'address', 'account', 'handle')
      AND m.selector NOT LIKE 'address:%%||' AND r.source = %s AND {visible} AND """
    + NEWEST_REVISION
    + """
)
SELECT selector, mention, record, owner_id, ref, made_at FROM seen
WHERE selector IN (SELECT selector FROM seen GROUP BY selector HAVING count(DISTINCT owner_id) > 1)
ORDER BY selector, owner_id, ref, mention
"""
)

_PERSONS = (
    """
SELECT m.id, r.id, r.owner_id, r.ref, r.made_at, m.caption
FROM records_mention m JOIN records_record r ON r.id = m.record_id
WHERE m.kind = 'person' AND r.source = %s AND {visible} AND """
    + NEWEST_REVISION
    + """
ORDER BY r.owner_id, r.ref, m.id
"""
)

_LINES = (
    """
SELECT m.selector, m.id, r.id, r.owner_id, r.ref, r.made_at
FROM records_mention m JOIN records_record r ON r.id = m.record_id
WHERE m.kind = 'phone' AND m.selector LIKE 'phone:%%' AND r.source = 'investigations'
  AND {visible} AND """
    + NEWEST_REVISION
    + """
ORDER BY r.owner_id, r.ref, m.id
"""
)


def _investigations(viewpoint: Viewpoint) -> Overlaps:
    return _combined(
        [*_by_selector(viewpoint, "investigations"), *_by_person(viewpoint, "investigations"), *_by_line(viewpoint)]
    )


def _everything(viewpoint: Viewpoint) -> Overlaps:
    among = investigation_overlaps(viewpoint)
    reports = _combined([*_by_selector(viewpoint, "reports"), *_by_person(viewpoint, "reports")])
    return Overlaps([*among.pairs, *reports.pairs], [*among.hubs, *reports.hubs])


investigation_overlaps: Kept[Overlaps] = Kept(_investigations)
"""Overlaps between investigations: what the page shows."""
all_overlaps: Kept[Overlaps] = Kept(_everything, keep=2)
"""Those between reports too: what the export gives."""


@dataclass(frozen=True)
class _Shared:
    """A thing and who has it. `lines`: of a line, the one that each mention's number is known to be of, where one is."""

    kind: OverlapKind
    scheme: str
    value: str
    sides: tuple[Side, ...]
    lines: Mapping[UUID, str] | None = None

    def pair(self, left: Side, right: Side) -> Overlap:
        lines = self.lines
        known = lines is None or (left.mention in lines and lines[left.mention] == lines.get(right.mention))
        return Overlap(self.kind, left, right, self.scheme, self.value, if_confirmed=not known)


def _combined(shared: Iterable[_Shared]) -> Overlaps:
    """Pairs of sides of different agencies, once for each pair of records.

    The first reason found stands, unless it waits for somebody to confirm it and another does not; the others stand besides.
    """
    pairs: dict[tuple[UUID, UUID], list[Overlap]] = defaultdict(list)
    hubs: list[Hub] = []
    for thing in shared:
        agencies = {side.agency for side in thing.sides}
        records = {side.record for side in thing.sides}
        if len(agencies) > HUB_AGENCIES or len(records) > HUB_RECORDS:
            hubs.append(Hub(thing.scheme, thing.value, len(agencies), len(records)))
            continue
        sides = thing.sides if thing.kind is OverlapKind.INVESTIGATION else _earliest(thing.sides)
        for left, right in combinations(sorted(sides), 2):
            if left.agency != right.agency:
                pairs[left.record, right.record].append(thing.pair(left, right))
    return Overlaps([_with_the_rest(found) for found in pairs.values()], hubs)


def _with_the_rest(found: Sequence[Overlap]) -> Overlap:
    """The first reason that waits for nobody, or the first; the same thing named twice by one record is one reason."""
    told = {(pair.scheme, pair.value): pair for pair in reversed(found)}
    ordered = sorted(told.values(), key=found.index)
    first = next((pair for pair in ordered if not pair.if_confirmed), ordered[0])
    return replace(first, besides=tuple(pair for pair in ordered if pair is not first))


def _earliest(sides: Sequence[Side]) -> list[Side]:
    """The first side of each agency."""
    first: dict[str, Side] = {}
    for side in sorted(sides, key=lambda side: (side.made_at, side.ref, side.mention)):
        first.setdefault(side.agency, side)
    return list(first.values())


def _by_selector(viewpoint: Viewpoint, source: str) -> Iterator[_Shared]:
    sides: dict[str, list[Side]] = defaultdict(list)
    for selector, mention, record, owner, ref, made in _rows(viewpoint, _SHARED_SELECTORS, source):
        sides[selector].append(Side(owner, ref, record, mention, made))
    for selector, found in sides.items():
        scheme, _, value = selector.partition(":")
        yield _Shared(_kind(source), scheme, value, tuple(found))


def _by_person(viewpoint: Viewpoint, source: str) -> Iterator[_Shared]:
    known = people(viewpoint)
    sides: dict[str, list[Side]] = defaultdict(list)
    names: dict[str, str] = {}
    for mention, record, owner, ref, made, caption in _rows(viewpoint, _PERSONS, source):
        entity = known.of(str(mention))
        sides[entity].append(Side(owner, ref, record, mention, made))
        names.setdefault(entity, caption)
    for entity, found in sides.items():
        if len({side.agency for side in found}) > 1:
            yield _Shared(_kind(source), "person", names[entity], tuple(found))


def _by_line(viewpoint: Viewpoint) -> Iterator[_Shared]:
    """Investigations whose numbers belong to one line, though the numbers differ: one has succeeded the other.

    A change of number that is put forward counts until somebody rejects it: two forces had better talk before it is confirmed.
    The pair says that nobody has confirmed it.
    """
    lines = register(viewpoint)
    sides: dict[str, list[Side]] = defaultdict(list)
    known: dict[UUID, str] = {}
    for selector, mention, record, owner, ref, made in _rows(viewpoint, _LINES):
        number = selector.partition(":")[2]
        if own := lines.own_line_of_number.get(number):
            known[mention] = own.id
        if line := lines.line_of_number.get(number):
            sides[line.group.if_confirmed].append(Side(owner, ref, record, mention, made))
    for line in lines.lines:
        if found := sides.pop(line.group.if_confirmed, None):
            yield _Shared(OverlapKind.INVESTIGATION, "line", line.name, tuple(found), known)


def _rows(viewpoint: Viewpoint, query: str, *parameters: str) -> list[tuple[Any, ...]]:
    visible, audiences = viewpoint.clause("m.audience_id", "r.audience_id")
    newer, newer_audiences = viewpoint.clause("n.audience_id")
    with connection.cursor() as cursor:
        cursor.execute(query.format(visible=visible, newer=newer), [*parameters, *audiences, *newer_audiences])
        return list(cursor.fetchall())


def _kind(source: str) -> OverlapKind:
    return OverlapKind.INVESTIGATION if source == "investigations" else OverlapKind.REPORT
