"""Row-level security as SQL that migrations run: every content table forces it, and a test lists every table.

Kinds of database role: `crossline_owner` owns and migrates (no policy lets it read content), `crossline_web` serves
people (sees what the viewer of the transaction may see), `crossline_engine` takes in deliveries and runs the engines,
`crossline_sealer` reads the audit and adds its seals. None of them has BYPASSRLS.
"""

from __future__ import annotations

from collections.abc import Sequence

WEB = "crossline_web"
ENGINE = "crossline_engine"
SEALER = "crossline_sealer"

VISIBLE = "(SELECT crossline_visible_audiences())"
"""A scalar subquery, so that it is computed once a statement, not once a row."""

NOW = "BETWEEN now() - interval '1 minute' AND now() + interval '10 minutes'"
"""That a row is dated by the moment it is added, give or take the clocks."""

VIEWER = "nullif(current_setting('crossline.viewer', true), '')"
"""The viewer of the transaction as the text of an id, or null."""
VIEWER_ID = f"{VIEWER}::uuid"
"""The viewer of the transaction, or null."""

VISIBLE_AUDIENCES_FUNCTION = """
CREATE FUNCTION crossline_visible_audiences() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT al.audience_id), '{}')
    FROM access_person p
    JOIN access_membership m ON m.person_id = p.id
    JOIN access_audiencelabel al ON al.label_id = m.label_id
    WHERE p.is_active AND p.id = nullif(current_setting('crossline.viewer', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION crossline_visible_audiences() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_visible_audiences() TO crossline_web, crossline_engine;
"""


def force(table: str) -> str:
    """Switch row security on, for the table's owner too."""
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"


def content(
    table: str,
    *,
    audiences: Sequence[str] = ("audience_id",),
    web: str = "SELECT",
    added: str = "true",
    read: str = "true",
) -> str:
    """Policies of a content table: the web role sees rows of which every named audience is visible; the engine sees all.

    `web` is what the web role may do besides the policy's own check: SELECT, or SELECT, INSERT. `added` is what must hold,
    beyond that its audiences are visible, of a row that it inserts; `read` the same of a row that it reads. A table without
    an audience of its own says in `read` what it is seen with.
    """
    seen = " AND ".join(f"{column} = ANY ({VISIBLE}::bigint[])" for column in audiences) or "true"
    statements = [
        force(table),
        f"CREATE POLICY web_reads ON {table} FOR SELECT TO {WEB} USING ({seen} AND {read});\n",
        f"CREATE POLICY engine_works ON {table} TO {ENGINE} USING (true) WITH CHECK (true);\n",
        f"GRANT {web} ON {table} TO {WEB};\n",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ENGINE};\n",
    ]
    if "INSERT" in web:
        statements.append(f"CREATE POLICY web_adds ON {table} FOR INSERT TO {WEB} WITH CHECK ({seen} AND {added});\n")
    return "".join(statements)


def audience_function(function: str, keys: str) -> str:
    """A function with its owner's rights that gives a new row the audience of these labels: an SQL array of text, over NEW.

    A page may write no audience. An audience is interned once, whoever interns it: the fingerprint is that of
    access.actions.fingerprint_of.
    """
    return f"""
CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[];
    print text;
BEGIN
    SELECT array_agg(DISTINCT key COLLATE "C" ORDER BY key COLLATE "C") INTO keys FROM unnest({keys}) held (key);
    print := array_to_string(keys, ' ');
    INSERT INTO access_label (key) SELECT unnest(keys) ON CONFLICT DO NOTHING;
    INSERT INTO access_audience (fingerprint) VALUES (print) ON CONFLICT DO NOTHING;
    SELECT id INTO NEW.audience_id FROM access_audience WHERE fingerprint = print;
    INSERT INTO access_audiencelabel (audience_id, label_id)
        SELECT NEW.audience_id, l.id FROM access_label l WHERE l.key = ANY (keys) ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION {function}() FROM PUBLIC;
"""


def audience_trigger(function: str, table: str, arguments: str = "") -> str:
    """The trigger that gives rows of a table their audience by such a function."""
    return f"CREATE TRIGGER audience_follows BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}({arguments});\n"


def given_audience(function: str, table: str, labels: str) -> str:
    """Both of one table. `labels`: an SQL list over NEW."""
    return audience_function(function, f"ARRAY[{labels}]") + audience_trigger(function, table)


