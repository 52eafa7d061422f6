"""Calibration of likelihood ratios: logistic, with empirical bounds, and the cost by which they are judged.

The methods are those of the library lir of the Netherlands Forensic Institute, written here on numpy (decision 0020) and
held in tests against values it gave. All logarithms are to base 10. A label is True where the first hypothesis holds.

    elub   Vergeer, van Es, de Jongh, Alberink, Stoel, "Numerical likelihood ratios outputted by LR systems are often based
           on extrapolation: when to stop extrapolating?", Science & Justice 56 (2016) 482-491
    cllr   Brümmer, du Preez, "Application-independent evaluation of speaker detection", Computer Speech and Language 20 (2006)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

_EXTREME = 9.0
_LN10 = float(np.log(10.0))


@dataclass(frozen=True)
class Calibration:
    """log LR = offset + slope times the raw log, held between the bounds (all to base 10)."""

    offset: float
    slope: float
    lower: float
    upper: float

    def of(self, raw: float) -> float:
        """The calibrated, bounded log10 likelihood ratio of a raw one."""
        return min(max(self.offset + self.slope * raw, self.lower), self.upper)

    def is_at_bound(self, raw: float) -> bool:
        """Whether the bound, not the data, decides the value."""
        return not self.lower < self.offset + self.slope * raw < self.upper


def calibrated(raw: Floats, same: Labels, *, ridge: float = 1e-4) -> Calibration:
    """Logistic calibration of raw logs with both hypotheses weighing alike, then empirical bounds on what comes out."""
    offset, slope = logistic(raw, same, ridge=ridge)
    lower, upper = elub(offset + slope * raw, same)
    return Calibration(offset, slope, lower, upper)


def logistic(raw: Floats, same: Labels, *, ridge: float = 1e-4, steps: int = 100) -> tuple[float, float]:
    """Offset and slope (base 10) that make the labels likeliest, each hypothesis weighing one half; Newton's method.

    The ridge on the slope keeps it finite where the two are parted without overlap.
    """
    design = np.column_stack([np.ones(len(raw)), raw * _LN10])
    weight = np.where(same, 0.5 / max(same.sum(), 1), 0.5 / max((~same).sum(), 1))
    held = np.diag([0.0, ridge])

    def cost(at: Floats) -> float:
        odds = design @ at
        return float((weight * np.logaddexp(0.0, np.where(same, -odds, odds))).sum() + at @ held @ at / 2)

    values, now = np.zeros(2), cost(np.zeros(2))
    for _ in range(steps):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ values, -500, 500)))
        slope = design.T @ (weight * (chance - same)) + held @ values
        bend = (design * (weight * chance * (1 - chance))[:, None]).T @ design + held + 1e-12 * np.eye(2)
        move = np.linalg.solve(bend, slope)
        while (then := cost(values - move)) > now and float(np.abs(move).max()) > 1e-12:
            move = move / 2  # a whole step may jump back and forth across the least
        if now - then < 1e-14:
            break
        values, now = values - move, then
    return float(values[0]) / _LN10, float(values[1])


def elub(logs: Floats, same: Labels, *, misleading: int = 1, step: float = 0.01) -> tuple[float, float]:
    """The empirical lower and upper bound: beyond them saying nothing would be of more use than the ratios are.

    One misleading value is added to each side, so that a set without errors does not speak of what it never saw.
    """
    held = np.clip(logs, -_EXTREME, _EXTREME)
    for_same, for_other = np.sort(held[same]), np.sort(held[~same])
    least = max(float(held.min()), -float(np.log10(len(for_same) + 1)))
    most = min(float(held.max()), float(np.log10(len(for_other) + 1)))
    first, last = min(0, int(least // step)), max(0, int(most // step) + 1)
    thresholds = np.linspace(first * step, last * step, last - first + 1)
    odds = 10.0**thresholds
    accepted = (len(for_same) - np.searchsorted(for_same, thresholds, side="right")) / (len(for_same) + misleading)
    wrongly = (len(for_other) - np.searchsorted(for_other, thresholds, side="right") + misleading) / (
        len(for_other) + misleading
    )
    neutral = np.where(thresholds < 0, odds, 1.0)
    worse = neutral / (1.0 - accepted + odds * wrongly) < 1.0
    lower = np.max(thresholds[(thresholds <= 0) & worse] + step, initial=float(thresholds.min()))
    upper = np.min(thresholds[(thresholds >= 0) & worse] - step, initial=float(thresholds.max()))
    return min(float(lower), 0.0), max(float(upper), 0.0)


def cllr(logs: Floats, same: Labels) -> float:
    """The cost of the ratios: nought is perfect, one is no better than saying nothing."""
    held = logs * _LN10
    for_same = np.logaddexp(0.0, -held[same]).mean() / np.log(2.0)
    for_other = np.logaddexp(0.0, held[~same]).mean() / np.log(2.0)
    return float(for_same + for_other) / 2.0
