"""How widely a phone is in touch within its network: an aid to thinking, never a ranking of people.

What counts is with how many lines and phones of the network it is in touch, not how often: whoever leads may ring little. A
tie seen on few days may not be seen another time; the interval says what difference that makes, and a place is always a
range. Phones that do a runner's work have no position: a runner may be an exploited child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from crossline.engines.comms.networks.beyond import Tie
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.roles import ContactRole

_SIDE = 1.96


@dataclass(frozen=True)
class Position:
    """A phone in a network: lines and phones it is in touch with, how many would be seen again, and its range of places."""

    network: int
    phone: int
    lines: int
    phones: int
    ties: float
    low: float
    high: float
    best_place: int
    worst_place: int
    of: int


def positions(
    contacts: Sequence[ContactRole], ties: Sequence[Tie], between: Mapping[int, tuple[Tie, ...]], network: Sequence[int]
) -> list[Position]:
    """Every phone of every network that does no runner's work, in order of network and phone.

    `network`: for each line the least line of its network; `between`: the connectors with their ties.
    """
    runners = {each.other for each in contacts if each.role is Role.RUNNER}
    days: dict[tuple[int, int], dict[tuple[str, int], int]] = defaultdict(dict)
    networks: dict[int, set[int]] = defaultdict(set)
    for each in contacts:
        networks[each.other].add(network[each.line])
        days[network[each.line], each.other]["line", each.line] = each.days
    for middle, theirs in between.items():
        networks[middle] |= {at for tie in theirs for at in networks[tie.phone]}
    for tie in ties:
        for at in networks.get(tie.phone, set()) & networks.get(tie.other, set()):
            days[at, tie.phone]["phone", tie.other] = tie.days
            days[at, tie.other]["phone", tie.phone] = tie.days
    found = {key: seen_again(met.values()) for key, met in days.items() if key[1] not in runners}
    by_network: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for (at, _), (_, low, high) in found.items():
        by_network[at].append((low, high))
    result = []
    for (at, phone), (expected, low, high) in sorted(found.items()):
        met, beside = days[at, phone], by_network[at]
        lines = sum(kind == "line" for kind, _ in met)
        best = 1 + sum(theirs > high for theirs, _ in beside)
        worst = sum(theirs >= low for _, theirs in beside)
        result.append(
            Position(at, phone, lines, len(met) - lines, expected, low, high, best, max(worst, best), len(beside))
        )
    return result


def seen_again(days: Iterable[int]) -> tuple[float, float, float]:
    """Ties expected when the days are drawn again, with an interval: one seen on d days is missed with e to the power of -d."""
    chances = [1.0 - exp(-each) for each in days]
    expected = sum(sorted(chances))
    spread = _SIDE * sqrt(sum(sorted(each * (1.0 - each) for each in chances)))
    return expected, max(expected - spread, 0.0), min(expected + spread, float(len(chances)))
