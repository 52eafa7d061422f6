"""Positions and missing links on police-wiretap networks made public: python bench/comms_covert.py --covert FOLDER

FOLDER holds the networks of github.com/schochastics/networkdata (MIT) as part,from,to,weight, and london_gang_rank.csv. Who is in
them is known by a number or an alias only. `ties` is what the engine calls a position (with how many others, however often);
the other standings, and the guess at ties not seen, are measured here to say why the engine does without them. Nothing was
fitted. Intervals: 95 % of 500 draws of the people, or of which ties are kept; of phases, the engine's own range of places.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from comms_networks import auc
from numpy.typing import NDArray

from crossline.engines.comms.networks.positions import seen_again

Floats = NDArray[np.float64]
NETWORKS = (
    *("caviar", "heroin_natarajan", "cocaine_natarajan", "ciel", "siren", "togo", "montreal_gangs", "london_gang"),
)
write = sys.stdout.write


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--covert", type=Path, required=True, metavar="FOLDER")
    folder = arguments.parse_args().covert
    for lost in (0.0, 0.5):
        _london(folder, lost)
    _caviar(folder)
    for name in NETWORKS:
        _held_out(folder, name)


def ties_expected(ties: Floats) -> Floats:
    """The engine's: others in touch, one seen once counting less than one seen often."""
    return np.array([seen_again(row[row > 0].tolist())[0] for row in ties])


def weight(ties: Floats) -> Floats:
    """How often in touch with anybody."""
    found: Floats = ties.sum(1)
    return found


def katz(ties: Floats) -> Floats:
    """Those in touch, and in part those in touch with them (Katz 1953): half of the worth that can pass on does."""
    most = max(float(np.linalg.eigvalsh(ties)[-1]), 1e-9)
    found: Floats = np.linalg.solve(np.eye(len(ties)) - 0.5 / most * ties, np.ones(len(ties)))
    return found


def unseen_ties(ties: Floats) -> Floats:
    """What each pair has in common: each person in touch with both, the less the more others they know (Zhou et al. 2009)."""
    linked = (ties > 0).astype(float)
    found: Floats = (linked / np.maximum(linked.sum(1), 1.0)) @ linked
    return found


def load(folder: Path, name: str, part: str = "0") -> tuple[list[str], Floats]:
    """The people of one network, or of one phase of it, and how often each two were in touch either way."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part and row["from"] != row["to"]]
    names = sorted({row[end] for row in rows for end in ("from", "to")})
    at = {each: place for place, each in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for row in rows:
        table[at[row["from"]], at[row["to"]]] += float(row["weight"])
    return names, np.maximum(table, table.T) if name == "london_gang" else table + table.T


def spearman(one: Floats, two: Floats) -> float:
    """Rank correlation; equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(one), _ranks(two))[0, 1])


def _ranks(values: Floats) -> Floats:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    for value in np.unique(values):
        ranks[values == value] = ranks[values == value].mean()
    return ranks


def _london(folder: Path, lost: float) -> None:
    names, ties = load(folder, "london_gang")
    with (folder / "london_gang_rank.csv").open(encoding="utf-8", newline="") as file:
        rank = {row["name"]: -float(row["ranking"]) for row in csv.DictReader(file)}
    known = np.array([rank[name] for name in names])
    for measure in (ties_expected, weight, katz):
        chance = np.random.default_rng(1)
        if lost:
            values = [spearman(measure(_without(ties, lost, chance)), known) for _ in range(200)]
            whole = float(np.mean(values))
        else:
            found = measure(ties)
            drawn = [chance.integers(0, len(names), len(names)) for _ in range(500)]
            values = [spearman(found[each], known[each]) for each in drawn]
            whole = spearman(found, known)
        low, high = np.quantile(values, (0.025, 0.975))
        write(
            f"london gang, {lost:.0%} of ties lost, {measure.__name__}: Spearman {whole:.3f} ({low:.3f} to {high:.3f})\n"
        )


def _without(ties: Floats, lost: float, chance: np.random.Generator) -> Floats:
    kept = np.triu(chance.random(ties.shape) >= lost, 1)
    return ties * (kept | kept.T)


def _caviar(folder: Path) -> None:
    """Of one phase's five first, how many are among the next one's; and how many of those the range of places had let in."""
    kept, let_in, sizes = [], [], []
    before: tuple[set[str], set[str]] | None = None
    for part in range(1, 12):
        names, ties = load(folder, "caviar", str(part))
        seen = [seen_again(row[row > 0].tolist()) for row in ties]
        order = sorted(range(len(names)), key=lambda at: -seen[at][0])
        five = {names[at] for at in order[:5]}
        best = [1 + sum(low > seen[at][2] for _, low, _ in seen) for at in range(len(names))]
        could = {names[at] for at in range(len(names)) if best[at] <= 5}
        if before is not None:
            kept.append(len(before[0] & five))
            let_in.append(len(before[1] & five))
        before = five, could
        sizes.append(f"{len(could)} of {len(names)}")
    write(
        f"caviar: of the five first, among the next phase's five: {kept}; of the next phase's five, places that could be "
    )
    write(f"in the five: {let_in}; people whose range reaches the five: {', '.join(sizes)}\n")


def _held_out(folder: Path, name: str) -> None:
    """A tenth of the ties, and a half, taken out: how often one of them scores above a pair that was never in touch."""
    _, ties = load(folder, name)
    left, right = np.triu_indices(len(ties), 1)
    linked = ties[left, right] > 0
    edges = np.flatnonzero(linked)
    chance = np.random.default_rng(1)
    said = []
    for share in (0.1, 0.5):
        values = []
        for _ in range(30):
            out = chance.choice(edges, max(round(len(edges) * share), 1), replace=False)
            kept = ties.copy()
            kept[left[out], right[out]] = kept[right[out], left[out]] = 0.0
            score = unseen_ties(kept)[left, right]
            values.append(auc(score[out].tolist(), score[~linked].tolist()))
        said.append(f"{np.mean(values):.3f} (sd {np.std(values):.3f})")
    write(f"{name}: {len(ties)} people, {len(edges)} ties; AUC with a tenth out {said[0]}, with half out {said[1]}\n")


if __name__ == "__main__":
    main()
