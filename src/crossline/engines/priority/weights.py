"""The weights of the line priority score, as data with their authority.

The shape (harm times likelihood, read beside vulnerability and opportunity) follows what is publicly visible of the
tactical matrices forces use. Their weights are not public; these are this platform's own, to be set by its users.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crossline.engines.priority.facts import Harm

_HARMS = MappingProxyType(
    {
        Harm.CHILD_EXPLOITATION: 0.25,
        Harm.VIOLENCE: 0.20,
        Harm.WEAPONS: 0.15,
        Harm.SEXUAL_VIOLENCE: 0.15,
        Harm.ADULT_EXPLOITATION: 0.10,
        Harm.DRUG_HARM: 0.10,
    }
)
_VULNERABILITY = MappingProxyType(
    {Harm.CHILD_EXPLOITATION: 0.55, Harm.SEXUAL_VIOLENCE: 0.25, Harm.ADULT_EXPLOITATION: 0.20}
)


@dataclass(frozen=True)
class PriorityWeights:
    """Shares within each block add to one. `*_full` is the count at which a term gives all its points."""

    version: str = "line-priority-1"
    authority: str = "platform proposal [D] after domain notes 3.1; not an official method, weights unverified"
    harms: Mapping[Harm, float] = field(default_factory=lambda: _HARMS)
    reach: float = 0.05  # the rest of the harm block: forces touched
    reach_full: int = 6
    assumed_harm: int = 2  # the level a harm nobody has graded is taken at, between its bounds 0 and 5
    # Likelihood runs from its floor to one, so a grave line that has gone quiet keeps part of its risk.
    likelihood_floor: float = 0.40
    recency: float = 0.30
    turnover: float = 0.15  # numbers in a year: a line that replaces its numbers outlives disruption
    turnover_full: int = 6
    scale: float = 0.15
    scale_full: int = 400
    recency_steps: tuple[tuple[int, float], ...] = ((7, 1.0), (28, 0.75), (90, 0.4), (365, 0.1))
    vulnerability: Mapping[Harm, float] = field(default_factory=lambda: _VULNERABILITY)
    vulnerability_uplift: float = 0.30  # the most vulnerability can add, as a share of the room left above risk
    attribution: float = 0.40
    located: float = 0.20
    live: float = 0.20
    investigated: float = 0.20


STANDARD_WEIGHTS = PriorityWeights()
