"""How soon a succession is seen: python bench/comms_succession_early.py [--worlds mid,hard] [--seeds 101,102] [--days 1,3]

The records end, as they do for whoever has to decide today: at each of many cuts the engine sees nothing later. A change is
measured at the cut that comes `days` after the new number's first row, so that each true change counts once. Wrong are pairs
whose new number began in the same stretch; new numbers that took over from nobody are among them.

Of the figures: `top` the right predecessor is the likeliest; `R@.95`, `R@.99` the recall at that precision over all the
worlds of a kind together; `ECE` the expected calibration error over ten bins of the scores of each number's likeliest pair.
`--delay HOURS` walks on in steps of so many hours instead, and says how long after the first broadcast a change is proposed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
from comms_rough_world import ROUGH, START, RoughWorld, rough_world

from crossline.engines.comms.events import only_subjects, open_events
from crossline.engines.comms.succession_score import Scored, one_to_one
from crossline.engines.comms.successions import LINES, Settings, compare, names_of

DAY = 86_400
FIRST_CUT, LAST_CUT = 40, 97  # days of the world: before, too little is known of anybody; after, it ends
STRETCH = DAY // 2  # from one cut to the next
WINDOW = 50  # days of records that are held at a time
DAYS_TO_BE_SEEN = 3

_BEGUN = """
    SELECT number.number, min(event.moment) AS begun, count(DISTINCT floor(event.moment / 86400.0)) AS days
    FROM whole_event AS event JOIN number ON number.id = event.subject WHERE event.outward = 1 GROUP BY number.number"""


@dataclass
class Tally:
    """What was seen of the changes of one kind of world."""

    to_find: int = 0
    first_choices: int = 0
    scores: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    never: int = 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", default="mid,hard")
    arguments.add_argument("--seeds", default="101,102,103")
    arguments.add_argument("--days", default="1,3")
    arguments.add_argument("--delay", type=int, metavar="HOURS")
    given = arguments.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")]
    write = sys.stdout.write
    if given.delay:
        write("world            changes  never  median h   90 % h\n")
    else:
        write("world            days  changes    top  R@.95  R@.99    ECE\n")
    for kind in given.worlds.split(","):
        if given.delay:
            write(f"{kind:16}{_delays(kind, seeds, given.delay)}\n")
            continue
        for days in given.days.split(","):
            write(f"{kind:16}{float(days):5.1f}{_line(_measured(kind, seeds, float(days)))}\n")
            sys.stdout.flush()


def _measured(kind: str, seeds: Sequence[int], days: float) -> Tally:
    tally = Tally()
    for seed in seeds:
        with _opened(kind, seed) as (connection, world):
            _measure(connection, world, days, tally)
    return tally


@contextmanager
def _opened(kind: str, seed: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, RoughWorld]]:
    """A world of one kind and seed, its records open as `whole_event`."""
    world = rough_world(seed, ROUGH[kind])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        world.write(path)
        with open_events([path]) as events:
            only_subjects(events.connection, [name for name in world.names if name[0] in "LBP"])
            events.connection.execute("CREATE TEMP TABLE whole_event AS SELECT * FROM event")
            yield events.connection, world


def _seen_until(connection: duckdb.DuckDBPyConnection, cut: int, settings: Settings) -> list[Scored]:
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW event AS SELECT * FROM whole_event WHERE moment < {cut} AND moment >= {cut - WINDOW * DAY}"
    )
    return compare(connection, settings)


def _to_find(connection: duckdb.DuckDBPyConnection, world: RoughWorld) -> dict[tuple[str, str], int]:
    """The changes whose old number was in use for some days before, each with the new number's first moment."""
    begun = {number: (int(moment), int(days)) for number, moment, days in connection.execute(_BEGUN).fetchall()}
    found = {}
    for old, new in world.changes:
        if old in begun and new in begun and begun[old][1] >= DAYS_TO_BE_SEEN and begun[old][0] < begun[new][0]:
            found[old, new] = begun[new][0]
    return found


def _cuts() -> Iterator[int]:
    beginning = int(START.timestamp())
    for day in range(FIRST_CUT, LAST_CUT):
        for part in range(DAY // STRETCH):
            yield beginning + day * DAY + part * STRETCH


def _measure(connection: duckdb.DuckDBPyConnection, world: RoughWorld, days: float, tally: Tally) -> None:
    changes = _to_find(connection, world)
    for cut in _cuts():
        last = cut - int(days * DAY)
        begun = {pair for pair, moment in changes.items() if last - STRETCH < moment <= last}
        tally.to_find += len(begun)
        scored = _seen_until(connection, cut, LINES)
        names = names_of(connection, scored)
        likeliest: dict[str, tuple[str, str]] = {}
        for each in scored:
            pair = names[each.pair[0]], names[each.pair[1]]
            surged = float(each.row["surged_moment"] or 0)
            if pair[1] in likeliest:
                continue
            likeliest[pair[1]] = pair
            if pair in changes and pair not in begun:
                continue  # of another cut
            if pair in begun or last - STRETCH < surged <= last:
                tally.scores.append(each.score)
                tally.right.append(pair in begun)
                tally.first_choices += pair in begun


def _line(tally: Tally) -> str:
    scores, right = np.array(tally.scores), np.array(tally.right, float)
    found = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    recall = [max(found[precision >= least], default=0.0) / max(tally.to_find, 1) for least in (0.95, 0.99)]
    bins = np.minimum((scores * 10).astype(int), 9)
    off = sum(abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins))
    top = tally.first_choices / max(tally.to_find, 1)
    return f"{tally.to_find:9}{top:7.3f}{recall[0]:7.3f}{recall[1]:7.3f}{off / max(len(scores), 1):7.3f}"


def _delays(kind: str, seeds: Sequence[int], hours: int) -> str:
    tally = Tally()
    for seed in seeds:
        with _opened(kind, seed) as (connection, world):
            waiting = _to_find(connection, world)
            beginning = int(START.timestamp())
            waiting = {pair: at for pair, at in waiting.items() if FIRST_CUT <= (at - beginning) / DAY < LAST_CUT - 7}
            for cut in range(beginning + FIRST_CUT * DAY, beginning + LAST_CUT * DAY, hours * 3600):
                if not any(at < cut for at in waiting.values()):
                    continue
                scored = one_to_one(_seen_until(connection, cut, LINES), least_score=LINES.least_score)
                names = names_of(connection, scored)
                for each in scored:
                    pair = names[each.pair[0]], names[each.pair[1]]
                    if pair in waiting:
                        tally.delays.append((cut - waiting.pop(pair)) / 3600)
            tally.never += len(waiting)
    every = np.array(tally.delays + [np.inf] * tally.never)
    median, most = (np.quantile(every, share, method="lower") for share in (0.5, 0.9))
    return f"{len(every):9}{tally.never:7}{median:10.1f}{most:9.1f}"


if __name__ == "__main__":
    main()
