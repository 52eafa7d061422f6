"""People as the figures count them: each person once, however often and however spelt the visible records mention them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.facts import Standing
from crossline.engines.indicators.rulebook import ConcernReason
from crossline.entities.clusters import People, people
from crossline.safeguarding.models import Concern

CHILD_REASONS: Final = frozenset(ConcernReason) - {
    ConcernReason.REPEAT_MISSING,
    ConcernReason.TENANT_OF_PREMISES_IN_USE,
}
"""The reasons whose rule holds for children only."""

_BESIDE_A_LINE = """
SELECT DISTINCT p.id::text
FROM records_mention p
JOIN records_mention l ON l.record_id = p.record_id AND l.kind = 'line'
JOIN records_record r ON r.id = p.record_id
WHERE p.kind = 'person' AND r.source = 'reports' AND {visible}
"""


@dataclass(frozen=True)
class PeopleCounted:
    """Numbers of people, never of mentions. `age_not_known`: those whom only a rule that needs an age put forward."""

    mentioned: int
    with_lines: int
    put_forward: int
    children_put_forward: int
    age_not_known: int


def people_counted(viewpoint: Viewpoint) -> PeopleCounted:
    """The counts of a viewpoint."""
    known = people(viewpoint)
    raised, children, unknown = _concerns(viewpoint)
    put_forward = _persons(known, raised)
    return PeopleCounted(
        mentioned=known.number,
        with_lines=len(_persons(known, _beside_lines(viewpoint))),
        put_forward=len(put_forward),
        children_put_forward=len(_persons(known, children)),
        age_not_known=len(_persons(known, unknown) - put_forward),
    )


def _persons(known: People, mentions: Iterable[str]) -> set[str]:
    return {known.of(mention) for mention in mentions}


def _beside_lines(viewpoint: Viewpoint) -> list[str]:
    clause, parameters = viewpoint.clause("p.audience_id", "l.audience_id", "r.audience_id")
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE_A_LINE.format(visible=clause), parameters)
        return [row[0] for row in cursor.fetchall()]


def _concerns(viewpoint: Viewpoint) -> tuple[list[str], list[str], list[str]]:
    """(mentions with a concern raised, with one that only children can have, with an age to find out)."""
    rows = viewpoint.visible(Concern.objects.all(), "audience", "mention__audience")
    found = [
        (str(mention), reason, standing)
        for mention, reason, standing in rows.values_list("mention", "reason", "standing")
    ]
    raised = [(mention, reason) for mention, reason, standing in found if standing == Standing.RAISED]
    return (
        [mention for mention, _ in raised],
        [mention for mention, reason in raised if reason in CHILD_REASONS],
        [mention for mention, _, standing in found if standing == Standing.AGE_NOT_KNOWN],
    )
