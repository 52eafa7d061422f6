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
from crossline.engines.comms.networks.beyond import Tie, connectors, held_phones, lines_joined, ties_of
from crossline.engines.comms.networks.line_chains import lines_from
from crossline.engines.comms.networks.line_events import (
    STANDARD_NETWORKS,
    NetworkSettings,
    Placed,
    RolesFound,
    days_about,
    direct_calls,
    handsets_of,
    place_lines,
    roles_in,
    spread_of,
)
from crossline.engines.comms.networks.line_links import LineLink, link_lines, networks_of
from crossline.engines.comms.networks.line_numbers import LineNumber, names_by_id
from crossline.engines.comms.networks.local_days import Period
from crossline.engines.comms.networks.next_records import NextRecords, next_records
from crossline.engines.comms.networks.number_roles import NumberRole, number_roles
from crossline.engines.comms.networks.positions import Position, positions
from crossline.engines.comms.networks.roles import ContactRole
from crossline.engines.comms.networks.shared_customers import overlaps

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

    `names`: the numbers of phones in a role, and of the lines' own, by id. Customers have none here. `between`: phones in touch
    with no line but with phones of two lines of one network, with those ties. `customers`: how many, by line and period.
    """

    lines: tuple[LineView, ...]
    links: tuple[LineLink, ...]
    whole: tuple[ContactRole, ...]
    roles: tuple[ContactRole, ...]
    customers: Mapping[tuple[int, int], int]
    numbers: tuple[NumberRole, ...]
    between: Mapping[int, tuple[Tie, ...]]
    positions: tuple[Position, ...]
    next_records: tuple[NextRecords, ...]
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
    numbers = lines_from(connection, lines, settings)
    placed = place_lines(connection, numbers, period=period, settings=settings)
    whole = roles_in(connection, settings, whole=True)
    by_period = roles_in(connection, settings, whole=False)
    held = held_phones(connection)
    customers = frozenset().union(*whole.customers.values())
    ties = ties_of(connection, whole.contacts, held, customers)
    links = link_lines(
        contacts=whole.contacts,
        overlaps=overlaps({line: listed for (line, _), listed in whole.customers.items()}, settings.most_lines),
        handsets=handsets_of(connection),
        direct=direct_calls(connection),
        joined=lines_joined(ties, whole.contacts, settings.most_lines),
        lines=len(placed.lines),
        most_lines=settings.most_lines,
        spread=spread_of(connection),
    )
    network = networks_of(len(placed.lines), links)
    between = connectors(ties, whole.contacts, network)
    shown = [each for each in whole.contacts if each.no_customer_low >= settings.roles.listed_from]
    about, span = days_about(connection)
    numbers_in_use = number_roles(connection, settings.roles)
    ids = (
        {each.other for each in (*whole.contacts, *by_period.contacts)}
        | {each.number for each in numbers_in_use}
        | set(between)
    )
    return Networks(
        lines=_views(connection, placed, whole, network),
        links=tuple(links),
        whole=whole.contacts,
        roles=by_period.contacts,
        customers={key: len(listed) for key, listed in by_period.customers.items()},
        numbers=tuple(numbers_in_use),
        between=between,
        positions=tuple(positions(shown, ties, between, network)),
        next_records=tuple(
            next_records(contacts=shown, links=links, between=between, held=held, days_about=about, span=span)
        ),
        names=names_by_id(connection, ids),
        period=period,
        settings=settings,
    )


def _views(
    connection: duckdb.DuckDBPyConnection,
    placed: Placed,
    whole: RolesFound,
    network: Sequence[int],
) -> tuple[LineView, ...]:
    numbers: dict[str, list[LineNumber]] = defaultdict(list)
    for each in placed.numbers:
        numbers[each.line].append(each)
    rows = connection.execute("SELECT line, count(*), sum(events) FROM line_day GROUP BY line").fetchall()
    seen = {int(line): (int(days), int(events)) for line, days, events in rows}
    return tuple(
        LineView(name, tuple(numbers[name]), *seen.get(at, (0, 0)), len(whole.of_line(at)), network[at])
        for at, name in enumerate(placed.lines)
    )
