"""A world of mentions of people, with the truth, made without knowing the engine that is measured on it.

    PYTHONPATH=src python bench/resolution_world.py out/world --mentions 100000 --seed 7 [--missing 0.5]

writes out/world/mentions.csv (the columns of `crossline resolve`) and out/world/truth.csv: ref, person, origin (of the name),
sex, age_band, force, troubles (joined by `;`). The same seed, number and share give the same bytes. Mentions stand in the
order of their day over five years; people are mentioned by a power law (two in three once, a few a hundred times).

Written from the notes on resolution (sections 2 to 4) and on the trade and from open name lists, before its author read the
engine's levels, keys or vetoes. Independence has limits, and they are: the name lists are those of the simulation, on which the
release was learnt; the formats of invented numbers are the simulation's too; and both authors know the same literature.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from resolution_world_people import DAYS, Population, Someone
from resolution_world_writing import COLUMNS, Desk

TRUTH_COLUMNS = ("ref", "person", "origin", "sex", "age_band", "force", "troubles")


@dataclass(frozen=True)
class WorldSettings:
    """What a world is made from. `missing` is the share of written values that is taken away afterwards (0: as sources write)."""

    mentions: int = 10_000
    seed: int = 1
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class Mention:
    """One row of the world: its columns as in COLUMNS, whom it is of, and what was done to it."""

    row: list[str]
    person: Someone
    troubles: tuple[str, ...]


def world(settings: WorldSettings) -> Iterator[Mention]:
    """The mentions in the order of their day."""
    people = list(Population(settings.seed).until(settings.mentions))
    chance = np.random.default_rng(settings.seed)
    subject = np.repeat(np.arange(len(people)), [person.mentions for person in people])
    # Half of somebody's mentions gather within some months: who is of interest is of interest for a while.
    busy = chance.integers(0, DAYS, len(people))[subject] + chance.normal(0, 120, len(subject))
    days = np.where(chance.random(len(subject)) < 0.5, busy, chance.integers(0, DAYS, len(subject)))
    days = np.clip(days, 0, DAYS - 1).astype(np.int64)
    desk, taking = Desk(settings.seed), Random(f"missing/{settings.seed}")
    order = np.lexsort((chance.permutation(len(subject)), days))
    for number, at in enumerate(order.tolist()):
        person = people[subject[at]]
        row, troubles = desk.write(f"M{number:08d}", person, int(days[at]))
        if settings.missing:
            _take(taking, row, settings.missing)
        yield Mention(row, person, tuple(troubles))


def _take(rng: Random, row: list[str], share: float) -> None:
    """Empties each written value with that chance, but leaves one: a row without any is no mention."""
    written = [at for at in range(2, len(row)) if row[at]]
    gone = [at for at in written if rng.random() < share]
    if written and len(gone) == len(written):
        gone.remove(rng.choice(gone))
    for at in gone:
        row[at] = ""


def write_world(settings: WorldSettings, folder: Path) -> Counter[str]:
    """Writes mentions.csv and truth.csv; returns how often each trouble was met (and `people`)."""
    folder.mkdir(parents=True, exist_ok=True)
    met: Counter[str] = Counter()
    seen: set[int] = set()
    with (
        (folder / "mentions.csv").open("w", encoding="utf-8", newline="") as mentions,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth,
    ):
        rows, true = csv.writer(mentions, lineterminator="\n"), csv.writer(truth, lineterminator="\n")
        rows.writerow(COLUMNS)
        true.writerow(TRUTH_COLUMNS)
        for mention in world(settings):
            person = mention.person
            rows.writerow(mention.row)
            attributes = (person.origin, person.sex, person.age_band, person.force)
            true.writerow((mention.row[0], f"P{person.number:08d}", *attributes, ";".join(mention.troubles)))
            met.update(set(mention.troubles))
            seen.add(person.number)
    met["people"] = len(seen)
    return met


def main() -> None:
    """Writes a world and says what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mentions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missing", type=float, default=0.0, help="share of written values taken away afterwards")
    given = parser.parse_args()
    began = time.perf_counter()
    met = write_world(WorldSettings(given.mentions, given.seed, given.missing), given.folder)
    print(f"{given.mentions:,} mentions of {met.pop('people'):,} people in {time.perf_counter() - began:.1f} s")
    for trouble, times in met.most_common():
        print(f"{times:>9,}  {trouble}")


if __name__ == "__main__":
    main()
