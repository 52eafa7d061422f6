"""Who was given something that may hold a record: worked out while the record is still there, from the audit and the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from crossline.access.policy import CENTRE
from crossline.exchange.catalogue import What
from crossline.exchange.stamp import KEPT_FOR
from crossline.records.models import Mention, Record
from crossline.records.retention.preview import exports_by_readers
from crossline.rights.recalls.models import Holding
from crossline.safeguarding.answering.models import PartnerNotice
from crossline.safeguarding.meetings.models import MinutesShare
from crossline.safeguarding.meetings.standing import meeting_reference
from crossline.safeguarding.referrals.models import Sheet
from crossline.safeguarding.referrals.standing import reference

HOLD_RECORDS: Final = frozenset(What) - {What.FIGURES, What.FLOWS}
"""Exports in which a record can stand. The others are numbers alone."""


@dataclass(frozen=True)
class Holder:
    """One thing that was given out, by its own number, and who has it. `person` is empty where a whole organisation has it."""

    what: Holding
    number: str
    agency: str
    person: str
    given_at: datetime


def holders_of(records: Sequence[Record], *, now: datetime) -> list[Holder]:
    """Everything given out that may hold one of these records, each thing once for whoever has it: when it was first given."""
    ids = [record.id for record in records]
    mentions = set(Mention.objects.filter(record__in=ids).values_list("id", flat=True))
    found: dict[tuple[Holding, str, str, str], Holder] = {}
    for each in (*_exports(records, now), *_sheets(ids, mentions), *_minutes(mentions), *_notices(mentions)):
        key = (each.what, each.number, each.agency, each.person)
        if key not in found or each.given_at < found[key].given_at:
            found[key] = each
    return [found[key] for key in sorted(found)]


def _exports(records: Sequence[Record], now: datetime) -> Iterator[Holder]:
    """Of people whose audiences hold a record today, or the local administrator; since the record came, not yet run out."""
    made = exports_by_readers(records).filter(subject__in=HOLD_RECORDS, at__gte=now - KEPT_FOR)
    for event in made.order_by("at", "id"):
        number = str(event.detail.get("number") or event.id)
        yield Holder(Holding.EXPORT, number, event.actor_agency or CENTRE, event.actor, event.at)


def _sheets(records: Collection[UUID], mentions: Collection[UUID]) -> Iterator[Holder]:
    """Sheets of referrals about a mention, and those whose text rests on a record."""
    about = Sheet.objects.filter(referral__about__in=mentions)
    rests = Sheet.objects.filter(text__records__record__in=records)
    for sheet in (about | rests).distinct().order_by("sent_at", "id"):
        yield Holder(Holding.SHEET, reference(sheet.referral_id), sheet.partner_id, sheet.reader, sheet.sent_at)


def _minutes(mentions: Collection[UUID]) -> Iterator[Holder]:
    shared = MinutesShare.objects.filter(invitation__meeting__about__in=mentions).select_related("invitation")
    for each in shared.order_by("at", "id"):
        number = meeting_reference(each.invitation.meeting_id)
        yield Holder(Holding.MINUTES, number, each.invitation.invited_id, "", each.at)


def _notices(mentions: Collection[UUID]) -> Iterator[Holder]:
    told = PartnerNotice.objects.filter(told__reason__mention__in=mentions) | PartnerNotice.objects.filter(
        told__case__about__in=mentions
    )
    for each in told.select_related("told").distinct().order_by("at", "id"):
        if each.told.agency_id is not None:
            yield Holder(Holding.NOTICE, each.ref, each.told.agency_id, "", each.at)
