"""Numbers, handsets and SIMs many at a time are what they are one by one."""

import re

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossline.engines.comms.numbers import id_of, number_of
from crossline.engines.comms.regular_numbers import ids_of, numbers_of, whole_numbers_of

PIECES = st.sampled_from(
    ["0", "00", "+", "44", "0044", "7", "07700900", "(0)", " ", "-", "#0042", "#", "x", "o", "é", "141"]
)
DIGITS = st.text("0123456789", max_size=11)
REPEATED = st.tuples(st.sampled_from("0123456789"), st.integers(6, 12)).map(lambda given: given[0] * given[1])
COUNTED = st.tuples(st.integers(0, 9), st.integers(7, 10)).map(lambda given: ("0123456789" * 2)[given[0] :][: given[1]])
WRITTEN = st.one_of(
    st.lists(st.one_of(PIECES, DIGITS), max_size=5).map("".join),
    st.tuples(
        st.sampled_from(["", "0", "00", "0044", "44", "+44", "+", "7", "447"]),
        st.one_of(st.text("0123456789", min_size=8, max_size=11), REPEATED, COUNTED),
        st.sampled_from(["", "#1", "#0042", " #0042"]),
    ).map("".join),
    st.text(max_size=8),
)


@settings(max_examples=150)
@given(st.lists(st.one_of(st.none(), WRITTEN), max_size=25))
@example(["07700900123", "00447700900123", "447700900123#0042", "7700900123", "+447700900123", "withheld", ""])
@example(
    ["0" + "7" * 10, "07" + "123456789", "447" + "0" * 9, "+440" + "7700900123", "0" * 10, "999", "\u0660\u0667", None]
)
def test_numbers_many_at_a_time_are_what_they_are_one_by_one(texts):
    one_by_one = [None if text is None else number_of(text) for text in texts]
    numbers = numbers_of(pa.array(texts, pa.string()))
    assert numbers.to_pylist() == one_by_one
    assert ids_of(numbers).to_pylist() == [None if number is None else id_of(number) for number in one_by_one]


@given(st.lists(st.one_of(st.none(), st.text("0123456789", max_size=20))), st.sampled_from([14, 17]), st.integers(0, 3))
def test_a_handset_is_its_digits_behind_a_one(texts, most, skipped):
    held = pa.array(texts, pa.string())[skipped:]
    expected = [int("1" + text[:most]) if text else None for text in texts[skipped:]]
    assert whole_numbers_of(held, most).to_pylist() == expected


@given(st.lists(st.text("0123456789 -A\u0660", max_size=4)))
def test_what_is_not_digits_alone_is_no_whole_number(texts):
    plain = all(re.fullmatch("[0-9]*", text) for text in texts)
    assert (whole_numbers_of(pa.array(texts, pa.string()), 14) is not None) == plain
