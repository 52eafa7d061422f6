"""The clocks of requests: within what time one is acknowledged and answered, by its priority; and what is due of one, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from crossline.operations.joint.moves import Priority, RequestState
from crossline.operations.models import JointRequest, RequestStep
from crossline.wording import UK_TIME


@dataclass(frozen=True)
class ClockRule:
    """Within what time an agency says that it has a request, and within what time it answers it."""

    acknowledge: timedelta
    answer: timedelta
    authority: str


_AUTHORITY: Final = (
    "[D] domain.md 3.4: a tasking record is decided, owned and reviewed; the hours are this platform’s own"
)
CLOCKS: Final[Mapping[Priority, ClockRule]] = MappingProxyType(
    {
        Priority.THREAT_TO_LIFE: ClockRule(timedelta(hours=1), timedelta(hours=6), _AUTHORITY),
        Priority.URGENT: ClockRule(timedelta(hours=8), timedelta(days=2), _AUTHORITY),
        Priority.ROUTINE: ClockRule(timedelta(days=3), timedelta(days=14), _AUTHORITY),
    }
)
"""Hours and days as they pass, weekends too."""

_OPEN: Final = frozenset(
    {
        RequestState.ASKED,
        RequestState.ACKNOWLEDGED,
        RequestState.ACCEPTED,
        RequestState.DEFERRED,
        RequestState.ESCALATED,
    }
)


@dataclass(frozen=True)
class Due:
    """What the agency that was asked owes, by when, and since when it has been done (None: it has not)."""

    what: str
    by: datetime
    done: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether it was done too late, or is not done and the time is over."""
        return (self.done or now) > self.by


def moves_of(steps: Sequence[RequestStep]) -> list[RequestStep]:
    """The steps that changed how a request stands: all but remarks."""
    return [step for place, step in enumerate(steps) if place == 0 or step.state != steps[place - 1].state]


def dues(request: JointRequest, steps: Sequence[RequestStep]) -> tuple[Due, ...]:
    """What is owed since the request was last asked: the acknowledgement and the answer, each done or not.

    Nothing is owed of a request that was declined, or taken back before anybody was late.
    """
    moves = moves_of(steps)
    asked = max(place for place, step in enumerate(moves) if step.state == RequestState.ASKED)
    since, begun, rule = moves[asked + 1 :], moves[asked].at, CLOCKS[Priority(request.priority)]
    by_them = [step for step in since if step.by_agency == request.to_agency_id]
    acknowledged = by_them[0].at if by_them else None
    said = [step.at for step in by_them if step.state in (RequestState.ANSWERED, RequestState.DECLINED)]
    withdrawn = next((step.at for step in since if step.state == RequestState.WITHDRAWN), None)
    answer_by = _answer_by(request, begun, since)
    return (
        Due("acknowledge", min(begun + rule.acknowledge, answer_by), acknowledged or withdrawn),
        Due("answer", answer_by, said[-1] if said else withdrawn),
    )


def is_late(request: JointRequest, steps: Sequence[RequestStep], now: datetime) -> bool:
    """Whether the agency that was asked is late with it at this moment."""
    return any(due.done is None and due.is_late(now) for due in waiting(request, steps))


def waiting(request: JointRequest, steps: Sequence[RequestStep]) -> list[Due]:
    """What is still owed, the soonest first."""
    if steps[-1].state not in _OPEN:
        return []
    return sorted((due for due in dues(request, steps) if due.done is None), key=lambda due: due.by)


def _answer_by(request: JointRequest, begun: datetime, since: Sequence[RequestStep]) -> datetime:
    """By the clock; sooner where it is needed sooner; or on the day to which it was deferred."""
    deferred = [step.until for step in since if step.state == RequestState.DEFERRED and step.until]
    if deferred:
        return end_of(deferred[-1])
    by = begun + CLOCKS[Priority(request.priority)].answer
    needed = end_of(request.needed_by) if request.needed_by else None
    return needed if needed and begun < needed < by else by


def end_of(day: date) -> datetime:
    """The last moment of a day in the United Kingdom."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=UK_TIME).astimezone(UTC)
