"""The daily rhythm: what is due after deliveries, in the order that each step needs the one before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.pointing_along import point_along
from crossline.entities.matching import match_people
from crossline.entities.matching_things import match_things
from crossline.errors import TooMuchAtOnce
from crossline.lines.finding_deal_lines import find_deal_lines
from crossline.lines.finding_successions import find_successions
from crossline.lines.reemerging import look_back
from crossline.records.disposal import Reach, dispose_due, dispose_expired, sweep
from crossline.records.retention.clocks import apply_rules
from crossline.safeguarding.raising import raise_due
from crossline.safeguarding.reporting.keeping import keep_reports
from crossline.wording import plural


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    disposed: int
    reviewed_out: int
    matches: int
    successions: int
    deal_lines: int
    concerns: int
    pointers: int
    reports: int = 0  # of partners, made records
    check_backs: str = ""  # what the look back at closed lines found, in words

    def line(self) -> str:
        """In a line."""
        kept = f"{plural(self.reports, 'report')} of partners kept, " if self.reports else ""
        return (
            f"{kept}{self.matches:,} matches, {self.successions:,} successions, "
            f"{self.deal_lines:,} numbers that look like deal lines, "
            f"{self.concerns:,} concerns and {self.pointers:,} pointers written; "
            f"{self.disposed:,} expired data sets and {self.reviewed_out:,} reviewed records disposed of"
            f"{'; ' if self.check_backs else ''}{self.check_backs}"
        )


def refresh(*, reach: Reach, full: bool = False, progress: Callable[[str], None]) -> Refreshed:
    """Run what is due: for new deliveries only, or with `full` for everything, which gives the same answer."""
    now = timezone.now()
    disposed = dispose_expired(now=now, reach=reach) + sweep(reach.communications, now=now)
    reviewed_out = _keep_clocks_and_dispose(reach, now, progress)
    # What partners reported becomes records first, so that all that follows reads them in this very run.
    reports = keep_reports(communications=reach.communications)
    matches = match_people(full=full, progress=progress)
    # People before numbers: whatever may be wrong with a data set, nobody waits for it to be put forward for help.
    concerns = raise_due(full=full, progress=progress)
    # Before whatever may be wrong with a data set, too: two forces on one target meet at once.
    pointers = make_pointers(full=full, progress=progress)
    matches += match_things(full=full, progress=progress)
    found = find_successions(communications=reach.communications, full=full, progress=progress)
    pointers += point_along()  # again: what was found a moment ago lets today's checks be met
    looking = find_deal_lines(communications=reach.communications, full=full, progress=progress)
    return Refreshed(disposed, reviewed_out, matches, found, looking, concerns, pointers, reports, look_back())


def _keep_clocks_and_dispose(reach: Reach, now: datetime, progress: Callable[[str], None]) -> int:
    """Clocks by the rules of the day, then what two people decided. A cap that stops one of them stops nothing else."""
    gone = 0
    try:
        apply_rules(on=now.date())
    except TooMuchAtOnce as stopped:
        progress(str(stopped))
    try:
        gone = len(dispose_due(reach=reach, now=now))
    except TooMuchAtOnce as stopped:
        progress(str(stopped))
    return gone
