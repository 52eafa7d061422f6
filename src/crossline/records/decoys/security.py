"""Who may plant, agree and see, as SQL that a migration runs; and the trigger by which what was agreed on is shown.

What says that something is a decoy, and what people are shown, are different tables with different readers. See
docs/decisions/0015-decoys.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.audit import Event
from crossline.access.people_security import ACTIVE
from crossline.access.roles import Role

LONGEST_DAYS: Final = 90
"""[D] assurance: long enough to be met in passing, short enough that somebody decides anew whether it is still wanted."""
SECRET_EVENTS: Final = (
    Event.DECOY_PLANTED,
    Event.DECOY_AGREED,
    Event.DECOY_REFUSED,
    Event.DECOY_ENDED,
    Event.DECOYS_READ,
)
"""Rows of the audit that would warn: read by whoever did it and by the agency's auditors, not by its information managers."""
WHO_AGREES: Final = frozenset({Role.AUDITOR, Role.INFORMATION_MANAGER})

_PLANTING: Final = "nullif(current_setting('crossline.planting', true), '')::uuid"
"""The decoy that is being shown or taken away, or null. Setting it opens rows to the owner of the tables alone."""
_AUDITOR: Final = rows.agency_of_viewer(Role.AUDITOR)
_ROLES: Final = ",".join(sorted(WHO_AGREES))
_SECOND: Final = rows.agency_of_viewer(_ROLES)
_SECRET: Final = ", ".join(f"'{event}'" for event in SECRET_EVENTS)

PLANTED: Final = f"""
{rows.force("records_decoy")}{rows.force("records_decoystep")}
CREATE POLICY web_reads ON records_decoy FOR SELECT TO {rows.WEB} USING (
    planted_agency = {_AUDITOR} OR sponsor_id = {rows.VIEWER} AND planted_agency = {_SECOND});
CREATE POLICY web_adds ON records_decoy FOR INSERT TO {rows.WEB} WITH CHECK (
    planted_agency = {_AUDITOR} AND planted_by_id = {rows.VIEWER} AND {rows.signed("planted_by", "planted_agency")}
    AND planted_at {rows.NOW} AND reason <> '' AND days BETWEEN 1 AND {LONGEST_DAYS} AND sponsor_id <> planted_by_id
    AND EXISTS (SELECT FROM access_person s WHERE s.id::text = sponsor_id AND s.username = sponsor AND s.is_active
        AND s.agency_id = planted_agency AND s.roles::text[] && '{{{_ROLES}}}'));
-- Steps are read with their decoy. The second person is the one who was named, and never who planted; any auditor ends.
CREATE POLICY web_reads ON records_decoystep FOR SELECT TO {rows.WEB} USING (
    EXISTS (SELECT FROM records_decoy d WHERE d.id = decoy_id));
CREATE POLICY web_adds ON records_decoystep FOR INSERT TO {rows.WEB} WITH CHECK (
    by_id = {rows.VIEWER} AND {rows.signed("by", "by_agency")} AND by_agency = {_SECOND} AND at {rows.NOW} AND EXISTS (
        SELECT FROM records_decoy d WHERE d.id = decoy_id AND d.planted_agency = by_agency AND CASE
            WHEN state IN ('agreed', 'refused') THEN d.sponsor_id = by_id AND d.planted_by_id <> by_id
            WHEN state = 'ended' THEN d.sponsor_id = by_id OR by_agency = {_AUDITOR}
            ELSE false END));
GRANT SELECT, INSERT ON records_decoy, records_decoystep TO {rows.WEB};
{rows.append_only("records_decoy")}{rows.append_only("records_decoystep")}
"""

