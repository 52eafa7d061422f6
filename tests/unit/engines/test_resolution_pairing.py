"""Pairs are those that share a key, each once and in order, however many are made at a time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from crossline.engines.resolution.coding import coded
from crossline.engines.resolution.comparing import key_maker
from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.on_arrays import compare_pairs
from crossline.engines.resolution.on_duckdb import shared_keys
from crossline.engines.resolution.pairing import Couples, every_pair, pairs_of
from crossline.engines.resolution.preparing import rows_of

from .matching_mentions import some_mentions

MODEL = released_model()


def test_pairs_in_parts_are_as_in_one() -> None:
    prepared = some_mentions(60, 8)

    def weighed(pairs: Iterable[Couples]) -> list[tuple[int, int, int]]:
        found = compare_pairs(coded(prepared), pairs, MODEL)
        return list(zip(found.left.tolist(), found.right.tolist(), found.weight_steps.tolist(), strict=True))

    assert weighed(every_pair(60, at_once=300)) == weighed(every_pair(60))
    assert len(weighed(every_pair(60))) == 60 * 59 // 2
    sharing = shared_keys(prepared)
    parts = list(pairs_of(sharing, at_once=50))
    assert len(parts) > 5
    assert weighed(parts) == weighed(pairs_of(sharing))


def test_pairs_are_those_that_share_a_key() -> None:
    prepared = some_mentions(60, 9)
    held = rows_of(prepared)
    keys = [set(key_maker()(row)) for row in held]
    expected = [(one, other) for one, other in combinations(range(60), 2) if keys[one] & keys[other]]
    parts = [zip(*map(np.ndarray.tolist, each), strict=True) for each in pairs_of(shared_keys(prepared), at_once=1)]
    assert [pair for part in parts for pair in part] == expected
    assert len(expected) < 60 * 59 // 2
