"""One declaration, several executors: one pair at a time, many as arrays, and Splink on DuckDB give one and the same weight."""

from __future__ import annotations

from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from splink import DuckDBAPI, Linker, SettingsCreator

from crossline.engines.resolution.coding import coded
from crossline.engines.resolution.comparing import Scorer, hashed_keys, key_maker
from crossline.engines.resolution.comparisons import COMPARISONS, ELSE
from crossline.engines.resolution.expressions import NAMES, NotTranslatable, parsed, value, when_false, when_true
from crossline.engines.resolution.model import BIT_STEPS, assumed_model, released_model
from crossline.engines.resolution.on_arrays import compare_pairs
from crossline.engines.resolution.on_duckdb import connect, written_keys
from crossline.engines.resolution.pairing import every_pair
from crossline.engines.resolution.preparing import prepare, prepare_one, rows_of
from crossline.engines.resolution.splink_settings import splink_settings

from .matching_mentions import WRITTEN, mentions

MODEL = released_model()

_some = st.sampled_from
MENTIONS = st.fixed_dictionaries({name: _some(values) for name, values in WRITTEN.items()})


@given(st.lists(MENTIONS, min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_one_pair_at_a_time_is_as_many(rows: list[dict[str, Any]]) -> None:
    prepared = prepare(mentions(rows))
    scorer, held = Scorer(MODEL), rows_of(prepared)
    compared = compare_pairs(coded(prepared), every_pair(len(rows)), MODEL)
    with connect() as connection:
        connection.register("prepared", prepared)
        keys = set(connection.execute(f"select row_id, rule, key from ({written_keys()})").fetchall())
    assert len(compared.left) == len(rows) * (len(rows) - 1) // 2
    for number, (left, right) in enumerate(zip(compared.left.tolist(), compared.right.tolist(), strict=True)):
        scored = scorer.score(held[left], held[right])
        assert list(scored.levels) == compared.levels[number].tolist()
        assert scored.weight_steps == compared.weight_steps[number]
        assert [compared.parts(place, MODEL)[number] for place in range(len(COMPARISONS))] == list(scored.parts)
        assert scorer.score(held[right], held[left]) == scored  # neither is the first
    assert {(row, rule, key) for row, each in enumerate(held) for rule, key in key_maker()(each)} == keys


@given(MENTIONS)
def test_a_mention_prepared_by_itself_is_as_in_a_table(row: dict[str, Any]) -> None:
    [within] = rows_of(prepare(mentions([row])))
    assert prepare_one({"mention_id": "0000", **row}) == within
    assert len(hashed_keys(within)) == len(set(key_maker()(within)))


def in_splink(prepared: pa.Table) -> dict[tuple[int, int], float]:
    """Weights of all pairs, by Splink's own scoring of the exported model."""
    connection = duckdb.connect()
    connection.register("arrow", prepared)
    shares = ", ".join(f"pow(2, rare_{name} / {BIT_STEPS}.0) as tf_{name}" for name in ("fore", "sur"))
    connection.execute(f"create table prepared as select *, {shares} from arrow")
    connection.execute(
        "create or replace table blocked as select '0' as match_key, l.row_id as join_key_l, r.row_id as join_key_r "
        "from prepared l join prepared r on l.row_id < r.row_id"
    )
    api = DuckDBAPI(connection=connection)
    settings_ = SettingsCreator(**splink_settings(MODEL))
    linker = Linker(api.register("prepared"), settings_, log_level=None, validate_settings=False)
    for column in ("fore", "sur"):
        lookup = api.register(pa.table({column: pa.array([], pa.string()), f"tf_{column}": pa.array([], pa.float64())}))
        linker.table_management.register_term_frequency_lookup(lookup, column)
    linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
    found = linker.inference.predict(warning_mode="never")
    rows = connection.execute(f"select row_id_l, row_id_r, match_weight from {found.physical_name}").fetchall()
    return {(left, right): weight for left, right, weight in rows}


def test_splink_gives_the_same_weights() -> None:
    chance = Random(7)
    rows = [{name: chance.choice(values) for name, values in WRITTEN.items()} for _ in range(80)]
    prepared = prepare(mentions(rows))
    scorer, held = Scorer(MODEL), rows_of(prepared)
    expected = in_splink(prepared)
    assert len(expected) == 80 * 79 // 2
    for (left, right), weight in expected.items():
        assert scorer.score(held[left], held[right]).weight_bits == pytest.approx(weight, abs=1e-6)


def _of_row(name: str) -> str:
    return f"row[{name!r}]"


@pytest.mark.parametrize("sql", ["a = b", "a <> b", "a = b and c > 1", "a = b or c > 1", "not a = b", "a is null",
                                 "coalesce(a = b, false)", "not coalesce(a = b, false)", "abs(c - d) <= 1", "left(a, 1) = b",
                                 "length(a) >= c", "not (a = b or c > d)", "a is not null and not c = d"])  # fmt: skip
@given(st.fixed_dictionaries({"a": _some([None, "x", "xy"]), "b": _some([None, "x", "y"]),
                              "c": _some([None, 1, 2]), "d": _some([None, 2, 4])}))  # fmt: skip
def test_python_keeps_the_third_truth_value(sql: str, row: dict[str, Any]) -> None:
    with duckdb.connect() as connection:
        [truth] = connection.execute(
            f"select ({sql}) from (select $a::varchar as a, $b::varchar as b, $c::integer as c, $d::integer as d)", row
        ).fetchone() or (None,)
    scope = {**NAMES, "row": row}
    assert bool(eval(when_true(parsed(sql), _of_row), scope)) == (truth is True)
    assert bool(eval(when_false(parsed(sql), _of_row), scope)) == (truth is False)


def test_what_python_has_no_word_for_is_refused() -> None:
    with pytest.raises(NotTranslatable):
        when_true(parsed("a like 'x%'"), _of_row)
    with pytest.raises(NotTranslatable):
        value(parsed("md5(a)"), _of_row)


def test_every_comparison_ends_in_everything_else() -> None:
    assert all(comparison.levels[-1].sql == ELSE for comparison in COMPARISONS)
    assert assumed_model().steps(COMPARISONS[0])
