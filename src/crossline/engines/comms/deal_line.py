"""Does a number's profile look like a deal line? Rules as data: each is a plain sentence, a test and points for or against.

The rules against are the businesses that also text many people: taxi, takeaway, surgery, school, church, delivery. They are
told apart by what the notes on communications data name (§6): who answers, whether it is the same people over and over,
whether it is every day, and whether it keeps office hours. All points are this platform's own [D].
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


DEAL_LINE_RULES = DealLineRules(
    version="deal-line-1",
    authority="platform proposal [D] after communications notes §6; tuned on synthetic worlds",
    threshold=5.0,
    rules=(
        DealLineRule("daily", "it broadcasts on most days it is used", 2.0, lambda p: _daily(p) >= 0.5),
        DealLineRule(
            "often",
            "it broadcasts on one day in four or more",
            1.0,
            lambda p: 0.25 <= _daily(p) < 0.5,
        ),
        DealLineRule(
            "same people",
            "its broadcasts go to the same people over and over",
            1.0,
            lambda p: _share(p, "repeat_share") >= 0.6,
        ),
        DealLineRule(
            "answered",
            "people answer its broadcasts within the hour",
            2.0,
            lambda p: _share(p, "answered_share") >= 0.04,
        ),
        DealLineRule(
            "calls back",
            "it rings people back within half an hour",
            2.0,
            lambda p: _share(p, "call_back_share") >= 0.15,
        ),
        DealLineRule(
            "short calls", "most of its calls are under a minute", 1.0, lambda p: _share(p, "short_call_share") >= 0.7
        ),
        DealLineRule(
            "all hours",
            "it works evenings and weekends as much as office hours",
            1.0,
            lambda p: _share(p, "out_of_hours_share") >= 0.35,
        ),
        DealLineRule(
            "office hours",
            "it keeps office hours",
            -3.0,
            lambda p: _broadcasts_in(p) and _share(p, "out_of_hours_share") < 0.12,
            against="surgery, school, delivery, agents",
        ),
        DealLineRule(
            "new people",
            "its broadcasts seldom reach the same person twice",
            -3.0,
            lambda p: _broadcasts_in(p) and _share(p, "repeat_share") < 0.4 and p["broadcasts"] >= 5,
            against="surgery, delivery",
        ),
        DealLineRule(
            "now and then",
            "it broadcasts no more than about once a week",
            -2.0,
            lambda p: _broadcasts_in(p) and _daily(p) < 0.25,
            against="church, takeaway, club, school",
        ),
        DealLineRule(
            "nobody answers",
            "hardly anybody answers its broadcasts",
            -2.0,
            lambda p: _broadcasts_in(p) and _share(p, "answered_share") < 0.01,
            against="surgery, takeaway, school, church",
        ),
        DealLineRule(
            "seldom back",
            "it seldom rings anybody back within half an hour",
            -2.0,
            lambda p: _broadcasts_in(p) and p["call_back_share"] is not None and _share(p, "call_back_share") < 0.1,
            against="takeaway, church, club, delivery",
        ),
        DealLineRule(
            "no broadcasts", "it has sent no broadcast", -3.0, lambda p: not _broadcasts_in(p), against="taxi, anybody"
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
