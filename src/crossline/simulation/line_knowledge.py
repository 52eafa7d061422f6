"""What an agency knows of a line, and holds of an investigation, on a day of the year: what it would send then.

On the last day of the window it is, word for word, what the yearly delivery says. Dated facts are numbers (and handsets,
holders' telephones and homes that stand as selectors), the days a line was seen, closings; all else is as at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from crossline.simulation.chance import lognormal, stream
from crossline.simulation.investigations import Inquiry, Selector
from crossline.simulation.line_returns import LineReturn
from crossline.simulation.networks import Network
from crossline.simulation.parameters import NUMBER_LEARNT_MEDIAN, NUMBER_LEARNT_SIGMA, WINDOW_TO
from crossline.simulation.world import Line, NumberPeriod

_AFTER_CLOSING: Final = frozenset({"closed_type1", "closed_type2", "disrupted"})
_LAST_SEEN_BEFORE: Final = (
    6  # mean days from an agency's last sight of a line to the end of the month [D], as at the year's end
)


def learnt_on(agency: str, period: NumberPeriod, seed: int) -> date:
    """The day on which an agency knows a number as its line's; within the window, as the year's end has it."""
    rng = stream(seed, "learnt", agency, period.number)
    days = lognormal(rng, median=NUMBER_LEARNT_MEDIAN.value, sigma=NUMBER_LEARNT_SIGMA.value)
    return max(period.start, min(WINDOW_TO, period.start + timedelta(days=round(days))))


def returned_from(one: LineReturn) -> date:
    """The day from which the agency has the line at all."""
    return date.fromisoformat(str(one.row["first_seen"]))


def return_on(one: LineReturn, line: Line, seed: int, day: date) -> dict[str, object] | None:
    """The agency's row of the line as of a day; None while it does not know the line."""
    if returned_from(one) > day:
        return None
    written = str(one.row["numbers"]).split(";")
    known = [
        number
        for number, period in zip(written, one.held, strict=True)
        if day >= WINDOW_TO or learnt_on(one.agency, period, seed) <= day
    ]
    return one.row | {
        "numbers": ";".join(known),
        "last_seen": _last_seen(one, day, seed),
        "status": _status(one, line, day),
    }


def _last_seen(one: LineReturn, day: date, seed: int) -> str:
    final = str(one.row["last_seen"])
    if not final or date.fromisoformat(final) <= day:
        return final
    before = int(stream(seed, "seen", one.agency, one.line_ref, day).expovariate(1 / _LAST_SEEN_BEFORE))
    return max(returned_from(one), day - timedelta(days=before)).isoformat()


def _status(one: LineReturn, line: Line, day: date) -> str:
    """The last word on a line is not said before the line closed or, of one that goes on, before it was seen last."""
    final = str(one.row["status"])
    since = line.closed or date.fromisoformat(str(one.row["last_seen"] or WINDOW_TO))
    return "active" if final in _AFTER_CLOSING and day < since else final


def inquiry_on(inquiry: Inquiry, returns: Sequence[LineReturn], seed: int, day: date) -> dict[str, object] | None:
    """The row of an investigation as of a day; None before it was opened. `returns`: its agency's of its lines, in order."""
    if inquiry.investigation.opened > day:
        return None
    closed = inquiry.closed if inquiry.closed and inquiry.closed <= day else None
    selectors = [one for one in inquiry.selectors if day >= WINDOW_TO or _held_from(one, inquiry, seed) <= day]
    line_refs = [one.line_ref for one in returns if returned_from(one) <= day]
    as_of = Inquiry(inquiry.investigation, closed, inquiry.networks, selectors)
    return as_of.row(line_refs)


def _held_from(one: Selector, inquiry: Inquiry, seed: int) -> date:
    """The day from which an investigation can have a selector."""
    agency, networks = inquiry.investigation.agency, inquiry.networks
    periods = [period for network in networks for period in network.line.periods]
    if one.number:
        return next(learnt_on(agency, period, seed) for period in periods if period.number == one.number)
    if one.scheme == "imei":
        return min(period.start for period in periods if period.imei == one.written)
    if one.scheme == "phone":
        holders = [network.holder for network in networks if network.holder.person_id == one.person_id]
        starts = [
            phone.start for holder in holders for phone in holder.phones if phone.start and phone.in_use(WINDOW_TO)
        ]
        return max(starts, default=date.min)
    if one.scheme == "address":
        return _taken_over(one.written, networks)
    return date.min


def _taken_over(address: str, networks: Sequence[Network]) -> date:
    homes = [home for network in networks for home in network.premises]
    return min(home.start for home in homes if f"{home.address.text}, {home.address.postcode}" == address)
