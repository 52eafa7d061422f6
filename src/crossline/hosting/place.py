"""Where the embedded server keeps its data, log and socket: folders that its account reaches and nobody else enters.

As an ordinary user that is <home>/database. As root, the server's account must be able to pass every folder above its
own; where it cannot (a home under /root), the server's folder is /var/lib/crossline/<installation> instead. We never
open a folder that was closed.
"""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import InstallationError
from crossline.hosting.account import Account
from crossline.hosting.home import Home

# A socket's whole path has 103 bytes on macOS and 107 on Linux, of which "/.s.PGSQL.5432" is 14.
LONGEST_SOCKET_FOLDER = 85
SYSTEM_STATE = (Path("/var/lib"), Path("/var/db"))


@dataclass(frozen=True)
class Place:
    """The server's own folder: data/, server.log, and socket/ where its path is short enough."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def make_folder(self, name: str) -> Path:
        """A closed folder of the server's account, empty or as it was."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        self.account.give(folder)
        return folder


def find_place(home: Home, account: Account, installation: str) -> Place:
    """The folder that has this installation's data already, else the first one that the server's account can reach."""
    in_home = Place(home.database, account)
    if not account.borrowed:
        home.database.mkdir(mode=0o700, exist_ok=True)
        return in_home
    outside = Place(shared_state() / installation, account)
    if not outside.data.exists() and account.can_enter(home.root):
        _make_passable(in_home.folder)
        if account.can_enter(in_home.folder):
            return in_home
    shelf()
    _make_passable(outside.folder)
    return outside


def shared_state() -> Path:
    """The folder for what root's servers keep, such as /var/lib/crossline."""
    parent = next((folder for folder in SYSTEM_STATE if folder.is_dir()), SYSTEM_STATE[0])
    return parent / "crossline"


def shelf() -> Path:
    """The same folder, made if need be, and refused if anybody but root could have put things into it."""
    folder = shared_state()
    _make_passable(folder)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != 0 or facts.st_mode & 0o022:
        raise InstallationError(f"{folder} is not a folder that only root can change: put it right or move it away.")
    return folder


def make_socket_folder(place: Place, remembered: Path) -> Path:
    """A folder that only the server's account enters, with a path short enough for a socket.

    `remembered` is the file in which a folder outside the server's own is noted, so that it is used again.
    """
    usual = place.folder / "socket"
    # libpq reads a comma in a host as the end of one host's name.
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_FOLDER and "," not in str(usual):
        return place.make_folder("socket")
    if remembered.exists():
        noted = Path(remembered.read_text(encoding="utf-8").strip())
        if is_closed_folder_of(noted, place.account.uid):
            return noted
    # An unpredictable name, made by us alone: another user of the machine cannot have been there first.
    folder = Path(tempfile.mkdtemp(prefix="crossline-", dir="/tmp"))
    place.account.give(folder)
    remembered.write_text(f"{folder}\n", encoding="utf-8")
    return folder


def forget_socket_folder(remembered: Path) -> None:
    """Take away a folder under /tmp once its server has stopped."""
    if remembered.exists():
        folder = Path(remembered.read_text(encoding="utf-8").strip())
        remembered.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def is_closed_folder_of(folder: Path, uid: int) -> bool:
    """Is this a real folder (no link) of that account which nobody else may enter?"""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == uid and stat.S_IMODE(facts.st_mode) == 0o700


def _make_passable(folder: Path) -> None:
    """Make a folder that can be passed but not listed. One that is there already stays as it is."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except OSError as error:
        raise InstallationError(
            f"The folder {folder} for the database cannot be made ({error.strerror}): "
            "set CROSSLINE_HOME to a folder that every account may pass through, or run Crossline as an ordinary user."
        ) from error
    folder.chmod(0o711)
