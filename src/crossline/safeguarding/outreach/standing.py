"""Outreach as a viewer sees it: each with its steps and what was counted last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.lines.applicants import WHO_OFFERS_HELP
from crossline.safeguarding.outreach.models import BY_HEALTH, MOVES, Outreach, OutreachState, OutreachStep


@dataclass(frozen=True)
class Standing:
    """One outreach with its steps, the oldest first."""

    outreach: Outreach
    steps: Sequence[OutreachStep]

    @property
    def state(self) -> OutreachState:
        return OutreachState(self.steps[-1].state) if self.steps else OutreachState.PLANNED

    @property
    def counts(self) -> Mapping[str, int]:
        """The newest count of each thing."""
        found: dict[str, int] = {}
        for step in self.steps:
            found |= step.counts
        return found

    def moves_for(self, viewpoint: Viewpoint) -> list[OutreachState]:
        """What the viewer may make of it, in the order of the list."""
        return [
            state for state in OutreachState if state in MOVES[self.state] and may_move(self.outreach, state, viewpoint)
        ]


def outreach_of(viewpoint: Viewpoint, outreach: UUID) -> Standing | None:
    """One, where the viewer sees it."""
    return next(iter(_standing(viewpoint, [outreach])), None)


def outreaches(viewpoint: Viewpoint) -> list[Standing]:
    """Every one that the viewer sees, the newest first."""
    return _standing(viewpoint, None)


def _standing(viewpoint: Viewpoint, only: Sequence[UUID] | None) -> list[Standing]:
    rows = viewpoint.visible(Outreach.objects.all()).select_related("partner", "owner").order_by("-planned_at", "ref")
    found = list(rows if only is None else rows.filter(id__in=only))
    steps: dict[UUID, list[OutreachStep]] = defaultdict(list)
    for step in viewpoint.visible(OutreachStep.objects.filter(outreach__in=found)).order_by("number"):
        steps[step.outreach_id].append(step)
    return [Standing(row, steps[row.id]) for row in found]


def may_plan(viewpoint: Viewpoint) -> bool:
    """Whether the viewer plans outreach at all."""
    return bool(viewpoint.viewer.roles & WHO_OFFERS_HELP)


def may_move(outreach: Outreach, state: OutreachState, viewpoint: Viewpoint) -> bool:
    """Whether it is the viewer's move: the health partner's, or that of the agency that planned it or the centre."""
    viewer = viewpoint.viewer
    if state in BY_HEALTH:
        return viewer.agency == outreach.partner_id
    return may_plan(viewpoint) and viewer.agency in (outreach.owner_id, CENTRE)
