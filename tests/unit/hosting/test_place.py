"""Folders for the server: private, short enough for a socket, and never somebody else's."""

import os
import stat
from pathlib import Path

import pytest

from crossline.hosting.account import Account
from crossline.hosting.place import (
    LONGEST_SOCKET_FOLDER,
    Place,
    forget_socket_folder,
    is_closed_folder_of,
    make_socket_folder,
)

US = Account(name="us", uid=os.geteuid(), gid=os.getegid(), borrowed=False)


@pytest.fixture
def deep(tmp_path: Path) -> Place:
    folder = tmp_path / ("long " * 20)
    folder.mkdir()
    return Place(folder, US)


def test_a_short_path_keeps_the_socket_beside_the_data(tmp_path: Path) -> None:
    fits = len(str(tmp_path / "socket")) <= LONGEST_SOCKET_FOLDER
    assert (make_socket_folder(Place(tmp_path, US), tmp_path / "note") == tmp_path / "socket") == fits
    forget_socket_folder(tmp_path / "note")


def test_a_comma_would_end_the_hosts_name(tmp_path: Path) -> None:
    (tmp_path / "a,b").mkdir()
    folder = make_socket_folder(Place(tmp_path / "a,b", US), tmp_path / "note")
    assert "," not in str(folder)
    forget_socket_folder(tmp_path / "note")


def test_a_folder_elsewhere_is_private_noted_used_again_and_taken_away(deep: Place, tmp_path: Path) -> None:
    note = tmp_path / "note"
    folder = make_socket_folder(deep, note)
    assert len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER
    assert is_closed_folder_of(folder, os.geteuid())
    assert make_socket_folder(deep, note) == folder
    forget_socket_folder(note)
    assert not folder.exists()
    assert not note.exists()


def test_a_noted_folder_that_others_can_enter_is_not_used_again(deep: Place, tmp_path: Path) -> None:
    note = tmp_path / "note"
    first = make_socket_folder(deep, note)
    first.chmod(0o755)
    second = make_socket_folder(deep, note)
    assert second != first
    first.rmdir()
    forget_socket_folder(note)


def test_a_link_a_file_and_anothers_folder_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("")
    assert is_closed_folder_of(tmp_path / "real", os.geteuid())
    assert not is_closed_folder_of(tmp_path / "real", os.geteuid() + 1)
    assert not is_closed_folder_of(tmp_path / "link", os.geteuid())
    assert not is_closed_folder_of(tmp_path / "file", os.geteuid())
    assert not is_closed_folder_of(tmp_path / "absent", os.geteuid())


def test_a_folder_of_the_server_is_closed_even_if_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    assert stat.S_IMODE(Place(tmp_path, US).make_folder("data").stat().st_mode) == 0o700
