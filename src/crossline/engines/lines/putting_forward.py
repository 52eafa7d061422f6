"""What changes of number that nobody has confirmed put beside a line: numbers it may have had, lines it may be one with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from crossline.engines.lines.model import SuccessionLink

Edge = tuple[int, int, SuccessionLink]
"""A change from one node to another. A node is a line, or a number that no record names with a line."""


@dataclass(frozen=True)
class PutForward:
    """By line: the changes that lead from it to numbers it may have had, and the first of the lines it may be one with."""

    links: Mapping[int, Sequence[SuccessionLink]]
    with_lines: Mapping[int, int]


def put_forward(edges: Sequence[Edge], lines: Set[int]) -> PutForward:
    """From each line along the changes, through numbers of no line, up to the numbers of other lines and no further."""
    at: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        for node in dict.fromkeys(edge[:2]):
            at[node].append(edge)
    begin = sorted(lines & at.keys())
    return PutForward({line: _around(line, at, lines) for line in begin}, _together(begin, at, lines))


def _around(line: int, at: Mapping[int, Sequence[Edge]], lines: Set[int]) -> list[SuccessionLink]:
    """The changes that touch the line or a number reached from it; another line is reached and not gone beyond."""
    found: dict[SuccessionLink, None] = {}
    reached, edge_of = {line}, [line]
    while edge_of:
        node = edge_of.pop()
        for left, right, link in at[node]:
            found[link] = None
            for other in {left, right} - reached - lines:
                reached.add(other)
                edge_of.append(other)
    return list(found)


def _together(begin: Sequence[int], at: Mapping[int, Sequence[Edge]], lines: Set[int]) -> dict[int, int]:
    """Each line with the smallest of those that the changes, taken together, would make one line of."""
    first: dict[int, int] = {}
    for line in begin:
        if line in first:
            continue
        reached, edge_of = {line}, [line]
        while edge_of:
            node = edge_of.pop()
            for other in {end for edge in at[node] for end in edge[:2]} - reached:
                reached.add(other)
                edge_of.append(other)
        first |= dict.fromkeys(reached & lines, line)
    return first
