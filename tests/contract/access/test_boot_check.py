"""The boot check: whatever lets a database leak or forget is planted in a real one, and nothing starts on it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

import crossline
from crossline import commands
from crossline.access.boot_check import LASTING, PROMISES, findings, refuse_unsafe
from crossline.errors import DatabaseUnavailable, DatabaseUnsuitable, InstallationError
from crossline.hosting.configuration import read_configuration
from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.logins import Credential, DatabaseAccess, Login
from crossline.hosting.throwaway import throwaway_home
from crossline.hosting.web import web_environment
from crossline.installation import Installation

SOURCE = Path(crossline.__file__).parent.parent
ASKING = (Login.WEB, Login.ENGINE)
"""Who asks: a web worker as the web login, every command as the engine's."""


def run(access: DatabaseAccess, *statements: str) -> None:
    """Run statements as the server's superuser."""
    with psycopg.connect(access.conninfo(Login.ADMINISTRATOR), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.format(id=installation_of(access)).encode())


def installation_of(access: DatabaseAccess) -> str:
    return access.login(Login.WEB).user.rpartition("_")[2]


def found_by(access: DatabaseAccess, kind: Login) -> list[str]:
    with psycopg.connect(access.conninfo(kind)) as connection:
        return findings(connection, durable=access.durable)


@pytest.mark.parametrize("kind", [Login.WEB, Login.ENGINE, Login.SEALER, Login.OWNER])
def test_a_database_as_migrations_leave_it_is_served_whoever_asks(committed: DatabaseAccess, kind: Login) -> None:
    assert found_by(committed, kind) == []
    refuse_unsafe(committed, kind)


OF_TABLES = {
    "a new table": (
        ["CREATE TABLE planted (id int)"],
        ["table planted has no row security", "table planted has no policy"],
    ),
    "a partition": (
        [
            "CREATE TABLE planted (id int) PARTITION BY RANGE (id)",
            "CREATE TABLE planted_part PARTITION OF planted FOR VALUES FROM (1) TO (9)",
            "ALTER TABLE planted ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE planted FORCE ROW LEVEL SECURITY",
            "CREATE POLICY nobody ON planted USING (false)",
        ],
        ["table planted_part has no row security", "table planted_part has no policy"],
    ),
    "switched off": (
        ["ALTER TABLE records_record DISABLE ROW LEVEL SECURITY"],
        ["table records_record has no row security"],
    ),
    "not forced": (
        ["ALTER TABLE records_mention NO FORCE ROW LEVEL SECURITY"],
        ["the row security of table records_mention does not bind its owner"],
    ),
    "without a policy": (
        [
            f"DROP POLICY {policy} ON entities_match"
            for policy in ("web_reads", "engine_works", "owner_releases_reads", "owner_releases_changes")
        ],
        ["table entities_match has no policy"],
    ),
    "with a policy for everybody": (
        ["CREATE POLICY handy ON records_outcome FOR SELECT USING (true)"],
        ["the policy handy of table records_outcome lets pages read every row"],
    ),
    "with a policy for the web role": (
        ["ALTER POLICY web_reads ON safeguarding_concern USING (true)"],
        ["the policy web_reads of table safeguarding_concern lets pages read every row"],
    ),
    "in a schema opened to pages": (
        [
            "CREATE SCHEMA archive",
            "CREATE TABLE archive.records_record AS SELECT 'x' AS text",
            "GRANT USAGE ON SCHEMA archive TO crossline_web",
        ],
        ["table archive.records_record has no row security", "table archive.records_record has no policy"],
    ),
    "named like one without content": (
        [
            "CREATE SCHEMA archive",
            "CREATE TABLE archive.records_step AS SELECT 'x' AS text",
            "GRANT USAGE ON SCHEMA archive TO crossline_web",
        ],
        ["table archive.records_step has no row security", "table archive.records_step has no policy"],
    ),
}
ROUND_ABOUT = {
    "a view": (
        ["CREATE VIEW planted AS SELECT * FROM records_record"],
        ["the view planted reads with its owner's rights, not its reader's"],
    ),
    "a view that says so": (
        ["CREATE VIEW planted WITH (security_invoker = off) AS SELECT * FROM records_record"],
        ["the view planted reads with its owner's rights, not its reader's"],
    ),
    "a materialised view": (
        ["CREATE MATERIALIZED VIEW planted AS SELECT * FROM records_record"],
        ["the materialised view planted keeps rows where row security does not reach"],
    ),
    "a function": (
        ["CREATE FUNCTION planted(text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"],
        ["the function planted(text) runs with its owner's rights and is not one of ours"],
    ),
    "another function of a known name": (
        [
            "CREATE FUNCTION crossline_visible_audiences(uuid) RETURNS bigint[] LANGUAGE sql SECURITY DEFINER "
            "AS 'SELECT ARRAY[1::bigint]'"
        ],
        ["the function crossline_visible_audiences(uuid) runs with its owner's rights and is not one of ours"],
    ),
    "a viewer from the start": (
        ["DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET crossline.viewer = %L', current_database(), 'x'); END $$"],
        [
            "the database names a viewer (crossline.viewer) before anybody has signed in",
            "the server names a viewer (crossline.viewer) before anybody has signed in",
        ],
    ),
}


