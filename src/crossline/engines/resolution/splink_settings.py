"""A model as Splink 5 settings, so that Splink scores with it: an oracle beside our executors, and a way out of them.

Splink works with log2(m / u) and floats; it is given probabilities whose ratios are exactly our steps. Whoever runs it adds
to the prepared mentions a column tf_<name> for each rare_<name> (2 to the power of the steps), so that Splink counts nothing.
"""

from __future__ import annotations

from typing import Any

from crossline.engines.resolution.comparisons import COMPARISONS, FACTS, Comparison
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.names import in_steps


def splink_settings(model: Model) -> dict[str, Any]:
    """Settings of a deduplication of prepared mentions; blocked pairs are to be registered."""
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
    silent = _in_full(" or ".join(f"({each})" for each in comparison.silent))
    levels: list[dict[str, Any]] = [{"sql_condition": silent, "label_for_charts": "silent", "is_null_level": True}]
    for level, steps in zip(comparison.levels, model.steps(comparison).values(), strict=True):
        described: dict[str, Any] = {"sql_condition": _in_full(level.sql), "label_for_charts": level.code}
        if level.share_of:
            # Splink divides by the very u that it was given: any u serves, as the share takes its place.
            u = model.values[comparison.name][level.code].u
            described |= {
                "m_probability": 2.0 ** (steps / BIT_STEPS), "u_probability": u,
                "tf_adjustment_column": level.share_of,
                "tf_minimum_u_value": 2.0 ** (in_steps(level.least_share) / BIT_STEPS),
            }  # fmt: skip
        else:
            weight = 2.0 ** (steps / BIT_STEPS)
            u = min(0.5, 0.5 / weight)
            described |= {"m_probability": u * weight, "u_probability": u}
        levels.append(described)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _in_full(sql: str) -> str:
    """A condition with the facts it asks for written out."""
    for name, fact in FACTS.items():
        sql = sql.replace(f'"{name}"', f"({fact})")
    return sql
