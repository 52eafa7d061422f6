"""Reading the truth that a simulation writes beside its deliveries."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from crossline.errors import FileUnreadable

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "people": ("person_id", "agency", "ref", "key"),
        "line_numbers": ("line_id", "number"),
        "line_mentions": ("line_id", "agency", "ref", "key"),
        "successions": ("old_number", "new_number", "date", "line_id", "observed"),
        "overlaps": ("left_agency", "left_ref", "right_agency", "right_ref", "kind"),
        "concerns": ("agency", "ref", "key", "person_id", "reason"),
    }
)
"""The files that are read, and the columns each must have."""

YES: Final = frozenset({"yes", "true", "1"})


class TruthFolder:
    """A truth/ folder. Checked whole before anything is compared, so that nobody waits for half a score sheet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise FileUnreadable(f"{folder} is not a folder; give the truth/ folder that crossline simulate wrote.")
        for table in COLUMNS:
            self._check(table)

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """The rows of one file."""
        with self._path(table).open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.csv"

    def _check(self, table: str) -> None:
        path = self._path(table)
        if not path.is_file():
            raise FileUnreadable(
                f"{path} is missing; give the truth/ folder that crossline simulate wrote, with all its files."
            )
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        for column in COLUMNS[table]:
            if column not in header:
                raise FileUnreadable(
                    f"{path} has no column {column}; give the truth/ folder that crossline simulate wrote."
                )
