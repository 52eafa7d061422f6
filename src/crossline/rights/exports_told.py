"""Which exports of the agency's own people may have held a person: as far as the audit knows, and the audit names no person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crossline.access.audit import Event
from crossline.exchange.catalogue import NETWORKS, What
from crossline.exchange.ledger import OF_AN_ORDER, Told, told

_WITH_PEOPLE = frozenset({What.PEOPLE, What.CONCERNS, What.LINES, What.OVERLAPS, OF_AN_ORDER})
"""Tables whose rows name or point at people, and documents that do; whatever is written as a network does too."""


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
    own = {str(mention) for mention in mentions}
    return [export for row in told(since) if (export := _of_person(row, own)) is not None]


def _of_person(left: Told, own: Collection[str]) -> ExportTold | None:
    if left.event == Event.SUBJECT_ACCESS_GIVEN:
        earlier = ExportTold(left.at, left.actor, "subject access pack", "zip", left.purpose, left.sha256, True)
        return earlier if left.what in own else None
    format_ = str(left.detail.get("format", ""))
    if left.what not in _WITH_PEOPLE and format_ not in NETWORKS:
        return None
    return ExportTold(left.at, left.actor, left.what, format_, left.purpose, left.sha256, False)
