"""The database as Crossline needs it: roles, login roles with their passwords, extensions, and who may make tables.

Run at every start with an administrator's connection; it looks first, and changes only what is missing.

    crossline_owner    owns every table, cannot log in        crossline_owner_<id>    its login, for migrations
    crossline_web      what pages may do, cannot log in       crossline_web_<id>      its login
    crossline_engine   what intake and analysis may do        crossline_engine_<id>   its login
    crossline_sealer   reads the audit and adds its seals     crossline_sealer_<id>   its login
"""

import time
from collections.abc import Mapping
from dataclasses import replace

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from crossline.errors import DatabaseUnavailable, DatabaseUnsuitable, InstallationError
from crossline.hosting.keys import DatabaseKeys
from crossline.hosting.logins import Credential, DatabaseAccess, Login

OLDEST_SERVER = 150000
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch")
KINDS = (Login.OWNER, Login.WEB, Login.ENGINE, Login.SEALER)
# "crossline" in ASCII, cut to 63 bits: the key of the lock that bootstraps of one database wait for.
LOCK_KEY = int.from_bytes(b"crosslin") >> 1
ATTEMPTS = 8

Connection = psycopg.Connection[tuple[object, ...]]


def group_role(kind: Login) -> str:
    return f"crossline_{kind.value}"


def login_role(kind: Login, keys: DatabaseKeys) -> str:
    return f"crossline_{kind.value}_{keys.installation}"


def bootstrap(conninfo: str, keys: DatabaseKeys, *, durable: bool = True) -> DatabaseAccess:
    """Make the database of `conninfo` ready and say how to reach it. Safe to run any number of times, and at once.

    `durable` is false where losing data is no harm (tests); else a server that may lose it is refused.
    """
    for attempt in range(ATTEMPTS):
        try:
            with _connect(conninfo) as connection:
                _require_version(connection)
                if durable:
                    _require_durability(connection)
                access = replace(_bootstrap(connection, conninfo, keys), durable=durable)
            _check_logins(access, conninfo, keys)
        except _RACES:
            # Roles belong to the whole server and the lock to one database: bootstraps of two databases can collide.
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.05 * 2**attempt)
        except psycopg.errors.InsufficientPrivilege as error:
            raise _not_allowed(conninfo, error) from error
        else:
            return access
    raise DatabaseUnavailable("The database is being set up by too many processes at once: try again in a moment.")


_RACES = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DuplicateObject,
    psycopg.errors.InternalError_,  # "tuple concurrently updated"
)


def make_database(conninfo: str, name: str, *, template: str = "template1") -> None:
    """Make a database on that server unless it is there; `template` gives it another database's whole content."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with _connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(statement)


def drop_database(conninfo: str, name: str) -> None:
    """Drop a database, ending whatever is connected to it."""
    with _connect(conninfo) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _connect(conninfo: str) -> Connection:
    try:
        return psycopg.connect(conninfo, autocommit=True, connect_timeout=15)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The PostgreSQL server at {_where(conninfo)} does not let us in ({_reason(error)}): "
            "check DATABASE_URL, and that the server is running."
        ) from error


def _bootstrap(connection: Connection, conninfo: str, keys: DatabaseKeys) -> DatabaseAccess:
    connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
    _require_role_rights(connection)
    for kind in KINDS:
        _make_group(connection, group_role(kind))
        _make_login(connection, kind, keys)
    _grant_rights(connection)
    _make_extensions(connection)
    info = connection.info
    given = conninfo_to_dict(conninfo)
    ours = {"host", "port", "dbname", "user", "password", "options", "application_name", "connect_timeout", "passfile"}
    return DatabaseAccess(
        host=str(given.get("host") or info.host),
        port=str(given.get("port") or info.port),
        dbname=info.dbname,
        logins={kind: Credential(login_role(kind, keys), keys.passwords[kind]) for kind in KINDS},
        options={name: str(value) for name, value in given.items() if name not in ours},
    )


def _require_version(connection: Connection) -> None:
    if connection.info.server_version < OLDEST_SERVER:
        raise DatabaseUnsuitable(
            f"The PostgreSQL server is version {connection.info.server_version // 10000} and Crossline needs "
            f"{OLDEST_SERVER // 10000} or later: upgrade it, or point DATABASE_URL at a newer one."
        )


def _require_durability(connection: Connection) -> None:
    """What was answered as stored must outlive a crash of the machine."""
    for name in ("fsync", "full_page_writes"):
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        if row is None or row[0] != "on":
            raise DatabaseUnsuitable(
                f"The PostgreSQL server runs with {name} off and would lose data in a crash: "
                f"turn {name} on in its settings."
            )


def _require_role_rights(connection: Connection) -> None:
    row = connection.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
    if not (row and row[0]):
        user = connection.info.user
        raise DatabaseUnsuitable(
            f"The DATABASE_URL user {user} may not make roles, which keep web pages from what they must not read: "
            f"have an administrator run ALTER ROLE {user} CREATEROLE."
        )


def _make_group(connection: Connection, name: str) -> None:
    row = connection.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
        (name,),
    ).fetchone()
    if row is None:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    elif any(row):
        raise DatabaseUnsuitable(
            f"The role {name} on this server may log in, manage roles or pass by row security, and must do none of it: "
            f"have an administrator run ALTER ROLE {name} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB."
        )


def _make_login(connection: Connection, kind: Login, keys: DatabaseKeys) -> None:
    name = login_role(kind, keys)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
        _set_password(connection, sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}"), name, keys.passwords[kind])
    member = connection.execute(
        "SELECT 1 FROM pg_auth_members WHERE roleid = %s::regrole AND member = %s::regrole", (group_role(kind), name)
    ).fetchone()
    if not member:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group_role(kind)), sql.Identifier(name)))


def _set_password(connection: Connection, statement: sql.SQL, name: str, password: str) -> None:
    """The password leaves this process only as its SCRAM verifier, so no log of the server can hold it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(verifier)))


