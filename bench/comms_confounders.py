"""Deal lines told from everybody else who texts many people: python bench/comms_confounders.py --seeds 11 12 13 14

Each seed is a world of comms_confounder_world: 300 lines among 200,000 ordinary numbers and 36 of each of thirteen other kinds
of sender, judged by the rules in force, once whole and once with half of the rows left out. Shares come with exact
(Clopper-Pearson) intervals at 95 %. A number without a broadcast cannot reach the threshold and is not judged one by one.

--drawn makes worlds of other makers (comms_confounder_makers): lengths, lists, days held and the rest drawn for each seed, with
a share of the rows lost as drawn. --knobs turns one thing at a time and writes a line for each.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from math import exp, lgamma, log

import pyarrow as pa
from comms_confounder_makers import KNOBS, STANDARD_MAKING, Making
from comms_confounder_world import World, confounder_world

from crossline.engines.comms.executor import executor, make_tables
from crossline.engines.comms.profiles.deal_line import DEAL_LINE_RULES, judge
from crossline.engines.comms.profiles.profiles import STANDARD_PROFILE
from crossline.engines.comms.profiles.texts import PROFILING


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, nargs="+", required=True)
    arguments.add_argument("--people", type=int, default=200_000)
    arguments.add_argument("--lines", type=int, default=300)
    arguments.add_argument("--each", type=int, default=3, help="of every other kind, in each of twelve towns")
    arguments.add_argument("--drawn", action="store_true", help="every seed a world of another maker")
    arguments.add_argument("--knobs", action="store_true", help="the standard world with one thing changed, in turn")
    given = arguments.parse_args()
    if given.knobs:
        for name, making in KNOBS.items():
            _knob(name, making, given)
        return
    numbers: Counter[str] = Counter()
    flagged: dict[float, Counter[str]] = defaultdict(Counter)
    for seed in given.seeds:
        making = None if given.drawn else STANDARD_MAKING
        world = confounder_world(seed, people=given.people, lines=given.lines, each=given.each, making=making)
        if given.drawn:
            sys.stderr.write(f"seed {seed}: {world.making}\n")
        numbers.update(world.kinds.values())
        for lost in (0.0,) if given.drawn else (0.0, 0.5):
            looked = [row["subject"] for row in broadcasting(world, lost) if judge(row).looks_like_deal_line]
            flagged[lost].update(world.kinds[subject] for subject in looked)
            sys.stderr.write(f"seed {seed}, {lost:.0%} lost: {len(looked)} numbers look like a line\n")
    report(numbers, flagged)


def _knob(name: str, making: Making, given: argparse.Namespace) -> None:
    """Recall of lines and which others look like one, in worlds with this one thing changed."""
    numbers: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for seed in given.seeds:
        world = confounder_world(seed, people=given.people, lines=given.lines, each=given.each, making=making)
        numbers.update(world.kinds.values())
        found.update(world.kinds[row["subject"]] for row in broadcasting(world, 0.0) if judge(row).looks_like_deal_line)
    lines = {kind for kind in numbers if kind.startswith("line")}
    _line(name, sum(found[kind] for kind in lines), sum(numbers[kind] for kind in lines))
    others = {kind: f"{count} of {numbers[kind]}" for kind, count in sorted(found.items()) if kind not in lines}
    sys.stdout.write(f"    others: {others or 'none'}\n")
    sys.stdout.flush()


def broadcasting(world: World, lost: float) -> Iterator[dict[str, object]]:
    """The profile rows of the numbers that broadcast."""
    with executor() as connection:
        connection.register("given", pa.table({name: pa.array(each) for name, each in world.arrays(lost).items()}))
        nothing = "CAST(NULL AS VARCHAR) AS handset, CAST(NULL AS VARCHAR) AS cell"
        known = "*" if world.making.lengths_known else "* REPLACE (CAST(NULL AS INTEGER) AS seconds)"
        connection.execute(f"CREATE TEMP TABLE event AS SELECT {known}, {nothing} FROM given")
        make_tables(connection, PROFILING, asdict(STANDARD_PROFILE))
        yield from connection.execute("SELECT * FROM profile WHERE broadcasts > 0").to_arrow_table().to_pylist()


def report(numbers: Counter[str], flagged: dict[float, Counter[str]]) -> None:
    """Recall of lines and false alarms of all others, together and by kind."""
    sys.stdout.write(f"rules {DEAL_LINE_RULES.version}, threshold {DEAL_LINE_RULES.threshold:g}\n")
    lines = {kind for kind in numbers if kind.startswith("line")}
    for lost, found in flagged.items():
        sys.stdout.write(f"\nrows left out: {lost:.0%}\n")
        for name, kinds in (("all lines", lines), ("all others", set(numbers) - lines)):
            _line(name, sum(found[kind] for kind in kinds), sum(numbers[kind] for kind in kinds))
        for kind in sorted(numbers, key=lambda kind: (kind not in lines, kind)):
            _line(kind, found[kind], numbers[kind])


def _line(name: str, found: int, of: int) -> None:
    low, high = interval(found, of)
    sys.stdout.write(
        f"{name:44} {found:6,} of {of:8,}  {found / of:.4f} ({low:.4f} to {high:.4f}),"
        f" in 100,000: {found / of * 1e5:.1f} ({low * 1e5:.1f} to {high * 1e5:.1f})\n"
    )


def interval(found: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson for a share."""
    tail = (1 - level) / 2
    low = 0.0 if found == 0 else _solve(lambda share: 1 - _at_most(found - 1, of, share) - tail)
    high = 1.0 if found == of else _solve(lambda share: tail - _at_most(found, of, share))
    return low, high


def _at_most(found: int, of: int, share: float) -> float:
    """The chance of so many or fewer of so many, each with this chance."""
    if found > of / 2:  # the shorter tail, so that a sum of many terms stays exact
        return 1 - _at_most(of - found - 1, of, 1 - share) if found < of else 1.0
    return sum(
        exp(lgamma(of + 1) - lgamma(n + 1) - lgamma(of - n + 1) + n * log(share) + (of - n) * log(1 - share))
        for n in range(found + 1)
    )


def _solve(rising) -> float:
    low, high = 1e-12, 1 - 1e-12
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


if __name__ == "__main__":
    main()
