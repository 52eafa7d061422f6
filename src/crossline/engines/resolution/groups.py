"""Groups of mentions as they grow one by one: what a new mention touches is clustered as a run over everything would have it."""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.clusters import Profile, Vetoes, merge, same_birth
from crossline.engines.resolution.nationwide import MOST_BIRTHS, Numbers, Profiles, Weighed, cluster_rows, components

Told = Callable[[int], tuple[str, Profile]]
"""The id and the profile of a mention, by its number."""

Ranked = tuple[float, str, str, int, int]
"""A pair as merging takes them in order: minus the weight in bits, the ids of the two, rising, and their numbers."""


class _Wide:
    """Mentions that pairs connect, what they say that could keep two of them apart, and their pairs once that matters."""

    def __init__(self, vetoes: Vetoes) -> None:
        self._vetoes = vetoes
        self.told: dict[int, tuple[str, Profile]] = {}
        self.pairs: list[Ranked] | None = None
        self.disputed = False
        """Whether something here may keep two apart; if not, merging in whatever order ends with all of them."""
        self._births: set[str] = set()
        self._sexes: set[str] = set()
        self._pncs: set[str] = set()

    def hold(self, number: int, named: str, profile: Profile) -> None:
        """One more mention."""
        self.told[number] = named, profile
        if profile.birth and profile.birth not in self._births:
            self._compare_births({profile.birth})
        if profile.sex:
            self._sexes.add(profile.sex)
        if profile.pnc:
            self._pncs.add(profile.pnc)
        if not profile.anchored:
            self.disputed = True
        self._compare_facts()

    def take(self, other: _Wide) -> None:
        """Those of another beside one's own, and the pairs of both where both know theirs."""
        self.told |= other.told
        both = self.pairs is not None and other.pairs is not None
        self.pairs = sorted([*(self.pairs or ()), *(other.pairs or ())]) if both else None
        self.disputed = self.disputed or other.disputed
        self._compare_births(other._births - self._births)
        self._sexes |= other._sexes
        self._pncs |= other._pncs
        self._compare_facts()

    def _compare_facts(self) -> None:
        if (self._vetoes.sex and len(self._sexes) > 1) or (self._vetoes.pnc and len(self._pncs) > 1):
            self.disputed = True

    def _compare_births(self, fresh: set[str]) -> None:
        """Take in dates of birth of which none is known: two that cannot be one are a dispute, and so are very many."""
        if self._vetoes.birth and not self.disputed:
            many = len(self._births) + len(fresh) > MOST_BIRTHS
            self.disputed = many or not all(same_birth(birth, known) for birth in fresh for known in self._births)
        self._births |= fresh


class Groups:
    """Mentions are numbered as they come; a cluster is named by the first mention of it that came."""

    def __init__(self, vetoes: Vetoes, told: Told) -> None:
        self._vetoes = vetoes
        self._told = told
        self._parent = array("i")
        self._first = array("i")
        self._touched: dict[int, _Wide] = {}
        self._since: dict[int, Sequence[tuple[int, float]]] = {}
        # Of those that came at first: the root of each, members by root, and pairs by root as merging takes them.
        self._roots = self._by_root = self._left = self._right = np.zeros(0, dtype=np.int32)
        self._minus = np.zeros(0)
        self._members_from = self._pairs_from = np.zeros(1, dtype=np.int64)

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
        roots = components(known, numbers[left], numbers[right]).astype(np.int32)
        self._parent = array("i", roots.tobytes())
        self._roots = roots
        self._by_root = np.argsort(roots, kind="stable").astype(np.int32)
        self._members_from = np.searchsorted(roots[self._by_root], np.arange(known + 1))
        of_pair = roots[numbers[left]]
        order = np.lexsort((right, left, -bits, of_pair))
        self._minus = -bits[order]
        self._left, self._right = (numbers[side[order]].astype(np.int32) for side in (left, right))
        self._pairs_from = np.searchsorted(of_pair[order], np.arange(known + 1))

    def add(self, pairs: Sequence[tuple[int, float]]) -> None:
        """One more mention, of the next number, and the known ones that it may join, each with the weight in bits."""
        number = len(self._first)
        self._parent.append(number)
        self._first.append(number)
        if not pairs:
            return
        self._since[number] = pairs
        roots = {self._root(other) for other, _ in pairs}
        wide = self._gathered(number, roots)
        root = self._parent[number] = min(roots)
        for each in roots:
            self._parent[each] = root
        self._touched[root] = wide
        self._settle(wide, number)

    def _gathered(self, number: int, roots: set[int]) -> _Wide:
        """The mention and all that its pairs connect it with; the smaller go into the largest."""
        largest, *rest = sorted((self._wide(root) for root in roots), key=lambda each: -len(each.told))
        for root in roots:
            self._touched.pop(root, None)
        for each in rest:
            largest.take(each)
        largest.hold(number, *self._told(number))
        return largest

    def _settle(self, wide: _Wide, number: int) -> None:
        told = wide.told
        if not wide.disputed:
            first = min(told)
            for member in told:
                self._first[member] = first
            return
        if wide.pairs is None:
            wide.pairs = sorted(self._ranked(wide))
        else:
            for each in self._ranked_since(wide, number):
                insort(wide.pairs, each)
        members = sorted(told)
        place_of = {member: place for place, member in enumerate(members)}
        ordered = ((minus, place_of[left], place_of[right]) for minus, _, _, left, right in wide.pairs)
        group_of, _ = merge([told[member][1] for member in members], ordered, (), self._vetoes)
        earliest: dict[int, int] = {}
        for member, group in zip(members, group_of, strict=True):
            self._first[member] = earliest.setdefault(group, member)

    def _ranked(self, wide: _Wide) -> Iterator[Ranked]:
        """All pairs of some mentions that pairs connect."""
        begun = len(self._roots)
        told = wide.told
        for root in sorted({int(self._roots[member]) for member in told if member < begun}):
            some = slice(self._pairs_from[root], self._pairs_from[root + 1])
            columns = (self._minus[some].tolist(), self._left[some].tolist(), self._right[some].tolist())
            for minus, left, right in zip(*columns, strict=True):
                yield minus, told[left][0], told[right][0], left, right
        for member in told:
            if member >= begun:
                yield from self._ranked_since(wide, member)

    def _ranked_since(self, wide: _Wide, number: int) -> Iterator[Ranked]:
        """The pairs with which a mention came."""
        for other, bits in self._since.get(number, ()):
            (left, one), (right, two) = sorted((wide.told[each][0], each) for each in (number, other))
            yield -bits, left, right, one, two

    def _root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def _wide(self, root: int) -> _Wide:
        if root in self._touched:
            return self._touched[root]
        members = [root]
        if root < len(self._roots):
            members = self._by_root[self._members_from[root] : self._members_from[root + 1]].tolist()
        wide = _Wide(self._vetoes)
        for member in members:
            wide.hold(member, *self._told(member))
        return wide
