"""All reports of one agency in the order they were made: those about lines among the many that are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from crossline.simulation import line_reports, ordinary_reports
from crossline.simulation.chance import Choice, stream
from crossline.simulation.clock import LAST_MOMENT, at
from crossline.simulation.community import Community
from crossline.simulation.geography import RAILWAY
from crossline.simulation.line_events import LineEvent
from crossline.simulation.parameters import WINDOW_FROM
from crossline.simulation.parameters_policing import ORDINARY_KINDS, RAILWAY_KINDS
from crossline.simulation.people import WINDOW_DAYS
from crossline.simulation.reports import Desk, Draft

_DELAY_HOURS: Final = 5.0  # median from what happened to the report of it [D]


@dataclass(frozen=True, slots=True, order=True)
class _Planned:
    """One report to come. `serial` settles ties; -1 in `event_at` is an ordinary one."""

    made: datetime
    serial: int
    occurred: datetime
    event_at: int
    kind: str


def reports_of(
    desk: Desk, *, events: Sequence[LineEvent], ordinary: int, communities: Sequence[Community], seed: int
) -> Iterator[dict[str, Any]]:
    """Finished records, one after another. `communities`: the agency's own, or all of them for the railway's police."""
    rng = stream(seed, "reports", desk.agency)
    kinds = Choice(RAILWAY_KINDS.value if desk.agency == RAILWAY else ORDINARY_KINDS.value)
    planned = [
        _Planned(_made(event.occurred, rng), number, event.occurred, number, event.kind)
        for number, event in enumerate(events)
    ]
    for number in range(ordinary):
        occurred = _moment(rng)
        planned.append(_Planned(_made(occurred, rng), len(events) + number, occurred, -1, kinds.draw(rng)))
    planned.sort()
    for one in planned:
        if one.event_at >= 0:
            event = events[one.event_at]
            own = stream(seed, "report", event.network.line.line_id, event.serial)
            draft = Draft(desk, "intelligence", made=one.made, occurred=one.occurred, rng=own)
            line_reports.WRITERS[event.kind](draft, event)
        else:
            record_kind, write = ordinary_reports.WRITERS[one.kind]
            draft = Draft(desk, record_kind, made=one.made, occurred=one.occurred, rng=rng)
            write(draft, communities[int(rng.random() * len(communities))] if len(communities) > 1 else communities[0])
        yield draft.finished()


def _moment(rng: Random) -> datetime:
    """Any day; more in the evening than at dawn."""
    day = WINDOW_FROM + timedelta(days=int(rng.random() * (WINDOW_DAYS + 1)))
    return at(day, int(rng.triangular(0, 24 * 60 - 1, 18 * 60)))


def _made(occurred: datetime, rng: Random) -> datetime:
    delay = timedelta(minutes=round(60 * _DELAY_HOURS * rng.lognormvariate(0.0, 1.0)))
    return min(LAST_MOMENT, occurred + min(delay, timedelta(days=21)))
