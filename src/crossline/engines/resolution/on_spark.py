"""The executor of very many pairs, on Spark: the functions of the executor of one pair, run where the partitions are.

Exactness before speed: similarity functions that Spark could be given as a library round otherwise than ours, and an edge more
or less is another person. Mentions are prepared, keyed and compared by the very code that matches a single new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from crossline.engines.resolution.blocking import KEY_LIMIT
from crossline.engines.resolution.comparing import Scorer, key_maker
from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import Model
from crossline.engines.resolution.preparing import COLUMN_OF, Row, prepare_one
from crossline.engines.resolution.score import LEAST_BITS, PAIR_SCHEMA

_NAMED = COLUMN_OF["mention_id"]
_Keyed = tuple[tuple[int, str], str]


def score_pairs(session: Any, table: pa.Table, model: Model, *, least_bits: float = LEAST_BITS) -> pa.Table:
    """score.score_pairs, all of MENTION_SCHEMA rows with all, on a Spark session: the same rows in the same order."""
    mentions = session.createDataFrame(table.select(MENTION_SCHEMA.names)).rdd.map(lambda row: row.asDict())
    prepared = mentions.map(prepare_one).keyBy(_name).cache()
    sharing = prepared.flatMap(_keyed).groupByKey()
    pairs = sharing.flatMap(lambda keyed: _pairs(keyed[1])).distinct()
    beside = pairs.join(prepared).map(lambda found: (found[1][0], (found[0], found[1][1])))
    both = beside.join(prepared).map(lambda found: (found[1][0][1], found[1][1]))
    weighed = both.mapPartitions(lambda part: _weighed(part, model, least_bits)).collect()
    prepared.unpersist()
    return pa.Table.from_pylist(sorted(weighed, key=lambda row: (row["left_id"], row["right_id"])), schema=PAIR_SCHEMA)


def _name(row: Row) -> str:
    return str(row[_NAMED])


def _keyed(named: tuple[str, Row]) -> Iterator[_Keyed]:
    name, row = named
    for key in set(key_maker()(row)):
        yield key, name


def _pairs(sharing: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every two mentions of a key, the smaller id first; none of a key that too many share."""
    names = sorted(sharing)
    if len(names) <= KEY_LIMIT:
        yield from ((left, right) for place, left in enumerate(names) for right in names[place + 1 :])


def _weighed(pairs: Iterable[tuple[Row, Row]], model: Model, least_bits: float) -> Iterator[dict[str, Any]]:
    scorer = Scorer(model)
    for left, right in pairs:
        scored = scorer.score(left, right)
        bits = scored.weight_bits
        if bits >= least_bits:
            yield {
                "left_id": left[_NAMED], "right_id": right[_NAMED], "weight_bits": bits,
                "probability": 1 / (1 + 2**-bits), "levels": scored.as_levels(),
            }  # fmt: skip
