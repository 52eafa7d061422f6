"""How soon a succession is seen: python bench/comms_succession_early.py [--worlds "mid;hard"] [--seeds 101,102] [--days 1,3]

The records end, as they do for whoever has to decide today. Every number that comes up in a world is judged once, at a cut of
its own: `days` after its first broadcast (its first own row where it does not broadcast), with nothing later and forty days
before. All true changes count whose old number was in use on three days or more, whether they became a candidate or not.
Numbers that took over from nobody (lines that open, second phones, businesses) are judged in the same way, and at each of those
cuts so is whatever else is said to have surged since the cut before.

Of the figures: `top` the right predecessor is the likeliest; `lines` the same of lines alone, without the ordinary people who
change number; `proposed` those put forward, one to one, at the score the engine asks for; `R@.95`, `R@.99` the recall at that
precision over all the worlds of a kind together; `ECE` the expected calibration error over ten bins of the scores of each
number's likeliest pair. A kind of world is a setting of comms_rough_world, with ", one phone" for no second phones and
", half lost" for half of its rows. `--why` counts the changes that were lost by the step that lost them. `--chains` says
instead how well whole chains of numbers come out of accepted links (B-cubed). `--delay HOURS` walks on in steps of so many
hours, and says how long after the first broadcast a change is proposed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
from comms_rough_world import ROUGH, START, RoughSettings, RoughWorld, rough_world

from crossline.engines.comms.events import only_subjects, open_events
from crossline.engines.comms.succession.score import Scored, one_to_one
from crossline.engines.comms.succession.successions import LINES, Settings, compare, names_of

DAY = 86_400
FIRST_CUT, LAST_CUT = 40, 97  # days of the world: before, too little is known of anybody; after, it ends
WINDOW = 40  # days of records that are held at a time
DAYS_TO_BE_SEEN = 3
BEGINNING = int(START.timestamp())
Pair = tuple[str, str]

# A first broadcast: the first spell of ten minutes with texts to ten people.
_BEGUN = """
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


@dataclass
class Tally:
    """What was seen of the changes of one kind of world."""

    to_find: int = 0
    lines: int = 0
    first_choices: int = 0
    lines_first: int = 0
    proposed: int = 0
    scores: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    never: int = 0
    lost: Counter[str] = field(default_factory=Counter)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", default="mid;hard", help="kinds of world, divided by ;")
    arguments.add_argument("--seeds", default="101,102,103")
    arguments.add_argument("--days", default="1,3")
    arguments.add_argument("--why", action="store_true")
    arguments.add_argument("--chains", action="store_true")
    arguments.add_argument("--delay", type=int, metavar="HOURS")
    given = arguments.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")]
    write = sys.stdout.write
    if given.delay:
        write(f"{'world':30}changes  never  median h   90 % h\n")
    elif given.chains:
        write(f"{'world':30}numbers  precision   recall       F1\n")
    else:
        write(f"{'world':30} days  changes    top  lines proposed  R@.95  R@.99    ECE\n")
    for kind in given.worlds.split(";"):
        if given.delay:
            write(f"{kind:30}{_delays(kind, seeds, given.delay)}\n")
            continue
        if given.chains:
            write(f"{kind:30}{_chains(kind, seeds)}\n")
            continue
        for days in given.days.split(","):
            tally = _measured(kind, seeds, float(days))
            write(f"{kind:30}{float(days):5.1f}{_line(tally)}\n")
            if given.why:
                write("".join(f"    {count:4} {step}\n" for step, count in tally.lost.most_common()))
            sys.stdout.flush()


def settings_of(kind: str) -> RoughSettings:
    """A kind of world by its name: "hard, one phone, half lost"."""
    name, *more = kind.split(", ")
    changes = {
        "one phone": lambda settings: replace(settings, second_phones=0.0),
        "half lost": lambda settings: replace(settings, lost_rows=0.5),
    }
    settings = ROUGH[name]
    for each in more:
        settings = changes[each](settings)
    return settings


def _measured(kind: str, seeds: Sequence[int], days: float) -> Tally:
    tally = Tally()
    for seed in seeds:
        with _opened(kind, seed) as (connection, world):
            _measure(connection, world, days, tally)
    return tally


@contextmanager
def _opened(kind: str, seed: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, RoughWorld]]:
    """A world of one kind and seed, its records open as `whole_event`."""
    world = rough_world(seed, settings_of(kind))
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


def _arrivals(connection: duckdb.DuckDBPyConnection, world: RoughWorld) -> list[Arrival]:
    """Every number that comes up in the middle of the world. Of changes, those whose old number was in use for some days."""
    begun = {number: more for number, *more in connection.execute(_BEGUN).fetchall()}
    before = {new: old for old, new in world.changes}
    arrivals = []
    for number, (first_row, moment, _) in begun.items():
        old = before.get(number)
        if old is not None and (old not in begun or begun[old][2] < DAYS_TO_BE_SEEN or begun[old][0] >= first_row):
            continue
        arrivals.append(Arrival(number, old, int(first_row), int(moment)))
    return sorted(arrivals, key=lambda each: (each.begun, each.number))


