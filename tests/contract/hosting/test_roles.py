"""The roles: the owner cannot log in, pages can make nothing, nobody passes by row security; and DATABASE_URL does the same."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from crossline.errors import DatabaseUnavailable, DatabaseUnsuitable, InstallationError
from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys
from crossline.hosting.logins import DatabaseAccess, Login
from crossline.hosting.roles import EXTENSIONS, bootstrap, drop_database, make_database
from crossline.hosting.throwaway import throwaway_home

KINDS = (Login.OWNER, Login.WEB, Login.ENGINE, Login.SEALER)


def ask(conninfo: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def administrator(access: DatabaseAccess) -> str:
    return access.conninfo(Login.ADMINISTRATOR)


def test_no_role_of_ours_passes_by_row_security(access: DatabaseAccess, administrator: str) -> None:
    found = ask(
        administrator,
        "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication "
        "FROM pg_roles WHERE rolname LIKE 'crossline%' AND NOT rolsuper",
    )
    assert {name for name, may_log_in, _ in found if not may_log_in} == {f"crossline_{kind.value}" for kind in KINDS}
    assert {access.login(kind).user for kind in KINDS} <= {name for name, may_log_in, _ in found if may_log_in}
    assert not any(power for _, _, power in found)


def test_the_extensions_are_there(administrator: str) -> None:
    assert set(EXTENSIONS) <= {row[0] for row in ask(administrator, "SELECT extname FROM pg_extension")}


def test_what_a_migration_makes_belongs_to_the_owner_and_to_nobody_else(access: DatabaseAccess) -> None:
    ask(access.conninfo(Login.OWNER), "CREATE TABLE ours (id int)")
    try:
        owner = ask(access.conninfo(Login.WEB), "SELECT tableowner FROM pg_tables WHERE tablename = 'ours'")
        assert owner == [("crossline_owner",)]
        for kind in (Login.WEB, Login.ENGINE):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask(access.conninfo(kind), "SELECT * FROM ours")
    finally:
        ask(access.conninfo(Login.OWNER), "DROP TABLE ours")


@pytest.mark.parametrize("kind", [Login.WEB, Login.ENGINE])
@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "SET ROLE crossline_owner"])
def test_others_than_the_owner_make_nothing(access: DatabaseAccess, kind: Login, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(access.conninfo(kind), statement)


def test_pages_have_no_temporary_tables_and_no_endless_queries(access: DatabaseAccess) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(access.conninfo(Login.WEB), "CREATE TEMPORARY TABLE shadow (id int)")
    assert ask(access.conninfo(Login.WEB), "SHOW statement_timeout") == [("30s",)]
    ask(access.conninfo(Login.ENGINE), "CREATE TEMPORARY TABLE work (id int)")


def test_a_login_with_another_password_is_put_right(
    access: DatabaseAccess, shared_home: Home, administrator: str
) -> None:
    ask(administrator, f"ALTER ROLE {access.login(Login.WEB).user} PASSWORD 'restored from elsewhere'")
    with pytest.raises(psycopg.OperationalError):
        ask(access.conninfo(Login.WEB), "SELECT 1")
    bootstrap(administrator, database_keys(shared_home, tuple(Login)), durable=False)
    assert ask(access.conninfo(Login.WEB), "SELECT 1") == [(1,)]


def test_a_group_role_that_passes_by_row_security_is_refused(shared_home: Home, administrator: str) -> None:
    ask(administrator, "ALTER ROLE crossline_web BYPASSRLS")
    try:
        with pytest.raises(DatabaseUnsuitable, match=r"crossline_web .* have an administrator run ALTER ROLE"):
            bootstrap(administrator, database_keys(shared_home, tuple(Login)), durable=False)
    finally:
        ask(administrator, "ALTER ROLE crossline_web NOBYPASSRLS")


def test_databases_of_one_server_are_set_up_at_once(administrator: str) -> None:
    """As the workers of a test run do: roles belong to the server, so these collide unless they are tried again."""
    with throwaway_home() as other, ThreadPoolExecutor(4) as pool:
        keys = database_keys(other, tuple(Login))

        def set_up(number: int) -> list[tuple[object, ...]]:
            make_database(administrator, f"worker_{number}")
            access = bootstrap(make_conninfo(administrator, dbname=f"worker_{number}"), keys, durable=False)
            return ask(access.conninfo(Login.OWNER), "SELECT current_database(), current_user::text")

        found = list(pool.map(set_up, range(4)))
    assert found == [[(f"worker_{number}", "crossline_owner")] for number in range(4)]
    for number in range(4):
        drop_database(administrator, f"worker_{number}")


def test_a_database_is_made_from_another_with_its_content(access: DatabaseAccess, administrator: str) -> None:
    make_database(administrator, "pattern")
    ask(make_conninfo(administrator, dbname="pattern"), "CREATE TABLE filled AS SELECT 7 AS days")
    make_database(administrator, "copy", template="pattern")
    assert ask(make_conninfo(administrator, dbname="copy"), "SELECT days FROM filled") == [(7,)]
    for name in ("copy", "pattern"):
        drop_database(administrator, name)


# What follows treats the embedded server as somebody else's, reached through DATABASE_URL by an operator's account.


@pytest.fixture
def operator(administrator: str) -> Iterator[Callable[[str], str]]:
    """`operator("CREATEROLE")` makes an account with these rights that owns the database `theirs`; gives its URL."""
    ask(administrator, "CREATE ROLE operator LOGIN PASSWORD 'op:er@tor'")
    ask(administrator, "CREATE DATABASE theirs OWNER operator")
    host = psycopg.conninfo.conninfo_to_dict(administrator)["host"]

    def url(rights: str) -> str:
        ask(administrator, f"ALTER ROLE operator {rights}")
        return f"postgresql://operator:op%3Aer%40tor@/theirs?host={str(host).replace('/', '%2F')}&port=5432"

    yield url
    drop_database(administrator, "theirs")
    leftover = ask(administrator, "SELECT rolname FROM pg_roles WHERE rolname ~ '^crossline_[a-z]+_[0-9a-f]{8}$'")
    ask(administrator, "REASSIGN OWNED BY operator TO CURRENT_USER")
    ask(administrator, "DROP OWNED BY operator")
    assert leftover
    ask(administrator, "DROP ROLE operator")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], DatabaseAccess]:
    """Open a new installation's database at a DATABASE_URL."""

    def open_at(url: str, *, durable: bool = False) -> DatabaseAccess:
        monkeypatch.setenv("DATABASE_URL", url)
        with throwaway_home() as home, opened_database(home, durable=durable) as access:
            assert not home.database.exists()
            return access

    return open_at


