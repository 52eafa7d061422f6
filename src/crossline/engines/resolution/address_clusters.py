"""Which addresses count as one: best-first merging, in which two flats or two house numbers never come into one group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from crossline.engines.resolution.address_levels import THRESHOLD_BITS
from crossline.engines.resolution.address_reading import Address
from crossline.engines.resolution.addresses import contradict
from crossline.engines.resolution.clusters import DIFFERENT, SAME, Judgement, Pair, Profile, Vetoes, clustering

_NO_VETOES = Vetoes(pnc=False, sex=False, birth=False)


def join_addresses(
    ways: Mapping[str, Sequence[Address]],
    pairs: Iterable[Pair],
    judgements: Iterable[Judgement] = (),
    threshold_bits: float = THRESHOLD_BITS,
) -> Mapping[str, str]:
    """id -> the smallest id of its group. `ways`: each id with every way its address is written. Judgements outrank all.

    Depends on nothing but what it is given. Two ids of which any two ways contradict one another are kept apart however many
    others lie between them: flat 2 and flat 3 of a house are two addresses, though both are near the house without a flat.
    """
    strong = [pair for pair in pairs if pair.weight_bits >= threshold_bits and pair.left in ways and pair.right in ways]
    said = [each for each in judgements if each.left in ways and each.right in ways]
    settled = {frozenset(each[:2]) for each in said if each.verdict == SAME}
    apart = [
        Judgement(one, other, DIFFERENT)
        for group in _connected(strong)
        for one, other in combinations(group, 2)
        if {one, other} not in settled and any(contradict(ours, theirs) for ours in ways[one] for theirs in ways[other])
    ]
    ends = [*((pair.left, pair.right) for pair in strong), *((each.left, each.right) for each in said)]
    nodes = {each: Profile() for left, right in ends for each in (left, right)}
    return clustering(nodes, strong, [*apart, *said], threshold_bits, vetoes=_NO_VETOES).cluster_of


def _connected(pairs: Iterable[Pair]) -> list[list[str]]:
    """The ids that chains of pairs connect, each group in order."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for left, right, _ in pairs:
        beside[left].add(right)
        beside[right].add(left)
    seen: set[str] = set()
    groups = []
    for start in sorted(beside):
        if start in seen:
            continue
        group, edge = {start}, [start]
        while edge:
            for each in beside[edge.pop()] - group:
                group.add(each)
                edge.append(each)
        seen |= group
        groups.append(sorted(group))
    return groups
