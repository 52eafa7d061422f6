"""Decisions that contradict one another: a "same" that cannot hold beside a "different", with everything on either side of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.resolution.chains import standing
from crossline.engines.resolution.clusters import DIFFERENT
from crossline.entities.clusters import decisions_among
from crossline.entities.models import Judgement
from crossline.entities.proposals import said_of_people


@dataclass(frozen=True)
class Conflict:
    """A "same" that does not hold, and the "different" decisions that keep its two sides apart."""

    same: Judgement
    different: Sequence[Judgement]


def conflicts(viewpoint: Viewpoint) -> list[Conflict]:
    """What somebody must settle by taking a decision back, the newest first. Empty where decisions agree."""
    decisions, made = decisions_among(viewpoint)
    if not made.contradicted:
        return []
    rows = said_of_people(viewpoint).filter(decides=True)
    newest: dict[tuple[str, str], Judgement] = {}
    for row in reversed(rows):
        newest[str(row.left_id), str(row.right_id)] = row
    apart = [ends for ends, verdict in standing(decisions).items() if verdict == DIFFERENT]
    found = []
    for each in made.contradicted:
        sides = {made.cluster_of[each.left], made.cluster_of[each.right]}
        kept = [newest[ends] for ends in sorted(apart) if {made.cluster_of[end] for end in ends} == sides]
        found.append(Conflict(newest[_ordered(each.left, each.right)], kept))
    return sorted(found, key=lambda each: (each.same.decided_at, each.same.id), reverse=True)


def contradicted_ids(viewpoint: Viewpoint) -> frozenset[UUID]:
    """The "same" decisions that do not hold."""
    return frozenset(each.same.id for each in conflicts(viewpoint))


def _ordered(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)
