"""Why two mentions are not one person: a decision, a veto of the facts, or missing weight; and what would change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crossline.engines.resolution.clusters import OVERRIDING_BITS, Profile, Vetoes, births_agree, identifiers_agree
from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.explain import Explanation
from crossline.engines.resolution.model import Model

MOST_CHANGES: Final = 3
"""How many facts are named. [D] More is no longer read."""
LEAST_GAIN_BITS: Final = 0.5


class Bar(StrEnum):
    """What keeps two groups of mentions apart."""

    DECISION = "decision"
    WEIGHT = "weight"
    PNC = "pnc"
    SEX = "sex"
    BIRTH = "birth"
    NAMELESS = "nameless"
    ORDER = "order"

    @property
    def meaning(self) -> str:
        return _BARRED[self]


_BARRED = {
    Bar.DECISION: "A decision says that they are different, or that mentions of the two sides are",
    Bar.WEIGHT: "What speaks for it does not weigh enough",
    Bar.PNC: "The PNC ids on the two sides cannot be one",
    Bar.SEX: "Most mentions on the one side are of men, most on the other of women",
    Bar.BIRTH: "Most dates of birth on the two sides cannot be one",
    Bar.NAMELESS: "One of the two names nobody in full, and may follow one person but never join two",
    Bar.ORDER: "When stronger pairs had been joined, the two sides could not be one",
}


@dataclass(frozen=True)
class WouldChange:
    """One fact that would have changed the outcome: what both records would have to say, and the weight that would give."""

    comparison: str
    words: str
    gain_bits: float
    weight_bits: float
    spoke_against: bool  # the records say otherwise; else they say nothing of it


def bars(
    one: Iterable[Profile],
    other: Iterable[Profile],
    *,
    weight_bits: float,
    threshold_bits: float,
    vetoes: Vetoes,
    decided: bool = False,
) -> list[Bar]:
    """What keeps two groups apart that are not one. `decided`: whether a decision keeps them apart, which outranks the rest."""
    if decided:
        return [Bar.DECISION]
    if weight_bits < threshold_bits:
        return [Bar.WEIGHT]
    left, right = list(one), list(other)
    if weight_bits >= OVERRIDING_BITS and all(_anchored(group) for group in (left, right)):
        return [Bar.ORDER]
    found = vetoed(left, right, vetoes)
    if found:
        return found
    return [Bar.ORDER] if _anchored(left) and _anchored(right) else [Bar.NAMELESS]


def vetoed(one: list[Profile], other: list[Profile], vetoes: Vetoes) -> list[Bar]:
    """The facts that rule out that two groups are one, by the rules of the clustering."""
    pncs = [{each.pnc for each in group if each.pnc} for group in (one, other)]
    lead = [Counter(each.sex for each in group) for group in (one, other)]
    births = [Counter(each.birth for each in group if each.birth) for group in (one, other)]
    shared = bool(pncs[0] & pncs[1])
    found = [Bar.PNC] if vetoes.pnc and all(pncs) and not identifiers_agree(*pncs) else []
    if vetoes.sex and (lead[0]["M"] - lead[0]["F"]) * (lead[1]["M"] - lead[1]["F"]) < 0:
        found.append(Bar.SEX)
    # One PNC id is one set of fingerprints: it settles what two dates of birth dispute.
    if vetoes.birth and not shared and not births_agree(*births):
        found.append(Bar.BIRTH)
    return found


def would_change(explanation: Explanation, model: Model, threshold_bits: float) -> list[WouldChange]:
    """Up to three facts that would have brought the pair over the threshold, each by itself where one can.

    What the records dispute comes before what they leave out. Where no fact suffices alone, the weightiest that together do.
    """
    said = {part.comparison: part.bits for part in explanation.parts}
    weight = explanation.weight_bits
    offers = []
    for comparison in COMPARISONS:
        best = comparison.levels[0]  # declared from strongest to ELSE
        now = said.get(comparison.name, 0.0)
        gain = model.usual_bits(comparison, best) - now
        if gain > LEAST_GAIN_BITS:
            offers.append(WouldChange(comparison.name, best.words, gain, weight + gain, now < 0))
    enough = [each for each in offers if each.weight_bits >= threshold_bits]
    if enough:
        return sorted(enough, key=lambda each: (not each.spoke_against, -each.gain_bits, each.comparison))[
            :MOST_CHANGES
        ]
    together, found = weight, []
    for each in sorted(offers, key=lambda each: (-each.gain_bits, each.comparison)):
        if together >= threshold_bits:
            break
        together += each.gain_bits
        found.append(WouldChange(each.comparison, each.words, each.gain_bits, together, each.spoke_against))
    return found if together >= threshold_bits else []


def _anchored(group: Iterable[Profile]) -> bool:
    return any(each.anchored for each in group)
