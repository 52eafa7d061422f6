"""The states of a returned line: what may follow what, who says it, and when a closed one is checked. All of it data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db import models

from crossline.vocabulary.codes import LineStatus


class DeclaredState(models.TextChoices):
    """What somebody declares of a returned line. `as_returned` is no row: nothing was declared of such a line."""

    AS_RETURNED = "as_returned", "As returned"
    IDENTIFIED = "identified", "Identified"
    ACTIVE = "active", "Active"
    DISRUPTED = "disrupted", "Disrupted"
    TYPE1_PROPOSED = "type1_proposed", "Type 1 closure proposed"
    TYPE2_PROPOSED = "type2_proposed", "Type 2 closure proposed"
    CLOSED_TYPE1 = "closed_type1", "Closed, type 1"
    CLOSED_TYPE2 = "closed_type2", "Closed, type 2"
    NOT_AGREED = "not_agreed", "Closure not agreed"
    TAKEN_BACK = "taken_back", "Proposal taken back"
    CHECKED = "checked", "Checked: out of use"
    REOPENED = "reopened", "Reopened"


class OrdersTaken(models.TextChoices):
    """How a line takes its orders. `as_found` takes a declaration back: what the records show counts again."""

    PHONE = "phone", "By telephone"
    SOCIAL = "social", "By social media or an app"
    BOTH = "both", "By telephone and by social media or an app"
    NOT_KNOWN = "not_known", "Not known"
    AS_FOUND = "as_found", "As the records show"


_S = DeclaredState
PROPOSALS: Final = frozenset({_S.TYPE1_PROPOSED, _S.TYPE2_PROPOSED})
CLOSURES: Final = frozenset({_S.CLOSED_TYPE1, _S.CLOSED_TYPE2})
AGREES_TO: Final[Mapping[DeclaredState, DeclaredState]] = MappingProxyType(
    {_S.CLOSED_TYPE1: _S.TYPE1_PROPOSED, _S.CLOSED_TYPE2: _S.TYPE2_PROPOSED}
)
"""Each closure with the proposal that it agrees to."""
BY_OWNER: Final = frozenset({_S.IDENTIFIED, _S.ACTIVE, _S.DISRUPTED, _S.TAKEN_BACK}) | PROPOSALS
"""What the agency that returned the line declares. [D], after [S] domain notes 1.5: the centre decides what is closed."""
BY_CENTRE: Final = CLOSURES | {_S.NOT_AGREED}
"""What the centre alone declares, and never who proposed it."""
BY_EITHER: Final = frozenset({_S.CHECKED, _S.REOPENED})

_OPEN: Final = frozenset({_S.IDENTIFIED, _S.ACTIVE, _S.DISRUPTED}) | PROPOSALS
MOVES: Final[Mapping[DeclaredState, frozenset[DeclaredState]]] = MappingProxyType(
    {
        _S.AS_RETURNED: _OPEN,
        _S.IDENTIFIED: _OPEN - {_S.IDENTIFIED},
        _S.ACTIVE: _OPEN - {_S.ACTIVE, _S.IDENTIFIED},
        _S.DISRUPTED: _OPEN - {_S.DISRUPTED, _S.IDENTIFIED},
        _S.REOPENED: _OPEN - {_S.IDENTIFIED},
        _S.TYPE1_PROPOSED: frozenset({_S.CLOSED_TYPE1, _S.NOT_AGREED, _S.TAKEN_BACK}),
        _S.TYPE2_PROPOSED: frozenset({_S.CLOSED_TYPE2, _S.NOT_AGREED, _S.TAKEN_BACK}),
        _S.CLOSED_TYPE1: frozenset({_S.CHECKED, _S.REOPENED}),
        _S.CLOSED_TYPE2: frozenset({_S.CHECKED, _S.REOPENED, _S.TYPE1_PROPOSED}),
    }
)
"""What may be declared of a line that stands so. What is not agreed or taken back leaves it as it stood before."""

STATUS_OF: Final[Mapping[DeclaredState, LineStatus]] = MappingProxyType(
    {
        _S.IDENTIFIED: LineStatus.IDENTIFIED,
        _S.ACTIVE: LineStatus.ACTIVE,
        _S.DISRUPTED: LineStatus.DISRUPTED,
        _S.CLOSED_TYPE1: LineStatus.CLOSED_TYPE1,
        _S.CLOSED_TYPE2: LineStatus.CLOSED_TYPE2,
        _S.REOPENED: LineStatus.ACTIVE,
    }
)
"""The status of the register for each state that gives one: the others leave the status as it is."""


@dataclass(frozen=True)
class CheckBackRule:
    """On which days after a closure somebody looks again, and from how many days late it is overdue."""

    version: str
    days: tuple[int, ...]
    overdue_after: int
    authority: str


CHECK_BACKS: Final = CheckBackRule(
    version="check-backs-1",
    days=(1, 7, 28, 90),
    overdue_after=3,
    authority="[S] check-backs confirm that the number stays out of use: domain notes 1.5; the days are this platform's own [D]",
)