_SEEN: Final = f"audience_id = ANY ({rows.VISIBLE}::bigint[])"
SHOWN: Final = f"""
{rows.force("records_decoyrecord")}{rows.force("records_decoytoken")}
CREATE POLICY web_reads ON records_decoyrecord FOR SELECT TO {rows.WEB} USING ({_SEEN} AND now() < until);
CREATE POLICY web_reads ON records_decoytoken FOR SELECT TO {rows.WEB} USING (
    {_SEEN} AND EXISTS (SELECT FROM records_decoyrecord r WHERE r.id = decoy_id));
GRANT SELECT ON records_decoyrecord, records_decoytoken TO {rows.WEB};
CREATE POLICY owner_shows ON records_decoy FOR SELECT TO crossline_owner USING (id = {_PLANTING});
CREATE POLICY owner_shows ON records_decoystep FOR SELECT TO crossline_owner USING (decoy_id = {_PLANTING});
CREATE POLICY owner_shows ON records_decoyrecord TO crossline_owner
    USING (id = {_PLANTING}) WITH CHECK (id = {_PLANTING});
CREATE POLICY owner_shows ON records_decoytoken TO crossline_owner
    USING (decoy_id = {_PLANTING}) WITH CHECK (decoy_id = {_PLANTING});
CREATE FUNCTION crossline_show_decoy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own text := 'agency:' || NEW.by_agency;  -- as access.policy.agency_label has it
    audience bigint;
BEGIN
    PERFORM set_config('crossline.planting', NEW.decoy_id::text, true);
    -- One step of a decoy at a time: who agrees while another ends it must find that it is ended.
    PERFORM pg_advisory_xact_lock(hashtextextended('decoy ' || NEW.decoy_id, 0));
    IF NEW.state = 'agreed' THEN
        IF EXISTS (SELECT FROM records_decoystep s WHERE s.decoy_id = NEW.decoy_id AND s.state = 'ended') THEN
            RAISE EXCEPTION 'that decoy was ended' USING ERRCODE = 'unique_violation';
        END IF;
        INSERT INTO access_label (key) VALUES (own) ON CONFLICT DO NOTHING;
        INSERT INTO access_audience (fingerprint) VALUES (own) ON CONFLICT DO NOTHING;
        SELECT id INTO audience FROM access_audience WHERE fingerprint = own;
        INSERT INTO access_audiencelabel (audience_id, label_id)
            SELECT audience, l.id FROM access_label l WHERE l.key = own ON CONFLICT DO NOTHING;
        INSERT INTO records_decoyrecord (id, owner_id, ref, person, phone, said, until, audience_id)
            SELECT d.id, d.planted_agency, d.ref, d.person, d.phone, d.said, now() + d.days * interval '1 day', audience
            FROM records_decoy d WHERE d.id = NEW.decoy_id;
        INSERT INTO records_decoytoken (decoy_id, token, audience_id)
            SELECT d.id, word, audience FROM records_decoy d, unnest(d.tokens) word WHERE d.id = NEW.decoy_id;
    ELSIF NEW.state = 'ended' THEN
        UPDATE records_decoyrecord SET until = least(until, now()) WHERE id = NEW.decoy_id;
    END IF;
    PERFORM set_config('crossline.planting', '', true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_show_decoy() FROM PUBLIC;
CREATE TRIGGER shown_when_agreed AFTER INSERT ON records_decoystep
    FOR EACH ROW EXECUTE FUNCTION crossline_show_decoy();
"""

UNTOLD: Final = f"""
-- An information manager reads the agency's audit and works with its records: what tells of a decoy is for auditors alone.
ALTER POLICY web_reads ON access_auditevent USING (
    actor_id = {ACTIVE}::text OR event IN ({_SECRET}) AND actor_agency = {_AUDITOR}
    OR event NOT IN ({_SECRET}) AND (actor_agency = {rows.AUDITOR}
        OR {rows.AUDITOR} IS NOT NULL AND EXISTS (
            SELECT FROM access_auditsubject s WHERE s.event = access_auditevent.id
                AND s.actor_id = access_auditevent.actor_id AND s.owner_agency = {rows.AUDITOR})));
"""
