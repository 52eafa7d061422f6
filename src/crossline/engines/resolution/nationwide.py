"""Clusters of very many mentions: as `clusters.clustering` makes them, one by one only where something is disputed.

Most groups hold nothing that could keep two of their members apart: one sex, one PNC id, dates of birth any two of which can
be one. Best-first merging then ends with all that pairs connect, whatever their order, so it need not be played through.
The rest goes to the merger pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crossline.engines.resolution.clusters import Clustering, Judgement, Pair, Profile, Vetoes, merge, standing_of

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# A group with more different dates of birth than this goes to the merger without being looked at.
MOST_BIRTHS = 12
NONE = -1


@dataclass(frozen=True)
class Profiles:
    """What mentions say that can rule others out, as columns in the order of their ids, which rise.

    `births`: year, month, day of each (month and day 0 where not known, all 0 without a year); `sexes`, `pncs`: places in
    `words`, NONE where not known; `anchored`: as in clusters.Profile.
    """

    ids: Sequence[str]
    births: Numbers
    sexes: Numbers
    pncs: Numbers
    anchored: Flags
    words: Sequence[str]

    def one(self, row: int) -> Profile:
        """One mention's, as the merger takes it."""
        year, month, day = self.births[row].tolist()
        birth = f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}" if year else None
        return Profile(birth, self._word(self.sexes[row]), self._word(self.pncs[row]), bool(self.anchored[row]))

    def _word(self, place: int) -> str | None:
        return None if place == NONE else self.words[place]


