"""How soon a succession is seen: python bench/comms_succession_early.py [--worlds "mid;hard"] [--seeds 101,102] [--days 1,3]

The records end, as they do for whoever has to decide today. Every number that comes up in a world is judged once, at a cut of
its own (comms_succession_cuts.py). All true changes count whose old number was in use on three days or more, whether they
became a candidate or not. Numbers that took over from nobody (lines that open, second phones, businesses) are judged in the
same way, and at each of those cuts so is whatever else is said to have surged since the cut before.

Of the figures: `top` the right predecessor is the likeliest; `lines` the same of lines alone, without the ordinary people who
change number; `proposed` those put forward, one to one, at the score the engine asks for; `R@.95`, `R@.99` the recall at that
precision over all the worlds of a kind together; `ECE` the expected calibration error over ten bins of the scores of each
number's likeliest pair, beside it (`chance`) what it comes to on average where every score is true, for as many numbers; `off`
how much higher than the truth the scores are on the whole. Then 95 % intervals (Wilson) of `top`, `proposed` and `R@.99`.

A kind of world is a setting of comms_rough_world, with ", one phone" for no second phones and ", half lost" for half of its
rows. `--why` counts the changes that were lost by the step that lost them, `--bins` shows the bins of the calibration error.
`--kept FOLDER` keeps what was compared, or takes it from there, so that other weights are judged in seconds. `--chains` says
instead how well whole chains of numbers come out of accepted links (B-cubed). `--delay` looks again at each change with the
hours of STEPS after its first broadcast, and says how many hours of data it took until it was proposed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
from comms_succession_cuts import (
    BEGINNING,
    BEGUN,
    DAY,
    FIRST_CUT,
    LAST_CUT,
    Arrival,
    Cut,
    arrivals_of,
    cuts_of,
    opened,
    seen_until,
)
from numpy.typing import NDArray

from crossline.engines.comms.succession.score import Scored, one_to_one, score_pairs
from crossline.engines.comms.succession.successions import LINES, compare, names_of

AT_ONCE = 2  # worlds, each with one thread
Pair = tuple[str, str]
Floats = NDArray[np.float64]
STEPS = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 120, 168)  # hours


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
    lost: Counter[str] = field(default_factory=Counter)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worlds", default="mid;hard", help="kinds of world, divided by ;")
    arguments.add_argument("--seeds", default="101,102,103")
    arguments.add_argument("--days", default="1,3")
    arguments.add_argument(
        "--until", type=int, default=LAST_CUT, metavar="DAY", help="no cuts after this day of the world"
    )
    arguments.add_argument("--why", action="store_true")
    arguments.add_argument("--kept", type=Path, metavar="FOLDER")
    arguments.add_argument("--chains", action="store_true")
    arguments.add_argument("--delay", action="store_true")
    arguments.add_argument("--bins", action="store_true")
    given = arguments.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")]
    write = sys.stdout.write
    if given.delay:
        write(f"{'world':30}changes  never    25 %  median    75 %    90 %  hours\n")
    elif given.chains:
        write(f"{'world':30}numbers  precision   recall       F1\n")
    else:
        write(f"{'world':30} days  changes    top  lines proposed  R@.95  R@.99    ECE chance    off  intervals\n")
    for kind in given.worlds.split(";"):
        if given.delay:
            write(f"{kind:30}{_delays(kind, seeds, given.until)}\n")
            continue
        if given.chains:
            write(f"{kind:30}{_chains(kind, seeds)}\n")
            continue
        for days in given.days.split(","):
            tally = _measured(kind, seeds, float(days), given.kept, given.until)
            write(f"{kind:30}{float(days):5.1f}{_line(tally)}\n")
            if given.why:
                write("".join(f"    {count:4} {step}\n" for step, count in tally.lost.most_common()))
            if given.bins:
                write(_bins(tally))
            sys.stdout.flush()


def _measured(kind: str, seeds: Sequence[int], days: float, kept: Path | None, until: int) -> Tally:
    tally = Tally()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for cuts in threads.map(partial(cuts_of, kind, days=days, folder=kept, until=until), seeds):
            for cut in cuts:
                _judge(cut, tally)
    return tally


def _judge(cut: Cut, tally: Tally) -> None:
    arrival, names = cut.arrival, cut.names
    scored = score_pairs(cut.rows)
    likeliest: dict[str, Scored] = {}
    for each in scored:
        likeliest.setdefault(names[each.pair[1]], each)
    for number in cut.judged & set(likeliest):
        tally.scores.append(likeliest[number].score)
        tally.right.append(number == arrival.number and likeliest[number].pair in cut.true_pairs)
    if arrival.before is None:
        return
    mine = likeliest.get(arrival.number)
    right = mine is not None and mine.pair in cut.true_pairs
    line = arrival.number.startswith("L")
    tally.to_find += 1
    tally.lines += line
    tally.first_choices += right
    tally.lines_first += right and line
    chosen = {each.pair for each in one_to_one(scored, least_score=LINES.least_score)}
    tally.proposed += right and mine is not None and mine.pair in chosen
    if not right:
        step = cut.lost or "a candidate, but another is likelier"
        tally.lost[f"{'line' if line else 'person'}: {step}"] += 1


def _line(tally: Tally) -> str:
    scores, right = np.array(tally.scores), np.array(tally.right, float)
    found = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    recalled = [max(found[precision >= least], default=0.0) for least in (0.95, 0.99)]
    all_of = max(tally.to_find, 1)
    top, lines = tally.first_choices / all_of, tally.lines_first / max(tally.lines, 1)
    drawn = np.random.default_rng(1).random((200, len(scores))) < scores
    chance = float(np.mean([_calibration(scores, each.astype(float)) for each in drawn]))
    intervals = (_interval(hits, tally.to_find) for hits in (tally.first_choices, tally.proposed, recalled[1]))
    return (
        f"{tally.to_find:9}{top:7.3f}{lines:7.3f}{tally.proposed / all_of:9.3f}"
        f"{recalled[0] / all_of:7.3f}{recalled[1] / all_of:7.3f}"
        f"{_calibration(scores, right):7.3f}{chance:7.3f}{scores.mean() - right.mean():+7.3f}  {' '.join(intervals)}"
    )


def _calibration(scores: Floats, right: Floats) -> float:
    places = np.minimum((scores * 10).astype(int), 9)
    gaps = np.bincount(places, scores - right, minlength=10)  # summed over a bin, the gap times its number
    return float(np.abs(gaps).sum() / max(len(scores), 1))


def _bins(tally: Tally) -> str:
    scores, right = np.array(tally.scores), np.array(tally.right, float)
    places = np.minimum((scores * 10).astype(int), 9)
    lines = ""
    for each in np.unique(places):
        there = places == each
        said, true = scores[there].mean(), right[there].mean()
        lines += f"    {each / 10:.1f} to {each / 10 + 0.1:.1f}: {there.sum():4} said {said:.3f}, true {true:.3f}\n"
    return lines


def _interval(hits: float, count: int) -> str:
    """Wilson's at 95 %."""
    if not count:
        return "-"
    z, share = 1.96, hits / count
    middle, room = share + z * z / (2 * count), z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = ((middle + sign * room) / (1 + z * z / count) for sign in (-1, 1))
    return f"{low:.3f}-{min(high, 1.0):.3f}"


