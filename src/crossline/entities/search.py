"""Search over what a viewer sees: names by their words, anything else by its normalised value. Equality only, so that a
hidden hit costs no more time than a miss (see records.SearchToken)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.decoys.finding import bearing
from crossline.records.models import Mention, Record
from crossline.vocabulary.selectors import (
    fold_brand,
    fold_name,
    normalise_address,
    normalise_handle,
    normalise_imei,
    normalise_outward,
    normalise_phone,
    normalise_postcode,
    normalise_vrm,
)

LONGEST_QUERY = 200
MOST_MENTIONS = 300
"""How many mentions of a kind one search reads. A page says when there may be more."""

_BY_WORDS = """
SELECT t.mention_id FROM records_searchtoken t
WHERE t.token = ANY (%s) AND {visible}
GROUP BY t.mention_id HAVING count(DISTINCT t.token) = %s LIMIT %s
"""


@dataclass(frozen=True)
class PersonHit:
    """A person, with each way a visible record names them."""

    mention: UUID
    names: tuple[str, ...]
    births: tuple[str, ...]
    agencies: tuple[str, ...]
    mentions: int


@dataclass(frozen=True)
class ThingHit:
    """A number, plate, address, line or group, and how many visible records name it."""

    kind: str
    mention: UUID
    caption: str
    records: int


@dataclass(frozen=True)
class Found:
    """What a search found among the rows that its viewer sees."""

    query: str
    people: tuple[PersonHit, ...]
    things: tuple[ThingHit, ...]
    records: tuple[Record, ...]
    may_be_more: bool

    @property
    def number(self) -> int:
        """How many hits there are."""
        return len(self.people) + len(self.things) + len(self.records)


def search(viewpoint: Viewpoint, query: str) -> Found:
    """Everything visible that bears the name, number, plate, postcode, brand or reference written."""
    written = " ".join(query.split())[:LONGEST_QUERY]
    words = sorted(set(fold_name(written).split()))
    named = _mentions_with(viewpoint, words)
    valued = (
        list(viewpoint.visible(Mention.objects.filter(selector__in=_selectors(written)))[:MOST_MENTIONS])
        if written
        else []
    )
    records = (
        viewpoint.visible(Record.objects.filter(ref=written)).order_by("made_at", "owner", "id")[:20] if written else []
    )
    decoys = bearing(viewpoint, words=words, selectors=_selectors(written), ref=written)
    persons = [mention for mention in (*named, *decoys.people) if mention.kind == "person"]
    things = [mention for mention in (*named, *valued, *decoys.things) if mention.kind != "person"]
    return Found(
        written,
        _people(viewpoint, persons),
        _things(things),
        tuple(sorted((*records, *decoys.records), key=lambda record: record.made_at)),
        may_be_more=max(len(named), len(valued)) >= MOST_MENTIONS,
    )


def _mentions_with(viewpoint: Viewpoint, words: list[str]) -> list[Mention]:
    """Mentions that bear every word."""
    if not words:
        return []
    clause, audiences = viewpoint.clause("t.audience_id")
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS.format(visible=clause), [words, *audiences, len(words), MOST_MENTIONS])
        ids = [row[0] for row in cursor.fetchall()]
    return list(viewpoint.visible(Mention.objects.filter(id__in=ids)).order_by("caption", "id"))


def _selectors(written: str) -> list[str]:
    """Every selector that the words may be, each as it is stored."""
    candidates = [
        ("phone", normalise_phone(written)),
        ("imei", normalise_imei(written)),
        ("vrm", normalise_vrm(written)),
        ("line", fold_brand(written)),
        ("handle", normalise_handle(written)),
        ("address", normalise_address(written)),
        ("place", fold_name(written)),
    ]
    postcode = normalise_postcode(written) or normalise_outward(written)
    if postcode:
        candidates.append(("address", f"{postcode}||"))
    return [f"{scheme}:{value}" for scheme, value in candidates if value]


def _people(viewpoint: Viewpoint, persons: list[Mention]) -> tuple[PersonHit, ...]:
    """The mentions' people, each once, as the viewpoint's clusters have them."""
    known = people(viewpoint)
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in persons:
        grouped[known.of(str(mention.id))].append(mention)
    hits = [
        PersonHit(
            UUID(person),
            tuple(sorted({row.caption for row in rows})),
            tuple(sorted({row.born for row in rows if row.born})),
            tuple(sorted({row.owner_id for row in rows})),
            len(rows),
        )
        for person, rows in grouped.items()
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.names, hit.mention)))


def _things(mentions: list[Mention]) -> tuple[ThingHit, ...]:
    grouped: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        grouped.setdefault((mention.kind, mention.selector or str(mention.id)), []).append(mention)
    return tuple(
        ThingHit(kind, min(row.id for row in rows), rows[0].caption, len({row.record_id for row in rows}))
        for (kind, _), rows in sorted(grouped.items())
    )
