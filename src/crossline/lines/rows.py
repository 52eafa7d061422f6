"""The visible rows that speak of lines: their mentions, and what each one's own record says with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.engines.lines import LineMention, NumberBasis, SuccessionLink
from crossline.lines.models import ChangeJudgement, ChangeState
from crossline.vocabulary.codes import RecordKind

_MENTIONS = """
SELECT m.id, m.caption, m.selector, r.id, r.owner_id, r.kind, r.ref, r.detail,
       coalesce(r.occurred_from, r.made_at)::date, r.made_at, r.revision
FROM records_mention m JOIN records_record r ON r.id = m.record_id
WHERE m.kind = 'line' AND r.kind <> 'investigation' AND {visible}
"""

# What stands beside a line in its own record, whichever way round the assertion was written. In the order of what it says: pages
# write it out, and two looks at the same records read the same.
_BESIDE = """
SELECT m.id, t.kind, t.selector, t.caption, a.type, a.from_date, a.to_date, t.id, a.category, a.basis, TRUE
FROM records_mention m
JOIN records_assertion a ON a.from_mention_id = m.id
JOIN records_mention t ON t.id = a.to_mention_id
WHERE m.kind = 'line' AND {visible}
UNION ALL
SELECT m.id, t.kind, t.selector, t.caption, a.type, a.from_date, a.to_date, t.id, a.category, a.basis, FALSE
FROM records_mention m
JOIN records_assertion a ON a.to_mention_id = m.id
JOIN records_mention t ON t.id = a.from_mention_id
WHERE m.kind = 'line' AND {visible}
ORDER BY 2, 3, 4, 5, 6, 7, 9, 10, 11, 8
"""

# A number that its report says nothing else of: "the Leo line is now on 07700 900123". There is no word for it in the contract.
# Not where a report names several lines, nor of a number that is tied to anybody: it may be a child's, a tenant's or a witness's.
_NAMED_WITH = """
SELECT m.id, t.kind, t.selector, t.caption, '', NULL, NULL, t.id, '', 'assessment', FALSE
FROM records_mention m
JOIN records_record r ON r.id = m.record_id
JOIN records_mention t ON t.record_id = r.id AND t.kind = 'phone' AND left(t.selector, 6) = 'phone:'
WHERE m.kind = 'line' AND r.source = 'reports' AND {visible}
  AND NOT EXISTS (SELECT FROM records_mention o WHERE o.record_id = r.id AND o.kind = 'line' AND o.id <> m.id)
  AND NOT EXISTS (
      SELECT FROM records_assertion a WHERE a.record_id = r.id AND (a.from_mention_id = t.id OR a.to_mention_id = t.id)
  )
ORDER BY t.selector, t.caption, t.id
"""

_SUCCESSIONS = """
SELECT o.selector, n.selector, a.from_date, a.detail ->> 'score', r.id, r.owner_id, a.detail, r.ref, r.detail ->> 'from_record',
    r.audience_id
