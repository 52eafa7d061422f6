"""The step of the daily round that makes pointers: what open investigations and lines of their owner concern, as keyed tokens.

Only what new deliveries bring is made anew. With another key or other rules everything is, because each stands in the version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crossline.access.audit import Event, Process, Subject, log
from crossline.deconfliction.forgetting import forget
from crossline.deconfliction.keying import key_mark, token
from crossline.deconfliction.models import Pointer
from crossline.deconfliction.pointing_along import point_along
from crossline.deconfliction.rules import POINTING, POINTING_VERSION, PointingRule, sureness
from crossline.deconfliction.texts import texts_of_mention
from crossline.engines.deconfliction.tokens import verdict_of
from crossline.records.models import Mention, Record, RecordRestriction, RestrictionState
from crossline.records.rhythm import mark_done, waiting_for

DECONFLICTION: Final = Process("deconfliction")
STEP: Final = "point"
AT_ONCE: Final = 2_000
RULES: Final[dict[str, PointingRule]] = {rule.kind: rule for rule in POINTING}


def make_pointers(*, full: bool = False, progress: Callable[[str], None] = lambda _: None) -> int:
    """Make what is due: of new deliveries, and of records whose restriction was lifted. Gives how many pointers were made."""
    version, today = f"{POINTING_VERSION} {key_mark()}", timezone.localdate()
    with transaction.atomic():
        forget(today)
        waiting = waiting_for(STEP, version=version, full=full)
        due = Record.objects.filter(Q(delivery__in=waiting) | Q(id__in=_lifted()), kind__in=RULES)
        made = sum(_point(records, today) for records in _chunks(due.order_by("id").values_list("id", flat=True)))
        made += point_along()
        if waiting:
            mark_done(STEP, waiting, version=version)
        if made:
            progress(f"{made:,} pointers made")
            log(
                Event.POINTERS_MADE, by=DECONFLICTION, about=Subject("pointers", "", {"made": made}), purpose="analysis"
            )
    return made


def _lifted() -> list[UUID]:
    """Records that may be used again and point at nothing yet."""
    newest = RecordRestriction.objects.order_by("record_id", "-decided_at", "-id").distinct("record_id")
    lifted = [each.record_id for each in newest if each.state == RestrictionState.LIFTED]
    return [each for each in lifted if not Pointer.objects.filter(record=each).exists()] if lifted else []


def _restricted(records: Iterable[UUID]) -> set[UUID]:
    newest = RecordRestriction.objects.filter(record__in=list(records)).order_by("record_id", "-decided_at", "-id")
    return {each.record_id for each in newest.distinct("record_id") if each.state == RestrictionState.PLACED}


def _chunks(ids: QuerySet[Record, UUID]) -> Iterator[list[UUID]]:
    every = list(ids)
    yield from (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))


def _point(ids: list[UUID], today: date) -> int:
    """Of these records, those that stand: their pointers, instead of any that they or earlier revisions had."""
    newer = Record.objects.filter(
        owner=OuterRef("owner"), source=OuterRef("source"), ref=OuterRef("ref"), revision__gt=OuterRef("revision")
    )
    standing = {each.id: each for each in Record.objects.filter(~Exists(newer), id__in=ids)}
    since: dict[tuple[str, str, bytes], datetime] = {}
    for each in standing.values():
        before = Pointer.objects.filter(owner=each.owner_id, about=_about(each), via=None)
        since |= {(row.owner_id, row.about, bytes(row.token)): row.made_at for row in before}
        before.delete()
    restricted = _restricted(standing)
    pointing = {each.id: each for each in standing.values() if each.id not in restricted and _is_open(each, today)}
    made: list[Pointer] = []
    for mention in Mention.objects.filter(record__in=list(pointing)):
        record = pointing[mention.record_id]
        made += _pointers(record, mention, RULES[record.kind])
    unique = {(each.record_id, each.token): each for each in made}
    for pointer in unique.values():  # that it was sent again is nobody's to learn: it points since it first did
        pointer.made_at = since.get((pointer.owner_id, pointer.about, bytes(pointer.token)), pointer.made_at)
    Pointer.objects.bulk_create(unique.values(), batch_size=AT_ONCE)
    return len(unique)


def _pointers(record: Record, mention: Mention, rule: PointingRule) -> Iterator[Pointer]:
    for scheme, text in texts_of_mention(mention, record):
        if scheme in rule.schemes:
            yield Pointer(
                record=record,
                owner_id=record.owner_id,
                about=_about(record),
                scheme=scheme,
                token=token(text),
                sure=sureness(verdict_of(text)),
                until=_until(record, rule),
                audience_id=record.audience_id,
            )


def _about(record: Record) -> str:
    return f"{record.source} {record.ref}"


def _until(record: Record, rule: PointingRule) -> date:
    """The day it runs out: at most so long after it was received, and never beyond the record's own review."""
    lasts: timedelta = rule.lasts
    return min(record.received_at.date() + lasts, record.review_at)


def _is_open(record: Record, today: date) -> bool:
    """Whether somebody still works on it, as its owner says."""
    said: dict[str, Any] = record.detail
    rule = RULES[record.kind]
    closed = said.get("closed")
    over = bool(closed) and str(closed) <= today.isoformat()
    return not over and str(said.get("status") or "").casefold() not in rule.ended and _until(record, rule) >= today
