"""The web server: a child process with the web login and nothing more, watched until it answers, ended with us."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import crossline
from crossline.errors import InstallationError, UsageError
from crossline.hosting.configuration import Configuration, read_configuration
from crossline.hosting.database import hand_down
from crossline.hosting.home import Home
from crossline.hosting.identity_providers import hand_down_providers, read_identity_providers
from crossline.hosting.keys import deconfliction_key, second_factor_key, secret_key
from crossline.hosting.logins import DatabaseAccess, Login

USUAL_PORTS = range(8000, 8100)
LAST_PORT = 65535
START_SECONDS = 90.0
STOP_SECONDS = 20.0
# All that a web process needs of the environment that crossline was started in. What is not here does not reach it:
# above all DATABASE_URL, which may do everything.
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "LD_LIBRARY_PATH",
    "CROSSLINE_ALLOWED_HOSTS",
    "CROSSLINE_SYNTHETIC",
    "CROSSLINE_DEBUG",
    "CROSSLINE_SECOND_FACTOR",
    "CROSSLINE_IDLE_MINUTES",
    "CROSSLINE_PROXY",
)


def serve(
    port: int | None,
    host: str = "127.0.0.1",
    *,
    access: DatabaseAccess,
    home: Home,
    say: Callable[[str], None],
) -> int:
    """Serve the site until Ctrl-C or SIGTERM. Gives the exit code; `say` shows a line to the operator.

    `port` None is the first free one from 8000 on; 0 is any.
    """
    configuration = read_configuration()
    chosen = choose_port(host, port)
    if port is None and chosen != USUAL_PORTS.start:
        say(f"Port {USUAL_PORTS.start} is taken, so the site is on port {chosen}.")
    environment = web_environment(access, home, configuration, os.environ)
    child = _start(host, chosen, configuration.web_threads, environment)
    with _stopping(child) as stopped:
        healthy = _wait_until_healthy(child, host, chosen)
        if healthy:
            say(f"Crossline is at http://{_in_address(host)}:{chosen}/ (Ctrl-C stops it).")
            child.wait()
    if stopped():
        return 0
    ending = "ended by itself" if healthy else "did not come up"
    raise InstallationError(f"The web server {ending}: what it said stands above.")


def choose_port(host: str, wanted: int | None) -> int:
    """A port that is free now: the one asked for, any for 0, the first usual one for None."""
    if wanted is not None:
        free = _try_port(host, wanted)
        if free is None:
            raise UsageError(f"Port {wanted} on {host} is taken: stop what uses it, or give another one with --port.")
        return free
    for port in USUAL_PORTS:
        if _try_port(host, port) is not None:
            return port
    raise UsageError(
        f"Ports {USUAL_PORTS.start} to {USUAL_PORTS.stop - 1} on {host} are all taken: give another one with --port."
    )


def web_environment(
    access: DatabaseAccess, home: Home, configuration: Configuration, given: Mapping[str, str]
) -> dict[str, str]:
    """The environment of the web process: the web login, keys of sessions, second factors and checks, the providers, the home."""
    environment = {name: given[name] for name in PASSED_ON if name in given}
    paths = [str(Path(crossline.__file__).parent.parent), given.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    environment["DJANGO_SETTINGS_MODULE"] = "crossline.settings"
    environment["CROSSLINE_HOME"] = str(home.root)
    key = configuration.secret_key
    environment["CROSSLINE_SECRET_KEY"] = key.get_secret_value() if key else secret_key(home)
    factors = configuration.second_factor_key
    environment["CROSSLINE_SECOND_FACTOR_KEY"] = factors.get_secret_value() if factors else second_factor_key(home)
    look_up = configuration.deconfliction_key
    environment["CROSSLINE_DECONFLICTION_KEY"] = look_up.get_secret_value() if look_up else deconfliction_key(home)
    hand_down_providers(read_identity_providers(home, configuration), environment)
    hand_down(access, Login.WEB, environment)
    return environment


def _start(host: str, port: int, threads: int, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """The pipe to the child's standard input is its tether: it ends when the pipe does, even if we are killed."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "crossline.hosting.web_process", host, str(port), str(threads)],
        stdin=subprocess.PIPE,
        env=environment,
        # Ctrl-C reaches us alone, and we end the child in order.
        start_new_session=True,
    )


@contextmanager
def _stopping(child: "subprocess.Popen[bytes]") -> Iterator[Callable[[], bool]]:
    """While it serves, a signal to us ends the child; afterwards it is gone. Yields: was a stop asked for?"""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        with contextlib.suppress(ProcessLookupError):
            child.terminate()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield lambda: bool(asked)
    finally:
        _end(child)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _wait_until_healthy(child: "subprocess.Popen[bytes]", host: str, port: int) -> bool:
    """False when the child has ended or gives an error of its own: asking again would not mend that."""
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        status = _ask_health(host, port)
        if status is not None and status != http.HTTPStatus.SERVICE_UNAVAILABLE:
            return status == http.HTTPStatus.OK
        time.sleep(0.1)
    return False


def _ask_health(host: str, port: int) -> int | None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- asked, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _try_port(host: str, port: int) -> int | None:
    """The port's number if we could listen on it, None if somebody else does."""
    if not 0 <= port <= LAST_PORT:
        raise UsageError(f"{port} is not a port: give a number from 0 to {LAST_PORT} with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except socket.gaierror as error:
        raise UsageError(f"{host} is not a name or address of this machine: give another one with --host.") from error
    except PermissionError as error:
        raise UsageError(f"This account may not open port {port}: give one above 1023 with --port.") from error
    except OSError:
        return None


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
