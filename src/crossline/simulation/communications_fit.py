"""Fit a world to the number of rows asked for, in the open: first the rates, then the windows, then the lists.

No row is ever written twice to make up numbers. What was changed, and by how much, stands in the truth as a `Fit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from crossline.simulation import communications_parameters as figures
from crossline.simulation.communications_world import SetPlan, World

_STEPS = 14
"""Halvings of an interval when a factor is sought; 14 are finer than the noise of the draws."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was turned to come to the rows asked for; 1.0 is the natural value of each."""

    activity: float
    window_share: float
    list_scale: float
    expected_rows: int


def fit_world(draw: Callable[[float], World], target: int) -> tuple[World, Fit]:
    """The world drawn with the list scale, windows and activity that come closest to `target` rows."""
    least, most = figures.ACTIVITY_RANGE.value
    natural = draw(1.0)
    if expected(natural, most) < target:
        scale = min(target / expected(natural, most), figures.LIST_RANGE.value[1])
        return _settled(draw(scale) if scale > 1.0 else natural, 1.0, target)
    if expected(natural, least) <= target:
        return _settled(natural, 1.0, target)
    world, share = _shortened(natural, target, figures.WINDOW_SHARE_MIN.value, figures.WINDOW_DAYS_MIN.value)
    if expected(world, least) > target:
        scale = max(target / expected(world, least), figures.LIST_RANGE.value[0])
        smaller = draw(scale)
        world, share = _shortened(smaller, target, figures.WINDOW_SHARE_MIN.value, figures.WINDOW_DAYS_MIN.value)
        if expected(world, least) > target:
            world, share = _shortened(smaller, target, 0.0, figures.WINDOW_DAYS_LAST.value)
    return _settled(world, share, target)


def expected(world: World, activity: float) -> float:
    """Rows that the sets will hold on average."""
    return sum(plan.expected_rows(activity) for plan in world.sets)


def _settled(world: World, share: float, target: int) -> tuple[World, Fit]:
    least, most = figures.ACTIVITY_RANGE.value
    activity = _seek(lambda factor: expected(world, factor), target, least, most)
    return world, Fit(round(activity, 4), round(share, 4), world.list_scale, round(expected(world, activity)))


def _shortened(world: World, target: int, least_share: float, least_days: int) -> tuple[World, float]:
    """The world with windows cut to one share of their length, so that the lowest activity meets the target."""
    least = figures.ACTIVITY_RANGE.value[0]

    def cut(share: float) -> World:
        return world.with_sets(_window(plan, share, least_days) for plan in world.sets)

    share = _seek(lambda share: expected(cut(share), least), target, least_share, 1.0)
    return cut(share), share


def _seek(rows: Callable[[float], float], target: int, low: float, high: float) -> float:
    """The factor between low and high at which `rows`, which never falls, comes to the target."""
    if rows(low) >= target:
        return low
    if rows(high) <= target:
        return high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rows(middle) > target else (middle, high)
    return low


def _window(plan: SetPlan, share: float, least_days: int) -> SetPlan:
    """The plan with the part of its window, of that share, that sees most changes of number and most days in use."""
    whole = plan.last - plan.first + 1
    days = min(max(round(whole * share), least_days), whole)
    starts = np.arange(plan.first, plan.last - days + 2)
    enough = 2 * figures.OBSERVED_DAYS.value
    deals = plan.authorised_deals()
    held = [np.maximum(np.minimum(starts + days, deal.end + 1) - np.maximum(starts, deal.start), 0) for deal in deals]
    changes = np.zeros(len(starts), np.int64)
    for after in range(1, len(deals)):
        if deals[after - 1].line_id == deals[after].line_id:
            changes += (held[after - 1] >= enough) & (held[after] >= enough)
    in_use = np.sum(held, axis=0) if held else np.zeros(len(starts), np.int64)
    best = int(np.lexsort((starts, in_use, changes))[-1])
    return replace(plan, first=int(starts[best]), last=int(starts[best]) + days - 1)
