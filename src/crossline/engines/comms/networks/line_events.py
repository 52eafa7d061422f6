"""What lines' own records say, day by day and phone by phone, made into tables: what networks and valuation start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
from numpy.typing import NDArray

from crossline.engines.comms.executor import make_tables
from crossline.engines.comms.networks.line_numbers import LineNumber, place_line_numbers
from crossline.engines.comms.networks.local_days import Period, place_local_days
from crossline.engines.comms.networks.roles import WHOLE, ContactRole, RoleSettings, Stretch, roles_of, stretches
from crossline.engines.comms.networks.texts import NETWORK_TEXTS
from crossline.errors import FileUnreadable


@dataclass(frozen=True)
class NetworkSettings:
    """Thresholds, all this platform's own [D]."""

    least_score: float = 0.5  # of a succession that chains two numbers
    most_lines: int = 8  # lines a phone may be in touch with and still say anything of two of them
    same_seconds: int = 2  # apart, two records of one call
    run_gap: int = 120  # seconds between the texts of one broadcast
    least_recipients: int = 8  # of a broadcast
    back_seconds: int = 1800  # within which a call is one back
    at_once: float = 0.1  # place among the pauses between calls that came in
    soon: float = 0.3
    least_customers: int = 10  # of a line, before a figure of its custom is shown
    roles: RoleSettings = field(default_factory=RoleSettings)

    @property
    def numbers(self) -> dict[str, float | int]:
        """What the SQL texts ask for."""
        return {
            "same_seconds": self.same_seconds,
            "run_gap": self.run_gap,
            "least_recipients": self.least_recipients,
            "back_seconds": self.back_seconds,
            "at_once": self.at_once,
            "soon": self.soon,
        }


STANDARD_NETWORKS = NetworkSettings()


@dataclass(frozen=True)
class Placed:
    """Lines by their place in `lines`, and the numbers they are made of."""

    lines: tuple[str, ...]
    numbers: tuple[LineNumber, ...]


@dataclass(frozen=True)
class RolesFound:
    """Phones likelier something else than customers; and each line's customers by id, by line and period."""

    contacts: tuple[ContactRole, ...]
    customers: dict[tuple[int, int], frozenset[int]]

    def of_line(self, line: int) -> frozenset[int]:
        """A line's customers over all records."""
        return self.customers.get((line, WHOLE), frozenset())


def place_lines(
    connection: duckdb.DuckDBPyConnection,
    numbers: Sequence[LineNumber],
    *,
    period: Period,
    settings: NetworkSettings,
) -> Placed:
    """Make `line_number`, `local_day` and the tables of networks/texts from `event`. An error when they hold nothing."""
    names = place_line_numbers(connection, numbers)
    place_local_days(connection, period)
    make_tables(connection, NETWORK_TEXTS, settings.numbers)
    ((events,),) = connection.execute("SELECT count(*) FROM line_event").fetchall()
    if not events:
        msg = "the records hold nothing of the numbers given; give records that were acquired for these numbers."
        raise FileUnreadable(msg)
    return Placed(tuple(names), tuple(numbers))


def roles_in(connection: duckdb.DuckDBPyConnection, settings: NetworkSettings, *, whole: bool) -> RolesFound:
    """Roles over all records of each line, or over each of its periods; and who is left: customers.

    Lines' own numbers, and phones in touch with so many lines that they must be a service, are neither.
    """
    own = {int(number) for (number,) in connection.execute("SELECT DISTINCT subject FROM line_number").fetchall()}
    neither = own | {phone for phone, lines in spread_of(connection).items() if lines > settings.most_lines}
    contacts: list[ContactRole] = []
    customers: dict[tuple[int, int], frozenset[int]] = {}
    for stretch in stretches(connection, whole=whole):
        found, share = roles_of(stretch, settings.roles)
        listed = [each for each in found if each.other not in neither]
        contacts += listed
        kept = neither | {each.other for each in listed}
        customers[stretch.line, stretch.period] = _customers(stretch, share, kept)
    return RolesFound(tuple(contacts), customers)


def _customers(stretch: Stretch, share: NDArray[np.float64], kept: set[int]) -> frozenset[int]:
    """Phones that are likelier a customer's than anything else, and did more than be rung once."""
    dealt = stretch.counts[:, :, 0].sum(1) + stretch.reached.sum(1)
    return frozenset(
        other for at, other in enumerate(stretch.others) if other not in kept and share[at] >= 0.5 and dealt[at] > 0
    )


def spread_of(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """In touch with how many lines each phone is."""
    rows = connection.execute("SELECT other, count(DISTINCT line) FROM contact_day GROUP BY other").fetchall()
    return {int(other): int(lines) for other, lines in rows}


def handsets_of(connection: duckdb.DuckDBPyConnection) -> dict[int, frozenset[str]]:
    """The handsets each line's numbers were used in."""
    found: dict[int, set[str]] = defaultdict(set)
    for line, handset in connection.execute(
        "SELECT DISTINCT line, handset FROM line_event WHERE handset IS NOT NULL"
    ).fetchall():
        found[int(line)].add(str(handset))
    return {line: frozenset(used) for line, used in found.items()}


def direct_calls(connection: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], int]:
    """Calls and texts between the numbers of two lines, broadcasts not counted; by the two lines, the lesser first."""
    rows = connection.execute(
        "SELECT least(step.line, line_number.line), greatest(step.line, line_number.line), count(*) FROM step"
        " JOIN line_number ON line_number.subject = step.other AND step.moment >= line_number.begins"
        " AND step.moment < line_number.ends WHERE step.line <> line_number.line GROUP BY 1, 2"
    ).fetchall()
    return {(int(left), int(right)): int(calls) for left, right, calls in rows}


def days_about(connection: duckdb.DuckDBPyConnection) -> tuple[dict[int, tuple[int, int]], int]:
    """The first and last day on which each phone was in touch with a line, by day number; and how many days there are."""
    rows = connection.execute("SELECT other, first_day, last_day FROM phone_days").fetchall()
    ((span,),) = connection.execute("SELECT count(*) FROM local_day").fetchall()
    return {int(other): (int(first), int(last)) for other, first, last in rows}, int(span)
