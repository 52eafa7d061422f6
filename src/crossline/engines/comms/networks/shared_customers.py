"""Customers two lines have in common, against what chance would give two lists of that size in the same market.

The market of two lines is everybody on their lists or on a list that overlaps with either. Chance keeps the size of both lists
and how widely each customer is known among the market's other lines. A market of only two lines can tell nothing, and says so
by an expectation as large as what is seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

_ONE_SIDED = 1.96


@dataclass(frozen=True)
class Overlap:
    """Of two lines: customers in common, how many chance would give, the log ratio and its interval."""

    left: int
    right: int
    observed: int
    expected: float
    log_ratio: float
    low: float
    high: float


def overlaps(customers: Mapping[int, frozenset[int]], most_lines: int, *, least: int = 3) -> list[Overlap]:
    """Every pair of lines with at least `least` customers in common. A customer on more than `most_lines` counts nowhere."""
    spread = Counter(customer for listed in customers.values() for customer in listed)
    lists = {
        line: frozenset(each for each in listed if spread[each] <= most_lines) for line, listed in customers.items()
    }
    lines_of: dict[int, list[int]] = defaultdict(list)
    for line in sorted(lists):
        for customer in lists[line]:
            lines_of[customer].append(line)
    shared: Counter[tuple[int, int]] = Counter()
    for lines in lines_of.values():
        shared.update((left, right) for at, left in enumerate(lines) for right in lines[at + 1 :])
    beside: dict[int, set[int]] = defaultdict(set)
    for (left, right), count in shared.items():
        if count >= least:
            beside[left].add(right)
            beside[right].add(left)
    return [
        _overlap(left, right, count, lists, (beside[left] | beside[right]) - {left, right})
        for (left, right), count in sorted(shared.items())
        if count >= least
    ]


def _overlap(left: int, right: int, observed: int, lists: Mapping[int, frozenset[int]], market: set[int]) -> Overlap:
    known = Counter(customer for line in market for customer in lists[line])
    everybody = lists[left] | lists[right] | set(known)
    weight = [1.0 + known[customer] for customer in everybody]
    total, squares = sum(weight), sum(each * each for each in weight)
    expected = len(lists[left]) * len(lists[right]) * squares / (total * total)
    low, high = _poisson_interval(observed)
    return Overlap(
        left, right, observed, expected, log(observed / expected), log(max(low, 1e-9) / expected), log(high / expected)
    )


def _poisson_interval(count: int) -> tuple[float, float]:
    """95 % for the mean of a count, by Byar's approximation."""
    low = count * (1 - 1 / (9 * count) - _ONE_SIDED / (3 * sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    return max(low, 0.0), above * (1 - 1 / (9 * above) + _ONE_SIDED / (3 * sqrt(above))) ** 3
