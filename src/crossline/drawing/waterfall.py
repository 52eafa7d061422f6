"""Steps that add up, drawn as one bar each: where a running total was, where it is now, and a mark to be passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

WIDTH: Final = 240
"""Of a bar's box, in units of its own coordinates."""
_EDGE: Final = 4
_THINNEST: Final = 1.5


@dataclass(frozen=True)
class Bar:
    """One step's bar from `x` over `width`; `zero` and `mark` are where nothing and the mark lie. In units of WIDTH."""

    x: float
    width: float
    zero: float
    mark: float
    is_gain: bool


def bars(steps: Sequence[float], *, mark: float) -> list[Bar]:
    """A bar for each step, all on one scale that holds nought, the mark and every running total."""
    totals = list(accumulate(steps))
    low, high = min(0.0, mark, *totals), max(0.0, mark, *totals)
    scale = (WIDTH - 2 * _EDGE) / ((high - low) or 1.0)

    def at(value: float) -> float:
        return round(_EDGE + (value - low) * scale, 2)

    return [
        Bar(at(min(before, after)), max(round(abs(step) * scale, 2), _THINNEST), at(0.0), at(mark), step >= 0)
        for step, before, after in zip(steps, [0.0, *totals[:-1]], totals, strict=True)
    ]
