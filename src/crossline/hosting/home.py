"""The home folder: the one place on disk that holds an installation (CROSSLINE_HOME), and how it is laid out.

<home>/
  database/         the embedded PostgreSQL, when there is no DATABASE_URL
  communications/   communications data as Parquet
  keys/             passwords and secrets, 0600 in a 0700 folder
  identity-providers.toml  agencies' own sign-in, where the operator has written it (hosting/identity_providers.py)
  disposals.jsonl   what was disposed of, so that a restored backup disposes again (records/retention/journal.py)
  checkpoints.jsonl the audit's signed checkpoints, as they are given out (access/sealing.py)
  run/              locks and the marks of running processes
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import InstallationError


@dataclass(frozen=True)
class Home:
    """An installation's folder. `root` is absolute; the folders under it exist after `make`."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "database"

    @property
    def communications(self) -> Path:
        return self.root / "communications"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints.jsonl"

    @property
    def disposals(self) -> Path:
        return self.root / "disposals.jsonl"

    @property
    def identity_providers(self) -> Path:
        return self.root / "identity-providers.toml"

    def make(self) -> "Home":
        """Make what is missing, refuse what belongs to another account, and never change what stood there before."""
        if not self.root.exists():
            self._make_root()
        self._refuse_anothers()
        for folder in (self.communications, self.keys, self.run):
            self._make_private(folder)
        return self

    def _make_root(self) -> None:
        # Root's server runs under an unprivileged account, which has to pass through the home to its own folder;
        # it can list nothing here, and keys/ and communications/ stay closed to it.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=mode, exist_ok=True)
            self.root.chmod(mode)
        except OSError as error:
            raise InstallationError(
                f"The folder {self.root} cannot be made ({error.strerror}): "
                "set CROSSLINE_HOME to a folder that you may write in."
            ) from error

    def _refuse_anothers(self) -> None:
        if not self.root.is_dir():
            raise InstallationError(
                f"{self.root} is not a folder: set CROSSLINE_HOME to a folder that you may write in."
            )
        if self.root.stat().st_uid != os.geteuid():
            raise InstallationError(
                f"The folder {self.root} belongs to another account: run Crossline as its owner, "
                "or set CROSSLINE_HOME to a folder of your own."
            )

    @staticmethod
    def _make_private(folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise InstallationError(
                f"The folder {folder} cannot be made ({error.strerror}): "
                "set CROSSLINE_HOME to a folder that you may write in."
            ) from error


def resolve_home(environment: Mapping[str, str] | None = None) -> Home:
    """CROSSLINE_HOME, else `crossline` in $XDG_DATA_HOME, else in ~/.local/share. Makes nothing."""
    values = os.environ if environment is None else environment
    if chosen := values.get("CROSSLINE_HOME"):
        return Home(Path(chosen).expanduser().absolute())
    if shared := values.get("XDG_DATA_HOME"):
        return Home(Path(shared).expanduser().absolute() / "crossline")
    try:
        return Home(Path.home() / ".local" / "share" / "crossline")
    except RuntimeError as error:
        raise InstallationError(
            "This account has no home folder: set CROSSLINE_HOME to a folder to keep data in."
        ) from error
