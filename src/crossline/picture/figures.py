"""The figures of the national picture, each counted from rows the viewer may see and leading back to what was counted.

Stocks are as of the newest visible record; months and financial years stand as their own periods. No clock: the same rows
give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Max

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import investigation_overlaps
from crossline.lines.register import RegisterLine, register
from crossline.picture.definitions import in_force
from crossline.picture.flows import flows
from crossline.picture.homicides import homicide_years
from crossline.picture.people_counted import people_counted
from crossline.picture.series import monthly_series
from crossline.records.generation import Kept
from crossline.records.models import Record
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.codes import LineStatus, RecordKind

NATIONAL: Final = "national"
"""The area of a figure that is of no one force."""
PART_OF_IT: Final = "Counted from the records that this viewer may see."


@dataclass(frozen=True)
class CountedFrom:
    """What a figure leads to: a page by its name in the address book, and the selection on it."""

    page: str
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Figure:
    """One figure. `value` None: there is nothing to make it of. `area` is NATIONAL or an agency id."""

    id: str
    label: str
    definition: str
    version: str
    period: str
    area: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    note: str
    counted_from: CountedFrom


@dataclass(frozen=True)
class _Maker:
    """Makes figures of one viewpoint, with its period and standing note."""

    as_of: str
    note: str

    def figure(
        self,
        name: str,
        counted: CountedFrom,
        *,
        value: Decimal | int | None,
        part: int | None = None,
        whole: int | None = None,
        period: str = "",
        area: str = NATIONAL,
        note: str = "",
    ) -> Figure:
        definition = in_force(name, _first_day(period))
        return Figure(
            id=name,
            label=definition.label,
            definition=definition.sentence,
            version=definition.version,
            period=period or self.as_of,
            area=area,
            value=None if value is None else Decimal(value),
            numerator=part,
            denominator=whole,
            note=" ".join(said for said in (note, definition.caveat, self.note) if said),
            counted_from=counted,
        )

    def count(self, name: str, number: int, counted: CountedFrom, *, of: int | None = None, note: str = "") -> Figure:
        """A figure that is a number of things, perhaps out of others."""
        return self.figure(name, counted, value=number, part=number, whole=of, note=note)


def _figures(viewpoint: Viewpoint) -> tuple[Figure, ...]:
    make = _Maker(as_of=_as_of(viewpoint), note="" if viewpoint.audiences is None else PART_OF_IT)
    return (
        *_of_lines(viewpoint, make),
        *_of_records(viewpoint, make),
        *_of_months(viewpoint, make),
        *_of_forces(viewpoint, make),
        *_of_homicides(viewpoint, make),
    )


figures: Kept[tuple[Figure, ...]] = Kept(_figures)
"""Every figure of a viewpoint, kept while the store stands still."""


def figure(viewpoint: Viewpoint, name: str, *, area: str = NATIONAL) -> Figure | None:
    """The latest figure of a definition for an area."""
    found = [each for each in figures(viewpoint) if each.id == name and each.area == area]
    return max(found, key=lambda each: each.period, default=None)


def _of_lines(viewpoint: Viewpoint, make: _Maker) -> Iterator[Figure]:
    lines = register(viewpoint).lines
    by_status = {status: [line for line in lines if line.status == status] for status in LineStatus}
    closed = sum(len(found) for status, found in by_status.items() if status.is_closed)
    yield make.count("lines_in_register", len(lines), CountedFrom("lines"))
    for status, found in by_status.items():
        whole = closed if status.is_closed else len(lines)
        yield make.count(f"lines_{status}", len(found), CountedFrom("lines", (("status", str(status)),)), of=whole)
    placed = [line for line in lines if not line.status.is_closed and _is_placed(line)]
    external = [line for line in placed if set(line.importing_agencies) - set(line.exporting_agencies)]
    yield make.count("lines_external", len(external), CountedFrom("lines"), of=len(placed))
    numbers = {use.number for line in lines for use in line.group.all_numbers}
    per_line = f"{len(numbers) / len(lines):.2f} numbers a line." if lines else ""
    yield make.count("deal_numbers", len(numbers), CountedFrom("lines"), of=len(lines), note=per_line)


def _of_records(viewpoint: Viewpoint, make: _Maker) -> Iterator[Figure]:
    counted = people_counted(viewpoint)
    yield make.count("people_with_lines", counted.with_lines, CountedFrom("search"), of=counted.mentioned)
    yield make.count("people_put_forward", counted.put_forward, CountedFrom("concerns"))
    ages = f"{counted.age_not_known:,} more ask for an age to be found out." if counted.age_not_known else ""
    children = counted.children_put_forward
    yield make.count("children_put_forward", children, CountedFrom("concerns"), of=counted.put_forward, note=ages)
    open_, returned = _investigations(viewpoint)
    yield make.count("investigations_open", open_, _records(RecordKind.INVESTIGATION), of=returned)
    yield make.count("investigation_overlaps", len(investigation_overlaps(viewpoint).pairs), CountedFrom("overlaps"))
    owners = viewpoint.visible(Record.objects.filter(source="reports")).values_list("owner_id", flat=True).distinct()
    known = {force.id for force in forces()}
    yield make.count("agencies_reporting", len(known & set(owners)), CountedFrom("records"), of=len(known))


def _of_months(viewpoint: Viewpoint, make: _Maker) -> Iterator[Figure]:
    for name, series in monthly_series(viewpoint).items():
        whole = len(forces()) if name == "agencies_reporting" else None
        page = CountedFrom("lines" if name.startswith("lines") else "records")
        for point in series.points:
            number = None if point.value is None else int(point.value)
            said = "Provisional: the month is not over." if point.provisional else ""
            period = f"{point.month:%Y-%m}"
            yield make.figure(name, page, value=number, part=number, whole=whole, period=period, note=said)


def _of_forces(viewpoint: Viewpoint, make: _Maker) -> Iterator[Figure]:
    found = flows(viewpoint)
    exporters = len({line for force in found.forces.values() for line in force.exporting})
    importers = len({line for force in found.forces.values() for line in force.importing})
    for force in found.forces.values():
        page = CountedFrom("lines", (("agency", force.agency),))
        for name, lines, whole in (
            ("lines_exported", force.exporting, exporters),
            ("lines_imported", force.importing, importers),
        ):
            yield make.figure(name, page, value=len(lines), part=len(lines), whole=whole, area=force.agency)


def _of_homicides(viewpoint: Viewpoint, make: _Maker) -> Iterator[Figure]:
    page = _records(RecordKind.HOMICIDE)
    for each in homicide_years(viewpoint):
        unknown = f"Not known of {each.unknown:,} of {each.number:,}"
        said = f"{unknown}: {each.least} % if none of those were linked, {each.most} % if all were."
        for name, share, whole, note in (
            ("drug_linked_homicide_share", each.share, each.known, said),
            ("drug_linked_homicide_share_of_all", each.least, each.number, f"{unknown}."),
        ):
            yield make.figure(name, page, value=share, part=each.linked, whole=whole, period=each.year, note=note)


def _investigations(viewpoint: Viewpoint) -> tuple[int, int]:
    """(not closed, all), by the newest visible return of each."""
    rows = viewpoint.visible(Record.objects.filter(kind=RecordKind.INVESTIGATION)).order_by("revision")
    newest = {(owner, ref): detail for owner, ref, detail in rows.values_list("owner_id", "ref", "detail")}
    closed = sum(
        1 for detail in newest.values() if detail.get("closed") or str(detail.get("status")).casefold() == "closed"
    )
    return len(newest) - closed, len(newest)


def _records(kind: RecordKind) -> CountedFrom:
    return CountedFrom("records", (("kind", str(kind)),))


def _is_placed(line: RegisterLine) -> bool:
    return bool(line.exporting_agencies and line.importing_agencies)


def _as_of(viewpoint: Viewpoint) -> str:
    # What our own engines found is made when they ran, not when anything was recorded.
    sent = viewpoint.visible(Record.objects.exclude(kind=RecordKind.FINDING))
    newest = sent.aggregate(newest=Max("made_at"))["newest"]
    return "" if newest is None else str(newest.date().isoformat())


def _first_day(period: str) -> date | None:
    """The first day of a month (2026-03) or a financial year (2014/15); None for a stock."""
    if len(period) != len("2026-03"):
        return None
    return date(int(period[:4]), 4, 1) if "/" in period else date.fromisoformat(f"{period}-01")
