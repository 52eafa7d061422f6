"""Preparing mentions: a whole table at once, each distinct value but once, or one mention by itself; by the same functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crossline.engines.resolution.mentions import DERIVATIONS, MENTION_SCHEMA, PREPARED_SCHEMA, Derivation

Codes = npt.NDArray[np.int64]

Row = tuple[Any, ...]
"""One prepared mention for the executor of single pairs: PREPARED_SCHEMA's values in order, lists as tuples."""

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
    columns["name_id"] = pa.array(_coded(table, ("forename", "middle", "surname"))[0].astype(np.int32))
    return pa.table([columns[field.name] for field in PREPARED_SCHEMA], schema=PREPARED_SCHEMA)


def prepare_one(mention: Mapping[str, Any], row_id: int = 0) -> Row:
    """One mention (MENTION_SCHEMA's columns by name, absent ones empty) as a Row."""
    values: dict[str, Any] = {"row_id": row_id, "mention_id": mention["mention_id"], "name_id": row_id}
    for derivation in DERIVATIONS:
        made = derivation.make(*(mention.get(name) for name in derivation.reads))
        values |= zip(derivation.gives, made, strict=True)
    return tuple(_held(values[field.name]) for field in PREPARED_SCHEMA)


def rows_of(prepared: pa.Table) -> list[Row]:
    """A prepared table's rows for the executor of single pairs."""
    columns = []
    for field in prepared.schema:
        values = prepared.column(field.name).to_pylist()
        columns.append([_held(each) for each in values] if pa.types.is_list(field.type) else values)
    return list(zip(*columns, strict=True))


_PACKED: Final = slice(COLUMN_OF["mention_id"] + 1, COLUMN_OF["name_id"])
"""What a packed row holds: not its mention, which stands beside it, nor its place and the number of its name in some table."""
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
    return (0, mention, *values, 0)


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
    made = [derivation.make(*values) for values in distinct]
    by_column = list(zip(*made, strict=True)) if made else [()] * len(derivation.gives)
    spread = pa.array(codes)
    return {
        name: pa.array(values, PREPARED_SCHEMA.field(name).type).take(spread)
        for name, values in zip(derivation.gives, by_column, strict=True)
    }


def _coded(table: pa.Table, names: Sequence[str]) -> tuple[Codes, list[tuple[Any, ...]]]:
    """For each row the number of its combination of values, and the combinations."""
    coded = [_column_coded(table.column(name)) for name in names]
    codes, values = coded[0]
    distinct = [(value,) for value in values]
    for more, others in coded[1:]:
        together, codes = np.unique(codes * len(others) + more, return_inverse=True)
        distinct = [(*distinct[each // len(others)], others[each % len(others)]) for each in together.tolist()]
    return codes, distinct


def _column_coded(column: pa.ChunkedArray) -> tuple[Codes, list[Any]]:
    array = column.combine_chunks()
    if pa.types.is_list(array.type):
        return _lists_coded(array)
    encoded = array.dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def _lists_coded(array: pa.ListArray) -> tuple[Codes, list[Any]]:
    """Lists have no dictionary in Arrow: those that hold something are told apart here, and are few."""
    codes = np.zeros(len(array), dtype=np.int64)
    distinct: dict[tuple[str | None, ...] | None, int] = {None: 0}
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    filled = np.flatnonzero(lengths)
    for place, values in zip(filled.tolist(), array.take(pa.array(filled)).to_pylist(), strict=True):
        codes[place] = distinct.setdefault(tuple(values), len(distinct))
    return codes, list(distinct)
