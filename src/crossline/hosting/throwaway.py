"""A database that lives as long as a `with` block and leaves nothing: for tests, and for trying something out."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crossline.hosting.database import opened_database
from crossline.hosting.home import Home
from crossline.hosting.logins import DatabaseAccess


@contextmanager
def throwaway_home() -> Iterator[Home]:
    """A home of its own, with a path short enough for a socket and not inside a folder that is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="crossline-trial-", dir="/tmp"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # as Home makes it: the server's account passes through
    try:
        yield Home(folder).make()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway_database() -> Iterator[DatabaseAccess]:
    """An embedded server that never waits for the disk, or what DATABASE_URL names (of which nothing is taken away)."""
    with throwaway_home() as home, opened_database(home, durable=False) as access:
        yield access
