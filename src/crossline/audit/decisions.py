"""What an auditor makes of a read: recorded with a reason, never by whoever did the reading."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from crossline.access.audit import Event, Subject, log
from crossline.access.models import AuditDecision, AuditEvent
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UserError

LONGEST_NOTE = 500


class Outcome(StrEnum):
    """What becomes of a read that an auditor looked into."""

    IN_ORDER = "in_order"
    ASKED = "asked"
    REFERRED = "referred"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.IN_ORDER: "In order",
    Outcome.ASKED: "The reader has been asked",
    Outcome.REFERRED: "Referred to professional standards",
}


def decide(*, event: UUID, outcome: Outcome, note: str, viewpoint: Viewpoint) -> AuditDecision:
    """Record what the viewer makes of a read that they may see and did not do themselves."""
    viewer = viewpoint.viewer
    if not viewer.roles & AUDITORS:
        raise NotPermitted("Only an auditor or information manager decides on reads.")
    if not note.strip():
        raise UserError("Write a sentence on what you found: others will read it years from now.")
    read = AuditEvent.objects.filter(id=event).first()
    if read is None:
        raise NotPermitted("That read does not exist, or you may not see it.")
    if read.actor_id == str(viewer.person_id):
        raise NotPermitted("Nobody decides on what they read themselves; another auditor has to.")
    made = AuditDecision(
        event=event,
        outcome=outcome,
        note=note.strip()[:LONGEST_NOTE],
        decided_by=viewer.username,
        decided_agency=viewer.agency,
    )
    made.save(force_insert=True)
    about = Subject("audit event", str(event), {"outcome": str(outcome)})
    log(Event.READ_DECIDED_ON, by=viewer, about=about, purpose="audit")
    return made


AUDITORS = frozenset({Role.AUDITOR, Role.INFORMATION_MANAGER})
"""Who answers for an agency's audit; row security names the same two."""
