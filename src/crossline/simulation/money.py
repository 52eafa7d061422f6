"""finance.csv: money of lines, from seizure to receipt, each stage a row of its own and never the same pound twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import Choice, poisson, stream
from crossline.simulation.line_returns import LineReturn
from crossline.simulation.networks import Network
from crossline.simulation.parameters import WINDOW_TO

_EVENTS: Final = 0.9  # strands of money for each return of a line, Poisson [D]
_CASH_STEPS: Final = (("seized", 0, 1.0), ("detained", 3, 0.9), ("forfeited", 95, 0.75), ("received", 140, 0.7))
_COURT_STEPS: Final = (("restrained", 0, 1.0), ("ordered", 160, 0.45), ("received", 260, 0.2))
_ACCOUNT_STEPS: Final = (("frozen", 0, 1.0), ("forfeited", 120, 0.6), ("received", 170, 0.55))
_KINDS: Final = Choice({"cash": 0.66, "account": 0.14, "listed_asset": 0.07, "vehicle": 0.06, "other": 0.07})
_LEAST_CASH: Final = 1_000  # pounds: the minimum for cash seizure (domain §7.1) [S]


def money_rows(
    networks: Sequence[Network], returns: Sequence[LineReturn], seed: int
) -> dict[str, list[dict[str, object]]]:
    """Rows by agency."""
    by_line = {network.line.line_id: network for network in networks}
    counts: dict[str, int] = {}
    found: dict[str, list[dict[str, object]]] = {}
    for one in returns:
        rng = stream(seed, "money", one.agency, one.line_ref)
        network = by_line[one.line_id]
        for _ in range(poisson(rng, _EVENTS)):
            counts[one.agency] = counts.get(one.agency, 0) + 1
            found.setdefault(one.agency, []).extend(_strand(one, network, counts[one.agency], rng))
    return found


def _strand(one: LineReturn, network: Network, number: int, rng: Random) -> list[dict[str, object]]:
    """One sum on its way: the amount may shrink at each stage, never grow."""
    kind = _KINDS.draw(rng)
    steps = (
        _CASH_STEPS
        if kind in ("cash", "listed_asset", "vehicle")
        else _ACCOUNT_STEPS
        if kind == "account"
        else _COURT_STEPS
    )
    start = network.active_from + timedelta(
        days=int(rng.random() * ((network.active_to - network.active_from).days + 1))
    )
    amount = int(_LEAST_CASH * rng.lognormvariate(0.9, 0.9)) if kind == "cash" else int(rng.lognormvariate(8.9, 0.8))
    amount = max(_LEAST_CASH, amount // 5 * 5)
    rows: list[dict[str, object]] = []
    luck = rng.random()
    for at, (stage, after, share) in enumerate(steps, start=1):
        day: date = start + timedelta(days=after + rng.randint(0, 10) if after else 0)
        if luck > share or day > WINDOW_TO:
            break
        if at > 1 and rng.random() < 0.25:
            amount = max(100, int(amount * rng.uniform(0.6, 0.95)) // 5 * 5)
        rows.append(
            {
                "agency": one.agency,
                "ref": f"{one.agency.upper()}/F/2026/{number:04d}-{at}",
                "line_ref": one.line_ref if rng.random() < 0.9 else "",
                "date": day.isoformat(),
                "stage": stage,
                "kind": kind,
                "amount": f"{amount}.00",
                "jard_ref": f"JARD-TEST-{one.agency.upper()}-{number:05d}" if rng.random() < 0.8 else "",
                "counted": "estimated" if at == 1 and rng.random() < 0.15 else "yes",
            }
        )
    return rows
