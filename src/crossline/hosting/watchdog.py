"""The process that owns the embedded server: starts it, starts it again after a crash, stops it when nobody is left.

Every Crossline process that uses the database holds a shared lock on <home>/run/in-use. The watchdog asks for that file
alone: the kernel gives it over when the last user has ended, in whatever way (kill -9 too), and the watchdog stops the
server. It is the server's parent, so it sees it end. A home has one watchdog, by its lock on <home>/run/watchdog.

    python -m crossline.hosting.watchdog HOME [--account NAME] [--throwaway]

It answers with one line: "ready", or the sentence of what is wrong.
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from crossline.errors import CrosslineError, DatabaseUnavailable
from crossline.hosting.account import server_account
from crossline.hosting.binaries import find_binaries, reachable
from crossline.hosting.home import Home
from crossline.hosting.keys import database_keys
from crossline.hosting.locks import FileLock
from crossline.hosting.logins import Login
from crossline.hosting.place import find_place, forget_socket_folder, make_socket_folder, shelf
from crossline.hosting.postgres import Cluster
from crossline.hosting.processes import is_alive

IN_USE = "in-use"
WATCHDOG = "watchdog"
SOCKET_NOTE = "socket-folder"
CRASHES_FORGIVEN = 5
CRASH_WINDOW_SECONDS = 60.0


class Event(StrEnum):
    USERS_GONE = "nobody uses the database any longer"
    SERVER_ENDED = "the server ended by itself"
    ORDERED = "somebody told the watchdog to end"


def find_cluster(home: Home, *, account_name: str | None, durable: bool) -> Cluster:
    """The home's cluster with programs of its version. Makes folders, but neither data nor processes."""
    account = server_account(account_name)
    place = find_place(home, account, database_keys(home, tuple(Login)).installation)
    version_file = place.data / "PG_VERSION"
    major = int(version_file.read_text(encoding="ascii").strip()) if version_file.is_file() else None
    binaries = find_binaries(major=major)
    if account.borrowed:
        binaries = reachable(binaries, account, shelf())
    return Cluster(place, binaries, durable=durable)


class Watch:
    """One watchdog's life: begin, then wait for events until the server should go."""

    def __init__(self, home: Home, *, account_name: str | None, durable: bool) -> None:
        self._home = home
        self._cluster = find_cluster(home, account_name=account_name, durable=durable)
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._note = home.run / SOCKET_NOTE

    def begin(self) -> None:
        """Bring the server up, or take over one whose watchdog was killed."""
        running = self._cluster.postmaster()
        if running is not None and running.status == "ready":
            self._await(lambda: _wait_for_stranger(running.pid), Event.SERVER_ENDED)
            return
        if running is not None:
            self._cluster.stop()
        if not self._cluster.exists():
            self._cluster.make(database_keys(self._home, tuple(Login)).passwords[Login.ADMINISTRATOR])
        self._start()

    def wait(self, users: FileLock) -> int:
        """Until the users have gone or somebody orders an end. The exit code is 1 when the server keeps crashing."""
        self._await(users.take, Event.USERS_GONE)
        crashes: deque[float] = deque(maxlen=CRASHES_FORGIVEN)
        while self._events.get() is Event.SERVER_ENDED:
            now = time.monotonic()
            if len(crashes) == CRASHES_FORGIVEN and now - crashes[0] < CRASH_WINDOW_SECONDS:
                return 1
            crashes.append(now)
            self._start()
        self._cluster.stop()
        forget_socket_folder(self._note)
        return 0

    def order_end(self, _signal: int, _frame: FrameType | None) -> None:
        self._events.put(Event.ORDERED)

    def _start(self) -> None:
        process = self._cluster.start(make_socket_folder(self._cluster.place, self._note))
        self._await(process.wait, Event.SERVER_ENDED)

    def _await(self, blocking: Callable[[], object], event: Event) -> None:
        def wait_and_tell() -> None:
            blocking()
            self._events.put(event)

        threading.Thread(target=wait_and_tell, daemon=True).start()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="crossline.hosting.watchdog")
    parser.add_argument("home", type=Path)
    parser.add_argument("--account")
    parser.add_argument("--throwaway", action="store_true")
    options = parser.parse_args(arguments)
    home = Home(options.home)
    sole = FileLock(home.run / WATCHDOG)
    # The watchdog before this one may still be on its way out.
    if not sole.try_take(seconds=20):
        return _answer("Another process is starting the database: try again in a moment.")
    try:
        watch = Watch(home, account_name=options.account, durable=not options.throwaway)
        signal.signal(signal.SIGTERM, watch.order_end)
        watch.begin()
    except CrosslineError as error:
        return _answer(str(error))
    except OSError as error:
        return _answer(str(DatabaseUnavailable(f"The database could not be started: {error}.")))
    _answer("ready")
    users = FileLock(home.run / IN_USE)
    code = watch.wait(users)
    # In this order: who may use the database again must not meet a watchdog that is about to go.
    sole.close()
    users.close()
    return code


def _wait_for_stranger(pid: int) -> None:
    """A server that we did not start cannot be waited for, only looked at."""
    while is_alive(pid):
        time.sleep(0.5)


def _answer(sentence: str) -> int:
    """One line to whoever started us, and then no hold on their pipe."""
    os.write(sys.stdout.fileno(), f"{sentence}\n".encode())
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
