"""What the lines' own numbers did in each period: broadcasts and orders a day, with intervals from days drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.roles import INTERVAL, RoleSettings, day_draws

LEAST_INCOMING = 3.0
"""Different numbers that ring in a day, from which a number takes orders [D]."""
LEAST_BROADCASTS = 0.25
"""Broadcasts a day, from which a number broadcasts [D]."""


@dataclass(frozen=True)
class NumberRole:
    """A line's number in a period: how often a day it did what its role says, on average, and of how many days."""

    line: int
    period: int
    number: int
    role: Role
    a_day: float
    low: float
    high: float
    days: int


def number_roles(connection: duckdb.DuckDBPyConnection, settings: RoleSettings) -> list[NumberRole]:
    """From the table `number_day`, in order of line, period and number. A number with too few days has no row."""
    rows = connection.execute(
        "SELECT line, period, subject, day, broadcasts, incoming FROM number_day ORDER BY ALL"
    ).fetchnumpy()
    keys = np.stack([np.asarray(rows[name], np.int64) for name in ("line", "period", "subject")], axis=1)
    found = []
    kinds, begins = np.unique(keys, axis=0, return_index=True)  # rows stand in this order
    for key, first, end in zip(kinds, begins, [*begins[1:], len(keys)], strict=True):
        mine = slice(int(first), int(end))
        days = int(end - first)
        if days < settings.least_line_days:
            continue
        times = day_draws(days, settings)
        for role, name, least in (
            (Role.BROADCASTER, "broadcasts", LEAST_BROADCASTS),
            (Role.ORDER_TAKER, "incoming", LEAST_INCOMING),
        ):
            series = np.asarray(rows[name], float)[mine]
            low, high = np.quantile(times @ series / days, INTERVAL)
            if low >= least:
                line, period, number = (int(each) for each in key)
                found.append(
                    NumberRole(line, period, number, role, float(series.mean()), float(low), float(high), days)
                )
    return found
