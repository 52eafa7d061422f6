"""recordlinkage 0.16 as a rival, in its own environment: python resolution_rivals_recordlinkage.py FOLDER FEBRL|people

It reads FOLDER/cleaned.csv, learns by expectation-maximisation (ECM, its classifier without labels) and writes
FOLDER/recordlinkage.csv (ref, entity). It has no clustering of its own: its links are joined by connected components.
Nothing of the product is imported, so the interpreter needs recordlinkage alone.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import recordlinkage

_BLOCKS = {
    "FEBRL": (("fore", "sur"), ("pnc",), ("fore", "dob"), ("sur", "dob"), ("dob", "postcode"), ("street", "house")),
    "people": (
        ("pnc",), ("phone",), ("nominal",), ("sur", "dob"), ("fore", "dob"), ("postcode", "sur"), ("postcode", "fore"),
        ("fore_root", "sur_code", "dob_year"), ("fore", "sur", "agency"),
    ),
}  # fmt: skip
_EXACT = {
    "FEBRL": ("dob", "postcode", "house"),
    "people": (
        "dob",
        "sex",
    ),  # with columns that are mostly empty its classifier fails (F1 .42 for .92): it takes them to differ
}
_NAMES = {"FEBRL": ("fore", "sur", "pnc"), "people": ("fore", "sur")}


def links(people: pd.DataFrame, kind: str) -> pd.MultiIndex:
    """Pairs that the classifier takes for one person."""
    indexer = recordlinkage.Index()
    for columns in _BLOCKS[kind]:
        indexer.block(list(columns))
    candidates = indexer.index(people)
    compare = recordlinkage.Compare()
    for column in _NAMES[kind]:
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in _EXACT[kind]:
        if people[column].notna().any():
            compare.exact(column, column, label=f"{column} exactly")
    return recordlinkage.ECMClassifier(binarize=0.8).fit_predict(compare.compute(candidates, people))


def components(size: int, pairs: pd.MultiIndex) -> list[int]:
    """The connected component of each row."""
    parent = list(range(size))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for left, right in pairs:
        one, other = root(left), root(right)
        parent[max(one, other)] = min(one, other)
    return [root(at) for at in range(size)]


def main() -> None:
    """Reads, links, writes the clusters and what it took."""
    folder, kind, began = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    people = pd.read_csv(folder / "cleaned.csv", dtype=str)
    found = components(len(people), links(people, kind))
    with (folder / "recordlinkage.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("ref", "entity"))
        rows.writerows(zip(people["mention_id"], found, strict=True))
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    took = {"wall": time.time() - began, "cpu": used.ru_utime + used.ru_stime, "peak_mb": int(peak.split()[1]) / 1024}
    (folder / "recordlinkage.json").write_text(json.dumps(took))


if __name__ == "__main__":
    main()
