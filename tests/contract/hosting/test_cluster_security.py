"""The embedded server is closed: passwords for everybody, no network, private folders, and a log that quotes nobody."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from crossline.hosting.home import Home
from crossline.hosting.logins import DatabaseAccess, Login
from crossline.hosting.place import LONGEST_SOCKET_FOLDER


def shown(access: DatabaseAccess, name: str) -> str:
    with psycopg.connect(access.conninfo(Login.ADMINISTRATOR)) as connection:
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("kind", list(Login))
def test_nobody_enters_without_a_password(access: DatabaseAccess, kind: Login) -> None:
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(
            host=access.host, port=access.port, dbname=access.dbname, user=access.login(kind).user, passfile="/dev/null"
        )


def test_nobody_enters_with_a_wrong_password(access: DatabaseAccess) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(psycopg.conninfo.make_conninfo(access.conninfo(Login.WEB), password="guessed"))


def test_passwords_are_stored_as_scram_verifiers(access: DatabaseAccess) -> None:
    with psycopg.connect(access.conninfo(Login.ADMINISTRATOR)) as connection:
        stored = [row[0] for row in connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin")]
    assert len(stored) == len(Login)
    assert all(password.startswith("SCRAM-SHA-256$") for password in stored)


def test_the_server_listens_on_no_network_address(access: DatabaseAccess) -> None:
    assert shown(access, "listen_addresses") == ""


def test_only_the_servers_account_enters_the_socket_folder(access: DatabaseAccess) -> None:
    folder = Path(access.host)
    assert mode(folder) == 0o700
    assert mode(folder / ".s.PGSQL.5432") == 0o700
    assert len(str(folder)) <= LONGEST_SOCKET_FOLDER


def test_data_and_keys_are_private(access: DatabaseAccess, shared_home: Home) -> None:
    assert mode(shared_home.database / "data") == 0o700
    assert mode(shared_home.keys) == mode(shared_home.communications) == mode(shared_home.run) == 0o700
    assert mode(shared_home.keys / "database.json") == 0o600
    assert mode(shared_home.database / "server.log") == 0o600


def test_root_lends_the_server_to_an_account_without_rights(access: DatabaseAccess, shared_home: Home) -> None:
    data = shared_home.database / "data"
    assert data.stat().st_uid != 0
    assert (data.stat().st_uid == os.geteuid()) == (os.geteuid() != 0)


def test_an_error_leaves_neither_statement_nor_row_in_the_servers_log(
    access: DatabaseAccess, shared_home: Home
) -> None:
    with psycopg.connect(access.conninfo(Login.OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE told (who text PRIMARY KEY)")
        connection.execute("INSERT INTO told VALUES ('Zebedee Quill')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO told VALUES ('Zebedee Quill')")
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT 'Zebedee Quill' FROM nowhere")
        connection.execute("DROP TABLE told")
    log = (shared_home.database / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "Zebedee" not in log
    assert not any(password in log for password in (access.login(kind).password for kind in Login))


@pytest.mark.parametrize(
    ("name", "value"),
    [("data_checksums", "on"), ("password_encryption", "scram-sha-256"), ("log_statement", "none"), ("jit", "off")],
)
def test_settings_that_must_hold(access: DatabaseAccess, name: str, value: str) -> None:
    assert shown(access, name) == value


def test_text_has_the_same_order_on_every_machine(access: DatabaseAccess) -> None:
    with psycopg.connect(access.conninfo(Login.WEB)) as connection:
        row = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding), lower('ÉCLAIR') FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
    assert row == ("b", "C.UTF-8", "UTF8", "éclair")
