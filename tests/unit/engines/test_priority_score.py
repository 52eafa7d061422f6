"""The line priority score: its points, its bounds and its order."""

from math import log1p

import pytest

from crossline.engines.priority import STANDARD_WEIGHTS, Harm, HarmReturn, LineFacts, ReasonKind, prioritise

ALL_GRADED = dict.fromkeys(Harm, 3)


def facts(line, levels=None, agency="kent", **more):
    known = {
        "forces_touched": 2,
        "numbers_in_year": 3,
        "customers": 80,
        "days_since_seen": 5,
        "holder_attribution": 0,
        "holder_located": False,
        "number_live": False,
        "investigation_open": False,
    }
    return LineFacts(line, (HarmReturn(agency, ALL_GRADED if levels is None else levels),), **(known | more))


def test_what_is_wholly_known_has_no_interval():
    (line,) = prioritise([facts("l1")])
    assert line.score_low == line.score == line.score_high
    assert (line.rank, line.rank_low, line.rank_high) == (1, 1, 1)
    assert line.risk == pytest.approx((0.95 * 0.6 + 0.05 * 0.2) * likelihood_of_standard_line() * 100, abs=1e-3)


def likelihood_of_standard_line():
    return 0.4 + 0.3 + 0.15 * 2 / 5 + 0.15 * log1p(80) / log1p(400)


def test_the_points_of_the_reasons_add_up_to_the_score():
    (line,) = prioritise([facts("l1", {Harm.VIOLENCE: 4, Harm.CHILD_EXPLOITATION: None})])
    counted = [reason for reason in line.reasons if reason.kind in (ReasonKind.RISK, ReasonKind.UPLIFT)]
    assert sum(reason.points for reason in counted) == pytest.approx(line.score, abs=1e-3)
    assert sum(reason.low for reason in counted) == pytest.approx(line.score_low, abs=1e-3)
    assert sum(reason.high for reason in counted) == pytest.approx(line.score_high, abs=1e-3)


def test_not_known_is_not_nought():
    unknown, nought = prioritise([facts("unknown", {}), facts("nought", dict.fromkeys(Harm, 0))])
    assert unknown.line == "unknown"
    assert unknown.score_low == nought.score
    assert unknown.score_high > unknown.score > unknown.score_low
    assert any("not known" in reason.sentence for reason in unknown.reasons)


def test_the_importing_forces_harm_counts_to_the_line():
    nothing, worst = dict.fromkeys(Harm, 0), dict.fromkeys(Harm, 5)
    seen_there = LineFacts("a", (HarmReturn("met", nothing), HarmReturn("norfolk", worst)), days_since_seen=5)
    seen_here = LineFacts("b", (HarmReturn("met", worst), HarmReturn("norfolk", nothing)), days_since_seen=5)
    first, second = prioritise([seen_there, seen_here])
    assert first.score == second.score
    assert any("norfolk" in reason.sentence for reason in first.reasons)


def test_a_child_at_imminent_risk_comes_first_whatever_the_score():
    lines = prioritise([facts("grave", dict.fromkeys(Harm, 5)), facts("slight", {}, child_at_imminent_risk=True)])
    assert [(line.line, line.rank, line.rank_low, line.rank_high) for line in lines] == [
        ("slight", 1, 1, 1),
        ("grave", 2, 2, 2),
    ]


def test_opportunity_only_parts_lines_of_equal_score():
    lines = prioritise(
        [facts("a"), facts("b", holder_located=True), facts("c", dict.fromkeys(Harm, 4), holder_located=False)]
    )
    assert [line.line for line in lines] == ["c", "b", "a"]


def test_lines_alike_in_everything_are_ordered_by_id_and_shown_as_a_tie():
    lines = prioritise([facts("b"), facts("a")])
    assert [(line.line, line.rank, line.rank_low, line.rank_high) for line in lines] == [("a", 1, 1, 2), ("b", 2, 1, 2)]


def test_the_weights_say_whose_they_are_and_add_up():
    assert "not an official method" in STANDARD_WEIGHTS.authority
    assert sum(STANDARD_WEIGHTS.harms.values()) + STANDARD_WEIGHTS.reach == pytest.approx(1)
    assert sum(STANDARD_WEIGHTS.vulnerability.values()) == pytest.approx(1)
    likelihood = (STANDARD_WEIGHTS.likelihood_floor, STANDARD_WEIGHTS.recency, STANDARD_WEIGHTS.turnover)
    assert sum(likelihood) + STANDARD_WEIGHTS.scale == pytest.approx(1)
    ready = (STANDARD_WEIGHTS.attribution, STANDARD_WEIGHTS.located, STANDARD_WEIGHTS.live)
    assert sum(ready) + STANDARD_WEIGHTS.investigated == pytest.approx(1)


def test_nothing_about_a_person_can_be_an_input():
    assert set(LineFacts.__dataclass_fields__) == {
        "line",
        "harm_returns",
        "forces_touched",
        "numbers_in_year",
        "customers",
        "days_since_seen",
        "holder_attribution",
        "holder_located",
        "number_live",
        "investigation_open",
        "child_at_imminent_risk",
    }


def test_no_lines_no_ranks():
    assert prioritise([]) == []
