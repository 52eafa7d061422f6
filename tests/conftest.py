"""What every test that needs the store shares: one PostgreSQL for the run, one database for each worker, and the roles.

The tests' own login belongs to every group role; it acts as `crossline_engine` unless a test steps into another role with
`as_web` or `as_owner`. Row security then applies exactly as to a process that logged in so.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest
import pytest_socket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crossline.settings")
os.environ.setdefault("CROSSLINE_SECRET_KEY", "only-for-tests-" + "0" * 40)

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after set-up
from django.db import connection, connections, transaction  # noqa: E402

# Whatever fails prints what brings the same example back: @reproduce_failure, beside the seed of the run.
hypothesis.settings.register_profile("crossline", deadline=None, print_blob=True)
hypothesis.settings.load_profile("crossline")

LOCAL = ["127.0.0.1", "::1", "localhost"]


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test reaches the network: only this machine and its Unix sockets (pytest-socket undoes this after each test)."""
    pytest_socket.socket_allow_hosts(LOCAL, allow_unix_socket=True)


def _load(module: str) -> ModuleType:
    """A module beside this one by its path: tests are not a package, and nothing is put on the module search path for it."""
    name = f"crossline_test_{module}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{module}.py"))
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def builders() -> ModuleType:
    """What makes deliveries on disk and rows in the store through the real actions; see tests/builders.py."""
    return _load("builders")


@pytest.fixture(scope="session")
def identity_provider() -> ModuleType:
    """A little OpenID Connect provider on this machine; see tests/identity_provider.py."""
    return _load("identity_provider")


def _load_two_worlds() -> ModuleType:
    """tests/two_worlds as a package, likewise by its path."""
    name = "crossline_two_worlds"
    if name not in sys.modules:
        folder = Path(__file__).with_name("two_worlds")
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
        for part in ("world", "facts", "probes", "walls", "leaks", "comparing", "sweeping", "unseen"):
            if (folder / f"{part}.py").exists():
                importlib.import_module(f"{name}.{part}")
    return sys.modules[name]


@pytest.fixture(scope="session")
def two_worlds() -> ModuleType:
    """What compares two worlds that differ only in what somebody may not see; see tests/two_worlds."""
    return _load_two_worlds()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where an installation keeps communications data."""
    return tmp_path / "kept communications"


@pytest.fixture
def quick_passwords(settings: Any) -> None:
    """For tests that enrol many people: Argon2 is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """An installation folder for the run; short, because socket paths are."""
    with tempfile.TemporaryDirectory(prefix="xl-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def work_in(access: Any) -> None:
    """From here on this process works in that database as the engine does, and can take any other role."""
    from crossline.hosting.database import django_database
    from crossline.hosting.logins import Login

    settings = django_database(access, Login.ADMINISTRATOR)
    settings["OPTIONS"] = settings["OPTIONS"] | {"options": "-c role=crossline_engine"}
    connections["default"].close()
    connections.settings["default"].update(settings)
    del connections["default"]


@pytest.fixture(scope="session")
def working_in() -> Any:
    """`working_in(access)`: from here on in that database, as the engine and able to take any other role."""
    return work_in


@pytest.fixture(scope="session")
def database(home: Path, worker_id: str, django_db_blocker: Any) -> Iterator[Any]:
    """A migrated database of this worker's own; gives the way to it."""
    from crossline.hosting.database import opened_database
    from crossline.hosting.home import Home
    from crossline.hosting.logins import Login
    from crossline.installation import use_login

    folder = Home(home / worker_id)
    with opened_database(folder, name=f"test_{worker_id}", durable=False) as access, django_db_blocker.unblock():
        use_login(access, Login.OWNER)
        call_command("migrate", verbosity=0, interactive=False)
        work_in(access)
        connections.settings["default"]["TEST"] = {
            "MIRROR": None,
            "NAME": None,
            "CHARSET": None,
            "COLLATION": None,
            "MIGRATE": True,
        }
        yield access
        connections["default"].close()


@pytest.fixture(scope="session")
def django_db_setup(database: Any, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's hook: the database is ours; it gets the agencies and the policy in force, and goes with its cluster."""
    from crossline.access.actions import load_agencies
    from crossline.access.policy_changes.models import PolicyStatement
    from crossline.site.policy.statement import running

    with django_db_blocker.unblock(), transaction.atomic():
        load_agencies()
        # As a first start writes it down, but for its row of the audit, which tests find empty.
        PolicyStatement.objects.create(id=1, digest=running().digest, lines=running().as_pairs())
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


@contextmanager
def own_copy(database: Any, name: str, django_db_blocker: Any) -> Iterator[Any]:
    """A copy of the worker's database, in which this process works as the engine login until the end of the block."""
    from crossline.hosting.logins import Login
    from crossline.hosting.roles import drop_database, make_database
    from crossline.installation import use_login

    server = database.in_database("postgres").conninfo(Login.ADMINISTRATOR)
    own = database.in_database(f"{database.dbname}_{name}")
    with django_db_blocker.unblock():
        before = dict(connections.settings["default"])
        connections["default"].close()  # a database that is copied has nobody connected to it
        drop_database(server, own.dbname)
        make_database(server, own.dbname, template=database.dbname)
        use_login(own, Login.ENGINE)
        try:
            yield own
        finally:
            connections["default"].close()
            connections.settings["default"].clear()
            connections.settings["default"].update(before)
            del connections["default"]
            drop_database(server, own.dbname)


@pytest.fixture
def committed(database: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A database of this test's own, in which commits are real: for logins, other processes and what comes after a kill.

    Gives the way to it. This process works there as the engine login; not for use together with `db`.
    """
    with own_copy(database, "committed", django_db_blocker) as own:
        yield own


@pytest.fixture(scope="module")
def committed_together(database: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The same for all tests of a module, which then leave it as they found it: for a store that takes long to fill."""
    with own_copy(database, "together", django_db_blocker) as own:
        yield own
