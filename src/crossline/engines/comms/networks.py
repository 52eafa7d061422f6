"""Numbers into lines, lines into networks, and what the other phones did: tables in, tables out, nothing decided.

An intelligence lead, not evidence. Customers are counted and never listed; a role says what a phone did, never who somebody is;
rows stand in order of line and number, so that nothing here ranks people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from crossline.engines.comms.events import Progress, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits
from crossline.engines.comms.line_chains import found_numbers
from crossline.engines.comms.line_events import (
    STANDARD_NETWORKS,
    NetworkSettings,
    Placed,
    direct_calls,
    handsets_of,
    period_roles,
    place_lines,
    spread_of,
    whole_roles,
)
from crossline.engines.comms.line_links import LineLink, link_lines, networks_of
from crossline.engines.comms.line_numbers import LineNumber, names_by_id
from crossline.engines.comms.local_days import Period
from crossline.engines.comms.roles import ContactRole
from crossline.engines.comms.shared_customers import overlaps

METHOD = "networks-1"
BANNER = (
    "Intelligence lead, not evidence. A role says what a phone did, not who somebody is; a phone may pass between hands. "
    "Customers are counted, never listed. Nothing here ranks people."
)


@dataclass(frozen=True)
class LineView:
    """One line over all its records. `customers` is how many, never who; `network` the place of its network's first line."""

    name: str
    numbers: tuple[LineNumber, ...]
    days: int
    events: int
    customers: int
    network: int


@dataclass(frozen=True)
class Networks:
    """Everything found. Lines are places in `lines`; `whole` are roles over all records, `roles` those of each period.

    `names`: the numbers of the phones in a role, by id. Customers have none here.
    """

    lines: tuple[LineView, ...]
    links: tuple[LineLink, ...]
    whole: tuple[ContactRole, ...]
    roles: tuple[ContactRole, ...]
    names: Mapping[int, str]
    period: Period
    settings: NetworkSettings


def networks(
    paths: Sequence[Path],
    lines: Sequence[LineNumber] | None = None,
    *,
    period: Period = Period.MONTH,
    settings: NetworkSettings = STANDARD_NETWORKS,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> Networks:
    """The networks among the records of these paths (dataset folders, Parquet, records.csv).

    `lines`: which numbers are whose; without it they are found among the records. An error when there is no line at all.
    """
    with open_events(paths, limits=limits, progress=progress) as events:
        return networks_in(events.connection, lines, period=period, settings=settings)


def networks_in(
    connection: duckdb.DuckDBPyConnection,
    lines: Sequence[LineNumber] | None = None,
    *,
    period: Period = Period.MONTH,
    settings: NetworkSettings = STANDARD_NETWORKS,
) -> Networks:
    """The same of records that are open."""
    numbers = found_numbers(connection, settings) if lines is None else lines
    placed = place_lines(connection, numbers, period=period, settings=settings)
    whole = whole_roles(connection, settings)
    by_period = period_roles(connection, settings)
    links = link_lines(
        contacts=whole.contacts,
        overlaps=overlaps(whole.customers, settings.most_lines),
        handsets=handsets_of(connection),
        direct=direct_calls(connection),
        lines=len(placed.lines),
        most_lines=settings.most_lines,
        spread=spread_of(connection),
    )
    return Networks(
        lines=_views(connection, placed, whole.customers, networks_of(len(placed.lines), links)),
        links=tuple(links),
        whole=whole.contacts,
        roles=tuple(by_period),
        names=names_by_id(connection, {each.other for each in (*whole.contacts, *by_period)}),
        period=period,
        settings=settings,
    )


def _views(
    connection: duckdb.DuckDBPyConnection,
    placed: Placed,
    customers: Mapping[int, frozenset[int]],
    network: Sequence[int],
) -> tuple[LineView, ...]:
    numbers: dict[str, list[LineNumber]] = defaultdict(list)
    for each in placed.numbers:
        numbers[each.line].append(each)
    rows = connection.execute("SELECT line, count(*), sum(events) FROM line_day GROUP BY line").fetchall()
    seen = {int(line): (int(days), int(events)) for line, days, events in rows}
    return tuple(
        LineView(name, tuple(numbers[name]), *seen.get(at, (0, 0)), len(customers.get(at, ())), network[at])
        for at, name in enumerate(placed.lines)
    )
