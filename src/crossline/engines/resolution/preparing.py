"""Preparing mentions: a whole table at once, each distinct value but once, or one mention by itself; by the same functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crossline.engines.resolution.mentions import DERIVATIONS, MENTION_SCHEMA, PREPARED_SCHEMA, Derivation, Values

Codes = npt.NDArray[np.int64]

Row = tuple[Any, ...]
"""One prepared mention for the executor of single pairs: PREPARED_SCHEMA's values in order, lists as tuples."""

_AT_ONCE = 100_000
"""Distinct values that are prepared together: Python's own take many times the room of a table's."""

_REMEMBERED = 1 << 13
"""Values of a column that are kept as they were prepared, for whoever comes one by one."""

COLUMN_OF: Mapping[str, int] = {field.name: number for number, field in enumerate(PREPARED_SCHEMA)}


def prepare(table: pa.Table) -> pa.Table:
    """PREPARED_SCHEMA from MENTION_SCHEMA, ordered by mention_id; each row depends on its own values only."""
    table = _checked(table)
    columns: dict[str, pa.Array] = {
        "row_id": pa.array(np.arange(table.num_rows, dtype=np.int32)),
        "mention_id": table.column("mention_id").combine_chunks(),
    }
    for derivation in DERIVATIONS:
        columns |= _derived(table, derivation)
    del table
    pa.default_memory_pool().release_unused()  # DuckDB's means are counted beside what this holds
    return pa.table([columns[field.name] for field in PREPARED_SCHEMA], schema=PREPARED_SCHEMA)


def prepare_one(mention: Mapping[str, Any], row_id: int = 0) -> Row:
    """One mention (MENTION_SCHEMA's columns by name, absent ones empty) as a Row."""
    steps, lists, in_order = _plan()
    told = mention.get
    made: list[Any] = [row_id, mention["mention_id"]]
    for make, reads in steps:
        made += make(*map(told, reads))
    for place in lists:
        if made[place] is not None:
            made[place] = tuple(made[place])
    return in_order(made)


@cache
def _plan() -> tuple[list[tuple[Callable[..., Values], tuple[str, ...]]], list[int], Callable[[Sequence[Any]], Row]]:
    """How one mention is prepared: what makes values of which columns, which of the values are lists, and their order."""
    given = ["row_id", "mention_id"]
    steps: list[tuple[Callable[..., Values], tuple[str, ...]]] = []
    for each in DERIVATIONS:
        # What a mention says in one column, others have said: a register holds the same names over and over.
        alone = len(each.reads) == 1 and not pa.types.is_list(MENTION_SCHEMA.field(each.reads[0]).type)
        steps.append((lru_cache(_REMEMBERED)(each.make) if alone else each.make, each.reads))
        given += each.gives
    lists = [place for place, name in enumerate(given) if pa.types.is_list(PREPARED_SCHEMA.field(name).type)]
    return steps, lists, itemgetter(*(given.index(name) for name in PREPARED_SCHEMA.names))


def rows_of(prepared: pa.Table) -> list[Row]:
    """A prepared table's rows for the executor of single pairs."""
    columns = []
    for field in prepared.schema:
        values = prepared.column(field.name).to_pylist()
        columns.append([_held(each) for each in values] if pa.types.is_list(field.type) else values)
    return list(zip(*columns, strict=True))


_PACKED: Final = slice(COLUMN_OF["mention_id"] + 1, None)
"""What a packed row holds: not its mention, which stands beside it, nor its place in some table."""
_LISTS: Final = [place for place, field in enumerate(list(PREPARED_SCHEMA)[_PACKED]) if pa.types.is_list(field.type)]


def packed(row: Row) -> str:
    """A prepared mention as JSON, to be kept beside its keys."""
    return json.dumps(row[_PACKED], separators=(",", ":"), ensure_ascii=False)


