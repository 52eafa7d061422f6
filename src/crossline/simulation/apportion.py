"""Splitting a whole into whole parts by weight, so that the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum


def apportion(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Largest remainders: every key gets the floor of its share, the units left go to the largest remainders.

    Ties go to the key that sorts first, so the split is the same everywhere.
    """
    whole = fsum(weights.values())  # the same in any order of the weights
    if whole <= 0:
        raise ValueError("cannot split by weights that add up to nothing")
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    left = total - sum(parts.values())
    for key in sorted(exact, key=lambda k: (parts[k] - exact[k], k))[:left]:
        parts[key] += 1
    return parts
