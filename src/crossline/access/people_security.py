"""Row security of signing in and of administering people, as SQL that migrations run.

The web role gets no right to write people, memberships or labels. It may run two functions, which work with their owner's
rights after asking who the viewer of the transaction is: an administrator of that person's agency, or the person.
"""

from __future__ import annotations

from crossline.access.row_security import (
    APPROVER,
    AUDITOR,
    ENGINE,
    NOW,
    VIEWER_ID,
    WEB,
    administers,
    append_only,
    force,
    signed,
)

PARAMETERS = (
    "p_username text, p_name text, p_agency text, p_roles text[], p_labels text[], "
    "p_active boolean, p_password text, p_temporary boolean"
)
_TYPES = "text, text, text, text[], text[], boolean, text, boolean"
ONE_AT_A_TIME = "PERFORM pg_advisory_xact_lock(hashtextextended('person ' || p_username, 0));"
"""Nobody else can write, or make, a person of that name until the transaction ends."""


def _write_person(create: str, kept: str) -> str:
    """The function, and which labels it leaves although agency and roles do not give them."""
    return f"""
-- Works with the rights of whoever calls it: the engine, or the function below. A null keeps what was.
{create} FUNCTION crossline_write_person({PARAMETERS}) RETURNS uuid
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE who uuid;
BEGIN
    {ONE_AT_A_TIME}
    UPDATE access_person SET name = p_name, agency_id = p_agency, roles = p_roles, is_active = p_active,
        password = coalesce(p_password, password), password_temporary = coalesce(p_temporary, password_temporary)
        WHERE username = p_username RETURNING id INTO who;
    IF who IS NULL THEN
        INSERT INTO access_person (id, username, name, agency_id, roles, is_active, password, password_temporary)
        VALUES (gen_random_uuid(), p_username, p_name, p_agency, p_roles, p_active, p_password, coalesce(p_temporary, false))
        RETURNING id INTO who;
    END IF;
    INSERT INTO access_label (key) SELECT unnest(p_labels) ON CONFLICT DO NOTHING;
    DELETE FROM access_membership m USING access_label l
        WHERE m.person_id = who AND l.id = m.label_id AND l.key <> ALL (p_labels){kept};
    INSERT INTO access_membership (person_id, label_id)
        SELECT who, l.id FROM access_label l WHERE l.key = ANY (p_labels) ON CONFLICT DO NOTHING;
    RETURN who;
END $$;
REVOKE ALL ON FUNCTION crossline_write_person({_TYPES}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_write_person({_TYPES}) TO {ENGINE};
"""


WRITE_PERSON = _write_person("CREATE", "")
WRITE_PERSON_BESIDE_COMPARTMENTS = _write_person("CREATE OR REPLACE", " AND l.key NOT LIKE 'compartment:%'")
"""The same since there are compartments: who belongs to one follows from admissions, not from agency and roles."""

ADMINISTER_PERSON = f"""
-- Whatever the application asks for: nobody beyond the administrator's agency, never themselves, and no label that does
-- not go with that agency and those roles. Which of those labels it is stays the policy's word (access/policy.py).
CREATE FUNCTION crossline_administer_person({PARAMETERS}) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held access_person;
BEGIN
    {ONE_AT_A_TIME}
    SELECT * INTO held FROM access_person WHERE username = p_username;
    IF NOT {administers("p_agency")}
        OR held.id IS NOT NULL AND (held.id = {VIEWER_ID} OR NOT {administers("held.agency_id")})
    THEN
        RAISE EXCEPTION 'the viewer does not administer this person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT p_labels <@ (ARRAY['police', 'safeguarding', 'agency:' || p_agency]
        || ARRAY(SELECT 'role:' || role FROM unnest(p_roles) role)
        || CASE p_agency WHEN 'nclcc' THEN ARRAY['centre'] ELSE ARRAY[]::text[] END)
    THEN
        RAISE EXCEPTION 'a label does not go with the agency and the roles' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN crossline_write_person(p_username, p_name, p_agency, p_roles, p_labels, p_active, p_password, p_temporary);
END $$;
REVOKE ALL ON FUNCTION crossline_administer_person({_TYPES}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_administer_person({_TYPES}) TO {WEB};
"""

SET_OWN_PASSWORD = f"""
CREATE FUNCTION crossline_set_own_password(p_password text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE access_person SET password = p_password, password_temporary = false WHERE id = {VIEWER_ID} AND is_active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no viewer whose password this could be' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE ALL ON FUNCTION crossline_set_own_password(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_set_own_password(text) TO {WEB};
"""