def _measure(connection: duckdb.DuckDBPyConnection, world: RoughWorld, days: float, tally: Tally) -> None:
    arrivals = [
        each
        for each in _arrivals(connection, world)
        if FIRST_CUT * DAY <= each.begun - BEGINNING + days * DAY < LAST_CUT * DAY and each.first_row > BEGINNING + DAY
    ]
    own = {each.number for each in arrivals} | {new for _, new in world.changes}
    last = None
    for arrival in arrivals:
        cut = arrival.begun + int(days * DAY)
        scored = _seen_until(connection, cut, LINES)
        names = names_of(connection, scored)
        likeliest: dict[str, Scored] = {}
        for each in scored:
            likeliest.setdefault(names[each.pair[1]], each)
        mine = likeliest.get(arrival.number)
        right = mine is not None and names[mine.pair[0]] == arrival.before
        if mine is not None:
            tally.scores.append(mine.score)
            tally.right.append(right)
        if arrival.before is not None:
            line = arrival.number.startswith("L")
            tally.to_find += 1
            tally.lines += line
            tally.first_choices += right
            tally.lines_first += right and line
            chosen = {each.pair for each in one_to_one(scored, least_score=LINES.least_score)}
            tally.proposed += right and mine is not None and mine.pair in chosen
            if not right:
                tally.lost[_why(connection, arrival, scored, names)] += 1
        for number, each in likeliest.items():
            surged = float(each.row["surged_moment"] or 0) + days * DAY
            if number not in own and last is not None and last < surged <= cut:
                tally.scores.append(each.score)
                tally.right.append(False)
        last = cut


def _why(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, scored: Sequence[Scored], names: Mapping[int, str]
) -> str:
    """The step that lost a change, of those the engine takes in turn; with what kind of number it is of."""
    ids = [
        connection.execute("SELECT id FROM number WHERE number = ?", [name]).fetchall()[0][0]
        for name in (arrival.before, arrival.number)
    ]
    kind = "line" if arrival.number.startswith("L") else "person"

    def held(table: str, end: int, column: str = "subject") -> bool:
        return bool(connection.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", [ids[end]]).fetchall())

    steps = (
        ("old number has too few rows", held("subject_seen", 0)),
        ("new number has too few rows", held("subject_seen", 1)),
        ("new number has not surged", held("surged", 1)),
        ("old number has not fallen", held("fell", 0)),
        ("too few contacts of the old number", held("old_total", 0)),
        ("too few contacts of the new number", held("new_total", 1)),
        (
            "no contact in common within the time",
            bool(connection.execute("SELECT 1 FROM shared WHERE old = ? AND new = ?", ids).fetchall()),
        ),
        (
            "more than ten rivals are likelier",
            bool(connection.execute("SELECT 1 FROM features WHERE old = ? AND new = ?", ids).fetchall()),
        ),
    )
    for step, passed in steps:
        if not passed:
            return f"{kind}: {step}"
    rival = next(names[each.pair[0]] for each in scored if names[each.pair[1]] == arrival.number)
    return f"{kind}: a candidate, but another {'line' if rival.startswith('L') else 'number'} is likelier"


def _line(tally: Tally) -> str:
    scores, right = np.array(tally.scores), np.array(tally.right, float)
    found = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    recall = [max(found[precision >= least], default=0.0) / max(tally.to_find, 1) for least in (0.95, 0.99)]
    bins = np.minimum((scores * 10).astype(int), 9)
    off = sum(abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins))
    top, lines = tally.first_choices / max(tally.to_find, 1), tally.lines_first / max(tally.lines, 1)
    proposed = tally.proposed / max(tally.to_find, 1)
    ece = off / max(len(scores), 1)
    return f"{tally.to_find:9}{top:7.3f}{lines:7.3f}{proposed:9.3f}{recall[0]:7.3f}{recall[1]:7.3f}{ece:7.3f}"


def _chains(kind: str, seeds: Sequence[int]) -> str:
    """B-cubed precision, recall and F1 of each number's chain, over all numbers that broadcast or changed."""
    precision, recall, count = 0.0, 0.0, 0
    for seed in seeds:
        with _opened(kind, seed) as (connection, world):
            connection.execute("CREATE OR REPLACE TEMP VIEW event AS SELECT * FROM whole_event")
            accepted = one_to_one(compare(connection, LINES), least_score=LINES.least_score)
            names = names_of(connection, accepted)
            numbers = {number for number, *_ in connection.execute(_BEGUN).fetchall() if number[0] in "LP"}
        found = _grouped(numbers, [(names[each.pair[0]], names[each.pair[1]]) for each in accepted])
        true = _grouped(numbers, world.changes)
        for number in numbers:
            both = len(found[number] & true[number])
            precision += both / len(found[number])
            recall += both / len(true[number])
        count += len(numbers)
    precision, recall = precision / count, recall / count
    return f"{count:7}{precision:11.3f}{recall:9.3f}{2 * precision * recall / (precision + recall):9.3f}"


def _grouped(numbers: set[str], links: Sequence[Pair] | set[Pair]) -> dict[str, set[str]]:
    """Each number's chain: all that links join."""
    chain = {number: {number} for number in numbers}
    for old, new in links:
        if old in chain and new in chain and chain[old] is not chain[new]:
            chain[old] |= chain[new]
            for number in chain[new]:
                chain[number] = chain[old]
    return chain


def _delays(kind: str, seeds: Sequence[int], hours: int) -> str:
    tally = Tally()
    for seed in seeds:
        with _opened(kind, seed) as (connection, world):
            waiting = {
                (each.before, each.number): each.begun
                for each in _arrivals(connection, world)
                if each.before is not None and FIRST_CUT * DAY <= each.begun - BEGINNING < (LAST_CUT - 7) * DAY
            }
            for cut in range(BEGINNING + FIRST_CUT * DAY, BEGINNING + LAST_CUT * DAY, hours * 3600):
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
