"""Writing a referral: every text is checked against what its recipient may be given, and against what may be told at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.models import Agency, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.fields import OF_EVERYBODY, Recipient, entries, recipients, recipients_of
from crossline.safeguarding.referrals.gathering import Gathered, gathered_for
from crossline.safeguarding.referrals.law import bases, gateways_for, golden_rules
from crossline.safeguarding.referrals.models import Referral, ReferralText, TextRecord
from crossline.safeguarding.referrals.security import WHO_REFERS
from crossline.safeguarding.referrals.standing import Standing, referral_of
from crossline.safeguarding.referrals.states import State, urgencies
from crossline.vocabulary.agencies import PARTNER, PartnerKind

PURPOSE: Final = "safeguarding"
LONGEST_WORDS: Final = 4_000
LONGEST_REASON: Final = 2_000
WHO_OVERRIDES: Final = frozenset({Role.INFORMATION_MANAGER})
"""Who may decide that consent is overridden. [D]"""
OVERTAKEN: Final = "Somebody else changed this referral since you opened it, so nothing was saved; read it again first."
TO_BE_WRITTEN: Final = frozenset({State.DRAFTED, State.REVOKED})
"""A text is changed while nothing is out: before the first sheet, or after the last was taken back."""


def may_refer(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer writes and follows referrals of an agency."""
    return bool(viewpoint.viewer.roles & WHO_REFERS) and viewpoint.viewer.agency == owner


def organisations(recipient: Recipient | None = None) -> list[Agency]:
    """The partner organisations that can be told something, in one capacity or in any, by name."""
    rows = Agency.objects.filter(id__startswith=PARTNER)
    return list((rows if recipient is None else rows.filter(kind=recipient.kind)).order_by("name", "id"))


def recipients_about(gathered: Gathered, partner: Agency) -> list[Recipient]:
    """In which capacities an organisation can be told of this person or address."""
    return [each for each in recipients_of(PartnerKind(partner.kind)) if gathered.mention.kind in each.about]


def draft_referral(
    *,
    about: UUID,
    partner: str,
    recipient: str,
    draft: Draft,
    records: Collection[UUID],
    reason: str,
    viewpoint: Viewpoint,
) -> Referral:
    """Write a referral of the viewer's agency about a visible person or address. Nothing leaves by it."""
    viewer = viewpoint.viewer
    gathered = gathered_for(viewpoint, about, viewer.agency)
    if gathered is None or gathered.decoy:
        refuse_decoy(viewpoint, person=about)
        raise NotPermitted("That person or place does not exist, or you may not see it.")
    if not may_refer(viewpoint, viewer.agency):
        raise NotPermitted("Only a safeguarding lead or an information manager writes a referral; ask yours.")
    told = Agency.objects.filter(id=partner, id__startswith=PARTNER).first()
    capacity = recipients().get(recipient)
    if told is None or capacity is None or capacity not in recipients_about(gathered, told):
        raise UserError("Choose a partner organisation that can be told of this, and in which capacity.")
    checked(gathered, told.id, capacity, draft, records)
    why = reason_given(reason)
    made = Referral(
        about=gathered.mention,
        owner_id=viewer.agency,
        partner=told,
        recipient=capacity.id,
        opened_by=viewer.username,
        opened_agency=viewer.agency,
    )
    made.save(force_insert=True)
    made.refresh_from_db(fields=["audience"])
    _saved(made, draft, records, why, number=1, viewpoint=viewpoint)
    return made


def redraft_referral(
    *, referral: UUID, stood: int, draft: Draft, records: Collection[UUID], reason: str, viewpoint: Viewpoint
) -> ReferralText:
    """Save another text of a referral of which nothing is out. `stood`: the text that was read."""
    found = to_act_on(viewpoint, referral)
    if found.state not in TO_BE_WRITTEN:
        raise MoveNotAllowed("Its sheet is with the partner; revoke that before the text is changed.")
    if found.text.number != stood:
        raise MoveNotAllowed(OVERTAKEN)
    gathered = gathered_of(found)
    checked(gathered, found.referral.partner_id, found.recipient, draft, records)
    return _saved(found.referral, draft, records, reason_given(reason), number=stood + 1, viewpoint=viewpoint)


def to_act_on(viewpoint: Viewpoint, referral: UUID) -> Standing:
    """A referral that the viewer writes and follows, held for the rest of the transaction."""
    if referral_of(viewpoint, referral) is None:
        raise NotPermitted("That referral does not exist, or you may not see it.")
    claim(referral)
    found = referral_of(viewpoint, referral)
    if found is None or not may_refer(viewpoint, found.referral.owner_id):
        raise NotPermitted("Only a safeguarding lead or an information manager of the agency that refers does that.")
    return found


def gathered_of(found: Standing) -> Gathered:
    """What is held about whom or what a referral is about."""
    gathered = gathered_for(found.viewpoint, found.referral.about_id, found.referral.owner_id)
    if gathered is None:
        raise NotPermitted("Whom or what this referral is about is no longer to be seen.")
    return gathered


