"""What is still to be done for which delivery: each step of the daily rhythm marks the deliveries it has dealt with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.records.generation import advance
from crossline.records.models import Delivery, Step

RAISE_CONCERNS: Final = "raise concerns"
"""The step that a record's move into a compartment has done again; its name is a table's content."""


def waiting_for(step: str, *, version: str, full: bool = False) -> list[UUID]:
    """The deliveries this step has not dealt with under this version; all of them when `full`."""
    deliveries = Delivery.objects.order_by("received_at")
    if not full:
        deliveries = deliveries.exclude(step__in=Step.objects.filter(step=step, version=version))
    return list(deliveries.values_list("id", flat=True))


def mark_done(step: str, deliveries: Iterable[UUID], *, version: str) -> None:
    """Note, in the transaction of the step's own writes, that it dealt with these deliveries."""
    now = timezone.now()
    Step.objects.bulk_create(
        [Step(delivery_id=delivery, step=step, version=version, done_at=now) for delivery in deliveries],
        update_conflicts=True,
        unique_fields=["delivery", "step"],
        update_fields=["version", "done_at"],
    )
    advance()
