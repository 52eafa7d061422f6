"""The keys of many mentions, as statements on DuckDB; and which mentions share one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crossline.engines.resolution.blocking import KEY_LIMIT, RULES, SPARSE_RULES, DroppedKey, Rule
from crossline.engines.resolution.expressions import needed, parsed

Rows = npt.NDArray[np.int32]

THREADS = 2
MEMORY = "800MB"


@dataclass(frozen=True)
class Sharing:
    """The mentions that share the keys of one rule: their rows, those of a key beside one another and rising, how many come
    after each of its key, and the keys that too many share."""

    rule: str
    rows: Rows
    after: Rows
    dropped: tuple[DroppedKey, ...]


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB within the engine's means: what does not fit in MEMORY goes to a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="crossline-resolution-") as folder, duckdb.connect() as connection:
        connection.execute(f"set threads = {THREADS}")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set enable_progress_bar = false")
        yield connection


def keys(prepared: pa.Table) -> pa.Table:
    """mention_id, key (rule number ':' value): every key of every mention of a prepared table."""
    with connect() as connection:
        connection.register("prepared", prepared)
        return connection.sql(
            f"select distinct mention_id, rule || ':' || key as key from ({written_keys()}) join prepared using (row_id) "
            "order by all"
        ).to_arrow_table()


def written_keys() -> str:
    """SQL for row_id, rule and key of the table `prepared`, by every rule."""
    return " union all ".join(
        f"select row_id, {number}::utinyint as rule, key from ({_written(rule)})" for number, rule in enumerate(RULES)
    )


def _written(rule: Rule) -> str:
    """SQL for row_id and key of the table `prepared`, as often as a mention has the key; rows rise."""
    source = f"(select *, unnest({rule.each}) as item from prepared)" if rule.each else "prepared"
    filled = " and ".join(f"{column} is not null" for column in needed(parsed(rule.sql)))
    return f"select row_id, ({rule.sql})::varchar as key from {source} where {filled} and key is not null"


def shared_keys(prepared: pa.Table, *, sparse: bool = False) -> list[Sharing]:
    """Who shares a key, rule by rule; `sparse`: by SPARSE_RULES too. Keys are compared as hashes: words would need more room
    than all else."""
    with connect() as connection, ThreadPoolExecutor(THREADS) as pool:
        find = partial(_shared, connection, prepared)
        return list(pool.map(find, (*RULES, *SPARSE_RULES) if sparse else RULES))


def _shared(connection: duckdb.DuckDBPyConnection, prepared: pa.Table, rule: Rule) -> Sharing:
    with connection.cursor() as cursor:
        cursor.register("prepared", prepared)
        found = cursor.execute(f"select row_id, hash(key) as key from ({_written(rule)})").fetchnumpy()
    rows, hashes = np.asarray(found["row_id"]), np.asarray(found["key"])
    # Most keys are nobody else's: what is alone even by a part of its hash need not be put in order.
    parts = (hashes & np.uint64((4 << len(hashes).bit_length()) - 1)).astype(np.int64)
    some = np.flatnonzero(np.bincount(parts, minlength=1).take(parts) > 1)
    rows, hashes = rows.take(some), hashes.take(some)
    order = np.lexsort((rows, hashes))
    rows, hashes = rows.take(order), hashes.take(order)
    # A key that a mention has twice, by two names that sound alike, it has once.
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = (rows[1:] != rows[:-1]) | (hashes[1:] != hashes[:-1])
    rows, hashes = rows[fresh], hashes[fresh]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])) if len(rows) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(rows)))
    size_of = np.repeat(sizes, sizes)
    after = size_of - 1 - (np.arange(len(rows)) - np.repeat(starts, sizes))
    kept = np.flatnonzero((size_of > 1) & (size_of <= KEY_LIMIT))
    dropped = tuple(DroppedKey(rule.name, int(size)) for size in np.sort(sizes[sizes > KEY_LIMIT]))
    return Sharing(rule.name, rows.take(kept), after.take(kept).astype(np.int32), dropped)