def added_with_audience(table: str, added: str) -> str:
    """What must hold of a row that a page adds to a table whose audience a trigger gives: no policy can ask for that one."""
    return f"CREATE POLICY web_adds ON {table} FOR INSERT TO {WEB} WITH CHECK ({added});\nGRANT INSERT ON {table} TO {WEB};\n"


def as_unforced(table: str, statement: str) -> str:
    """A statement of a migration over rows that are there already: for its length row security does not bind the owner."""
    return (
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\n{statement};\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
    )


def reference(table: str, *, web: str = "SELECT", engine: str = "SELECT, INSERT, UPDATE, DELETE") -> str:
    """Grants for a table that holds no content; content_tables.py names each with its reason."""
    granted = f"GRANT {web} ON {table} TO {WEB};\n" if web else ""
    return f"{granted}GRANT {engine} ON {table} TO {ENGINE};\n"


def signed(username: str, agency: str | None = None, role: str | None = None) -> str:
    """That a row is signed by the viewer of the transaction: a column with the username, and one with the agency.

    With `role`, also that the viewer holds that role.
    """
    same_agency = "" if agency is None else f" AND p.agency_id = {agency}"
    in_role = "" if role is None else f" AND '{role}' = ANY (p.roles)"
    return f"EXISTS (SELECT FROM access_person p WHERE p.id = {VIEWER_ID} AND p.username = {username}{same_agency}{in_role})"


def administers(agency: str) -> str:
    """That the viewer of the transaction is an administrator of that agency, or of the centre, which has all of them."""
    return (
        f"EXISTS (SELECT FROM access_person a WHERE a.id = {VIEWER_ID} AND a.is_active "
        f"AND 'administrator' = ANY (a.roles) AND a.agency_id IN ({agency}, 'nclcc'))"
    )


def holds(role: str) -> str:
    """That the viewer of the transaction holds a role, and may still sign in."""
    return f"EXISTS (SELECT FROM access_person p WHERE p.id = {VIEWER_ID} AND p.is_active AND '{role}' = ANY (p.roles))"


def of_own_agency(agency: str) -> str:
    """That a row is of the agency of the viewer of the transaction: a column with the agency's id."""
    return f"EXISTS (SELECT FROM access_person p WHERE p.id = {VIEWER_ID} AND p.agency_id = {agency})"


def agency_of_viewer(roles: str) -> str:
    """The agency of the viewer who may still sign in and holds one of these roles (with commas between them), or null."""
    return (
        f"(SELECT p.agency_id FROM access_person p WHERE p.id = {VIEWER_ID} "
        f"AND p.is_active AND p.roles::text[] && '{{{roles}}}')"
    )


REFUSE_CHANGE = """
CREATE FUNCTION crossline_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str) -> str:
    """Refuse update, delete and truncate, whoever asks."""
    return (
        f"CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION crossline_refuse_change();\n"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION crossline_refuse_change();\n"
    )


AUDIENCES = f"""
-- The visibility function reads these as their owner, so they are enabled and not forced.
ALTER TABLE access_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_audience ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_audiencelabel ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_works ON access_label TO {ENGINE} USING (true) WITH CHECK (true);
CREATE POLICY engine_works ON access_audience TO {ENGINE} USING (true) WITH CHECK (true);
CREATE POLICY engine_works ON access_audiencelabel TO {ENGINE} USING (true) WITH CHECK (true);
-- The name of a label can tell of an operation: the web role sees those of audiences its viewer belongs to.
CREATE POLICY web_reads ON access_audience FOR SELECT TO {WEB} USING (id = ANY ({VISIBLE}::bigint[]));
CREATE POLICY web_reads ON access_audiencelabel FOR SELECT TO {WEB} USING (audience_id = ANY ({VISIBLE}::bigint[]));
CREATE POLICY web_reads ON access_label FOR SELECT TO {WEB}
    USING (EXISTS (SELECT FROM access_audiencelabel al WHERE al.label_id = access_label.id));
GRANT SELECT ON access_label, access_audience, access_audiencelabel TO {WEB};
GRANT SELECT, INSERT, UPDATE, DELETE ON access_label, access_audience, access_audiencelabel TO {ENGINE};
"""

AUDIT = (
    force("access_auditevent")
    + f"""
