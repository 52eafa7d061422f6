"""Spark, DuckDB and one pair at a time give the same pairs, weights and levels (decision 0041)."""

from __future__ import annotations

from random import Random
from typing import Any

import pyarrow as pa
import pytest

from crossline.engines.resolution import on_spark
from crossline.engines.resolution.comparing import Scorer
from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import at_scale, released_model
from crossline.engines.resolution.preparing import COLUMN_OF, prepare_one
from crossline.engines.resolution.score import score_pairs
from crossline.engines.spark_session import spark_session

pytestmark = pytest.mark.slow
pytest.importorskip("pyspark", reason="Spark is not installed here; `just spark` makes an environment that has it")

MODEL = at_scale(released_model(), 500)


def some_mentions(number: int) -> list[dict[str, Any]]:
    chance = Random(3)
    return [
        {
            "mention_id": f"m{place:04d}", "agency": chance.choice(["kent", "essex", None]),
            "forename": chance.choice(["Jayden", "Jaden", "William", "Bill", "Muhammad", "Mohammed", "J", None]),
            "surname": chance.choice(["Cole", "Coles", "Cole-Marsh", "Choudhury", "Chowdhury", None]),
            "dob": chance.choice(["2008-04-11", "2008-11-04", "2008-04-12", "2008", None]),
            "phones": chance.choice([None, ["07700 900123"], ["07700 900124", "07700 900999"]]),
            "address": chance.choice([None, "12 High Street, Hastings", "14 High Street"]),
            "aliases": chance.choice([None, ["Smiler"], ["Jayden Cole"]]),
        }
        for place in range(number)
    ]  # fmt: skip


def test_three_executors_give_identical_pairs() -> None:
    rows = some_mentions(300)
    table = pa.Table.from_pylist(rows, schema=MENTION_SCHEMA)
    here = score_pairs(table, MODEL).to_pylist()
    with spark_session() as session:
        there = on_spark.score_pairs(session, table, MODEL).to_pylist()
    assert len(here) > 1_000
    assert [(row["left_id"], row["right_id"], row["weight_bits"], row["levels"]) for row in there] == [
        (row["left_id"], row["right_id"], row["weight_bits"], row["levels"]) for row in here
    ]
    prepared = {row[COLUMN_OF["mention_id"]]: row for row in map(prepare_one, rows)}
    scorer = Scorer(MODEL)
    for row in here:
        assert scorer.score(prepared[row["left_id"]], prepared[row["right_id"]]).weight_bits == row["weight_bits"]
