"""What every test that needs the store shares: one PostgreSQL for the run, one database for each worker, and the roles.

The tests' own login belongs to every group role; it acts as `crossline_engine` unless a test steps into another role with
`as_web` or `as_owner`. Row security then applies exactly as to a process that logged in so.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
os.environ.setdefault("CROSSLINE_SECRET_KEY", "only-for-tests-" + "0" * 40)

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after set-up
from django.db import connection, connections, transaction  # noqa: E402


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """An installation folder for the run; short, because socket paths are."""
    with tempfile.TemporaryDirectory(prefix="xl-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def database(home: Path, worker_id: str, django_db_blocker: Any) -> Iterator[Any]:
    """A migrated database of this worker's own; gives the way to it."""
    from crossline.hosting.database import django_database, opened_database
    from crossline.hosting.home import Home
    from crossline.hosting.logins import Login
    from crossline.installation import use_login

    folder = Home(home / worker_id)
    with opened_database(folder, name=f"test_{worker_id}", durable=False) as access, django_db_blocker.unblock():
        use_login(access, Login.OWNER)
        call_command("migrate", verbosity=0, interactive=False)
        settings = django_database(access, Login.ADMINISTRATOR)
        settings["OPTIONS"] = settings["OPTIONS"] | {"options": "-c role=crossline_engine"}
        connections["default"].close()
        connections.settings["default"].update(settings)
        connections.settings["default"]["TEST"] = {"MIRROR": None, "NAME": None, "CHARSET": None, "COLLATION": None, "MIGRATE": True}
        del connections["default"]
        yield access
        connections["default"].close()


@pytest.fixture(scope="session")
def django_db_setup(database: Any, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's hook: the database is ours; it gets the agencies, and goes with its cluster."""
    from crossline.access.actions import load_agencies

    with django_db_blocker.unblock(), transaction.atomic():
        load_agencies()
    yield


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Act as another group role inside the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {before}")


@pytest.fixture
def as_web() -> Any:
    """`with as_web(): …` acts as the web server does."""
    return lambda: as_role("crossline_web")


@pytest.fixture
def as_owner() -> Any:
    """`with as_owner(): …` acts as migrations do."""
    return lambda: as_role("crossline_owner")
