"""From pairs to people: best-first merging with vetoes, under people's judgements.

Joining everything that any chain of pairs connects fuses strangers (resolution notes: precision 0.07). So pairs are
taken strongest first, and two groups join only if their profiles can be one person's. The result depends on nothing
but the nodes, pairs and judgements given: whoever sees fewer of them gets the clusters of what he sees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import OSA

SAME, DIFFERENT = "same", "different"

# A pair this strong (the disagreement already counted against it) joins over a veto of the data: PNC ids and dates of
# birth are sometimes plainly wrong. [D] About 17 million to one.
OVERRIDING_BITS = 24.0


class Profile(NamedTuple):
    """What a mention says that can rule others out. `anchored`: it names somebody (not an alias or a number alone)."""

    birth: str | None = None  # ISO, perhaps partial
    sex: str | None = None
    pnc: str | None = None
    anchored: bool = True


class Pair(NamedTuple):
    """A scored pair of mentions."""

    left: str
    right: str
    weight_bits: float


class Judgement(NamedTuple):
    """A person's statement about two mentions. `at` orders them; the newest on the same pair stands."""

    left: str
    right: str
    verdict: str  # SAME, DIFFERENT; anything else (unsure) joins and parts nobody
    at: str = ""


class Vetoes(NamedTuple):
    """Which facts may keep two groups apart, however strong a pair between them (short of OVERRIDING_BITS)."""

    pnc: bool = True
    sex: bool = True
    birth: bool = True


@dataclass(frozen=True)
class Clustering:
    """`cluster_of`: mention -> representative, the smallest mention id of its cluster. `contradicted`: "same"
    judgements that could not hold beside a "different" one, newest first: somebody must settle them."""

    cluster_of: Mapping[str, str]
    contradicted: tuple[Judgement, ...]


@dataclass
class _Group:
    """What the members of a cluster under construction amount to."""

    size: int = 1
    births: dict[str, int] = field(default_factory=dict)
    pncs: frozenset[str] = frozenset()
    men: int = 0
    women: int = 0
    anchored: bool = False
    apart: set[str] = field(default_factory=set)  # roots of groups that a judgement keeps away


def cluster(
    nodes: Mapping[str, Profile], pairs: Iterable[Pair], judgements: Iterable[Judgement], threshold_bits: float
) -> Mapping[str, str]:
    """mention -> cluster representative; see `clustering`."""
    return clustering(nodes, pairs, judgements, threshold_bits).cluster_of


def clustering(
    nodes: Mapping[str, Profile],
    pairs: Iterable[Pair],
    judgements: Iterable[Judgement],
    threshold_bits: float,
    vetoes: Vetoes = Vetoes(),  # noqa: B008 (immutable)
) -> Clustering:
    """Clusters of `nodes` by pairs of at least `threshold_bits`; pairs and judgements about other mentions are ignored.

    "Different" always holds. "Same" holds over any veto of the data, and gives way only to "different".
    """
    merger = _Merger(nodes, vetoes)
    contradicted = merger.apply(_standing(nodes, judgements))
    strong = sorted(
        (-weight, min(left, right), max(left, right))
        for left, right, weight in pairs
        if weight >= threshold_bits and left in nodes and right in nodes and left != right
    )
    loose = []
    for negative_weight, left, right in strong:
        if nodes[left].anchored and nodes[right].anchored:
            merger.join_if_compatible(left, right, overriding=-negative_weight >= OVERRIDING_BITS)
        else:
            loose.append((left, right))
    for left, right in loose:
        merger.attach(left, right)
    return Clustering(merger.representatives(), tuple(contradicted))


def _standing(nodes: Mapping[str, Profile], judgements: Iterable[Judgement]) -> list[Judgement]:
    """The newest judgement on each pair, newest first; at one and the same time "different" outranks."""
    newest: dict[tuple[str, str], Judgement] = {}
    ordered = sorted(
        (each for each in judgements if each.left in nodes and each.right in nodes and each.left != each.right),
        key=lambda each: (each.at, each.verdict == DIFFERENT, each.verdict, each.left, each.right),
    )
    for each in ordered:
        newest[(min(each.left, each.right), max(each.left, each.right))] = each
    by_pair = sorted(newest.items())
    return [each for _, each in sorted(by_pair, key=lambda item: item[1].at, reverse=True)]


