"""The launcher, with real environments but nothing to install: a copy of it stands in a folder of its own, with a space."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[3] / "crossline"
SHELL_TOOLS = ("dirname", "readlink", "cat", "cksum", "ls", "mkdir", "rm")


def make_checkout(root: Path) -> Path:
    """A repository that needs no package and whose command says what it was given."""
    (root / "requirements").mkdir(parents=True)
    for name in ("base", "dev", "uv"):
        (root / "requirements" / f"{name}.txt").write_text("# nothing\n")
    (root / "src" / "crossline").mkdir(parents=True)
    (root / "src" / "crossline" / "__main__.py").write_text(
        "import os, sys\nsys.stdout.write(repr((sys.argv[1:], os.environ.get('CROSSLINE_HOME'))))\n"
    )
    shutil.copy(LAUNCHER, root / "crossline")
    return root


def launch(checkout: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a copy of the launcher with a home of its own and little else in the environment."""
    home = checkout.parent / "home"
    home.mkdir(exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).resolve().parent), "/usr/bin", "/bin"])
    return subprocess.run(
        [shutil.which("bash") or "/bin/bash", str(checkout / "crossline"), *words],
        env={"PATH": path, "HOME": str(home), "UV_OFFLINE": "1", "PIP_NO_INDEX": "1", **environment},
        cwd=checkout.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return make_checkout(tmp_path / "a clone")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """A checkout that has been started once, and how that went."""
    root = make_checkout(tmp_path_factory.mktemp("launcher") / "a clone")
    return root, launch(root, "demo", "--port", "80 81")


@pytest.fixture
def moved(made: tuple[Path, object], tmp_path: Path) -> Path:
    """The same, moved with its environment to another folder."""
    shutil.copytree(made[0], tmp_path / "moved", symlinks=True)
    return tmp_path / "moved"


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


def test_the_first_start_makes_the_environment(made: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    root, first = made
    assert (first.returncode, first.stdout) == (0, "(['demo', '--port', '80 81'], None)"), first.stderr
    assert "Making the environment (once)" in first.stderr
    assert (root / ".venv" / "bin" / "python").exists()


def test_later_starts_say_nothing(made: tuple[Path, object]) -> None:
    later = launch(made[0], "--help")
    assert (later.returncode, later.stdout, later.stderr) == (0, "(['--help'], None)", "")


def test_two_first_starts_at_once_make_one_environment(checkout: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda word: launch(checkout, word), ("one", "two")))
    assert [run.returncode for run in done] == [0, 0], [run.stderr for run in done]
    assert sum("Making the environment" in run.stderr for run in done) == 1


def test_a_moved_clone_and_changed_requirements_are_installed_again(moved: Path) -> None:
    for change in ("", "# something else\n"):
        (moved / "requirements" / "base.txt").write_text(change)
        again = launch(moved, "two")
        assert (again.returncode, again.stdout) == (0, "(['two'], None)")
        assert "Installing" in again.stderr
        assert "Making" not in again.stderr
        assert launch(moved, "three").stderr == ""


def test_a_home_that_cannot_be_written_to_puts_data_beside_the_code(made: tuple[Path, object], tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    run = launch(made[0], "two", HOME=str(tmp_path / "a file"))
    assert run.stdout == f"(['two'], {str(made[0] / 'var')!r})"
    assert "set CROSSLINE_HOME" in run.stderr
    chosen = launch(made[0], "three", HOME=str(tmp_path / "a file"), CROSSLINE_HOME="/somewhere")
    assert (chosen.stdout, chosen.stderr) == ("(['three'], '/somewhere')", "")


def test_a_folder_that_is_no_environment_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear")
    run = launch(checkout, "one", CROSSLINE_ENV=str(tmp_path / "mine"))
    assert run.returncode == 1
    assert "set CROSSLINE_ENV to another folder" in run.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter"]


def test_a_machine_without_python_is_told_what_to_install(checkout: Path, tools: Path) -> None:
    run = launch(checkout, "one", PATH=str(tools))
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "crossline: Python 3.11 or later is needed and there is none on the PATH: install it, then run this again.\n"
    )


def test_an_old_python_is_named(checkout: Path, tools: Path) -> None:
    program(tools / "python3", "exit 1")
    run = launch(checkout, "one", PATH=str(tools))
    assert run.stderr == (
        f"crossline: Python 3.11 or later is needed and {tools}/python3 is older: install a newer one, then run this again.\n"
    )


def test_a_python_without_ensurepip_is_told_the_package(checkout: Path, tools: Path) -> None:
    program(tools / "python3", f'case "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"')
    run = launch(checkout, "one", PATH=str(tools))
    assert run.returncode == 1
    assert "apt install python3-venv" in run.stderr
    assert run.stderr.count("\n") == 1


def test_checks_that_fail_are_named_and_fail_the_tests(moved: Path) -> None:
    launch(moved, "one")
    stamp = moved / ".venv" / ".crossline"
    stamp.write_text(stamp.read_text().replace("base", "dev", 1))
    program(moved / ".venv" / "bin" / "just", 'echo "$3"; [ "$3" != unit ]')
    run = launch(moved, "test")
    assert run.returncode == 1
    assert run.stdout.split() == ["check", "unit", "journey"]
    assert run.stderr.strip() == "crossline: these did not pass: unit."
