"""One PostgreSQL cluster: made with passwords for everybody, started without a network port, found again, and stopped.

Who starts and stops it, and when, is the watchdog's business (watchdog.py); this module knows how.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import DatabaseUnavailable
from crossline.hosting.binaries import Binaries
from crossline.hosting.place import Place
from crossline.hosting.processes import command_line_of, is_alive

SUPERUSER = "crossline_administrator"
PORT = "5432"  # names the socket; nothing listens on the network
RETRY_SECONDS = 20.0

# What must hold whatever somebody alters in the server: given as arguments, which outrank ALTER SYSTEM.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    # Reports must not leak into the server's log: no statements, no rows in error details.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_lock_waits": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # Large sorts for the engines on a small machine. Two cores are better shared with Python than split between
    # workers, and without parallel queries nothing depends on the size of /dev/shm in a container.
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "max_connections": "40",
    # One server, backed up by dumps: no replication, so bulk loads may skip the log where that is safe.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_sync_retry": "off"}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
HOST_RULES = "# The Unix socket, with a password, for everybody.\nlocal all all scram-sha-256\n"


@dataclass(frozen=True)
class Postmaster:
    """A server as its postmaster.pid describes it. `status` is starting, ready, stopping or standby."""

    pid: int
    socket_folder: Path
    status: str


@dataclass(frozen=True)
class Cluster:
    """A data folder with the programs that open it. `durable` is false only for data that may be lost (tests)."""

    place: Place
    binaries: Binaries
    durable: bool = True

    def exists(self) -> bool:
        return (self.place.data / "PG_VERSION").is_file()

    def make(self, password: str) -> None:
        """Make the data folder, whole or not at all: it is prepared under another name and then renamed."""
        shutil.rmtree(self.place.folder / "preparing", ignore_errors=True)
        draft = self.place.make_folder("preparing")
        password_file = self._password_file(password)
        try:
            done = self._run("initdb", *self._initdb_arguments(draft, password_file))
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            raise DatabaseUnavailable(
                f"The database could not be made in {self.place.folder}: {_last_line(done.stderr) or 'initdb failed'}."
            )
        (draft / "pg_hba.conf").write_text(HOST_RULES, encoding="ascii")
        draft.rename(self.place.data)

    def start(self, socket_folder: Path) -> subprocess.Popen[bytes]:
        """Start the server and wait until it takes connections, however long a recovery needs.

        A postmaster that was killed leaves backends and shared memory for some seconds; until they are gone a new one
        refuses to start, so it is asked again.
        """
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            self._clear_stale_pid()
            process = self._launch(socket_folder)
            if self._became_ready(process):
                return process
            if time.monotonic() >= deadline:
                raise DatabaseUnavailable(
                    f"The database server would not start: {_last_line(self.place.log) or 'it gave no reason'} "
                    f"(its log is {self.place.log})."
                )
            time.sleep(0.3)

    def postmaster(self) -> Postmaster | None:
        """The live server on this data folder, whoever started it."""
        try:
            lines = (self.place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if len(lines) < 8 or not lines[0].strip().isdigit() or not self._runs_here(int(lines[0])):
            return None
        return Postmaster(pid=int(lines[0]), socket_folder=Path(lines[4]), status=lines[7].strip())

    def stop(self) -> None:
        """Stop the server fast: transactions are rolled back, what was committed is on disk. Waits until it is gone."""
        for order, seconds in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            found = self.postmaster()
            if found is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, order)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if self.postmaster() is None:
                    return
                time.sleep(0.02)

    def _initdb_arguments(self, folder: Path, password_file: Path) -> list[str]:
        arguments = [
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            "--text-search-config=english",
            "--no-instructions",
        ]
        # The same order of text on every machine: PostgreSQL's own C.UTF-8 where it has one, else the system's.
        builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += builtin if self.binaries.major >= 17 else ["--locale=C.UTF-8"]
        return arguments if self.durable else [*arguments, "--no-sync"]

    def _password_file(self, password: str) -> Path:
        path = self.place.folder / f".password-{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(password)
        self.place.account.give(path)
        return path

    def _launch(self, socket_folder: Path) -> subprocess.Popen[bytes]:
        quoted = str(socket_folder).replace('"', '""')
        settings = SETTINGS | (DURABLE if self.durable else THROWAWAY) | {"unix_socket_directories": f'"{quoted}"'}
        command = [self.binaries.program("postgres"), "-D", str(self.place.data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        _keep_log_short(self.place.log)
        descriptor = os.open(self.place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd=self.place.data,
                env=_environment(),
                # Ctrl-C goes to the whole terminal group; the server must outlive the command's own tidying up.
                start_new_session=True,
                **self.place.account.subprocess_arguments(),
            )
        finally:
            os.close(descriptor)

    def _became_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """False once the process has ended. A recovery may take long, so patience ends only with the process."""
        while process.poll() is None:
            found = self.postmaster()
            if found is not None and found.pid == process.pid and found.status == "ready":
                return True
            time.sleep(0.02)
        return False

    def _clear_stale_pid(self) -> None:
        """A pid file may name a number that some other program has by now; PostgreSQL would believe it."""
        path = self.place.data / "postmaster.pid"
        try:
            first = path.read_text(encoding="utf-8").split("\n", 1)[0].strip()
        except FileNotFoundError:
            return
        if first.isdigit() and is_alive(int(first)) and "postgres" not in command_line_of(int(first)):
            path.unlink(missing_ok=True)

    def _runs_here(self, pid: int) -> bool:
        """Is it a server on our folder? The number may be somebody else's by now, and we send signals to it."""
        return is_alive(pid) and str(self.place.data) in command_line_of(pid)

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.binaries.program(name), *arguments],
            cwd=self.place.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self.place.account.subprocess_arguments(),
        )


def _environment() -> dict[str, str]:
    """Nothing of ours: no secret reaches the server's environment, and no PG* variable of the user's bends it."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LANG": "C"}


def _keep_log_short(path: Path, largest: int = 5_000_000) -> None:
    if path.exists() and path.stat().st_size > largest:
        path.rename(path.with_suffix(".log.old"))


def _last_line(text: str | Path) -> str:
    """The last thing a program complained of, without its time stamp."""
    if isinstance(text, Path):
        text = text.read_text(encoding="utf-8", errors="replace")[-4000:] if text.exists() else ""
    complaints = [line for line in text.splitlines() if "FATAL:" in line or "error:" in line or "PANIC:" in line]
    last = (complaints or [line for line in text.splitlines() if line.strip()] or [""])[-1]
    return last.split("FATAL:")[-1].split("error:")[-1].split("PANIC:")[-1].strip().rstrip(".")