FROM records_assertion a
JOIN records_record r ON r.id = a.record_id
JOIN records_mention o ON o.id = a.from_mention_id
JOIN records_mention n ON n.id = a.to_mention_id
WHERE a.type = 'succeeded_by' AND {visible} AND {which}
ORDER BY a.from_date, o.selector, n.selector
"""


@dataclass(frozen=True)
class Beside:
    """One thing that a record puts beside a line: a number, a place, a person, with how and when."""

    kind: str
    selector: str | None
    caption: str
    type: str
    from_date: date | None
    to_date: date | None
    mention: UUID
    category: str
    basis: str
    line_first: bool


@dataclass(frozen=True)
class LineRow:
    """A line as one visible record describes it."""

    mention: UUID
    brand: str
    record: UUID
    owner: str
    kind: str
    ref: str
    detail: Mapping[str, Any]
    day: date
    made_at: Any
    revision: int
    beside: tuple[Beside, ...] = ()

    @property
    def is_return(self) -> bool:
        """Whether an agency returned it as a line of its register."""
        return self.kind == RecordKind.LINE_RETURN


Pair = tuple[str, str, str]


@dataclass(frozen=True)
class Succession:
    """A finding that one number took over from another, and how it stands."""

    old: str
    new: str
    date: date
    score: float
    record: UUID
    owner: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""
    data: UUID | None = None  # the set of communications data that it was found in
    state: ChangeState = ChangeState.PUT_FORWARD
    judgement: UUID | None = None  # the newest on it that the viewer sees; None where nobody decided

    @property
    def pair(self) -> Pair:
        """By which people decide: whose data showed it, the old number and the new one."""
        return self.owner, self.old, self.new


def line_rows(viewpoint: Viewpoint) -> list[LineRow]:
    """Every visible mention of a line, with what its record says beside it."""
    beside: dict[UUID, list[Beside]] = defaultdict(list)
    with connection.cursor() as cursor:
        clause, parameters = viewpoint.clause("m.audience_id", "a.audience_id", "t.audience_id")
        cursor.execute(_BESIDE.format(visible=clause), [*parameters, *parameters])
        for mention, *rest in cursor.fetchall():
            beside[mention].append(Beside(*rest))
        clause, parameters = viewpoint.clause("m.audience_id", "r.audience_id", "t.audience_id")
        cursor.execute(_NAMED_WITH.format(visible=clause), parameters)
        for mention, *rest in cursor.fetchall():
            beside[mention].append(Beside(*rest))
        clause, parameters = viewpoint.clause("m.audience_id", "r.audience_id")
        cursor.execute(_MENTIONS.format(visible=clause), parameters)
        return [
            LineRow(
                mention,
                caption,
                record,
                owner,
                kind,
                ref,
                _read(detail),
                day,
                made_at,
                revision,
                tuple(beside[mention]),
            )
            for mention, caption, _, record, owner, kind, ref, detail, day, made_at, revision in cursor.fetchall()
        ]


def successions(
    viewpoint: Viewpoint, *, finding: UUID | None = None, outside: frozenset[int] = frozenset()
) -> list[Succession]:
    """Every visible finding of a succession, or this one alone, with what people decided on it as far as the viewer sees.

    `outside`: audiences of which nothing counts, neither findings nor decisions.
    """
    decided = latest_judgements(viewpoint, outside=outside)
    clause, parameters = viewpoint.clause("a.audience_id", "r.audience_id", "o.audience_id", "n.audience_id")
    with connection.cursor() as cursor:
        which, one = ("TRUE", []) if finding is None else ("r.id = %s", [finding])
        cursor.execute(_SUCCESSIONS.format(visible=clause, which=which), [*parameters, *one])
        found = [
            Succession(bare(old), bare(new), day, float(score or 0), record, owner, _read(detail), ref, _id(data))
            for old, new, day, score, record, owner, detail, ref, data, audience in cursor.fetchall()
            if audience not in outside
        ]
    return [_standing(each, decided.get(each.pair)) for each in found]


def latest_judgements(viewpoint: Viewpoint, *, outside: frozenset[int] = frozenset()) -> dict[Pair, ChangeJudgement]:
    """The newest visible judgement on each pair of numbers of each agency's."""
    counted = ChangeJudgement.objects.exclude(record__audience__in=outside).exclude(audience__in=outside)
    rows = viewpoint.visible(counted, "audience", "record__audience")
    return {(row.owner_id, row.old_number, row.new_number): row for row in rows.order_by("decided_at", "id")}


def _standing(found: Succession, latest: ChangeJudgement | None) -> Succession:
    return found if latest is None else replace(found, state=ChangeState(latest.state), judgement=latest.id)


def bare(selector: str | None) -> str:
    """A selector's value without its scheme."""
    return (selector or "").partition(":")[2]


def _read(detail: Any) -> Mapping[str, Any]:
    return dict(json.loads(detail)) if isinstance(detail, str) else dict(detail)


def for_grouping(row: LineRow, routes: Sequence[str] = ()) -> LineMention:
    """A row as the grouping engine takes it: placed by its towns, and a return also by its routes (see lines/routes.py).

    A report that gives neither number nor town is placed with its own force's other such reports of the name.
    """
    numbers = tuple(
        sorted({bare(b.selector) for b in row.beside if b.kind == "phone" and (b.selector or "").startswith("phone:")})
    )
    places = {b.caption for b in row.beside if b.kind == "place"} | {
        b.caption.split(",")[-2 if len(b.caption.split(",")) > 2 else -1].strip()
        for b in row.beside
        if b.kind == "address"
    }
    if row.is_return:
        first = _day(row.detail.get("first_seen")) or row.day
        last = _day(row.detail.get("last_seen")) or row.day
    else:
        first = last = row.day
    return LineMention(
        id=str(row.mention),
        brand=row.brand,
        places=(*sorted(places), *routes) or (() if numbers else (f"reports of {row.owner}",)),
        numbers=numbers,
        owner=row.owner,
        first=first,
        last=last,
        exporting_agency=str(row.detail.get("exporting_agency", "")) if row.is_return else "",
        basis=NumberBasis.RETURN if row.is_return else NumberBasis.INTELLIGENCE,
    )


def as_link(found: Succession) -> SuccessionLink:
    """A succession as the grouping engine takes it: it joins lines once a person has confirmed it."""
    confirmed = found.state is ChangeState.CONFIRMED
    return SuccessionLink(found.old, found.new, found.date, found.score, confirmed=confirmed)


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (TypeError, ValueError):
        return None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
