"""Opening a delivery: a folder or a .zip of one; workbooks stand in for the CSV files."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crossline.errors import DeliveryRefused
from crossline.records.intake.marking import marked_above
from crossline.records.intake.soundness import ABOVE_CEILING, LONGEST_REF, in_reach
from crossline.records.intake.workbooks import with_workbooks

HEADER, REPORTS = "delivery.json", "reports.jsonl"
LARGEST_UNPACKED = 20 * 2**30
"""Bytes a .zip may unpack to; [D] ten times a nation's communications data."""


@dataclass(frozen=True)
class Opened:
    """A delivery on disk, its header read. `digest` is the same for the same bytes in the same files."""

    folder: Path
    agency: str
    ref: str
    made_at: datetime
    digest: str

    def table(self, name: str) -> Path | None:
        """The CSV file of this name, if it is there."""
        path = self.folder / f"{name}.csv"
        return path if path.exists() else None

    @property
    def reports(self) -> Path | None:
        """reports.jsonl, if it is there."""
        path = self.folder / REPORTS
        return path if path.exists() else None

    @property
    def communications(self) -> list[Path]:
        """The folders of communications data sets, `comms` or `comms-*`."""
        return sorted(
            p for p in self.folder.iterdir() if p.is_dir() and (p.name == "comms" or p.name.startswith("comms-"))
        )

    def unread(self, tables: Iterable[str]) -> list[str]:
        """Names of what lies in the delivery and is none of its files: a slip of the sender's, who has to be told."""
        known = {HEADER, REPORTS, *(f"{name}.csv" for name in tables), *(path.name for path in self.communications)}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in known)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a delivery for the length of the block. Raises DeliveryRefused with one sentence."""
    if not path.exists():
        raise DeliveryRefused(f"{path} does not exist; give the folder or .zip of a delivery.")
    with tempfile.TemporaryDirectory(prefix="crossline-delivery-") as scratch:
        sent = _unpacked(path, Path(scratch) / "unpacked") if path.is_file() else path
        agency, ref, made_at = _header(sent, shown_as=path)
        yield Opened(with_workbooks(sent, Path(scratch) / "sheets"), agency, ref, made_at, _digest(sent))


def _unpacked(path: Path, target: Path) -> Path:
    if not zipfile.is_zipfile(path):
        raise DeliveryRefused(f"{path} is neither a folder nor a .zip; send the delivery as one of those.")
    target.mkdir()
    try:
        _unpack(path, target)
    except DeliveryRefused:
        raise
    except Exception as error:  # a damaged or locked archive makes zipfile raise almost anything
        raise DeliveryRefused(
            f"{path} cannot be unpacked ({error}); pack the folder again, without a password."
        ) from error
    entries = list(target.iterdir())
    if len(entries) == 1 and entries[0].is_dir() and not (target / HEADER).exists():
        return entries[0]
    return target


def _unpack(path: Path, target: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
            raise DeliveryRefused(f"{path} unpacks to more than {LARGEST_UNPACKED // 2**30} GiB; send it in parts.")
        for item in archive.infolist():
            destination = (target / item.filename).resolve()
            if not destination.is_relative_to(target.resolve()):
                raise DeliveryRefused(
                    f"{path} holds a file that would land outside the delivery; pack the folder again."
                )
        archive.extractall(target)


def _header(folder: Path, *, shown_as: Path) -> tuple[str, str, datetime]:
    path = folder / HEADER
    if not path.exists():
        raise DeliveryRefused(f"{shown_as} has no {HEADER}; add one with agency, ref and made_at.")
    try:
        header: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        if marked_above(header):
            raise DeliveryRefused(f"{shown_as}/{HEADER}: {ABOVE_CEILING}")
        agency, ref, made_at = header["agency"], header["ref"], datetime.fromisoformat(header["made_at"])
        if not (isinstance(agency, str) and isinstance(ref, str) and agency and 0 < len(ref.encode()) <= LONGEST_REF):
            raise TypeError
        if "\0" in agency + ref or not agency.isascii():
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise DeliveryRefused(
            f'{shown_as}/{HEADER} cannot be read; write it as {{"agency": "kent", "ref": "KENT-2026-031", "made_at": '
            '"2026-03-02T14:10:00+00:00"}.'
        ) from error
    try:
        return agency, ref, in_reach(made_at)
    except ValueError as error:
        raise DeliveryRefused(f"{shown_as}/{HEADER}: made_at {error}") from error


def _digest(folder: Path) -> str:
    """Of the files as they were sent, before any workbook is read: so a folder and a .zip of it are the same."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            whole.update(f"{path.relative_to(folder).as_posix()}\0{digest}\n".encode())
        except UnicodeEncodeError as error:
            raise DeliveryRefused(
                f"{folder} holds a file whose name is not UTF-8, {path.name!r}; rename it."
            ) from error
    return whole.hexdigest()
