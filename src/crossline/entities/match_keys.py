"""Keys of mentions, and mentions as comparisons read them: kept, so that whoever is new or asked after is looked up in proportion
to what is alike, not compared with a nation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.db import connection

from crossline.access.asked_often import ask
from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.blocking import KEY_LIMIT
from crossline.engines.resolution.comparing import hashed_keys
from crossline.engines.resolution.preparing import COLUMN_OF, Row, packed, unpacked

_NAMED: Final = COLUMN_OF["mention_id"]

# A key is read up to the limit and no further, however many share it.
_PAIRS = """
SELECT left_id::text, right_id::text FROM (
    SELECT DISTINCT least(asking.id, holding.id) AS left_id, greatest(asking.id, holding.id) AS right_id
    FROM (
        SELECT key, array_agg(mention_id) AS askers FROM entities_matchkey WHERE mention_id = ANY (%(new)s::uuid[]) GROUP BY key
    ) asked
    CROSS JOIN LATERAL (
        SELECT array_agg(held.mention_id) AS holders
        FROM (SELECT k.mention_id FROM entities_matchkey k WHERE k.key = asked.key LIMIT %(most)s + 1) held
    ) found
    CROSS JOIN LATERAL unnest(asked.askers) asking (id)
    CROSS JOIN LATERAL unnest(found.holders) holding (id)
    WHERE cardinality(found.holders) BETWEEN 2 AND %(most)s AND asking.id <> holding.id
) pairs ORDER BY pairs.left_id, pairs.right_id
"""
_SHARING = """
SELECT sharing.id::text, beside.prepared
FROM (
    SELECT DISTINCT unnest(found.holders) AS id
    FROM unnest(%s::bigint[]) asked (key)
    CROSS JOIN LATERAL (
        SELECT array_agg(held.mention_id) AS holders
        FROM (SELECT k.mention_id FROM entities_matchkey k WHERE k.key = asked.key AND {keys_seen} LIMIT %s) held
    ) found
    WHERE cardinality(found.holders) < %s
) sharing
CROSS JOIN LATERAL (
    SELECT p.prepared FROM entities_preparedmention p WHERE p.mention_id = sharing.id AND {seen} LIMIT 1
) beside
"""


def keep_keys(rows: Collection[Row], *, anew: bool = False) -> None:
    """Write prepared mentions and their keys, in the transaction of whoever matches them; `anew` forgets all others first."""
    with connection.cursor() as cursor:
        if anew:
            cursor.execute("DELETE FROM entities_matchkey")
            cursor.execute("DELETE FROM entities_preparedmention")
        cursor.execute("CREATE TEMPORARY TABLE made_keys (key bigint, mention_id uuid) ON COMMIT DROP")
        cursor.execute("CREATE TEMPORARY TABLE made_ready (mention_id uuid, prepared text) ON COMMIT DROP")
        with cursor.copy("COPY made_keys FROM STDIN") as copy:
            for row in rows:
                for key in hashed_keys(row):
                    copy.write_row((key, row[_NAMED]))
        with cursor.copy("COPY made_ready FROM STDIN") as copy:
            for row in rows:
                copy.write_row((row[_NAMED], packed(row)))
        # Or a planner that expects thousands would read a nation's mentions to find the audience of a few.
        cursor.execute("ANALYZE made_keys, made_ready")
        cursor.execute(
            "INSERT INTO entities_matchkey (key, audience_id, mention_id) SELECT k.key, m.audience_id, k.mention_id "
            "FROM made_keys k JOIN records_mention m ON m.id = k.mention_id ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO entities_preparedmention (mention_id, audience_id, prepared) SELECT r.mention_id, m.audience_id, "
            "r.prepared FROM made_ready r JOIN records_mention m ON m.id = r.mention_id ON CONFLICT DO NOTHING"
        )
        cursor.execute("DROP TABLE made_keys, made_ready")


def candidates(mentions: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs worth comparing that hold one of these mentions, the smaller id first; keys too common to tell are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"new": list(mentions), "most": KEY_LIMIT})
        return [(left, right) for left, right in cursor.fetchall()]


def prepared_of(mentions: Iterable[str]) -> dict[str, Row]:
    """These mentions as comparisons read them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mention_id::text, prepared FROM entities_preparedmention WHERE mention_id = ANY (%s::uuid[])",
            [list(mentions)],
        )
        return {row[_NAMED]: row for row in unpacked(cursor.fetchall())}


def sharing(viewpoint: Viewpoint, keys: Iterable[int]) -> list[Row]:
    """The visible mentions that share one of these keys, as comparisons read them.

    A key that too many share is left out as for a delivery, whose new mention would be one of them; but counted are the
    mentions that the viewer sees and no others.
    """
    seen, audiences = viewpoint.clause("p.audience_id")
    keys_seen, of_keys = viewpoint.clause("k.audience_id")
    said = [list(keys), *of_keys, KEY_LIMIT, KEY_LIMIT, *audiences]
    return unpacked(ask(_SHARING.format(keys_seen=keys_seen, seen=seen), said))
