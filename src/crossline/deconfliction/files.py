"""Checking a file of values at once: read row by row, asked in one statement, allowed by a second person where it is long."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.approvals import Act, ask, use
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.checking import Answered, Asked, Why, ask_checks
from crossline.deconfliction.models import Check
from crossline.deconfliction.rules import FILE_ROWS, FILE_ROWS_ALONE
from crossline.errors import FileUnreadable, TooMuchAtOnce, UserError

COLUMNS: Final = ("scheme", "value")
LARGEST: Final = 8_000_000
"""Bytes of a file: far more than its most rows need."""


@dataclass(frozen=True)
class FileRow:
    """A row of the file: its place, what stood there, and what was wrong with it or which value it is."""

    row: int
    scheme: str
    value: str
    texts: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class CheckFile:
    """A file that was read. Rows that mean the same are asked about once."""

    rows: Sequence[FileRow]
    digest: str

    @property
    def asked(self) -> dict[tuple[str, ...], Asked]:
        found: dict[tuple[str, ...], Asked] = {}
        for each in self.rows:
            if each.texts:
                found.setdefault(each.texts, Asked(each.scheme, each.value, each.texts))
        return found


@dataclass(frozen=True)
class FileAnswer:
    """What came of a file: each row with its answer, or the request that a second person has to allow first."""

    rows: Sequence[tuple[FileRow, Answered | None]] = field(default_factory=tuple)
    waits_for: UUID | None = None


def read_check_file(path: Path) -> CheckFile:
    """A CSV file with the columns scheme and value. A row that cannot be read says why and stops no other."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileUnreadable(
                f"{path} is larger than {LARGEST:,} bytes: give up to {FILE_ROWS:,} rows of scheme and value."
            )
        content = path.read_bytes()
        rows = list(_rows(content.decode("utf-8-sig"), path))
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read ({error.strerror}): give a CSV file.") from error
    except UnicodeDecodeError:
        raise FileUnreadable(f"{path} is not in UTF-8: save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise FileUnreadable(f"{path} is no CSV file ({error}): save it as CSV in UTF-8.") from None
    if not rows:
        raise FileUnreadable(f"{path} holds no row: give the columns scheme and value, and a row for each value.")
    return CheckFile(rows, hashlib.sha256(content).hexdigest())


def check_file(*, file: CheckFile, why: Why, viewpoint: Viewpoint, approval: UUID | None = None) -> FileAnswer:
    """Ask about every value of a file. Where it needs a second person and has none yet, the request for one is made instead."""
    asked = file.asked
    if not asked:
        raise UserError("No row of the file can be read, so nothing was asked: see what is wrong with each.")
    about = f"a file of values, {file.digest[:32]}, for {why.operation.strip()}"
    if approval is None and len(asked) + _asked_in_files(viewpoint) > FILE_ROWS_ALONE:
        made = ask(act=Act.BULK_CHECK, about=about, rows=len(asked), reason=why.purpose, viewpoint=viewpoint)
        return FileAnswer(waits_for=made.id)
    if approval is not None:
        use(approval=approval, act=Act.BULK_CHECK, about=about, rows=len(asked), viewpoint=viewpoint)
    answered = ask_checks(asked=list(asked.values()), why=why, viewpoint=viewpoint, approval=approval)
    by_texts = {each.asked.texts: each for each in answered}
    return FileAnswer([(row, by_texts.get(row.texts)) for row in file.rows])


def as_rows(answer: FileAnswer) -> Iterator[tuple[str | int, ...]]:
    """As a table: row, scheme, value, number, agencies, contacts, categories, sure, problem."""
    for row, answered in answer.rows:
        told = answered.told if answered else ()
        yield (
            *(row.row, row.scheme, row.value, answered.number if answered else ""),
            ";".join(each.agency for each in told),
            ";".join(each.contact for each in told),
            ";".join(each.category for each in told),
            ";".join(str(each.verdict or "") for each in told),
            row.problem,
        )


ANSWER_COLUMNS: Final = ("row", "scheme", "value", "number", "agencies", "contacts", "categories", "sure", "problem")


def _asked_in_files(viewpoint: Viewpoint) -> int:
    """How many rows of files the viewer has asked about alone within a day."""
    rows = Check.objects.filter(asked_by_id=str(viewpoint.viewer.person_id), in_file=True, approval=None)
    return viewpoint.visible(rows.filter(asked_at__gt=timezone.now() - timedelta(days=1))).count()


def _rows(text: str, path: Path) -> Iterator[FileRow]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise FileUnreadable(
            f"{path} has no column {' and no column '.join(missing)}: its first row names the columns."
        )
    for number, row in enumerate(reader, start=1):
        if number > FILE_ROWS:
            raise TooMuchAtOnce(f"{path} has more than {FILE_ROWS:,} rows: give it in parts.")
        yield _row(number, row)


def _row(number: int, row: Mapping[str, str | None]) -> FileRow:
    scheme, value = ((row[name] or "").strip() for name in COLUMNS)
    try:
        asked = Asked.read(scheme.casefold(), value)
    except UserError as error:
        return FileRow(number, scheme, value, problem=str(error))
    return FileRow(number, asked.scheme, asked.value, asked.texts)
