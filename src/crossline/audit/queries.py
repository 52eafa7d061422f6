"""Reading the audit: row security shows each person their own reads, and an agency's auditors theirs and those of its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crossline.access.models import AuditDecision, AuditEvent, AuditSubject
from crossline.access.roles import Role
from crossline.access.viewer import Explanation, Viewpoint
from crossline.records.decoys.planting import known
from crossline.records.decoys.security import SECRET_EVENTS

DESK_ORDER = (Explanation.NONE, Explanation.OVERVIEW, Explanation.TASK, Explanation.OWN_AGENCY)
"""What nothing explains comes first."""


@dataclass(frozen=True)
class Look:
    """One read: who, when, what was opened or asked, and what explains it as far as that is on record."""

    event: UUID
    at: datetime
    actor: str
    actor_agency: str
    page: str
    which: str
    purpose: str
    verb: str
    asked: Mapping[str, str]
    victims_named: bool
    approval: str
    explanation: Explanation | None  # None: it showed no record
    records: int
    outcome: str
    decoy: bool  # it showed a decoy, and the viewer may know that


def own_looks(viewpoint: Viewpoint) -> QuerySet[AuditEvent]:
    """What the viewer did themselves, the latest first."""
    return _own(viewpoint).order_by("-at", "id")


def looks_at(viewpoint: Viewpoint, record: UUID) -> QuerySet[AuditEvent]:
    """Who read one record of the viewer's agency, the latest first; their own reads are not theirs to judge and left out."""
    shown = AuditSubject.objects.filter(record=record, owner_agency=viewpoint.viewer.agency)
    return _others(viewpoint).filter(id__in=shown.values("event")).order_by("-at", "id")


def desk(viewpoint: Viewpoint, *, since: datetime, actor: str = "") -> QuerySet[AuditEvent]:
    """Reads by people of the viewer's agency, and reads of its records by others, since a moment; never the viewer's own."""
    agency = viewpoint.viewer.agency
    of_records = AuditSubject.objects.filter(owner_agency=agency, at__gte=since)
    rows = _others(viewpoint).filter(Q(actor_agency=agency) | Q(id__in=of_records.values("event")), at__gte=since)
    if actor:
        rows = rows.filter(actor=actor)
    return rows


def unexplained(viewpoint: Viewpoint, *, since: datetime) -> QuerySet[AuditSubject]:
    """The opened records that nothing explains: of the agency's own people, and of the agency's own records."""
    agency = viewpoint.viewer.agency
    rows = AuditSubject.objects.filter(explanation=Explanation.NONE, at__gte=since)
    return rows.filter(Q(actor_agency=agency) | Q(owner_agency=agency)).exclude(
        actor_id=str(viewpoint.viewer.person_id)
    )


def of_decoys(viewpoint: Viewpoint, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Those of the reads that showed a decoy of which the viewer may know."""
    shown = AuditSubject.objects.filter(event=OuterRef("id"), actor_id=OuterRef("actor_id"))
    return rows.filter(Exists(shown.filter(record__in=known(viewpoint).values("id"))))


def decoys_among(viewpoint: Viewpoint, records: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the records that are decoys of which the viewer may know."""
    return frozenset(known(viewpoint).filter(id__in=list(records)).values_list("id", flat=True))


def was_read(viewpoint: Viewpoint, record: UUID) -> bool:
    """Whether anybody was ever shown this record of the viewer's agency."""
    return AuditSubject.objects.filter(record=record, owner_agency=viewpoint.viewer.agency).exists()


def one_read(viewpoint: Viewpoint, event: UUID) -> AuditEvent | None:
    """A read that the viewer may judge: one they may see, and not their own."""
    return _others(viewpoint).filter(id=event).first()


def records_shown(event: UUID) -> list[AuditSubject]:
    """The records that a read showed, as far as row security lets the viewer know of them; what nothing explains first."""
    rows = list(AuditSubject.objects.filter(event=event).order_by("record"))
    return sorted(rows, key=lambda row: DESK_ORDER.index(Explanation(row.explanation)))


def looks(viewpoint: Viewpoint, events: Iterable[AuditEvent]) -> list[Look]:
    """Rows of the audit with what explains each and what an auditor of the viewer's agency made of it."""
    held = list(events)
    ids = [event.id for event in held]
    explained: dict[UUID, list[Explanation]] = {}
    readers = {event.id: event.actor_id for event in held}
    subjects = AuditSubject.objects.filter(event__in=ids).values_list("event", "actor_id", "explanation")
    for event, actor_id, explanation in subjects:
        if readers[event] == actor_id:  # nobody else's row speaks for a read
            explained.setdefault(event, []).append(Explanation(explanation))
    decided = AuditDecision.objects.filter(event__in=ids, decided_agency=viewpoint.viewer.agency).order_by("at")
    outcomes = dict(decided.values_list("event", "outcome"))
    decoys = set(of_decoys(viewpoint, AuditEvent.objects.filter(id__in=ids)).values_list("id", flat=True))
    return [_look(event, explained.get(event.id, []), outcomes.get(event.id, ""), event.id in decoys) for event in held]


def _look(event: AuditEvent, explained: list[Explanation], outcome: str, decoy: bool) -> Look:
    worst = min(explained, key=DESK_ORDER.index) if explained else None
    return Look(
        event.id,
        event.at,
        event.actor,
        event.actor_agency,
        event.subject_kind,
        event.subject,
        event.purpose,
        event.verb,
        event.detail.get("asked") or {},
        event.detail.get("victims_named") is True,
        str(event.detail.get("approval") or ""),
        worst,
        len(explained),
        outcome,
        decoy,
    )


def _own(viewpoint: Viewpoint) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(actor_id=str(viewpoint.viewer.person_id))


def _others(viewpoint: Viewpoint) -> QuerySet[AuditEvent]:
    """What others did; of decoys, for auditors alone."""
    rows = AuditEvent.objects.exclude(actor_id=str(viewpoint.viewer.person_id))
    return rows if Role.AUDITOR in viewpoint.viewer.roles else rows.exclude(event__in=SECRET_EVENTS)
