"""What a request between agencies and the lead of a line can be, what may follow what, and whose move it is: tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db import models

from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.vocabulary.agencies import agencies

WHO_ACTS: Final = frozenset({Role.ANALYST, Role.INVESTIGATOR, Role.COORDINATOR, Role.INFORMATION_MANAGER})
"""Who asks, answers and decides for their agency. Whoever else has a policing role there reads."""


class AskedFor(models.TextChoices):
    """What an agency can ask of another."""

    INFORMATION = "information", "Information"
    ACTION = "action", "Action"
    RESOURCES = "resources", "Resources"


class Priority(models.TextChoices):
    """How urgent a request is; each has its clock (clocks.py)."""

    THREAT_TO_LIFE = "threat_to_life", "Threat to life"
    URGENT = "urgent", "Urgent"
    ROUTINE = "routine", "Routine"


class AboutKind(models.TextChoices):
    """What a request is about: words of its own alone, a returned line, or an investigation of whoever asks."""

    SUBJECT = "subject", "A subject in words"
    LINE = "line_return", "A line"
    INVESTIGATION = "investigation", "An investigation"


class RequestState(models.TextChoices):
    """How a request stands."""

    ASKED = "asked", "Asked"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REGION = "escalated_region", "Escalated to the region"
    ESCALATED = "escalated", "Escalated to the centre"


class Use(models.TextChoices):
    """What the answer was worth to whoever asked, said when they close the request."""

    USEFUL = "useful", "Useful"
    PARTLY = "partly", "Partly useful"
    NOT = "not", "Not useful"


class LeadState(models.TextChoices):
    """What became of offering an agency the lead of a line."""

    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Leads"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Offer taken back"
    ENDED = "ended", "Laid down"


class Side(StrEnum):
    """On which side of a request somebody is."""

    ASKER = "asker"
    ASKED = "asked"
    REGION = "region"
    CENTRE = "centre"

    @property
    def meaning(self) -> str:
        return {
            Side.ASKER: "the agency that asked",
            Side.ASKED: "the agency that was asked",
            Side.REGION: "the regional unit of the agency that was asked",
            Side.CENTRE: "the centre",
        }[self]


_S = RequestState
_UP: Final = {_S.REGION: Side.ASKER, _S.ESCALATED: Side.ASKER}
"""To the region first, then to the centre (Standing.why_not_escalated)."""
_BACK: Final = {_S.WITHDRAWN: Side.ASKER, **_UP}
_DECISIONS: Final = {_S.ACCEPTED: Side.ASKED, _S.DECLINED: Side.ASKED, _S.DEFERRED: Side.ASKED}

MOVES: Final[Mapping[RequestState, Mapping[RequestState, Side]]] = MappingProxyType(
    {
        _S.ASKED: {_S.ACKNOWLEDGED: Side.ASKED, **_BACK},
        _S.ACKNOWLEDGED: {**_DECISIONS, **_BACK},
        _S.ACCEPTED: {_S.ANSWERED: Side.ASKED, _S.DECLINED: Side.ASKED, _S.DEFERRED: Side.ASKED, **_BACK},
        _S.DEFERRED: {_S.ANSWERED: Side.ASKED, _S.ACCEPTED: Side.ASKED, _S.DECLINED: Side.ASKED, **_BACK},
        _S.DECLINED: {_S.CLOSED: Side.ASKER, **_UP},
        _S.REGION: {
            _S.ASKED: Side.REGION,
            **_DECISIONS,
            _S.ANSWERED: Side.ASKED,
            _S.WITHDRAWN: Side.ASKER,
            _S.ESCALATED: Side.ASKER,
        },
        _S.ESCALATED: {
            _S.ASKED: Side.CENTRE,
            **_DECISIONS,
            _S.ANSWERED: Side.ASKED,
            _S.WITHDRAWN: Side.ASKER,
        },
        _S.ANSWERED: {_S.CLOSED: Side.ASKER},
        _S.CLOSED: {},
        _S.WITHDRAWN: {},
    }
)
"""What a request that stands so can become, and whose move each is. What stays as it is, is a remark, of any side."""

ENDED: Final = frozenset({_S.CLOSED, _S.WITHDRAWN})
"""After these nothing follows, remarks neither."""

ESCALATIONS: Final = frozenset({_S.REGION, _S.ESCALATED})
"""What is made of a request that was declined or is late."""

WAITS_FOR: Final[Mapping[RequestState, Side | None]] = MappingProxyType(
    {
        **dict.fromkeys((_S.ASKED, _S.ACKNOWLEDGED, _S.ACCEPTED, _S.DEFERRED), Side.ASKED),
        **dict.fromkeys((_S.DECLINED, _S.ANSWERED), Side.ASKER),
        _S.REGION: Side.REGION,
        _S.ESCALATED: Side.CENTRE,
        **dict.fromkeys(ENDED),
    }
)
"""Whose desk a request lies on."""

LEAD_MOVES: Final[Mapping[LeadState, frozenset[LeadState]]] = MappingProxyType(
    {
        LeadState.OFFERED: frozenset({LeadState.ACCEPTED, LeadState.DECLINED, LeadState.WITHDRAWN}),
        LeadState.ACCEPTED: frozenset({LeadState.ENDED}),
        LeadState.DECLINED: frozenset(),
        LeadState.WITHDRAWN: frozenset(),
        LeadState.ENDED: frozenset(),
    }
)
"""What an offer of the lead can become. The agency that is to lead answers it; whoever made it takes it back."""


def side_of(agency: str, asker: str, asked: str) -> Side | None:
    """On which side of a request an agency is; None: of none. A regional unit sees only what was escalated to it."""
    if agency == asker:
        return Side.ASKER
    if agency == asked:
        return Side.ASKED
    if agency == CENTRE:
        return Side.CENTRE
    return Side.REGION if agency == regional_unit(asker, asked) else None


def regional_unit(asker: str, asked: str) -> str:
    """The regional unit to which a request is escalated before the centre; empty where the agency that was asked has none.

    London's two forces and the national agencies have none, nor is there one where the unit is itself a side.
    """
    entry = agencies().get(asked)
    unit = entry.rocu_id if entry else ""
    return "" if unit in (asker, asked) else unit
