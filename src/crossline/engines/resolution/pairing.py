"""Pairs of mentions that share a key: each once, the smaller row first, in order, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from crossline.engines.resolution.on_duckdb import Rows, Sharing

Couples = tuple[Rows, Rows]
"""The smaller and the greater row of each of some pairs."""

AT_ONCE = 2_000_000
"""About so many pairs are made together, those of several keys counted as often: a nation's need no more room than a region's."""

_ROW_BITS = 32


def pairs_of(sharing: Sequence[Sharing], *, at_once: int = AT_ONCE) -> Iterator[Couples]:
    """The pairs of all these keys."""
    if not any(len(each.rows) for each in sharing):
        return
    rows = np.concatenate([each.rows for each in sharing])
    after = np.concatenate([each.after for each in sharing])
    for places in _parts(rows, after, at_once):
        yield _pairs(rows, after, places)


def _parts(rows: Rows, after: Rows, at_once: int) -> Iterator[npt.NDArray[np.int64]]:
    """Where in the lists the rows of each part stand: all places of a row together, as a pair may be found by several keys."""
    made = np.bincount(rows, weights=after).cumsum()
    part_of = (made // at_once).astype(np.int32)
    parts = part_of.take(rows)
    order = np.argsort(parts, kind="stable")
    ends = np.bincount(parts).cumsum()
    yield from (places for places in np.split(order, ends[:-1]) if len(places))


def _pairs(rows: Rows, after: Rows, places: npt.NDArray[np.int64]) -> Couples:
    """Those of which the smaller row stands at one of these places."""
    counts = after.take(places)
    begun = np.cumsum(counts) - counts
    partner = np.arange(counts.sum()) + np.repeat(places + 1 - begun, counts)
    written = np.repeat(rows.take(places).astype(np.int64) << _ROW_BITS, counts) | rows.take(partner)
    written.sort()
    fresh = np.ones(len(written), dtype=np.bool_)
    np.not_equal(written[1:], written[:-1], out=fresh[1:])
    distinct = written[fresh]
    return (distinct >> _ROW_BITS).astype(np.int32), distinct.astype(np.int32)


def every_pair(number: int, *, at_once: int = AT_ONCE) -> Iterator[Couples]:
    """The pairs of so many rows, each with each."""
    step = max(1, at_once // max(1, number))
    for start in range(0, number, step):
        one = np.arange(start, min(start + step, number), dtype=np.int32)
        left, right = np.meshgrid(one, np.arange(number, dtype=np.int32), indexing="ij")
        rising = left < right
        yield left[rising], right[rising]
