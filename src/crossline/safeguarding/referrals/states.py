"""How a referral stands, what each side may make of it, and by when: pure rules, with the clocks read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from django.db import models

_DATA: Final = Path(__file__).parent / "data"


class Side(models.TextChoices):
    """Who acts."""

    SENDER = "sender", "Whoever referred"
    PARTNER = "partner", "Whoever was asked"


class State(models.TextChoices):
    """How a referral stands. Drafted is one of which no sheet was sent; revoked one whose sheet was taken back."""

    DRAFTED = "drafted", "Drafted"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    ACTION = "action", "Action taken"
    OUTCOME = "outcome", "Outcome recorded"
    DONE = "done", "Done"
    REOPENED = "reopened", "Reopened"
    REVOKED = "revoked", "Revoked"


_S, _P = Side.SENDER, Side.PARTNER
_ANSWER: Final = {State.ACCEPTED: _P, State.REJECTED: _P}
_TAKEN_BACK: Final = {State.REVOKED: _S}
MOVES: Final[Mapping[State, Mapping[State, Side]]] = MappingProxyType(
    {
        State.DRAFTED: {State.SENT: _S},
        State.SENT: {State.RECEIVED: _P, **_TAKEN_BACK},
        State.RECEIVED: {**_ANSWER, **_TAKEN_BACK},
        State.ACCEPTED: {State.ACTION: _P, State.OUTCOME: _P, **_TAKEN_BACK},
        State.REJECTED: {State.REOPENED: _S, State.DONE: _S, **_TAKEN_BACK},
        State.ACTION: {State.ACTION: _P, State.OUTCOME: _P, **_TAKEN_BACK},
        State.OUTCOME: {State.DONE: _S, State.REOPENED: _S, **_TAKEN_BACK},
        State.DONE: {State.REOPENED: _S, **_TAKEN_BACK},
        State.REOPENED: {**_ANSWER, **_TAKEN_BACK},
        State.REVOKED: {State.SENT: _S},
    }
)
"""What may follow what, and which side may do it. What was revoked is sent again as a new sheet, read anew before it leaves."""
STEPS: Final = tuple(state for state in State if state not in (State.DRAFTED, State.REVOKED))
"""States that are a row of a sheet's steps."""
OPEN: Final = frozenset({State.SENT, State.RECEIVED, State.ACCEPTED, State.ACTION, State.REOPENED})
"""Something is expected of the recipient."""


def moves_of(state: State, side: Side) -> list[State]:
    """What a side may make of a referral that stands so."""
    return [to for to, whose in MOVES[state].items() if whose is side]


def side_of(state: State) -> Side:
    """Whose move leads to a state: of each state one side's alone."""
    return next(leads[state] for leads in MOVES.values() if state in leads)


@dataclass(frozen=True)
class Urgency:
    """How long a recipient has, in hours from sending. `escalated`: late by as much, the centre's coordinators see it."""

    id: str
    name: str
    received: int
    answered: int
    action: int
    escalated: int
    label: str


@dataclass(frozen=True)
class Due:
    """What is expected of a recipient next, and by when."""

    what: str
    by: datetime
    escalates: datetime

    def is_late(self, now: datetime) -> bool:
        return now > self.by

    def is_escalated(self, now: datetime) -> bool:
        """Whether the centre's coordinators see it as late, too."""
        return now > self.escalates


@cache
def urgencies() -> Mapping[str, Urgency]:
    """Every urgency, the shortest first."""
    return MappingProxyType({each["id"]: Urgency(**each) for each in _said()["urgency"]})


def clocks_authority() -> str:
    """On what the clocks rest."""
    return str(_said()["authority"])


def next_due(urgency: Urgency, steps: Sequence[tuple[State, datetime]]) -> Due | None:
    """What is due next of a sheet with these steps, in their order; none once nothing is expected of the recipient.

    Clocks count from sending, and from reopening anew.
    """
    state = steps[-1][0]
    if state not in OPEN:
        return None
    begun = next(at for each, at in reversed(steps) if each in (State.SENT, State.REOPENED))
    what, hours = {
        State.SENT: ("Open it", urgency.received),
        State.RECEIVED: ("Accept it or reject it", urgency.answered),
        State.REOPENED: ("Accept it or reject it", urgency.answered),
        State.ACCEPTED: ("Say what was done", urgency.action),
        State.ACTION: ("Say what came of it", urgency.action),
    }[state]
    by = begun + timedelta(hours=hours)
    return Due(what, by, by + timedelta(hours=urgency.escalated))


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads((_DATA / "clocks.toml").read_text(encoding="utf-8"))
