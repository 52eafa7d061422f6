"""What the synthetic nation consists of: the values that the people side and the communications side share.

Everything here is invented. Numbers are Ofcom drama numbers with a namespace suffix, so none can ever be dialled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Place:
    """A real town or station, with the district and force it lies in. Degrees WGS84."""

    name: str
    lat: float
    lon: float
    lad_code: str
    force_id: str
    population: int


@dataclass(frozen=True)
class NumberPeriod:
    """One deal number of a line, from its first to its last day in use (`end` None: still in use at the close)."""

    number: str  # normalised, "+447700900123#0042"
    imei: str
    imsi: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Line:
    """One branded county line: who controls it, from where to where, on which numbers."""

    line_id: str
    brand: str
    exporting_agency: str
    hub: Place
    markets: tuple[Place, ...]
    opened: date
    closed: date | None
    periods: tuple[NumberPeriod, ...]  # in order of start; consecutive ones are the true successions
    holder_id: str
    runner_ids: tuple[str, ...]
    drugs: tuple[str, ...]
    internal: bool = False
    split_from: str = ""  # the number, of another line, whose customers this line's first number took a part of
    merged_into: str = ""  # the number, of another line, that took over this line's customers when it closed


@dataclass(frozen=True)
class Investigation:
    """One force's investigation and the lines it is really about."""

    agency: str
    ref: str
    name: str
    opened: date
    line_ids: tuple[str, ...]


@dataclass(frozen=True)
class AuthorisedSet:
    """One lawfully acquired set of communications data: the numbers asked for, by whom, for what period."""

    agency: str
    ref: str
    purpose: str
    numbers: tuple[str, ...]
    period_from: date
    period_to: date
    expires: date
    line_ids: tuple[str, ...] = field(default=())
