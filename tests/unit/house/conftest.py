"""What tests on the repository itself share: its folder, and the text of every file that is, or would be, committed."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
LOOKED_AT = 8000
"""Bytes at the beginning of a file in which a NUL means that it is no text: git's own rule."""


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def texts() -> Mapping[str, str]:
    """Path from the repository's folder -> content, of each text file that git has or would add."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = {}
    for name in filter(None, listing.split("\0")):
        if (REPOSITORY / name).is_file():
            content = (REPOSITORY / name).read_bytes()
            if b"\0" not in content[:LOOKED_AT]:
                found[name] = content.decode("utf-8")
    return found


@pytest.fixture(scope="session")
def python_files(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The same, of Python alone."""
    return {path: text for path, text in texts.items() if path.endswith(".py")}
