"""Pairs weighed as arrays: what is left early is what weighs too little, and nothing else."""

import pytest

from crossline.engines.resolution.coding import coded
from crossline.engines.resolution.model import BIT_STEPS, released_model
from crossline.engines.resolution.on_arrays import compare_pairs
from crossline.engines.resolution.pairing import every_pair

from .matching_mentions import some_mentions

MODEL = released_model()


@pytest.mark.parametrize("least", [-10.0, 4.3, 20.0])
def test_what_cannot_weigh_enough_is_left_early_and_nothing_else(least: float) -> None:
    prepared = some_mentions(80, 10)
    every = compare_pairs(coded(prepared), every_pair(80), MODEL)
    heavy = every.weight_steps >= least * BIT_STEPS
    found = compare_pairs(coded(prepared), every_pair(80), MODEL, least_bits=least)
    assert found.left.tolist() == every.left[heavy].tolist()
    assert found.right.tolist() == every.right[heavy].tolist()
    assert found.levels.tolist() == every.levels[heavy].tolist()
    assert found.weight_steps.tolist() == every.weight_steps[heavy].tolist()
    assert 0 < heavy.sum() < len(heavy)