def _chains(kind: str, seeds: Sequence[int]) -> str:
    """B-cubed precision, recall and F1 of each number's chain, over all numbers that broadcast or changed."""
    precision, recall, count = 0.0, 0.0, 0
    for seed in seeds:
        with opened(kind, seed) as (connection, world):
            connection.execute("CREATE OR REPLACE TEMP VIEW event AS SELECT * FROM whole_event")
            accepted = one_to_one(compare(connection, LINES), least_score=LINES.least_score)
            names = names_of(connection, accepted)
            numbers = {number for number, *_ in connection.execute(BEGUN).fetchall() if number[0] in "LP"}
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


def _delays(kind: str, seeds: Sequence[int], until: int) -> str:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        every = np.array(
            [each for delays in threads.map(partial(_delays_of, kind, until=until), seeds) for each in delays]
        )
    quantiles = (np.quantile(every, share, method="lower") for share in (0.25, 0.5, 0.75, 0.9))
    return f"{len(every):9}{int(np.isinf(every).sum()):7}{''.join(f'{each:8.1f}' for each in quantiles)}"


def _delays_of(kind: str, seed: int, *, until: int) -> list[float]:
    """Of each change, the first of STEPS at which it is proposed; infinite where it is at none."""
    delays = []
    with opened(kind, seed) as (connection, world):
        for arrival in arrivals_of(connection, world):
            if (
                arrival.before is None
                or not FIRST_CUT * DAY <= arrival.begun - BEGINNING < min(until, LAST_CUT - 7) * DAY
            ):
                continue
            delays.append(next((hours for hours in STEPS if _proposed(connection, arrival, hours)), np.inf))
    return delays


def _proposed(connection: duckdb.DuckDBPyConnection, arrival: Arrival, hours: float) -> bool:
    scored = seen_until(connection, arrival.begun + int(hours * 3600))
    chosen = one_to_one(scored, least_score=LINES.least_score)
    names = names_of(connection, chosen)
    return any((names[each.pair[0]], names[each.pair[1]]) == (arrival.before, arrival.number) for each in chosen)


if __name__ == "__main__":
    main()
