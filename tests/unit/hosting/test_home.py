"""Where the home is, how it is laid out, and what of the disk is left alone."""

import os
import stat
from pathlib import Path

import pytest

from crossline.errors import InstallationError
from crossline.hosting.home import Home, resolve_home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"CROSSLINE_HOME": "/srv/centre", "XDG_DATA_HOME": "/data"}, Path("/srv/centre")),
        ({"XDG_DATA_HOME": "/data"}, Path("/data/crossline")),
        ({"CROSSLINE_HOME": "", "XDG_DATA_HOME": ""}, Path.home() / ".local" / "share" / "crossline"),
        ({"CROSSLINE_HOME": "here"}, Path.cwd() / "here"),
        ({"CROSSLINE_HOME": "~/centre"}, Path.home() / "centre"),
    ],
)
def test_the_home_is_the_first_place_named(environment: dict[str, str], expected: Path) -> None:
    assert resolve_home(environment).root == expected


def test_a_new_home_is_private_with_private_folders(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home").make()
    assert mode(home.root) == (0o711 if os.geteuid() == 0 else 0o700)
    assert {mode(folder) for folder in (home.keys, home.communications, home.run)} == {0o700}
    assert not home.database.exists()


def test_an_existing_home_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o750)
    assert mode(Home(tmp_path / "home").make().root) == 0o750


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(InstallationError, match="is not a folder: set CROSSLINE_HOME"):
        Home(tmp_path / "home").make()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InstallationError, match=r"file/home cannot be made .*: set CROSSLINE_HOME"):
        Home(tmp_path / "file" / "home").make()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_anothers_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    os.chown(tmp_path / "home", 65534, 65534)
    with pytest.raises(InstallationError, match="belongs to another account"):
        Home(tmp_path / "home").make()
    assert not (tmp_path / "home" / "keys").exists()
