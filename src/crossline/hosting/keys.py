"""The keys folder: the installation's identity, session secret and database passwords, each made once at random."""

import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import InstallationError
from crossline.hosting.home import Home
from crossline.hosting.locks import held_alone

DATABASE_FILE = "database.json"
SESSION_FILE = "secret_key"
SEAL_FILE = "audit_seal"
SECOND_FACTOR_FILE = "second_factor"
PROVIDER_FILE = "identity_provider"
DECONFLICTION_FILE = "deconfliction"


@dataclass(frozen=True)
class DatabaseKeys:
    """What database.json holds. `installation` is 8 hex digits that name this installation's login roles."""

    installation: str
    passwords: Mapping[str, str]

    def __repr__(self) -> str:
        return f"DatabaseKeys(installation={self.installation!r}, passwords for {sorted(self.passwords)})"


def database_keys(home: Home, kinds: tuple[str, ...]) -> DatabaseKeys:
    """The installation's database passwords, one for each kind asked for, made where missing."""
    path = home.keys / DATABASE_FILE
    with held_alone(home.keys / ".lock"):
        kept = _read(path)
        passwords = dict(kept.passwords) if kept else {}
        missing = [kind for kind in kinds if kind not in passwords]
        if kept and not missing:
            return kept
        passwords |= {kind: secrets.token_urlsafe(32) for kind in missing}
        made = DatabaseKeys(kept.installation if kept else secrets.token_hex(4), passwords)
        contents = {"installation": made.installation, "passwords": passwords}
        write_private(path, json.dumps(contents, indent=2, sort_keys=True) + "\n")
    return made


def secret_key(home: Home) -> str:
    """The key that signs sessions, when CROSSLINE_SECRET_KEY is not set."""
    path = home.keys / SESSION_FILE
    with held_alone(home.keys / ".lock"):
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48) + "\n")
        return path.read_text(encoding="ascii").strip()


def seal_key(home: Home) -> bytes:
    """The private Ed25519 key, 32 bytes, that signs the audit's checkpoints. Made once: verifying tells of any other."""
    path = home.keys / SEAL_FILE
    with held_alone(home.keys / ".lock"):
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError as error:
            raise InstallationError(
                f"{path} is damaged: put it back from a backup, the audit is sealed with it."
            ) from error
    return key


def second_factor_key(home: Home) -> str:
    """64 hex digits: the key under which second factors lie in the database. Without it everybody sets up theirs anew."""
    path = home.keys / SECOND_FACTOR_FILE
    with held_alone(home.keys / ".lock"):
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        key = path.read_text(encoding="ascii").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise InstallationError(
            f"{path} is damaged: put it back from a backup, second factors cannot be read without it."
        )
    return key


def deconfliction_key(home: Home) -> str:
    """64 hex digits: the key of the tokens that checks and pointers are looked up by. Another one makes all pointers anew."""
    path = home.keys / DECONFLICTION_FILE
    with held_alone(home.keys / ".lock"):
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        key = path.read_text(encoding="ascii").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise InstallationError(
            f"{path} is damaged: put it back from a backup, checks that stand cannot be met without it."
        )
    return key


def provider_secret(home: Home, agency: str) -> str:
    """The secret by which an agency's identity provider knows Crossline: a file that the operator puts here."""
    path = home.keys / f"{PROVIDER_FILE}_{agency}"
    try:
        private = not stat.S_IMODE(path.stat().st_mode) & 0o077
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"{path} cannot be read: write the client secret into it that the identity provider of {agency} gave."
        ) from error
    if not private:
        raise InstallationError(f"{path} can be read by other accounts: take that right away (chmod 600).")
    if not secret:
        raise InstallationError(
            f"{path} is empty: write the client secret into it that the identity provider of {agency} gave."
        )
    return secret


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _read(path: Path) -> DatabaseKeys | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return DatabaseKeys(
            str(kept["installation"]), {str(kind): str(word) for kind, word in kept["passwords"].items()}
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InstallationError(
            f"{path} is damaged: put it back from a backup, the database cannot be opened without it."
        ) from error
