"""What pairs weigh and what hypotheses make of them, worked out by hand beside the code; calibration against lir's values."""

import json
from dataclasses import replace
from math import exp, log, log10

import numpy as np
import pytest

from crossline.engines.comms.attribution.carriers import best_run, periods
from crossline.engines.comms.attribution.likelihood_ratios import Calibration, calibrated, cllr, elub, logistic
from crossline.engines.comms.attribution.model import (
    BANDS,
    IMPOSSIBLE,
    KINDS,
    NEAR,
    Part,
    Release,
    blocks_of,
    log_likelihood,
    log_products,
    pair_weights,
    raw_ratios,
    release_from,
    release_text,
    released,
)
from crossline.engines.comms.attribution.wording import Answer, answer_of, sentence, support, times

TOGETHER = (0.0, 0.4, 0.3, 0.1, 0.05, 0.05, 0.03, 0.02, 0.02, 0.01, 0.01, 0.01)
APART = (0.0, 0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
OPEN = Calibration(0.0, 1.0, -6.0, 6.0)
GRID = (0.0, 0.5, 0.9)


def even(*chances):
    return (Part("all", 1.0, (chances,) * len(KINDS)),)


SMALL = Release(
    release="small",
    trained_on={},
    together=(TOGETHER, TOGETHER),
    apart=((APART, APART),) * len(KINDS),
    weight_of_area=50.0,
    grid=GRID,
    same_hands=even(0.0, 0.0, 1.0),
    stranger=even(1.0, 0.0, 0.0),
    companion=even(0.0, 1.0, 0.0),
    against_stranger=OPEN,
    against_companion=OPEN,
)


def whole(*values):
    return np.array(values, dtype=np.int64)


def test_the_bands_have_names_and_the_last_is_the_impossible_one():
    assert len(BANDS) == IMPOSSIBLE + 1 == len(TOGETHER)
    assert NEAR == IMPOSSIBLE - 1


def test_a_pair_weighs_what_its_band_is_together_against_apart():
    weight, chance = pair_weights(
        band=whole(1, 11, 1),
        kind=whole(1, 1, 1),
        same_network=whole(0, 0, 1),
        base_hours=np.array([20.0, 0.0, 0.0]),
        base_total=np.array([100.0, 100.0, 0.0]),
        phones=150,
        release=SMALL,
    )
    # 0.8 of a stranger's pairs are in the area; a fifth of the phone-hours there are in band 1; 150 phones outvote 50.
    counted = (150 * 0.8 * 0.2 + 50 * 0.05) / 200
    assert chance.tolist() == pytest.approx([counted, 0.1, 0.05])
    assert weight.tolist() == pytest.approx([log(0.4 / counted), log(0.01 / 0.1), log(0.4 / 0.05)])


def test_pairs_of_one_block_and_kind_are_added():
    blocks = blocks_of(whole(7, 5, 7, 7), whole(1, 0, 1, 2), whole(3, 3, 3, 3), np.array([1.0, 2.0, 0.5, -1.0]))
    found = list(zip(blocks.candidate, blocks.kind, blocks.weight, blocks.pairs, strict=True))
    assert found == [(5, 0, 2.0, 1), (7, 1, 1.5, 2), (7, 2, -1.0, 1)]


def test_the_likelihood_of_a_hypothesis_by_hand():
    blocks = blocks_of(whole(1, 1, 1), whole(0, 1, 1), whole(0, 1, 2), np.array([2.0, 1.0, -3.0]))
    products = log_products(blocks, whole(1, 2), GRID)
    night = 0.5 * exp(2) + 0.5
    day = (0.5 * exp(1) + 0.5) * (0.5 * exp(-3) + 0.5)
    assert exp(products[0, 0, 1]) == pytest.approx(night)
    assert exp(products[0, 1, 1]) == pytest.approx(day)
    assert products[0, 2].tolist() == [0.0, 0.0, 0.0]  # no pair, no say
    assert products[1].tolist() == [[0.0, 0.0, 0.0]] * 3
    open_minded = (Part("a", 0.25, ((0.0, 1.0, 0.0),) * 3), Part("b", 0.75, ((1.0, 0.0, 0.0),) * 3))
    assert exp(log_likelihood(products, open_minded)[0]) == pytest.approx(0.25 * night * day + 0.75)


def test_the_two_ratios_by_hand():
    blocks = blocks_of(whole(1, 1), whole(1, 1), whole(0, 1), np.array([3.0, 2.0]))
    stranger, companion = raw_ratios(log_products(blocks, whole(1), GRID), SMALL)
    same = (0.9 * exp(3) + 0.1) * (0.9 * exp(2) + 0.1)
    assert stranger[0] == pytest.approx(log10(same))
    assert companion[0] == pytest.approx(log10(same / ((0.5 * exp(3) + 0.5) * (0.5 * exp(2) + 0.5))))


def test_a_companion_is_told_by_what_is_apart():
    rows = [(block, weight) for block in range(30) for weight in [2.0 if block % 2 else -2.0]]
    blocks = blocks_of(
        *(whole(*column) for column in ([1] * 30, [1] * 30, [b for b, _ in rows])), np.array([w for _, w in rows])
    )
    stranger, companion = raw_ratios(log_products(blocks, whole(1), GRID), SMALL)
    assert stranger[0] > 1  # as against a stranger the same pairs speak for same hands
    assert companion[0] < -1


def test_a_release_reads_back_what_it_wrote():
    again = release_from(json.loads(release_text(SMALL)))
    assert again == SMALL
    assert release_text(again) == release_text(SMALL)


def test_the_shipped_release_holds_chances_that_add_up_and_says_what_it_was_learnt_on():
    release = released()
    assert {"by", "seeds", "settings", "holders", "companions", "strangers"} <= set(release.trained_on)
    chances = [*release.together, *(row for kind in release.apart for row in kind)]
    chances += [
        row for parts in (release.same_hands, release.stranger, release.companion) for p in parts for row in p.kinds
    ]
    for row in chances:
        assert min(row) > 0
        assert sum(row) == pytest.approx(1.0, abs=1e-6)
    for parts in (release.same_hands, release.stranger, release.companion):
        assert sum(part.share for part in parts) == pytest.approx(1.0)
    for calibration in (release.against_stranger, release.against_companion):
        assert calibration.slope > 0
        assert -9 < calibration.lower < 0 < calibration.upper < 9


@pytest.mark.parametrize(
    ("same", "other", "gap", "bounds", "cost"),
    [(40, 60, 3, (-0.68, 1.37), 0.6129907775037046), (25, 500, 5, (-0.95, 2.32), 0.41962584991079743)],
)
def test_bounds_and_cost_are_those_of_lir(same, other, gap, bounds, cost):
    """Worked out with lir 1.3.1: lir.algorithms.bayeserror.elub and lir.metrics.cllr."""
    logs = np.concatenate([np.linspace(-1, gap, same), np.linspace(-gap, 0.8, other)])
    label = np.arange(len(logs)) < same
    assert elub(logs, label) == pytest.approx(bounds)
    assert cllr(logs, label) == pytest.approx(cost)


def test_logistic_calibration_is_that_of_scikit_learn():
    """sklearn 1.9.1 LogisticRegression(class_weight="balanced", C=1e9), which lir's LogitCalibrator wraps."""
    logs = np.array([3.0, 2.0, 1.0, 0.5, -0.2, 2.5, -3.0, -2.0, -1.0, 0.4, -1.5, -0.5])
    offset, slope = logistic(logs, np.arange(12) < 6, ridge=0.0)
    assert (offset, slope) == pytest.approx((-0.0605685, 1.1208323), abs=1e-5)


def test_calibration_undoes_a_known_distortion_and_bounds_what_was_never_seen():
    chance = np.random.default_rng(1)
    label = np.arange(4_000) < 2_000
    true = np.where(label, 1.0, -1.0) + chance.normal(0, np.sqrt(2 / np.log(10)), 4_000)  # well calibrated by make
    found = calibrated((true - 0.5) / 2, label)
    assert found.slope == pytest.approx(2.0, abs=0.25)
    assert found.offset == pytest.approx(0.5, abs=0.15)
    assert found.of(100.0) == found.upper < 4
    assert found.is_at_bound(100.0)
    assert not found.is_at_bound(0.0)


@pytest.mark.parametrize(
    ("pairs", "blocks", "stranger", "companion", "answer"),
    [
        (0, 0, 0.0, 0.0, Answer.NO_PAIRS),
        (4, 4, 3.0, 2.0, Answer.TOO_LITTLE),
        (90, 40, -2.0, 2.0, Answer.DIFFERENT),
        (90, 40, 0.5, 2.0, Answer.UNDECIDED),
        (90, 40, 4.0, 0.4, Answer.CANNOT_SEPARATE),
        (90, 40, 4.0, -1.2, Answer.COMPANION),
        (90, 40, 4.0, 1.4, Answer.SAME_HANDS),
    ],
)
def test_every_answer_is_given_for_its_figures(pairs, blocks, stranger, companion, answer):
    assert answer_of(pairs, blocks, stranger, companion) is answer


def test_sentences_name_both_propositions_and_round_down():
    said = sentence("u1", "u2", 3.1, companion=False, at_bound=False)
    assert said.startswith(
        "The findings are 1,200 times more probable if the phones u1 and u2 were in the same hands than if"
    )
    assert "strong support" in said
    other_way = sentence("u1", "u2", -0.5, companion=True, at_bound=True)
    assert "3.1 times more probable if they were in the hands of two people who live or travel together" in other_way
    assert "the bound of what the model was tested for" in other_way
    assert [support(value) for value in (0.5, -1.5, 2.5, 3.5, 5.0, 7.0)] == [
        "weak support",
        "moderate support",
        "moderately strong support",
        "strong support",
        "very strong support",
        "extremely strong support",
    ]
    assert [times(value) for value in (0.0, 0.96, 1.0, 2.999, 4.0)] == ["1", "9.1", "10", "990", "10,000"]


def day_of_blocks(candidate, day, weight):
    return [(candidate, 1, day * 6 + part, weight) for part in (2, 3, 4)]


def made(rows):
    columns = list(zip(*rows, strict=True))
    return blocks_of(*(whole(*column) for column in columns[:3]), np.array(columns[3]))


def test_a_phone_handed_on_has_two_periods_and_never_one_name():
    rows = [row for day in range(10) for row in day_of_blocks(1, day, 4.0 if day < 6 else -4.0)]
    rows += [row for day in range(10) for row in day_of_blocks(2, day, -4.0 if day < 6 else 4.0)]
    first, second = periods(made(rows), searched=2)
    assert (first.candidate, first.first_day, first.last_day) == (1, 0, 5)
    assert (second.candidate, second.first_day, second.last_day) == (2, 6, 9)
    assert first.weight == pytest.approx(18 * log(0.9 * exp(4) + 0.1))
    assert first.blocks == 18
    assert first.beside == second.beside == ()


def test_two_who_fit_alike_are_both_named():
    rows = [row for day in range(8) for who in (1, 2) for row in day_of_blocks(who, day, 3.0)]
    (only,) = periods(made(rows), searched=2)
    assert {only.candidate, *only.beside} == {1, 2}


def test_a_long_search_makes_no_period_of_what_a_short_one_would():
    rows = day_of_blocks(1, 0, 4.0) + day_of_blocks(1, 1, -4.0)
    assert [each.candidate for each in periods(made(rows), searched=1)] == [1, None]
    assert [each.candidate for each in periods(made(rows), searched=1_000_000)] == [None]
    assert periods(blocks_of(whole(), whole(), whole(), np.array([])), searched=3) == []


def test_the_best_run_of_days():
    assert best_run(np.array([[1.0, -3.0, 2.0, 2.0, -1.0], [-1.0, -2.0, -1.0, -1.0, -1.0]])).tolist() == [4.0, 0.0]


def test_a_bound_is_part_of_a_release():
    held = replace(SMALL, against_stranger=Calibration(0.5, 2.0, -1.0, 1.5))
    assert held.against_stranger.of(0.4) == pytest.approx(1.3)
    assert held.against_stranger.of(3.0) == 1.5
    assert held.against_stranger.of(-3.0) == -1.0