@pytest.mark.parametrize("case", [*OF_TABLES, *ROUND_ABOUT])
def test_what_goes_round_row_security_is_refused(committed: DatabaseAccess, case: str) -> None:
    statements, expected = (OF_TABLES | ROUND_ABOUT)[case]
    run(committed, *statements)
    for kind in ASKING:
        assert sorted(found_by(committed, kind)) == sorted(expected)
        with pytest.raises(DatabaseUnsuitable, match=re.escape(expected[0])):
            refuse_unsafe(committed, kind)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW harmless WITH (security_invoker = true) AS SELECT * FROM records_record",
        "CREATE FUNCTION harmless() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE POLICY narrower ON records_record AS RESTRICTIVE FOR SELECT TO crossline_web USING (true)",
        "CREATE SCHEMA closed; CREATE TABLE closed.own (id int)",
    ],
)
def test_what_goes_round_nothing_is_let_be(committed: DatabaseAccess, statement: str) -> None:
    run(committed, statement)
    assert found_by(committed, Login.WEB) == []


OF_ROLES = {
    "passes by": ("ALTER ROLE crossline_web BYPASSRLS", "the role crossline_web may pass by row security (BYPASSRLS)"),
    "superuser": ("ALTER ROLE crossline_engine SUPERUSER", "the role crossline_engine may do everything (SUPERUSER)"),
    "the owner": (
        "ALTER ROLE crossline_owner BYPASSRLS",
        "the role crossline_owner may pass by row security (BYPASSRLS)",
    ),
    "the sealer": ("ALTER ROLE crossline_sealer SUPERUSER", "the role crossline_sealer may do everything (SUPERUSER)"),
    "a login": (
        "ALTER ROLE crossline_web_{id} BYPASSRLS",
        "the role crossline_web_{id} may pass by row security (BYPASSRLS)",
    ),
    "makes roles": ("ALTER ROLE crossline_web CREATEROLE", "the role crossline_web may manage roles (CREATEROLE)"),
    "copies all": (
        "ALTER ROLE crossline_sealer REPLICATION",
        "the role crossline_sealer may copy the whole server (REPLICATION)",
    ),
    "member": ("GRANT crossline_owner TO crossline_web", "the role crossline_web is a member of crossline_owner"),
    "login a member": (
        "GRANT crossline_owner TO crossline_web_{id}",
        "the role crossline_web_{id} is a member of crossline_owner",
    ),
    "of the engine": (
        "GRANT crossline_engine TO crossline_sealer_{id}",
        "the role crossline_sealer_{id} is a member of crossline_engine",
    ),
    "of the server": (
        "GRANT pg_read_server_files TO crossline_engine",
        "the role crossline_engine is a member of pg_read_server_files",
    ),
    "owns a table": (
        "ALTER TABLE records_record OWNER TO crossline_web",
        "the role crossline_web owns records_record, and can give itself what it likes of it",
    ),
    "login owns a table": (
        "ALTER TABLE records_record OWNER TO crossline_engine_{id}",
        "the role crossline_engine_{id} owns records_record, and can give itself what it likes of it",
    ),
    "owns the function": (
        "ALTER FUNCTION crossline_visible_audiences() OWNER TO crossline_sealer",
        "the role crossline_sealer owns crossline_visible_audiences, and can give itself what it likes of it",
    ),
    "owns the schema": (
        "ALTER SCHEMA public OWNER TO crossline_web",
        "the role crossline_web owns public, and can give itself what it likes of it",
    ),
}
UNDONE = (
    *(
        f"ALTER ROLE crossline_{kind}{login} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"
        for kind in ("owner", "web", "engine", "sealer")
        for login in ("", "_{id}")
    ),
    "REVOKE crossline_owner FROM crossline_web, crossline_web_{id}",
    "REVOKE crossline_engine FROM crossline_sealer_{id}",
    "REVOKE pg_read_server_files FROM crossline_engine",
    "ALTER ROLE crossline_web RESET ALL",
)


