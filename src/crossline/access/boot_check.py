"""The boot check: whether this database still keeps people from what they must not see, asked before anything is served.

Migrations leave row security in order and tests hold them to it; but a database lives for years, and is restored, tuned and
mended by hand. So every start reads the catalogue and refuses to go on where a promise no longer holds. It needs no more than
the catalogue, which any login may read: a web worker asks as the web login.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg

from crossline.access.content_tables import DEFINERS, NOT_CONTENT, NOT_FORCED
from crossline.errors import DatabaseUnavailable, DatabaseUnsuitable
from crossline.hosting.logins import DatabaseAccess, Login

OURS: Final = r"^crossline_(owner|web|engine|sealer)(_[0-9a-f]{8})?$"
"""Our group roles and the login roles of any installation on the server; they share the groups."""
WORKING: Final = r"^crossline_(web|engine|sealer)(_[0-9a-f]{8})?$"
"""The same without the owner's: who works with rows, and must own none of it."""


@dataclass(frozen=True)
class Promise:
    """Something that must hold: each row of the query breaks it, and the sentence says how."""

    query: LiteralString
    sentence: str
    authority: str


# `public`, and whatever other schema somebody opened to pages. A name is written with its schema unless that is public.
_REACHABLE: Final[LiteralString] = """
    (n.nspname = 'public' OR n.nspname !~ '^(pg_|information_schema$)'
        AND has_schema_privilege('crossline_web', n.oid, 'USAGE'))"""
_NAME: Final[LiteralString] = "CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname"
_CONTENT: Final[LiteralString] = f"""
    pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND {_REACHABLE}
        AND NOT (n.nspname = 'public' AND c.relname = ANY (%(not_content)s))"""
_TWICE: Final = "docs/decisions/0003-who-sees-what.md, 4: PostgreSQL forces row security on every content table"
_ROLES: Final = "docs/architecture.md, roles and row security: none has BYPASSRLS; pages own nothing"
_ROUND: Final = "docs/decisions/0003-who-sees-what.md, 4: one function alone runs with its owner's rights"
_LASTS: Final = "docs/decisions/0002-embedded-postgresql.md: a server that may lose data is refused for real data"

