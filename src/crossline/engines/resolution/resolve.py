"""The whole way, in one call: mentions in, people out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from crossline.engines.resolution.blocking import DroppedKey
from crossline.engines.resolution.clusters import Clustering, Judgement, Vetoes
from crossline.engines.resolution.model import BIT_STEPS, Model
from crossline.engines.resolution.nationwide import Weighed, cluster_rows, profiles_of
from crossline.engines.resolution.on_arrays import Compared
from crossline.engines.resolution.preparing import prepare
from crossline.engines.resolution.score import compare_mentions

# Pairs from here on may join: odds of about 20 to one (probability 0.95). [D] Judged pairs are to calibrate it.
THRESHOLD_BITS = 4.3
# [D] The same in a file of rows that lack much: less is held against a pair there, so that less is needed for it.
SPARSE_BITS = 2.0
# [D] A field that differs between more than so many in a hundred pairs of one person's mentions cannot veto.
MOST_WRONG = 0.03


@dataclass(frozen=True)
class Resolution(Clustering):
    """A clustering with what it was made of: the prepared mentions, the pairs that may join and how they compare, and
    the keys that too many mentions shared to compare them all."""

    prepared: pa.Table
    compared: Compared
    dropped: tuple[DroppedKey, ...]


def resolve(
    table: pa.Table,
    model: Model,
    *,
    judgements: Sequence[Judgement] = (),
    threshold_bits: float | None = None,
    exhaustive: bool = False,
    sparse: bool = False,
) -> Resolution:
    """Clusters of MENTION_SCHEMA rows: scored, then merged under judgements; `exhaustive` as in score_pairs.

    `sparse`: rows that lack much of what they might say. More keys are tried, and one that names nobody may join others, as
    a name is no more than another field that is missing there.
    """
    prepared = prepare(table)
    least = threshold_bits if threshold_bits is not None else SPARSE_BITS if sparse else THRESHOLD_BITS
    compared, dropped = compare_mentions(prepared, model, least_bits=least, exhaustive=exhaustive, sparse=sparse)
    known = profiles_of(prepared)
    if sparse:
        known = replace(known, anchored=np.ones_like(known.anchored))
    pairs = Weighed(compared.left, compared.right, compared.weight_steps / BIT_STEPS)
    cluster_of, contradicted = cluster_rows(known, pairs, judgements, vetoes=vetoes_of(model))
    ids = known.ids
    named = {ids[row]: ids[first] for row, first in enumerate(cluster_of.tolist())}
    return Resolution(named, contradicted, prepared, compared, tuple(dropped))


def vetoes_of(model: Model) -> Vetoes:
    """A fact rules two people apart only where it is seldom wrong of one: where the model has learnt that it is."""
    wrong = {name: model.values[name]["different"].m for name in ("pnc", "sex", "birth")}
    return Vetoes(**{name: share <= MOST_WRONG for name, share in wrong.items()})
