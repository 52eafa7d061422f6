"""What the succession engine compared at each cut of a rough world, kept so that other weights can be judged without the records.

One cut a number that comes up: `days` after its first broadcast (its first own row where it does not broadcast), with nothing
later and forty days before. A cut has the pairs of every new number that is judged there, and of all that compete with those.
Contacts that changed number themselves are joined as the weights had it with which the pairs were compared.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from comms_rough_world import ROUGH, START, RoughSettings, RoughWorld, rough_world

from crossline.engines.comms.events import only_subjects, open_events
from crossline.engines.comms.executor import Limits
from crossline.engines.comms.succession.score import Row, Scored
from crossline.engines.comms.succession.successions import LINES, Settings, compare, names_of

DAY = 86_400
FIRST_CUT, LAST_CUT = 40, 97  # days of the world: before, too little is known of anybody; after, it ends
WINDOW = 40  # days of records that are held at a time
DAYS_TO_BE_SEEN = 3
BEGINNING = int(START.timestamp())
ONE_THREAD = Limits(threads=1)  # two worlds are read side by side

# A first broadcast: the first spell of ten minutes with texts to ten people.
BEGUN = """
    WITH spell AS (
        SELECT subject, floor(moment / 600.0) AS spell, min(moment) AS moment FROM whole_event
        WHERE outward = 1 AND is_text = 1 GROUP BY subject, floor(moment / 600.0) HAVING count(DISTINCT other) >= 10),
        broadcast AS (SELECT subject, min(moment) AS moment FROM spell GROUP BY subject),
        own AS (
        SELECT subject, min(moment) AS moment, count(DISTINCT floor(moment / 86400.0)) AS days
        FROM whole_event WHERE outward = 1 GROUP BY subject)
    SELECT number.number, own.moment, coalesce(broadcast.moment, own.moment), own.days
    FROM own JOIN number ON number.id = own.subject LEFT JOIN broadcast ON broadcast.subject = own.subject
    ORDER BY number.number"""


@dataclass(frozen=True)
class Arrival:
    """A number that comes up, and whom it took over from."""

    number: str
    before: str | None
    first_row: int
    begun: int  # its first broadcast


@dataclass(frozen=True)
class Cut:
    """One arrival's cut: the pairs compared there, by id, and the new numbers judged (the arrival, and what surged since)."""

    arrival: Arrival
    rows: list[Row]
    names: dict[int, str]
    judged: frozenset[str]
    lost: str | None  # the step that lost the true pair before it was scored
    true_pairs: frozenset[tuple[int, int]]


def settings_of(kind: str) -> RoughSettings:
    """A kind of world by its name: "hard, one phone, half lost"."""
    name, *more = kind.split(", ")
    changes = {
        "one phone": lambda settings: replace(settings, second_phones=0.0),
        "half lost": lambda settings: replace(settings, lost_rows=0.5),
        "small": lambda settings: replace(settings, brands=30, towns=6, people=150),
    }
    settings = ROUGH[name]
    for each in more:
        settings = changes[each](settings)
    return settings


@contextmanager
def opened(kind: str, seed: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, RoughWorld]]:
    """A world of one kind and seed, its records open as `whole_event`."""
    world = rough_world(seed, settings_of(kind))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        world.write(path)
        with open_events([path], limits=ONE_THREAD) as events:
            only_subjects(events.connection, [name for name in world.names if name[0] in "LBP"])
            events.connection.execute("CREATE TEMP TABLE whole_event AS SELECT * FROM event")
            yield events.connection, world


def seen_until(connection: duckdb.DuckDBPyConnection, cut: int, settings: Settings = LINES) -> list[Scored]:
    """What the engine makes of the records that end at this moment."""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW event AS SELECT * FROM whole_event WHERE moment < {cut} AND moment >= {cut - WINDOW * DAY}"
    )
    return compare(connection, settings)


def arrivals_of(connection: duckdb.DuckDBPyConnection, world: RoughWorld) -> list[Arrival]:
    """Every number that comes up in the middle of the world. Of changes, those whose old number was in use for some days."""
    begun = {number: more for number, *more in connection.execute(BEGUN).fetchall()}
    before = {new: old for old, new in world.changes}
    arrivals = []
    for number, (first_row, moment, _) in begun.items():
        old = before.get(number)
        if old is not None and (old not in begun or begun[old][2] < DAYS_TO_BE_SEEN or begun[old][0] >= first_row):
            continue
        arrivals.append(Arrival(number, old, int(first_row), int(moment)))
    return sorted(arrivals, key=lambda each: (each.begun, each.number))


