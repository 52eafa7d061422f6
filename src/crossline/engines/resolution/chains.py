"""What holds a cluster together: its chain of strongest links, the weakest of them, and what inside it speaks against it.

The chain is the maximum spanning forest of the pairs, with people's "same" judgements before every pair: whichever two sides a
link holds together, no other pair between them is stronger. Nothing here joins or parts anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from rapidfuzz.distance import OSA

from crossline.engines.resolution.clusters import DIFFERENT, SAME, Judgement, Pair, Profile, same_birth

ALARM_MENTIONS: Final = 40
"""A person of more mentions is worth a look. [D] Of simulated people hardly one has as many; a fused cluster soon has."""


@dataclass(frozen=True)
class Link:
    """One link of a chain. `weight_bits` None: a person said that they are the same. The sizes are of the two sides it holds."""

    left: str
    right: str
    weight_bits: float | None
    left_size: int = 1
    right_size: int = 1


class Speaks(StrEnum):
    """What inside one cluster speaks against it. Evidence for somebody to look at, never a rule that parts anybody."""

    SIZE = "size"
    BIRTHS = "births"
    SEXES = "sexes"
    PNC_IDS = "pnc_ids"
    NOMINALS = "nominals"

    @property
    def meaning(self) -> str:
        return _MEANT[self]


_MEANT = {
    Speaks.SIZE: f"More than {ALARM_MENTIONS} mentions are held to be this one person",
    Speaks.BIRTHS: "Records give dates of birth that cannot be one",
    Speaks.SEXES: "Records give both sexes",
    Speaks.PNC_IDS: "Records give PNC ids that cannot be one",
    Speaks.NOMINALS: "One force knows this person under two nominals; that happens with one person, too",
}


@dataclass(frozen=True)
class Contradiction:
    """One thing that speaks against a cluster, with two mentions that show it; none for its size."""

    speaks: Speaks
    left: str | None = None
    right: str | None = None


def forest(pairs: Iterable[Pair], judgements: Iterable[Judgement] = ()) -> list[Link]:
    """The chains of all clusters that these pairs make up, strongest link first, people's word before every pair."""
    said = standing(judgements)
    ranked: list[tuple[float, str, str, float | None]] = [
        (float("-inf"), left, right, None) for (left, right), verdict in said.items() if verdict == SAME
    ]
    ranked += [
        (-weight, min(left, right), max(left, right), weight)
        for left, right, weight in pairs
        if left != right and said.get((min(left, right), max(left, right))) != DIFFERENT
    ]
    parent: dict[str, str] = {}
    links = []
    for _, left, right, weight in sorted(ranked, key=lambda each: each[:3]):
        one, other = _root(parent, left), _root(parent, right)
        if one != other:
            parent[one] = other
            links.append(Link(left, right, weight))
    return _sized(links)


def chain(members: Iterable[str], pairs: Iterable[Pair], judgements: Iterable[Judgement] = ()) -> list[Link]:
    """The chain of one cluster, from whatever lies in its neighbourhood."""
    held = frozenset(members)
    return forest(
        (pair for pair in pairs if pair.left in held and pair.right in held),
        (said for said in judgements if said.left in held and said.right in held),
    )


def weakest(links: Iterable[Link]) -> Link | None:
    """The bridge: the link with the least weight, of equals the one that holds most; None where only people's word holds."""
    weighed = [link for link in links if link.weight_bits is not None]
    return min(
        weighed,
        key=lambda link: (link.weight_bits, -link.left_size * link.right_size, link.left, link.right),
        default=None,
    )


def way(links: Iterable[Link], start: str, end: str) -> list[Link]:
    """The links from one mention to another along the chain; none where it does not lead there."""
    at: defaultdict[str, list[tuple[str, Link]]] = defaultdict(list)
    for link in links:
        at[link.left].append((link.right, link))
        at[link.right].append((link.left, link))
    came: dict[str, tuple[str, Link] | None] = {start: None}
    waiting = [start]
    while waiting and end not in came:
        here = waiting.pop()
        for there, link in at[here]:
            if there not in came:
                came[there] = (here, link)
                waiting.append(there)
    found: list[Link] = []
    step = came.get(end)
    while step is not None:
        found.append(step[1])
        step = came[step[0]]
    return found[::-1]