def checked(gathered: Gathered, partner: str, recipient: Recipient, draft: Draft, records: Collection[UUID]) -> None:
    """Raise UserError where a text may not be told so: by field, ground, consent, record or reader."""
    _check_records(gathered, records)
    _check_fields(gathered, recipient, draft)
    _check_grounds(recipient, draft)
    _check_consent(gathered, draft)
    if recipient.children and gathered.is_adult():
        raise UserError(f"{recipient.title} are told of children, and records say that this person is an adult.")
    if draft.reader or recipient.one_reader:
        _check_reader(partner, draft.reader)


def reason_given(reason: str) -> str:
    """The reason of an act, as it is kept."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise UserError(f"Give the reason, in up to {LONGEST_REASON:,} characters: others will read it years from now.")
    return said


def _check_records(gathered: Gathered, records: Collection[UUID]) -> None:
    left = {each.record.id: each for each in gathered.left_out}
    if gathered.mention.record_id in left:
        out = left[gathered.mention.record_id]
        raise UserError(f"Nothing may be told from {out.record.ref}. {out.why}. Begin from another record of the same.")
    offered = {each.id for each in gathered.offered} | {gathered.mention.record_id}
    if not records:
        raise UserError("Choose at least one record that this rests on.")
    if set(records) - offered:
        raise UserError(
            "A record can no longer stand behind this referral; open the page again and choose from its list."
        )


def _check_fields(gathered: Gathered, recipient: Recipient, draft: Draft) -> None:
    beyond = [entries()[field].title for field in draft.words if field not in recipient.fields]
    if beyond:
        raise UserError(
            f"{recipient.title} may not be given: {', '.join(beyond)}. {recipient.never} must not reach them."
        )
    filled = {field for field, said in draft.words.items() if said.strip()}
    for field in recipient.required():
        if field not in filled:
            raise UserError(f"Fill in “{entries()[field].title}”: they cannot act without it.")
    if not filled - set(OF_EVERYBODY):
        raise UserError("Fill in at least one field beside what is asked, why, and whom to ring.")
    for field, said in draft.words.items():
        entry = entries()[field]
        if len(said) > LONGEST_WORDS:
            raise UserError(f"“{entry.title}” is longer than {LONGEST_WORDS:,} characters; shorten it.")
        if tells := gathered.tells(recipient, entry, said):
            raise UserError(f"“{entry.title}” tells {' and '.join(tells)}. Take that out: it leaves with the sheet.")


def _check_grounds(recipient: Recipient, draft: Draft) -> None:
    if draft.gateway not in {each.id for each in gateways_for(recipient.id)}:
        raise UserError("Choose a gateway through which this recipient can be told.")
    if draft.basis not in bases():
        raise UserError("Choose the lawful basis.")
    if draft.urgency not in urgencies():
        raise UserError("Choose how urgent it is.")
    for rule in golden_rules():
        if not 0 < len(draft.rules.get(rule.id, "").strip()) <= LONGEST_REASON:
            raise UserError(f"Answer, in up to {LONGEST_REASON:,} characters: {rule.question}")
    if not 0 < len(draft.inference.strip()) <= LONGEST_REASON:
        raise UserError(
            "Say what somebody who exploits the person could infer if they saw this, or that it is nothing."
        )


def _check_consent(gathered: Gathered, draft: Draft) -> None:
    if not 0 < len(draft.consent_reason.strip()) <= LONGEST_REASON:
        raise UserError("Say who gave consent and how, or why it is not needed or overridden.")
    if draft.consent is Consent.NOT_NEEDED and gathered.is_person and gathered.is_adult():
        raise UserError(
            "Records say that this person is an adult, so consent is given or overridden, not without need."
        )
    if draft.consent is Consent.OVERRIDDEN and not gathered.viewpoint.viewer.roles & WHO_OVERRIDES:
        raise NotPermitted("Only an information manager overrides consent; ask one of your agency to save this text.")


def _check_reader(partner: str, reader: str) -> None:
    rows = Person.objects.filter(username=reader, agency=partner, is_active=True, roles__contains=[Role.PARTNER])
    if not rows.exists():
        raise UserError(
            "Give the username of the one person there who may open it, such as the safeguarding lead’s; ask them for it."
        )


def _saved(
    referral: Referral, draft: Draft, records: Collection[UUID], reason: str, *, number: int, viewpoint: Viewpoint
) -> ReferralText:
    behind = sorted({*records, referral.about.record_id})
    text = ReferralText(
        referral=referral,
        number=number,
        content=draft.stored(),
        behind=len(behind),
        reason=reason,
        saved_by=viewpoint.viewer.username,
        saved_agency=viewpoint.viewer.agency,
        audience_id=referral.audience_id,
    )
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    TextRecord.objects.bulk_create(
        [TextRecord(text=text, record_id=each, audience_id=referral.audience_id) for each in behind]
    )
    detail = {"partner": referral.partner_id, "as": referral.recipient, "text": number, "reason": reason[:200]}
    log(Event.REFERRAL_SAVED, by=viewpoint.viewer, about=Subject("referral", str(referral.id), detail), purpose=PURPOSE)
    return text
