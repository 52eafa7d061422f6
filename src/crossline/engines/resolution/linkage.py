"""The one place that speaks to Splink: it compares prepared mentions pair by pair, on DuckDB, under a model.

Splink 5 scores a registered table of pairs with hard-coded `tf_*` columns, so that no weight is ever computed from the
data in hand. It returns the weight of each comparison; as no two levels weigh the same (`Model.bits`), the weight gives
the level back without carrying the compared columns along.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from crossline.engines.resolution.comparisons import COMPARISONS, Comparison
from crossline.engines.resolution.model import BIT_STEPS, Model

THREADS = 2
MEMORY = "3GB"
SILENT = -1  # level number of a comparison that has nothing to say


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory executor within the engine's means."""
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    return connection


def put_prepared(connection: duckdb.DuckDBPyConnection, prepared: pa.Table) -> None:
    """Make `prepared` the connection's table of that name."""
    connection.register("prepared_arrow", prepared)
    connection.execute("create or replace table prepared as select * from prepared_arrow")
    connection.unregister("prepared_arrow")


def compare_pairs(
    connection: duckdb.DuckDBPyConnection, model: Model, *, pairs: str = "pairs", least_bits: float | None = None
) -> str:
    """Score the table `pairs`(match_key, join_key_l, join_key_r) of prepared rows.

    Returns the name of a table: row_id_l, row_id_r, match_key, weight_bits, and for each comparison g_<name> (level
    number from the top, SILENT where it says nothing) and b_<name> (bits, frequency included, in steps of 1/1024).
    """
    api = DuckDBAPI(connection=connection)
    mentions = api.register("prepared")
    linker = Linker(mentions, SettingsCreator(**_settings(model)), log_level=None, validate_settings=False)
    for column in sorted({level.share_of for each in COMPARISONS for level in each.levels if level.share_of}):
        # The shares travel in prepared.tf_<column>; registering these keeps Splink from counting the data instead.
        lookup = api.register(pa.table({column: pa.array([], pa.string()), f"tf_{column}": pa.array([], pa.float64())}))
        linker.table_management.register_term_frequency_lookup(lookup, column)
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    threshold = None if least_bits is None else least_bits - 0.01  # exact cut below, after rounding
    predicted = linker.inference.predict(threshold_match_weight=threshold, warning_mode="never")
    selects = [_decode(comparison, model) for comparison in COMPARISONS]
    total = " + ".join(f"b_{comparison.name}" for comparison in COMPARISONS)
    wanted = "" if least_bits is None else f"where weight_bits >= {least_bits}"
    connection.execute(
        f"create or replace table compared as select * from (select *, {model.prior_bits} + {total} as weight_bits "
        f"from (select row_id_l, row_id_r, match_key, {', '.join(selects)} from {predicted.physical_name})) {wanted}"
    )
    predicted.drop_table_from_database_and_remove_from_cache()
    return "compared"


def _decode(comparison: Comparison, model: Model) -> str:
    """SQL for g_ and b_ of one comparison out of Splink's weight columns."""
    steps = f"round(mw_{comparison.name} * {BIT_STEPS})::integer"
    cases = " ".join(
        f"when {round(bits * BIT_STEPS)} then {number}" for number, bits in enumerate(model.bits(comparison).values())
    )
    bits = f"mw_{comparison.name}"
    if any(level.share_of for level in comparison.levels):
        bits += f" + mw_tf_adj_{comparison.name}"
    return (
        f"(case {steps} {cases} else {SILENT} end)::tinyint as g_{comparison.name}, "
        f"round(({bits}) * {BIT_STEPS}) / {BIT_STEPS}.0::double as b_{comparison.name}"
    )


def _settings(model: Model) -> dict[str, Any]:
    prior = 2.0**model.prior_bits
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row_id",
        "probability_two_random_records_match": prior / (1 + prior),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "comparisons": [_comparison(comparison, model) for comparison in COMPARISONS],
        "blocking_rules_to_generate_predictions": [],
        "linker_uid": "crossline",
    }


def _comparison(comparison: Comparison, model: Model) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.silent_sql, "label_for_charts": "silent", "is_null_level": True}
    ]
    bits = model.bits(comparison)
    for level in comparison.levels:
        # Splink takes probabilities and works with log2(m / u): give it a pair whose ratio is exactly our bits.
        # Where a share of the population takes the place of u, Splink divides by the very u it was given.
        weight = 2.0 ** bits[level.code]
        u = model.values[comparison.name][level.code].u if level.share_of else min(0.5, 0.5 / weight)
        described: dict[str, Any] = {
            "sql_condition": level.sql, "label_for_charts": level.code, "m_probability": u * weight, "u_probability": u
        }  # fmt: skip
        if level.share_of:
            described |= {"tf_adjustment_column": level.share_of, "tf_minimum_u_value": level.least_share}
        levels.append(described)
    return {"output_column_name": comparison.name, "comparison_levels": levels}
