"""How likely a number took over from another: an additive score, each reason with its points, against every rival pair.

Points are of a logistic model: their sum is a log odds. A pair's odds are set among those of all pairs that compete with it for
the old or the new number, with "no successor" always among them, so the scores of one number never add up to over one. That the
same people are behind two numbers is not yet a change: a second phone is like one in everything but that the first goes on. So
the share is multiplied by the chance that the old number was given up, which has points of its own. A rival counts for as much
as it may have been given up: that the same people run another phone beside is no reason against this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, inf, log, log1p
from types import MappingProxyType

DAY = 86_400

Row = Mapping[str, float | int | None]
"""One row of the features table; old and new are number ids."""


@dataclass(frozen=True)
class Weights:
    """Points for one unit of each term."""

    version: str
    authority: str
    base: float
    terms: Mapping[str, float] = field(default_factory=dict)
    given_up_base: float = inf  # without it, all are held to be given up
    given_up: Mapping[str, float] = field(default_factory=dict)  # points that tell a change from a second phone


STANDARD_WEIGHTS = Weights(
    version="successions-4",
    # Each term is held to speak for a succession, never against. No real line was seen: to be fitted anew on confirmed ones.
    authority="fitted on synthetic worlds by bench/comms_successions.py --cuts --fit; made as sure as they are right on worlds"
    " cut off one or three days after each change by bench/comms_succession_fit.py [D]",
    base=-16.24,
    terms=MappingProxyType(
        {
            "known_share": 2.09,
            "kept_share": 4.71,
            "first_known_share": 2.58,
            "rung": 4.16,
            "rung_share": 4.84,
            "custom": 10.33,
            "gap": 1.29,
            "surge_silence": 0.86,
            "surge": 11.46,
            "same_handset": 3.34,
            "hours": 1.00,
            "cells": 5.86,
            "rate": 0.00,
            "margin_for_new": 4.82,
            "margin_for_old": 4.16,
        }
    ),
    given_up_base=4.31,
    given_up=MappingProxyType({"fall_silence": 0.71, "fall": 4.31, "overlap": 1.55, "same_handset": 2.35}),
)


@dataclass(frozen=True)
class Scored:
    """A pair with its score (0 to 1), the terms it came from and the points of each, largest first."""

    row: Row
    score: float
    rival_score: float  # the best other pair for either number
    points: tuple[tuple[str, float], ...]
    given_up: float = 1.0  # the chance that the old number was given up, and is not used on beside the new one
    given_up_points: tuple[tuple[str, float], ...] = ()

    @property
    def pair(self) -> tuple[int, int]:
        return _pair(self.row)


def gap_days(row: Row) -> float:
    """Days from the old number's fall to the new one's surge; negative where they overlapped."""
    return (_value(row, "surged_moment") - _value(row, "fell_moment")) / DAY


def terms_of(row: Row, *, margin_for_new: float, margin_for_old: float) -> dict[str, float]:
    """The terms of one pair, each of which can only speak for it as it grows."""
    gap = gap_days(row)
    return {
        "known_share": _value(row, "known_share"),
        "kept_share": _value(row, "kept_share"),
        "first_known_share": _value(row, "first_known_share"),
        "rung": log1p(_value(row, "rung")),
        "rung_share": _value(row, "rung_share"),
        "custom": _value(row, "custom"),
        "gap": -log1p(max(gap, 0.0)),
        "overlap": -log1p(max(-gap, 0.0)),
        "fall_silence": min(log1p(_value(row, "fall_silence")), log1p(200)),
        "fall": -min(_value(row, "fall_ratio"), 1.0),
        "surge_silence": min(log1p(_value(row, "surge_silence")), log1p(200)),
        "surge": -min(_value(row, "surge_ratio"), 1.0),
        "same_handset": _value(row, "same_handset"),
        "hours": _value(row, "hours"),
        "cells": _value(row, "cells"),
        "rate": -abs(log(_value(row, "new_rate") / _value(row, "old_rate"))),
        "margin_for_new": margin_for_new,
        "margin_for_old": margin_for_old,
    }


def terms_of_all(rows: Sequence[Row]) -> list[dict[str, float]]:
    """The terms of every row, with how much likelier each is than the next pair for its new and for its old number."""
    likest_old, likest_new = _likest(rows, "old"), _likest(rows, "new")
    terms = []
    for row in rows:
        cosine, (old, new) = _value(row, "cosine"), _pair(row)
        margin_for_new = cosine - _best_other(likest_new[new], (old, new))
        margin_for_old = cosine - _best_other(likest_old[old], (old, new))
        terms.append(terms_of(row, margin_for_new=margin_for_new, margin_for_old=margin_for_old))
    return terms


def score_pairs(rows: Sequence[Row], weights: Weights = STANDARD_WEIGHTS) -> list[Scored]:
    """Every pair scored against its rivals, best first; ties by the earlier surge, the later fall, then by id."""
    terms = terms_of_all(rows)
    points = [_points(weights.terms, each) for each in terms]
    given_up_points = [_points(weights.given_up, each) for each in terms]
    given_up = [1.0 / (1.0 + exp(-(weights.given_up_base + sum(earned.values())))) for earned in given_up_points]
    against_rivals = _against_rivals(rows, [weights.base + sum(earned.values()) for earned in points], given_up)
    scores = {_pair(row): against_rivals[_pair(row)] * share for row, share in zip(rows, given_up, strict=True)}
    ranked_old, ranked_new = _ranked(scores, 0), _ranked(scores, 1)
    scored = []
    for row, earned, share, silent in zip(rows, points, given_up, given_up_points, strict=True):
        old, new = pair = _pair(row)
        rival = max(_best_other(ranked_old[old], pair), _best_other(ranked_new[new], pair))
        scored.append(Scored(row, scores[pair], rival, _largest_first(earned), share, _largest_first(silent)))
    return sorted(scored, key=_likeliest_first)


def _points(weights: Mapping[str, float], terms: Mapping[str, float]) -> dict[str, float]:
    return {name: weight * terms[name] for name, weight in weights.items() if weight}


def _largest_first(points: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(points.items(), key=lambda each: (-abs(each[1]), each[0])))


def _likeliest_first(scored: Scored) -> tuple[float, float, float, tuple[int, int]]:
    """What is the same to nine places is a tie: the order in which rows are added up may not decide who comes first."""
    row = scored.row
    return -round(scored.score, 9), _value(row, "surged_moment"), -_value(row, "fell_moment"), scored.pair


def _against_rivals(
    rows: Sequence[Row], log_odds: Sequence[float], given_up: Sequence[float]
) -> dict[tuple[int, int], float]:
    """Odds into shares: each pair's of all that competes with it for either number, none at all among them."""
    odds = [exp(min(max(each, -30.0), 25.0)) for each in log_odds]
    for_old: dict[int, float] = defaultdict(float)
    for_new: dict[int, float] = defaultdict(float)
    for row, chance, share in zip(rows, odds, given_up, strict=True):
        old, new = _pair(row)
        for_old[old] += chance * share
        for_new[new] += chance * share
    shares = {}
    for row, chance, share in zip(rows, odds, given_up, strict=True):
        old, new = _pair(row)
        rivals = for_old[old] + for_new[new] - 2.0 * chance * share
        shares[old, new] = chance / (1.0 + chance + max(rivals, 0.0))
    return shares


