"""The launcher, with real environments but nothing to install: a copy of it stands in a folder of its own, with a space."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[3] / "crossline"
SHELL_TOOLS = ("dirname", "readlink", "cat", "cksum", "ls", "mkdir", "rm")
Launch = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository that needs no package and whose command says what it was given."""
    root = tmp_path / "a clone"
    (root / "requirements").mkdir(parents=True)
    for name in ("base", "dev", "uv"):
        (root / "requirements" / f"{name}.txt").write_text("# nothing\n")
    (root / "src" / "crossline").mkdir(parents=True)
    (root / "src" / "crossline" / "__main__.py").write_text(
        "import os, sys\nsys.stdout.write(repr((sys.argv[1:], os.environ.get('CROSSLINE_HOME'))))\n"
    )
    shutil.copy(LAUNCHER, root / "crossline")
    return root


@pytest.fixture
def launch(checkout: Path, tmp_path: Path) -> Launch:
    """Run the copy with an empty home and no more than PATH in the environment."""
    (tmp_path / "home").mkdir()

    def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        path = os.pathsep.join([str(Path(sys.executable).resolve().parent), "/usr/bin", "/bin"])
        return subprocess.run(
            [shutil.which("bash") or "/bin/bash", str(checkout / "crossline"), *words],
            env={"PATH": path, "HOME": str(tmp_path / "home"), "UV_OFFLINE": "1", "PIP_NO_INDEX": "1", **environment},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH without any Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in SHELL_TOOLS:
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return folder


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_first_start_makes_the_environment_and_the_second_uses_it(launch: Launch, checkout: Path) -> None:
    first = launch("demo", "--port", "80 81")
    assert (first.returncode, first.stdout) == (0, "(['demo', '--port', '80 81'], None)"), first.stderr
    assert "Making the environment (once)" in first.stderr
    assert (checkout / ".venv" / "bin" / "python").exists()
    second = launch("--help")
    assert (second.returncode, second.stdout, second.stderr) == (0, "(['--help'], None)", "")


def test_two_first_starts_at_once_make_one_environment(launch: Launch) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(launch, ("one", "two")))
    assert [run.returncode for run in done] == [0, 0], [run.stderr for run in done]
    assert sum("Making the environment" in run.stderr for run in done) == 1


def test_changed_requirements_and_a_moved_clone_are_installed_again(launch: Launch, checkout: Path) -> None:
    assert launch("one").returncode == 0
    (checkout / "requirements" / "base.txt").write_text("# something else\n")
    again = launch("two")
    assert "Installing" in again.stderr
    assert "Making" not in again.stderr
    assert launch("three").stderr == ""


def test_a_home_that_cannot_be_written_to_puts_data_beside_the_code(launch: Launch, checkout: Path) -> None:
    launch("one")
    (checkout / "a file").write_text("no folder")
    run = launch("two", HOME=str(checkout / "a file"))
    assert run.stdout == f"(['two'], {str(checkout / 'var')!r})"
    assert "set CROSSLINE_HOME" in run.stderr
    chosen = launch("three", HOME=str(checkout / "a file"), CROSSLINE_HOME="/somewhere")
    assert (chosen.stdout, chosen.stderr) == ("(['three'], '/somewhere')", "")


def test_a_folder_that_is_no_environment_is_left_alone(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear")
    run = launch("one", CROSSLINE_ENV=str(tmp_path / "mine"))
    assert run.returncode == 1
    assert "set CROSSLINE_ENV to another folder" in run.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter"]


def test_a_machine_without_python_is_told_what_to_install(launch: Launch, tools: Path) -> None:
    run = launch("one", PATH=str(tools))
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "crossline: Python 3.11 or later is needed and there is none on the PATH: install it, then run this again.\n"
    )


def test_an_old_python_is_named(launch: Launch, tools: Path) -> None:
    program(tools / "python3", "exit 1")
    run = launch("one", PATH=str(tools))
    assert run.stderr == (
        f"crossline: Python 3.11 or later is needed and {tools}/python3 is older: install a newer one, then run this again.\n"
    )


def test_a_python_without_ensurepip_is_told_the_package(launch: Launch, tools: Path) -> None:
    program(tools / "python3", f'case "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"')
    run = launch("one", PATH=str(tools))
    assert run.returncode == 1
    assert "apt install python3-venv" in run.stderr
    assert run.stderr.count("\n") == 1


def test_failed_checks_fail_the_tests_and_are_named(launch: Launch, checkout: Path) -> None:
    launch("one")
    (checkout / ".venv" / ".crossline").write_text(
        (checkout / ".venv" / ".crossline").read_text().replace("base", "dev", 1)
    )
    program(checkout / ".venv" / "bin" / "just", 'echo "$3"; [ "$3" != unit ]')
    run = launch("test")
    assert run.returncode == 1
    assert run.stdout.split() == ["check", "unit", "journey"]
    assert run.stderr.strip() == "crossline: these did not pass: unit."
