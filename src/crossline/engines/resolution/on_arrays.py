"""The executor of many pairs: the declared levels asked of whole arrays of pairs.

Weights are whole steps of 1/1024 bit, looked up by level: no sum of floats, so that every executor gives the same.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.coding import Coded
from crossline.engines.resolution.comparing import SILENT
from crossline.engines.resolution.comparisons import COMPARISONS, ELSE, Comparison
from crossline.engines.resolution.conditions import Condition, Pairs, Places, when_true
from crossline.engines.resolution.expressions import parsed
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.names import in_steps
from crossline.engines.resolution.on_duckdb import THREADS
from crossline.engines.resolution.pairing import Couples

_IN_TURN = sorted(range(len(COMPARISONS)), key=lambda number: COMPARISONS[number].name not in ("birth", "sex", "force"))
"""What is asked first costs least and rules most out."""


@dataclass(frozen=True)
class Compared:
    """Pairs weighed: rows (int32, the smaller first), level numbers (pairs x comparisons, SILENT where nothing is said),
    rare_fore and rare_sur of the left mention, and weights in steps; ordered by rows."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    levels: npt.NDArray[np.int8]
    rare: Mapping[str, npt.NDArray[np.int32]]
    weight_steps: npt.NDArray[np.int32]

    def parts(self, number: int, model: Model) -> npt.NDArray[np.int32]:
        """The steps of one comparison, 0 where it is silent."""
        return _steps(COMPARISONS[number], model, self.levels[:, number], self.rare)


def compare_pairs(coded: Coded, pairs: Iterable[Couples], model: Model, *, least_bits: float | None = None) -> Compared:
    """Weigh pairs of rows, given in order, some at a time; those of `least_bits` at least are kept."""
    least = None if least_bits is None else math.ceil(least_bits * BIT_STEPS)
    weigh = partial(_weighed, coded, model, least)
    with ThreadPoolExecutor(THREADS) as pool:
        return _together([found.result() for found in _a_few_at_a_time(pool, weigh, pairs)])


def _a_few_at_a_time(
    pool: Executor, act: Callable[[Couples], Compared], given: Iterable[Couples]
) -> Iterator[Future[Compared]]:
    """As pool.map, without taking all that is given before anything is done."""
    waiting: deque[Future[Compared]] = deque()
    for each in given:
        if len(waiting) > THREADS:
            yield waiting.popleft()
        waiting.append(pool.submit(act, each))
    yield from waiting


def _weighed(coded: Coded, model: Model, least: int | None, couples: Couples) -> Compared:
    """Some pairs. One that cannot reach `least` whatever is still to be asked of it is asked nothing more."""
    left, right = couples
    pairs = Pairs(coded, left.astype(np.int64), right.astype(np.int64))
    rare = {name: column.take(pairs.left) for name, column in coded.rare.items()}
    levels = np.full((len(COMPARISONS), len(left)), SILENT, dtype=np.int8)
    most = [_most(comparison, model) for comparison in COMPARISONS]
    speaking = [_speaking(pairs, number) for number in range(len(COMPARISONS))]
    weight = np.full(len(left), model.prior_steps, dtype=np.int32)
    for speaks, steps in zip(speaking, most, strict=True):
        weight += speaks * np.int32(steps)
    open_ = np.arange(len(left))
    for number in _IN_TURN:
        if least is not None:
            open_ = open_.take(np.flatnonzero(weight.take(open_) >= least))
        at = open_.take(np.flatnonzero(speaking[number].take(open_)))
        found = _level(pairs, number, at)
        levels[number, at] = found
        shares = {name: column.take(at) for name, column in rare.items()}
        weight[at] += _steps(COMPARISONS[number], model, found, shares) - np.int32(most[number])
    wanted = open_ if least is None else open_.take(np.flatnonzero(weight.take(open_) >= least))
    kept = {name: each.take(wanted) for name, each in rare.items()}
    return Compared(left.take(wanted), right.take(wanted), levels[:, wanted].T, kept, weight.take(wanted))


def _most(comparison: Comparison, model: Model) -> int:
    """The most steps that a comparison can give."""
    steps = model.steps(comparison)
    shares = {level.code: in_steps(level.least_share) for level in comparison.levels if level.share_of}
    return max(found - shares.get(code, 0) for code, found in steps.items())


@cache
def _silences() -> tuple[tuple[Condition, ...], ...]:
    """Of each comparison when it has nothing to say."""
    return tuple(tuple(when_true(parsed(sql)) for sql in comparison.silent) for comparison in COMPARISONS)


@cache
def _branches() -> tuple[tuple[tuple[Condition, int], ...], ...]:
    """Of each comparison what is asked in order, and the level that it leads to."""
    return tuple(
        tuple((when_true(parsed(level.sql)), number) for number, level in enumerate(each.levels) if level.sql != ELSE)
        for each in COMPARISONS
    )


def _speaking(pairs: Pairs, number: int) -> npt.NDArray[np.bool_]:
    """Of which pairs a comparison has something to say."""
    at = np.arange(len(pairs.left))
    for condition in _silences()[number]:
        at = at.take(np.flatnonzero(~condition(pairs, at)))
    speaks = np.zeros(len(pairs.left), dtype=np.bool_)
    speaks[at] = True
    return speaks


def _level(pairs: Pairs, number: int, places: Places) -> npt.NDArray[np.int8]:
    """The levels of the pairs at these places. Branch by branch: what is equal is asked nothing more."""
    levels = np.full(len(places), len(COMPARISONS[number].levels) - 1, dtype=np.int8)
    still = np.arange(len(places))
    for condition, level in _branches()[number]:
        found = condition(pairs, places.take(still))
        levels[still.take(np.flatnonzero(found))] = level
        still = still.take(np.flatnonzero(~found))
    return levels


def _together(batches: list[Compared]) -> Compared:
    if not batches:
        none = np.zeros(0, dtype=np.int32)
        return Compared(
            none, none, np.zeros((0, len(COMPARISONS)), dtype=np.int8), {"rare_fore": none, "rare_sur": none}, none
        )
    return Compared(
        np.concatenate([each.left for each in batches]),
        np.concatenate([each.right for each in batches]),
        np.concatenate([each.levels for each in batches]),
        {name: np.concatenate([each.rare[name] for each in batches]) for name in ("rare_fore", "rare_sur")},
        np.concatenate([each.weight_steps for each in batches]),
    )


def _steps(
    comparison: Comparison, model: Model, levels: npt.NDArray[np.int8], rare: Mapping[str, npt.NDArray[np.int32]]
) -> npt.NDArray[np.int32]:
    """The steps of a comparison for each pair, looked up by level; the last place is reached by SILENT, -1."""
    steps = np.array([*model.steps(comparison).values(), 0], dtype=np.int32)[levels]
    for number, level in enumerate(comparison.levels):
        if level.share_of:
            at = np.flatnonzero(levels == number)
            steps[at] -= np.maximum(rare[f"rare_{level.share_of}"][at], in_steps(level.least_share))
    return steps