def one_to_one(scored: Sequence[Scored], *, least_score: float) -> list[Scored]:
    """The best pairs such that no number has two successors or two predecessors. A number may have none."""
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    chosen = []
    for each in scored:
        old, new = each.pair
        if each.score < least_score:
            break
        if old not in taken_old and new not in taken_new:
            taken_old.add(old)
            taken_new.add(new)
            chosen.append(each)
    return chosen


Ranking = list[tuple[float, tuple[int, int]]]


def _likest(rows: Sequence[Row], end: str) -> dict[int, Ranking]:
    by_end: dict[int, Ranking] = defaultdict(list)
    for row in rows:
        by_end[int(row[end] or 0)].append((_value(row, "cosine"), _pair(row)))
    return {number: sorted(ranking, reverse=True)[:2] for number, ranking in by_end.items()}


def _ranked(scores: Mapping[tuple[int, int], float], end: int) -> dict[int, Ranking]:
    by_end: dict[int, Ranking] = defaultdict(list)
    for pair, score in scores.items():
        by_end[pair[end]].append((score, pair))
    return {number: sorted(ranking, reverse=True)[:2] for number, ranking in by_end.items()}


def _best_other(ranking: Ranking, pair: tuple[int, int]) -> float:
    return next((value for value, other in ranking if other != pair), 0.0)


def _pair(row: Row) -> tuple[int, int]:
    return int(row["old"] or 0), int(row["new"] or 0)


def _value(row: Row, name: str) -> float:
    value = row[name]
    return 0.0 if value is None else float(value)
