"""The daily rhythm: what is due after deliveries, in the order that each step needs the one before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from crossline.entities.matching import match_people
from crossline.lines.finding_successions import find_successions
from crossline.records.disposal import dispose_expired, sweep
from crossline.safeguarding.raising import raise_due


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    disposed: int
    matches: int
    successions: int
    concerns: int

    def line(self) -> str:
        """In a line."""
        return (
            f"{self.matches:,} matches, {self.successions:,} successions and {self.concerns:,} concerns written; "
            f"{self.disposed:,} expired data sets disposed of"
        )


def refresh(*, communications: Path, full: bool = False, progress: Callable[[str], None]) -> Refreshed:
    """Run what is due: for new deliveries only, or with `full` for everything, which gives the same answer."""
    now = timezone.now()
    disposed = dispose_expired(now=now, communications=communications) + sweep(communications, now=now)
    matches = match_people(full=full, progress=progress)
    # People before numbers: whatever may be wrong with a data set, nobody waits for it to be put forward for help.
    concerns = raise_due(full=full, progress=progress)
    found = find_successions(communications=communications, full=full, progress=progress)
    return Refreshed(disposed, matches, found, concerns)
