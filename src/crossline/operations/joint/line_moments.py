"""Moments of a line's shared time line beyond its returns: what was declared, where it speaks again, what overlaps.

Each is read through the viewer: two sides see the same where both may see what it is made of, and neither sees more by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.lines.reemerging import Closed, closed_lines
from crossline.lines.register import RegisterLine
from crossline.lines.states import DeclaredState
from crossline.lines.status_presenter import SEEN_IN
from crossline.operations.joint.presenter import short_name_of
from crossline.records.intake.mentions import tagged
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import MentionKind, RecordKind
from crossline.wording import format_phone, plural


@dataclass(frozen=True)
class Moment:
    """One thing that happened, as a row of the time line."""

    day: date
    what: str
    agency: str
    detail: str = ""
    href: str = ""

    def row(self) -> dict[str, object]:
        return {
            "day": self.day,
            "what": self.what,
            "agency": self.agency or None,
            "detail": self.detail or None,
            "href": self.href or None,
        }


@dataclass(frozen=True)
class Shared:
    """Two investigations of different agencies, of which one is on the line's numbers, and the kinds of things they share."""

    left: Record
    right: Record
    what: tuple[str, ...]


def declared(line: RegisterLine) -> Iterator[Moment]:
    """Everything that people declared of its returns: states, closures and proposals, check-backs, reopenings."""
    records = {(row.owner, row.ref): row.record for row in line.returns}
    for standing in line.standings:
        owner, ref = standing.returned
        for row in standing.rows:
            after = f", {plural(row.check_back, 'day')} after the closure" if row.check_back is not None else ""
            number = f", number {format_phone(row.number)}" if row.number else ""
            of = records.get(standing.returned)
            yield Moment(
                row.since if row.state is not DeclaredState.CHECKED else row.at.date(),
                f"Declared of {short_name_of(owner)}’s return {ref}: {row.state.label}{after}{number}",
                short_name_of(row.agency),
                row.reason,
                reverse("line-status", args=[of]) if of else "",
            )


def speaking(closed: Iterable[Closed]) -> Iterator[Moment]:
    """Signs that a closed line is in use again, which nobody has to believe yet."""
    for each in closed:
        for sign in each.signs:
            seen = sign.sighting
            mark = "" if sign.watched.is_certain else ", which is put forward as its successor"
            yield Moment(
                seen.day,
                f"May speak again: number {format_phone(seen.number)}{mark}",
                "",
                f"{SEEN_IN[seen.kind]}: {seen.ref}",
            )


def overlapping(shared: Iterable[Shared]) -> Iterator[Moment]:
    """That two investigations met, from the day on which there were two of them. It says of what kind, and never whom."""
    for each in shared:
        day = max((record.occurred_from or record.made_at).date() for record in (each.left, each.right))
        one, other = short_name_of(each.left.owner_id), short_name_of(each.right.owner_id)
        yield Moment(
            day,
            f"Investigations of {one} and {other} overlap",
            one,
            f"{each.left.ref} and {each.right.ref} share: {', '.join(each.what)}",
            reverse("overlaps"),
        )


def closed_of(viewpoint: Viewpoint, line: RegisterLine) -> Sequence[Closed]:
    """The line's closures that stand, as the viewer sees them."""
    own = {each.returned for each in line.standings}
    return [each for each in closed_lines(viewpoint) if each.standing.returned in own]


def shared_by(viewpoint: Viewpoint, line: RegisterLine, investigations: Sequence[Record]) -> list[Shared]:
    """What investigations on the line's numbers share with those of other agencies, beside these numbers themselves.

    The same thing named in the newest revisions of two. People, whom matching pairs, stand on the page of overlaps alone.
    """
    numbers = [tagged("phone", use.number) for use in line.group.all_numbers]
    things = Mention.objects.exclude(selector=None).exclude(selector__in=numbers).exclude(selector__endswith="||")
    things = things.filter(kind__in=list(_KINDS), record__kind=RecordKind.INVESTIGATION).select_related("record")
    own = list(viewpoint.visible(things.filter(record__in=investigations), "audience", "record__audience"))
    same = things.filter(selector__in={each.selector for each in own})
    others = _newest(viewpoint, viewpoint.visible(same, "audience", "record__audience"))
    found: dict[tuple[UUID, UUID], tuple[Record, Record, set[str]]] = {}
    for mine, other in product(own, others):
        if mine.selector == other.selector and mine.record.owner_id != other.record.owner_id:
            left, right = sorted((mine.record, other.record), key=lambda record: (record.owner_id, record.ref))
            found.setdefault((left.id, right.id), (left, right, set()))[2].add(_KINDS[MentionKind(mine.kind)])
    return [Shared(left, right, tuple(sorted(what))) for left, right, what in found.values()]


def _newest(viewpoint: Viewpoint, mentions: Iterable[Mention]) -> list[Mention]:
    """Those of what stands: a later revision that the viewer sees and that names the thing no more takes it away."""
    seen = list(mentions)
    refs = {each.record.ref for each in seen}
    sent = viewpoint.visible(Record.objects.filter(kind=RecordKind.INVESTIGATION, ref__in=refs))
    newest: dict[tuple[str, str], int] = {}
    for owner, ref, revision in sent.values_list("owner_id", "ref", "revision"):
        newest[owner, ref] = max(newest.get((owner, ref), 0), revision)
    return [each for each in seen if each.record.revision == newest[each.record.owner_id, each.record.ref]]


_KINDS: Final[Mapping[MentionKind, str]] = MappingProxyType(
    {
        MentionKind.PHONE: "another number",
        MentionKind.ADDRESS: "an address",
        MentionKind.VEHICLE: "a vehicle",
        MentionKind.ACCOUNT: "an account",
        MentionKind.HANDLE: "a name on an online service",
    }
)
"""What is shared, in words that name nothing."""
