"""Exporting what a viewer sees: written aside, audited in the reading transaction, and only then given out."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.utils import timezone

from crossline.access.approvals import Act, Standing
from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UsageError, UserError
from crossline.exchange.catalogue import CONTENT_TYPES, Format, Wanted, What, wanted
from crossline.exchange.follow_the_money import write_ftm
from crossline.exchange.geojson import write_geojson
from crossline.exchange.graphml import write_graphml
from crossline.exchange.i2 import write_i2
from crossline.exchange.masking import WHOLE, Masking, masking, naming
from crossline.exchange.network import Network
from crossline.exchange.plain_formats import write_csv, write_json
from crossline.exchange.stamp import Stamp, stamp
from crossline.exchange.stix import write_stix
from crossline.exchange.tables import Row, Table, table
from crossline.exchange.workbook import write_xlsx
from crossline.records.restriction import standing
from crossline.vocabulary.codes import MentionKind

IN_MEMORY: Final = 8 * 1024 * 1024
"""An export larger than this waits on disk, not in memory."""

_ABOUT: Final[Mapping[What, MentionKind]] = MappingProxyType(
    {
        What.PEOPLE: MentionKind.PERSON,
        What.PHONES: MentionKind.PHONE,
        What.ADDRESSES: MentionKind.ADDRESS,
        What.VEHICLES: MentionKind.VEHICLE,
        What.LINES: MentionKind.LINE,
    }
)
_NETWORK_WRITERS: Final[Mapping[Format, Callable[[Network, BinaryIO, Stamp], int]]] = MappingProxyType(
    {Format.GRAPHML: write_graphml, Format.STIX: write_stix, Format.FTM: write_ftm, Format.I2: write_i2}
)
_TABLE_WRITERS: Final[Mapping[Format, Callable[[Table, BinaryIO, Stamp], int]]] = MappingProxyType(
    {Format.CSV: write_csv, Format.JSON: write_json, Format.GEOJSON: write_geojson, Format.XLSX: write_xlsx}
)


@dataclass(frozen=True)
class Prepared:
    """An export that is written and audited but not yet given out. `file` stands at its beginning; whoever takes it closes it.

    Given out after the viewpoint's transaction has ended, nothing leaves without its audit row being kept.
    """

    file: BinaryIO
    file_name: str
    content_type: str
    rows: int


def prepare(
    what: str,
    format: str,  # noqa: A002  # the word of the contract
    viewpoint: Viewpoint,
    *,
    only: Collection[str] | None = None,
    with_restricted: bool = False,
    victims_named: bool = False,
    purpose: str = "export",
    recipients: str = "",
    allowed: Callable[[int], Standing | None] = lambda rows: None,
) -> Prepared:
    """Write an export aside and audit it. Raises UsageError where there is no such export.

    `only`: the rows whose first column is one of these, which is how a page exports the selection it shows. Tables only.
    `allowed` is told how many rows there are, gives the approval that was used for them if one was, and raises where they may
    not be given out. Records whose use is restricted are left out unless `with_restricted` says otherwise, and the audit keeps
    how many. Victims are masked in what a person exports; `victims_named` needs an approval for that, whatever the size. The
    local administrator's exports are whole: the machine's own tools read them. `recipients`: for whom it is, which the file's
    stamp and the audit say.
    """
    asked = wanted(what, format)
    whole = viewpoint.viewer.is_administrator or victims_named
    withheld = WHOLE
    if asked.names_people and not viewpoint.viewer.is_administrator:
        withheld = naming(viewpoint) if victims_named else masking(viewpoint)
    marked = stamp(str(asked.what), viewpoint.viewer, recipients, timezone.now())
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # closed by whoever takes it
    try:
        without = frozenset[UUID]() if with_restricted else frozenset(standing(viewpoint))
        rows = _write(asked, viewpoint, file, only, without=without, withheld=withheld, marked=marked)
        used = allowed(rows)
        if victims_named:
            _refuse_alone(viewpoint, used)
        detail: dict[str, object] = {"format": str(asked.format), "rows": rows, "selection": only is not None}
        detail |= {"victims_named": asked.names_people and whole, **_under(used)}
        detail |= {"restricted_left_out": len(without), "recipients": marked.recipients, "number": marked.number}
        detail |= _fingerprint(file)
        log(Event.EXPORTED, by=viewpoint.viewer, about=Subject("export", str(asked.what), detail), purpose=purpose)
    except BaseException:
        file.close()
        raise
    return Prepared(file, asked.file_name(marked.number), CONTENT_TYPES[asked.format], rows)


def export(
    what: str,
    format: str,  # noqa: A002  # the word of the contract
    viewpoint: Viewpoint,
    out: Path | None,
    *,
    only: Collection[str] | None = None,
    purpose: str = "export",
) -> int:
    """Write an export to a file, or to standard output where `out` is None. Gives how many rows, features or objects.

    The file appears whole or not at all, readable by its owner only.
    """
    return give_out(prepare(what, format, viewpoint, only=only, purpose=purpose), out)


def give_out(prepared: Prepared, out: Path | None) -> int:
    """Put a prepared export where it was asked for: after the transaction that audited it, so a broken pipe undoes nothing."""
    with prepared.file as file:
        if out is None:
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            _put(file, out)
    return prepared.rows


def _refuse_alone(viewpoint: Viewpoint, used: Standing | None) -> None:
    """Nobody names victims alone: the approval has to be for that, and used for this."""
    if not viewpoint.viewer.is_administrator and (used is None or used.approval.act != Act.UNMASK_VICTIMS):
        raise NotPermitted("Victims are named only once a second person has allowed it.")


def _under(used: Standing | None) -> dict[str, str]:
    return {} if used is None else {"approval": str(used.approval.id), "allowed_by": used.decided_by}


def _write(
    asked: Wanted,
    viewpoint: Viewpoint,
    file: BinaryIO,
    only: Collection[str] | None,
    *,
    without: frozenset[UUID],
    withheld: Masking,
    marked: Stamp,
) -> int:
    if asked.format in _NETWORK_WRITERS:
        if only is not None:
            raise UsageError(f"A selection cannot be written as {asked.format}; choose a table, or export everything.")
        network = Network(viewpoint, _ABOUT[asked.what], without, masking=withheld)
        return _NETWORK_WRITERS[asked.format](network, file, marked)
    rows = table(asked.what, viewpoint, without, masking=withheld)
    if only is not None:
        rows = replace(rows, rows=_among(rows.rows, frozenset(only)))
    return _TABLE_WRITERS[asked.format](rows, file, marked)


def _fingerprint(file: BinaryIO) -> dict[str, object]:
    """What tells this very file from any other, should it be found where it ought not to be. Leaves it at its beginning."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _among(rows: Iterator[Row], only: frozenset[str]) -> Iterator[Row]:
    return (row for row in rows if row[0] in only)


def _put(file: BinaryIO, out: Path) -> None:
    """Beside the place first, then into it, so that nobody reads half an export."""
    try:
        handle, beside = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise UserError(
            f"{out} cannot be written ({error.strerror}); give a file in a folder that you may write in."
        ) from error
    try:
        with os.fdopen(handle, "wb") as target:
            shutil.copyfileobj(file, target)
        Path(beside).replace(out)
    except OSError as error:
        raise UserError(
            f"{out} cannot be written ({error.strerror}); give a file in a folder that you may write in."
        ) from error
    finally:
        with suppress(FileNotFoundError):
            Path(beside).unlink()
