"""Concerns as a viewer sees them: one entry a person, with every reason, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.entities.clusters import people
from crossline.records.generation import Kept
from crossline.safeguarding.models import Concern


@dataclass(frozen=True)
class PersonOfConcern:
    """A person put forward, with the visible reasons why."""

    person: UUID
    name: str
    concerns: Sequence[Concern]

    @property
    def raised_at(self) -> datetime:
        """When the newest reason was raised."""
        return max(concern.raised_at for concern in self.concerns)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(sorted({concern.reason for concern in self.concerns}))

    @property
    def agencies(self) -> tuple[str, ...]:
        return tuple(sorted({concern.owner_id for concern in self.concerns}))


def concerns_of(viewpoint: Viewpoint, *, standing: Standing = Standing.RAISED) -> Sequence[PersonOfConcern]:
    """Everyone put forward whom the viewer sees, the newest first: nobody in need of help is ranked."""
    return _by_standing(viewpoint)[standing]


def _grouped(viewpoint: Viewpoint) -> Mapping[Standing, Sequence[PersonOfConcern]]:
    known = people(viewpoint)
    grouped: dict[tuple[str, str], list[Concern]] = defaultdict(list)
    rows = viewpoint.visible(Concern.objects.all()).select_related("mention", "record")
    for concern in rows.order_by("-raised_at", "mention_id", "reason"):
        grouped[concern.standing, known.of(str(concern.mention_id))].append(concern)
    found: dict[Standing, list[PersonOfConcern]] = {standing: [] for standing in Standing}
    for (standing, person), concerns in grouped.items():
        name = max((concern.mention.caption for concern in concerns), key=len)
        found[Standing(standing)].append(PersonOfConcern(UUID(person), name, concerns))
    for several in found.values():
        several.sort(key=lambda each: (-each.raised_at.timestamp(), each.person))
    return found


_by_standing: Kept[Mapping[Standing, Sequence[PersonOfConcern]]] = Kept(_grouped)
