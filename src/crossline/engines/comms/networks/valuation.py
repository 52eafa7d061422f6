"""What a line's traffic is worth counting: customers, contacts a day, and sales a day as a range. No pounds.

Of the records held: rows that were lost, orders by app and sales in the street are in no call record. The range of sales runs
from the confirmed proxy to every unique incoming number; intervals come from drawing the line's days again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from crossline.engines.comms.events import Progress, open_events, quiet
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, make_tables
from crossline.engines.comms.networks.line_chains import lines_from
from crossline.engines.comms.networks.line_events import (
    STANDARD_NETWORKS,
    NetworkSettings,
    RolesFound,
    place_lines,
    roles_in,
)
from crossline.engines.comms.networks.line_numbers import LineNumber
from crossline.engines.comms.networks.local_days import Period, day_of
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.roles import INTERVAL, day_draws
from crossline.engines.comms.networks.valuation_texts import VALUATION_TEXTS

METHOD = "valuation-1"
BANNER = (
    "Intelligence lead, not evidence. Counts of the records held, with intervals; a sale is a proxy. No sum of money follows "
    "from these figures without an expert's price and quantity. Customers are counted, never listed."
)
_SIDE = 1.96


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Valuation:
    """One line. Figures are None where there is too little to show any. `days` are from its first day of use to its last."""

    line: str
    numbers: int
    first: str
    last: str
    days: int
    customers: Interval | None
    contacts_a_day: Interval | None
    confirmed_a_day: Interval | None
    incoming_a_day: Interval | None
    by_runner_only: float | None  # share of confirmed that only a linked runner's own records show
    runners_linked: int
    runners_held: int
    explanation: str

    @property
    def sales_a_day(self) -> tuple[float, float] | None:
        """From the lower end of the confirmed to the upper end of all that rang."""
        if self.confirmed_a_day is None or self.incoming_a_day is None:
            return None
        return self.confirmed_a_day.low, self.incoming_a_day.high


def valuation(
    paths: Sequence[Path],
    lines: Sequence[LineNumber] | None = None,
    *,
    settings: NetworkSettings = STANDARD_NETWORKS,
    limits: Limits = STANDARD_LIMITS,
    progress: Progress = quiet,
) -> list[Valuation]:
    """A row for each line, in order of its name. `lines` as for networks."""
    with open_events(paths, limits=limits, progress=progress) as events:
        return valuation_in(events.connection, lines, settings=settings)


def valuation_in(
    connection: duckdb.DuckDBPyConnection,
    lines: Sequence[LineNumber] | None = None,
    *,
    settings: NetworkSettings = STANDARD_NETWORKS,
) -> list[Valuation]:
    """The same of records that are open."""
    numbers = lines_from(connection, lines, settings)
    placed = place_lines(connection, numbers, period=Period.WHOLE, settings=settings)
    whole = roles_in(connection, settings, whole=True)
    _place_inner(connection, whole)
    make_tables(connection, VALUATION_TEXTS, {})
    rows = connection.execute(
        "SELECT line, day, contacts, incoming, confirmed, by_runner_only, used FROM custom_day ORDER BY line, day"
    ).fetchnumpy()
    counts = {
        int(line): (int(seen), int(often), int(once), int(twice))
        for line, seen, often, once, twice in connection.execute("SELECT * FROM customer_days").fetchall()
    }
    held = {int(number) for (number,) in connection.execute("SELECT DISTINCT subject FROM event").fetchall()}
    found = []
    for at, name in enumerate(placed.lines):
        mine = np.flatnonzero(np.asarray(rows["line"]) == at)
        inner = [each for each in whole.contacts if each.line == at]
        runners = {each.other for each in inner if each.role is Role.RUNNER}
        seen = _Seen(
            line=name,
            numbers=len({each.number for each in placed.numbers if each.line == name}),
            by_day={column: np.asarray(rows[column])[mine].astype(float) for column in rows if column != "line"},
            customers=counts.get(at, (0, 0, 0, 0)),
            runners=(len(runners), len(held & runners)),
            may_buy=sum(each.reached > 0 for each in inner),
        )
        found.append(_valued(seen, settings))
    return found


@dataclass(frozen=True)
class _Seen:
    """What was counted of one line. `customers`: seen, often, on one day, on two; `runners`: linked, and with records held."""

    line: str
    numbers: int
    by_day: dict[str, NDArray[np.float64]]
    customers: tuple[int, int, int, int]
    runners: tuple[int, int]
    may_buy: int  # phones in another role that a broadcast reached now and then


def _place_inner(connection: duckdb.DuckDBPyConnection, whole: RolesFound) -> None:
    own = connection.execute("SELECT DISTINCT subject FROM line_number").fetchall()
    lines = connection.execute("SELECT DISTINCT line FROM line_number").fetchall()
    inner = {(int(line), int(number)) for (line,) in lines for (number,) in own}
    inner |= {(each.line, each.other) for each in whole.contacts}
    runners = {(each.line, each.other) for each in whole.contacts if each.role is Role.RUNNER}
    for name, pairs in (("inner_phone", inner), ("runner_phone", runners)):
        columns = {
            "line": pa.array([line for line, _ in sorted(pairs)], pa.int32()),
            "id": pa.array([number for _, number in sorted(pairs)], pa.int64()),
        }
        connection.register(f"{name}_given", pa.table(columns))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_given")


def _valued(seen: _Seen, settings: NetworkSettings) -> Valuation:
    by_day, customers = seen.by_day, seen.customers
    used = by_day["day"][by_day["used"] > 0]
    if not len(used):
        return _nothing(seen, "no day on which it sent or rang anybody")
    first, last = int(used.min()), int(used.max())
    days = last - first + 1
    if days < settings.roles.least_line_days or customers[0] < settings.least_customers:
        why = f"too little to show a figure: {days} days in use, {settings.least_customers} customers asked for"
        return replace(_nothing(seen, why), first=day_of(first).isoformat(), last=day_of(last).isoformat(), days=days)
    times = day_draws(days, settings.roles)

    def a_day(name: str) -> Interval:
        series = np.zeros(days)
        at = by_day["day"].astype(int) - first
        inside = (at >= 0) & (at < days)
        series[at[inside]] = by_day[name][inside]
        low, high = np.quantile(times @ series / days, INTERVAL)
        return Interval(float(series.mean()), float(low), float(high))

    seen_or_not = customers_of(*customers, days=days)
    empty = days - len(np.unique(by_day["day"][(by_day["day"] >= first) & (by_day["day"] <= last)]))
    total, linked = float(by_day["confirmed"].sum()), seen.runners
    explanation = (
        f"{customers[0]} customers seen in {days} days, {customers[2]} of them on one day only, {customers[3]} on two (Chao 2),"
        f" and {seen.may_buy} phones in another role that may buy as well; of {by_day['incoming'].sum():.0f} unique incoming "
        f"numbers by day {total:.0f} were rung back the same day by the line, or by one of {linked[1]} linked runners' phones "
        f"whose records are held (of {linked[0]} linked); {empty} days without any record count as days without custom"
    )
    return Valuation(
        line=seen.line,
        numbers=seen.numbers,
        first=day_of(first).isoformat(),
        last=day_of(last).isoformat(),
        days=days,
        customers=replace(seen_or_not, high=seen_or_not.high + seen.may_buy),
        contacts_a_day=a_day("contacts"),
        confirmed_a_day=a_day("confirmed"),
        incoming_a_day=a_day("incoming"),
        by_runner_only=float(by_day["by_runner_only"].sum()) / total if total else None,
        runners_linked=linked[0],
        runners_held=linked[1],
        explanation=explanation,
    )


def _nothing(seen: _Seen, why: str) -> Valuation:
    return Valuation(seen.line, seen.numbers, "", "", 0, None, None, None, None, None, *seen.runners, why)


def customers_of(seen: int, often: int, once: int, twice: int, *, days: int) -> Interval:
    """How many customers there were: Chao's estimate from how many were seen on one day and on two (Chao 1987).

    From those seen on two days or more and sent to or rung back, up to the estimate's upper end.
    """
    share = (days - 1) / days
    unseen = share * once * (once - 1) / (2 * (twice + 1))
    if unseen <= 0:
        return Interval(float(seen), float(often), float(seen))
    ratio = once / max(twice, 1)
    variance = max(twice, 1) * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
    spread = exp(_SIDE * sqrt(log(1 + variance / unseen**2)))
    return Interval(seen + unseen, float(often), seen + unseen * spread)
