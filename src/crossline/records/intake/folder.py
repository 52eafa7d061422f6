"""Opening a delivery: a folder or a .zip of one; workbooks stand in for the CSV files."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from crossline.errors import DeliveryRefused

HEADER = "delivery.json"
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
        path = self.folder / "reports.jsonl"
        return path if path.exists() else None

    @property
    def communications(self) -> list[Path]:
        """The folders of communications data sets, `comms` or `comms-*`."""
        return sorted(
            p for p in self.folder.iterdir() if p.is_dir() and (p.name == "comms" or p.name.startswith("comms-"))
        )


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a delivery for the length of the block. Raises DeliveryRefused with one sentence."""
    if not path.exists():
        raise DeliveryRefused(f"{path} does not exist; give the folder or .zip of a delivery.")
    with tempfile.TemporaryDirectory(prefix="crossline-delivery-") as scratch:
        folder = _unpacked(path, Path(scratch)) if path.is_file() else path
        folder = _with_workbooks(folder, Path(scratch) / "sheets")
        agency, ref, made_at = _header(folder, shown_as=path)
        yield Opened(folder, agency, ref, made_at, _digest(path if path.is_dir() else folder))


def _unpacked(path: Path, scratch: Path) -> Path:
    if not zipfile.is_zipfile(path):
        raise DeliveryRefused(f"{path} is neither a folder nor a .zip; send the delivery as one of those.")
    target = scratch / "unpacked"
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
    entries = list(target.iterdir())
    if len(entries) == 1 and entries[0].is_dir() and not (target / HEADER).exists():
        return entries[0]
    return target


def _with_workbooks(folder: Path, scratch: Path) -> Path:
    """The folder itself, or a copy of links beside the sheets of its workbooks written as CSV."""
    books = sorted(folder.glob("*.xlsx"))
    if not books:
        return folder
    scratch.mkdir(parents=True)
    for entry in folder.iterdir():
        if entry.suffix != ".xlsx":
            (scratch / entry.name).symlink_to(entry.resolve())
    for book in books:
        workbook = load_workbook(book, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            target = scratch / f"{sheet.title.strip().lower()}.csv"
            if target.exists():
                raise DeliveryRefused(
                    f"{book.name} repeats {target.name}, which is there already; send one of the two."
                )
            with target.open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                for values in sheet.iter_rows(values_only=True):
                    if any(value is not None for value in values):
                        writer.writerow(["" if value is None else _cell(value) for value in values])
    return scratch


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _header(folder: Path, *, shown_as: Path) -> tuple[str, str, datetime]:
    path = folder / HEADER
    if not path.exists():
        raise DeliveryRefused(f"{shown_as} has no {HEADER}; add one with agency, ref and made_at.")
    try:
        header: Any = json.loads(path.read_text(encoding="utf-8"))
        agency, ref, made_at = header["agency"], header["ref"], datetime.fromisoformat(header["made_at"])
        if not (isinstance(agency, str) and isinstance(ref, str) and agency and ref):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeliveryRefused(
            f'{shown_as}/{HEADER} cannot be read; write it as {{"agency": "kent", "ref": "KENT-2026-031", "made_at": '
            '"2026-03-02T14:10:00+00:00"}.'
        ) from error
    if made_at.tzinfo is None:
        raise DeliveryRefused(f"{shown_as}/{HEADER}: made_at has no offset; write it as 2026-03-02T14:10:00+00:00.")
    return agency, ref, made_at


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{digest}\n".encode())
    return whole.hexdigest()
