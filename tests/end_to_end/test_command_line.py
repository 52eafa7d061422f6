"""The command line as a user runs it, from a nation to its exports: each command a process of its own, over one installation."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossline.cli import EXPORTS, main
from crossline.exchange.catalogue import COLUMNS, What

ROOT = Path(__file__).resolve().parents[2]


def crossline(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CROSSLINE_", "DATABASE_URL"))
    }
    environment |= {"CROSSLINE_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "crossline", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def loaded() -> Iterator[Path]:
    """A tiny demonstration, loaded and analysed."""
    with tempfile.TemporaryDirectory(prefix="xl-", dir="/tmp") as folder:
        home = Path(folder) / "home"
        done = crossline(home, "demo", "--scale", "tiny", "--seed", "5", "--no-serve")
        assert done.returncode == 0, done.stderr
        yield home


def test_every_export_has_its_columns_the_empty_ones_included(loaded: Path) -> None:
    assert set(EXPORTS) == {str(what) for what in What}
    for what in EXPORTS:
        done = crossline(loaded, "export", what)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0] == ",".join(COLUMNS[What(what)])


def test_two_users_of_two_agencies_get_different_people(loaded: Path) -> None:
    seen = {
        user: {
            (row["agency"], row["ref"], row["key"])
            for row in table(crossline(loaded, "export", "people", "--as", user).stdout)
        }
        for user in ("kent.analyst", "essex.analyst", "centre.analyst")
    }
    assert seen["kent.analyst"] and seen["essex.analyst"]
    assert seen["kent.analyst"] != seen["essex.analyst"]
    own = {agency for agency, _, _ in seen["kent.analyst"] - seen["essex.analyst"]}
    assert "kent" in own and "essex" not in own
    assert len(seen["centre.analyst"]) > len(seen["kent.analyst"])


def test_doing_everything_again_gives_the_same_people_and_the_score_sheet_reads_them(loaded: Path) -> None:
    before = crossline(loaded, "export", "people").stdout
    assert crossline(loaded, "refresh", "--full").returncode == 0
    assert crossline(loaded, "export", "people").stdout == before
    sheet = crossline(loaded, "score", str(loaded / "truth"))
    assert sheet.returncode == 0, sheet.stderr
    assert "people" in sheet.stdout and "successions" in sheet.stdout


def test_the_same_demonstration_again_loads_nothing_and_another_is_refused(loaded: Path) -> None:
    again = crossline(loaded, "demo", "--scale", "tiny", "--seed", "5", "--no-serve")
    assert again.returncode == 0
    assert "loaded already" in again.stderr
    other = crossline(loaded, "demo", "--scale", "tiny", "--seed", "6", "--no-serve")
    assert other.returncode == 1
    assert "CROSSLINE_HOME" in other.stderr


def test_a_delivery_that_is_not_there_is_refused_in_a_sentence(loaded: Path) -> None:
    done = crossline(loaded, "intake", "/nowhere/at/all")
    assert done.returncode == 1
    assert "does not exist; give the folder or .zip" in done.stderr


def test_wrong_words_exit_with_two_and_say_where_help_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["nonsense"])
    assert exit_.value.code == 2
    assert "see 'crossline --help'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["demo"], ["export"], ["comms", "successions"], ["resolve"]])
def test_help_has_an_example(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    assert "Example:\n  crossline" in capsys.readouterr().out
