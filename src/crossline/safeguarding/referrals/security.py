"""Row security of referrals, as SQL that a migration runs: what is the sender's own, and the sheet that one partner reads.

A page may write no audience. Triggers with their owner's rights give a referral that of its agency, the centre and safeguarding
leads, and a sheet the same with its one partner. What hangs on either must carry the same. The sender's side reads a referral
and its sheets only beside the mention that it is about; a partner reads a sheet's rows only until it is revoked.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.partner_security import is_partner
from crossline.access.roles import Role
from crossline.safeguarding.referrals.fields import recipients
from crossline.safeguarding.referrals.states import STEPS, Side, side_of

WHO_REFERS: Final = frozenset({Role.SAFEGUARDING, Role.INFORMATION_MANAGER})
"""Who writes, sends and follows referrals of their agency."""

_R, _X, _B = "referrals_referral", "referrals_referraltext", "referrals_textrecord"
_S, _F, _T = "referrals_sheet", "referrals_sheetfield", "referrals_sheetstep"
_M, _O, _V = "referrals_sheetmessage", "referrals_sheetopening", "referrals_sheetrevocation"
_ROLES: Final = ",".join(sorted(WHO_REFERS))
_VIEWERS_PARTNER: Final = (
    f"(SELECT p.agency_id FROM access_person p WHERE p.id = {rows.VIEWER_ID} AND {is_partner('p.agency_id')})"
)
"""The organisation of a viewer of a partner, or null."""
_USERNAME: Final = f"(SELECT p.username FROM access_person p WHERE p.id = {rows.VIEWER_ID})"


def _by(table: str, who: str, agency: str, at: str, roles: str = _ROLES) -> str:
    """That a row is signed by a viewer with one of these roles, now."""
    return (
        f"{rows.signed(f'{table}.{who}', f'{table}.{agency}')} "
        f"AND {table}.{agency} = {rows.agency_of_viewer(roles)} AND {table}.{at} {rows.NOW}"
    )


def _by_partner(table: str) -> str:
    return _by(table, "by", "by_agency", "at", Role.PARTNER)


def _of_sheet(table: str, whose: str) -> str:
    """That a row hangs on a sheet that its viewer sees, with the same audience, and is signed for one side of it."""
    return (
        f"EXISTS (SELECT FROM {_S} s WHERE s.id = {table}.sheet_id AND s.audience_id = {table}.audience_id "
        f"AND {table}.by_agency = s.{whose})"
    )


_BESIDE_ITS_MENTION: Final = f"EXISTS (SELECT FROM records_mention m WHERE m.id = {_R}.about_id)"
_BESIDE_ITS_RECORD: Final = f"EXISTS (SELECT FROM records_record r WHERE r.id = {_B}.record_id)"
_OF_TEXT: Final = f"EXISTS (SELECT FROM {_X} x WHERE x.id = {_B}.text_id)"
_OF_REFERRAL: Final = f"EXISTS (SELECT FROM {_R} r WHERE r.id = {_X}.referral_id)"
_SHOWN: Final = (
    f"CASE WHEN {_VIEWERS_PARTNER} IS NULL THEN EXISTS (SELECT FROM {_R} r WHERE r.id = {_S}.referral_id) "
    f"ELSE {_S}.partner_id = {_VIEWERS_PARTNER} AND {_S}.reader IN ('', {_USERNAME}) END"
)
"""The sender's side beside the referral; of the partner whoever it is for."""


def _stands(table: str) -> str:
    """That a row's sheet is seen; and by a partner, that it was not taken back."""
    return (
        f"EXISTS (SELECT FROM {_S} s WHERE s.id = {table}.sheet_id) AND ({_VIEWERS_PARTNER} IS NULL "
        f"OR NOT EXISTS (SELECT FROM {_V} v WHERE v.sheet_id = {table}.sheet_id))"
    )


_KINDS: Final = " OR ".join(
    f"{_R}.recipient = '{each.id}' AND a.kind = '{each.kind}'" for each in recipients().values()
)
_OPENED: Final = (
    f"{_by(_R, 'opened_by', 'opened_agency', 'opened_at')} AND {_R}.owner_id = {_R}.opened_agency "
    f"AND {_BESIDE_ITS_MENTION} AND EXISTS (SELECT FROM access_agency a WHERE a.id = {_R}.partner_id AND ({_KINDS}))"
)
_SAVED: Final = (
    f"{_by(_X, 'saved_by', 'saved_agency', 'saved_at')} AND EXISTS (SELECT FROM {_R} r WHERE r.id = {_X}.referral_id "
    f"AND r.audience_id = {_X}.audience_id AND r.owner_id = {_X}.saved_agency)"
)
_RESTS: Final = (
    f"EXISTS (SELECT FROM {_X} x WHERE x.id = {_B}.text_id AND x.audience_id = {_B}.audience_id "
    f"AND x.saved_by = {_USERNAME} AND x.saved_at {rows.NOW}) AND {_BESIDE_ITS_RECORD}"
)
_SENT: Final = (
    f"{_S}.owner_id = {rows.agency_of_viewer(_ROLES)} AND {_S}.sent_at {rows.NOW} "
    f"AND EXISTS (SELECT FROM {_R} r WHERE r.id = {_S}.referral_id AND r.owner_id = {_S}.owner_id "
    f"AND r.partner_id = {_S}.partner_id AND r.recipient = {_S}.recipient) "
    f"AND EXISTS (SELECT FROM {_X} x WHERE x.id = {_S}.text_id AND x.referral_id = {_S}.referral_id)"
)
_FIELDS: Final = " OR ".join(
    f"s.recipient = '{each.id}' AND {_F}.field IN ({', '.join(repr(str(field)) for field in each.fields)})"
    for each in recipients().values()
)
_TOLD: Final = (
    f"EXISTS (SELECT FROM {_S} s WHERE s.id = {_F}.sheet_id AND s.audience_id = {_F}.audience_id "
    f"AND s.owner_id = {rows.agency_of_viewer(_ROLES)} AND s.sent_at {rows.NOW} AND ({_FIELDS}))"
)
"""A field is written beside its sheet at the moment of sending, and only one that this kind of recipient may be given."""


