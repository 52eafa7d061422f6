"""Findings: what an engine concluded becomes a record, with an owner, an audience, a method and a version like any other."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from crossline.records.intake.parsed import ParsedRecord
from crossline.records.intake.store import Keeping, store
from crossline.records.models import Record


def keep_findings(found: Sequence[ParsedRecord], *, owner: str, audience: int, delivery: UUID | None) -> list[UUID]:
    """Store findings, in the transaction of whoever calls, and give their ids; those with a ref that is already held are left
    as they are."""
    refs = [finding.ref for finding in found]
    held = set(Record.objects.filter(owner_id=owner, source="findings", ref__in=refs).values_list("ref", flat=True))
    new = [(finding, 1, audience) for finding in found if finding.ref not in held]
    return store(new, Keeping(owner, delivery, timezone.now()))
