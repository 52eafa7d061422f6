"""The journal of disposals: a line for each record that went, on disk before it went, so that a restored backup disposes again.

Lines hold ids, times and words of closed lists, never content. A line is written and synchronised inside the transaction
of the disposal, as its last act: should the machine fail before the commit, the next start completes what was decided.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from crossline.errors import InstallationError
from crossline.hosting.locks import held_alone

LONGEST_LINE: Final = 4_096
"""Bytes: longer than any line."""


@dataclass(frozen=True)
class Disposed:
    """One record that went: what its tombstone says, and the folder of communications data that went with it."""

    record: UUID
    owner: str
    kind: str
    rule: str
    ground: str
    decided_by: str
    decided_at: datetime
    confirmed_by: str
    disposed_at: datetime
    folder: str = ""


@dataclass(frozen=True)
class Journal:
    """The journal's files. The first is the installation's own; others are kept apart from its backups."""

    files: tuple[Path, ...]

    def append(self, lines: Sequence[Disposed]) -> None:
        """Write lines to every file and have the disk keep them."""
        text = b"".join(json.dumps(asdict(line), default=_plain, sort_keys=True).encode() + b"\n" for line in lines)
        for path in self.files:
            with held_alone(path.with_name(f".{path.name}.lock")), path.open("ab") as file:
                file.truncate(_whole_length(path))
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _keep_name(path.parent)

    def entries(self) -> list[Disposed]:
        """Every disposal that any of the files knows, each once, in the order they were made."""
        found: dict[UUID, Disposed] = {}
        for path in self.files:
            for number, line in enumerate(_lines(path), start=1):
                try:
                    entry = _read(line)
                except (ValueError, KeyError, TypeError) as error:
                    raise InstallationError(
                        f"{path}, line {number}, is not a disposal ({error}): put back the file as it was, "
                        "because without it a restored record could be shown again."
                    ) from error
                found.setdefault(entry.record, entry)
        return sorted(found.values(), key=lambda entry: (entry.disposed_at, entry.record))


def _keep_name(folder: Path) -> None:
    """Have the disk keep that the file is there, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(value: UUID | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(line: bytes) -> Disposed:
    said = json.loads(line)
    times = {name: datetime.fromisoformat(said[name]) for name in ("decided_at", "disposed_at")}
    return Disposed(**said | times | {"record": UUID(said["record"])})


def _lines(path: Path) -> list[bytes]:
    """The whole lines of a file. What a crash left of a line was never committed, and is passed over."""
    return path.read_bytes()[: _whole_length(path)].splitlines() if path.exists() else []


def _whole_length(path: Path) -> int:
    """Up to where a file consists of whole lines; only its end is looked at."""
    size = path.stat().st_size
    begin = max(0, size - LONGEST_LINE)
    with path.open("rb") as file:
        file.seek(begin)
        return begin + file.read().rfind(b"\n") + 1
