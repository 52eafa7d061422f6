"""Lines run from one's own area: what other agencies returned of them since people of this agency last read the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UserError
from crossline.lines.register import RegisterLine, register
from crossline.lines.rows import LineRow
from crossline.operations.joint.asking import ACTS, PURPOSE, audience_between
from crossline.operations.joint.requests import may_act
from crossline.operations.models import ReadUpTo
from crossline.records.models import Record


class News(StrEnum):
    """What another agency's return says of a line that no return said before it."""

    RETURNED = "returned"
    AREA = "area"
    TOWN = "town"


@dataclass(frozen=True)
class Surfaced:
    """One thing that is new about a line, with the record that says so and when that was received."""

    line: RegisterLine
    news: News
    what: str
    agency: str
    ref: str
    record: UUID
    received_at: datetime


def lines_from(viewpoint: Viewpoint, agency: str) -> list[RegisterLine]:
    """The lines that the newest returns say are run from an agency's area."""
    return [line for line in register(viewpoint).lines if agency in line.exporting_agencies]


def surfaced(viewpoint: Viewpoint, *, since: datetime | None) -> list[Surfaced]:
    """What is new about lines run from the viewer's area, from other agencies' returns received after a moment; newest first.

    Worked out from the dates of the records each time: a return is missed by nobody for having come in at night.
    """
    own = viewpoint.viewer.agency
    lines = lines_from(viewpoint, own)
    received = _received(viewpoint, [row.record for line in lines for row in line.rows if row.is_return])
    found = [
        each
        for line in lines
        for each in _of_line(line, received)
        if each.agency != own and (since is None or each.received_at > since)
    ]
    return sorted(found, key=lambda each: (each.received_at, each.ref, each.news, each.what), reverse=True)


def read_up_to(viewpoint: Viewpoint) -> ReadUpTo | None:
    """Up to when people of the viewer's agency have marked the list as read, and who did last."""
    own = ReadUpTo.objects.filter(agency=viewpoint.viewer.agency)
    return viewpoint.visible(own).order_by("-up_to", "-at").first()


def mark_read(*, up_to: datetime, viewpoint: Viewpoint) -> ReadUpTo:
    """Say for the agency that what was received up to a moment has been read."""
    if not may_act(viewpoint):
        raise NotPermitted(ACTS)
    before = read_up_to(viewpoint)
    if up_to > timezone.now() or (before is not None and up_to <= before.up_to):
        raise UserError("Somebody marked a later list as read already, or the page is out of date; open it again.")
    viewer = viewpoint.viewer
    made = ReadUpTo(
        agency_id=viewer.agency, up_to=up_to, by=viewer.username, audience_id=audience_between(viewer.agency)
    )
    made.save(force_insert=True)
    about = Subject("lines_from_us", viewer.agency, {"up_to": up_to.isoformat()})
    log(Event.LINES_FROM_US_READ, by=viewer, about=about, purpose=PURPOSE)
    return made


def _received(viewpoint: Viewpoint, records: Sequence[UUID]) -> Mapping[UUID, datetime]:
    rows = viewpoint.visible(Record.objects.filter(id__in=records))
    return dict(rows.values_list("id", "received_at"))


def _of_line(line: RegisterLine, received: Mapping[UUID, datetime]) -> Iterator[Surfaced]:
    """The returns of a line in the order in which they were received, each with what it is the first to say."""
    rows = [row for row in line.rows if row.is_return and row.record in received]
    rows.sort(key=lambda row: (received[row.record], row.owner, row.ref, row.revision))
    known: set[tuple[News, str]] = set()
    for row in rows:
        for said in _said(row):
            if said not in known:
                known.add(said)
                yield Surfaced(line, said[0], said[1], row.owner, row.ref, row.record, received[row.record])


def _said(row: LineRow) -> Iterator[tuple[News, str]]:
    yield News.RETURNED, row.owner
    yield from ((News.AREA, str(agency)) for agency in row.detail.get("importing_agencies", ()))
    yield from ((News.TOWN, str(town)) for town in row.detail.get("towns", ()))
