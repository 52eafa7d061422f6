"""Row security of escalating a request to the region, as SQL that a migration runs: its unit reads it from then on.

A trigger gives the request and its steps the audience of both agencies, the regional unit of the one that was asked, and the
centre. Which unit that is, is written into a function from the vocabulary. See docs/decisions/0028-joint-work.md.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.operations.joint.moves import RequestState
from crossline.operations.joint.security import REQUEST_STEP_FOLLOWS, labels_of
from crossline.vocabulary.agencies import agencies

_R: Final = "operations_jointrequest"
_S: Final = "operations_requeststep"
_ESCALATING: Final = "nullif(current_setting('crossline.escalating', true), '')::uuid"
"""The request that is being escalated, or null. Setting it opens rows to the owner of the tables alone."""
_UNITS: Final = ", ".join(f"('{each.id}', '{each.rocu_id}')" for each in agencies().values() if each.rocu_id)

REGION: Final = f"""
CREATE FUNCTION crossline_regional_unit(of_agency text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT u.unit FROM (VALUES {_UNITS}) u (agency, unit) WHERE u.agency = of_agency
$$;
REVOKE ALL ON FUNCTION crossline_regional_unit(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_regional_unit(text) TO {rows.WEB}, {rows.ENGINE};
{REQUEST_STEP_FOLLOWS}
CREATE POLICY owner_escalates_reads ON {_R} FOR SELECT TO crossline_owner USING (id = {_ESCALATING});
CREATE POLICY owner_escalates_changes ON {_R} FOR UPDATE TO crossline_owner USING (id = {_ESCALATING});
CREATE POLICY owner_escalates_reads ON {_S} FOR SELECT TO crossline_owner USING (request_id = {_ESCALATING});
CREATE POLICY owner_escalates_changes ON {_S} FOR UPDATE TO crossline_owner USING (request_id = {_ESCALATING});
CREATE FUNCTION crossline_escalate_to_region() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked {_R};
    keys text[];
    made bigint;
BEGIN
    PERFORM set_config('crossline.escalating', NEW.request_id::text, true);
    SELECT * INTO asked FROM {_R} WHERE id = NEW.request_id;
    keys := {labels_of("asked.from_agency_id", "asked.to_agency_id", "crossline_regional_unit(asked.to_agency_id)")};
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (array_to_string(keys, ' ')) ON CONFLICT DO NOTHING;
    SELECT id INTO made FROM access_audience WHERE fingerprint = array_to_string(keys, ' ');
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT made, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    UPDATE {_R} SET audience_id = made WHERE id = NEW.request_id;
    UPDATE {_S} SET audience_id = made WHERE request_id = NEW.request_id;
    PERFORM set_config('crossline.escalating', '', true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION crossline_escalate_to_region() FROM PUBLIC;
CREATE TRIGGER escalate_to_region AFTER INSERT ON {_S}
    FOR EACH ROW WHEN (NEW.state = '{RequestState.REGION}') EXECUTE FUNCTION crossline_escalate_to_region();
"""
