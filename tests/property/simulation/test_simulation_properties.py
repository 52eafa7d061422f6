"""What holds for any index, weight or seed: splits are exact, selectors read back, slips stay slips."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from crossline.simulation.apportion import apportion
from crossline.simulation.people import pnc_like
from crossline.simulation.selectors import deal_number, handset, plate, sim, slip_digit, write_number, write_plate
from crossline.simulation.written import slip_letter
from crossline.vocabulary.selectors import (
    imei_check_digit_holds,
    is_synthetic_imei,
    is_synthetic_imsi,
    is_synthetic_phone,
    is_synthetic_vrm,
    normalise_imei,
    normalise_imsi,
    normalise_phone,
    normalise_vrm,
)

indexes = st.integers(min_value=0, max_value=9_999_999)
seeds = st.integers(min_value=0, max_value=2**32)


@given(
    total=st.integers(min_value=0, max_value=3_000_000),
    weights=st.dictionaries(st.text(min_size=1, max_size=8), st.floats(0.001, 1e6), min_size=1, max_size=60),
)
def test_parts_add_up_and_none_is_a_whole_unit_from_its_share(total, weights):
    parts = apportion(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert parts.keys() == weights.keys()
    assert all(abs(parts[key] - total * weights[key] / whole) < 1.000001 for key in weights)


@given(
    total=st.integers(min_value=0, max_value=10_000),
    weights=st.dictionaries(st.text(min_size=1, max_size=4), st.floats(0.1, 10), min_size=2, max_size=12),
    seed=seeds,
)
def test_a_split_does_not_depend_on_the_order_of_its_weights(total, weights, seed):
    shuffled = list(weights.items())
    Random(seed).shuffle(shuffled)
    assert apportion(total, weights) == apportion(total, dict(shuffled))


@given(index=indexes, seed=seeds)
def test_a_number_reads_back_however_it_is_written(index, seed):
    number = deal_number(index)
    assert is_synthetic_phone(number)
    assert normalise_phone(write_number(number, Random(seed))) == number


@given(index=indexes, seed=seeds)
def test_a_wrong_digit_gives_another_number_of_the_same_range(index, seed):
    rng = Random(seed)
    number = deal_number(index)
    slipped = normalise_phone(slip_digit(write_number(number, rng), rng))
    assert slipped is not None
    assert slipped != number
    assert is_synthetic_phone(slipped)


@given(one=indexes, other=indexes)
def test_two_indexes_never_share_a_number_a_handset_a_sim_or_a_plate(one, other):
    if one != other:
        assert deal_number(one) != deal_number(other)
        assert handset(one) != handset(other)
        assert sim(one) != sim(other)
        assert plate(one) != plate(other)
        assert pnc_like(one) != pnc_like(other)


@given(index=indexes)
def test_handsets_and_sims_are_of_the_test_range(index):
    assert imei_check_digit_holds(handset(index))
    assert is_synthetic_imei(normalise_imei(handset(index)) or "")
    assert is_synthetic_imsi(normalise_imsi(sim(index)) or "")


@given(index=indexes, seed=seeds)
def test_a_plate_reads_back_however_it_is_written(index, seed):
    mark = plate(index)
    assert is_synthetic_vrm(mark.replace(" ", ""))
    assert normalise_vrm(write_plate(mark, Random(seed))) == mark.replace(" ", "")


@given(word=st.text(alphabet="abcdefghij", min_size=1, max_size=12), seed=seeds)
def test_a_typing_slip_changes_the_length_by_one_at_most_and_keeps_the_ends(word, seed):
    slipped = slip_letter(word, Random(seed))
    assert abs(len(slipped) - len(word)) <= 1
    assert slipped[0] == word[0]
    assert len(word) > 2 or slipped == word
