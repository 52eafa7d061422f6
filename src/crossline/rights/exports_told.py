"""Which exports of the agency's own people may have held a person: as far as the audit knows, and the audit names no person.

The web role may not read the audit. The database tells an information manager of these rows alone
(`access.row_security.EXPORTS_TOLD`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from crossline.access.audit import Event
from crossline.exchange.catalogue import NETWORKS, What
from crossline.exchange.exports import OF_AN_ORDER

_WITH_PEOPLE = frozenset({What.PEOPLE, What.CONCERNS, What.LINES, What.OVERLAPS, OF_AN_ORDER})
"""Tables whose rows name or point at people, and documents that do; whatever is written as a network does too."""

_TOLD = "SELECT at, event, actor, subject, purpose, detail FROM crossline_exports_told() WHERE at >= %s"


@dataclass(frozen=True)
class ExportTold:
    """One time that data left, which may have held the person. `certain`: an earlier answer to the person themselves."""

    at: datetime
    actor: str
    what: str
    format: str
    purpose: str
    sha256: str
    certain: bool


def exports_since(since: datetime, *, mentions: Collection[UUID]) -> list[ExportTold]:
    """What left since then, the oldest first. Only within a viewpoint: the database asks who is looking."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [since])
        rows = cursor.fetchall()
    own = {str(mention) for mention in mentions}
    return [told for row in rows if (told := _told(row, own)) is not None]


def _told(row: Sequence[Any], own: Collection[str]) -> ExportTold | None:
    at, event, actor, subject, purpose, detail = row
    said = detail if isinstance(detail, dict) else json.loads(detail)
    sha256 = str(said.get("sha256", ""))
    if event == Event.SUBJECT_ACCESS_GIVEN:
        earlier = ExportTold(at, actor, "subject access pack", "zip", purpose, sha256, True)
        return earlier if subject in own else None
    format_ = str(said.get("format", ""))
    if subject not in _WITH_PEOPLE and format_ not in NETWORKS:
        return None
    return ExportTold(at, actor, subject, format_, purpose, sha256, False)