# What must hold, asked of the server, and the statement that makes it so. PUBLIC first: what it has, everybody has.
# Temporary tables are not for pages: they stand before the real ones in the search path.
RIGHTS = (
    ("NOT has_schema_privilege('public', 'public', 'CREATE')", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
    (
        "NOT has_database_privilege('public', current_database(), 'TEMPORARY')",
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
    ),
    (
        "has_database_privilege('crossline_owner', current_database(), 'CREATE')",
        "GRANT CREATE, TEMPORARY ON DATABASE {database} TO crossline_owner",
    ),
    (
        "has_database_privilege('crossline_engine', current_database(), 'TEMPORARY')",
        "GRANT TEMPORARY ON DATABASE {database} TO crossline_engine",
    ),
    (
        "has_database_privilege('crossline_web', current_database(), 'CONNECT')",
        "GRANT CONNECT ON DATABASE {database} TO crossline_owner, crossline_engine, crossline_web",
    ),
    (
        "has_schema_privilege('crossline_owner', 'public', 'CREATE')",
        "GRANT USAGE, CREATE ON SCHEMA public TO crossline_owner",
    ),
    ("has_schema_privilege('crossline_web', 'public', 'USAGE')", "GRANT USAGE ON SCHEMA public TO crossline_web"),
    ("has_schema_privilege('crossline_engine', 'public', 'USAGE')", "GRANT USAGE ON SCHEMA public TO crossline_engine"),
    (
        "has_database_privilege('crossline_sealer', current_database(), 'CONNECT')",
        "GRANT CONNECT ON DATABASE {database} TO crossline_sealer",
    ),
    ("has_schema_privilege('crossline_sealer', 'public', 'USAGE')", "GRANT USAGE ON SCHEMA public TO crossline_sealer"),
)


def _grant_rights(connection: Connection) -> None:
    database = sql.Identifier(connection.info.dbname)
    for condition, statement in RIGHTS:
        if not _holds(connection, condition):
            connection.execute(sql.SQL(statement).format(database=database))
            # GRANT and REVOKE only warn where the user lacks the right to them.
            if not _holds(connection, condition):
                raise psycopg.errors.InsufficientPrivilege(f"{statement.split(' ON ')[0]} had no effect")


def _holds(connection: Connection, condition: str) -> bool:
    row = connection.execute(f"SELECT {condition}".encode()).fetchone()
    return bool(row and row[0])


def _make_extensions(connection: Connection) -> None:
    present = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    for name in EXTENSIONS:
        if name in present:
            continue
        try:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(name)))
        except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
            raise DatabaseUnsuitable(
                f"The PostgreSQL server has no extension {name}: install PostgreSQL's contrib package on it."
            ) from error


def _check_logins(access: DatabaseAccess, conninfo: str, keys: DatabaseKeys) -> None:
    """Each login works with our password; where the server holds another (a restored copy, new keys), ours is set."""
    for kind in KINDS:
        try:
            psycopg.connect(access.conninfo(kind), connect_timeout=15).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                raise DatabaseUnsuitable(
                    f"The server at {_where(conninfo)} does not let {login_role(kind, keys)} in ({_reason(error)}): "
                    "allow the crossline_ users of this database in its pg_hba.conf with scram-sha-256."
                ) from error
            with _connect(conninfo) as connection:
                connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
                _set_password(
                    connection, sql.SQL("ALTER ROLE {} PASSWORD {}"), login_role(kind, keys), keys.passwords[kind]
                )


def _not_allowed(conninfo: str, error: psycopg.Error) -> InstallationError:
    given: Mapping[str, object] = conninfo_to_dict(conninfo)
    user = given.get("user") or "the user"
    return DatabaseUnsuitable(
        f"The DATABASE_URL user {user} may not set up the database ({str(error).splitlines()[0]}): "
        "give it CREATEROLE, make it the database's owner, and use the user that first set Crossline up on this server."
    )


def _where(conninfo: str) -> str:
    given = conninfo_to_dict(conninfo)
    return (
        f"{given.get('host') or 'the local socket'} (database {given.get('dbname') or given.get('user') or 'default'})"
    )


def _reason(error: psycopg.Error) -> str:
    """The server's own words, without the address in front of them."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("DETAIL")]
    return (lines or ["no reason given"])[-1].split("FATAL:")[-1].strip().rstrip(".")
