"""Chance that repeats: every stream of random numbers is named, so the same seed gives the same nation everywhere."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping
from itertools import accumulate
from math import exp, log
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *names: object) -> Random:
    """A stream of its own for each name: adding one elsewhere changes nothing here."""
    return Random("/".join([str(seed), *map(str, names)]))


class Choice(Generic[T]):
    """Draws one of several things by weight, in logarithmic time."""

    __slots__ = ("_cumulative", "_items", "_total")

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs = list(weights.items() if isinstance(weights, Mapping) else weights)
        self._items: list[T] = [item for item, weight in pairs if weight > 0]
        self._cumulative = list(accumulate(weight for _, weight in pairs if weight > 0))
        if not self._items:
            raise ValueError("nothing to choose from: every weight is zero")
        self._total = self._cumulative[-1]

    def draw(self, rng: Random) -> T:
        """One item."""
        place = bisect(self._cumulative, rng.random() * self._total)
        item: T = self._items[min(place, len(self._items) - 1)]
        return item

    @property
    def items(self) -> tuple[T, ...]:
        """Everything that can be drawn, in the order given."""
        return tuple(self._items)


def lognormal(rng: Random, *, median: float, sigma: float) -> float:
    """A lognormal draw by its median and the standard deviation of its logarithm."""
    return exp(log(median) + sigma * rng.gauss(0.0, 1.0))


def poisson(rng: Random, mean: float) -> int:
    """A Poisson draw by multiplication; for the small means used here."""
    limit, count, product = exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