_OWN = f"EXISTS (SELECT FROM access_secondfactor f WHERE f.id = factor_id AND f.person_id = {VIEWER_ID})"
# The policy of the factors themselves applies inside: their owner, or an administrator of their owner.
_REACHED = "EXISTS (SELECT FROM access_secondfactor f WHERE f.id = factor_id)"
_OF_AN_ADMINISTERED_PERSON = (
    f"EXISTS (SELECT FROM access_person p WHERE p.id = person_id AND {administers('p.agency_id')})"
)
_FACTOR_TABLES = ("access_secondfactor", "access_secondfactorend", "access_recoverycode", "access_usedcode")

SECOND_FACTORS = (
    "".join(force(table) + append_only(table) for table in _FACTOR_TABLES)
    + f"""
CREATE POLICY web_reads ON access_secondfactor FOR SELECT TO {WEB}
    USING (person_id = {VIEWER_ID} OR {_OF_AN_ADMINISTERED_PERSON});
CREATE POLICY web_adds ON access_secondfactor FOR INSERT TO {WEB} WITH CHECK (person_id = {VIEWER_ID});
CREATE POLICY web_reads ON access_secondfactorend FOR SELECT TO {WEB} USING ({_REACHED});
CREATE POLICY web_adds ON access_secondfactorend FOR INSERT TO {WEB} WITH CHECK ({_REACHED} AND {signed("ended_by")});
CREATE POLICY web_reads ON access_recoverycode FOR SELECT TO {WEB} USING ({_OWN});
CREATE POLICY web_adds ON access_recoverycode FOR INSERT TO {WEB} WITH CHECK ({_OWN});
CREATE POLICY web_reads ON access_usedcode FOR SELECT TO {WEB} USING ({_OWN});
CREATE POLICY web_adds ON access_usedcode FOR INSERT TO {WEB} WITH CHECK ({_OWN});
GRANT SELECT, INSERT ON {", ".join(_FACTOR_TABLES)} TO {WEB};
-- The engine can end a factor for whoever works on the machine itself. It reads no secret.
CREATE POLICY engine_reads ON access_secondfactor FOR SELECT TO {ENGINE} USING (true);
CREATE POLICY engine_works ON access_secondfactorend TO {ENGINE} USING (true) WITH CHECK (true);
GRANT SELECT (id, person_id, made_at) ON access_secondfactor TO {ENGINE};
GRANT SELECT, INSERT ON access_secondfactorend TO {ENGINE};
"""
)

ATTEMPTS = (
    force("access_signinattempt")
    + append_only("access_signinattempt")
    + f"""
-- Written and counted before there is a viewer, so not tied to one: the web role reads as far back as lock-out counts.
CREATE POLICY web_reads ON access_signinattempt FOR SELECT TO {WEB} USING (at > now() - interval '2 hours');
CREATE POLICY web_adds ON access_signinattempt FOR INSERT TO {WEB}
    WITH CHECK (at {NOW});
GRANT SELECT, INSERT ON access_signinattempt TO {WEB};
"""
)

ACTIVE = f"(SELECT p.id FROM access_person p WHERE p.is_active AND p.id = {VIEWER_ID})"
"""The viewer, while they may sign in: NULL, which equals nothing, for somebody whose access has ended."""

OWN_WHILE_ACTIVE = f"""
-- Whoever may no longer sign in reads nothing at all, not even what they did, asked for or set up themselves.
ALTER POLICY web_reads ON access_auditsubject USING (
    actor_id = {ACTIVE}::text OR owner_agency = {AUDITOR} OR actor_agency = {AUDITOR});
ALTER POLICY web_reads ON access_auditevent USING (
    actor_id = {ACTIVE}::text OR actor_agency = {AUDITOR}
    OR {AUDITOR} IS NOT NULL AND EXISTS (
        SELECT FROM access_auditsubject s WHERE s.event = access_auditevent.id AND s.actor_id = access_auditevent.actor_id
            AND s.owner_agency = {AUDITOR}));
ALTER POLICY web_reads ON access_approval USING (asked_by_id = {ACTIVE}::text OR asked_agency = {APPROVER});
-- Requests' steps, and a factor's end, codes and uses, are read through these two and follow them.
ALTER POLICY web_reads ON access_secondfactor USING (
    person_id = {ACTIVE} OR {_OF_AN_ADMINISTERED_PERSON});
"""
