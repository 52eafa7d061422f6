"""Scoring pairs of mentions under a model: which pairs, with what weight, and of what parts it is made."""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import asdict

import duckdb
import pyarrow as pa

from crossline.engines.resolution.blocking import DroppedKey, make_all_pairs, make_keys, make_pairs
from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.linkage import SILENT, compare_pairs, connect, put_prepared
from crossline.engines.resolution.mentions import prepare
from crossline.engines.resolution.model import Model

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


def score_pairs(
    table: pa.Table,
    model: Model,
    *,
    new_ids: Set[str] | None = None,
    least_bits: float = LEAST_BITS,
    exhaustive: bool = False,
) -> pa.Table:
    """PAIR_SCHEMA of the pairs in MENTION_SCHEMA rows that weigh at least `least_bits`, ordered by ids.

    `levels` names comparisons and levels by their number in COMPARISONS; silent comparisons are left out. With
    `new_ids`, only pairs with a new mention in them (new with old, new with new): the pairs between old ones are known.
    `exhaustive` compares every mention with every other, whether they share a key or not: for small files.
    """
    prepared = prepare(table)
    with connect() as connection:
        put_prepared(connection, prepared)
        make_keys(connection, "prepared")
        if new_ids is not None:
            connection.register("new_arrow", pa.table({"mention_id": pa.array(sorted(new_ids), pa.string())}))
            connection.execute(
                "create table new_rows as select row_id from prepared semi join new_arrow using (mention_id)"
            )
        dropped: list[DroppedKey] = []
        if exhaustive:
            make_all_pairs(connection)
        else:
            dropped = make_pairs(connection, new_rows=new_ids is not None)
        result = _result(connection, compare_pairs(connection, model, least_bits=least_bits))
    return result.replace_schema_metadata({"dropped_keys": json.dumps([asdict(each) for each in dropped])})


def dropped_keys(scored: pa.Table) -> list[DroppedKey]:
    """The keys that too many of the scored mentions shared (blocking.KEY_LIMIT): their pairs were not compared."""
    return [DroppedKey(**each) for each in json.loads((scored.schema.metadata or {}).get(b"dropped_keys", "[]"))]


def _result(connection: duckdb.DuckDBPyConnection, compared: str) -> pa.Table:
    parts = ", ".join(
        f"{{'comparison': {number}::tinyint, 'level': g_{each.name}, 'bits': b_{each.name}}}"
        for number, each in enumerate(COMPARISONS)
    )
    found = connection.sql(
        "select l.mention_id as left_id, r.mention_id as right_id, weight_bits, "
        "1 / (1 + pow(2::double, -weight_bits)) as probability, "
        f"list_filter([{parts}], lambda part: part.level <> {SILENT}) as levels "
        f"from {compared} c join prepared l on l.row_id = c.row_id_l join prepared r on r.row_id = c.row_id_r "
        "order by c.row_id_l, c.row_id_r"
    ).to_arrow_table()
    return found.cast(PAIR_SCHEMA)
