"""A sheet leaves, is opened, is answered, and is taken back: each act one function, checked, written and audited together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.referrals.draft import told
from crossline.safeguarding.referrals.drafting import (
    LONGEST_REASON,
    PURPOSE,
    checked,
    gathered_of,
    may_refer,
    to_act_on,
)
from crossline.safeguarding.referrals.models import (
    Sheet,
    SheetField,
    SheetMessage,
    SheetOpening,
    SheetRevocation,
    SheetStep,
    TextRecord,
)
from crossline.safeguarding.referrals.standing import SheetStanding, Standing, referral_of, sheet_of, side_of_viewer
from crossline.safeguarding.referrals.states import MOVES, Side, State, moves_of

OVERTAKEN: Final = "Somebody else moved this referral since you opened it, so nothing was changed; read it again first."
WORDS_NEEDED: Final = frozenset({State.REJECTED, State.ACTION, State.OUTCOME, State.REOPENED, State.REVOKED})
"""Moves that say nothing without words."""


def send_referral(*, referral: UUID, stood: int, viewpoint: Viewpoint) -> Sheet:
    """Send the newest text to its partner, as a sheet. `stood`: the text that whoever sends has read.

    Everything is checked again: somebody may have become known, and a record may have been restricted, since it was written.
    """
    found = to_act_on(viewpoint, referral)
    if State.SENT not in MOVES[found.state]:
        raise MoveNotAllowed("Its sheet is with the partner already.")
    if found.text.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    draft = found.draft
    if draft is None:
        raise MoveNotAllowed("The text went with a record that it rested on; write it anew before anything is sent.")
    behind = viewpoint.visible(TextRecord.objects.filter(text=found.text), "audience", "record__audience")
    records = set(behind.values_list("record_id", flat=True))
    if len(records) < found.text.behind:
        raise MoveNotAllowed(
            "A record behind it is no longer held or shown to you; write the text anew before it is sent."
        )
    checked(gathered_of(found), found.referral.partner_id, found.recipient, draft, records)
    sheet = _sheet(found, draft.urgency, draft.gateway, draft.reader)
    lines = told(found.recipient, draft.words)
    SheetField.objects.bulk_create(
        [
            SheetField(sheet=sheet, field=each.entry.id, words=each.words, audience_id=sheet.audience_id)
            for each in lines
        ]
    )
    _stepped(sheet, State.SENT, "", number=1, viewpoint=viewpoint)
    detail = {
        "partner": sheet.partner_id,
        "as": sheet.recipient,
        "gateway": sheet.gateway,
        "sheet": str(sheet.id),
        "fields": [str(each.entry.id) for each in lines],
    }
    _log(Event.REFERRAL_SENT, sheet, detail, viewpoint)
    return sheet


def open_sheet(*, sheet: UUID, viewpoint: Viewpoint) -> SheetStanding | None:
    """The sheet as a partner's person opens it: that they did is kept, and the first time it counts as received."""
    found = sheet_of(viewpoint, sheet)
    if found is None or found.revocation is not None or side_of_viewer(viewpoint, found.sheet) is not Side.PARTNER:
        return found
    viewer = viewpoint.viewer
    SheetOpening(
        sheet=found.sheet, by=viewer.username, by_agency=viewer.agency, audience_id=found.sheet.audience_id
    ).save(force_insert=True)
    if found.state is State.SENT:
        try:
            _stepped(found.sheet, State.RECEIVED, "", number=found.stood + 1, viewpoint=viewpoint)
        except MoveNotAllowed:
            return sheet_of(viewpoint, sheet)  # a colleague opened it at this moment
        _log(Event.REFERRAL_MOVED, found.sheet, {"state": str(State.RECEIVED)}, viewpoint)
    return sheet_of(viewpoint, sheet)


def move_sheet(*, sheet: UUID, to: State, words: str, stood: int, viewpoint: Viewpoint) -> SheetStep:
    """Bring a sheet to a state, by the side whose move it is. `stood`: how many steps it had when it was read."""
    found, side = _to_act_on(viewpoint, sheet)
    if found.revocation is not None:
        raise MoveNotAllowed("This referral was revoked.")
    if found.stood != stood:
        raise MoveNotAllowed(OVERTAKEN)
    if to is State.REVOKED or to not in moves_of(found.state, side):
        raise MoveNotAllowed(f"A referral that is {found.state.label.lower()} cannot become {to.label.lower()} by you.")
    said = _words(words, needed=to in WORDS_NEEDED)
    _check_told(found, side, said, viewpoint)
    step = _stepped(found.sheet, to, said, number=stood + 1, viewpoint=viewpoint)
    _log(Event.REFERRAL_MOVED, found.sheet, {"state": str(to)}, viewpoint)
    return step


