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
    "[D] domain.md R-01 and R-12: work across forces has an owner and a result; the hours are this platform’s own"
)
CLOCKS: Final[Mapping[Priority, ClockRule]] = MappingProxyType(
    {
        Priority.THREAT_TO_LIFE: ClockRule(timedelta(hours=1), timedelta(hours=6), _AUTHORITY),
        Priority.URGENT: ClockRule(timedelta(hours=8), timedelta(days=2), _AUTHORITY),
        Priority.ROUTINE: ClockRule(timedelta(days=3), timedelta(days=14), _AUTHORITY),
    }
)
"""Hours and days as they pass, weekends too."""

REGION_HAS: Final[Mapping[Priority, timedelta]] = MappingProxyType(
    {
        Priority.THREAT_TO_LIFE: timedelta(hours=1),
        Priority.URGENT: timedelta(hours=8),
        Priority.ROUTINE: timedelta(days=3),
    }
)
"""[D] How long what was escalated lies with the regional unit alone; it goes on to the centre then, or once the unit spoke."""

_OPEN: Final = frozenset(
    {
        RequestState.ASKED,
        RequestState.ACKNOWLEDGED,
        RequestState.ACCEPTED,
        RequestState.DEFERRED,
        RequestState.REGION,
        RequestState.ESCALATED,
    }
)


@dataclass(frozen=True)
class Due:
    """What the agency that was asked owes, by when, and since when it is owed no more (None: it is owed still).

    `by_them`: because they did it, and not because the request was withdrawn.
    """

    what: str
    by: datetime
    done: datetime | None
    by_them: bool = False

    def is_late(self, now: datetime) -> bool:
        """Whether it was done too late, or is not done and the time is over."""
        return (self.done or now) > self.by


Round = tuple[datetime, tuple[Due, Due]]
"""When a request was asked, or asked again, and what was owed from then on: the acknowledgement and the answer."""


def moves_of(steps: Sequence[RequestStep]) -> list[RequestStep]:
    """The steps that changed how a request stands: all but remarks."""
    return [step for place, step in enumerate(steps) if place == 0 or step.state != steps[place - 1].state]


def rounds(request: JointRequest, steps: Sequence[RequestStep]) -> list[Round]:
    """What was owed each time that the request was asked: by the asker once, then by the region or the centre anew."""
    moves = moves_of(steps)
    begins = [place for place, step in enumerate(moves) if step.state == RequestState.ASKED]
    ends = [*begins[1:], len(moves)]
    return [
        (moves[begin].at, _owed(request, moves[begin].at, moves[begin + 1 : end]))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _owed(request: JointRequest, begun: datetime, since: Sequence[RequestStep]) -> tuple[Due, Due]:
    """Nothing is owed any more of what was answered, declined or withdrawn."""
    by_them = [step for step in since if step.by_agency == request.to_agency_id]
    said = [step.at for step in by_them if step.state in (RequestState.ANSWERED, RequestState.DECLINED)]
    withdrawn = next((step.at for step in since if step.state == RequestState.WITHDRAWN), None)
    answer_by = _answer_by(request, begun, since)
    acknowledge_by = min(begun + CLOCKS[Priority(request.priority)].acknowledge, answer_by)
    return (
        Due("acknowledge", acknowledge_by, by_them[0].at if by_them else withdrawn, bool(by_them)),
        Due("answer", answer_by, said[-1] if said else withdrawn, bool(said)),
    )


def is_late(request: JointRequest, steps: Sequence[RequestStep], now: datetime) -> bool:
    """Whether the agency that was asked is late with it at this moment."""
    return any(due.done is None and due.is_late(now) for due in waiting(request, steps))


def waiting(request: JointRequest, steps: Sequence[RequestStep]) -> list[Due]:
    """What is still owed, the soonest first."""
    if steps[-1].state not in _OPEN:
        return []
    _, dues = rounds(request, steps)[-1]
    return sorted((due for due in dues if due.done is None), key=lambda due: due.by)


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
