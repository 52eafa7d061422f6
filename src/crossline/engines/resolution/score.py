"""Scoring pairs of mentions under a model: which pairs, with what weight, and of what parts it is made."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pyarrow as pa

from crossline.engines.resolution.blocking import DroppedKey
from crossline.engines.resolution.coding import coded
from crossline.engines.resolution.comparing import SILENT
from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.on_arrays import Compared, compare_pairs
from crossline.engines.resolution.on_duckdb import shared_keys
from crossline.engines.resolution.pairing import every_pair, pairs_of
from crossline.engines.resolution.preparing import prepare

# Weights below this are not worth keeping: about 1 chance in 5 that the two are one person (log2 odds of -2).
LEAST_BITS = -2.0

PAIR_SCHEMA = pa.schema(
    [
        ("left_id", pa.string()),  # the smaller mention_id
        ("right_id", pa.string()),
        ("weight_bits", pa.float64()),  # prior and levels' bits add up to it exactly
        ("probability", pa.float64()),
        ("levels", pa.list_(pa.struct([("comparison", pa.int8()), ("level", pa.int8()), ("bits", pa.float64())]))),
    ]
)


def score_pairs(table: pa.Table, model: Model, *, least_bits: float = LEAST_BITS, exhaustive: bool = False) -> pa.Table:
    """PAIR_SCHEMA of the pairs in MENTION_SCHEMA rows that weigh at least `least_bits`, ordered by ids.

    `levels` names comparisons and levels by their number in COMPARISONS; silent comparisons are left out.
    `exhaustive` compares every mention with every other, whether they share a key or not: for small files.
    """
    return score_prepared(prepare(table), model, least_bits=least_bits, exhaustive=exhaustive)


def score_prepared(
    prepared: pa.Table, model: Model, *, least_bits: float = LEAST_BITS, exhaustive: bool = False
) -> pa.Table:
    """The same of prepared rows."""
    compared, dropped = compare_mentions(prepared, model, least_bits=least_bits, exhaustive=exhaustive)
    result = _as_table(prepared, compared, model)
    return result.replace_schema_metadata({"dropped_keys": json.dumps([asdict(each) for each in dropped])})


def compare_mentions(
    prepared: pa.Table, model: Model, *, least_bits: float, exhaustive: bool = False, sparse: bool = False
) -> tuple[Compared, list[DroppedKey]]:
    """The same as arrays; and the keys that too many mentions shared. `sparse`: as in shared_keys."""
    if exhaustive:
        return compare_pairs(coded(prepared), every_pair(prepared.num_rows), model, least_bits=least_bits), []
    sharing = shared_keys(prepared, sparse=sparse)
    compared = compare_pairs(coded(prepared), pairs_of(sharing), model, least_bits=least_bits)
    return compared, [dropped for each in sharing for dropped in each.dropped]


def dropped_keys(scored: pa.Table) -> list[DroppedKey]:
    """The keys that too many of the scored mentions shared (blocking.KEY_LIMIT): their pairs were not compared."""
    return [DroppedKey(**each) for each in json.loads((scored.schema.metadata or {}).get(b"dropped_keys", "[]"))]


def _as_table(prepared: pa.Table, compared: Compared, model: Model) -> pa.Table:
    ids = prepared.column("mention_id").combine_chunks()
    bits = compared.weight_steps / BIT_STEPS
    spoken = compared.levels != SILENT
    parts = np.stack([compared.parts(number, model) for number in range(len(COMPARISONS))], axis=1)
    numbers = np.broadcast_to(np.arange(len(COMPARISONS), dtype=np.int8), spoken.shape)
    offsets = np.concatenate([[0], np.cumsum(spoken.sum(axis=1))]).astype(np.int32)
    levels = pa.StructArray.from_arrays(
        [pa.array(numbers[spoken]), pa.array(compared.levels[spoken]), pa.array(parts[spoken] / BIT_STEPS)],
        fields=list(PAIR_SCHEMA.field("levels").type.value_type),
    )
    columns = [
        ids.take(pa.array(compared.left)),
        ids.take(pa.array(compared.right)),
        pa.array(bits),
        pa.array(1 / (1 + np.exp2(-bits))),
        pa.ListArray.from_arrays(pa.array(offsets), levels),
    ]
    return pa.table(columns, schema=PAIR_SCHEMA)
