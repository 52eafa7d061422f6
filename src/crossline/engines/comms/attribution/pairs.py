"""Pairs of registrations of a line's phone and of candidates, as columns: the one bridge between the SQL and the model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import duckdb
import numpy as np
import pyarrow as pa

from crossline.engines.comms.attribution.model import Blocks, Floats, Integers, Release, blocks_of, pair_weights
from crossline.engines.comms.attribution.texts import PAIRING, PLACING
from crossline.engines.comms.cells import Cell, place_cells
from crossline.engines.comms.executor import make_tables


@dataclass(frozen=True)
class PairSettings:
    """What makes a pair; all this platform's own [D] after communications notes §6, and released with the model."""

    pair_seconds: int = 900
    block_seconds: int = 14_400
    away_metres: int = 15_000
    area_metres: int = 30_000
    fastest: float = 45.0  # metres a second, edge to edge of the two cells: about 160 km/h


STANDARD_PAIRS = PairSettings()


@dataclass(frozen=True)
class Pairs:
    """The pairs of one line, in order of candidate and time, with what each weighs."""

    candidate: Integers
    line_moment: Integers
    moment: Integers
    line_cell: Integers  # numbers of cells in the table `place`
    cell: Integers
    metres: Floats
    reach: Floats
    same_network: Integers
    band: Integers
    kind: Integers
    block: Integers
    chance_apart: Floats
    weight: Floats
    phones: int  # that the counted shares rest on, the candidate among them

    def blocks(self) -> Blocks:
        """The pairs added up."""
        return blocks_of(self.candidate, self.kind, self.block, self.weight)


def place_registrations(
    connection: duckdb.DuckDBPyConnection, cells: Sequence[Cell], settings: PairSettings = STANDARD_PAIRS
) -> None:
    """Once for a set of records: where every phone was seen; needs `event`."""
    # DuckDB 1.5.6 cannot plan `nearest` for some lines while it packs the keys of a grouping into fewer bytes.
    connection.execute("SET disabled_optimizers = 'compressed_materialization'")
    place_cells(connection, cells)
    make_tables(connection, PLACING, asdict(settings))


def ask(connection: duckdb.DuckDBPyConnection, line: int, candidates: Collection[int]) -> None:
    """Name the line and the candidates that the next tables are about."""
    for name, ids in (("line_asked", [line]), ("candidate_asked", sorted(set(candidates) - {line}))):
        connection.register(f"{name}_given", pa.table({"id": pa.array(ids, pa.int64())}))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT id FROM {name}_given")


def pairs_asked(
    connection: duckdb.DuckDBPyConnection, release: Release, settings: PairSettings = STANDARD_PAIRS
) -> Pairs:
    """The weighed pairs of the line and candidates asked for; needs place_registrations."""
    make_tables(connection, PAIRING, asdict(settings))
    found = connection.execute("SELECT * FROM weighed ORDER BY candidate, line_moment").to_arrow_table()
    (phones,) = connection.execute("SELECT phones FROM phones").fetchall()[0]

    def whole(name: str) -> Integers:
        return np.asarray(found[name].to_numpy(), dtype=np.int64)

    def real(name: str) -> Floats:
        return np.asarray(found[name].to_numpy(), dtype=np.float64)

    band, same_network = whole("band"), whole("same_network")
    kind = whole("kind")
    weight, chance = pair_weights(
        band=band,
        kind=kind,
        same_network=same_network,
        base_hours=real("base_hours"),
        base_total=real("base_total"),
        phones=max(int(phones) - 1, 0),  # the candidate is one of them
        release=release,
    )
    return Pairs(
        candidate=whole("candidate"),
        line_moment=whole("line_moment"),
        moment=whole("moment"),
        line_cell=whole("line_cell"),
        cell=whole("cell_no"),
        metres=real("metres"),
        reach=real("reach"),
        same_network=same_network,
        band=band,
        kind=kind,
        block=whole("block"),
        chance_apart=chance,
        weight=weight,
        phones=int(phones),
    )
