"""Many mentions at once are clustered as one by one, whatever is disputed among them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.resolution.clusters import Judgement, Pair, Vetoes, clustering, same_birth
from crossline.engines.resolution.nationwide import NONE, Profiles, Weighed, cluster_rows, components, may_be_one

_BIRTHS = [
    (0, 0, 0),
    (1990, 0, 0),
    (1991, 0, 0),
    (1990, 4, 11),
    (1990, 11, 4),
    (1990, 4, 12),
    (1975, 8, 23),
    (2001, 1, 2),
]
WORDS = ["M", "F", "01/1234X", "01/1235X", "77/9999Q"]
MENTION = st.tuples(st.sampled_from(_BIRTHS), st.sampled_from([NONE, NONE, 0, 1]),
                    st.sampled_from([NONE, NONE, 2, 3, 4]), st.booleans() | st.just(value=True))  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Profiles, Weighed, list[Judgement]]:
    rows = draw(st.lists(MENTION, min_size=2, max_size=14))
    ends = st.integers(0, len(rows) - 1)
    pairs = draw(
        st.dictionaries(st.tuples(ends, ends).filter(lambda pair: pair[0] < pair[1]), st.floats(4.3, 30), max_size=24)
    )
    ids = [f"m{number:02d}" for number in range(len(rows))]
    judged = draw(st.lists(st.tuples(ends, ends, st.sampled_from(["same", "different", "unsure"])), max_size=4))
    judgements = [
        Judgement(ids[left], ids[right], verdict, f"2026-01-{number + 1:02d}")
        for number, (left, right, verdict) in enumerate(judged)
    ]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    profiles = Profiles(ids, columns[0], columns[1], columns[2], columns[3].astype(bool), WORDS)
    chosen = sorted(pairs.items())
    left, right = (np.array([pair[end] for pair, _ in chosen], dtype=np.int32) for end in (0, 1))
    return profiles, Weighed(left, right, np.array([bits for _, bits in chosen])), judgements


@given(worlds(), st.builds(Vetoes, st.booleans(), st.booleans(), st.booleans()))
@settings(max_examples=400, deadline=None)
def test_as_one_by_one(world: tuple[Profiles, Weighed, list[Judgement]], vetoes: Vetoes) -> None:
    profiles, pairs, judgements = world
    ids = profiles.ids
    slow = clustering(
        {name: profiles.one(row) for row, name in enumerate(ids)},
        [Pair(ids[left], ids[right], bits) for left, right, bits in zip(pairs.left, pairs.right, pairs.bits, strict=True)],
        judgements, 4.3, vetoes,
    )  # fmt: skip
    cluster_of, contradicted = cluster_rows(profiles, pairs, judgements, vetoes=vetoes)
    assert {name: ids[cluster_of[row]] for row, name in enumerate(ids)} == slow.cluster_of
    assert contradicted == slow.contradicted


@given(st.lists(st.sampled_from(_BIRTHS[1:]), min_size=2, max_size=2))
def test_two_dates_may_be_one_in_both_readings(dates: list[tuple[int, int, int]]) -> None:
    numbers = [np.array([(year * 100 + month) * 100 + day]) for year, month, day in dates]
    texts = [f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}" for year, month, day in dates]
    assert bool(may_be_one(*numbers)[0]) == same_birth(*texts)


@given(st.integers(1, 12).flatmap(lambda number: st.tuples(
    st.just(number), st.lists(st.tuples(st.integers(0, number - 1), st.integers(0, number - 1)), max_size=15))))  # fmt: skip
def test_components_are_what_pairs_reach(case: tuple[int, list[tuple[int, int]]]) -> None:
    number, pairs = case
    found = components(number, *(np.array([pair[end] for pair in pairs], dtype=np.int64) for end in (0, 1)))
    reached = {row: {row} for row in range(number)}
    for _ in range(number):
        for left, right in pairs:
            both = reached[left] | reached[right]
            for row in both:
                reached[row] = reached[row] | both
    assert found.tolist() == [min(reached[row]) for row in range(number)]
