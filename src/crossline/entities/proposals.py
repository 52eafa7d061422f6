"""Proposals: what people outside the centre say of two mentions, and how the centre's decisions on the same pairs answer them.

The answer is the newest standing decision that came after the proposal. It is computed, so taking a decision back opens what it
had answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import DECISIONS, ENDS
from crossline.entities.models import Judgement
from crossline.vocabulary.codes import MentionKind


class ProposalState(StrEnum):
    """How a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def meaning(self) -> str:
        return _MEANT[self]


_MEANT = {
    ProposalState.OPEN: "Waits for the centre",
    ProposalState.ACCEPTED: "The centre decided likewise",
    ProposalState.DECLINED: "The centre decided otherwise",
}


@dataclass(frozen=True)
class Proposal:
    """One proposal with the decision that answers it, if one does."""

    said: Judgement
    answer: Judgement | None

    @property
    def state(self) -> ProposalState:
        if self.answer is None:
            return ProposalState.OPEN
        return ProposalState.ACCEPTED if self.answer.verdict == self.said.verdict else ProposalState.DECLINED


def proposals(viewpoint: Viewpoint) -> list[Proposal]:
    """Every visible proposal on people that nobody took back, the newest first."""
    return answered(viewpoint, said_of_people(viewpoint).filter(decides=False))


def said_of_people(viewpoint: Viewpoint) -> QuerySet[Judgement]:
    """Every visible judgement on mentions of people that nobody took back, the newest first, with both mentions."""
    rows = Judgement.objects.filter(withdrawal=None, left__kind=MentionKind.PERSON).select_related("left", "right")
    return viewpoint.visible(rows, *ENDS).order_by("-decided_at", "-id")


def answered(viewpoint: Viewpoint, said: Iterable[Judgement]) -> list[Proposal]:
    """These proposals with their answers."""
    held = list(said)
    decisions = DECISIONS.filter(left__in={each.left_id for each in held}, right__in={each.right_id for each in held})
    newest: dict[tuple[UUID, UUID], Judgement] = {}
    for decision in viewpoint.visible(decisions, *ENDS).order_by("decided_at", "id"):
        newest[decision.left_id, decision.right_id] = decision
    return [Proposal(each, _after(each, newest.get((each.left_id, each.right_id)))) for each in held]


def _after(said: Judgement, decision: Judgement | None) -> Judgement | None:
    """The newest decision on the pair, where it came after the proposal."""
    return decision if decision is not None and decision.decided_at > said.decided_at else None
