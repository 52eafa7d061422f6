"""Which pairs deserve a person's look, by what an answer would change.

Uncertainty is the binary entropy of the probability that a weight stands for: 1 where same and different are even odds, near 0
where the model is sure. An answer joins or parts every mention of the one side with every one of the other, so the value of
asking is the uncertainty times the product of the sides' sizes. All of it follows from the pairs, clusters and judgements given.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from typing import Final

from crossline.engines.resolution.chains import forest
from crossline.engines.resolution.clusters import Judgement, Pair

MOST_QUESTIONS: Final = 500
"""How many questions a list holds. [D] Some weeks of one analyst's work; what is left out is worth less than all of it."""

LEAST_VALUE: Final = 0.01
"""Below this nobody is asked: a hundredth of one pair of mentions at even odds. [D]"""


class Asks(StrEnum):
    """What an answer to a pair decides."""

    JOIN = "join"
    VETO = "veto"
    BRIDGE = "bridge"

    @property
    def meaning(self) -> str:
        return _ASKED[self]


_ASKED = {
    Asks.JOIN: "Are these two people one?",
    Asks.VETO: "The weight says one person, a fact rules it out: which is wrong?",
    Asks.BRIDGE: "One person hangs together by this pair: does it hold?",
}


@dataclass(frozen=True)
class Question:
    """One pair to ask about: what its answer decides, how many mentions stand on either side, and what asking is worth."""

    left: str
    right: str
    weight_bits: float
    asks: Asks
    left_size: int
    right_size: int

    @property
    def uncertainty(self) -> float:
        """Bits, 0 to 1. A strong pair that a veto keeps apart is as uncertain as can be: weight and facts disagree."""
        return 1.0 if self.asks is Asks.VETO else uncertainty(self.weight_bits)

    @property
    def moves(self) -> int:
        """How many pairs of mentions the answer joins or parts."""
        return self.left_size * self.right_size

    @property
    def value(self) -> float:
        """What asking is worth, in bits times pairs of mentions."""
        return self.uncertainty * self.moves


def probability(weight_bits: float) -> float:
    """The probability of being one that a weight stands for: log2 odds, undone."""
    if weight_bits < 0:
        odds = math.exp2(max(weight_bits, -1000.0))
        return odds / (1 + odds)
    return 1 / (1 + math.exp2(-min(weight_bits, 1000.0)))


def uncertainty(weight_bits: float) -> float:
    """Binary entropy of that probability, in bits; the same for a weight and its negative."""
    likely = probability(abs(weight_bits))
    unlikely = probability(-abs(weight_bits))
    return -sum(each * math.log2(each) for each in (likely, unlikely) if each > 0)


def questions(
    cluster_of: Mapping[str, str],
    pairs: Iterable[Pair],
    judgements: Iterable[Judgement],
    threshold_bits: float,
    *,
    most: int = MOST_QUESTIONS,
    nameless: Set[str] = frozenset(),
) -> list[Question]:
    """The pairs most worth asking, best first, ties by ids; none that is worth less than LEAST_VALUE.

    `cluster_of`: mention -> its cluster; a mention that is not there is alone. Between two clusters the strongest pair is asked,
    unless somebody has judged a pair between them; inside one, each link of its chain that nobody has judged. `nameless`:
    mentions that name nobody in full; no fact keeps their pairs apart, so those are asked by their weight alone.
    """
    said = list(judgements)
    sizes = Counter(cluster_of.values())
    settled = {_ordered(cluster_of.get(each.left, each.left), cluster_of.get(each.right, each.right)) for each in said}
    inside: list[Pair] = []
    between: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        ends = _ordered(cluster_of.get(pair.left, pair.left), cluster_of.get(pair.right, pair.right))
        if ends[0] == ends[1]:
            if pair.weight_bits >= threshold_bits:
                inside.append(pair)
        elif ends not in settled and _stronger(pair, between.get(ends)):
            between[ends] = pair
    found = [
        _between(pair, cluster_of, sizes, pair.weight_bits >= threshold_bits and nameless.isdisjoint(pair[:2]))
        for pair in between.values()
    ]
    judged = {_ordered(each.left, each.right) for each in said}
    found += [
        Question(*_ordered(link.left, link.right), link.weight_bits, Asks.BRIDGE, link.left_size, link.right_size)
        for link in forest(inside, said)
        if link.weight_bits is not None and _ordered(link.left, link.right) not in judged
    ]
    return nsmallest(
        most,
        (each for each in found if each.value >= LEAST_VALUE),
        key=lambda each: (-each.value, each.left, each.right),
    )


def _between(pair: Pair, cluster_of: Mapping[str, str], sizes: Mapping[str, int], is_vetoed: bool) -> Question:
    left, right = _ordered(pair.left, pair.right)
    ends = (sizes.get(cluster_of.get(end, end), 1) for end in (left, right))
    asks = Asks.VETO if is_vetoed else Asks.JOIN
    return Question(left, right, pair.weight_bits, asks, *ends)


def _stronger(pair: Pair, than: Pair | None) -> bool:
    """Whether a pair comes before another: by weight, then by ids."""
    return than is None or (-pair.weight_bits, _ordered(pair.left, pair.right)) < (
        -than.weight_bits,
        _ordered(than.left, than.right),
    )


def _ordered(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)
