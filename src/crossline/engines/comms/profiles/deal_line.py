"""Does a number's profile look like a deal line? Rules as data: each is a plain sentence, a test and points for or against.

The rules against are there for everybody else who texts many people: a taxi office, a surgery, a group of friends. What tells a
line from them is that those it texts are nearly all who ring it, that it texts the same list over and over, that calls are
short, and that it rings back. All points are this platform's own [D]: fitted on synthetic worlds (bench/comms_confounders.py)
as an additive model in which every rule counts one way only, then rounded to halves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Profile = Mapping[str, Any]


@dataclass(frozen=True)
class DealLineRule:
    """Points when the test holds. `against` names the confounder that a negative rule is there for."""

    id: str
    sentence: str
    points: float
    test: Callable[[Profile], bool]
    against: str = ""


@dataclass(frozen=True)
class DealLineRules:
    """The rules in force; at `threshold` points and more a number looks like a deal line."""

    version: str
    authority: str
    threshold: float
    rules: tuple[DealLineRule, ...]


@dataclass(frozen=True)
class Verdict:
    """The points of a number and what they are for."""

    points: float
    looks_like_deal_line: bool
    reasons: tuple[str, ...]


def _share(profile: Profile, name: str) -> float:
    value = profile[name]
    return 0.0 if value is None else float(value)


def _daily(profile: Profile) -> float:
    """Share of the days it called or texted on which it broadcast."""
    return float(profile["broadcast_days"]) / max(float(profile["days_sending"]), 1.0)


def _broadcasts_in(profile: Profile) -> bool:
    return bool(profile["broadcasts"] > 0)


def _between(low: float, name: str, high: float) -> Callable[[Profile], bool]:
    """The number broadcasts, and this share is from `low` up to, not with, `high`; a share of nothing is nought."""
    return lambda profile: _broadcasts_in(profile) and low <= _share(profile, name) < high


def _lengths_unknown(profile: Profile) -> bool:
    """It broadcasts and there are calls, of which no length is given."""
    calls = profile["calls_in"] + profile["calls_out"]
    return _broadcasts_in(profile) and calls > 0 and profile["short_call_share"] is None


def _called_at_all_hours(profile: Profile) -> bool:
    """What stands in for short calls where no length is given: answers are calls, and not in office hours alone."""
    return _share(profile, "answered_by_call") >= 0.3 and _share(profile, "out_of_hours_share") >= 0.2


_ANY = 2.0  # above any share

DEAL_LINE_RULES = DealLineRules(
    version="deal-line-2",
    authority="platform proposal [D] after communications notes §6; fitted on synthetic worlds 1 and 2, reported on 11 to 14",
    threshold=2.0,
    rules=(
        DealLineRule(
            "own list", "nearly all who ring or text it are on its own list", 1.5, _between(0.9, "listed_share", _ANY)
        ),
        DealLineRule(
            "mostly own list", "most who ring or text it are on its own list", 0.5, _between(0.8, "listed_share", 0.9)
        ),
        DealLineRule(
            "same list",
            "each broadcast reaches much of the list of the one before",
            1.0,
            _between(0.3, "kept_share", _ANY),
        ),
        DealLineRule(
            "short calls", "most of its calls are under a minute", 1.0, _between(0.7, "short_call_share", _ANY)
        ),
        DealLineRule(
            "answered by calls",
            "of those who answer a broadcast within the hour, three in ten or more ring",
            0.5,
            _between(0.3, "answered_by_call", _ANY),
        ),
        DealLineRule(
            "long calls",
            "fewer than six in ten of its calls are under a minute, or it has none",
            -3.5,
            lambda p: _between(0.0, "short_call_share", 0.6)(p) and not _lengths_unknown(p),
            against="surgeries, schools, churches, agents, friends",
        ),
        DealLineRule(
            "lengths unknown",
            "the records do not say how long its calls were, and it is seldom rung in answer or keeps office hours",
            -1.0,
            lambda p: _lengths_unknown(p) and not _called_at_all_hours(p),
            against="anybody whose calls may be long",
        ),
        DealLineRule(
            "lengths unknown, called at all hours",
            "the records do not say how long its calls were, but it is rung in answer and not in office hours alone",
            0.0,
            lambda p: _lengths_unknown(p) and _called_at_all_hours(p),
        ),
        DealLineRule(
            "strangers",
            "many who ring or text it are on no list of its own, or nobody does",
            -3.0,
            _between(0.0, "listed_share", 0.6),
            against="taxi offices, surgeries, agents",
        ),
        DealLineRule(
            "some strangers",
            "a third or so of those who ring or text it are on no list of its own",
            -1.0,
            _between(0.6, "listed_share", 0.7),
            against="takeaways, traders, clubs",
        ),
        DealLineRule(
            "never back",
            "it hardly ever rings anybody back within half an hour, or too few ring it to tell",
            -2.5,
            _between(0.0, "call_back_share", 0.05),
            against="takeaways, churches",
        ),
        DealLineRule(
            "seldom back",
            "it seldom rings anybody back within half an hour",
            -0.5,
            _between(0.05, "call_back_share", 0.1),
            against="takeaways, schools",
        ),
        DealLineRule(
            "now and then",
            "it broadcasts on fewer than one in four of the days it is used",
            -1.5,
            lambda p: _broadcasts_in(p) and _daily(p) < 0.25,
            against="takeaways, taxi offices, churches, anybody at New Year",
        ),
        DealLineRule(
            "new people",
            "its broadcasts seldom reach the same person twice",
            -1.0,
            _between(0.0, "repeat_share", 0.4),
            against="surgeries, deliveries, canvassers",
        ),
        DealLineRule(
            "another list",
            "each broadcast reaches other people than the one before",
            -1.0,
            lambda p: p["kept_share"] is not None and _between(0.0, "kept_share", 0.2)(p),
            against="surgeries, schools, deliveries",
        ),
        DealLineRule(
            "no broadcasts", "it has sent no broadcast", -3.0, lambda p: not _broadcasts_in(p), against="anybody"
        ),
    ),
)


def judge(profile: Profile, rules: DealLineRules = DEAL_LINE_RULES) -> Verdict:
    """The points of one profile row, with a sentence for each rule that holds, weightiest first."""
    holding = sorted(
        (rule for rule in rules.rules if rule.test(profile)), key=lambda rule: (-abs(rule.points), rule.id)
    )
    points = sum(rule.points for rule in holding)
    reasons = tuple(
        f"{rule.sentence} ({rule.points:+g}{', as ' + rule.against + ' do' if rule.against else ''})"
        for rule in holding
    )
    return Verdict(points, points >= rules.threshold, reasons)
