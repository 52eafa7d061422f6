"""Real servers for the tests of hosting: a shared one for what only looks, and processes to watch and kill."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import crossline
from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.logins import DatabaseAccess
from crossline.hosting.processes import is_alive
from crossline.hosting.throwaway import throwaway_home

SOURCE = str(Path(crossline.__file__).parent.parent)
HOLDER = Path(__file__).with_name("holder.py")


@dataclass
class Holder:
    """A running holder.py and what it said of itself."""

    process: "subprocess.Popen[str]"
    said: dict[str, Any]

    @property
    def postmaster(self) -> int:
        return int(self.said["postmaster"])

    def end(self) -> None:
        """A normal end: the process closes down in order."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(30)

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        self.process.wait(30)


def clean_environment(**more: str) -> dict[str, str]:
    """What a user's shell has, without what the test run itself set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join([SOURCE, os.environ.get("PYTHONPATH", SOURCE)])} | more


def begin_holder(home: Home, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(HOLDER), str(home.root), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )


def await_holder(process: "subprocess.Popen[str]") -> Holder:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the holder ended with {process.wait(10)}"
    return Holder(process, json.loads(line))


def wait_until(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def is_gone(pid: int) -> bool:
    return not is_alive(pid)


@pytest.fixture
def home() -> Iterator[Home]:
    with throwaway_home() as made:
        yield made


@pytest.fixture
def hold(home: Home) -> Iterator[Callable[..., Holder]]:
    """`hold()` starts a process that uses the home's database; what is left of them is killed, and their server goes."""
    started: list[Holder] = []

    def start(*words: str) -> Holder:
        started.append(await_holder(begin_holder(home, *words)))
        return started[-1]

    yield start
    for holder in started:
        holder.kill()
    assert wait_until(lambda: all(is_gone(holder.postmaster) for holder in started)), "a server was left behind"


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Home]:
    with throwaway_home() as made:
        yield made


@pytest.fixture(scope="module")
def access(shared_home: Home) -> Iterator[DatabaseAccess]:
    """One server for a module's tests that change nothing of it."""
    with opened_database(shared_home, durable=False) as opened:
        yield opened
