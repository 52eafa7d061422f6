"""File locks, which the kernel lets go of when a process ends in whatever way: none goes stale after a kill -9."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """One open lock file. Shared holders exclude an exclusive one and the other way round; closing lets go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Hold together with other sharers; waits for an exclusive holder to go."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def take(self) -> None:
        """Hold alone; waits until everybody else has gone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_share(self) -> bool:
        return self._attempt(fcntl.LOCK_SH)

    def try_take(self, seconds: float = 0) -> bool:
        """Hold alone if that is possible within so many seconds. A failed attempt holds nothing."""
        deadline = time.monotonic() + seconds
        while not self._attempt(fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def release(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _attempt(self, operation: int) -> bool:
        try:
            fcntl.flock(self._descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Do something that only one process at a time may do."""
    lock = FileLock(path)
    try:
        lock.take()
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Does some process hold this file at the moment?"""
    lock = FileLock(path)
    try:
        return not lock.try_take()
    finally:
        lock.close()
