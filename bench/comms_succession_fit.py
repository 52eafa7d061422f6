"""How sure scores of successions should be: python bench/comms_succession_fit.py FOLDER

FOLDER holds what `comms_succession_early.py --kept FOLDER` compared, of seeds that nothing is reported on. Four numbers are
fitted to it: how much steeper, and how much higher, the log odds of both parts of the score should be. Which pair is likelier
than which hangs on the points, which come of other worlds (comms_successions.py --fit), and hardly changes.

At each cut only the new numbers that are judged there count, but all their rivals compete with them, as they do for whoever
decides that day. Each file is also left out in turn, and judged as the others have it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from comms_succession_cuts import read_cuts
from numpy.typing import NDArray

from crossline.engines.comms.succession.score import STANDARD_WEIGHTS, Weights, terms_of_all

Floats = NDArray[np.float64]
Line = tuple[float, float, float, float]  # slope and rise of the log odds, and of those of being given up
AS_THEY_ARE: Line = (1.0, 0.0, 1.0, 0.0)


class Kept:
    """The pairs of one kept world that are judged or compete with one that is, with their log odds as the weights have them."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        rows: list[tuple[float, ...]] = []
        known: dict[tuple[int, int], int] = {}
        for place, cut in enumerate(read_cuts(path)):
            judged = {number for number, name in cut.names.items() if name in cut.judged}
            wanted = {int(row["old"] or 0) for row in cut.rows if row["new"] in judged}
            for row, terms in zip(cut.rows, terms_of_all(cut.rows), strict=True):
                old, new = int(row["old"] or 0), int(row["new"] or 0)
                if new in judged or old in wanted:
                    same, given_up = _log_odds(terms, STANDARD_WEIGHTS)
                    ends = [known.setdefault((place, number), len(known)) for number in (old, new)]
                    rows.append((same, given_up, float((old, new) in cut.true_pairs), float(new in judged), *ends))
        self.same, self.given_up, self.right, self.judged, old_end, new_end = (
            np.array(column, float) for column in zip(*rows, strict=True)
        )
        self.old, self.new = old_end.astype(int), new_end.astype(int)

    def loss(self, line: Line) -> float:
        """The log loss of the scores that are judged, made as score_pairs makes them."""
        odds = np.exp(np.clip(line[0] * self.same + line[1], -30, 25))
        rival = odds / (1 + np.exp(-(line[2] * self.given_up + line[3])))
        others = np.bincount(self.old, rival)[self.old] + np.bincount(self.new, rival)[self.new] - 2 * rival
        score = np.clip(rival / (1 + odds + others), 1e-6, 1 - 1e-6)
        return -float(np.sum(self.judged * np.where(self.right > 0, np.log(score), np.log(1 - score))))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    worlds = [Kept(path) for path in sorted(arguments.parse_args().folder.glob("*.parquet"))]
    write = sys.stdout.write
    write(f"{'left out':40}loss as it is   as the others have it   their line\n")
    for place, world in enumerate(worlds):
        line = fitted(worlds[:place] + worlds[place + 1 :])
        write(f"{world.name:40}{world.loss(AS_THEY_ARE):12.1f}{world.loss(line):24.1f}   {line}\n")
    line = fitted(worlds)
    write(f"all: {line}\n{_steeper(STANDARD_WEIGHTS, line)}\n")


def fitted(worlds: Sequence[Kept]) -> Line:
    """The line of least loss, one number at a time, in steps halved until they are small."""
    line, steps = list(AS_THEY_ARE), [0.4, 1.0, 0.3, 0.5]
    least = sum(world.loss(AS_THEY_ARE) for world in worlds)
    while max(steps) > 0.05:
        better = False
        for place in range(4):
            for sign in (1.0, -1.0):
                tried = [*line]
                tried[place] += sign * steps[place]
                loss = sum(world.loss((tried[0], tried[1], tried[2], tried[3])) for world in worlds)
                if loss < least - 1e-6:
                    line, least, better = tried, loss, True
        if not better:
            steps = [step / 2 for step in steps]
    return line[0], line[1], line[2], line[3]


def _log_odds(terms: dict[str, float], weights: Weights) -> tuple[float, float]:
    same = weights.base + sum(weight * terms[name] for name, weight in weights.terms.items())
    return same, weights.given_up_base + sum(weight * terms[name] for name, weight in weights.given_up.items())


def _steeper(weights: Weights, line: Line) -> Weights:
    return replace(
        weights,
        base=round(weights.base * line[0] + line[1], 2),
        terms={name: round(weight * line[0], 2) for name, weight in weights.terms.items()},
        given_up_base=round(weights.given_up_base * line[2] + line[3], 2),
        given_up={name: round(weight * line[2], 2) for name, weight in weights.given_up.items()},
    )


if __name__ == "__main__":
    main()
