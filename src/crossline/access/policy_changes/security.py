"""Row security of the policy's own statements, as SQL that migrations run: who may write one down, and who may agree to it.

Everybody who may sign in reads all of it. The engine writes statements down and cannot agree; a page adds a word and no more.
"""

from __future__ import annotations

from typing import Final

from crossline.access import row_security as rows
from crossline.access.people_security import ACTIVE
from crossline.access.policy import CENTRE
from crossline.access.roles import Role

NEEDED: Final = 2
"""How many people have to agree. [D] docs/decisions/0018-change-of-policy.md; assurance: four eyes for a change of policy."""
WHO_AGREES: Final = Role.INFORMATION_MANAGER
"""Who answers for records; of the centre, which answers for the whole."""

_S: Final = "access_policystatement"
_W: Final = "access_policyword"

POLICY_CHANGES: Final = (
    rows.force(_S)
    + rows.force(_W)
    + f"""
CREATE POLICY web_reads ON {_S} FOR SELECT TO {rows.WEB} USING ({ACTIVE} IS NOT NULL);
CREATE POLICY web_reads ON {_W} FOR SELECT TO {rows.WEB} USING ({ACTIVE} IS NOT NULL);
-- In one's own name, as an information manager of the centre, now; and whoever refuses says why.
CREATE POLICY web_adds ON {_W} FOR INSERT TO {rows.WEB} WITH CHECK (
    by_id = {rows.VIEWER_ID} AND by_agency = '{CENTRE}' AND by_agency = {rows.agency_of_viewer(WHO_AGREES)}
    AND {rows.signed("by", "by_agency", WHO_AGREES)} AND at {rows.NOW}
    AND (said = 'agreed' OR said = 'refused' AND btrim(note) <> ''));
CREATE POLICY engine_reads ON {_S} FOR SELECT TO {rows.ENGINE} USING (true);
CREATE POLICY engine_reads ON {_W} FOR SELECT TO {rows.ENGINE} USING (true);
-- The first statement stands by itself, and no later one does: what replaces nothing can be written down once.
CREATE POLICY engine_adds ON {_S} FOR INSERT TO {rows.ENGINE} WITH CHECK (
    at {rows.NOW} AND (replaces_id IS NULL) = NOT EXISTS (SELECT FROM {_S} other));
GRANT SELECT ON {_S} TO {rows.WEB};
GRANT SELECT, INSERT ON {_W} TO {rows.WEB};
GRANT SELECT, INSERT ON {_S} TO {rows.ENGINE};
GRANT SELECT ON {_W} TO {rows.ENGINE};

-- One word at a time, so that two at the same moment do not both pass; and none where there is nothing left to say.
CREATE FUNCTION crossline_policy_is_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('policy', 0));
    IF NEW.statement_id <> (SELECT max(s.id) FROM {_S} s)
        OR EXISTS (SELECT FROM {_S} s WHERE s.id = NEW.statement_id AND s.replaces_id IS NULL)
        OR EXISTS (SELECT FROM {_W} w WHERE w.statement_id = NEW.statement_id AND w.said = 'refused')
        OR (SELECT count(DISTINCT w.by_id) FROM {_W} w WHERE w.statement_id = NEW.statement_id) >= {NEEDED}
    THEN
        RAISE EXCEPTION 'this statement of the policy does not wait for anybody' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION crossline_policy_is_open() FROM PUBLIC;
CREATE TRIGGER policy_is_open BEFORE INSERT ON {_W} FOR EACH ROW EXECUTE FUNCTION crossline_policy_is_open();
"""
    + rows.append_only(_S)
    + rows.append_only(_W)
)
