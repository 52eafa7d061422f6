"""The web server as a process: it answers, holds the web login alone, and never outlives its parent or the database."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crossline.errors import UsageError
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys
from crossline.hosting.logins import Login
from crossline.hosting.web import USUAL_PORTS, choose_port

from .conftest import clean_environment, is_gone, wait_until

SERVER = Path(__file__).with_name("site_server.py")
Serve = Callable[..., tuple["subprocess.Popen[str]", int]]


def children_of(pid: int) -> list[int]:
    """All descendants, found through /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            found += [int(folder.name), *children_of(int(folder.name))]
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    return connection.getresponse().status


@pytest.fixture
def serve(home: Home) -> Iterator[Serve]:
    started: list[subprocess.Popen[str]] = []

    def start(port: int = 0, **environment: str) -> tuple["subprocess.Popen[str]", int]:
        process = subprocess.Popen(
            [sys.executable, str(SERVER), str(home.root), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(**environment),
        )
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert address, line
        return process, int(address[1])

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    assert wait_until(lambda: not (home.database / "data" / "postmaster.pid").exists())


def test_it_answers_until_it_is_told_to_stop_and_leaves_nothing(serve: Serve, home: Home) -> None:
    process, port = serve()
    assert health(port) == http.HTTPStatus.OK
    family = children_of(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert is_free(port)
    assert all(is_gone(pid) for pid in family)
    assert not (home.database / "data" / "postmaster.pid").exists()


def test_when_its_parent_is_killed_the_site_and_the_database_go(serve: Serve) -> None:
    process, port = serve()
    family = children_of(process.pid)
    process.kill()
    assert wait_until(lambda: is_free(port) and all(is_gone(pid) for pid in family), 20)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads environments through /proc")
def test_web_processes_hold_the_web_login_and_no_other_secret(serve: Serve, home: Home) -> None:
    process, _ = serve(OPERATORS_TOKEN="not for pages")
    passwords = database_keys(home, tuple(Login)).passwords
    seen = 0
    for pid in children_of(process.pid):
        environment = dict(
            line.split("=", 1) for line in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in line
        )
        text = json.dumps(environment)
        others = [passwords[kind] for kind in Login if kind is not Login.WEB]
        assert not any(secret in text for secret in [*others, "not for pages"])
        if "CROSSLINE_DATABASE_JSON" in environment:
            assert list(json.loads(environment["CROSSLINE_DATABASE_JSON"])["logins"]) == ["web"]
            assert "DATABASE_URL" not in environment
            seen += 1
        else:
            assert passwords[Login.WEB] not in text
            assert "CROSSLINE_SECRET_KEY" not in environment
    assert seen >= 1


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} on 127.0.0.1 is taken: .*--port"):
            choose_port("127.0.0.1", port)


def test_without_a_wish_the_first_free_usual_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first = choose_port("127.0.0.1", None)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        second = choose_port("127.0.0.1", None)
    assert first in USUAL_PORTS
    assert second in USUAL_PORTS
    assert second > first


@pytest.mark.parametrize(("host", "port"), [("no such host", 8000), ("127.0.0.1", 70000)])
def test_a_host_or_port_that_cannot_be_is_refused_in_a_sentence(host: str, port: int) -> None:
    with pytest.raises(UsageError, match=r"--host|--port"):
        choose_port(host, port)
