"""The rules of what looks like a deal line: one figure each, one way only, and nothing for what is not known."""

import pytest

from crossline.engines.comms.profiles.deal_line import DEAL_LINE_RULES, judge

FIGURES = (
    "kept_share",
    "broadcasts_a_day",
    "broadcast_days",
    "answered_by_call",
    "custom_a_day",
    "texts_apart",
    "listed_people_share",
    "friends",
    "listed_short_share",
    "call_back_share",
    "listed_evening_share",
    "listed_day_share",
)
NOTHING_KNOWN = dict.fromkeys(FIGURES) | {"broadcasts": 9, "calls_in": 9, "calls_out": 0, "short_call_share": None}


def test_what_is_not_known_counts_neither_for_nor_against():
    verdict = judge(NOTHING_KNOWN)
    assert (verdict.points, verdict.looks_like_deal_line) == (0, False)
    assert verdict.reasons == ("not known: the records do not say how long its calls were (+0)",)


@pytest.mark.parametrize("figure", FIGURES)
def test_points_for_a_figure_only_rise_or_only_fall_with_it(figure):
    points = [judge(NOTHING_KNOWN | {figure: step / 50}).points for step in range(700)]
    assert points in (sorted(points), sorted(points, reverse=True))
    assert len(set(points)) > 1


def test_no_number_reaches_the_threshold_without_a_broadcast():
    best = dict.fromkeys(FIGURES, 1.0) | {"broadcasts": 0, "calls_in": 9, "calls_out": 9, "short_call_share": 1.0}
    assert judge(best).points == -3
    assert judge(best | {"broadcasts": 9, "broadcasts_a_day": 2, "broadcast_days": 9, "texts_apart": 0}).points == 7


def test_every_rule_against_names_whom_it_is_there_for():
    assert all(bool(rule.against) == (rule.points < 0) for rule in DEAL_LINE_RULES.rules)
    assert "[D]" in DEAL_LINE_RULES.authority
