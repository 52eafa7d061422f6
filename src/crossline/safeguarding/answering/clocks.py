"""The clocks of concerns: within what time one is taken on, begun, answered or looked at again. Late ones go first.

Working hours are those of Monday to Friday, 8am to 6pm in the United Kingdom; bank holidays count as any day. [D]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from crossline.engines.indicators.rulebook import ConcernReason
from crossline.safeguarding.answering.moves import CaseState
from crossline.wording import UK_TIME

OPENS, CLOSES = time(8), time(18)
SATURDAY: Final = 5


@dataclass(frozen=True)
class ClockRule:
    """One clock: what is owed and within what time, in hours as they pass or working hours."""

    what: str
    within: timedelta
    working: bool
    authority: str


_AUTHORITY: Final = "[D] domain.md R-25 and S16: nobody is lost between agencies; the hours are this platform’s own"
FOUND_FAR: Final = ClockRule(
    "take it on",
    timedelta(hours=1),
    False,
    "[D] domain.md R-25: a find out of area reaches those who answer within minutes; the hour is this platform’s own",
)
QUESTION: Final = ClockRule("find out the age", timedelta(hours=20), True, _AUTHORITY)
CLOCKS: Final[Mapping[CaseState, ClockRule]] = MappingProxyType(
    {
        CaseState.RAISED: ClockRule("take it on", timedelta(hours=1), True, _AUTHORITY),
        CaseState.REOPENED: ClockRule("take it on", timedelta(hours=1), True, _AUTHORITY),
        CaseState.TAKEN_ON: ClockRule("begin", timedelta(hours=10), True, _AUTHORITY),
        CaseState.ACCEPTED: ClockRule("begin", timedelta(hours=10), True, _AUTHORITY),
        CaseState.DECLINED: ClockRule("decide what is done", timedelta(hours=10), True, _AUTHORITY),
        CaseState.WITHDRAWN: ClockRule("decide what is done", timedelta(hours=10), True, _AUTHORITY),
        CaseState.OFFERED: ClockRule("answer the offer", timedelta(hours=1), True, _AUTHORITY),
        CaseState.IN_HAND: ClockRule("say what was done", timedelta(hours=50), True, _AUTHORITY),
    }
)
"""By how a concern stands. In hand, each thing that is written down begins the clock anew."""


@dataclass(frozen=True)
class Due:
    """What is owed of a concern, and by when."""

    what: str
    by: datetime

    def is_late(self, now: datetime) -> bool:
        return now > self.by


def due_of(state: CaseState, since: datetime, *, desk: bool, reasons: frozenset[str], question: bool) -> Due | None:
    """What is owed of a concern that stands so `since` then; None once it has ended.

    `desk`: nobody named owns it; `reasons`: why it was raised; `question`: all that is asked is somebody's age.
    """
    if state is CaseState.ENDED:
        return None
    rule = CLOCKS[state]
    if desk and state is not CaseState.OFFERED:
        rule = CLOCKS[CaseState.RAISED]
        if ConcernReason.CHILD_FOUND_OUT_OF_AREA in reasons and not question:
            rule = FOUND_FAR
        elif question:
            rule = QUESTION
    return Due(rule.what, after(since, rule.within) if rule.working else since + rule.within)


def after(since: datetime, within: timedelta) -> datetime:
    """The moment at which so much working time has passed."""
    at, left = since.astimezone(UK_TIME), within
    while True:
        opens, closes = (datetime.combine(at.date(), each, tzinfo=UK_TIME) for each in (OPENS, CLOSES))
        start = max(at, opens)
        if at.weekday() < SATURDAY and start < closes:
            if left <= closes - start:
                return (start + left).astimezone(UTC)
            left -= closes - start
        at = datetime.combine(at.date() + timedelta(days=1), time(0), tzinfo=UK_TIME)
