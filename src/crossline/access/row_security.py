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
    beyond that its audiences are visible, of a row that it inserts; `read` the same of a row that it reads.
    """
    seen = " AND ".join(f"{column} = ANY ({VISIBLE}::bigint[])" for column in audiences)
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


def as_unforced(table: str, statement: str) -> str:
    """A statement of a migration over rows that are there already: for its length row security does not bind the owner."""
    return (
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\n{statement};\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
    )


def reference(table: str, *, web: str = "SELECT", engine: str = "SELECT, INSERT, UPDATE, DELETE") -> str:
    """Grants for a table that holds no content; the row-security test names each with its reason."""
    granted = f"GRANT {web} ON {table} TO {WEB};\n" if web else ""
    return f"{granted}GRANT {engine} ON {table} TO {ENGINE};\n"


def signed(username: str, agency: str | None = None, role: str | None = None) -> str:
    """That a row is signed by the viewer of the transaction: a column with the username, and one with the agency.

    With `role`, also that the viewer holds that role.
    """
    same_agency = "" if agency is None else f" AND p.agency_id = {agency}"
    in_role = "" if role is None else f" AND '{role}' = ANY (p.roles)"
    return (
        "EXISTS (SELECT FROM access_person p WHERE p.id = nullif(current_setting('crossline.viewer', true), '')::uuid "
        f"AND p.username = {username}{same_agency}{in_role})"
    )


def of_own_agency(agency: str) -> str:
    """That a row is of the agency of the viewer of the transaction: a column with the agency's id."""
    return (
        "EXISTS (SELECT FROM access_person p WHERE p.id = nullif(current_setting('crossline.viewer', true), '')::uuid "
        f"AND p.agency_id = {agency})"
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
    AND at BETWEEN now() - interval '1 minute' AND now() + interval '10 minutes'
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

SESSIONS = f"GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO {WEB};\n"
"""Sessions belong to Django; the web role keeps them."""
