"""How a process reaches the database: where it is, and the user and password of each kind of login."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from psycopg.conninfo import make_conninfo

from crossline.errors import InstallationError

ENVIRONMENT_NAME = "CROSSLINE_DATABASE_JSON"


class Login(StrEnum):
    """Who connects. Each is a login role of this installation; its rights come from the group role of its kind."""

    OWNER = "owner"  # migrations: acts as crossline_owner, which owns every table and cannot log in
    WEB = "web"  # pages and the API
    ENGINE = "engine"  # intake and analysis
    SEALER = "sealer"  # seals the audit
    ADMINISTRATOR = "administrator"  # the embedded server's superuser: backups and bootstrap only


@dataclass(frozen=True)
class Credential:
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class DatabaseAccess:
    """`host` is a socket folder or a name; `options` are further connection parameters of libpq, such as sslmode.

    `durable` is false where losing data is no harm (tests); the boot check then lets the server be fast and forgetful.
    """

    host: str
    port: str
    dbname: str
    logins: Mapping[Login, Credential]
    options: Mapping[str, str] = field(default_factory=dict)
    durable: bool = True

    def only(self, *kinds: Login) -> "DatabaseAccess":
        """The same with fewer logins, to hand to a child that may not have the others."""
        return replace(self, logins={kind: self.login(kind) for kind in kinds})

    def in_database(self, dbname: str) -> "DatabaseAccess":
        return replace(self, dbname=dbname)

    def login(self, kind: Login) -> Credential:
        if kind not in self.logins:
            raise InstallationError(
                f"This process was not given the database login {kind.value}: start it through crossline."
            )
        return self.logins[kind]

    def conninfo(self, kind: Login) -> str:
        """For psycopg and for PostgreSQL's own programs. Holds the password: never log it."""
        credential = self.login(kind)
        parameters: dict[str, Any] = {**self.options, "application_name": f"crossline {kind.value}"}
        return make_conninfo(
            "",
            host=self.host,
            port=self.port,
            dbname=self.dbname,
            user=credential.user,
            password=credential.password,
            options=session_options(kind),
            **parameters,
        )

    def to_json(self) -> str:
        """For a child's environment. Holds passwords."""
        logins = {kind.value: [login.user, login.password] for kind, login in self.logins.items()}
        where = {"host": self.host, "port": self.port, "dbname": self.dbname, "options": dict(self.options)}
        return json.dumps(where | {"logins": logins, "durable": self.durable})

    @classmethod
    def from_json(cls, text: str) -> "DatabaseAccess":
        try:
            held = json.loads(text)
            logins = {Login(kind): Credential(user, password) for kind, (user, password) in held["logins"].items()}
            return cls(
                held["host"], held["port"], held["dbname"], logins, held["options"], held["durable"] is not False
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InstallationError(
                f"{ENVIRONMENT_NAME} is not what crossline sets for its children: leave it unset, or set DATABASE_URL."
            ) from error


def session_options(kind: Login) -> str:
    """libpq's `options` for a login: what holds in each of its sessions."""
    match kind:
        case Login.OWNER:
            return "-c role=crossline_owner"
        case Login.WEB:
            # A page that takes longer than this has been given up by whoever asked for it.
            return "-c statement_timeout=30s"
        case _:
            return ""


def access_from_environment(environment: Mapping[str, str] | None = None) -> DatabaseAccess | None:
    """What a parent process handed down, or None in a process that has not opened the database."""
    values = os.environ if environment is None else environment
    handed = values.get(ENVIRONMENT_NAME)
    return DatabaseAccess.from_json(handed) if handed else None