@dataclass(frozen=True)
class Weighed:
    """Pairs that may join: rows (left < right, as ids rise) and weights in bits."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    bits: npt.NDArray[np.float64]


def profiles_of(prepared: pa.Table) -> Profiles:
    """The profiles of PREPARED_SCHEMA rows."""
    known = {name: pc.is_valid(prepared.column(name)).to_numpy() for name in ("fore", "sur", "pnc", "nominal", "dob")}
    years, months, days = (
        pc.fill_null(prepared.column(f"dob_{part}"), 0).to_numpy().astype(np.int64) for part in ("year", "month", "day")
    )
    full = known["dob"]
    # A month without a day is left out: too little to keep two people apart.
    births = np.stack([years, np.where(full, months, 0), np.where(full, days, 0)], axis=1)
    sexes, sex_words = _numbered(prepared.column("sex"), 0)
    pncs, pnc_words = _numbered(prepared.column("pnc"), len(sex_words))
    named = known["fore"] | known["sur"]
    anchored = (known["fore"] & known["sur"]) | known["pnc"] | known["nominal"] | (full & named)
    ids = prepared.column("mention_id").to_pylist()
    return Profiles(ids, births, sexes, pncs, anchored, [*sex_words, *pnc_words])


def _numbered(column: pa.ChunkedArray, first: int) -> tuple[Numbers, list[str]]:
    encoded = column.combine_chunks().dictionary_encode()
    places = pc.fill_null(encoded.indices, NONE - first).to_numpy(zero_copy_only=False).astype(np.int64)
    return places + first, encoded.dictionary.to_pylist()


def cluster_rows(
    profiles: Profiles, pairs: Weighed, judgements: Sequence[Judgement], *, vetoes: Vetoes
) -> tuple[Numbers, tuple[Judgement, ...]]:
    """For each row the first row of its cluster, and the "same" judgements that could not hold, as `clustering` has them."""
    judged, ends = _judged(profiles.ids, judgements)
    wide = components(
        len(profiles.ids), np.concatenate([pairs.left, ends[:, 0]]), np.concatenate([pairs.right, ends[:, 1]])
    )
    disputed = _disputed(profiles, wide, pairs, vetoes)
    disputed[wide[ends.ravel()]] = True
    merged = disputed[wide]
    cluster_of = np.where(merged, np.arange(len(wide)), wide)
    if not merged.any():
        return cluster_of, ()
    rows = np.flatnonzero(merged)
    kept = np.flatnonzero(merged[pairs.left])
    kept = kept[np.lexsort((pairs.right[kept], pairs.left[kept], -pairs.bits[kept]))]
    place_of = np.cumsum(merged) - 1
    columns = (-pairs.bits[kept], place_of[pairs.left[kept]], place_of[pairs.right[kept]])
    standing = standing_of(judged)
    place_of_name = {
        name: int(place_of[row])
        for each, both in zip(judged, ends.tolist(), strict=True)
        for name, row in zip(each[:2], both, strict=True)
    }
    said = [(place_of_name[each.left], place_of_name[each.right], each.verdict) for each in standing]
    strongest_first = zip(*(column.tolist() for column in columns), strict=True)
    group_of, contradicted = merge([profiles.one(row) for row in rows.tolist()], strongest_first, said, vetoes)
    _, first, group = np.unique(group_of, return_index=True, return_inverse=True)
    cluster_of[rows] = rows[first[group]]
    return cluster_of, tuple(standing[place] for place in contradicted)


def clustering_of_many(
    nodes: Mapping[str, Profile],
    pairs: Iterable[Pair],
    judgements: Iterable[Judgement],
    threshold_bits: float,
    vetoes: Vetoes,
) -> Clustering:
    """clusters.clustering, of very many: the same people, some times sooner."""
    ids = sorted(nodes)
    row_of = {name: row for row, name in enumerate(ids)}
    kept = [
        (*sorted((row_of[left], row_of[right])), bits)
        for left, right, bits in pairs
        if bits >= threshold_bits and left in row_of and right in row_of and left != right
    ]
    left, right, weights = zip(*kept, strict=True) if kept else ((), (), ())
    weighed = Weighed(
        np.array(left, dtype=np.int32), np.array(right, dtype=np.int32), np.array(weights, dtype=np.float64)
    )
    cluster_of, contradicted = cluster_rows(
        _profiles([nodes[name] for name in ids], ids), weighed, list(judgements), vetoes=vetoes
    )
    return Clustering({name: ids[first] for name, first in zip(ids, cluster_of.tolist(), strict=True)}, contradicted)


def _profiles(profiles: Sequence[Profile], ids: Sequence[str]) -> Profiles:
    """Profiles one by one as columns."""
    births = [tuple(map(int, (each.birth or "0").split("-"))) for each in profiles]
    padded = np.array([(*birth, 0, 0)[:3] for birth in births], dtype=np.int64).reshape(-1, 3)
    padded[padded[:, 2] == 0, 1] = 0
    words = sorted({word for each in profiles for word in (each.sex, each.pnc) if word})
    place_of = {word: place for place, word in enumerate(words)}
    sexes, pncs = (
        np.array([place_of.get(word or "", NONE) for word in column], dtype=np.int64)
        for column in ([each.sex for each in profiles], [each.pnc for each in profiles])
    )
    anchored = np.array([each.anchored for each in profiles], dtype=np.bool_)
    return Profiles(ids, padded, sexes, pncs, anchored, words)


def _judged(ids: Sequence[str], judgements: Sequence[Judgement]) -> tuple[list[Judgement], Numbers]:
    """The judgements between two of these mentions, and the rows of their ends."""
    if not judgements:
        return [], np.zeros((0, 2), dtype=np.int64)
    named = {end for each in judgements for end in (each.left, each.right)}
    row_of = {name: row for row, name in enumerate(ids) if name in named}
    judged = [each for each in judgements if each.left in row_of and each.right in row_of]
    return judged, np.array([(row_of[each.left], row_of[each.right]) for each in judged], dtype=np.int64).reshape(-1, 2)


def components(
    number: int, left: npt.NDArray[np.signedinteger[Any]], right: npt.NDArray[np.signedinteger[Any]]
) -> Numbers:
    """For each of `number` rows the smallest row that pairs lead to from it."""
    parents = np.arange(number)
    while True:
        one, other = parents[left], parents[right]
        apart = one != other
        if not apart.any():
            return parents
        left, right, one, other = left[apart], right[apart], one[apart], other[apart]
        np.minimum.at(parents, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(above := parents[parents], parents):
            parents = above


def _disputed(profiles: Profiles, wide: Numbers, pairs: Weighed, vetoes: Vetoes) -> Flags:
    """By the number of a component: whether its order of merging may matter."""
    disputed = np.zeros(len(wide), dtype=np.bool_)
    if vetoes.sex:
        disputed |= _several(wide, profiles.sexes)
    if vetoes.pnc:
        disputed |= _several(wide, profiles.pncs)
    if vetoes.birth:
        disputed |= _births_apart(wide, profiles.births)
    nameless = ~profiles.anchored
    both = nameless[pairs.left] & nameless[pairs.right]
    disputed[wide[pairs.left[both]]] = True  # two that name nobody may come together first, and then follow no third
    firm = ~(nameless[pairs.left] | nameless[pairs.right])
    if not firm.all():
        # One that names nobody joins no two: what holds together by such alone is several people.
        roots = components(len(wide), pairs.left[firm], pairs.right[firm])
        disputed |= _several(wide, np.where(profiles.anchored, roots, NONE))
    return disputed


def _several(wide: Numbers, values: Numbers) -> Flags:
    """By component: whether its members have more than one of these values, NONE apart."""
    known = np.flatnonzero(values != NONE)
    first = np.full(len(wide), NONE, dtype=np.int64)
    first[wide[known]] = values[known]
    several = np.zeros(len(wide), dtype=np.bool_)
    several[wide[known[first[wide[known]] != values[known]]]] = True
    return several


def _births_apart(wide: Numbers, births: Numbers) -> Flags:
    """By component: whether two of its dates of birth cannot be one, or there are too many to look at."""
    apart = np.zeros(len(wide), dtype=np.bool_)
    known = np.flatnonzero(births[:, 0])
    days = (births[known, 0] * 100 + births[known, 1]) * 100 + births[known, 2]
    distinct = np.unique(np.stack([wide[known], days], axis=1), axis=0)
    group, day = distinct[:, 0], distinct[:, 1]
    for step in range(1, MOST_BIRTHS + 1):
        beside = np.flatnonzero(group[step:] == group[:-step])
        if not len(beside):
            return apart
        if step == MOST_BIRTHS:
            apart[group[beside]] = True
        else:
            apart[group[beside[~may_be_one(day[beside], day[beside + step])]]] = True
    return apart


def may_be_one(left: Numbers, right: Numbers) -> Flags:
    """clusters.same_birth of dates written as numbers, yyyymmdd with 0 for what is not known."""
    years, other_years = left // 10_000, right // 10_000
    months, other_months = left // 100 % 100, right // 100 % 100
    days, other_days = left % 100, right % 100
    partial = (days == 0) | (other_days == 0)
    turned = (years == other_years) & (months == other_days) & (days == other_months)
    parts = (years == other_years).astype(int) + (months == other_months) + (days == other_days)
    digits = sum((left // 10**place % 10 != right // 10**place % 10).astype(int) for place in range(8))
    full = turned | (parts >= 2) | (digits <= 1)
    return np.asarray((left == right) | np.where(partial, np.abs(years - other_years) <= 1, full), dtype=np.bool_)