PROMISES: Final[tuple[Promise, ...]] = (
    Promise(f"SELECT {_NAME} FROM {_CONTENT} AND NOT c.relrowsecurity", "table {0} has no row security", _TWICE),
    Promise(
        f"""SELECT {_NAME} FROM {_CONTENT} AND c.relrowsecurity AND NOT c.relforcerowsecurity
            AND NOT (n.nspname = 'public' AND c.relname = ANY (%(not_forced)s))""",
        "the row security of table {0} does not bind its owner",
        _TWICE,
    ),
    Promise(
        f"SELECT {_NAME} FROM {_CONTENT} AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)",
        "table {0} has no policy",
        _TWICE,
    ),
    Promise(
        f"""SELECT {_NAME}, p.polname FROM pg_policy p, {_CONTENT} AND p.polrelid = c.oid
            AND p.polpermissive AND p.polcmd IN ('r', '*') AND coalesce(pg_get_expr(p.polqual, c.oid), 'true') = 'true'
            AND (0 = ANY (p.polroles) OR EXISTS (
                SELECT FROM unnest(p.polroles) r WHERE pg_has_role('crossline_web', r, 'USAGE')))""",
        "the policy {1} of table {0} lets pages read every row",
        _TWICE,
    ),
    Promise(
        f"""SELECT {_NAME} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'v' AND {_REACHABLE} AND NOT EXISTS (
                SELECT FROM pg_options_to_table(c.reloptions)
                WHERE option_name = 'security_invoker' AND option_value::boolean)""",
        "the view {0} reads with its owner's rights, not its reader's",
        _ROUND,
    ),
    Promise(
        f"""SELECT {_NAME} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND {_REACHABLE}""",
        "the materialised view {0} keeps rows where row security does not reach",
        _ROUND,
    ),
    Promise(
        f"""SELECT name FROM (
                SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || p.proname
                    || '(' || (SELECT coalesce(string_agg(format_type(t, NULL), ',' ORDER BY place), '')
                               FROM unnest(p.proargtypes) WITH ORDINALITY a(t, place)) || ')' AS name
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND {_REACHABLE}) found
            WHERE name <> ALL (%(definers)s)""",
        "the function {0} runs with its owner's rights and is not one of ours",
        _ROUND,
    ),
    Promise(
        """SELECT rolname, may FROM pg_roles CROSS JOIN LATERAL (VALUES
                (rolsuper, 'do everything (SUPERUSER)'), (rolbypassrls, 'pass by row security (BYPASSRLS)'),
                (rolcreaterole, 'manage roles (CREATEROLE)'), (rolreplication, 'copy the whole server (REPLICATION)')
            ) AS rights (held, may) WHERE held AND rolname ~ %(ours)s""",
        "the role {0} may {1}",
        _ROLES,
    ),
    Promise(
        """SELECT m.rolname, g.rolname FROM pg_auth_members a
            JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
            WHERE m.rolname ~ %(ours)s AND m.rolname !~ ('^' || g.rolname || '_[0-9a-f]{8}$')""",
        "the role {0} is a member of {1}",
        _ROLES,
    ),
    Promise(
        """SELECT r.rolname, owned.name FROM pg_roles r JOIN (
                SELECT relowner, relname FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND relpersistence <> 't'
                UNION ALL SELECT proowner, proname FROM pg_proc
                UNION ALL SELECT nspowner, nspname FROM pg_namespace WHERE nspname !~ '^pg_'
                UNION ALL SELECT datdba, datname FROM pg_database WHERE datname = current_database()
            ) AS owned (owner, name) ON owned.owner = r.oid WHERE r.rolname ~ %(working)s""",
        "the role {0} owns {1}, and can give itself what it likes of it",
        _ROLES,
    ),
    Promise(
        """SELECT name FROM (
                SELECT 'the server' WHERE coalesce(current_setting('crossline.viewer', true), '') <> ''
                UNION ALL SELECT coalesce(r.rolname, 'the database') FROM pg_db_role_setting s
                    LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS said
                    WHERE split_part(said, '=', 1) = 'crossline.viewer'
            ) AS found (name)""",
        "{0} names a viewer (crossline.viewer) before anybody has signed in",
        _TWICE,
    ),
    Promise(
        "SELECT name FROM pg_settings WHERE name = 'data_sync_retry' AND setting = 'on'",
        "the server runs with {0} on, and would take writes that were lost for kept",
        _LASTS,
    ),
)
LASTING: Final[tuple[Promise, ...]] = (
    Promise(
        """SELECT name FROM pg_settings
            WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'""",
        "the server runs with {0} off, and would lose what it has said is stored",
        _LASTS,
    ),
    Promise(
        """SELECT coalesce(r.rolname, 'the database') FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
            CROSS JOIN unnest(s.setconfig) AS said
            WHERE (s.setrole = 0 OR r.rolname ~ %(ours)s)
                AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                AND lower(said) ~ '^synchronous_commit=(off|false|no|0)$'""",
        "{0} has synchronous_commit off, and would lose what it has said is stored",
        _LASTS,
    ),
)
"""What need not hold where losing data is no harm: an installation that was opened so, for tests."""


def findings(connection: psycopg.Connection[tuple[object, ...]], *, durable: bool = True) -> list[str]:
    """Every promise that does not hold, each in words; none for a database that may be served."""
    known = {
        "not_content": list(NOT_CONTENT),
        "not_forced": list(NOT_FORCED),
        "definers": list(DEFINERS),
        "ours": OURS,
        "working": WORKING,
    }
    return [
        promise.sentence.format(*row)
        for promise in (*PROMISES, *(LASTING if durable else ()))
        for row in sorted(connection.execute(promise.query, known).fetchall(), key=str)
    ]


def refuse_unsafe(access: DatabaseAccess, kind: Login) -> None:
    """Ask as that login; raises one sentence that lists everything found."""
    try:
        with psycopg.connect(access.conninfo(kind), connect_timeout=15) as connection:
            found = findings(connection, durable=access.durable)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The database {access.dbname} could not be asked whether it is safe to serve: check that its server is running."
        ) from error
    if found:
        raise DatabaseUnsuitable(
            f"Crossline does not start, because the database {access.dbname} no longer keeps what it must "
            f"({'; '.join(found)}): have its administrator put each right, then start again."
        )
