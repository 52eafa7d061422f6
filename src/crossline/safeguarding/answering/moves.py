"""What a concern can be, what may follow what, whose move it is, and who owns it afterwards: tables, and one function over them.

Exactly one agency owns a concern at every moment until it ends, and in it one named person or, before somebody takes it on,
its safeguarding desk. Offering it to another agency changes nothing of that until the other accepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db import models

from crossline.access.roles import Role
from crossline.errors import MoveNotAllowed

WHO_ANSWERS: Final = frozenset({Role.SAFEGUARDING})
"""Who takes a concern on and acts on it, for the agency that owns it."""
WHO_COORDINATES: Final = frozenset({Role.SAFEGUARDING, Role.COORDINATOR})
"""Who of the centre offers a concern on, opens one again and writes what was done."""


class CaseState(models.TextChoices):
    """How a concern stands."""

    RAISED = "raised", "Raised"
    TAKEN_ON = "taken_on", "Taken on"
    IN_HAND = "in_hand", "In hand"
    OFFERED = "offered", "Offered to another agency"
    DECLINED = "declined", "Offer declined"
    WITHDRAWN = "withdrawn", "Offer taken back"
    ACCEPTED = "accepted", "Accepted from another agency"
    ENDED = "ended", "Ended"
    REOPENED = "reopened", "Open again"


class CaseEnd(models.TextChoices):
    """How a concern can end: a closed list. One that was only passed on has not ended."""

    SAFEGUARDED = "safeguarded", "Safeguarded: what was needed is in place"
    PASSED = "passed", "Passed to an organisation outside Crossline, which accepted it"
    KNOWN = "known", "Already known, and worked there"
    NOT_ABOUT = "not_about", "Not about this person"
    NO_RISK = "no_risk", "No longer at risk"
    ADULT = "adult", "An adult, to whom the sign does not apply"


class Side(StrEnum):
    """On which side of a concern somebody is."""

    OWNER = "owner"
    OFFERED = "offered"
    CENTRE = "centre"
    PROCESS = "process"


_S = CaseState
_PASS: Final = {_S.OFFERED: frozenset({Side.OWNER, Side.CENTRE})}
_OWN: Final = frozenset({Side.OWNER})
_AT_WORK: Final = {_S.TAKEN_ON: _OWN, _S.IN_HAND: _OWN, _S.ENDED: _OWN, **_PASS}

MOVES: Final[Mapping[CaseState, Mapping[CaseState, frozenset[Side]]]] = MappingProxyType(
    {
        _S.RAISED: {_S.TAKEN_ON: _OWN, **_PASS},
        _S.REOPENED: {_S.TAKEN_ON: _OWN, **_PASS},
        _S.TAKEN_ON: _AT_WORK,
        _S.IN_HAND: {_S.TAKEN_ON: _OWN, _S.ENDED: _OWN, **_PASS},
        _S.ACCEPTED: _AT_WORK,
        _S.OFFERED: {
            _S.ACCEPTED: frozenset({Side.OFFERED}),
            _S.DECLINED: frozenset({Side.OFFERED}),
            _S.WITHDRAWN: frozenset({Side.OWNER, Side.CENTRE}),
        },
        _S.DECLINED: _AT_WORK,
        _S.WITHDRAWN: _AT_WORK,
        _S.ENDED: {_S.REOPENED: frozenset({Side.OWNER, Side.CENTRE, Side.PROCESS})},
    }
)
"""What a concern that stands so can become, and on whose word."""
NAMES_SOMEBODY: Final = frozenset({_S.TAKEN_ON, _S.ACCEPTED})
"""After these a named person owns it."""
NEEDS_SOMEBODY: Final = frozenset({_S.IN_HAND, _S.ENDED})
"""Before these somebody named has to have taken it on."""


@dataclass(frozen=True)
class Held:
    """Whose a concern is: an agency, and in it a person (a username) or, where that is empty, its safeguarding desk."""

    state: CaseState
    agency: str
    person: str = ""
    offered: str = ""  # to which agency, while it is offered

    @property
    def has_ended(self) -> bool:
        return self.state is CaseState.ENDED


def follow(held: Held, *, state: CaseState, side: Side, person: str = "", offered: str = "") -> Held:
    """How a concern is held after a move. `person`: who is to own it; `offered`: to which agency it is offered.

    Raises MoveNotAllowed where the table knows no such move, of that side, or where somebody has to be named first.
    """
    if side not in MOVES[held.state].get(state, frozenset()):
        raise MoveNotAllowed(
            f"A concern that stands as “{held.state.label}” does not become “{CaseState(state).label}” on your word."
        )
    if state in NEEDS_SOMEBODY and not held.person:
        raise MoveNotAllowed("Nobody has taken this concern on; take it on first, in somebody’s name.")
    if state in NAMES_SOMEBODY and not person:
        raise MoveNotAllowed("Say who takes it on.")
    if state is CaseState.OFFERED:
        if not offered or offered == held.agency:
            raise MoveNotAllowed("Choose another agency to offer it to; it is this one’s already.")
        return Held(state, held.agency, held.person, offered)
    if state is CaseState.ACCEPTED:
        return Held(state, held.offered, person)
    if state is CaseState.REOPENED:
        return Held(state, held.agency)
    return Held(state, held.agency, person if state is CaseState.TAKEN_ON else held.person)


def sides_of(held: Held, agency: str, centre: str) -> frozenset[Side]:
    """On which sides of a concern somebody of an agency is."""
    found = {Side.OWNER: held.agency, Side.OFFERED: held.offered, Side.CENTRE: centre}
    return frozenset(side for side, of in found.items() if of == agency)
