"""What a process is told of the database, what it passes on, and what it never shows."""

import json

import pytest
from psycopg.conninfo import conninfo_to_dict

from crossline.errors import InstallationError
from crossline.hosting.database import django_database, hand_down
from crossline.hosting.logins import Credential, DatabaseAccess, Login, access_from_environment

ACCESS = DatabaseAccess(
    host="/run/a folder",
    port="5432",
    dbname="crossline",
    logins={kind: Credential(f"crossline_{kind.value}_1", f"secret of {kind.value}") for kind in Login},
    options={"sslmode": "verify-full"},
)


def test_a_child_gets_one_login_and_nothing_of_the_others() -> None:
    environment: dict[str, str] = {}
    hand_down(ACCESS, Login.WEB, environment)
    assert environment["CROSSLINE_DATABASE_ROLE"] == "web"
    assert "secret of owner" not in json.dumps(environment)
    assert access_from_environment(environment) == ACCESS.only(Login.WEB)


def test_a_login_that_was_not_handed_down_is_refused() -> None:
    with pytest.raises(InstallationError, match="was not given the database login owner"):
        ACCESS.only(Login.WEB).conninfo(Login.OWNER)


def test_nothing_handed_down_is_nothing() -> None:
    assert access_from_environment({}) is None


@pytest.mark.parametrize("text", ["x", "{}", "[]", '{"logins": {"nobody": ["a", "b"]}}', '{"logins": 3}'])
def test_what_crossline_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(InstallationError, match="CROSSLINE_DATABASE_JSON is not what crossline sets"):
        access_from_environment({"CROSSLINE_DATABASE_JSON": text})


def test_passwords_are_not_printed() -> None:
    assert "secret" not in repr(ACCESS)


def test_only_migrations_act_as_the_owner() -> None:
    assert conninfo_to_dict(ACCESS.conninfo(Login.OWNER))["options"] == "-c role=crossline_owner"
    for kind in (Login.WEB, Login.ENGINE):
        assert "role=" not in str(conninfo_to_dict(ACCESS.conninfo(kind))["options"])


@pytest.mark.parametrize("kind", list(Login))
def test_django_gets_what_psycopg_gets(kind: Login) -> None:
    entry = django_database(ACCESS, kind)
    given = conninfo_to_dict(ACCESS.conninfo(kind))
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == (given["host"], given["port"], given["dbname"])
    assert (entry["USER"], entry["PASSWORD"]) == (given["user"], given["password"])
    assert {"options": "", **entry["OPTIONS"]} == {
        name: given[name] for name in ("options", "application_name", "sslmode")
    }
    assert entry["ATOMIC_REQUESTS"] is False
    assert json.loads(json.dumps(entry)) == entry


def test_settings_can_be_read_without_a_database() -> None:
    entry = django_database(None, Login.WEB)
    assert entry["HOST"].startswith("/nonexistent/")
    assert "PASSWORD" not in entry
