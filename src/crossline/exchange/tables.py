"""The rows of each export, from what the viewer sees: values typed, in the order of the contract's columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import all_overlaps
from crossline.engines.priority.score import LinePriority
from crossline.entities.clusters import People, people
from crossline.entities.victims import victims
from crossline.exchange.catalogue import COLUMNS, What
from crossline.exchange.masking import Masking
from crossline.exchange.mentions import Without, concern_rows, mention_rows
from crossline.lines.priorities import priorities
from crossline.lines.register import RegisterLine, register
from crossline.lines.rows import Succession
from crossline.operations.campaigns import campaigns_of, national_table
from crossline.picture.figures import figures
from crossline.picture.flows import flows
from crossline.vocabulary.codes import MentionKind

Value = str | int | float | Decimal | date | datetime | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """What is exported: its name, its columns and its rows, which may be read once."""

    what: What
    columns: tuple[str, ...]
    rows: Iterator[Row]


def table(what: What, viewpoint: Viewpoint, without: Without = (), *, masking: Masking) -> Table:
    """The table of an export for a viewpoint. Rows come as they are read, within the viewpoint's transaction.

    `without`: records whose own rows are left out. A count of many records, such as a figure, still counts them.
    `masking`: whose names and numbers stand in no row. Most tables name nobody and give references only.
    """
    if what in _NAMING:
        return Table(what, COLUMNS[what], _NAMING[what](viewpoint, without, masking))
    return Table(what, COLUMNS[what], _ROWS[what](viewpoint, without))


def joined(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return ";".join(values)


def line_row(line: RegisterLine, known: People, suffering: frozenset[str], priority: LinePriority | None) -> Row:
    """One line as `export lines` gives it; no score where the line is closed, and so has no priority."""
    return (
        line.id,
        line.name,
        str(line.status),
        line.first_seen,
        line.last_seen,
        exporting_agency(line),
        joined(line.importing_agencies),
        joined([use.number for use in line.group.numbers]),
        joined(sorted({known.of(str(holder)) for holder in line.holders} - suffering)),
        *((None, None, None) if priority is None else (priority.score, priority.score_low, priority.score_high)),
        None if priority is None else priority.rank,
    )


def exporting_agency(line: RegisterLine) -> str:
    """The one most returns name, the newest of those where returns disagree; blank where none names one."""
    named = [agency for row in line.returns if (agency := str(row.detail.get("exporting_agency") or ""))]
    return Counter(named).most_common(1)[0][0] if named else ""  # returns are newest first, and ties keep that order


def _lines_without(viewpoint: Viewpoint, without: Without) -> Iterator[RegisterLine]:
    """The lines as the other records say they are; one that no other record knows is left out."""
    for line in register(viewpoint).lines:
        rows = tuple(row for row in line.rows if row.record not in without)
        if rows:
            yield line if len(rows) == len(line.rows) else replace(line, rows=rows)


def _lines(viewpoint: Viewpoint, without: Without) -> Iterator[Row]:
    known, ranked = people(viewpoint), priorities(viewpoint).of_line
    for line in _lines_without(viewpoint, without):
        yield line_row(line, known, victims(viewpoint), ranked.get(line.id))


def _line_numbers(viewpoint: Viewpoint, without: Without, masking: Masking) -> Iterator[Row]:
    """A line's own numbers, and those put forward: until somebody confirms one, it may be nobody's line and a victim's own."""
    for line in _lines_without(viewpoint, without):
        for use in line.group.all_numbers:
            withheld = masking.of_value("phone", use.number) if use.is_put_forward else None
            yield line.id, withheld or use.number, use.from_date, use.to_date, str(use.basis)


def best_successions(viewpoint: Viewpoint) -> list[Succession]:
    """Each pair of numbers once: two sets of call records may show the same change, and the stronger finding stands."""
    best: dict[tuple[str, str], Succession] = {}
    for found in register(viewpoint).successions:
        pair = (found.old, found.new)
        if pair not in best or found.score > best[pair].score:
            best[pair] = found
    return sorted(best.values(), key=lambda each: (each.date, each.old, each.new))


def _successions(viewpoint: Viewpoint, without: Without, masking: Masking) -> Iterator[Row]:
    for found in (each for each in best_successions(viewpoint) if each.record not in without):
        old, new = (masking.of_value("phone", number) or number for number in (found.old, found.new))
        yield old, new, found.date, found.score, found.detail.get("shared_contacts")


def _overlaps(viewpoint: Viewpoint, without: Without, masking: Masking) -> Iterator[Row]:
    known = people(viewpoint)
    pairs = [pair for pair in all_overlaps(viewpoint).pairs if not {pair.left.record, pair.right.record} & set(without)]
    for each in sorted(pairs, key=lambda pair: (pair.kind, pair.left, pair.right)):
        left, right = each.left, each.right
        is_person = each.scheme == MentionKind.PERSON
        entity = known.of(str(left.mention))
        withheld = masking.of_person(entity) if is_person else masking.of_value(each.scheme, each.value)
        value = withheld or each.value
        yield left.agency, left.ref, right.agency, right.ref, str(each.kind), each.scheme, value


def _priorities(viewpoint: Viewpoint, _: Without) -> Iterator[Row]:
    for each in sorted(priorities(viewpoint).of_line.values(), key=lambda priority: (priority.rank, priority.line)):
        yield each.line, each.rank, each.rank_low, each.rank_high, each.risk, each.vulnerability, each.opportunity


def _returns(viewpoint: Viewpoint, _: Without) -> Iterator[Row]:
    for campaign in reversed(campaigns_of(viewpoint)):
        table_ = national_table(viewpoint, campaign.first_day)
        for row in table_.rows if table_ else ():
            unit, reporting = str(row.metric.unit), joined(row.reporting)
            missing = (
                joined(row.missing) if table_ and table_.whole else ""
            )  # only who sees every return knows who sent none
            yield campaign.id, row.metric.code, row.value, unit, reporting, missing, str(row.status)


def _figures(viewpoint: Viewpoint, _: Without) -> Iterator[Row]:
    for each in figures(viewpoint):
        yield (
            each.id,
            each.definition,
            each.version,
            each.period,
            each.area,
            each.value,
            each.numerator,
            each.denominator,
            each.note,
        )


def _flows(viewpoint: Viewpoint, _: Without) -> Iterator[Row]:
    for pair in flows(viewpoint).pairs:
        yield pair.exporting, pair.importing, pair.count


def _of_kind(kind: MentionKind) -> Callable[[Viewpoint, Without], Iterator[Row]]:
    return lambda viewpoint, without: mention_rows(viewpoint, kind, without)


_ROWS: Final[Mapping[What, Callable[[Viewpoint, Without], Iterator[Row]]]] = MappingProxyType(
    {
        What.PEOPLE: _of_kind(MentionKind.PERSON),
        What.PHONES: _of_kind(MentionKind.PHONE),
        What.ADDRESSES: _of_kind(MentionKind.ADDRESS),
        What.VEHICLES: _of_kind(MentionKind.VEHICLE),
        What.LINES: _lines,
        What.PRIORITIES: _priorities,
        What.CONCERNS: concern_rows,
        What.RETURNS: _returns,
        What.FIGURES: _figures,
        What.FLOWS: _flows,
    }
)

_NAMING: Final[Mapping[What, Callable[[Viewpoint, Without, Masking], Iterator[Row]]]] = MappingProxyType(
    {What.LINE_NUMBERS: _line_numbers, What.SUCCESSIONS: _successions, What.OVERLAPS: _overlaps}
)
"""Those that say a name, a number or an address, and so are masked."""
