"""The audit: one row for every read and change, in the transaction of what it records, so neither exists without the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection

from crossline.access.models import AuditEvent
from crossline.access.viewer import Viewer


class Verb(StrEnum):
    """The six operations that DPA 2018 s.62 has logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Event(StrEnum):
    """What happened, in the past tense. A closed list: an event nobody can explain is not written."""

    DELIVERY_ACCEPTED = "delivery_accepted"
    DELIVERY_REFUSED = "delivery_refused"
    COMMUNICATIONS_DISPOSED = "communications_disposed"
    PEOPLE_MATCHED = "people_matched"
    SUCCESSIONS_FOUND = "successions_found"
    CONCERNS_RAISED = "concerns_raised"
    JUDGEMENT_MADE = "judgement_made"
    JUDGEMENT_WITHDRAWN = "judgement_withdrawn"
    PERSON_ENROLLED = "person_enrolled"
    ACCESS_ENDED = "access_ended"
    RECORD_REVIEWED = "record_reviewed"
    DISPOSAL_CONFIRMED = "disposal_confirmed"
    DISPOSAL_DECLINED = "disposal_declined"
    DISPOSAL_STOPPED = "disposal_stopped"
    RECORD_DISPOSED = "record_disposed"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    REVIEW_RULES_APPLIED = "review_rules_applied"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    PAGE_VIEWED = "page_viewed"
    SEARCHED = "searched"
    EXPORTED = "exported"


VERBS: dict[Event, Verb] = {
    Event.DELIVERY_ACCEPTED: Verb.COLLECTION,
    Event.DELIVERY_REFUSED: Verb.COLLECTION,
    Event.COMMUNICATIONS_DISPOSED: Verb.ERASURE,
    Event.PEOPLE_MATCHED: Verb.COMBINATION,
    Event.SUCCESSIONS_FOUND: Verb.COMBINATION,
    Event.CONCERNS_RAISED: Verb.COMBINATION,
    Event.JUDGEMENT_MADE: Verb.COMBINATION,
    Event.JUDGEMENT_WITHDRAWN: Verb.COMBINATION,
    Event.PERSON_ENROLLED: Verb.ALTERATION,
    Event.ACCESS_ENDED: Verb.ALTERATION,
    Event.RECORD_REVIEWED: Verb.ERASURE,
    Event.DISPOSAL_CONFIRMED: Verb.ERASURE,
    Event.DISPOSAL_DECLINED: Verb.ERASURE,
    Event.DISPOSAL_STOPPED: Verb.ERASURE,
    Event.RECORD_DISPOSED: Verb.ERASURE,
    Event.HOLD_PLACED: Verb.ALTERATION,
    Event.HOLD_LIFTED: Verb.ALTERATION,
    Event.REVIEW_RULES_APPLIED: Verb.ALTERATION,
    Event.SIGNED_IN: Verb.CONSULTATION,
    Event.SIGN_IN_FAILED: Verb.CONSULTATION,
    Event.PAGE_VIEWED: Verb.CONSULTATION,
    Event.SEARCHED: Verb.CONSULTATION,
    Event.EXPORTED: Verb.DISCLOSURE,
}


@dataclass(frozen=True)
class Process:
    """A named system process, for what no person did."""

    name: str


@dataclass(frozen=True)
class Subject:
    """What was read or changed: a kind of thing and which one."""

    kind: str
    which: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def log(event: Event, *, by: Viewer | Process, about: Subject, purpose: str) -> None:
    """Write one audit row in the present transaction. If it cannot be written, the transaction fails, and so does the act."""
    if not connection.in_atomic_block:
        raise AssertionError(f"{event} was logged outside a transaction: it could stand without what it records")
    is_person = isinstance(by, Viewer)
    AuditEvent.objects.create(
        verb=VERBS[event],
        event=event,
        actor_id=str(by.person_id or "") if isinstance(by, Viewer) else "",
        actor=by.username if isinstance(by, Viewer) else f"process:{by.name}",
        actor_agency=by.agency if isinstance(by, Viewer) else "",
        subject_kind=about.kind,
        subject=about.which[:200],
        purpose=purpose,
        detail=dict(about.detail) | {"actor_kind": "person" if is_person else "process"},
    )