class _Merger:
    """Disjoint sets of mentions that carry their profile."""

    def __init__(self, nodes: Mapping[str, Profile], vetoes: Vetoes) -> None:
        self._vetoes = vetoes
        self._parent = {node: node for node in nodes}
        self._groups: dict[str, _Group] = {node: _group(profile) for node, profile in nodes.items()}

    def apply(self, standing: list[Judgement]) -> list[Judgement]:
        """Keep apart, then join, newest first; returns the "same" judgements that could not hold."""
        for each in standing:
            if each.verdict == DIFFERENT:
                self._groups[each.left].apart.add(each.right)
                self._groups[each.right].apart.add(each.left)
        contradicted = []
        for each in standing:
            if each.verdict != SAME:
                continue
            left, right = self._root(each.left), self._root(each.right)
            if right in self._groups[left].apart:
                contradicted.append(each)
            elif left != right:
                self._join(left, right)
        return contradicted

    def join_if_compatible(self, left: str, right: str, *, overriding: bool = False) -> None:
        left, right = self._root(left), self._root(right)
        if left == right or right in self._groups[left].apart:
            return
        if overriding or _compatible(self._groups[left], self._groups[right], self._vetoes):
            self._join(left, right)

    def attach(self, left: str, right: str) -> None:
        """For a pair with a nameless mention: it may follow one group, never bring two together."""
        left, right = self._root(left), self._root(right)
        if left == right or right in self._groups[left].apart:
            return
        one, other = self._groups[left], self._groups[right]
        alone = (one.size == 1 and not one.anchored) or (other.size == 1 and not other.anchored)
        if alone and _compatible(one, other, self._vetoes):
            self._join(left, right)

    def representatives(self) -> dict[str, str]:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for node in self._parent:
            members[self._root(node)].append(node)
        return {node: smallest for group in members.values() for smallest in (min(group),) for node in group}

    def _root(self, node: str) -> str:
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def _join(self, left: str, right: str) -> None:
        """The smaller group goes into the larger."""
        if self._groups[left].size < self._groups[right].size:
            left, right = right, left
        into, gone = self._groups[left], self._groups.pop(right)
        self._parent[right] = left
        for birth, count in gone.births.items():
            into.births[birth] = into.births.get(birth, 0) + count
        for enemy in gone.apart:
            theirs = self._groups[enemy].apart
            theirs.discard(right)
            theirs.add(left)
        into.size += gone.size
        into.pncs |= gone.pncs
        into.men += gone.men
        into.women += gone.women
        into.anchored |= gone.anchored
        into.apart |= gone.apart


def _group(profile: Profile) -> _Group:
    return _Group(
        births={profile.birth: 1} if profile.birth else {},
        pncs=frozenset((profile.pnc,)) if profile.pnc else frozenset(),
        men=int(profile.sex == "M"),
        women=int(profile.sex == "F"),
        anchored=profile.anchored,
    )


def _compatible(one: _Group, other: _Group, vetoes: Vetoes) -> bool:
    """Whether two groups may be one person: the vetoes of the data, cheapest first."""
    if vetoes.pnc and one.pncs and other.pncs and not identifiers_agree(one.pncs, other.pncs):
        return False
    if vetoes.sex and (one.men - one.women) * (other.men - other.women) < 0:
        return False
    # One PNC id is one set of fingerprints: it settles what two dates of birth dispute.
    return not vetoes.birth or not one.pncs.isdisjoint(other.pncs) or births_agree(one.births, other.births)


def identifiers_agree(one: Set[str], other: Set[str]) -> bool:
    """One identifier in common, or two that are a slip of the pen apart."""
    return not one.isdisjoint(other) or any(
        OSA.distance(left, right, score_cutoff=1) <= 1 for left in one for right in other
    )


def births_agree(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """At least half of the pairs of dates (by number of mentions) can be one date, slips of the pen allowed."""
    if not one or not other or (len(one) == 1 and one.keys() == other.keys()):
        return True
    agreeing = sum(
        ours * theirs for left, ours in one.items() for right, theirs in other.items() if same_birth(left, right)
    )
    return 2 * agreeing >= sum(one.values()) * sum(other.values())


def same_birth(left: str, right: str) -> bool:
    """Whether two ISO dates may be one: equal, day and month swapped, a digit off, two parts of three equal.

    Where one is partial, years next to each other may be one: it was often reckoned from an age.
    """
    if left == right:
        return True
    year, month, day = (left.split("-") + [""] * 2)[:3]
    other_year, other_month, other_day = (right.split("-") + [""] * 2)[:3]
    if not day or not other_day:
        return abs(int(year) - int(other_year)) <= 1
    if year == other_year and (month, day) == (other_day, other_month):
        return True
    if (year == other_year) + (month == other_month) + (day == other_day) >= 2:
        return True
    return sum(ours != theirs for ours, theirs in zip(left, right, strict=True)) <= 1
