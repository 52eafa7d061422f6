"""The first line of a records.csv: which columns are there, in what order, parted by what."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from crossline.engines.comms.executor import literal
from crossline.errors import FileUnreadable

NEEDED = ("start", "type", "from", "to")
OPTIONAL = ("duration_s", "from_imei", "from_imsi", "from_cell", "to_cell", "to_imei", "to_imsi")
_READ_AT_ONCE = 1 << 20
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Layout:
    """How to read one file: its separator, its columns in order (ours by name), and the columns nobody knows."""

    path: Path
    separator: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def struct(self) -> str:
        """Every column as text, for DuckDB's CSV reader."""
        return "{" + ", ".join(f"{literal(column)}: 'VARCHAR'" for column in self.columns) + "}"

    def selection(self, *, bare: bool = False) -> str:
        """Our columns, trimmed, blank as NULL; NULL where the file lacks an optional one. `bare`: there is nothing to trim."""
        return ", ".join(
            f'{_quoted(column) if bare else _trimmed(column)} AS "{column}"'
            if column in self.columns
            else f'CAST(NULL AS VARCHAR) AS "{column}"'
            for column in (*NEEDED, *OPTIONAL)
        )


def read_layout(path: Path) -> Layout:
    """The layout of a file, or one sentence on what its first line lacks."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline(1_000_000)
    except OSError as error:
        msg = f"{path}: cannot be opened ({error.strerror}); give the path of a records.csv."
        raise FileUnreadable(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: row 1 is not UTF-8 text; save the file again as UTF-8 CSV."
        raise FileUnreadable(msg) from error
    if not header.strip():
        msg = f"{path}: the file is empty; its first row must name the columns start, type, from and to."
        raise FileUnreadable(msg)
    separator = max(_SEPARATORS, key=lambda sign: len(_known(_names(header, sign))))
    names = _names(header, separator)
    for column in NEEDED:
        if names.count(column) != 1:
            found = "is missing" if column not in names else "is there twice"
            msg = f"{path}: row 1: column {column} {found}; a file of call records needs start, type, from and to."
            raise FileUnreadable(msg)
    known = _known(names)
    # A second column of one name, or one of nobody's, is read past and reported.
    columns = tuple(
        name if name in known and names.index(name) == place else f"column {place + 1}"
        for place, name in enumerate(names)
    )
    unknown = tuple(name or f"column {place + 1}" for place, name in enumerate(names) if columns[place] != name)
    return Layout(path, separator, columns, unknown)


def is_bare(path: Path) -> bool:
    """Whether a file is ASCII with no space and no empty quotation, so that no value can be blank or need trimming."""
    with path.open("rb") as file:
        before = b""
        while block := file.read(_READ_AT_ONCE):
            if not block.isascii() or b" " in block or b'""' in before + block:
                return False
            before = block[-1:]
    return True


def _quoted(column: str) -> str:
    return f'"{column}"'


def _trimmed(column: str) -> str:
    return f"nullif(trim(\"{column}\"), '')"


def _names(header: str, separator: str) -> list[str]:
    return [name.strip().casefold() for name in next(csv.reader([header.strip("\r\n")], delimiter=separator), [])]


def _known(names: list[str]) -> set[str]:
    return set(names) & {*NEEDED, *OPTIONAL}
