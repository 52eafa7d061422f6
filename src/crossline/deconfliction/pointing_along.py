"""The part of the daily round that lets pointers and standing checks follow changes of number, each agency's by its own findings.

Nobody points at a number by what another agency's communications data show. What no longer counts (rejected, shut away, disposed
of) no longer points; what is found tomorrow lets today's check be met by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from crossline.access.viewer import ADMINISTRATOR, reading
from crossline.deconfliction.following import PHONE, Follow, Links, followed, links_of, open_successions
from crossline.deconfliction.keying import token
from crossline.deconfliction.models import CheckToken, Pointer
from crossline.deconfliction.rules import sureness
from crossline.lines.rows import Succession

Along = dict[bytes, list[tuple[bytes, Follow]]]
"""By token of a number: those of the numbers that are reached from it."""


def point_along() -> int:
    """Bring what follows changes of number up to date. Gives how many tokens were added."""
    with reading(ADMINISTRATOR) as viewpoint:
        found = open_successions(viewpoint)
    counted = {each.record for each in found}
    for model in (Pointer, CheckToken):
        model.objects.filter(via__isnull=False).exclude(via__in=counted).delete()
    by_owner: dict[str, list[Succession]] = defaultdict(list)
    for each in found:
        by_owner[each.owner].append(each)
    made = 0
    for owner, own in sorted(by_owner.items()):
        along = _along(links_of(own))
        made += _pointers(owner, along) + _check_tokens(owner, along)
    return made


def _along(links: Links) -> Along:
    keyed = {number: token(PHONE + number) for number in links}
    return {
        keyed[number]: [(keyed[each.number], each) for each in followed([PHONE + number], links)] for number in links
    }


def _pointers(owner: str, along: Along) -> int:
    """Pointers of the agency's records at what follows from the numbers that these name."""
    named = Pointer.objects.filter(owner=owner, token__in=list(along), via=None)
    known = _known(Pointer.objects.filter(owner=owner, token__in=list(along)).values_list("record_id", "token"))
    made = [
        Pointer(
            record_id=each.record_id,
            owner_id=owner,
            about=each.about,
            scheme=each.scheme,
            token=reached,
            sure=sureness(follow.verdict),
            via_id=follow.via,
            until=each.until,
            audience_id=each.audience_id,
        )
        for each in named
        for reached, follow in along[bytes(each.token)]
        if _is_new(known, each.record_id, reached)
    ]
    Pointer.objects.bulk_create(made)
    return len(made)


def _check_tokens(agency: str, along: Along) -> int:
    """The same of the agency's checks that stand."""
    asked = CheckToken.objects.filter(agency=agency, token__in=list(along), via=None)
    known = _known(CheckToken.objects.filter(agency=agency, token__in=list(along)).values_list("asked_id", "token"))
    made = [
        CheckToken(
            asked_id=each.asked_id,
            agency_id=agency,
            token=reached,
            sure=sureness(follow.verdict),
            via_id=follow.via,
            until=each.until,
            asked_at=each.asked_at,
            audience_id=each.audience_id,
        )
        for each in asked
        for reached, follow in along[bytes(each.token)]
        if _is_new(known, each.asked_id, reached)
    ]
    CheckToken.objects.bulk_create(made)
    return len(made)


def _known(rows: Iterable[tuple[UUID, bytes | memoryview]]) -> set[tuple[UUID, bytes]]:
    return {(about, bytes(held)) for about, held in rows}


def _is_new(known: set[tuple[UUID, bytes]], about: UUID, reached: bytes) -> bool:
    """Whether that is not there yet; it is from now on."""
    if (about, reached) in known:
        return False
    known.add((about, reached))
    return True
