"""Taking back the concerns that a record had a part in, so that they are raised again from what is left, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from crossline.records.rhythm import RAISE_CONCERNS

# Shared with raising.py without its engines.
STEP: Final = RAISE_CONCERNS

# A rule joins records by a matched person or by an address that is the same. Whatever the weight: too many are looked at
# again rather than too few.
_DRAWN: Final = """
WITH said AS (SELECT id, selector, kind FROM records_mention WHERE record_id = ANY (%(records)s)),
     near AS (
        SELECT x.right_id AS id FROM entities_match x JOIN said ON said.id = x.left_id AND x.kind = 'person'
        UNION SELECT x.left_id FROM entities_match x JOIN said ON said.id = x.right_id AND x.kind = 'person'
        UNION SELECT m.id FROM records_mention m JOIN said ON said.selector = m.selector AND said.kind = 'address'),
     beside AS (
        SELECT id FROM near
        UNION SELECT o.id FROM records_mention m JOIN near ON near.id = m.id JOIN records_mention o ON o.record_id = m.record_id
        WHERE o.kind = 'person'),
     around AS (
        SELECT id FROM beside
        UNION SELECT x.right_id FROM entities_match x JOIN beside ON beside.id = x.left_id
        UNION SELECT x.left_id FROM entities_match x JOIN beside ON beside.id = x.right_id),
     gone AS (DELETE FROM safeguarding_concern c USING around WHERE c.mention_id = around.id RETURNING c.record_id)
DELETE FROM records_step s USING records_record r
WHERE r.id IN (SELECT record_id FROM gone) AND s.delivery_id = r.delivery_id AND s.step = %(step)s
"""


def forget_concerns(records: Sequence[UUID]) -> None:
    """Remove concerns that may rest on these records, and have their deliveries read again, in the transaction of whoever calls.

    To be called while the records are still there: what is near them can be found only through them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, {"records": list(records), "step": STEP})