-- People and processes add; only the engine's verifier and exports read. A web transaction signs as its viewer, by id, name
-- and agency; without a viewer (a failed sign-in) it signs as a process, which no person can be called.
CREATE POLICY web_adds ON access_auditevent FOR INSERT TO {WEB} WITH CHECK (
    actor_id = coalesce(current_setting('crossline.viewer', true), '')
    AND at {NOW}
    AND (actor_id = '' AND actor_agency = '' AND actor LIKE 'process:%' OR {signed("actor", "actor_agency")}));
CREATE POLICY engine_adds ON access_auditevent FOR INSERT TO {ENGINE} WITH CHECK (true);
CREATE POLICY engine_reads ON access_auditevent FOR SELECT TO {ENGINE} USING (true);
GRANT INSERT ON access_auditevent TO {WEB};
GRANT SELECT, INSERT ON access_auditevent TO {ENGINE};
"""
)

WRITTEN_BY_THE_WEB = "id, at, verb, event, actor_id, actor, actor_agency, subject_kind, subject, purpose, detail"
"""Of an audit row. Its number and its transaction are the database's own word, by which the sealer misses nothing."""

SEALS = (
    "ALTER TABLE access_auditevent ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;\n"
    "ALTER TABLE access_auditevent ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();\n"
    "CREATE INDEX audit_tx ON access_auditevent (tx);\n"
    + "".join(
        f"REVOKE INSERT ON access_auditevent FROM {role};\nGRANT INSERT ({WRITTEN_BY_THE_WEB}) ON access_auditevent TO {role};\n"
        for role in (WEB, ENGINE)
    )
    + f"""
CREATE POLICY sealer_reads ON access_auditevent FOR SELECT TO {SEALER} USING (true);
GRANT SELECT ON access_auditevent TO {SEALER};
"""
    + "".join(
        force(table)
        + f"""
CREATE POLICY sealer_works ON {table} TO {SEALER} USING (true) WITH CHECK (true);
CREATE POLICY engine_reads ON {table} FOR SELECT TO {ENGINE} USING (true);
GRANT SELECT, INSERT ON {table} TO {SEALER};
GRANT SELECT ON {table} TO {ENGINE};
"""
        for table in ("access_auditleaf", "access_auditcheckpoint")
    )
)

AUDITOR = agency_of_viewer("auditor,information_manager")
"""The agency whose audit the viewer answers for; NULL, which equals nothing, for everybody else."""

WHO_LOOKED = (
    force("access_auditsubject")
    + force("access_auditdecision")
    + f"""
CREATE INDEX audit_subject_event ON access_auditsubject (event);
CREATE INDEX audit_subject_record ON access_auditsubject (record, at);
CREATE INDEX audit_subject_owner ON access_auditsubject (owner_agency, at);
CREATE INDEX audit_subject_actor ON access_auditsubject (actor_agency, at);
CREATE INDEX audit_of_agency ON access_auditevent (actor_agency, at);
CREATE INDEX audit_of_person ON access_auditevent (actor_id, at);
CREATE INDEX audit_decision_event ON access_auditdecision (event);
-- A subject is signed by its reader; whatever event it names, it is read only beside that reader's own.
-- Everybody reads what they did themselves; an agency's auditors read what its people did, and who read its records.
CREATE POLICY web_reads ON access_auditsubject FOR SELECT TO {WEB} USING (
    actor_id = {VIEWER} OR owner_agency = {AUDITOR} OR actor_agency = {AUDITOR});
CREATE POLICY web_reads ON access_auditevent FOR SELECT TO {WEB} USING (
    actor_id = {VIEWER} OR actor_agency = {AUDITOR}
    OR {AUDITOR} IS NOT NULL AND EXISTS (
        SELECT FROM access_auditsubject s WHERE s.event = access_auditevent.id AND s.actor_id = access_auditevent.actor_id
            AND s.owner_agency = {AUDITOR}));
CREATE POLICY web_adds ON access_auditsubject FOR INSERT TO {WEB} WITH CHECK (
    actor_id = {VIEWER}
    AND EXISTS (SELECT FROM access_person p WHERE p.id::text = actor_id AND p.agency_id = actor_agency)
    AND at {NOW});
-- Nobody decides on what they did themselves, and only on what they may read.
CREATE POLICY web_reads ON access_auditdecision FOR SELECT TO {WEB} USING (decided_agency = {AUDITOR});
CREATE POLICY web_adds ON access_auditdecision FOR INSERT TO {WEB} WITH CHECK (
    decided_agency = {AUDITOR} AND {signed("decided_by", "decided_agency")}
    AND at {NOW}
    AND EXISTS (SELECT FROM access_auditevent e WHERE e.id = access_auditdecision.event AND e.actor_id <> {VIEWER}));
CREATE POLICY engine_works ON access_auditsubject TO {ENGINE} USING (true) WITH CHECK (true);
CREATE POLICY engine_reads ON access_auditdecision FOR SELECT TO {ENGINE} USING (true);
GRANT SELECT ON access_auditevent TO {WEB};
GRANT SELECT, INSERT ON access_auditsubject, access_auditdecision TO {WEB};
GRANT SELECT, INSERT ON access_auditsubject TO {ENGINE};
GRANT SELECT ON access_auditdecision TO {ENGINE};
"""
)

