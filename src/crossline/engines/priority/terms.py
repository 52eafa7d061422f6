"""Each term of the line priority score as a range: as scored, at its least, and at its most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log1p

from crossline.engines.priority.facts import Harm, LineFacts
from crossline.engines.priority.weights import PriorityWeights

WORST = 5  # harms and grades run from 0 to 5

Term = tuple[str, "Range", str]  # name, share of its block, sentence


@dataclass(frozen=True)
class Range:
    """A value with the bounds that what is not known leaves it. Never negative, so products keep their order."""

    point: float
    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Range:
        return cls(value, value, value)

    @classmethod
    def total(cls, ranges: Iterable[Range]) -> Range:
        total = cls.exactly(0.0)
        for each in ranges:
            total = total + each
        return total

    def __add__(self, other: Range) -> Range:
        return Range(self.point + other.point, self.low + other.low, self.high + other.high)

    def __mul__(self, other: Range) -> Range:
        return Range(self.point * other.point, self.low * other.low, self.high * other.high)

    def percent(self) -> Range:
        return self * Range.exactly(100.0)

    def fraction(self) -> Range:
        return self * Range.exactly(0.01)

    def room_above(self) -> Range:
        """What is left up to 100, point for point and bound for bound."""
        return Range(100.0 - self.point, 100.0 - self.low, 100.0 - self.high)

    def rounded(self) -> Range:
        return Range(round(self.point, 4), round(self.low, 4), round(self.high, 4))


def harm_terms(facts: LineFacts, weights: PriorityWeights) -> list[Term]:
    """A term for each harm, at the highest level any agency returned, and one for reach."""
    terms: list[Term] = []
    for harm, weight in weights.harms.items():
        level, agency = worst_level(facts, harm)
        terms.append((harm.value, _graded(level, weight, weights.assumed_harm), _harm_sentence(harm, level, agency)))
    reach = _counted(facts.forces_touched, weights.reach, first=1, full=weights.reach_full)
    terms.append(("reach", reach, _count_sentence(facts.forces_touched, "force area touched", "force areas touched")))
    return terms


def worst_level(facts: LineFacts, harm: Harm) -> tuple[int | None, str]:
    """The highest level of a harm that any agency returned, and that agency (the first in order of id)."""
    returned = [(-level, each.agency) for each in facts.harm_returns if (level := each.levels.get(harm)) is not None]
    if not returned:
        return None, ""
    level, agency = min(returned)
    return min(max(-level, 0), WORST), agency


def likelihood_terms(facts: LineFacts, weights: PriorityWeights) -> list[Term]:
    """How likely the harm is to go on: seen lately, outlives its numbers, large."""
    turnover = _counted(facts.numbers_in_year, weights.turnover, first=1, full=weights.turnover_full)
    return [
        ("recency", _recency(facts.days_since_seen, weights), _seen_sentence(facts.days_since_seen)),
        ("turnover", turnover, _count_sentence(facts.numbers_in_year, "number in a year", "numbers in a year")),
        ("scale", _scale(facts.customers, weights), _count_sentence(facts.customers, "customer", "customers")),
    ]


def vulnerability_terms(facts: LineFacts, weights: PriorityWeights) -> list[Term]:
    """Exploitation on the line, from its returned harms."""
    terms: list[Term] = []
    for harm, weight in weights.vulnerability.items():
        level, agency = worst_level(facts, harm)
        terms.append((harm.value, _graded(level, weight, weights.assumed_harm), _harm_sentence(harm, level, agency)))
    return terms


def opportunity_terms(facts: LineFacts, weights: PriorityWeights) -> list[Term]:
    """What stands ready: a holder attributed and located, a live number, an open case. Unknown scores nothing."""
    grade = facts.holder_attribution
    said = "not known" if grade is None else f"{grade} of {WORST}"
    return [
        ("attribution", _graded(grade, weights.attribution, 0), f"attribution to a holder: {said}"),
        ("located", _ready(facts.holder_located, weights.located), f"holder located: {_yes(facts.holder_located)}"),
        ("live", _ready(facts.number_live, weights.live), f"current number known: {_yes(facts.number_live)}"),
        (
            "investigated",
            _ready(facts.investigation_open, weights.investigated),
            f"investigation open: {_yes(facts.investigation_open)}",
        ),
    ]


def _graded(level: int | None, weight: float, assumed: int) -> Range:
    if level is None:
        return Range(weight * assumed / WORST, 0.0, weight)
    return Range.exactly(weight * min(max(level, 0), WORST) / WORST)


def _counted(count: int | None, weight: float, *, first: int, full: int) -> Range:
    """Nothing at `first` or fewer, all at `full` or more, evenly between; a quarter of the way when not known."""
    if count is None:
        return Range(weight * 0.25, 0.0, weight)
    return Range.exactly(weight * min(max((count - first) / (full - first), 0.0), 1.0))


def _scale(customers: int | None, weights: PriorityWeights) -> Range:
    if customers is None:
        return Range(weights.scale * 0.5, 0.0, weights.scale)
    return Range.exactly(weights.scale * min(log1p(max(customers, 0)) / log1p(weights.scale_full), 1.0))


def _recency(days: int | None, weights: PriorityWeights) -> Range:
    if days is None:
        return Range(weights.recency * 0.5, 0.0, weights.recency)
    return Range.exactly(
        weights.recency * next((share for limit, share in weights.recency_steps if days <= limit), 0.0)
    )


def _ready(state: bool | None, weight: float) -> Range:
    return Range(0.0, 0.0, weight) if state is None else Range.exactly(weight if state else 0.0)


def _harm_sentence(harm: Harm, level: int | None, agency: str) -> str:
    name = harm.value.replace("_", " ")
    if level is None:
        return f"{name}: not known, no agency has graded it"
    return f"{name}: {level} of {WORST}, from {agency or 'an agency not named'}"


def _count_sentence(count: int | None, one: str, many: str) -> str:
    return f"{many}: not known" if count is None else f"{count} {one if count == 1 else many}"


def _seen_sentence(days: int | None) -> str:
    return "last seen: not known" if days is None else f"last seen {days} day{'' if days == 1 else 's'} ago"


def _yes(state: bool | None) -> str:
    return "not known" if state is None else "yes" if state else "no"
