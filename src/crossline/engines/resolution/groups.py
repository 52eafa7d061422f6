"""Groups of mentions as they grow one by one: what a new mention touches is clustered as a run over everything would have it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.clusters import Pair, Profile, Vetoes, clustering, same_birth
from crossline.engines.resolution.nationwide import MOST_BIRTHS, Numbers, Profiles, Weighed, cluster_rows, components

Told = Callable[[int], tuple[str, Profile]]
"""The id and the profile of a mention, by its number."""


@dataclass(frozen=True)
class _Wide:
    """Mentions that pairs connect, and what they say that could keep two of them apart."""

    members: tuple[int, ...]
    births: frozenset[str]
    sexes: frozenset[str]
    pncs: frozenset[str]
    nameless: bool

    def with_(self, other: _Wide) -> _Wide:
        return _Wide(
            self.members + other.members,
            self.births | other.births,
            self.sexes | other.sexes,
            self.pncs | other.pncs,
            self.nameless or other.nameless,
        )

    def is_one(self, vetoes: Vetoes) -> bool:
        """Whether nothing here can keep two apart, so that merging in whatever order ends with all of them."""
        if self.nameless or len(self.births) > MOST_BIRTHS:
            return False
        if (vetoes.sex and len(self.sexes) > 1) or (vetoes.pnc and len(self.pncs) > 1):
            return False
        births = sorted(self.births)
        return not vetoes.birth or all(
            same_birth(left, right) for place, left in enumerate(births) for right in births[place + 1 :]
        )


class Groups:
    """Mentions are numbered as they come; a cluster is named by the first mention of it that came."""

    def __init__(self, vetoes: Vetoes, told: Told) -> None:
        self._vetoes = vetoes
        self._told = told
        self._parent = array("i")
        self._first = array("i")
        self._touched: dict[int, _Wide] = {}
        self._since: dict[int, list[tuple[int, float]]] = {}
        none = np.zeros(0, dtype=np.int64)
        self._by_root, self._root_from = (
            none,
            none,
        )  # members by the root they had at first, and where each root's begin
        self._right, self._bits, self._edge_from = none, np.zeros(0), none

    def cluster_of(self, number: int) -> int:
        """The number of the first mention of the cluster that a mention is in."""
        return self._first[number]

    def begin(
        self, profiles: Profiles, numbers: Numbers, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32],
        bits: npt.NDArray[np.float64],
    ) -> None:  # fmt: skip
        """Many at once: rows as `profiles` has them, the number of each, and the pairs of rows that may join."""
        known = len(numbers)
        cluster_of, _ = cluster_rows(profiles, Weighed(left, right, bits), (), vetoes=self._vetoes)
        first = np.full(known, known, dtype=np.int64)
        np.minimum.at(first, cluster_of, numbers)
        named = np.empty(known, dtype=np.int32)
        named[numbers] = first[cluster_of]
        self._first = array("i", named.tobytes())
        one, other = numbers[left], numbers[right]
        roots = components(known, one, other)
        self._parent = array("i", roots.astype(np.int32).tobytes())
        self._by_root = np.argsort(roots, kind="stable")
        self._root_from = np.searchsorted(roots[self._by_root], np.arange(known + 1))
        order = np.argsort(one, kind="stable")
        self._right, self._bits = other[order], bits[order]
        self._edge_from = np.searchsorted(one[order], np.arange(known + 1))

    def add(self, pairs: Sequence[tuple[int, float]]) -> None:
        """One more mention, of the next number, and the known ones that it may join, each with the weight in bits."""
        number = len(self._first)
        self._parent.append(number)
        self._first.append(number)
        if not pairs:
            return
        self._since[number] = list(pairs)
        wide = self._alone(number)
        for root in sorted({self._root(other) for other, _ in pairs}):
            wide = wide.with_(self._wide(root))
            self._touched.pop(root, None)
            self._parent[number] = min(self._parent[number], root)
        root = self._parent[number]
        for member in wide.members:
            self._parent[member] = root
        self._touched[root] = wide
        self._settle(wide)

    def _settle(self, wide: _Wide) -> None:
        if wide.is_one(self._vetoes):
            first = min(wide.members)
            for member in wide.members:
                self._first[member] = first
            return
        told = {number: self._told(number) for number in wide.members}
        nodes = dict(told.values())
        pairs = [Pair(told[left][0], told[right][0], bits) for left, right, bits in self._pairs(wide.members)]
        found = clustering(nodes, pairs, (), -np.inf, self._vetoes).cluster_of
        earliest: dict[str, int] = {}
        for number in sorted(wide.members):
            self._first[number] = earliest.setdefault(found[told[number][0]], number)

    def _pairs(self, members: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        begun = len(self._edge_from) - 1
        for number in members:
            if number < begun:
                start, end = self._edge_from[number], self._edge_from[number + 1]
                for other, bits in zip(self._right[start:end].tolist(), self._bits[start:end].tolist(), strict=True):
                    yield number, other, bits
            for other, bits in self._since.get(number, ()):
                yield number, other, bits

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def _wide(self, root: int) -> _Wide:
        if root in self._touched:
            return self._touched[root]
        if root >= len(self._root_from) - 1:
            return self._alone(root)
        members = self._by_root[self._root_from[root] : self._root_from[root + 1]].tolist()
        wide = self._alone(members[0])
        for member in members[1:]:
            wide = wide.with_(self._alone(member))
        return wide

    def _alone(self, number: int) -> _Wide:
        _, profile = self._told(number)
        return _Wide(
            (number,),
            frozenset((profile.birth,)) if profile.birth else frozenset(),
            frozenset((profile.sex,)) if profile.sex else frozenset(),
            frozenset((profile.pnc,)) if profile.pnc else frozenset(),
            not profile.anchored,
        )
