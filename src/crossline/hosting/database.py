"""The way to the database: DATABASE_URL when it is set, else the embedded server; and what Django has to know of it."""

import atexit
import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crossline.errors import InstallationError
from crossline.hosting.configuration import Configuration, read_configuration
from crossline.hosting.embedded import HeldServer, hold_server
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys
from crossline.hosting.logins import (
    ENVIRONMENT_NAME,
    Credential,
    DatabaseAccess,
    Login,
    access_from_environment,
    session_options,
)
from crossline.hosting.postgres import PORT, SUPERUSER
from crossline.hosting.roles import bootstrap, make_database

DATABASE_NAME = "crossline"
ROLE_NAME = "CROSSLINE_DATABASE_ROLE"


def ensure_database(home: Home, *, name: str = DATABASE_NAME, durable: bool = True) -> DatabaseAccess:
    """A database that is ready, with its roles; the embedded server then runs until this process ends.

    A child that was handed CROSSLINE_DATABASE_JSON gets what that says and starts nothing.
    """
    if (handed := access_from_environment()) is not None:
        return handed
    access, server = _open(home, read_configuration(), name=name, durable=durable)
    if server is not None:
        # A normal end waits for the server to stop; after any other the watchdog stops it.
        atexit.register(server.close)
    return access


@contextmanager
def opened_database(home: Home, *, name: str = DATABASE_NAME, durable: bool = True) -> Iterator[DatabaseAccess]:
    """The same for the length of a `with` block."""
    if (handed := access_from_environment()) is not None:
        yield handed
        return
    access, server = _open(home, read_configuration(), name=name, durable=durable)
    try:
        yield access
    finally:
        if server is not None:
            server.close()


def hand_down(access: DatabaseAccess, kind: Login, environment: MutableMapping[str, str] | None = None) -> None:
    """Let this process (or a child's environment) use the database as one kind of login, before Django reads settings.

    Only that login's password is put there: a web worker's environment holds nothing that opens more than pages may.
    """
    values = os.environ if environment is None else environment
    values[ENVIRONMENT_NAME] = access.only(kind).to_json()
    values[ROLE_NAME] = kind.value


def django_database(access: DatabaseAccess | None, kind: Login) -> dict[str, Any]:
    """One entry of Django's DATABASES. Without access settings can be read (by type checks), and nothing connects."""
    common = {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}
    if access is None:
        return common | {"NAME": DATABASE_NAME, "HOST": "/nonexistent/start-it-through-crossline"}
    credential = access.login(kind)
    options: dict[str, Any] = {**access.options, "application_name": f"crossline {kind.value}"}
    if session := session_options(kind):
        options["options"] = session
    return common | {
        "NAME": access.dbname,
        "HOST": access.host,
        "PORT": access.port,
        "USER": credential.user,
        "PASSWORD": credential.password,
        "OPTIONS": options,
        "CONN_MAX_AGE": 60 if kind is Login.WEB else 0,
    }


def _open(
    home: Home, configuration: Configuration, *, name: str, durable: bool
) -> tuple[DatabaseAccess, HeldServer | None]:
    home.make()
    keys = database_keys(home, tuple(Login))
    if configuration.database_url is not None:
        return bootstrap(_read_url(configuration.database_url.get_secret_value()), keys, durable=durable), None
    server = hold_server(home, account_name=configuration.server_account, durable=durable)
    try:
        administrator = Credential(SUPERUSER, keys.passwords[Login.ADMINISTRATOR])
        access = DatabaseAccess(
            str(server.postmaster.socket_folder), PORT, "postgres", {Login.ADMINISTRATOR: administrator}
        )
        make_database(access.conninfo(Login.ADMINISTRATOR), name)
        ready = bootstrap(access.in_database(name).conninfo(Login.ADMINISTRATOR), keys, durable=durable)
    except BaseException:
        server.close()
        raise
    return replace(ready, logins={**ready.logins, Login.ADMINISTRATOR: administrator}), server


def _read_url(url: str) -> str:
    """libpq's own reading of a URL, without saying its password back."""
    try:
        return make_conninfo("", **conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise InstallationError(
            "DATABASE_URL cannot be read: it should look like postgresql://user:password@host:5432/database."
        ) from error
