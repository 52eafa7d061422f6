"""One row a mention: people and addresses by the cluster they are in for this viewer, other things by their equal value.

Read through a server-side cursor, because a nation has hundreds of thousands of them. Of a return that was revised, only
the newest visible revision is read, so that (agency, ref, key) names one row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Final
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.entities.clusters import people
from crossline.entities.places import places
from crossline.records.newest import NEWEST_REVISION
from crossline.safeguarding.models import Concern
from crossline.vocabulary.codes import MentionKind

CHUNK: Final = 20_000
POSTCODE_ALONE: Final = "address:%||"
"""An address that is only a postcode: others may lie in it, so equal values are not one place."""

# A handset that came with a telephone's mention is a mention of its own in the store, and not one of the delivery.
NEWEST: Final = (
    """
    NOT coalesce((m.detail ->> 'handset')::boolean, false) AND
"""
    + NEWEST_REVISION
)
SAME_THING: Final = """
    CASE WHEN m.selector IS NULL OR m.selector LIKE %s THEN m.id::text
         ELSE min(m.id::text) OVER (PARTITION BY m.kind, m.selector) END
"""

_MENTIONS: Final = f"""
WITH seen AS (
    SELECT {SAME_THING} AS same, m.id FROM records_mention m JOIN records_record r ON r.id = m.record_id
    WHERE m.kind = %s AND {{visible}}
)
SELECT seen.same, m.id::text, r.owner_id, r.ref, m.key
FROM seen JOIN records_mention m ON m.id = seen.id JOIN records_record r ON r.id = m.record_id
WHERE {NEWEST} AND r.id <> ALL (%s)
ORDER BY r.owner_id, r.ref, m.key, m.id
"""
"""What is one thing is decided among all visible mentions, handsets and older revisions too, as the pages decide it."""


@dataclass(frozen=True)
class Located:
    """A visible mention and where it stands. `same`: the smallest mention with an equal normalised value."""

    mention: str
    same: str
    agency: str
    ref: str
    key: str

    @property
    def place(self) -> tuple[str, str, str]:
        """(agency, ref, key): the mention's name in the delivery contract."""
        return self.agency, self.ref, self.key


Without = Collection[UUID]
"""Records that an export leaves out, because they are restricted."""


def located_mentions(viewpoint: Viewpoint, kind: MentionKind, without: Without = ()) -> Iterator[Located]:
    """Every visible mention of a kind, in order of agency, ref and key."""
    visible, audiences = viewpoint.clause("m.audience_id", "r.audience_id")
    newer, newer_audiences = viewpoint.clause("n.audience_id")
    query = _MENTIONS.format(visible=visible, newer=newer)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [POSTCODE_ALONE, str(kind), *audiences, *newer_audiences, list(without)])
        while rows := cursor.fetchmany(CHUNK):
            for same, mention, agency, ref, key in rows:
                yield Located(mention, same, agency, ref, key)


def mention_rows(viewpoint: Viewpoint, kind: MentionKind, without: Without = ()) -> Iterator[tuple[str, ...]]:
    """(entity, agency, ref, key) of every visible mention of a kind."""
    known = people(viewpoint) if kind is MentionKind.PERSON else None
    joined = places(viewpoint) if kind is MentionKind.ADDRESS else None
    for each in located_mentions(viewpoint, kind, without):
        thing = joined.of(each.same) if joined else each.same
        yield known.of(each.mention) if known else thing, *each.place


def concern_rows(viewpoint: Viewpoint, without: Without = ()) -> Iterator[tuple[str, ...]]:
    """(entity, agency, ref, key, reason, raised_at) of everyone put forward, the earliest first.

    Somebody whose age nobody recorded is not put forward yet: somebody has to find it out first.
    """
    known = people(viewpoint)
    rows = viewpoint.visible(
        Concern.objects.filter(standing=Standing.RAISED), "audience", "mention__audience", "record__audience"
    )
    found = rows.exclude(record__in=without).order_by("raised_at", "owner_id", "record__ref", "mention__key", "reason")
    for mention, agency, ref, key, reason, at in found.values_list(
        "mention_id", "owner_id", "record__ref", "mention__key", "reason", "raised_at"
    ).iterator(chunk_size=CHUNK):
        yield known.of(str(mention)), agency, ref, key, reason, at.astimezone(UTC).isoformat()
