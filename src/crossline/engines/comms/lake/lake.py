"""A lake of call records: kept as the analyses read them, added to by day, put together by month, forgotten by authorisation.

What stands in a lake follows from the rows it holds and from which months were put together, never from the order in which they
came: adding day by day, all at once or a day twice gives the same bytes. Decision 0021 says why it is laid out so.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, executor
from crossline.engines.comms.lake.derived import derive_day, rebuild
from crossline.engines.comms.lake.events import ARRIVED, merge_day, merge_month, names_arrive, use_anew, without
from crossline.engines.comms.lake.files import (
    Manifest,
    day_folders,
    held,
    is_lake,
    month_folders,
    month_span,
    read_manifest,
    write_manifest,
)
from crossline.engines.comms.lake.loading import Delivery, authority_id, delivery_of, stage
from crossline.engines.comms.load_report import LoadReport
from crossline.errors import FileUnreadable

_WORKING = ".working-"
_DAYS_ONE_BY_ONE = 5  # of more days at once everything is derived anew, which costs as much


@dataclass(frozen=True)
class Added:
    """What became of a delivery: whether the lake held it already, its rows as the lake counts them (one for each end)."""

    known: bool
    rows: int
    report: LoadReport | None = None  # of a records.csv: what was refused, and why


def add(
    root: Path, path: Path, authorisation: Authorisation | None = None, *, limits: Limits = STANDARD_LIMITS
) -> Added:
    """Take a records.csv or a dataset into the lake, which is made if there is none. The same delivery again changes nothing."""
    with writing(root, limits) as (connection, working):
        manifest = read_manifest(root)
        delivery = delivery_of(path, authorisation)
        if delivery.content in manifest.deliveries:
            return Added(known=True, rows=int(manifest.deliveries[delivery.content]["rows"]))
        rows, report = stage(connection, delivery, working)
        if rows:
            take_in(connection, root, working / "rows")
        write_manifest(root, _listed(read_manifest(root), delivery, rows))
        return Added(known=False, rows=rows, report=report)


def take_in(connection: duckdb.DuckDBPyConnection, root: Path, rows: Path, *, together: Collection[str] = ()) -> None:
    """Rows that stand by day in `rows`, and the names in arriving_name and arriving_cell, into the lake and what is derived.

    `together`: months ("2026-01") that are put together at once, as a large first load is.
    """
    days = sorted(int(folder.name[4:]) for folder in rows.glob("day=*"))
    newest = _newest(root)
    names_arrive(connection, root)
    write_manifest(root, replace(read_manifest(root), derived=False))
    months = {folder.name for folder in month_folders(root)} | set(together)
    late: dict[str, list[int]] = {}
    for day in days:
        month = _month(day)
        if month in months:
            late.setdefault(month, []).append(day)
        else:
            merge_day(connection, root, day, rows / f"day={day}")
    for month, which in late.items():
        merge_month(connection, root, month, [rows / f"day={day}" for day in which])
    if late or (newest is not None and days[0] < newest) or len(days) > _DAYS_ONE_BY_ONE:
        rebuild(connection, root)
    else:
        for day in days:
            derive_day(connection, root, day)
    (root / ARRIVED).unlink(missing_ok=True)
    write_manifest(root, replace(read_manifest(root), derived=True))


def compact(root: Path, *, before: date | None = None, limits: Limits = STANDARD_LIMITS) -> list[str]:
    """Put the days of each month that ended before this day (or before the newest held) together; gives which months."""
    with writing(root, limits) as (connection, _):
        newest = _newest(root)
        if newest is None:
            return []
        end = before or _date(newest)
        months = sorted({folder.name[:7] for folder in day_folders(root) if folder.name[:7] < f"{end:%Y-%m}"})
        manifest = read_manifest(root)
        if months:
            write_manifest(root, replace(manifest, derived=False))
        for month in months:
            merge_month(connection, root, month, [])
        write_manifest(root, manifest)
        return months


def expire(root: Path, *, agency: str, ref: str, limits: Limits = STANDARD_LIMITS) -> int:
    """Delete every row held under this authorisation, and all that was derived from it; gives how many rows."""
    manifest = read_manifest(root)
    authority = authority_id(agency, ref)
    if str(authority) not in manifest.authorisations:
        msg = f"{root}: holds nothing under {ref} of {agency}; name an authorisation that stands in its lake.json."
        raise FileUnreadable(msg)
    return _forget(root, f"authorisation = {authority}", authority=str(authority), limits=limits)


def withdraw(root: Path, content: str, *, limits: Limits = STANDARD_LIMITS) -> int:
    """Delete every row of one delivery, named by the hash of its content; gives how many rows."""
    manifest = read_manifest(root)
    if content not in manifest.deliveries:
        msg = f"{root}: holds no delivery {content}; name one that stands in its lake.json."
        raise FileUnreadable(msg)
    return _forget(root, f"delivery = {int(content[:16], 16) >> 1}", content=content, limits=limits)


def _forget(root: Path, which: str, *, authority: str = "", content: str = "", limits: Limits) -> int:
    with writing(root, limits) as (connection, _):
        manifest = read_manifest(root)
        write_manifest(root, replace(manifest, derived=False))
        forgotten = without(connection, root, which)
        rebuild(connection, root)
        kept = {
            name: said
            for name, said in manifest.deliveries.items()
            if name != content and (not authority or said["authorisation"] != authority)
        }
        needed = {said["authorisation"] for said in kept.values()}
        authorisations = {name: said for name, said in manifest.authorisations.items() if name in needed}
        write_manifest(root, Manifest(kept, authorisations, derived=True))
        return forgotten


def _listed(manifest: Manifest, delivery: Delivery, rows: int) -> Manifest:
    authority = str(delivery.authority)
    authorisations = dict(manifest.authorisations)
    if (said := delivery.authorisation) is not None:
        authorisations[authority] = {"agency": said.agency, "ref": said.ref, "expires": said.expires.isoformat()}
    deliveries = manifest.deliveries | {delivery.content: {"authorisation": authority, "rows": rows}}
    return Manifest(deliveries, authorisations, manifest.derived)


@contextmanager
def writing(root: Path, limits: Limits) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """The lake to oneself, whole: what a command that ended early left is put right first."""
    if root.exists() and not is_lake(root) and any(root.iterdir()):
        msg = f"{root}: is no lake and not empty; give a lake, or a folder that does not exist yet."
        raise FileUnreadable(msg)
    with held(root):
        for left in root.glob(f"{_WORKING}*"):
            shutil.rmtree(left)
        if not is_lake(root):
            write_manifest(root, Manifest())
        working = Path(tempfile.mkdtemp(prefix=_WORKING, dir=root))
        try:
            with executor(limits, spill=working) as connection:
                manifest = read_manifest(root)
                if not manifest.derived:
                    _put_right(connection, root)
                    write_manifest(root, replace(manifest, derived=True))
                yield connection, working
        finally:
            shutil.rmtree(working, ignore_errors=True)


def _put_right(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Whatever a command did before it ended early: months that it began are finished, and all is derived from the rows."""
    months = {folder.name for folder in month_folders(root)}
    for month in sorted(months & {folder.name[:7] for folder in day_folders(root)}):
        merge_month(connection, root, month, [])
    use_anew(connection, root)
    rebuild(connection, root)


def _newest(root: Path) -> int | None:
    days, months = day_folders(root), month_folders(root)
    ends = [(date.fromisoformat(days[-1].name) - date(1970, 1, 1)).days] if days else []
    ends += [month_span(months[-1].name)[1]] if months else []
    return max(ends, default=None)


def _month(day: int) -> str:
    return f"{_date(day):%Y-%m}"


def _date(day: int) -> date:
    return date.fromordinal(day + date(1970, 1, 1).toordinal())
