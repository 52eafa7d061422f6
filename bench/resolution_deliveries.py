"""Resolution on simulated deliveries: python bench/resolution_deliveries.py FOLDER… [--release NAME --out MODEL]

FOLDER is one that `crossline simulate` wrote (deliveries/ and truth/people.csv). Without --release it measures
the shipped model on each; with it, it trains a model on them (never looking at truth/) and writes it.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from resolution_data import mentions_of, truth_of
from resolution_measures import pairs_within

from crossline.engines.resolution.model import BIT_STEPS, Model, at_scale, load, released_model, save
from crossline.engines.resolution.nationwide import Weighed, cluster_rows, profiles_of
from crossline.engines.resolution.preparing import prepare
from crossline.engines.resolution.resolve import THRESHOLD_BITS, vetoes_of
from crossline.engines.resolution.score import compare_mentions
from crossline.engines.resolution.training import train

NATION = 1 << 18  # mentions that a release is first registered for


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("simulation", type=Path, nargs="+")
    arguments.add_argument("--release", help="name of a release to train")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, default=Path("model.json"))
    arguments.add_argument("--model", type=Path, help="measure this model instead of the shipped one")
    arguments.add_argument("--nation", action="store_true", help="keep the scale that the model was registered for")
    chosen = arguments.parse_args()
    if chosen.release:
        tables = [mentions_of(folder, world=f"{number:02d}") for number, folder in enumerate(chosen.simulation)]
        model = train(pa.concat_tables(tables), chosen.seed, release=chosen.release)
        save(at_scale(model, NATION), chosen.out)
        sys.stdout.write(f"{chosen.out}: recurrence {model.recurrence}\n")
        return
    model = load(chosen.model) if chosen.model else released_model()
    sys.stdout.write(f"model {model.version}\n")
    for folder in chosen.simulation:
        measure(folder, model, nation=chosen.nation)


def measure(folder: Path, model: Model, *, nation: bool) -> None:
    """Print precision, recall and F1 over pairs of mentions at several thresholds, and what blocking reached."""
    table = mentions_of(folder)
    truth = truth_of(folder)
    ids = [each for each in table.column("mention_id").to_pylist() if each in truth]
    if not nation:
        model = at_scale(model, table.num_rows)
    started = time.perf_counter()
    prepared = prepare(table)
    compared, _ = compare_mentions(prepared, model, least_bits=0.0)
    scoring = time.perf_counter() - started
    known = profiles_of(prepared)
    people = Counter(truth[each] for each in ids)
    actual = pairs_within(people)
    sys.stdout.write(
        f"{folder}: {table.num_rows:,} mentions, {len(people):,} people; {len(compared.left):,} pairs in {scoring:.1f} s, "
        f"prior {model.prior_bits:.1f}, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n"
    )
    chosen: Mapping[str, str] = {}
    for threshold in (0.0, 2.0, THRESHOLD_BITS, 7.0, 10.0):
        started = time.perf_counter()
        at = np.flatnonzero(compared.weight_steps >= threshold * BIT_STEPS)
        pairs = Weighed(compared.left[at], compared.right[at], compared.weight_steps[at] / BIT_STEPS)
        rows, _ = cluster_rows(known, pairs, (), vetoes=vetoes_of(model))
        cluster_of = {known.ids[row]: known.ids[first] for row, first in enumerate(rows.tolist())}
        seconds = time.perf_counter() - started
        together = pairs_within(Counter((cluster_of[each], truth[each]) for each in ids))
        predicted = pairs_within(Counter(cluster_of[each] for each in ids))
        precision, recall = together / max(1, predicted), together / max(1, actual)
        if threshold == THRESHOLD_BITS:
            chosen = cluster_of
        sys.stdout.write(
            f"  at {threshold:4.1f} bits: P {precision:.4f} R {recall:.4f} "
            f"F1 {2 * together / max(1, predicted + actual):.4f}  ({seconds:.1f} s)\n"
        )
    _by_origin(folder, chosen, truth, ids)


def _by_origin(folder: Path, cluster_of: Mapping[str, str], truth: Mapping[str, str], ids: list[str]) -> None:
    """Print, for each origin of name, what share of its people's pairs is missed and what share of joins is false."""
    with (folder / "truth" / "people_profile.csv").open(encoding="utf-8", newline="") as stream:
        origin_of = {row["person_id"]: row["name_origin"] for row in csv.DictReader(stream)}
    if not origin_of:
        return
    actual: Counter[str] = Counter()
    together: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    mixed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for person, size in Counter(truth[each] for each in ids).items():
        actual[origin_of[person]] += size * (size - 1) // 2
    for (_, person), size in Counter((cluster_of[each], truth[each]) for each in ids).items():
        together[origin_of[person]] += size * (size - 1) // 2
    for each in ids:
        mixed[cluster_of[each]][origin_of[truth[each]]] += 1
    for origins in mixed.values():
        whole = sum(origins.values())
        for origin, size in origins.items():  # a pair of two origins counts half for each
            predicted[origin] += size * (whole - 1)
    sys.stdout.write(f"  {'origin of name':24} true pairs   missed   false\n")
    for origin, pairs in actual.most_common():
        missed = 1 - together[origin] / max(1, pairs)
        false = 1 - together[origin] / max(1.0, predicted[origin] / 2)
        sys.stdout.write(f"  {origin:24} {pairs:10,}   {missed:6.2%}  {false:6.2%}\n")


if __name__ == "__main__":
    main()
