"""Does a number's profile look like a deal line? Rules as data: each is a plain sentence, a test and points for or against.

The rules against are there for everybody else who texts many people: a taxi office, a surgery, a group of friends. What tells a
line from them: it texts the same people again, those people ring rather than text, often and at all hours, it rings back, and
beside its broadcasts it texts hardly anybody. No one of these carries the verdict, so a line whose calls are long, or that is
somebody's own phone as well, may still look like one. A rule is of one figure and counts one way only; what is not known counts
nothing. All points are this platform's own [D]: fitted on synthetic worlds (bench/comms_confounders.py) in which lengths of
calls, lists, days held and the rest are drawn world by world, as an additive model, then rounded to halves.
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


# (id, sentence, points, against): the steps of one figure, from the lowest; None where a figure between says nothing.
_Step = tuple[str, str, float, str] | None


def _steps(figure: str, edges: tuple[float, ...], *steps: _Step) -> tuple[DealLineRule, ...]:
    """A rule for each step of a figure: below the first edge, from each edge up to, not with, the next, and from the last on.

    None of them holds of a number that has sent no broadcast, or whose figure is not known.
    """
    bounds = (float("-inf"), *edges, float("inf"))
    return tuple(
        DealLineRule(step[0], step[1], step[2], _between(low, figure, high), step[3])
        for low, high, step in zip(bounds[:-1], bounds[1:], steps, strict=True)
        if step is not None
    )


def _between(low: float, figure: str, high: float) -> Callable[[Profile], bool]:
    return lambda profile: _broadcasts_in(profile) and profile[figure] is not None and low <= profile[figure] < high


def _broadcasts_in(profile: Profile) -> bool:
    return bool(profile["broadcasts"] > 0)


def _lengths_unknown(profile: Profile) -> bool:
    """It broadcasts and there are calls, of which no length is given."""
    calls = profile["calls_in"] + profile["calls_out"]
    return _broadcasts_in(profile) and calls > 0 and profile["short_call_share"] is None


DEAL_LINE_RULES = DealLineRules(
    version="deal-line-3",
    authority="platform proposal [D] after communications notes §6; fitted on synthetic worlds 1 to 3 and, with everything drawn"
    " anew, 103 to 125 and 131 to 152 (134 on: lines alone); reported on 41 to 44",
    threshold=2.0,
    rules=(
        *_steps(
            "kept_share",
            (0.2, 0.3),
            (
                "another list",
                "each broadcast reaches other people than the one before",
                -4.0,
                "surgeries, schools, deliveries",
            ),
            ("partly the same list", "each broadcast reaches some of the list of the one before", 0.5, ""),
            ("same list", "each broadcast reaches much of the list of the one before", 2.0, ""),
        ),
        *_steps(
            "broadcasts_a_day",
            (1.0, 1.5),
            ("less than daily", "it broadcasts less than once a day", -1.0, "takeaways, churches, schools"),
            ("about daily", "it broadcasts about once a day", -0.5, "takeaways, traders"),
            None,
        ),
        *_steps(
            "broadcast_days",
            (2,),
            ("one day", "all its broadcasts began on one day", -1.0, "anybody at New Year"),
            None,
        ),
        *_steps(
            "answered_by_call",
            (0.2, 0.3, 0.4),
            (
                "answered by text",
                "of those who answer a broadcast within the hour, fewer than two in ten ring",
                -5.0,
                "friends, clubs",
            ),
            (
                "mostly answered by text",
                "of those who answer a broadcast within the hour, a quarter or so ring",
                -4.0,
                "friends, clubs",
            ),
            (
                "partly answered by text",
                "of those who answer a broadcast within the hour, a third or so ring",
                -1.5,
                "friends, clubs",
            ),
            None,
        ),
        *_steps(
            "custom_a_day",
            (0.02, 0.05, 0.08, 0.12),
            (
                "no custom",
                "each person on its list rings or texts it, on average, less than once in seven weeks",
                -2.5,
                "schools, agents, large takeaways",
            ),
            (
                "little custom",
                "each person on its list rings or texts it, on average, less than once in three weeks",
                -2.0,
                "agents, takeaways",
            ),
            (
                "some custom",
                "each person on its list rings or texts it, on average, less than once in twelve days",
                -1.0,
                "takeaways, traders",
            ),
            (
                "middling custom",
                "each person on its list rings or texts it, on average, less than once in eight days",
                -0.5,
                "takeaways, traders",
            ),
            None,
        ),
        *_steps(
            "texts_apart",
            (0.1,),
            None,
            (
                "texts apart",
                "beside its broadcasts it texts people on its list one by one",
                -0.5,
                "taxi offices, friends",
            ),
        ),
        *_steps(
            "listed_people_share",
            (0.4, 0.5, 0.6),
            (
                "strangers",
                "more than six in ten of those who ring or text it, friends apart, are on no list of its own",
                -2.0,
                "taxi offices, takeaways, agents",
            ),
            (
                "many strangers",
                "more than half of those who ring or text it, friends apart, are on no list of its own",
                -1.5,
                "takeaways, traders",
            ),
            (
                "some strangers",
                "more than four in ten of those who ring or text it, friends apart, are on no list of its own",
                -1.0,
                "takeaways, traders",
            ),
            None,
        ),
        *_steps(
            "friends",
            (12,),
            None,
            (
                "friends",
                "it deals both ways, again and again, with a dozen people or more on no list",
                -2.5,
                "traders, clubs",
            ),
        ),
        *_steps(
            "listed_short_share",
            (0.3, 0.4, 0.6, 0.7, 0.8),
            (
                "long calls",
                "fewer than three in ten calls from its list are under a minute",
                -5.0,
                "schools, churches, friends",
            ),
            (
                "mostly long calls",
                "fewer than four in ten calls from its list are under a minute",
                -3.5,
                "surgeries, clubs",
            ),
            ("mixed calls", "half or so of the calls from its list are under a minute", -1.5, "takeaways, traders"),
            ("many short calls", "two in three or so of the calls from its list are under a minute", -0.5, "takeaways"),
            None,
            ("short calls", "eight in ten or more of the calls from its list are under a minute", 1.5, ""),
        ),
        DealLineRule(
            "lengths unknown", "not known: the records do not say how long its calls were", 0.0, _lengths_unknown
        ),
        *_steps(
            "call_back_share",
            (0.05, 0.1, 0.15),
            (
                "never back",
                "it hardly ever rings anybody back within half an hour",
                -2.0,
                "takeaways, churches, taxi offices",
            ),
            ("sometimes back", "it rings some back within half an hour", 0.5, ""),
            ("rings back", "it rings one in eight or so back within half an hour", 1.5, ""),
            ("often rings back", "it rings one in seven or more back within half an hour", 2.5, ""),
        ),
        *_steps(
            "listed_evening_share",
            (0.05,),
            (
                "no evenings",
                "hardly anybody on its list rings or texts it from 20:00 to 06:00",
                -1.5,
                "traders, schools",
            ),
            ("evenings", "those on its list ring or text it from 20:00 to 06:00 as well", 0.5, ""),
        ),
        *_steps(
            "listed_day_share",
            (0.03, 0.1),
            ("evenings only", "hardly anybody on its list rings or texts it from 06:00 to 16:00", -1.5, "takeaways"),
            ("mostly evenings", "few on its list ring or text it from 06:00 to 16:00", -0.5, "takeaways, clubs"),
            ("by day", "those on its list ring or text it from 06:00 to 16:00 as well", 0.5, ""),
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
