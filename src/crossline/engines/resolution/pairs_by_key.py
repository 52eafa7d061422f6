"""Pairs of things that share a key, each once; with `new`, only those with a new one among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Set

MOST_OF_A_KEY = 500
"""A key that more things share than this is left out: it says too little of any two of them. [D]"""


def pairs_by_key(keys_of: Mapping[str, Set[str]], new: Collection[str] | None = None) -> list[tuple[str, str]]:
    """(smaller, larger) of every two things that share a key, in order."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for thing, keys in keys_of.items():
        for key in keys:
            members[key].append(thing)
    fresh = None if new is None else frozenset(new)
    found: set[tuple[str, str]] = set()
    for sharing in members.values():
        if not 1 < len(sharing) <= MOST_OF_A_KEY or (fresh is not None and fresh.isdisjoint(sharing)):
            continue
        ordered = sorted(sharing)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if fresh is None or one in fresh or other in fresh:
                    found.add((one, other))
    return sorted(found)
