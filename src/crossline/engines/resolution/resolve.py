"""The whole way, in one call: mentions in, people out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from crossline.engines.resolution.clusters import Clustering, Judgement, Pair, Profile, Vetoes, clustering
from crossline.engines.resolution.mentions import prepare
from crossline.engines.resolution.model import Model
from crossline.engines.resolution.score import score_pairs

# Pairs from here on may join: odds of about 20 to one (probability 0.95). [D] Judged pairs are to calibrate it.
THRESHOLD_BITS = 4.3
# [D] A field that differs between more than so many in a hundred pairs of one person's mentions cannot veto.
MOST_WRONG = 0.03


def resolve(
    table: pa.Table,
    model: Model,
    *,
    judgements: Iterable[Judgement] = (),
    threshold_bits: float = THRESHOLD_BITS,
    exhaustive: bool = False,
) -> Clustering:
    """Clusters of MENTION_SCHEMA rows: scored, then merged under judgements; `exhaustive` as in score_pairs."""
    pairs = score_pairs(table, model, least_bits=threshold_bits, exhaustive=exhaustive)
    return clustering(profiles(table), pairs_of(pairs), judgements, threshold_bits, vetoes_of(model))


def vetoes_of(model: Model) -> Vetoes:
    """A fact rules two people apart only where it is seldom wrong of one: where the model has learnt that it is."""
    wrong = {name: model.values[name]["different"].m for name in ("pnc", "sex", "birth")}
    return Vetoes(**{name: share <= MOST_WRONG for name, share in wrong.items()})


def profiles(table: pa.Table) -> dict[str, Profile]:
    """mention_id -> what rules others out, from MENTION_SCHEMA rows."""
    prepared = prepare(table)
    names = ("mention_id", "dob", "dob_year", "sex", "pnc", "fore", "sur", "nominal")
    rows = zip(*(prepared.column(name).to_pylist() for name in names), strict=True)
    return {
        mention_id: Profile(
            dob or (f"{year:04d}" if year else None),
            sex,
            pnc,
            bool((fore and sur) or pnc or nominal or (dob and (fore or sur))),
        )
        for mention_id, dob, year, sex, pnc, fore, sur, nominal in rows
    }


def pairs_of(scored: pa.Table) -> Iterator[Pair]:
    """PAIR_SCHEMA rows as the clustering takes them."""
    columns = (scored.column(name).to_pylist() for name in ("left_id", "right_id", "weight_bits"))
    return map(Pair, *columns)