def _states(side: Side) -> str:
    return ", ".join(f"'{state}'" for state in STEPS if side_of(state) is side)


_MOVED: Final = (
    f"({_T}.state IN ({_states(Side.SENDER)}) AND {_by(_T, 'by', 'by_agency', 'at')} AND {_of_sheet(_T, 'owner_id')} "
    f"OR {_T}.state IN ({_states(Side.PARTNER)}) AND {_by_partner(_T)} AND {_of_sheet(_T, 'partner_id')}) "
    f"AND NOT EXISTS (SELECT FROM {_V} v WHERE v.sheet_id = {_T}.sheet_id)"
)
_WRITTEN: Final = (
    f"({_M}.side = '{Side.SENDER}' AND {_by(_M, 'by', 'by_agency', 'at')} AND {_of_sheet(_M, 'owner_id')} "
    f"OR {_M}.side = '{Side.PARTNER}' AND {_by_partner(_M)} AND {_of_sheet(_M, 'partner_id')}) "
    f"AND NOT EXISTS (SELECT FROM {_V} v WHERE v.sheet_id = {_M}.sheet_id)"
)
_SEEN_BY_PARTNER: Final = f"{_by_partner(_O)} AND {_of_sheet(_O, 'partner_id')}"
_OPENINGS_READ: Final = f"{_VIEWERS_PARTNER} IS NULL AND EXISTS (SELECT FROM {_S} s WHERE s.id = {_O}.sheet_id)"
_TAKEN_BACK: Final = f"{_by(_V, 'by', 'by_agency', 'at')} AND {_of_sheet(_V, 'owner_id')}"
_REVOCATION_READ: Final = f"EXISTS (SELECT FROM {_S} s WHERE s.id = {_V}.sheet_id)"


_OWN_SIDE: Final = "'agency:' || NEW.owner_id, 'centre', 'safeguarding'"
_ADDS: Final = "SELECT, INSERT"

GOES_WITH_ITS_RECORDS: Final = f"""
-- When a record behind a text is disposed of, what was written and told of it goes too. Run with the rights of whoever disposes.
CREATE FUNCTION crossline_referral_forgets() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM {_F} f USING {_S} s WHERE s.text_id = OLD.text_id AND s.id = f.sheet_id;
    UPDATE {_X} SET content = '{{}}' WHERE id = OLD.text_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_referral_forgets() FROM PUBLIC;
CREATE TRIGGER goes_with_its_records AFTER DELETE ON {_B} FOR EACH ROW EXECUTE FUNCTION crossline_referral_forgets();
"""

REFERRALS: Final = (
    rows.content(_R, read=_BESIDE_ITS_MENTION)
    + rows.added_with_audience(_R, _OPENED)
    + rows.given_audience("crossline_referral_audience", _R, _OWN_SIDE)
    + rows.content(_X, web=_ADDS, added=_SAVED, read=_OF_REFERRAL)
    + rows.content(_B, web=_ADDS, added=_RESTS, read=f"{_BESIDE_ITS_RECORD} AND {_OF_TEXT}")
    + rows.content(_S, read=_SHOWN)
    + rows.added_with_audience(_S, _SENT)
    + rows.given_audience("crossline_sheet_audience", _S, f"{_OWN_SIDE}, 'partner:' || NEW.partner_id")
    + rows.content(_V, web=_ADDS, added=_TAKEN_BACK, read=_REVOCATION_READ)
    + rows.content(_F, web=_ADDS, added=_TOLD, read=_stands(_F))
    + rows.content(_T, web=_ADDS, added=_MOVED, read=_stands(_T))
    + rows.content(_M, web=_ADDS, added=_WRITTEN, read=_stands(_M))
    + rows.content(_O, web=_ADDS, added=_SEEN_BY_PARTNER, read=_OPENINGS_READ)
    + GOES_WITH_ITS_RECORDS
)
