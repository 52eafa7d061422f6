"""The rules of missing episodes, read from data with the authority of each: clocks, repeats, and what is one episode."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "data" / "clocks.toml"
PREVENTION, RETURN_INTERVIEW = "prevention", "return_interview"
"""The clocks, by what answers each."""
BREACHED, NOT_KNOWN = "breached", "not_known"
"""What silence can mean once a clock has run out."""


@dataclass(frozen=True)
class ClockRule:
    """One clock that runs from a return. `silence`: what it means when nobody has written anything once it has run out."""

    id: str
    name: str
    what: str
    whose: str
    hours: int
    soon_hours: int
    children_only: bool
    silence: str
    authority: str

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def soon(self) -> timedelta:
        """How long before its end it counts as due."""
        return timedelta(hours=self.soon_hours)


@dataclass(frozen=True)
class Rules:
    """Everything that is set for missing episodes. `authorities`: who says so, by the name of the rule."""

    clocks: tuple[ClockRule, ...]
    escalated_after: timedelta
    lately: timedelta
    repeat_within: timedelta
    year: timedelta
    repeat_episodes: int
    same_episode: timedelta
    plan_review: timedelta
    authorities: tuple[tuple[str, str], ...]


@cache
def rules() -> Rules:
    """The rules as they stand in data/clocks.toml."""
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    clocks = tuple(ClockRule(**each) for each in said["clock"])
    others = ("escalation", "lately", "repeat", "same_episode", "plan")
    return Rules(
        clocks=clocks,
        escalated_after=timedelta(hours=said["escalation"]["hours"]),
        lately=timedelta(days=said["lately"]["days"]),
        repeat_within=timedelta(days=said["repeat"]["days"]),
        year=timedelta(days=said["repeat"]["year_days"]),
        repeat_episodes=said["repeat"]["episodes"],
        same_episode=timedelta(hours=said["same_episode"]["hours"]),
        plan_review=timedelta(days=said["plan"]["review_days"]),
        authorities=(
            *((clock.name, clock.authority) for clock in clocks),
            *((name.replace("_", " ").capitalize(), said[name]["authority"]) for name in others),
        ),
    )
