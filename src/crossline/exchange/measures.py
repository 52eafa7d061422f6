"""How well groups and sets agree with the truth, counted from contingency tables, so that a nation is no matter of minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Agreement:
    """Right: found and true. Wrong: found and not true. Missed: true and not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is true; None where nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Of what is true, the share that was found; None where nothing is true."""
        true = self.right + self.missed
        return self.right / true if true else None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None where neither says anything."""
        return f_measure(self.precision, self.recall)


@dataclass(frozen=True)
class BCubed:
    """Mean over members: how much of a member's group belongs with it, and how much of what belongs is there."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean."""
        return f_measure(self.precision, self.recall)


def f_measure(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean of precision and recall."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def pairwise(labels: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Pairs of members put together, from each member's (true group, found group)."""
    cells = Counter(labels)
    true: Counter[Hashable] = Counter()
    found: Counter[Hashable] = Counter()
    for (truth, group), number in cells.items():
        true[truth] += number
        found[group] += number
    both = sum(map(_pairs, cells.values()))
    return Agreement(both, sum(map(_pairs, found.values())) - both, sum(map(_pairs, true.values())) - both)


def b_cubed(labels: Iterable[tuple[Hashable, Hashable]]) -> BCubed:
    """The same from the members' side: large groups do not outweigh small ones by their square."""
    cells = Counter(labels)
    true: Counter[Hashable] = Counter()
    found: Counter[Hashable] = Counter()
    for (truth, group), number in cells.items():
        true[truth] += number
        found[group] += number
    members = sum(cells.values())
    if not members:
        return BCubed(None, None)
    precision = sum(number * number / found[group] for (_, group), number in cells.items()) / members
    recall = sum(number * number / true[truth] for (truth, _), number in cells.items()) / members
    return BCubed(precision, recall)


def of_sets(true: Set[Hashable], found: Set[Hashable]) -> Agreement:
    """Two sets of the same sort of thing."""
    both = len(true & found)
    return Agreement(both, len(found) - both, len(true) - both)


def pairs_within(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    """Every pair of members of one group, each pair once. For small groups that may overlap."""
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}


def _pairs(number: int) -> int:
    return number * (number - 1) // 2
