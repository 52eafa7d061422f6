"""What people said of pairs, one after another, as what stands of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

End = TypeVar("End")


def standing_verdicts(said: Iterable[tuple[End, End, bool | None]]) -> Mapping[frozenset[End], bool]:
    """Each pair with whether it is the same. `said`: the oldest first; None takes back what was said of the pair."""
    newest = {frozenset((left, right)): same for left, right, same in said}
    return {pair: same for pair, same in newest.items() if same is not None and len(pair) > 1}
