"""Learning a model without labels, from a sample: u from random pairs, m by expectation-maximisation on likely ones.

Both are held up by the model training starts from: a level too rare in the sample keeps its starting value, so no level
is left without one. What was seen of each level is kept in the model's diagnostics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crossline.engines.resolution.coding import Coded, coded
from crossline.engines.resolution.comparing import SILENT
from crossline.engines.resolution.comparisons import COMPARISONS, Comparison
from crossline.engines.resolution.model import (
    BIT_STEPS,
    LEAST_PRIOR_BITS,
    MOST_PRIOR_BITS,
    LevelValues,
    Model,
    assumed_model,
    at_scale,
)
from crossline.engines.resolution.on_arrays import Compared, compare_pairs
from crossline.engines.resolution.on_duckdb import Sharing, shared_keys
from crossline.engines.resolution.pairing import pairs_of
from crossline.engines.resolution.preparing import prepare

Matrix = npt.NDArray[np.int8]
Vector = npt.NDArray[np.float64]

SAMPLE_ROWS = 60_000
RANDOM_PAIRS = 400_000
BLOCKED_PAIRS = 150_000  # of each round of expectation-maximisation
ROUNDS = 300
CONVERGED = 1e-4
SEEN_ENOUGH = 30  # pairs of a level below which the starting value stands, unless the sample shows it to be commoner
BELIEF = 60.0  # likely matches that the starting m of a comparison counts as
# [D] Registers hold worse than any sample shows: nothing is impossible for one person, no identifier beyond error.
LEAST_M, LEAST_U = 0.002, 1e-7


@dataclass(frozen=True)
class _Block:
    """Pairs that share one of `rules` are likely enough to be matches; `fixed` comparisons agree by construction."""

    rules: tuple[str, ...]
    fixed: tuple[str, ...]


_BLOCKS = (
    _Block(("forename and surname",), ("forename", "surname")),
    _Block(("surname and birth",), ("surname", "birth")),
    _Block(("forename and birth",), ("forename", "birth")),
    _Block(("pnc",), ("pnc",)),
    _Block(("phone and forename",), ("phones", "forename")),
    _Block(("phone and surname",), ("phones", "surname")),
    _Block(("postcode and surname",), ("address", "surname")),
    _Block(("nominal",), ("nominal",)),
)


def train(table: pa.Table, seed: int, *, release: str = "trained", start: Model | None = None) -> Model:
    """A model of MENTION_SCHEMA rows, learnt without labels; the same table and seed give the same model."""
    start = start or assumed_model()
    generator = np.random.default_rng(seed)
    rows = table.num_rows
    if rows < 2:
        return start
    if rows > SAMPLE_ROWS:
        chosen = np.sort(generator.choice(rows, SAMPLE_ROWS, replace=False))
        table = table.sort_by("mention_id").take(pa.array(chosen))
    prepared = prepare(table)
    sample, sharing = coded(prepared), shared_keys(prepared)
    random = _random_pairs(sample, prepared.num_rows, start, generator)
    blocks = [(block, _blocked_pairs(sample, sharing, start, block, generator)) for block in _BLOCKS]
    u, u_seen = _learn_u(random, start)
    m, m_seen = _learn_m(blocks, u, start)
    values = {
        comparison.name: {
            level.code: LevelValues(
                _plain(max(LEAST_M, m[comparison.name][number])), _plain(max(LEAST_U, u[comparison.name][number]))
            )
            for number, level in enumerate(comparison.levels)
        }
        for comparison in COMPARISONS
    }
    learnt = Model(release, start.recurrence, start.scale, values, {})
    odds = _learn_odds(compare_pairs(sample, pairs_of(sharing), learnt), learnt, prepared.num_rows)
    diagnostics: dict[str, Any] = {
        "seed": seed, "rows": rows, "sampled_rows": prepared.num_rows, "random_pairs": int(random.levels.shape[0]),
        "blocks": {block.rules[0]: int(compared.levels.shape[0]) for block, compared in blocks},
        "random_pairs_seen": u_seen, "likely_matches_seen": m_seen, "start": start.version,
    }  # fmt: skip
    recurrence = float(f"{odds * (rows - 1):.4g}")
    return at_scale(Model(release, recurrence, start.scale, values, diagnostics), rows)


def _plain(value: float) -> float:
    """Six significant figures: sums of floats differ in the last places from machine to machine."""
    return float(f"{min(1.0, value):.6g}")


def _random_pairs(sample: Coded, rows: int, model: Model, generator: np.random.Generator) -> Compared:
    one, other = generator.integers(rows, size=(2, RANDOM_PAIRS), dtype=np.int32)
    apart = one != other
    pairs = np.unique(np.stack([np.minimum(one, other)[apart], np.maximum(one, other)[apart]]), axis=1)
    return compare_pairs(sample, [(pairs[0], pairs[1])], model)


def _blocked_pairs(
    sample: Coded, sharing: Sequence[Sharing], model: Model, block: _Block, generator: np.random.Generator
) -> Compared:
    parts = list(pairs_of([each for each in sharing if each.rule in block.rules]))
    if not parts:
        return compare_pairs(sample, [], model)
    left, right = (np.concatenate(side) for side in zip(*parts, strict=True))
    if len(left) > BLOCKED_PAIRS:
        chosen = np.sort(generator.choice(len(left), BLOCKED_PAIRS, replace=False))
        left, right = left[chosen], right[chosen]
    return compare_pairs(sample, [(left, right)], model)


def _learn_u(random: Compared, start: Model) -> tuple[dict[str, Vector], dict[str, list[int]]]:
    """u by level: counts among random pairs, less those that the starting model takes for one person."""
    strangers = 1.0 - _probability(random.weight_steps / BIT_STEPS)
    learnt: dict[str, Vector] = {}
    seen: dict[str, list[int]] = {}
    for column, comparison in enumerate(COMPARISONS):
        counts = _counts(random.levels[:, column], strangers, len(comparison.levels))
        before = _starting(comparison, start, "u")
        total = counts.sum()
        shares = counts / total if total else before
        learnt[comparison.name] = np.where(counts >= SEEN_ENOUGH, shares, np.maximum(shares, before))
        seen[comparison.name] = [round(count) for count in counts]
    return learnt, seen


def _learn_m(
    blocks: list[tuple[_Block, Compared]], u: dict[str, Vector], start: Model
) -> tuple[dict[str, Vector], dict[str, list[int]]]:
    """m by level: each block by itself to convergence, then the median of the blocks that saw enough.

    One block may mislead itself: among bearers of one name, two dates of birth may be taken for one person's, as nothing
    else in the block contradicts it. The blocks on identifiers know better, though they are smaller.
    """
    found: dict[str, list[Vector]] = {comparison.name: [] for comparison in COMPARISONS}
    seen = {comparison.name: np.zeros(len(comparison.levels)) for comparison in COMPARISONS}
    for block, compared in blocks:
        for name, counts in _one_block(block, compared.levels, u, start).items():
            seen[name] += counts
            if counts.sum() >= SEEN_ENOUGH:
                found[name].append(counts)
    learnt: dict[str, Vector] = {}
    for comparison in COMPARISONS:
        before = _starting(comparison, start, "m")
        blockwise = [_believed(counts, before) for counts in found[comparison.name]] or [before]
        middle = np.median(np.stack(blockwise), axis=0)
        visible = np.array([level.learnt for level in comparison.levels])
        learnt[comparison.name] = np.where(visible, middle / middle.sum(), before)
    return learnt, {name: [round(count) for count in counts] for name, counts in seen.items()}


def _one_block(block: _Block, levels: Matrix, u: dict[str, Vector], start: Model) -> dict[str, Vector]:
    """Expected matches by level in one block, for the comparisons it leaves free."""
    free = [(column, each) for column, each in enumerate(COMPARISONS) if each.name not in block.fixed]
    patterns, sizes = np.unique(levels[:, [column for column, _ in free]], axis=0, return_counts=True)
    if not len(sizes):
        return {}
    m = {each.name: _starting(each, start, "m") for _, each in free}
    share, counts = 0.5, {}
    for _ in range(ROUNDS):
        log_odds = np.full(len(sizes), math.log2(share / (1 - share)))
        for position, (_, each) in enumerate(free):
            weights = np.append(np.log2(m[each.name] / u[each.name]), 0.0)  # last: SILENT, reached by index -1
            log_odds += weights[patterns[:, position]]
        expected = _probability(log_odds) * sizes
        counts = {
            each.name: _counts(patterns[:, position], expected, len(each.levels))
            for position, (_, each) in enumerate(free)
        }
        updated = {each.name: _believed(counts[each.name], _starting(each, start, "m")) for _, each in free}
        change = max(float(np.abs(updated[name] - m[name]).max()) for name in m)
        m, share = updated, min(0.999, max(0.001, float(expected.sum() / sizes.sum())))
        if change < CONVERGED:
            break
    return counts


def _believed(counts: Vector, before: Vector) -> Vector:
    """Counts and the starting shares weighed together."""
    weighed: Vector = (counts + BELIEF * before) / (counts.sum() + BELIEF)
    return weighed


def _learn_odds(compared: Compared, model: Model, rows: int) -> float:
    """Odds of a random pair, such that the matches expected under them are the matches they promise.

    A random sample holds matches in the share in which its collection does, so the sample's odds are the collection's.
    """
    evidence = compared.weight_steps / BIT_STEPS - model.prior_bits
    pairs = rows * (rows - 1) / 2
    bits = model.prior_bits
    for _ in range(ROUNDS):
        matches = float(_probability(evidence + bits).sum())
        bits = math.log2(max(0.5, matches) / max(1.0, pairs - matches))
        bits = max(LEAST_PRIOR_BITS, min(MOST_PRIOR_BITS, bits))
    return math.pow(2.0, bits)


def _starting(comparison: Comparison, start: Model, which: str) -> Vector:
    values = start.values[comparison.name]
    return np.array([getattr(values[level.code], which) for level in comparison.levels], dtype=np.float64)


def _counts(column: Matrix, weights: Vector, levels: int) -> Vector:
    said = column != SILENT
    counted: Vector = np.bincount(column[said], weights=weights[said], minlength=levels).astype(np.float64)
    return counted


def _probability(bits: Vector) -> Vector:
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60))), dtype=np.float64)
