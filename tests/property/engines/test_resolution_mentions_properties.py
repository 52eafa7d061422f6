"""Preparing takes any text, and makes of each mention the same whatever stands beside it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.on_duckdb import keys
from crossline.engines.resolution.preparing import prepare

written = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["", "unknown", "Jaden", "Cole-Marsh", "2008-01-01", "2008-04-11", "07700 900123#0042", "TN34 1AA"]
    ),
)
mentions = st.fixed_dictionaries({
    field.name: st.lists(written, max_size=3) if pa.types.is_list(field.type) else written
    for field in MENTION_SCHEMA
    if field.name != "mention_id"
})  # fmt: skip

OF_THE_TABLE = ["row_id", "mention_id"]
"""What numbers rows and names within one table, and says nothing of a mention."""


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"mention_id": f"{number:03d}", **row} for number, row in enumerate(rows)], schema=MENTION_SCHEMA
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(mentions, min_size=1, max_size=5))
def test_a_mention_is_prepared_by_itself(rows: list[dict[str, Any]]) -> None:
    together = prepare(table(rows)).drop_columns(OF_THE_TABLE).to_pylist()
    alone = [prepare(table([row])).drop_columns(OF_THE_TABLE).to_pylist()[0] for row in rows]
    assert together == alone


@settings(max_examples=30, deadline=None)
@given(st.lists(mentions, min_size=1, max_size=4))
def test_keys_are_a_mentions_own(rows: list[dict[str, Any]]) -> None:
    together = sorted(keys(prepare(table(rows))).column("key").to_pylist())
    alone = sorted(key for row in rows for key in keys(prepare(table([row]))).column("key").to_pylist())
    assert together == alone


@settings(max_examples=60, deadline=None)
@given(mentions)
def test_no_empty_text_comes_through(row: dict[str, Any]) -> None:
    [prepared] = prepare(table([row])).to_pylist()
    for value in prepared.values():
        assert value not in ("", [])
        assert not isinstance(value, list) or all(value)
