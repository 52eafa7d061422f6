"""From pairs to people: best-first merging with vetoes, under people's judgements.

Joining everything that any chain of pairs connects fuses strangers (resolution notes: precision 0.07). So pairs are
taken strongest first, and two groups join only if their profiles can be one person's. The result depends on nothing
but the nodes, pairs and judgements given: whoever sees fewer of them gets the clusters of what he sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
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


def profile(*, birth: str | None, sex: str | None, pnc: str | None, nominal: str | None, names: int) -> Profile:
    """The profile of a mention that gives so many of forename and surname: both name somebody, and so does one beside a
    full date of birth."""
    whole = birth is not None and len(birth) == len("2001-01-02")
    return Profile(birth, sex, pnc, names == len(("forename", "surname")) or bool(pnc or nominal or (whole and names)))


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


class _Group:
    """What the members of a cluster under construction amount to."""

    __slots__ = ("anchored", "apart", "births", "members", "men", "pncs", "women")

    def __init__(self, row: int, profile: Profile) -> None:
        self.members = [row]
        self.births: dict[str, int] = {profile.birth: 1} if profile.birth else {}
        self.pncs: frozenset[str] = frozenset((profile.pnc,)) if profile.pnc else frozenset()
        self.men, self.women = int(profile.sex == "M"), int(profile.sex == "F")
        self.anchored = profile.anchored
        self.apart: set[int] = set()  # groups that a judgement keeps away


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
    ids = sorted(nodes)
    row_of = {node: row for row, node in enumerate(ids)}
    strong = sorted(
        (-weight, min(row_of[left], row_of[right]), max(row_of[left], row_of[right]))
        for left, right, weight in pairs
        if weight >= threshold_bits and left in row_of and right in row_of and left != right
    )
    standing = standing_of(each for each in judgements if each.left in row_of and each.right in row_of)
    said = [(row_of[each.left], row_of[each.right], each.verdict) for each in standing]
    group_of, contradicted = merge([nodes[node] for node in ids], strong, said, vetoes)
    # Rows rise with ids, so that the first of a group has the smallest.
    first: dict[int, str] = {}
    cluster_of = {node: first.setdefault(group, node) for node, group in zip(ids, group_of, strict=True)}
    return Clustering(cluster_of, tuple(standing[place] for place in contradicted))


def merge(
    profiles: Sequence[Profile],
    strongest_first: Iterable[tuple[float, int, int]],
    standing: Sequence[tuple[int, int, str]],
    vetoes: Vetoes,
) -> tuple[list[int], list[int]]:
    """For each row of `profiles` the number of its group, and the places of the "same" that could not hold.

    `strongest_first`: minus the weight in bits, and two rows; where weights are equal, by the ids of the two. `standing`:
    one judgement on a pair of rows, newest first.
    """
    merger = _Merger(profiles, vetoes)
    contradicted = merger.apply(standing)
    loose = []
    anchored = [each.anchored for each in profiles]
    for minus, left, right in strongest_first:
        if anchored[left] and anchored[right]:
            merger.join_if_compatible(left, right, overriding=-minus >= OVERRIDING_BITS)
        else:
            loose.append((left, right))
    for left, right in loose:
        merger.attach(left, right)
    return merger.group_of, contradicted


def standing_of(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The newest judgement on each pair, newest first; at one and the same time "different" outranks."""
    newest: dict[tuple[str, str], Judgement] = {}
    ordered = sorted(
        (each for each in judgements if each.left != each.right),
        key=lambda each: (each.at, each.verdict == DIFFERENT, each.verdict, each.left, each.right),
    )
    for each in ordered:
        newest[(min(each.left, each.right), max(each.left, each.right))] = each
    by_pair = sorted(newest.items())
    return [each for _, each in sorted(by_pair, key=lambda item: item[1].at, reverse=True)]


class _Merger:
    """Rows in groups that carry their profile; a group goes by the number of one of its members."""

    def __init__(self, profiles: Sequence[Profile], vetoes: Vetoes) -> None:
        self._vetoes = vetoes
        self._groups = [_Group(row, profile) for row, profile in enumerate(profiles)]
        self.group_of = list(range(len(profiles)))
        # Two groups that could not join, and how many they were: many pairs lead from the one to the other.
        self._refused: dict[tuple[int, int], int] = {}

    def apply(self, standing: Sequence[tuple[int, int, str]]) -> list[int]:
        """Keep apart, then join, newest first; returns the places of "same" judgements that could not hold."""
        for left, right, verdict in standing:
            if verdict == DIFFERENT:
                self._groups[left].apart.add(right)
                self._groups[right].apart.add(left)
        contradicted = []
        for place, (left, right, verdict) in enumerate(standing):
            if verdict != SAME:
                continue
            one, other = self.group_of[left], self.group_of[right]
            if other in self._groups[one].apart:
                contradicted.append(place)
            elif one != other:
                self._join(one, other)
        return contradicted

    def join_if_compatible(self, left: int, right: int, *, overriding: bool = False) -> None:
        left, right = self.group_of[left], self.group_of[right]
        if left == right:
            return
        one, other = self._groups[left], self._groups[right]
        if right in one.apart:
            return
        if overriding or self._may_join(left, right):
            self._join(left, right)
        else:
            self._refused[left, right] = len(one.members) + len(other.members)

    def attach(self, left: int, right: int) -> None:
        """For a pair with a nameless mention: it may follow one group, never bring two together."""
        left, right = self.group_of[left], self.group_of[right]
        if left == right or right in self._groups[left].apart:
            return
        one, other = self._groups[left], self._groups[right]
        alone = (len(one.members) == 1 and not one.anchored) or (len(other.members) == 1 and not other.anchored)
        if alone and _compatible(one, other, self._vetoes):
            self._join(left, right)

    def _may_join(self, left: int, right: int) -> bool:
        # Groups only grow: two that are as many together as when they were refused are the same two.
        one, other = self._groups[left], self._groups[right]
        if self._refused.get((left, right)) == len(one.members) + len(other.members):
            return False
        return _compatible(one, other, self._vetoes)

    def _join(self, left: int, right: int) -> None:
        """The smaller group goes into the larger."""
        if len(self._groups[left].members) < len(self._groups[right].members):
            left, right = right, left
        into, gone = self._groups[left], self._groups[right]
        for member in gone.members:
            self.group_of[member] = left
        into.members += gone.members
        for birth, count in gone.births.items():
            into.births[birth] = into.births.get(birth, 0) + count
        for enemy in gone.apart:
            theirs = self._groups[enemy].apart
            theirs.discard(right)
            theirs.add(left)
        into.pncs |= gone.pncs
        into.men += gone.men
        into.women += gone.women
        into.anchored |= gone.anchored
        into.apart |= gone.apart


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


@lru_cache(1 << 16)
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
