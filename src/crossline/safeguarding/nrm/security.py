"""Row security of the National Referral Mechanism and the section 45 log, as SQL that a migration runs."""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.safeguarding.anchored import AUDIENCE, anchored, hanging, of_seen, record_seen, signed_now
from crossline.safeguarding.nrm.routes import ADULT_AGE, Age

WHO_REFERS: Final = frozenset({Role.SAFEGUARDING})
"""Who drafts, reads, sends and follows: of the agency that drafts it, of the centre, or of the first responder that was asked."""
WHO_CONSIDERS: Final = frozenset({Role.SAFEGUARDING, Role.INVESTIGATOR})
"""Who writes in the section 45 log, of the agency that holds the person or of the centre."""

_C: Final = "nrm_nrmcase"
_V: Final = "nrm_nrmversion"
_O: Final = "nrm_nrmobservation"
_Q: Final = "nrm_nrmrequest"
_S: Final = "nrm_nrmstep"
_G: Final = "nrm_guardiancoverage"
_E: Final = "nrm_section45entry"

_ASKED: Final = f"EXISTS (SELECT FROM {_Q} q WHERE q.case_id = h.id AND q.to_agency_id = {_S}.by_agency)"
_LEANS: Final = (
    f"EXISTS (SELECT FROM {_V} v WHERE v.id = {_O}.version_id AND v.audience_id = {_O}.audience_id "
    f"AND v.by = (SELECT p.username FROM access_person p WHERE p.id = {rows.VIEWER_ID}) AND v.at {rows.NOW}) "
    f"AND {record_seen(f'{_O}.record_id')}"
)
_BESIDE: Final = (
    f"EXISTS (SELECT FROM {_V} v WHERE v.id = {_O}.version_id AND v.audience_id = {_O}.audience_id) "
    f"AND {record_seen(f'{_O}.record_id')}"
)
_MOVED: Final = (
    f"{signed_now(_S, WHO_REFERS)} AND {of_seen(_S, _C, 'case_id', agency='by_agency', also=_ASKED)} "
    f"AND EXISTS (SELECT FROM {_V} v WHERE v.id = {_S}.version_id AND v.case_id = {_S}.case_id) "
    # Never one person alone: whoever wrote any of the text is not its second reader.
    f"AND ({_S}.state <> 'read' OR {_S}.number > 1 AND NOT EXISTS "
    f"(SELECT FROM {_V} v WHERE v.case_id = {_S}.case_id AND v.by = {_S}.by)) "
    # A child is never sent as a notice, whatever was saved.
    f"AND ({_S}.state <> 'sent' OR EXISTS (SELECT FROM {_V} v WHERE v.id = {_S}.version_id AND v.route <> 'ask' "
    "AND (v.age = 'adult' OR v.route = 'nrm')))"
)
_HELD: Final = (
    f"{signed_now(_E, WHO_CONSIDERS)} AND {_E}.by_agency IN ({_E}.owner_id, '{CENTRE}') "
    f"AND EXISTS (SELECT FROM records_mention m JOIN records_record r ON r.id = m.record_id "
    f"WHERE m.id = {_E}.about_id AND r.id = {_E}.record_id AND r.kind = 'custody' AND r.owner_id = {_E}.owner_id)"
)

AGE_STANDS: Final = f"""
-- With the rights of whoever saves: nobody is called an adult whose own record may mean a child.
CREATE FUNCTION crossline_nrm_age_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.age = '{Age.ADULT}' AND EXISTS (
        SELECT FROM nrm_nrmcase c JOIN records_mention m ON m.id = c.about_id JOIN records_record r ON r.id = m.record_id
        WHERE c.id = NEW.case_id AND CASE
            WHEN m.born ~ '^\\d{{4}}-\\d{{2}}-\\d{{2}}$' THEN m.born::date > current_date - interval '{ADULT_AGE} years'
            WHEN m.born ~ '^\\d{{4}}-\\d{{2}}$' THEN (m.born || '-01')::date + interval '1 month - 1 day'
                > current_date - interval '{ADULT_AGE} years'
            WHEN m.born ~ '^\\d{{4}}$' THEN (m.born || '-12-31')::date > current_date - interval '{ADULT_AGE} years'
            ELSE coalesce(m.age + (current_date - r.made_at::date) / 365.25 < {ADULT_AGE}, false) END)
    THEN
        RAISE EXCEPTION 'the record of this person may mean a child' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER age_stands BEFORE INSERT ON {_V} FOR EACH ROW EXECUTE FUNCTION crossline_nrm_age_stands();
"""

NRM: Final = (
    AUDIENCE
    + anchored(_C, added=f"{signed_now(_C, WHO_REFERS)} AND {_C}.owner_id = {_C}.by_agency")
    + hanging(
        _V, _C, "case_id", added=f"{signed_now(_V, WHO_REFERS)} AND {of_seen(_V, _C, 'case_id', agency='by_agency')}"
    )
    + AGE_STANDS
    + rows.content(_O, web="SELECT, INSERT", added=_LEANS, read=_BESIDE)
    + hanging(
        _Q, _C, "case_id", added=f"{signed_now(_Q, WHO_REFERS)} AND {of_seen(_Q, _C, 'case_id', agency='by_agency')}"
    )
    + hanging(_S, _C, "case_id", added=_MOVED)
    + anchored(_E, added=_HELD, read=record_seen(f"{_E}.record_id"))
    + rows.content(_G)
    + f"""
-- Of an authority, and of nobody: the centre writes it down, and the safeguarding leads of every agency read it.
CREATE POLICY web_adds ON {_G} FOR INSERT TO {rows.WEB} WITH CHECK (
    {signed_now(_G, WHO_REFERS)} AND {_G}.by_agency = '{CENTRE}' AND {_G}.owner_id = '{CENTRE}');
GRANT INSERT ON {_G} TO {rows.WEB};
CREATE TRIGGER audience_follows BEFORE INSERT ON {_G} FOR EACH ROW EXECUTE FUNCTION crossline_safeguarding_audience();
"""
)
