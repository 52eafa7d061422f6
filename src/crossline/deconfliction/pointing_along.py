"""The part of the daily round that lets pointers and standing checks follow changes of number, each agency's by its own findings.

Nobody points at a number by what another agency's communications data show. What no longer counts (rejected, shut away, disposed
of) no longer points; what is found tomorrow lets today's check be met by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from crossline.access.viewer import ADMINISTRATOR, reading
from crossline.deconfliction.following import PHONE, Follow, Links, followed, links_of, open_successions
from crossline.deconfliction.keying import token
from crossline.deconfliction.models import CheckToken, Pointer
from crossline.deconfliction.rules import sureness
from crossline.lines.rows import Succession

Row = TypeVar("Row", Pointer, CheckToken)
Standing = tuple[UUID, bytes, UUID, int]
"""What a row that follows a number is known by: its record or check, token, finding, and how sure."""
Along = dict[bytes, list[tuple[bytes, Follow]]]
"""By token of a number: those of the numbers that are reached from it."""


def point_along() -> int:
    """Bring what follows changes of number up to date. Gives how many tokens were added."""
    with reading(ADMINISTRATOR) as viewpoint:
        found = open_successions(viewpoint)
    by_owner: dict[str, list[Succession]] = defaultdict(list)
    for each in found:
        by_owner[each.owner].append(each)
    pointers: list[Pointer] = []
    tokens: list[CheckToken] = []
    for owner, own in sorted(by_owner.items()):
        along = _along(links_of(own))
        pointers += _pointers(Pointer.objects.filter(owner=owner, token__in=list(along)), along)
        tokens += _check_tokens(CheckToken.objects.filter(agency=owner, token__in=list(along)), along)
    Pointer.objects.filter(via_id__isnull=False).exclude(id__in=[each.id for each in pointers]).delete()
    # Of checks, what the asker saw besides stays as long as it counts: the centre sees what others sent it.
    stays = Q(via_id__in=[each.record for each in found]) & ~Q(asked__agency__in=list(by_owner))
    CheckToken.objects.filter(via_id__isnull=False).exclude(Q(id__in=[each.id for each in tokens]) | stays).delete()
    made = [each for each in pointers if each._state.adding], [each for each in tokens if each._state.adding]
    Pointer.objects.bulk_create(made[0])
    CheckToken.objects.bulk_create(made[1])
    return len(made[0]) + len(made[1])


def _along(links: Links) -> Along:
    keyed = {number: token(PHONE + number) for number in links}
    return {
        keyed[number]: [(keyed[each.number], each) for each in followed([PHONE + number], links)] for number in links
    }


def _pointers(rows: QuerySet[Pointer], along: Along) -> list[Pointer]:
    """Pointers of an agency's records at what follows from the numbers that these name: as they stand, or to be made."""
    every = list(rows)
    named, stand = _apart((each.record_id, bytes(each.token), each) for each in every)
    # That a record was sent again is nobody's to learn: it points since it first did.
    since = {(each.about, bytes(each.token)): each.made_at for each in every if each.via_id}
    return [
        stand.get((record, reached, follow.via, sureness(follow.verdict)))
        or Pointer(
            record_id=record,
            owner_id=base.owner_id,
            about=base.about,
            scheme=base.scheme,
            token=reached,
            sure=sureness(follow.verdict),
            via_id=follow.via,
            until=base.until,
            made_at=since.get((base.about, reached), timezone.now()),
            audience_id=base.audience_id,
        )
        for record, reached, follow, base in _wanted(named, along)
    ]


def _check_tokens(rows: QuerySet[CheckToken], along: Along) -> list[CheckToken]:
    """The same of an agency's checks that stand."""
    named, stand = _apart((each.asked_id, bytes(each.token), each) for each in rows)
    return [
        stand.get((check, reached, follow.via, sureness(follow.verdict)))
        or CheckToken(
            asked_id=check,
            agency_id=base.agency_id,
            token=reached,
            sure=sureness(follow.verdict),
            via_id=follow.via,
            until=base.until,
            asked_at=base.asked_at,
            audience_id=base.audience_id,
        )
        for check, reached, follow, base in _wanted(named, along)
    ]


def _apart(rows: Iterable[tuple[UUID, bytes, Row]]) -> tuple[dict[tuple[UUID, bytes], Row], dict[Standing, Row]]:
    """What names a number itself, and what follows one already."""
    named: dict[tuple[UUID, bytes], Row] = {}
    stand: dict[Standing, Row] = {}
    for about, held, row in rows:
        if row.via_id is None:
            named[about, held] = row
        else:
            stand[about, held, row.via_id, row.sure] = row
    return named, stand


def _wanted(named: Mapping[tuple[UUID, bytes], Row], along: Along) -> Iterator[tuple[UUID, bytes, Follow, Row]]:
    """Every number that is reached and not named, once, by the surest and then the earliest way, whatever the order of rows."""
    best: dict[tuple[UUID, bytes], tuple[Follow, Row]] = {}
    for (about, held), row in named.items():
        for reached, follow in along[held]:
            if (about, reached) in named:
                continue
            known = best.get((about, reached))
            if known is None or _rank(follow) < _rank(known[0]):
                best[about, reached] = follow, row
    for (about, reached), (follow, row) in best.items():
        yield about, reached, follow, row


def _rank(follow: Follow) -> tuple[int, date, str]:
    return sureness(follow.verdict), follow.day, str(follow.via)
