"""Writing matches, of people as of things: both ends' audiences are taken from the mentions, and a pair is kept once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from crossline.vocabulary.codes import MentionKind

MatchRow = tuple[UUID, str, str, str, float, str, str]
"""id, left, right, kind, weight in bits, version, explanation as JSON."""


def write_matches(rows: Iterable[MatchRow], *, anew: Sequence[MentionKind] = ()) -> int:
    """Write matches in the transaction of whoever made them, those of the kinds `anew` instead of all before; gives how many."""
    with connection.cursor() as cursor:
        if anew:
            cursor.execute("DELETE FROM entities_match WHERE kind = ANY (%s)", [[str(kind) for kind in anew]])
        cursor.execute(
            "CREATE TEMPORARY TABLE scored (id uuid, left_id uuid, right_id uuid, kind text, weight float8, version text, "
            "explanation jsonb) ON COMMIT DROP"
        )
        with cursor.copy("COPY scored FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE scored")  # so that few mentions are looked up, and many read through
        cursor.execute(
            """
            INSERT INTO entities_match
                (id, left_id, right_id, kind, weight, model_version, explanation, left_audience_id, right_audience_id)
            SELECT s.id, s.left_id, s.right_id, s.kind, s.weight, s.version, s.explanation, l.audience_id, r.audience_id
            FROM scored s JOIN records_mention l ON l.id = s.left_id JOIN records_mention r ON r.id = s.right_id
            ON CONFLICT (left_id, right_id) DO NOTHING
            """
        )
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE scored")
    return written
