"""The engines straight on files, with no database: `crossline comms successions` and `crossline comms profiles`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from crossline.engines.comms.events import Progress, quiet
from crossline.engines.comms.profiles import SCHEMA as PROFILE_SCHEMA
from crossline.engines.comms.profiles import profiles
from crossline.engines.comms.successions import successions
from crossline.errors import FileUnreadable

SUCCESSION_COLUMNS = ("old_number", "new_number", "date", "score", "shared_contacts")
PROFILE_COLUMNS = tuple(name for name in PROFILE_SCHEMA.names if name != "method")


def successions_file(paths: Sequence[Path], out: Path | None, *, progress: Progress = quiet) -> int:
    """Write the number changes found in these records as CSV, to a file or to standard output; gives how many."""
    return _write(successions(paths, progress=progress).to_pylist(), SUCCESSION_COLUMNS, out)


def profiles_file(paths: Sequence[Path], out: Path | None, *, progress: Progress = quiet) -> int:
    """Write the profile of every number in these records as CSV, to a file or to standard output; gives how many."""
    return _write(profiles(paths, progress=progress).to_pylist(), PROFILE_COLUMNS, out)


def _write(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], out: Path | None) -> int:
    if out is None:
        _rows_to(sys.stdout, rows, columns)
        return len(rows)
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            _rows_to(file, rows, columns)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        msg = f"{out}: cannot be written ({error.strerror}); name a file in a folder that exists and that you may write to."
        raise FileUnreadable(msg) from error
    return len(rows)


def _rows_to(file: TextIO, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_shown(row[column]) for column in columns] for row in rows)


def _shown(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return "" if value is None else value