def write_message(*, sheet: UUID, words: str, viewpoint: Viewpoint) -> SheetMessage:
    """Write to the other side of a sheet, whatever state it is in, unless it was taken back."""
    found, side = _to_act_on(viewpoint, sheet)
    if found.revocation is not None:
        raise MoveNotAllowed("This referral was revoked.")
    said = _words(words, needed=True)
    _check_told(found, side, said, viewpoint)
    made = SheetMessage(
        sheet=found.sheet,
        side=side,
        words=said,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.sheet.audience_id,
    )
    made.save(force_insert=True)
    _log(Event.REFERRAL_MESSAGE, found.sheet, {"side": str(side)}, viewpoint)
    return made


def revoke_sheet(*, sheet: UUID, words: str, viewpoint: Viewpoint) -> SheetRevocation:
    """Take a sheet back: from now on its partner reads these words and nothing else of it. That it was shown stays known."""
    found, side = _to_act_on(viewpoint, sheet)
    if side is not Side.SENDER:
        raise NotPermitted("Only whoever referred takes a referral back.")
    if found.revocation is not None:
        raise MoveNotAllowed("This referral was revoked already.")
    said = _words(words, needed=True)
    _check_told(found, side, said, viewpoint)
    made = SheetRevocation(
        sheet=found.sheet,
        words=said,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=found.sheet.audience_id,
    )
    made.save(force_insert=True)
    _log(Event.REFERRAL_REVOKED, found.sheet, {"opened": len(found.openings)}, viewpoint)
    return made


def _to_act_on(viewpoint: Viewpoint, sheet: UUID) -> tuple[SheetStanding, Side]:
    found = sheet_of(viewpoint, sheet)
    if found is None:
        raise NotPermitted("That referral does not exist, or you may not see it.")
    claim(found.sheet.referral_id)
    found = sheet_of(viewpoint, sheet)
    side = None if found is None else side_of_viewer(viewpoint, found.sheet)
    partner = side is Side.PARTNER and Role.PARTNER in viewpoint.viewer.roles
    if found is None or side is None or not (partner or may_refer(viewpoint, found.sheet.owner_id)):
        raise NotPermitted("Only a safeguarding lead or an information manager of the agency that refers does that.")
    return found, side


def _words(words: str, *, needed: bool) -> str:
    said = words.strip()
    if len(said) > LONGEST_REASON or (needed and not said):
        raise UserError(f"Say it in words, in up to {LONGEST_REASON:,} characters: the other side reads them.")
    return said


def _check_told(found: SheetStanding, side: Side, said: str, viewpoint: Viewpoint) -> None:
    """What the sender's side writes beside the fields leaves like a field, and tells as little."""
    referral = referral_of(viewpoint, found.sheet.referral_id) if side is Side.SENDER else None
    if referral is not None and (tells := gathered_of(referral).tells(found.recipient, None, said)):
        raise UserError(f"Your words tell {' and '.join(tells)}. Take that out: the partner reads them.")


def _sheet(found: Standing, urgency: str, gateway: str, reader: str) -> Sheet:
    sheet = Sheet(
        referral=found.referral,
        text=found.text,
        number=len(found.sheets) + 1,
        owner_id=found.referral.owner_id,
        partner_id=found.referral.partner_id,
        recipient=found.referral.recipient,
        urgency=urgency,
        gateway=gateway,
        reader=reader,
    )
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    sheet.refresh_from_db(fields=["audience"])
    return sheet


def _stepped(sheet: Sheet, state: State, words: str, *, number: int, viewpoint: Viewpoint) -> SheetStep:
    step = SheetStep(
        sheet=sheet,
        number=number,
        state=state,
        words=words,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=sheet.audience_id,
    )
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    return step


def _log(event: Event, sheet: Sheet, detail: Mapping[str, object], viewpoint: Viewpoint) -> None:
    about = Subject("referral", str(sheet.referral_id), detail)
    log(event, by=viewpoint.viewer, about=about, purpose=PURPOSE)
