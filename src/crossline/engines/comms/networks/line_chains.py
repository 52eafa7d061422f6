"""Numbers into lines, found among the records: what looks like a deal line, chained by successions and by who stayed.

The succession engine compares customers, hours and handsets. A line that changes its number also keeps its runners, its
holder's own phone and the holder's friends, and a rival that opens that day does not: phones that are no customer's on either
number speak for a succession, and none in common where both have several speak against it. A chain is a lead, nothing merged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

import duckdb

from crossline.engines.comms.networks.line_events import NetworkSettings, place_lines, roles_in
from crossline.engines.comms.networks.line_numbers import LineNumber, names_by_id, numbers_that_look_like_lines
from crossline.engines.comms.networks.local_days import Period
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.numbers import id_of
from crossline.engines.comms.succession.score import Scored, one_to_one
from crossline.engines.comms.succession.successions import compare, settings_for
from crossline.errors import FileUnreadable


@dataclass(frozen=True)
class StayedWeights:
    """Points on a succession's log odds; all this platform's own [D]. A seller serves rivals too and counts for nothing."""

    shared: float = 1.5  # for each phone that stayed
    most_shared: float = 6.0
    nobody: float = -4.0  # when both have at least so many and none in common
    at_least: int = 3


STAYED = StayedWeights()


def lines_from(
    connection: duckdb.DuckDBPyConnection, given: Sequence[LineNumber] | None, settings: NetworkSettings
) -> Sequence[LineNumber]:
    """The lines that were given; or found, among the numbers that were given without a line, or among all records."""
    if given is not None and all(each.line for each in given):
        return given
    known = {id_of(each.number): each.reason for each in given or ()}
    return found_numbers(connection, settings, known or numbers_that_look_like_lines(connection))


def found_numbers(
    connection: duckdb.DuckDBPyConnection, settings: NetworkSettings, looking: Mapping[int, str]
) -> list[LineNumber]:
    """Lines' numbers among the records of `event`, each chain under its earliest one. An error when there are none.

    `looking`: numbers taken to be lines', by id, and why.
    """
    held = {int(number) for (number,) in connection.execute("SELECT DISTINCT subject FROM event").fetchall()}
    looking = {number: why for number, why in looking.items() if number in held}
    if not looking:
        msg = "no number among these records looks like a deal line; name the lines' numbers in a file with --numbers."
        raise FileUnreadable(msg)
    pairs = [each for each in compare(connection, settings_for(connection)) if looking.keys() & set(each.pair)]
    members = set(looking) | {number for each in pairs for number in each.pair if each.score >= settings.least_score}
    names = names_by_id(connection, members)
    pairs = [each for each in pairs if set(each.pair) <= members]
    inner = _inner(connection, sorted(names.values()), settings)
    weighed = [_weighed(each, inner[names[each.pair[0]]], inner[names[each.pair[1]]]) for each in pairs]
    weighed.sort(key=lambda each: (-each[0].score, each[0].pair))
    chosen = {each.pair for each in one_to_one([each for each, _ in weighed], least_score=settings.least_score)}
    kept = {each.pair: (each.score, stayed) for each, stayed in weighed if each.pair in chosen}
    rows = connection.execute("SELECT subject, min(moment) FROM line_event GROUP BY subject").fetchall()
    first = {int(number): int(moment) for number, moment in rows}
    chains = _chains(members, kept, {number: (first.get(number, 0), names[number]) for number in members})
    after = {
        new: f"likely took over from {names[old]} ({score:.0%}; {stayed} phones that are no customer's stayed)"
        for (old, new), (score, stayed) in kept.items()
    }
    size = Counter(chains.values())
    found = []
    for number, head in chains.items():
        said = [text for text in (looking.get(number), after.get(number)) if text]
        if said or size[head] > 1:
            found.append(LineNumber(names[number], names[head], "; ".join(said) or "the next number took over from it"))
    return sorted(found, key=lambda each: (each.line, each.number))


def _inner(
    connection: duckdb.DuckDBPyConnection, numbers: Iterable[str], settings: NetworkSettings
) -> Mapping[str, frozenset[int]]:
    """For each number, taken by itself, the phones that are no customer's and no seller's, known to few numbers."""
    alone = [LineNumber(number, number, "") for number in numbers]
    placed = place_lines(connection, alone, period=Period.WHOLE, settings=settings)
    found: dict[str, set[int]] = defaultdict(set)
    wider = replace(settings, most_lines=2 * settings.most_lines)  # a line has about two numbers
    for each in roles_in(connection, wider, whole=True).contacts:
        if each.role is not Role.SUPPLIER:
            found[placed.lines[each.line]].add(each.other)
    return defaultdict(frozenset, {number: frozenset(phones) for number, phones in found.items()})


def _weighed(pair: Scored, old: frozenset[int], new: frozenset[int]) -> tuple[Scored, int]:
    """A succession with the phones that stayed added to its log odds, and how many did."""
    stayed = len(old & new)
    points = min(STAYED.shared * stayed, STAYED.most_shared)
    if not stayed and min(len(old), len(new)) >= STAYED.at_least:
        points = STAYED.nobody
    score = min(max(pair.score, 1e-6), 1 - 1e-6)
    odds = log(score / (1 - score)) + points
    return replace(pair, score=1 / (1 + exp(-odds))), stayed


def _chains(
    members: Iterable[int], links: Iterable[tuple[int, int]], order: Mapping[int, tuple[int, str]]
) -> dict[int, int]:
    """Each number with the earliest of its chain."""
    head = {number: number for number in members}

    def root(number: int) -> int:
        while head[number] != number:
            number = head[number]
        return number

    for old, new in links:
        early, late = sorted((root(old), root(new)), key=order.__getitem__)
        head[late] = early
    return {number: root(number) for number in head}
