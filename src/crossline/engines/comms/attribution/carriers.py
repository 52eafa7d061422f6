"""With whom a line's phone moved, day by day, as periods: a phone passes between hands, so never one name for all of it.

A day's weight for a candidate is the sum over its blocks of ln(0.9 e^W + 0.1): how much likelier the day's pairs are if the
two were mostly together than if they were apart. The likeliest course of periods is found (Viterbi); starting a period costs as
much as there are phones searched, so that a long search does not make periods out of chance. These are leads: a
period is chosen by looking, and moving with a phone is not having it in one's own hands, let alone controlling it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from crossline.engines.comms.attribution.model import Blocks, Floats, Integers

BLOCKS_A_DAY = 6
WITH_SHARE = 0.9
MOST_CARRIERS = 12
_CHANGE = log(100.0)  # a change of hands about once in a hundred days, before the search is counted [D]
_RIVAL = log(1_000.0)


@dataclass(frozen=True)
class Period:
    """From one day up to another, both in: the line's phone moved with this candidate, or with nobody who was searched."""

    first_day: int
    last_day: int
    candidate: int | None
    weight: float  # ln, of the period; nought where nobody fits
    blocks: int
    beside: tuple[int, ...]  # who cannot be told from the candidate in this period


def periods(blocks: Blocks, searched: int) -> list[Period]:
    """The likeliest periods of one line; days without a pair carry on what was before."""
    if not len(blocks.weight):
        return []
    days = blocks.block // BLOCKS_A_DAY
    first = int(days.min())
    span = int(days.max()) - first + 1
    who, at = np.unique(blocks.candidate, return_inverse=True)
    gains = np.logaddexp(np.log(WITH_SHARE) + blocks.weight, np.log1p(-WITH_SHARE))
    cells = at * span + days - first
    weights: Floats = np.asarray(np.bincount(cells, gains, len(who) * span), np.float64).reshape(len(who), span)
    counts = np.bincount(cells, minlength=len(who) * span).reshape(len(who), span)
    likely = np.lexsort((who, -best_run(weights)))[:MOST_CARRIERS]
    course = _course(weights[likely], _CHANGE + log(max(searched, 1)))
    return _joined(course, who[likely], weights[likely], counts[likely], first)


def best_run(values: Floats) -> Floats:
    """Of each row the largest sum of consecutive values; nought where none is above nought."""
    best, now = np.zeros(len(values)), np.zeros(len(values))
    for column in values.T:
        now = np.maximum(now + column, 0.0)
        best = np.maximum(best, now)
    return best


def _course(weights: Floats, cost: float) -> list[int]:
    """For each day the state of the likeliest course: 0 nobody, k the k-th candidate. Ending a period costs nothing."""
    days = weights.shape[1]
    table = np.vstack([np.zeros(days), weights])
    value = table[:, 0] - np.array([0.0] + [cost] * len(weights))
    came = np.zeros((days, len(value)), dtype=np.int64)
    for day in range(1, days):
        best = int(np.argmax(value))
        moved = value[best] - np.array([0.0] + [cost] * len(weights))
        stays = value >= moved
        came[day] = np.where(stays, np.arange(len(value)), best)
        value = np.where(stays, value, moved) + table[:, day]
    course = [int(np.argmax(value))]
    for day in range(days - 1, 0, -1):
        course.append(int(came[day][course[-1]]))
    return course[::-1]


def _joined(course: Sequence[int], likely: Integers, weights: Floats, counts: Integers, first: int) -> list[Period]:
    found: list[Period] = []
    start = 0
    for day in range(1, len(course) + 1):
        if day < len(course) and course[day] == course[start]:
            continue
        sums = weights[:, start:day].sum(1)
        if course[start]:
            own = course[start] - 1
            rivals = [other for other in range(len(likely)) if other != own and sums[own] - sums[other] < _RIVAL]
            beside = tuple(int(likely[other]) for other in rivals)
            blocks = int(counts[own, start:day].sum())
            found.append(Period(first + start, first + day - 1, int(likely[own]), float(sums[own]), blocks, beside))
        else:
            found.append(Period(first + start, first + day - 1, None, 0.0, 0, ()))
        start = day
    return found
