"""Being told: who asked about what one's agency works on, and whom its own work and checks have met. Joins, not messages.

Nothing is written when a check meets something: both sides' lists are worked out when they look, so that a hit costs whoever
asks no more than a miss, and no order in which rows arrive can lose a pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.access.viewer import Viewpoint


@dataclass(frozen=True)
class AskedAbout:
    """Somebody of another agency asked about something that ours works on: a record that the viewer sees, or a check."""

    asked: UUID
    number: str
    agency: str
    contact: str
    purpose: str
    kind: str
    scheme: str
    at: datetime
    record: UUID | None
    own: UUID | None
    nearness: str = ""  # of planned events


@dataclass(frozen=True)
class Met:
    """What ours works on is also another agency's, which lets that be said; or it is a hub, and then nobody is named."""

    record: UUID | None
    own: UUID | None
    scheme: str
    agency: str
    contact: str
    category: str
    since: datetime | None
    hub: bool
    nearness: str = ""  # of planned events


def asked_about(viewpoint: Viewpoint) -> list[AskedAbout]:
    """What others asked that concerns what the viewer's agency works on and the viewer sees, the newest first."""
    columns = "asked, number, agency, contact, purpose, kind, scheme, at, record, own"
    rows = _told(viewpoint, columns, "deconflict_asked") + _told(viewpoint, f"{columns}, nearness", "events_asked")
    return sorted((AskedAbout(*row) for row in rows), key=lambda each: (each.at, each.number), reverse=True)


def met(viewpoint: Viewpoint) -> list[Met]:
    """Whom the agency's work and its standing checks have met, and what of it is a hub."""
    columns = "record, own, scheme, agency, contact, category, since, hub"
    rows = _told(viewpoint, columns, "deconflict_met") + _told(viewpoint, f"{columns}, nearness", "events_met")
    found = [Met(*row) for row in rows]
    return sorted(found, key=lambda each: (each.hub, each.agency, each.scheme, str(each.record), str(each.own)))


def _told(viewpoint: Viewpoint, columns: str, what: str) -> list[tuple[Any, ...]]:
    if viewpoint.viewer.person_id is None:  # the local administrator is of no agency's side
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM crossline_{what}()")
        return list(cursor.fetchall())
