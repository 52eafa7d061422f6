"""lines.csv: each line as exporters and importers return it, each with its own reference, spelling and part of the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import Choice, stream
from crossline.simulation.networks import Network
from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO
from crossline.simulation.selectors import write_number
from crossline.simulation.wording import spell_brand
from crossline.simulation.world import NumberPeriod

_KNOWN_TO_EXPORTER: Final = 0.86  # [D] forces returned 720 lines of what were thought to be far more
_KNOWN_TO_IMPORTER: Final = 0.9
_NUMBER_KNOWN: Final = 0.78
_PARTIAL: Final = 0.03
_CRITERIA: Final = ("crit_hub_county", "crit_phone_line", "crit_exploitation", "crit_travel", "crit_violence")
_HARMS: Final = ("violence", "weapons", "child_exploitation", "adult_exploitation", "sexual_violence", "drug_harm")
_CLOSED: Final = Choice({"closed_type1": 0.62, "closed_type2": 0.16, "disrupted": 0.14, "active": 0.08})
_OPEN: Final = Choice({"active": 0.68, "identified": 0.24, "disrupted": 0.08})


@dataclass(frozen=True, slots=True)
class LineReturn:
    """One row of lines.csv as the year's end has it, and the line it is really about."""

    agency: str
    line_ref: str
    line_id: str
    row: dict[str, object]
    held: tuple[NumberPeriod, ...] = ()  # whose numbers stand in the row, in its order


def make_line_returns(networks: Sequence[Network], agency_ids: frozenset[str], seed: int) -> list[LineReturn]:
    """Returns of every agency that knows a line, in order of line; references run by agency."""
    counts: dict[str, int] = {}
    found = []
    for network in networks:
        line = network.line
        rng = stream(seed, "line returns", line.line_id)
        importers = sorted({place.force_id for place in line.markets} - {line.exporting_agency})
        known = [line.exporting_agency] if rng.random() < _KNOWN_TO_EXPORTER or not importers else []
        known += [importer for importer in importers if rng.random() < _KNOWN_TO_IMPORTER]
        for agency in known:
            if agency not in agency_ids:
                continue
            counts[agency] = counts.get(agency, 0) + 1
            line_ref = f"{agency.upper()}-L-{counts[agency]:04d}"
            found.append(LineReturn(agency, line_ref, line.line_id, *_row(network, agency, line_ref, rng)))
    return found


def _row(
    network: Network, agency: str, line_ref: str, rng: Random
) -> tuple[dict[str, object], tuple[NumberPeriod, ...]]:
    line = network.line
    exporter = agency == line.exporting_agency
    importers = sorted({place.force_id for place in line.markets})
    markets = [place for place in line.markets if exporter or place.force_id == agency]
    first, last = _seen(network, rng)
    status = _CLOSED.draw(rng) if line.closed else _OPEN.draw(rng)
    towns = [place.name for place in markets if not exporter or rng.random() < 0.8]
    name = spell_brand(line.brand, rng)
    numbers = _numbers(network, last, rng)
    row: dict[str, object] = {
        "agency": agency,
        "line_ref": line_ref,
        "name": name,
        "numbers": ";".join(written for written, _ in numbers),
        "exporting_agency": line.exporting_agency if exporter or rng.random() < 0.82 else "",
        "importing_agencies": ";".join(i for i in importers if i == agency or rng.random() < 0.75),
        "towns": ";".join(towns),
        "first_seen": first.isoformat(),
        "last_seen": last.isoformat() if rng.random() < 0.9 else "",
        "status": status,
        "drugs": ";".join(line.drugs),
        **_scores(network, rng),
        **{name: _criterion(network, name, rng) for name in _CRITERIA},
    }
    return row, tuple(period for _, period in numbers)


def _seen(network: Network, rng: Random) -> tuple[date, date]:
    """First and last day the agency saw it: some days late, some days early."""
    line = network.line
    first = max(line.opened, WINDOW_FROM - timedelta(days=120)) + timedelta(days=int(rng.expovariate(1 / 12)))
    last = (line.closed or WINDOW_TO) - timedelta(days=int(rng.expovariate(1 / 6)))
    return min(first, last), last


def _numbers(network: Network, last: date, rng: Random) -> list[tuple[str, NumberPeriod]]:
    """The deal numbers an agency has, as it writes them, now and then only part of one; each with its period."""
    found = []
    for period in network.line.periods:
        if period.start > last or rng.random() >= _NUMBER_KNOWN:
            continue
        written = write_number(period.number, rng)
        if rng.random() < _PARTIAL:
            body, _, suffix = period.number.partition("#")
            written = f"0{body[3:10]}???#{suffix}"
        found.append((written, period))
    if not found:
        number = network.number_on(last)
        found = [(write_number(number, rng), next(each for each in network.line.periods if each.number == number))]
    return found


def _scores(network: Network, rng: Random) -> dict[str, object]:
    """0 to 5 round what the line is really like, or empty where the agency does not know."""
    children = sum(runner.age_on(WINDOW_TO) < 18 for runner in network.runners) / max(1, len(network.runners))
    truth = {
        "violence": 2.4 + 0.8 * len(network.deputies),
        "weapons": 2.0,
        "child_exploitation": 5.0 * children,
        "adult_exploitation": min(5.0, 1.2 * len(network.premises)),
        "sexual_violence": 0.8,
        "drug_harm": 4.0 if "heroin" in network.line.drugs else 3.0 if "crack" in network.line.drugs else 2.0,
    }
    return {name: "" if rng.random() < 0.16 else min(5, max(0, round(rng.gauss(truth[name], 0.8)))) for name in _HARMS}


def _criterion(network: Network, name: str, rng: Random) -> str:
    met = {
        "crit_hub_county": not network.line.internal,
        "crit_phone_line": True,
        "crit_exploitation": bool(network.premises) or any(r.age_on(WINDOW_TO) < 18 for r in network.runners),
        "crit_travel": not network.line.internal,
        "crit_violence": len(network.deputies) > 0,
    }[name]
    if rng.random() < 0.15:
        return "unknown"
    return "yes" if met else "no"
