"""What was corrected after somebody read it: whoever was given an older revision of a record is told of the newer one.

The ledger of who was given what is the audit itself. Only records are told of of which the reader sees both revisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.records.models import Record
from crossline.records.newest import NEWEST_REVISION

PAGE: Final = "corrected-since"
"""The name of the page that tells of corrections. That it lists a newer revision is not yet that somebody read it."""

_CORRECTED = (
    """
SELECT r.id, max(s.at) FROM access_auditsubject s
JOIN records_record o ON o.id = s.record
JOIN records_record r ON r.owner_id = o.owner_id AND r.source = o.source AND r.ref = o.ref AND r.revision > o.revision
WHERE s.actor_id = %s AND {visible} AND """
    + NEWEST_REVISION
    + """
AND NOT EXISTS (
    SELECT FROM access_auditsubject t JOIN access_auditevent e ON e.id = t.event
    WHERE t.record = r.id AND t.actor_id = s.actor_id AND e.actor_id = s.actor_id AND e.subject_kind <> %s)
GROUP BY r.id ORDER BY max(s.at) DESC, r.id
LIMIT %s
"""
)


@dataclass(frozen=True)
class Correction:
    """A record as it stands now, and when the reader was last shown what it was before."""

    record: Record
    read_at: datetime


def corrections(viewpoint: Viewpoint, *, most: int) -> list[Correction]:
    """What the viewer was shown and has been corrected since, until they are shown the newer; the latest read first."""
    visible, seen = viewpoint.clause("o.audience_id", "r.audience_id")
    newer, newer_seen = viewpoint.clause("n.audience_id")
    query = _CORRECTED.format(visible=visible, newer=newer)
    with connection.cursor() as cursor:
        cursor.execute(query, [str(viewpoint.viewer.person_id), *seen, *newer_seen, PAGE, most])
        read_at: dict[UUID, datetime] = dict(cursor.fetchall())
    held = {each.id: each for each in viewpoint.visible(Record.objects.filter(id__in=read_at))}
    return [Correction(held[id_], at) for id_, at in read_at.items() if id_ in held]
