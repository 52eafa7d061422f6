"""Figures of requests: how soon agencies acknowledge and answer, what they decline and why, and where they are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from crossline.operations.joint.clocks import Due, rounds
from crossline.operations.joint.moves import RequestState
from crossline.operations.joint.requests import Standing


@dataclass(frozen=True)
class AgencyFigures:
    """What can be counted of the requests to one agency. A median is None where nothing of the kind was done yet."""

    agency: str
    requests: int
    to_acknowledge: timedelta | None
    to_answer: timedelta | None
    declined: int
    late_now: int
    ever_late: int


@dataclass(frozen=True)
class Refusal:
    """One time that an agency declined, with what it said."""

    found: Standing
    reason: str
    at: datetime


def by_agency(seen: Iterable[Standing], now: datetime) -> list[AgencyFigures]:
    """The figures of each agency that was asked, of the requests that a viewer sees; those with most requests first."""
    of: dict[str, list[Standing]] = defaultdict(list)
    for each in seen:
        of[each.request.to_agency_id].append(each)
    figures = [_of(agency, requests, now) for agency, requests in of.items()]
    return sorted(figures, key=lambda each: (-each.requests, each.agency))


def refusals(seen: Iterable[Standing]) -> list[Refusal]:
    """Every time that a request was declined, the latest first."""
    found = [
        Refusal(each, step.text, step.at) for each in seen for step in each.moves if step.state == RequestState.DECLINED
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _of(agency: str, requests: Sequence[Standing], now: datetime) -> AgencyFigures:
    every = [(each, asked, dues) for each in requests for asked, dues in rounds(each.request, each.steps)]
    return AgencyFigures(
        agency,
        len(requests),
        _median(_taken(asked, dues[0]) for _, asked, dues in every if dues[0].by_them),
        _median(_taken(asked, dues[1]) for _, asked, dues in every if dues[1].by_them),
        len(refusals(requests)),
        sum(1 for each in requests if each.is_late(now)),
        len({each.request.id for each, _, dues in every if any(due.is_late(now) for due in dues)}),
    )


def _taken(asked: datetime, due: Due) -> timedelta:
    return (due.done or asked) - asked


def _median(taken: Iterable[timedelta]) -> timedelta | None:
    held = [each.total_seconds() for each in taken]
    return timedelta(seconds=median(held)) if held else None
