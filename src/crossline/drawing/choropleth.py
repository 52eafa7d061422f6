"""Shading of areas by their figures: classes are made from the figures given, never from any the viewer may not see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crossline.wording import format_number

# One hue, evenly darker, light enough at its darkest for arrows and labels to stand out.
SHADES: Final = ("#e6eff8", "#c3d9ee", "#97bfe2", "#639ed2", "#2f7cc0")
NONE_COUNTED: Final = "#ffffff"


@dataclass(frozen=True)
class ShadeClass:
    """Figures from `low` to `high`, both included, wear this shade."""

    low: float
    high: float
    shade: str

    @property
    def label(self) -> str:
        """How the key reads: 5, or 6 to 11."""
        return (
            format_number(self.low)
            if self.low == self.high
            else f"{format_number(self.low)} to {format_number(self.high)}"
        )


def shade_classes(values: Sequence[float]) -> list[ShadeClass]:
    """At most five classes of about as many areas each, over the figures above nil. Equal figures share a class."""
    distinct = sorted({value for value in values if value > 0})
    if not distinct:
        return []
    ranked = sorted(value for value in values if value > 0)
    wanted = min(len(SHADES), len(distinct))
    tops = sorted({ranked[math.ceil(len(ranked) * step / wanted) - 1] for step in range(1, wanted + 1)})
    shades = SHADES[-len(tops) :] if len(tops) > 1 else SHADES[2:3]
    classes, low = [], distinct[0]
    for top, shade in zip(tops, shades, strict=True):
        classes.append(ShadeClass(low, top, shade))
        low = next((value for value in distinct if value > top), top)
    return classes


def shade_of(value: float, classes: Sequence[ShadeClass]) -> str:
    """The shade of one figure; nil is white."""
    return next((each.shade for each in classes if each.low <= value <= each.high), NONE_COUNTED)
