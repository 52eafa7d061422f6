"""The line priority score: risk (harm times likelihood), vulnerability, opportunity; with bounds, every point traced.

Risk and vulnerability make the score; vulnerability can only raise it. Opportunity parts lines of equal score, no more.
What is not known widens the interval from `score_low` to `score_high`; ranks carry the interval that follows from it.
A harm counts fully whichever agency reports it: the importing force's violence is the exporting force's line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossline.engines.priority.facts import LineFacts
from crossline.engines.priority.terms import Range, harm_terms, likelihood_terms, opportunity_terms, vulnerability_terms
from crossline.engines.priority.weights import STANDARD_WEIGHTS, PriorityWeights


class ReasonKind(StrEnum):
    """What a reason's points belong to. Points of RISK and UPLIFT add up to the score."""

    RISK = "risk"
    UPLIFT = "uplift"
    LIKELIHOOD = "likelihood"
    OPPORTUNITY = "opportunity"


@dataclass(frozen=True)
class Reason:
    """One term: its points as scored, and the least and most it could be with what is not known."""

    kind: ReasonKind
    term: str
    points: float
    low: float
    high: float
    sentence: str


@dataclass(frozen=True)
class LinePriority:
    """A line's place. Scores run from 0 to 100; rank 1 comes first; `rank_low` is the best place it could have."""

    line: str
    rank: int
    rank_low: int
    rank_high: int
    score: float
    score_low: float
    score_high: float
    risk: float
    vulnerability: float
    opportunity: float
    imminent: bool
    reasons: tuple[Reason, ...]
    weights_version: str


@dataclass(frozen=True)
class _Scored:
    facts: LineFacts
    risk: Range
    vulnerability: Range
    opportunity: Range
    score: Range
    reasons: tuple[Reason, ...]


def prioritise(lines: Iterable[LineFacts], weights: PriorityWeights = STANDARD_WEIGHTS) -> list[LinePriority]:
    """The lines in order of priority. A child a person says is at imminent risk comes before every score."""
    scored = sorted((_scored(facts, weights) for facts in lines), key=_order)
    imminent = [line for line in scored if line.facts.child_at_imminent_risk]
    others = scored[len(imminent) :]
    return [
        *_ranked(imminent, ahead=0, weights=weights),
        *_ranked(others, ahead=len(imminent), weights=weights),
    ]


def _order(line: _Scored) -> tuple[bool, float, float, str]:
    return (not line.facts.child_at_imminent_risk, -line.score.point, -line.opportunity.point, line.facts.line)


def _ranked(lines: Sequence[_Scored], *, ahead: int, weights: PriorityWeights) -> list[LinePriority]:
    lows = sorted(line.score.low for line in lines)
    highs = sorted(line.score.high for line in lines)
    ranked = []
    for place, line in enumerate(lines, start=1):
        surely_above = len(lines) - bisect_right(lows, line.score.high)
        surely_below = bisect_left(highs, line.score.low)
        ranked.append(
            LinePriority(
                line=line.facts.line,
                rank=ahead + place,
                rank_low=ahead + 1 + surely_above,
                rank_high=ahead + len(lines) - surely_below,
                score=line.score.point,
                score_low=line.score.low,
                score_high=line.score.high,
                risk=line.risk.point,
                vulnerability=line.vulnerability.point,
                opportunity=line.opportunity.point,
                imminent=line.facts.child_at_imminent_risk,
                reasons=line.reasons,
                weights_version=weights.version,
            )
        )
    return ranked


def _scored(facts: LineFacts, weights: PriorityWeights) -> _Scored:
    harms = harm_terms(facts, weights)
    likelihoods = likelihood_terms(facts, weights)
    chances = opportunity_terms(facts, weights)
    likelihood = Range.exactly(weights.likelihood_floor)
    for _, share, _ in likelihoods:
        likelihood = likelihood + share
    risks = [(term, (share * likelihood).percent(), sentence) for term, share, sentence in harms]
    risk = Range.total(points for _, points, _ in risks)
    vulnerability = Range.total(share for _, share, _ in vulnerability_terms(facts, weights)).percent()
    uplift = risk.room_above() * vulnerability.fraction() * Range.exactly(weights.vulnerability_uplift)
    # Each bound of the score is taken from one world: all unknowns at their least, or all at their most.
    score = (risk + uplift).rounded()
    opportunity = Range.total(share for _, share, _ in chances).percent().rounded()
    reasons = [
        *(_reason(ReasonKind.RISK, term, points, sentence) for term, points, sentence in risks),
        _reason(ReasonKind.UPLIFT, "vulnerability", uplift, "harm to children and vulnerable adults raises the line"),
        *(_reason(ReasonKind.LIKELIHOOD, term, share.percent(), sentence) for term, share, sentence in likelihoods),
        *(_reason(ReasonKind.OPPORTUNITY, term, share.percent(), sentence) for term, share, sentence in chances),
    ]
    return _Scored(facts, risk.rounded(), vulnerability.rounded(), opportunity, score, tuple(reasons))


def _reason(kind: ReasonKind, term: str, points: Range, sentence: str) -> Reason:
    return Reason(kind, term, points.point, points.low, points.high, sentence)
