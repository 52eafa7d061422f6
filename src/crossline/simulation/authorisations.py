"""Which communications data was lawfully asked for: one set for each investigation, and sets to develop the other lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Final

from crossline.simulation.chance import stream
from crossline.simulation.investigations import Inquiry, window_of
from crossline.simulation.networks import Network
from crossline.simulation.parameters import AUTHORISATION_DAYS, WINDOW_TO
from crossline.simulation.world import AuthorisedSet

_NUMBER_ASKED_FOR: Final = 0.88  # share of a line's numbers known in time to be asked for [D]
_RIVAL: Final = 0.35  # share of sets that also hold a rival of the same market [D]
_LINES_A_SET: Final = 6


def make_sets(
    networks: Sequence[Network], inquiries: Sequence[Inquiry], *, cover_all: bool, seed: int
) -> list[AuthorisedSet]:
    """The sets, by agency and reference. `cover_all`: lines nobody investigates are asked for in sets of their own."""
    rng = stream(seed, "authorisations")
    counts: dict[str, int] = {}
    found = []
    for inquiry in inquiries:
        about = inquiry.investigation
        theirs = [*inquiry.networks, *_rival(inquiry.networks, networks, rng)]
        purpose = f"{about.name}: who holds the lines, from where, and on which numbers next"
        found.append(_asked(about.agency, theirs, purpose, counts, rng))
    if cover_all:
        covered = {line_id for asked in found for line_id in asked.line_ids}
        left: dict[str, list[Network]] = {}
        for network in networks:
            if network.line.line_id not in covered:
                left.setdefault(network.line.exporting_agency, []).append(network)
        for agency, theirs in sorted(left.items()):
            for at in range(0, len(theirs), _LINES_A_SET):
                purpose = "Development of lines run from the force area"
                found.append(_asked(agency, theirs[at : at + _LINES_A_SET], purpose, counts, rng))
    return found


def _rival(own: Sequence[Network], networks: Sequence[Network], rng: Random) -> list[Network]:
    """In some sets, another line that sells in one of the same towns."""
    if rng.random() >= _RIVAL:
        return []
    towns = {place.name for network in own for place in network.line.markets}
    held = {network.line.line_id for network in own}
    rivals = [n for n in networks if n.line.line_id not in held and towns & {p.name for p in n.line.markets}]
    return [rivals[int(rng.random() * len(rivals))]] if rivals else []


def _asked(
    agency: str, networks: Sequence[Network], purpose: str, counts: dict[str, int], rng: Random
) -> AuthorisedSet:
    counts[agency] = counts.get(agency, 0) + 1
    first, last = window_of(networks)
    least, most = AUTHORISATION_DAYS.value
    days = min(most, max(least, (last - first).days))
    period_to = min(WINDOW_TO, first + timedelta(days=days))
    numbers = [
        period.number
        for network in networks
        for period in network.line.periods
        if rng.random() < _NUMBER_ASKED_FOR or period == network.line.periods[-1]
    ]
    return AuthorisedSet(
        agency=agency,
        ref=f"CD-{agency.upper()}-2026-{counts[agency]:03d}",
        purpose=purpose,
        numbers=tuple(numbers),
        period_from=period_to - timedelta(days=days),
        period_to=period_to,
        expires=WINDOW_TO + timedelta(days=rng.randint(120, 400)),
        line_ids=tuple(network.line.line_id for network in networks),
    )
