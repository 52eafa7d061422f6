"""What tests on the repository itself share: its folder, and the text of every file that is, or would be, committed."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = frozenset({".parquet", ".png", ".ico", ".zip", ".xlsx", ".pdf"})


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
    paths = (Path(name) for name in listing.split("\0") if name)
    return {
        path.as_posix(): (REPOSITORY / path).read_text(encoding="utf-8")
        for path in paths
        if path.suffix not in BINARY and (REPOSITORY / path).is_file()
    }


@pytest.fixture(scope="session")
def python_files(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The same, of Python alone."""
    return {path: text for path, text in texts.items() if path.endswith(".py")}