def cuts_of(kind: str, seed: int, *, days: float, folder: Path | None, until: int = LAST_CUT) -> list[Cut]:
    """The cuts of one world before the day `until`, from the folder where they were kept there before."""
    path = None if folder is None else folder / f"{kind}-{seed}-{days}-{until}.parquet"
    if path is not None and path.exists():
        return read_cuts(path)
    with opened(kind, seed) as (connection, world):
        cuts = list(_compared(connection, world, days, until))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(cuts, path)
    return cuts


def _compared(connection: duckdb.DuckDBPyConnection, world: RoughWorld, days: float, until: int) -> Iterator[Cut]:
    arrivals = [
        each
        for each in arrivals_of(connection, world)
        if FIRST_CUT * DAY <= each.begun - BEGINNING + days * DAY < until * DAY and each.first_row > BEGINNING + DAY
    ]
    own = {each.number for each in arrivals} | {new for _, new in world.changes}
    last: int | None = None
    for arrival in arrivals:
        cut = arrival.begun + int(days * DAY)
        scored = seen_until(connection, cut)
        names = names_of(connection, scored)
        judged = {arrival.number}
        for each in scored:
            surged = float(each.row["surged_moment"] or 0) + days * DAY
            if names[each.pair[1]] not in own and last is not None and last < surged <= cut:
                judged.add(names[each.pair[1]])
        pairs = {(names[each.pair[0]], names[each.pair[1]]) for each in scored}
        lost = None
        if arrival.before is not None and (arrival.before, arrival.number) not in pairs:
            lost = _lost(connection, arrival)
        true = frozenset(each.pair for each in scored if (names[each.pair[0]], names[each.pair[1]]) in world.changes)
        yield Cut(arrival, [each.row for each in scored], names, frozenset(judged), lost, true)
        last = cut


def _lost(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> str:
    """The step that lost a change before it was scored, of those the engine takes in turn; with what kind of number it is of."""
    ids = [
        connection.execute("SELECT id FROM number WHERE number = ?", [name]).fetchall()[0][0]
        for name in (arrival.before, arrival.number)
    ]

    def held(table: str, end: int) -> bool:
        return bool(connection.execute(f"SELECT 1 FROM {table} WHERE subject = ?", [ids[end]]).fetchall())

    both = bool(connection.execute("SELECT 1 FROM shared WHERE old = ? AND new = ?", ids).fetchall())
    steps = (
        ("old number has too few rows", held("subject_seen", 0)),
        ("new number has too few rows", held("subject_seen", 1)),
        ("new number has not surged", held("surged", 1)),
        ("old number has not fallen", held("fell", 0)),
        ("too few contacts of the old number", held("old_total", 0)),
        ("too few contacts of the new number", held("new_total", 1)),
        ("no contact in common within the time", both),
    )
    return next(
        (step for step, passed in steps if not passed),
        "too few contacts in common, or more than ten rivals are likelier",
    )


def _write(cuts: Sequence[Cut], path: Path) -> None:
    rows = [{"cut": place, **row} for place, cut in enumerate(cuts) for row in cut.rows]
    about = [
        {
            "arrival": asdict(cut.arrival),
            "names": {str(number): name for number, name in cut.names.items()},
            "judged": sorted(cut.judged),
            "lost": cut.lost,
            "true_pairs": sorted(cut.true_pairs),
        }
        for cut in cuts
    ]
    table = pa.Table.from_pylist(rows).replace_schema_metadata({"cuts": json.dumps(about)})
    working = path.with_suffix(".part")
    pq.write_table(table, working)
    working.rename(path)


def read_cuts(path: Path) -> list[Cut]:
    """The cuts kept in one file."""
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[b"cuts"])
    rows: list[list[Row]] = [[] for _ in about]
    for row in table.to_pylist():
        rows[row.pop("cut")].append(row)
    return [
        Cut(
            Arrival(**each["arrival"]),
            of_cut,
            {int(number): name for number, name in each["names"].items()},
            frozenset(each["judged"]),
            each["lost"],
            frozenset((old, new) for old, new in each["true_pairs"]),
        )
        for each, of_cut in zip(about, rows, strict=True)
    ]
