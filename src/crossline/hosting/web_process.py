"""The process that answers pages: granian with Crossline's WSGI application. Started by web.py, never by hand.

    python -m crossline.hosting.web_process HOST PORT THREADS

Its standard input is a pipe that its parent holds and never writes to. When it ends, the parent has, and so do we: a
site must not go on without the process that keeps its database.
"""

import os
import signal
import sys
import threading

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

# How long requests that are under way may take once we have been told to stop.
GRACE_SECONDS = 10


def end_with_parent() -> None:
    """Wait for the end of the parent's pipe, then stop in the same way as on a signal."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(host: str, port: int, threads: int) -> None:
    server = Server(
        "crossline.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        # Addresses of pages name persons and records; who read what is in the audit, not in a log.
        log_access=False,
        log_level=LogLevels.warning,
    )
    threading.Thread(target=end_with_parent, daemon=True).start()
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
