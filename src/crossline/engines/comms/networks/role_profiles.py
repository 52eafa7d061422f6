"""What a phone of each role does towards a line, as data: shares of its dealings by kind, and how often a broadcast reaches it.

All [D]: set on worlds of bench/comms_networks_world.py (seeds 1 to 4). A role says what a phone did,
never who somebody is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a phone did towards a line. The first two are of the line's own numbers."""

    BROADCASTER = "broadcaster"
    ORDER_TAKER = "order-taker"
    RUNNER = "runner"
    SUPPLIER = "supplier"
    HOLDER_CONTACT = "holder contact"
    CUSTOMER = "customer"


CONTACT_ROLES = (Role.CUSTOMER, Role.RUNNER, Role.HOLDER_CONTACT, Role.SUPPLIER)
KINDS = ("came", "back", "at_once", "soon", "later")
"""Kinds of dealing, as the table contact_day counts them: it rang or texted the line; the line rang it back within half an
hour; the line rang it at once, soon, or long after somebody else had rung the line."""

SAFEGUARDING = (
    "Whoever carries a phone that does a runner's work may be a child or an adult who is exploited: a victim first. "
    "Consider safeguarding and a referral to the National Referral Mechanism before anything else."
)
"""Stands with every row of a runner."""

MEANING: Mapping[Role, str] = MappingProxyType(
    {
        Role.BROADCASTER: "the number sent one text to many people within minutes",
        Role.ORDER_TAKER: "many different numbers rang or texted it in a day",
        Role.RUNNER: "the line rang or texted it promptly after somebody else had rung the line",
        Role.SUPPLIER: "the line rang it, seldom the other way, and it was never among those a broadcast went to",
        Role.HOLDER_CONTACT: "it and the line rang each other unprompted, and it was not among those a broadcast went to",
        Role.CUSTOMER: "it was among those a broadcast went to, or it rang the line and was rung back",
    }
)


@dataclass(frozen=True)
class RoleProfiles:
    """`kinds`: for each role the share of each of KINDS; `reached`: of the broadcasts while it was about; `before`: prior share.

    `most_dealings`, `most_broadcasts`: dealings of one phone are no independent draws, so more than these weigh no more.
    """

    version: str
    authority: str
    kinds: Mapping[Role, tuple[float, float, float, float, float]] = field(default_factory=dict)
    reached: Mapping[Role, float] = field(default_factory=dict)
    before: Mapping[Role, float] = field(default_factory=dict)
    most_dealings: float = 30.0
    most_broadcasts: float = 10.0


STANDARD_PROFILES = RoleProfiles(
    version="roles-1",
    authority="platform proposal [D] on synthetic worlds; the runner's and customer's kind after the sale proxy (notes §1.1)",
    kinds=MappingProxyType(
        {
            Role.CUSTOMER: (0.62, 0.28, 0.02, 0.03, 0.05),
            Role.RUNNER: (0.25, 0.12, 0.36, 0.14, 0.13),
            Role.HOLDER_CONTACT: (0.42, 0.08, 0.05, 0.11, 0.34),
            Role.SUPPLIER: (0.10, 0.03, 0.09, 0.18, 0.60),
        }
    ),
    reached=MappingProxyType({Role.CUSTOMER: 0.75, Role.RUNNER: 0.02, Role.HOLDER_CONTACT: 0.02, Role.SUPPLIER: 0.02}),
    before=MappingProxyType({Role.CUSTOMER: 0.94, Role.RUNNER: 0.03, Role.HOLDER_CONTACT: 0.02, Role.SUPPLIER: 0.01}),
)