@pytest.fixture
def whole_server(committed: DatabaseAccess) -> Iterator[DatabaseAccess]:
    """Roles belong to the server, not to the database: what a test does to them is undone for the next."""
    yield committed
    run(committed, *UNDONE)


@pytest.mark.parametrize("case", list(OF_ROLES))
def test_a_role_that_could_help_itself_is_refused(whole_server: DatabaseAccess, case: str) -> None:
    statement, expected = OF_ROLES[case]
    run(whole_server, statement)
    for kind in ASKING:
        assert found_by(whole_server, kind) == [expected.format(id=installation_of(whole_server))]
    run(whole_server, *UNDONE)


def test_a_server_that_may_lose_data_is_refused_unless_it_was_opened_to_be_thrown_away(
    committed: DatabaseAccess,
) -> None:
    assert not committed.durable, "tests open their server so; it runs with all three off"
    with pytest.raises(DatabaseUnsuitable) as refused:
        refuse_unsafe(replace(committed, durable=True), Login.WEB)
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert f"the server runs with {name} off, and would lose what it has said is stored" in str(refused.value)
    refuse_unsafe(committed, Login.WEB)


def test_a_role_that_does_not_wait_for_the_disk_is_refused(whole_server: DatabaseAccess) -> None:
    run(whole_server, "ALTER ROLE crossline_web SET synchronous_commit = off")
    said = found_by(replace(whole_server, durable=True), Login.ENGINE)
    assert "crossline_web has synchronous_commit off, and would lose what it has said is stored" in said


