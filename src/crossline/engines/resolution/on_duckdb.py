"""The executor of many pairs: the declared levels as statements on DuckDB, over prepared mentions and blocked pairs.

Weights are whole steps of 1/1024 bit, looked up by level: no sum of floats, so that every executor gives the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crossline.engines.resolution.comparing import SILENT
from crossline.engines.resolution.comparisons import COMPARISONS, ELSE, FACTS, NAME_COLUMNS, Comparison
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.names import in_steps

THREADS = 2
MEMORY = "800MB"
BATCH_PAIRS, PART_PAIRS = 500_000, 3_000_000
_QUOTED = re.compile(r'"(\w+?)(?:_[lr])?"')
_SIDES = re.compile(r'"(\w+)_([lr])"')


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """An executor within the engine's means: what does not fit in MEMORY goes to a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="crossline-resolution-") as folder, duckdb.connect() as connection:
        connection.execute(f"set threads = {THREADS}")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        yield connection


def put_prepared(connection: duckdb.DuckDBPyConnection, prepared: pa.Table) -> None:
    """Make `prepared` the connection's table of that name, and `names` the distinct names in it."""
    connection.register("prepared_arrow", prepared)
    connection.execute("create or replace table prepared as select * from prepared_arrow")
    connection.unregister("prepared_arrow")
    columns = ", ".join(f"any_value({name}) as {name}" for name in sorted(NAME_COLUMNS | {"rare_fore", "rare_sur"}))
    connection.execute(f"create or replace table names as select name_id, {columns} from prepared group by name_id")


