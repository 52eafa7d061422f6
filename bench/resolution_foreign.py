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
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crossline.engines.resolution.files import resolve_file

Row = dict[str, str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--released", action="store_true", help="score with the shipped model, without learning")
    chosen = arguments.parse_args()
    folder: Path = chosen.folder
    sets = {
        "FEBRL3": _febrl(folder / "febrl" / "dataset3.csv"),
        "FEBRL4": [*_febrl(folder / "febrl" / "dataset4a.csv"), *_febrl(folder / "febrl" / "dataset4b.csv")],
        "fake_1000": _fake(folder / "fake_1000.csv"),
    }
    write = sys.stdout.write
    write("data        rows   seconds  precision  recall  F1\n")
    for name, rows in sets.items():
        started = time.perf_counter()
        precision, recall, score = _measure(rows, learn=not chosen.released)
        seconds = time.perf_counter() - started
        write(f"{name:10} {len(rows):6}  {seconds:7.1f}     {precision:.4f}  {recall:.4f}  {score:.4f}\n")
    write(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")


def _febrl(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [_febrl_row(row) for row in csv.DictReader(stream, skipinitialspace=True)]


def _febrl_row(row: Row) -> Row:
    birth = row["date_of_birth"]
    return {
        "ref": row["rec_id"], "truth": row["rec_id"].split("-")[1], "forename": row["given_name"],
        "surname": row["surname"], "dob": birth if len(birth) == 8 else "", "pnc": row["soc_sec_id"],
        "address": f"{row['street_number']} {row['address_1']}", "postcode": row["postcode"], "place": row["suburb"],
    }  # fmt: skip


def _fake(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {"ref": row["unique_id"], "truth": row["cluster"], "forename": row["first_name"], "surname": row["surname"],
             "dob": row["dob"], "place": row["city"], "aliases": row["email"]}
            for row in csv.DictReader(stream)
        ]  # fmt: skip


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


def pairwise(found: Iterable[str], truth: Iterable[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of rows put together."""
    both = list(zip(found, truth, strict=True))
    together = _pairs(Counter(both))
    predicted, actual = _pairs(Counter(entity for entity, _ in both)), _pairs(Counter(person for _, person in both))
    precision, recall = together / max(1, predicted), together / max(1, actual)
    return precision, recall, 2 * together / max(1, predicted + actual)


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


if __name__ == "__main__":
    main()
