"""Holding on to the embedded server: it runs while any process of this home holds it, and stops after the last."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import crossline
from crossline.errors import DatabaseUnavailable
from crossline.hosting.home import Home
from crossline.hosting.locks import FileLock, held_alone, is_held
from crossline.hosting.postgres import Cluster, Postmaster
from crossline.hosting.watchdog import IN_USE, WATCHDOG, find_cluster

STARTING = "starting"
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True)
class HeldServer:
    """A running server, and our hold on it. `close` lets go and, when we were the last, waits until it has stopped."""

    home: Home
    cluster: Cluster
    postmaster: Postmaster
    hold: FileLock
    watchdog: "subprocess.Popen[bytes] | None"

    def close(self) -> None:
        self.hold.close()
        self._await_end()
        if self.watchdog is not None:
            self.watchdog.poll()

    def _await_end(self) -> None:
        probe = FileLock(self.home.run / IN_USE)
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            while self._is_running() and time.monotonic() < deadline:
                if probe.try_take():
                    if not is_held(self.home.run / WATCHDOG):
                        self.cluster.stop()
                    probe.release()
                elif probe.try_share():
                    return  # somebody else still uses it
                time.sleep(0.02)
        finally:
            probe.close()

    def _is_running(self) -> bool:
        return self.cluster.postmaster() is not None or (self.watchdog is not None and self.watchdog.poll() is None)


def hold_server(home: Home, *, account_name: str | None = None, durable: bool = True) -> HeldServer:
    """Start the home's server, or join those who use it already. Racing processes get one server."""
    home.make()
    hold = FileLock(home.run / IN_USE)
    try:
        # Waits while a watchdog is stopping the server that nobody used a moment ago.
        hold.share()
        with held_alone(home.run / STARTING):
            cluster = find_cluster(home, account_name=account_name, durable=durable)
            postmaster, watchdog = _running(home, cluster, account_name)
    except BaseException:
        hold.close()
        raise
    return HeldServer(home, cluster, postmaster, hold, watchdog)


def _running(
    home: Home, cluster: Cluster, account_name: str | None
) -> "tuple[Postmaster, subprocess.Popen[bytes] | None]":
    """The server, ready and watched. A live watchdog brings its server back; a dead one is replaced."""
    watchdog = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        watched = is_held(home.run / WATCHDOG)
        found = cluster.postmaster()
        if watched and found is not None and found.status == "ready":
            return found, watchdog
        if not watched:
            watchdog = _start_watchdog(home, account_name, durable=cluster.durable)
        else:
            time.sleep(0.05)
    raise DatabaseUnavailable(
        f"The database of {home.root} is held by another process and does not answer: "
        f"end the Crossline processes that use it and try again (its log is {cluster.place.log})."
    )


def _start_watchdog(home: Home, account_name: str | None, *, durable: bool) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "crossline.hosting.watchdog", str(home.root)]
    command += ["--account", account_name] if account_name else []
    command += [] if durable else ["--throwaway"]
    descriptor = os.open(home.run / "watchdog.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        watchdog = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=descriptor,
            cwd="/",
            env=_environment(),
            # Neither Ctrl-C in the terminal nor the end of its window may take the server away from under its users.
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    if watchdog.stdout is None:
        raise DatabaseUnavailable("The process that keeps the database could not be started.")
    with watchdog.stdout as answers:
        answer = answers.readline().decode().strip()
    if answer != "ready":
        watchdog.wait()
        raise DatabaseUnavailable(
            answer
            or f"The process that keeps the database ended without a word (its log is {home.run / 'watchdog.log'})."
        )
    return watchdog


def _environment() -> dict[str, str]:
    """What a Python of ours needs, and no secret: the watchdog reads its keys from the home."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ}
    paths = [str(Path(crossline.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONDONTWRITEBYTECODE": "1"}
