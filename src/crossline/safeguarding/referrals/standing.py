"""How referrals stand for the sender's side: the referral, its texts, every sheet with its steps, and what happened since.

And the same of one sheet for the partner that it was given to, who is shown the sheet and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from crossline.access.viewer import Viewpoint
from crossline.safeguarding.referrals.draft import Draft, Told, told
from crossline.safeguarding.referrals.fields import Field, Recipient, recipients
from crossline.safeguarding.referrals.models import (
    Referral,
    ReferralText,
    Sheet,
    SheetField,
    SheetMessage,
    SheetOpening,
    SheetRevocation,
    SheetStep,
)
from crossline.safeguarding.referrals.states import OPEN, Due, Side, State, next_due, urgencies
from crossline.vocabulary.agencies import is_partner


@dataclass(frozen=True)
class SheetStanding:
    """One sheet with everything of it that its viewer reads. Of one taken back a partner reads the revocation alone."""

    sheet: Sheet
    fields: Sequence[SheetField]
    steps: Sequence[SheetStep]
    messages: Sequence[SheetMessage]
    openings: Sequence[SheetOpening]
    revocation: SheetRevocation | None

    @property
    def ref(self) -> str:
        """What both sides call it by."""
        return reference(self.sheet.referral_id)

    @property
    def recipient(self) -> Recipient:
        return recipients()[self.sheet.recipient]

    @property
    def state(self) -> State:
        if self.revocation is not None or not self.steps:
            return State.REVOKED
        return State(self.steps[-1].state)

    @property
    def stood(self) -> int:
        """How many steps it has: whoever acts says how many they read."""
        return len(self.steps)

    @property
    def told(self) -> list[Told]:
        """What was told, field by field."""
        return told(self.recipient, {Field(each.field): each.words for each in self.fields})

    @property
    def due(self) -> Due | None:
        """What is expected of the recipient next, and by when."""
        if self.state not in OPEN:
            return None
        return next_due(urgencies()[self.sheet.urgency], [(State(each.state), each.at) for each in self.steps])


@dataclass(frozen=True)
class Standing:
    """One referral as its sender's side sees it."""

    viewpoint: Viewpoint
    referral: Referral
    texts: Sequence[ReferralText]
    sheets: Sequence[SheetStanding]

    @property
    def ref(self) -> str:
        """What people call it by."""
        return reference(self.referral.id)

    @property
    def recipient(self) -> Recipient:
        return recipients()[self.referral.recipient]

    @property
    def text(self) -> ReferralText:
        return self.texts[-1]

    @cached_property
    def draft(self) -> Draft | None:
        """The newest text; None where it went with a record that it rested on."""
        return Draft.read(self.text.content)

    @property
    def sheet(self) -> SheetStanding | None:
        """The newest sheet; none while it is drafted."""
        return self.sheets[-1] if self.sheets else None

    @property
    def state(self) -> State:
        return self.sheet.state if self.sheet else State.DRAFTED

    @property
    def due(self) -> Due | None:
        return self.sheet.due if self.sheet else None

    @property
    def since(self) -> datetime:
        """Since when it stands so."""
        if self.sheet is None:
            return self.text.saved_at
        return self.sheet.revocation.at if self.sheet.revocation else self.sheet.steps[-1].at


def reference(referral: UUID) -> str:
    """What both sides call a referral by."""
    return f"REF-{str(referral)[:8].upper()}"


def side_of_viewer(viewpoint: Viewpoint, sheet: Sheet) -> Side | None:
    """Which side of a sheet the viewer is on; none where they are of neither organisation."""
    agency = viewpoint.viewer.agency
    if agency == sheet.partner_id:
        return Side.PARTNER
    return Side.SENDER if agency == sheet.owner_id else None


def referral_of(viewpoint: Viewpoint, referral: UUID) -> Standing | None:
    """One referral; a hidden one is none."""
    return next(iter(_standing(viewpoint, Referral.objects.filter(id=referral))), None)


def referrals(viewpoint: Viewpoint) -> list[Standing]:
    """Every referral that the viewer sees, the newest first."""
    return _standing(viewpoint, Referral.objects.all())


def referrals_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[Standing]:
    """Those about one person or address, given by all its mentions that the viewer sees, the newest first."""
    return _standing(viewpoint, Referral.objects.filter(about__in=list(mentions)))


def sheet_of(viewpoint: Viewpoint, sheet: UUID) -> SheetStanding | None:
    """One sheet; a hidden one is none."""
    return next(iter(_sheets(viewpoint, Sheet.objects.filter(id=sheet))), None)


def sheets(viewpoint: Viewpoint) -> list[SheetStanding]:
    """Every sheet that the viewer sees, the newest first: of a partner's person, what their organisation was told."""
    return _sheets(viewpoint, Sheet.objects.all())[::-1]


def _standing(viewpoint: Viewpoint, which: QuerySet[Referral]) -> list[Standing]:
    rows = viewpoint.visible(which.select_related("about", "partner"), "audience", "about__audience")
    held = list(rows.order_by("-opened_at", "id"))
    ids = [each.id for each in held]
    texts = _by(viewpoint.visible(ReferralText.objects.filter(referral__in=ids)).order_by("number"), "referral_id")
    of_each: dict[UUID, list[SheetStanding]] = {}
    for found in _sheets(viewpoint, Sheet.objects.filter(referral__in=ids)):
        of_each.setdefault(found.sheet.referral_id, []).append(found)
    return [Standing(viewpoint, each, texts.get(each.id, ()), of_each.get(each.id, ())) for each in held]


def _sheets(viewpoint: Viewpoint, which: QuerySet[Sheet]) -> list[SheetStanding]:
    """In the order of sending. A partner reads what it was told; police read a sheet beside the mention that it is about."""
    beside = () if is_partner(viewpoint.viewer.agency) else ("audience", "referral__about__audience")
    rows = viewpoint.visible(which.select_related("owner", "partner"), *beside)
    held = list(rows.order_by("sent_at", "number", "id"))
    ids = [each.id for each in held]
    fields = _by(viewpoint.visible(SheetField.objects.filter(sheet__in=ids)).order_by("field"), "sheet_id")
    steps = _by(viewpoint.visible(SheetStep.objects.filter(sheet__in=ids)).order_by("number"), "sheet_id")
    messages = _by(viewpoint.visible(SheetMessage.objects.filter(sheet__in=ids)).order_by("at", "id"), "sheet_id")
    openings = _by(viewpoint.visible(SheetOpening.objects.filter(sheet__in=ids)).order_by("at", "id"), "sheet_id")
    ends = _by(viewpoint.visible(SheetRevocation.objects.filter(sheet__in=ids)), "sheet_id")
    return [
        SheetStanding(
            each,
            fields.get(each.id, ()),
            steps.get(each.id, ()),
            messages.get(each.id, ()),
            openings.get(each.id, ()),
            next(iter(ends.get(each.id, ())), None),
        )
        for each in held
    ]


Row = TypeVar("Row", bound=Model)


def _by(rows: Iterable[Row], column: str) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for each in rows:
        found.setdefault(getattr(each, column), []).append(each)
    return found