@dataclass(frozen=True)
class Compared:
    """Pairs weighed: row_ids (int32, the smaller first), level numbers (pairs x comparisons, SILENT where nothing is said),
    rare_fore and rare_sur of the left mention, and weights in steps; ordered by row_ids."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    levels: npt.NDArray[np.int8]
    rare: Mapping[str, npt.NDArray[np.int32]]
    weight_steps: npt.NDArray[np.int32]

    def parts(self, number: int, model: Model) -> npt.NDArray[np.int32]:
        """The steps of one comparison, 0 where it is silent."""
        return _steps(COMPARISONS[number], model, self.levels[:, number], self.rare)


def compare_pairs(connection: duckdb.DuckDBPyConnection, model: Model, *, least_bits: float | None = None) -> Compared:
    """Weigh the table pairs(join_key_l, join_key_r) of prepared rows; those of `least_bits` at least are kept."""
    by_names = [each for each in COMPARISONS if _columns(each) <= NAME_COLUMNS]
    others = [each for each in COMPARISONS if each not in by_names]
    of_names = ", ".join(f"p.g_{each.name}" for each in by_names)
    least = None if least_bits is None else math.ceil(least_bits * BIT_STEPS)
    kept: list[Compared] = []
    for _ in _named_pairs(connection, by_names):
        reader = connection.execute(f"""
            select join_key_l as row_id_l, join_key_r as row_id_r, p.rare_fore, p.rare_sur, {of_names}, {_levels(others)}
            from named_pairs p join prepared l on l.row_id = join_key_l join prepared r on r.row_id = join_key_r
        """).to_arrow_reader(BATCH_PAIRS)
        kept.extend(_weighed(batch, model, least) for batch in reader)
    return _together(kept)


def _named_pairs(connection: duckdb.DuckDBPyConnection, by_names: list[Comparison]) -> Iterator[None]:
    """Create named_pairs, some PART_PAIRS at a time: pairs with what their names say, each two names compared once.

    Step by step, each written down: in one statement the planner joins names with mentions before pairs, and explodes. In
    parts by the name of the left mention, so that a nation's pairs need no more room than a region's.
    """
    facts = ", ".join(f"{_SIDES.sub(_side, sql)} as {name}" for name, sql in FACTS.items())
    connection.execute("""
        create or replace temp table between_names as
        select join_key_l, join_key_r, l.name_id as name_l, r.name_id as name_r
        from pairs join prepared l on l.row_id = join_key_l join prepared r on r.row_id = join_key_r
    """)
    [number] = connection.execute("select count(*) from between_names").fetchone() or (0,)
    parts = max(1, -(-number // PART_PAIRS))
    for part in range(parts):
        connection.execute(f"""
            create or replace temp table named as
            select name_l, name_r, l.rare_fore, l.rare_sur, {facts}, {_levels(by_names)}
            from (select distinct name_l, name_r from between_names where name_l % {parts} = {part})
            join names l on l.name_id = name_l join names r on r.name_id = name_r
        """)
        connection.execute(f"""
            create or replace temp table named_pairs as
            select join_key_l, join_key_r, named.* exclude (name_l, name_r)
            from between_names join named using (name_l, name_r) where name_l % {parts} = {part}
        """)
        yield
    for table in ("between_names", "named", "named_pairs"):
        connection.execute(f"drop table {table}")


def _weighed(batch: pa.RecordBatch, model: Model, least: int | None) -> Compared:
    levels = np.stack([batch.column(f"g_{each.name}").to_numpy() for each in COMPARISONS], axis=1)
    rare = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in ("rare_fore", "rare_sur")}
    rare = {name: np.nan_to_num(values, nan=0).astype(np.int32) for name, values in rare.items()}
    weight = np.full(batch.num_rows, model.prior_steps, dtype=np.int32)
    for number, comparison in enumerate(COMPARISONS):
        weight += _steps(comparison, model, levels[:, number], rare)
    wanted = slice(None) if least is None else np.flatnonzero(weight >= least)
    left, right = batch.column("row_id_l").to_numpy(), batch.column("row_id_r").to_numpy()
    return Compared(
        left[wanted], right[wanted], levels[wanted], {name: each[wanted] for name, each in rare.items()}, weight[wanted]
    )


def _together(batches: list[Compared]) -> Compared:
    if not batches:
        none = np.zeros(0, dtype=np.int32)
        return Compared(
            none, none, np.zeros((0, len(COMPARISONS)), dtype=np.int8), {"rare_fore": none, "rare_sur": none}, none
        )
    left = np.concatenate([each.left for each in batches])
    right = np.concatenate([each.right for each in batches])
    order = np.lexsort((right, left))
    return Compared(
        left[order],
        right[order],
        np.concatenate([each.levels for each in batches])[order],
        {name: np.concatenate([each.rare[name] for each in batches])[order] for name in ("rare_fore", "rare_sur")},
        np.concatenate([each.weight_steps for each in batches])[order],
    )


def _steps(
    comparison: Comparison, model: Model, levels: npt.NDArray[np.int8], rare: Mapping[str, npt.NDArray[np.int32]]
) -> npt.NDArray[np.int32]:
    """The steps of a comparison for each pair, looked up by level; the last place is reached by SILENT, -1."""
    steps = np.array([*model.steps(comparison).values(), 0], dtype=np.int32)[levels]
    for number, level in enumerate(comparison.levels):
        if level.share_of:
            at = np.flatnonzero(levels == number)
            steps[at] -= np.maximum(rare[f"rare_{level.share_of}"][at], in_steps(level.least_share))
    return steps


def _columns(comparison: Comparison) -> set[str]:
    """The columns of a mention that a comparison reads, and the facts it asks for."""
    conditions = (*comparison.silent, *(level.sql for level in comparison.levels if level.sql != ELSE))
    return {found[1] for sql in conditions for found in _QUOTED.finditer(sql)}


def _levels(comparisons: Iterable[Comparison]) -> str:
    return ", ".join(f"{_level(each)} as g_{each.name}" for each in comparisons)


def _level(comparison: Comparison) -> str:
    """SQL for a comparison's level. Branch by branch, so that what is silent or equal costs no measuring of words."""
    branches = [(sql, SILENT) for sql in comparison.silent]
    branches += [(level.sql, number) for number, level in enumerate(comparison.levels) if level.sql != ELSE]
    cases = " ".join(f"when {_SIDES.sub(_side, sql)} then {number}" for sql, number in branches)
    return f"(case {cases} else {len(comparison.levels) - 1} end)::tinyint"


def _side(found: re.Match[str]) -> str:
    return f'{found[2]}."{found[1]}"'