def unpacked(kept: Iterable[tuple[str, str]]) -> list[Row]:
    """The prepared mentions of (mention, packed): parsed at once, as thousands may be wanted while somebody waits."""
    mentions, texts = list(zip(*kept, strict=True)) or ((), ())
    return [_unpacked(*each) for each in zip(mentions, json.loads(f"[{','.join(texts)}]"), strict=True)]


def _unpacked(mention: str, values: list[Any]) -> Row:
    for place in _LISTS:
        if values[place] is not None:
            values[place] = tuple(values[place])
    return (0, mention, *values)


def _held(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _checked(table: pa.Table) -> pa.Table:
    missing = [name for name in MENTION_SCHEMA.names if name not in table.column_names]
    if missing:
        raise ValueError(f"mentions lack the columns {', '.join(missing)}")
    table = table.select(MENTION_SCHEMA.names).cast(MENTION_SCHEMA).sort_by("mention_id").combine_chunks()
    ids = table.column("mention_id")
    if table.num_rows > 1 and pc.any(pc.equal(ids[1:], ids[:-1])).as_py():
        raise ValueError("a mention_id occurs twice")
    return table


def _derived(table: pa.Table, derivation: Derivation) -> dict[str, pa.Array]:
    """The columns a derivation gives: made once of each distinct combination of values, then spread over the rows."""
    codes, distinct = _coded(table, derivation.reads)
    made: dict[str, list[pa.Array]] = {name: [] for name in derivation.gives}
    for start in range(0, max(1, len(distinct[0])), _AT_ONCE):
        some = (column.slice(start, _AT_ONCE).to_pylist() for column in distinct)
        values = [derivation.make(*each) for each in zip(*some, strict=True)]
        for name, column in zip(derivation.gives, zip(*values, strict=True) if values else (), strict=bool(values)):
            made[name].append(pa.array(column, PREPARED_SCHEMA.field(name).type))
    spread = pa.array(codes)
    return {
        name: pa.chunked_array(columns, PREPARED_SCHEMA.field(name).type).combine_chunks().take(spread)
        for name, columns in made.items()
    }


def _coded(table: pa.Table, names: Sequence[str]) -> tuple[Codes, list[pa.Array]]:
    """For each row the number of its combination of values, and the combinations, by column."""
    (codes, values), *others = (_column_coded(table.column(name)) for name in names)
    distinct = [values]
    for more, further in others:
        together, codes = np.unique(codes * len(further) + more, return_inverse=True)
        before, beside = np.divmod(together, max(1, len(further)))
        distinct = [*(column.take(pa.array(before)) for column in distinct), further.take(pa.array(beside))]
    return codes, distinct


def _column_coded(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    array = column.combine_chunks()
    if pa.types.is_list(array.type):
        return _lists_coded(array)
    encoded = array.dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary


def _lists_coded(array: pa.ListArray) -> tuple[Codes, pa.Array]:
    """Lists have no dictionary in Arrow. Those of one value, which most are, go by its number; the others are told apart here."""
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    starts = np.cumsum(lengths) - lengths
    flat = array.flatten().dictionary_encode(null_encoding="encode")
    values = flat.indices.to_numpy(zero_copy_only=False)
    codes = np.zeros(len(array), dtype=np.int64)
    single = np.flatnonzero(lengths == 1)
    codes[single] = values.take(starts.take(single)) + 1
    said = flat.dictionary.to_pylist()
    distinct: list[list[str | None] | None] = [None, *([value] for value in said)]
    number_of: dict[tuple[int, ...], int] = {}
    several = np.flatnonzero(lengths > 1)
    ends = starts + lengths
    for place, start, end in zip(*(each.tolist() for each in (several, starts[several], ends[several])), strict=True):
        written = tuple(values[start:end].tolist())
        if written not in number_of:
            number_of[written] = len(distinct)
            distinct.append([said[value] for value in written])
        codes[place] = number_of[written]
    return codes, pa.array(distinct, array.type)
