"""Resolution on labelled files made by others: python bench/resolution_foreign.py FOLDER

FOLDER holds febrl/dataset3.csv, febrl/dataset4a.csv, febrl/dataset4b.csv (FEBRL, BSD-3) and fake_1000.csv (Splink's
demonstration people, MIT). Each is written with the columns of `crossline resolve` and resolved as a user would.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

from resolution_data import Row, foreign_sets
from resolution_measures import pairwise

from crossline.engines.resolution.files import resolve_file


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--released", action="store_true", help="score with the shipped model, without learning")
    chosen = arguments.parse_args()
    folder: Path = chosen.folder
    sets = {name: rows() for name, rows in foreign_sets(folder).items()}
    write = sys.stdout.write
    write("data        rows   seconds  precision  recall  F1\n")
    for name, rows in sets.items():
        started = time.perf_counter()
        precision, recall, score = _measure(rows, learn=not chosen.released)
        seconds = time.perf_counter() - started
        write(f"{name:10} {len(rows):6}  {seconds:7.1f}     {precision:.4f}  {recall:.4f}  {score:.4f}\n")
    write(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")


def _measure(rows: list[Row], *, learn: bool) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "people.csv"), Path(folder, "entities.csv")
        with given.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [name for name in rows[0] if name != "truth"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        resolve_file(given, found, learn=learn)
        with found.open(encoding="utf-8", newline="") as stream:
            entities = [row["entity"] for row in csv.DictReader(stream)]
    return pairwise(entities, [row["truth"] for row in rows])


if __name__ == "__main__":
    main()