@pytest.fixture
def without_groups(access: DatabaseAccess, administrator: str, shared_home: Home) -> Iterator[None]:
    """A server that has never seen Crossline: no group roles. Afterwards they are back for the other tests."""
    keys = database_keys(shared_home, tuple(Login))
    names = [access.login(kind).user for kind in KINDS] + [f"crossline_{kind.value}" for kind in KINDS]
    for name in names:
        ask(administrator, f"DROP OWNED BY {name}")
        ask(administrator, f"DROP ROLE {name}")
    yield
    left = ask(administrator, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'crossline_%' AND NOT rolsuper")
    for row in left:
        ask(administrator, f"DROP OWNED BY {row[0]}")
        ask(administrator, f"DROP ROLE {row[0]}")
    bootstrap(administrator, keys, durable=False)


def test_an_account_that_may_make_roles_and_owns_the_database_suffices(
    without_groups: None, operator: Callable[[str], str], opened: Callable[[str], DatabaseAccess]
) -> None:
    access = opened(operator("CREATEROLE"))
    assert Login.ADMINISTRATOR not in access.logins
    ask(access.conninfo(Login.OWNER), "CREATE TABLE ours (id int)")
    assert ask(access.conninfo(Login.WEB), "SELECT tableowner FROM pg_tables WHERE tablename = 'ours'") == [
        ("crossline_owner",)
    ]
    assert set(EXTENSIONS) <= {row[0] for row in ask(access.conninfo(Login.WEB), "SELECT extname FROM pg_extension")}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(access.conninfo(Login.WEB), "CREATE TABLE mine (id int)")
    opened(operator("CREATEROLE"))  # another installation, on the same server


def test_an_account_that_may_not_make_roles_is_told_so(
    operator: Callable[[str], str], opened: Callable[[str], DatabaseAccess]
) -> None:
    with pytest.raises(DatabaseUnsuitable, match=r"may not make roles.*ALTER ROLE operator CREATEROLE"):
        opened(operator("NOCREATEROLE"))


def test_an_account_that_does_not_own_the_database_is_told_so(
    without_groups: None, administrator: str, operator: Callable[[str], str], opened: Callable[[str], DatabaseAccess]
) -> None:
    url = operator("CREATEROLE")
    ask(administrator, "ALTER DATABASE theirs OWNER TO CURRENT_USER")
    with pytest.raises(
        DatabaseUnsuitable, match=r"operator may not set up the database .*make it the database's owner"
    ):
        opened(url)


def test_a_server_that_may_lose_data_is_refused(
    operator: Callable[[str], str], opened: Callable[..., DatabaseAccess]
) -> None:
    with pytest.raises(DatabaseUnsuitable, match="fsync off"):
        opened(operator("CREATEROLE"), durable=True)


def test_a_server_that_does_not_answer_is_named_without_the_password(opened: Callable[[str], DatabaseAccess]) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"server at /nonexistent \(database theirs\)") as refused:
        opened("postgresql://operator:secret-word@/theirs?host=/nonexistent")
    assert "secret-word" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unreadable_address_is_not_repeated(opened: Callable[[str], DatabaseAccess]) -> None:
    with pytest.raises(InstallationError, match="DATABASE_URL cannot be read") as refused:
        opened("postgresql://operator:secret-word@[::1/theirs")
    assert "secret-word" not in str(refused.value)