def contradictions(
    profiles: Mapping[str, Profile], nominals: Mapping[str, tuple[str, str]] | None = None
) -> list[Contradiction]:
    """What speaks against these mentions being one person. `nominals`: mention -> (force, its number for the person)."""
    found = [Contradiction(Speaks.SIZE)] if len(profiles) > ALARM_MENTIONS else []
    births = _holders({mention: each.birth for mention, each in profiles.items()})
    sexes = _holders({mention: each.sex for mention, each in profiles.items()})
    pncs = _holders({mention: each.pnc for mention, each in profiles.items()})
    found += _first(Speaks.BIRTHS, births, same_birth)
    found += _first(Speaks.SEXES, sexes, lambda one, other: False)
    found += _first(Speaks.PNC_IDS, pncs, lambda one, other: OSA.distance(one, other, score_cutoff=1) <= 1)
    of_force: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for mention, (force, number) in sorted((nominals or {}).items()):
        of_force[force].setdefault(number, mention)
    for _, held in sorted(of_force.items()):
        if len(held) > 1:
            found.append(Contradiction(Speaks.NOMINALS, *sorted(held.values())[:2]))
    return found


def _holders(values: Mapping[str, str | None]) -> dict[str, str]:
    """value -> the first mention that says it."""
    found: dict[str, str] = {}
    for mention, value in sorted(values.items()):
        if value:
            found.setdefault(value, mention)
    return found


def _first(speaks: Speaks, holders: Mapping[str, str], may_be_one: Callable[[str, str], bool]) -> list[Contradiction]:
    for (one, left), (other, right) in combinations(sorted(holders.items()), 2):
        if not may_be_one(one, other):
            return [Contradiction(speaks, left, right)]
    return []


def standing(judgements: Iterable[Judgement]) -> dict[tuple[str, str], str]:
    """The newest verdict on each pair; at one and the same time "different" outranks, as in the clustering."""
    ordered = sorted(judgements, key=lambda each: (each.at, each.verdict == DIFFERENT, each.verdict))
    return {
        (min(each.left, each.right), max(each.left, each.right)): each.verdict
        for each in ordered
        if each.left != each.right
    }


def _root(parent: dict[str, str], node: str) -> str:
    parent.setdefault(node, node)
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _sized(links: Sequence[Link]) -> list[Link]:
    """The links with the sizes of the two sides that each holds together."""
    at: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        at[link.left].append(link.right)
        at[link.right].append(link.left)
    above: dict[str, str] = {}
    below: dict[str, int] = {}
    whole: dict[str, int] = {}
    for start in at:
        if start in whole:
            continue
        order = _from(start, at, above)
        for node in reversed(order):
            below[node] = below.get(node, 0) + 1
            if node in above:
                below[above[node]] = below.get(above[node], 0) + below[node]
        whole.update(dict.fromkeys(order, len(order)))
    return [_with_sizes(link, above, below, whole) for link in links]


def _from(start: str, at: Mapping[str, Sequence[str]], above: dict[str, str]) -> list[str]:
    """The nodes of one tree, each after the one above it."""
    order = [start]
    for node in order:
        for each in at[node]:
            if above.get(node) != each:
                above[each] = node
                order.append(each)
    return order


def _with_sizes(link: Link, above: Mapping[str, str], below: Mapping[str, int], whole: Mapping[str, int]) -> Link:
    if above.get(link.left) == link.right:
        return replace(link, left_size=below[link.left], right_size=whole[link.left] - below[link.left])
    return replace(link, left_size=whole[link.left] - below[link.right], right_size=below[link.right])