def test_a_server_that_goes_on_after_a_lost_write_is_refused() -> None:
    with throwaway_home() as home:
        with opened_database(home, durable=False) as access:
            assert found_by(access, Login.WEB) == []
        with (home.database / "data" / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write("\ndata_sync_retry = on\n")
        with opened_database(home, durable=False) as access:
            assert found_by(access, Login.WEB) == [
                "the server runs with data_sync_retry on, and would take writes that were lost for kept"
            ]


def test_every_finding_is_in_the_sentence_and_it_is_one(committed: DatabaseAccess) -> None:
    run(committed, *OF_TABLES["a new table"][0], *OF_TABLES["switched off"][0], *ROUND_ABOUT["a function"][0])
    with pytest.raises(InstallationError) as refused:
        refuse_unsafe(committed, Login.WEB)
    said = str(refused.value)
    for finding in (*OF_TABLES["a new table"][1], *OF_TABLES["switched off"][1], *ROUND_ABOUT["a function"][1]):
        assert finding in said
    assert said.startswith(f"Crossline does not start, because the database {committed.dbname} ")
    assert said.endswith("start again.") and said.count(". ") == 0 and "\n" not in said


def test_each_promise_is_broken_by_some_case_here() -> None:
    """A promise that no test breaks might as well not be asked for."""
    broken = [finding for _, expected in (OF_TABLES | ROUND_ABOUT).values() for finding in expected]
    broken += [expected for _, expected in OF_ROLES.values()]
    broken += ["the server runs with data_sync_retry on, and would take writes that were lost for kept"]
    for promise in PROMISES:
        shape = re.compile(re.sub(r"\\\{\d\\\}", ".+", re.escape(promise.sentence)))
        assert any(shape.fullmatch(finding) for finding in broken), promise.sentence
        assert promise.authority
    assert len(LASTING) == 2


def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    nowhere = DatabaseAccess("/nonexistent", "5432", "crossline", {Login.WEB: Credential("somebody", "secret-word")})
    with pytest.raises(DatabaseUnavailable, match="could not be asked") as refused:
        refuse_unsafe(nowhere, Login.WEB)
    assert "secret-word" not in str(refused.value)


# That it is asked


def started(
    arguments: Sequence[str], environment: dict[str, str], seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """A Python of the product's to its end."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def own_environment(home: Home) -> dict[str, str]:
    foreign = ("CROSSLINE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"CROSSLINE_HOME": str(home.root), "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}


def test_crossline_serve_refuses_a_planted_table_and_serves_once_it_is_gone() -> None:
    with throwaway_home() as home, opened_database(home) as access:
        run(access, "CREATE TABLE planted (id int)")
        environment = own_environment(home)
        refused = started(["-m", "crossline", "serve", "--port", "0"], environment)
        assert refused.returncode == 1
        assert "Crossline is at" not in refused.stderr
        assert refused.stderr.splitlines()[-1] == (
            "crossline: Crossline does not start, because the database crossline no longer keeps what it must "
            "(table planted has no row security; table planted has no policy): "
            "have its administrator put each right, then start again."
        )
        intake = started(["-m", "crossline", "refresh"], environment)
        assert intake.returncode == 1 and "table planted has no row security" in intake.stderr

        run(access, "DROP TABLE planted")
        site = subprocess.Popen(
            [sys.executable, "-P", "-m", "crossline", "serve", "--port", "0"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert site.stderr is not None
            assert any("Crossline is at http://" in line for line in site.stderr)
        finally:
            site.send_signal(signal.SIGTERM)
            assert site.wait(60) == 0


def test_serving_asks_again_after_everything_that_was_done_before(committed: DatabaseAccess, home: Path) -> None:
    """A demonstration works for minutes between being made ready and being served."""
    run(committed, "CREATE TABLE planted (id int)")
    with pytest.raises(InstallationError, match="table planted has no row security"):
        commands._serve(Installation(Home(home), committed), 0)


def test_a_web_worker_asks_too_with_the_web_login_alone(committed: DatabaseAccess, home: Path) -> None:
    environment = web_environment(committed, Home(home).make(), read_configuration(), os.environ)
    assert started(["-c", "import crossline.site.wsgi"], environment).returncode == 0
    run(committed, "CREATE TABLE planted (id int)")
    refused = started(["-c", "import crossline.site.wsgi"], environment)
    assert refused.returncode == 1
    assert re.fullmatch(r"crossline: Crossline does not start, .*table planted has no row security.*\n", refused.stderr)
    del environment["CROSSLINE_DATABASE_JSON"]
    assert "CROSSLINE_DATABASE_JSON is not set" in started(["-c", "import crossline.site.wsgi"], environment).stderr


def test_a_site_whose_workers_refuse_ends_and_says_why(committed: DatabaseAccess, home: Path) -> None:
    """The way of a worker that is started anew: the process that answers pages gives up instead of trying for ever."""
    environment = web_environment(committed, Home(home).make(), read_configuration(), os.environ)
    run(committed, "CREATE TABLE planted (id int)")
    ended = subprocess.Popen(
        [sys.executable, "-P", "-m", "crossline.hosting.web_process", "127.0.0.1", "0", "1"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = ended.communicate(timeout=60)[0] if ended.wait(60) is not None else ""
    finally:
        ended.kill()
        ended.wait()
    assert "table planted has no row security" in said
    assert "Traceback" not in said
