"""A synthetic lake of any size for bench/comms_lake.py: ordinary phones, and lines that broadcast and change number.

At 100 million rows: about 200,000 ordinary subjects, 300 brands on about 1,000 numbers, 5 million other parties, 90 days, 40,000
cells. A brand's number lives 20 to 46 days and hands about four customers in five on to the next; each brand's holder has an
ordinary phone that goes where the line's phone goes. Numbers are of Ofcom's drama range with a synthetic ending. Says nothing on
accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import literal
from crossline.engines.comms.lake.files import DAY_ROW_GROUP
from crossline.engines.comms.lake.loading import authority_id
from crossline.engines.comms.numbers import id_of, number_of

FIRST_DAY = 20_454  # 1 January 2026
DAYS = 90
CELLS = 40_000
AUTHORITIES = 40
AGENCY = "synthetic"
NUMBERS_A_BRAND = 16
_CHUNK = 250_000

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How large a world is, from its rows."""

    rows: int

    @property
    def brands(self) -> int:
        return max(3, self.rows * 3 // 1_000_000)

    @property
    def subjects(self) -> int:
        return max(1_000, self.rows // 500)

    @property
    def others(self) -> int:
        return max(10_000, self.rows // 20)

    @property
    def ordinary_a_day(self) -> int:
        return max(1_000, self.rows // DAYS - self.brands * 270)

    @property
    def lines_from(self) -> int:
        return self.subjects + self.others

    @property
    def people(self) -> int:
        return self.lines_from + self.brands * NUMBERS_A_BRAND


def name_of(key: int) -> str:
    """The number of the key-th party."""
    return f"+447700900{key % 1000:03}#{key // 1000:04}"


def write_people(size: Size, path: Path) -> None:
    """person(key, id, name) of everybody."""
    if number_of(name_of(42_007)) != name_of(42_007):
        raise SystemExit("names of this world do not read as themselves")
    schema = pa.schema([("key", pa.int64()), ("id", pa.int64()), ("name", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, size.people, _CHUNK):
            keys = range(start, min(start + _CHUNK, size.people))
            names = [name_of(key) for key in keys]
            columns = [
                pa.array(keys, pa.int64()),
                pa.array(map(id_of, names), pa.int64()),
                pa.array(names, pa.string()),
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


class World:
    """Everybody's ids, and days drawn from one seed each."""

    def __init__(self, size: Size, people: Path) -> None:
        self.size = size
        self.ids: Integers = pq.read_table(people, columns=["id"])["id"].to_numpy()
        chance = np.random.default_rng(7)
        self.handset: Integers = 10**14 + chance.integers(0, 10**14, size.people)
        self.sim: Integers = 10**15 + chance.integers(0, 10**15, size.people)
        self.contact_seed: Integers = chance.integers(0, 2**31, size.people)
        self.cells: Integers = np.array([id_of(f"cell-{key:05}") for key in range(CELLS)])
        self.authority: Integers = np.array([authority_id(AGENCY, f"S-{key}") for key in range(AUTHORITIES)])

    def day(self, day: int) -> dict[str, Integers]:
        """Keys of one day: subject, other, carrier, second, outward, kind."""
        size, chance = self.size, np.random.default_rng([11, day])
        n = size.ordinary_a_day
        subject = (chance.random(n) ** 1.3 * size.subjects).astype(np.int64)
        rank = (chance.random(n) ** 4 * 250).astype(np.int64)
        parts = [
            {
                "subject": subject,
                "other": size.subjects + (self.contact_seed[subject] + rank * 2_654_435_761) % size.others,
                "carrier": subject,
                "second": (chance.integers(0, 86_400, n) + chance.integers(0, 86_400, n)) // 2,
                "outward": chance.integers(0, 2, n),
                "kind": np.searchsorted([0.45, 0.98], chance.random(n), side="right").astype(np.int64),
            }
        ]
        brand = np.arange(size.brands)
        generation = (day + brand * 11 % 20) // (20 + brand * 7 % 27)
        number = size.lines_from + brand * NUMBERS_A_BRAND + generation
        place = np.arange(80)
        swapped = np.random.default_rng(5).random((size.brands, NUMBERS_A_BRAND, 80)) < 0.22
        fresh = swapped[brand, generation] * (1 + generation)[:, None] * 1_000
        customer = size.subjects + ((brand[:, None] * 1_000_003 + place + fresh) * 2_654_435_761) % size.others
        for wave in range(3):
            to = chance.random(customer.shape) < 0.8
            second = 36_000 + wave * 14_400 + (brand * 977 % 3_600)[:, None] + place * 2
            parts.append(_line_part(to, number, customer, brand, second, 1, 1))
        rings = chance.random(customer.shape) < 0.5
        second = 36_000 + chance.integers(0, 43_200, customer.shape)
        back = rings & (chance.random(customer.shape) < 0.6)
        parts.append(_line_part(rings, number, customer, brand, second, 0, 0))
        parts.append(_line_part(back, number, customer, brand, second + 600, 1, 0))
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def coded(self, day: int) -> pa.Table:
        """The same as a lake keeps it."""
        keys, chance = self.day(day), np.random.default_rng([13, day])
        n, now = len(keys["subject"]), FIRST_DAY + day
        # Whoever carries a phone is somewhere for four hours; a line's phone is where its holder's own is.
        where = (
            keys["carrier"] * 7_919 + (keys["carrier"] + now * 31 + keys["second"] // 14_400) % 6 * 104_729
        ) % CELLS
        cell, seen = self.cells[where], chance.random(n)
        seconds = np.maximum(0, chance.exponential(90, n) - 12).astype(np.int32)
        columns = {
            "subject": pa.array(self.ids[keys["subject"]]),
            "other": pa.array(self.ids[keys["other"]]),
            "moment": pa.array(now * 86_400 + keys["second"]),
            "outward": pa.array(keys["outward"].astype(np.int8)),
            "kind": pa.array(keys["kind"].astype(np.int8)),
            "seconds": pa.array(seconds, mask=keys["kind"] > 0),
            "cell": pa.array(cell, mask=seen > 0.86),
            "other_cell": pa.array(cell, mask=seen > 0.04),
            "handset": pa.array(self.handset[keys["subject"]]),
            "sim": pa.array(self.sim[keys["subject"]]),
            "authorisation": pa.array(self.authority[keys["subject"] % AUTHORITIES]),
            "delivery": pa.array(np.full(n, now, np.int64)),
            "line": pa.array(np.arange(2, n + 2, dtype=np.int32)),
        }
        return pa.table(columns)

    def changes(self) -> set[tuple[int, int]]:
        """Ids of the old and the new number of each change that falls in the days of the world."""
        found = set()
        for brand in range(self.size.brands):
            used = sorted({(day + brand * 11 % 20) // (20 + brand * 7 % 27) for day in range(DAYS)})
            first = self.size.lines_from + brand * NUMBERS_A_BRAND
            found |= {(int(self.ids[first + old]), int(self.ids[first + old + 1])) for old in used[:-1]}
        return found


def _line_part(
    which: NDArray[np.bool_],
    number: Integers,
    customer: Integers,
    brand: Integers,
    second: Integers,
    outward: int,
    kind: int,
) -> dict[str, Integers]:
    n = int(which.sum())
    spread = np.broadcast_to
    return {
        "subject": spread(number[:, None], which.shape)[which],
        "other": customer[which],
        "carrier": spread(brand[:, None], which.shape)[which],
        "second": spread(second, which.shape)[which],
        "outward": np.full(n, outward),
        "kind": np.full(n, kind),
    }


def write_rows(world: World, folder: Path) -> int:
    """All rows by day, as a lake takes them in; gives how many."""
    rows = 0
    for day in range(DAYS):
        target = folder / f"day={FIRST_DAY + day}"
        target.mkdir(parents=True)
        table = world.coded(day).sort_by("subject")  # so that a bucket of it can be read alone
        pq.write_table(table, target / "part.parquet", compression="snappy", row_group_size=DAY_ROW_GROUP)
        rows += table.num_rows
    return rows


def name_everybody(connection: duckdb.DuckDBPyConnection, people: Path) -> None:
    """The views arriving_name and arriving_cell (id, name)."""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW arriving_name AS SELECT id, name FROM read_parquet({literal(people)})"
    )
    names = [f"cell-{key:05}" for key in range(CELLS)]
    connection.register("cells_of_the_world", pa.table({"id": pa.array(map(id_of, names), pa.int64()), "name": names}))
    connection.execute("CREATE OR REPLACE TEMP TABLE arriving_cell AS SELECT id, name FROM cells_of_the_world")


def write_csv(connection: duckdb.DuckDBPyConnection, world: World, people: Path, path: Path, day: int) -> int:
    """One day as an operator would send it: a records.csv with times and numbers in text."""
    name_everybody(connection, people)
    connection.register("day_given", world.coded(day))
    ours = {
        "number": "s.name",
        "imei": "substr(CAST(r.handset AS VARCHAR), 2)",
        "imsi": "substr(CAST(r.sim AS VARCHAR), 2)",
        "cell": "c.name",
    }
    ends = ", ".join(
        f"CASE WHEN r.outward = {way} THEN {ours[what]} {other} END AS {quoted}"
        for what, quoted, way, other in (
            ("number", '"from"', 1, "ELSE o.name"),
            ("number", '"to"', 0, "ELSE o.name"),
            ("imei", "from_imei", 1, ""),
            ("imsi", "from_imsi", 1, ""),
            ("cell", "from_cell", 1, "ELSE f.name"),
            ("imei", "to_imei", 0, ""),
            ("imsi", "to_imsi", 0, ""),
            ("cell", "to_cell", 0, "ELSE f.name"),
        )
    )
    (written,) = connection.execute(
        f"""COPY (SELECT strftime(make_timestamp(r.moment * 1000000), '%Y-%m-%dT%H:%M:%S+00:00') AS start,
            CASE r.kind WHEN 0 THEN 'voice' WHEN 1 THEN 'sms' ELSE 'mms' END AS type, r.seconds AS duration_s, {ends}
        FROM day_given AS r JOIN arriving_name AS s ON s.id = r.subject JOIN arriving_name AS o ON o.id = r.other
            LEFT JOIN arriving_cell AS c ON c.id = r.cell LEFT JOIN arriving_cell AS f ON f.id = r.other_cell ORDER BY r.moment)
        TO {literal(path)} (HEADER)"""
    ).fetchall()[0]
    return int(written)


def authorisation_of(size: Size) -> Authorisation:
    """One that covers every subject of the world, for a day that arrives as a file."""
    numbers = frozenset(name_of(key) for key in (*range(size.subjects), *range(size.lines_from, size.people)))
    first, end = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return Authorisation("S-day", AGENCY, numbers, first, end, end, "bench")