READERS = "CREATE INDEX audit_subject_reader ON access_auditsubject (actor_id, record);\n"
"""By which somebody's own reads are found."""

APPROVER = agency_of_viewer("information_manager")
"""The agency for which the viewer may be the second person; NULL for everybody else."""

APPROVALS = (
    force("access_approval")
    + force("access_approvalstep")
    + f"""
-- Seen by who asked and by those of the same agency who may be the second person.
CREATE POLICY web_reads ON access_approval FOR SELECT TO {WEB} USING (asked_by_id = {VIEWER} OR asked_agency = {APPROVER});
CREATE POLICY web_adds ON access_approval FOR INSERT TO {WEB} WITH CHECK (
    asked_by_id = {VIEWER} AND {signed("asked_by", "asked_agency")} AND at {NOW});
CREATE POLICY web_reads ON access_approvalstep FOR SELECT TO {WEB} USING (
    EXISTS (SELECT FROM access_approval a WHERE a.id = access_approvalstep.approval));
-- Never one person alone: a decision is another's than the asker's, and only the asker uses or withdraws.
CREATE POLICY web_adds ON access_approvalstep FOR INSERT TO {WEB} WITH CHECK (
    by_id = {VIEWER} AND {signed("by", "by_agency")} AND at {NOW} AND EXISTS (
        SELECT FROM access_approval a WHERE a.id = access_approvalstep.approval AND CASE
            WHEN state IN ('approved', 'refused') THEN a.asked_by_id <> by_id AND a.asked_agency = {APPROVER}
            WHEN state IN ('used', 'withdrawn') THEN a.asked_by_id = by_id
            ELSE false END));
CREATE POLICY engine_reads ON access_approval FOR SELECT TO {ENGINE} USING (true);
CREATE POLICY engine_reads ON access_approvalstep FOR SELECT TO {ENGINE} USING (true);
GRANT SELECT, INSERT ON access_approval, access_approvalstep TO {WEB};
GRANT SELECT ON access_approval, access_approvalstep TO {ENGINE};
"""
    + append_only("access_approval")
    + append_only("access_approvalstep")
)

SESSIONS = f"GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO {WEB};\n"
"""Sessions belong to Django; the web role keeps them."""

EXPORTS_TOLD = f"""
-- Of the audit, whoever answers for an agency's records may be told what left it: the exports of its own people, no other
-- row. The owner reads these for them, and these alone; the web role still reads nothing of the audit itself.
CREATE POLICY owner_tells_exports ON access_auditevent FOR SELECT TO crossline_owner USING (
    event IN ('exported', 'subject_access_given') AND EXISTS (
        SELECT FROM access_person p WHERE p.id = nullif(current_setting('crossline.viewer', true), '')::uuid
        AND p.is_active AND 'information_manager' = ANY (p.roles) AND p.agency_id = actor_agency));
CREATE FUNCTION crossline_exports_told()
RETURNS TABLE (at timestamptz, event varchar, actor varchar, subject varchar, purpose varchar, detail jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.at, e.event, e.actor, e.subject, e.purpose, e.detail FROM access_auditevent e ORDER BY e.at, e.id
$$;
REVOKE ALL ON FUNCTION crossline_exports_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION crossline_exports_told() TO {WEB}, {ENGINE};
"""
