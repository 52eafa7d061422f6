"""Whole names for any strings: the same both ways round, the same each time, one for a name and itself, never outside 0 to 1."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.resolution.whole_name_parts import take_apart
from crossline.engines.resolution.whole_names import name_similarity

WORDS = (
    "amina",
    "Bill",
    "William",
    "bin",
    "al",
    "Osei",
    "J.",
    "Ltd",
    "Larch",
    "حسن",
    "Каримов",
    "O'Rourke",
    "van",
    "van der",
    "4",
)
NAMES = st.one_of(st.text(max_size=24), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))


@given(NAMES, NAMES)
def test_the_same_both_ways_round(left: str, right: str) -> None:
    there, back = name_similarity(left, right), name_similarity(right, left)
    assert there.score == back.score
    assert {(part.left, part.right) for part in there.parts} == {(part.right, part.left) for part in back.parts}


@given(NAMES, NAMES)
def test_within_bounds_and_the_same_each_time(left: str, right: str) -> None:
    found = name_similarity(left, right)
    assert 0.0 <= found.score <= 1.0
    take_apart.cache_clear()
    assert name_similarity(left, right) == found


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    expected = 1.0 if take_apart(name).parts else 0.0
    assert name_similarity(name, name).score == expected


@given(st.lists(st.sampled_from(("amina", "kofi", "osei", "warsame", "yusuf")), min_size=2, max_size=4, unique=True))
def test_order_does_not_matter(words: list[str]) -> None:
    turned = sorted(words)
    assert name_similarity(" ".join(words), " ".join(turned)).score >= 0.999
