"""Keys of mentions, kept so that a delivery's people are looked up in proportion to their number, not compared with a nation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from crossline.engines.resolution.blocking import KEY_LIMIT
from crossline.engines.resolution.comparing import hashed_keys
from crossline.engines.resolution.preparing import COLUMN_OF, Row

_CANDIDATES = """
WITH asked AS (
    SELECT key, mention_id FROM entities_matchkey WHERE mention_id = ANY (%s)
), telling AS (
    SELECT k.key FROM entities_matchkey k WHERE k.key IN (SELECT key FROM asked) GROUP BY k.key HAVING count(*) BETWEEN 2 AND %s
)
SELECT DISTINCT least(a.mention_id, k.mention_id)::text, greatest(a.mention_id, k.mention_id)::text
FROM asked a JOIN telling USING (key) JOIN entities_matchkey k USING (key) WHERE k.mention_id <> a.mention_id
ORDER BY 1, 2
"""


def keep_keys(rows: Iterable[Row], *, anew: bool = False) -> None:
    """Write the keys of prepared mentions, in the transaction of whoever matches them; `anew` forgets all others first."""
    named = COLUMN_OF["mention_id"]
    with connection.cursor() as cursor:
        if anew:
            cursor.execute("DELETE FROM entities_matchkey")
        cursor.execute("CREATE TEMPORARY TABLE made_keys (key bigint, mention_id uuid) ON COMMIT DROP")
        with cursor.copy("COPY made_keys FROM STDIN") as copy:
            for row in rows:
                for key in hashed_keys(row):
                    copy.write_row((key, row[named]))
        cursor.execute(
            "INSERT INTO entities_matchkey (key, mention_id) SELECT key, mention_id FROM made_keys ON CONFLICT DO NOTHING"
        )
        cursor.execute("DROP TABLE made_keys")


def candidates(mentions: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs worth comparing that hold one of these mentions, the smaller id first; keys too common to tell are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [list(mentions), KEY_LIMIT])
        return [(left, right) for left, right in cursor.fetchall()]
