"""Precision and recall from contingency tables agree with counting every pair by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.exchange.measures import Agreement, b_cubed, of_sets, pairs_within, pairwise

LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=25)


@given(LABELS)
def test_pairs_are_counted_as_by_hand(labels: list[tuple[str, int]]) -> None:
    pairs = list(combinations(labels, 2))
    both = sum(1 for left, right in pairs if left[0] == right[0] and left[1] == right[1])
    true = sum(1 for left, right in pairs if left[0] == right[0])
    found = sum(1 for left, right in pairs if left[1] == right[1])
    assert pairwise(labels) == Agreement(both, found - both, true - both)


@given(LABELS.filter(bool))
def test_b_cubed_is_the_mean_over_members(labels: list[tuple[str, int]]) -> None:
    precisions, recalls = [], []
    for truth, group in labels:
        with_it = [each for each in labels if each[1] == group]
        of_it = [each for each in labels if each[0] == truth]
        together = sum(1 for each in with_it if each[0] == truth)
        precisions.append(together / len(with_it))
        recalls.append(together / len(of_it))
    cubed = b_cubed(labels)
    assert cubed.precision == pytest.approx(sum(precisions) / len(labels))
    assert cubed.recall == pytest.approx(sum(recalls) / len(labels))


def test_perfect_and_hopeless() -> None:
    assert pairwise([("a", 1), ("a", 1), ("b", 2)]).f1 == 1.0
    assert pairwise([("a", 1), ("a", 2)]).precision is None, "nothing was put together"
    assert pairwise([("a", 1), ("a", 2)]).recall == 0.0
    assert b_cubed([]).f1 is None
    assert Agreement(0, 3, 4).f1 == 0.0


def test_sets_and_pairs_of_groups() -> None:
    assert of_sets({1, 2, 3}, {2, 3, 4, 5}) == Agreement(2, 2, 1)
    assert pairs_within([["b", "a", "c"], ["a", "b", "b"]]) == {("a", "b"), ("a", "c"), ("b", "c")}
