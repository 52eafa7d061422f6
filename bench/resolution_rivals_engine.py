"""One engine on one labelled set, in a process of its own: python resolution_rivals_engine.py ENGINE FOLDER NAME BEGAN

Called by resolution_rivals.py. Writes FOLDER/ENGINE.csv (ref, entity) and FOLDER/ENGINE.json (wall and CPU seconds, peak
memory, and what was chosen). BEGAN is the moment the process was asked for, so that starting up counts.
"""

from __future__ import annotations

import csv
import json
import logging
import resource
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

_CLEANED = (
    *("mention_id", "agency", "fore", "fore_root", "sur", "sur_code", "dob", "dob_year", "sex", "pnc", "nominal"),
    *("phone", "vrm", "postcode", "house", "street"),
)


def clean(folder: Path) -> None:
    """cleaned.csv and prepared.parquet, which the rivals read: their time does not hold the cleaning, Crossline's does, which
    reads mentions.parquet, as they were written."""
    from resolution_data import prepared, read_mentions

    pq.write_table(read_mentions(folder), folder / "mentions.parquet")
    table = prepared(folder)
    pq.write_table(table, folder / "prepared.parquet")
    arrow_csv.write_csv(table.select(_CLEANED), folder / "cleaned.csv")


def crossline_release(folder: Path) -> Mapping[str, str]:
    """The released model at the scale of the set: no learning."""
    from crossline.engines.resolution.model import at_scale, released_model
    from crossline.engines.resolution.resolve import resolve

    table = pq.read_table(folder / "mentions.parquet")
    return resolve(table, at_scale(released_model(), table.num_rows)).cluster_of


def crossline_learning(folder: Path) -> Mapping[str, str]:
    """As `crossline resolve` does: the release adapted to the file, without labels."""
    from resolution_data import mention_ids

    from crossline.engines.resolution.files import resolve_file

    out = folder / "entities.csv"
    resolve_file(folder / "mentions.csv", out)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return dict(zip(mention_ids(rows), (row["entity"] for row in rows), strict=True))


def crossline_thresholds(folder: Path) -> Iterator[tuple[float, Mapping[str, str]]]:
    """The released model at several thresholds, its own first: what Splink is given, for comparison like for like."""
    from crossline.engines.resolution.model import at_scale, released_model
    from crossline.engines.resolution.resolve import THRESHOLD_BITS, resolve

    table = pq.read_table(folder / "mentions.parquet")
    model = at_scale(released_model(), table.num_rows)
    for threshold in (THRESHOLD_BITS, -2.0, 0.0, 1.0, 2.0, 3.0, 7.0, 10.0):
        yield threshold, resolve(table, model, threshold_bits=threshold).cluster_of


def splink(engine: str, folder: Path, name: str) -> Iterator[tuple[float, Mapping[str, str]]]:
    """Splink at each of its thresholds."""
    from resolution_rivals_splink import RECIPES, clusterings

    return clusterings(pq.read_table(folder / "prepared.parquet"), RECIPES[engine](name))


def best_on_truth(
    tried: Iterable[tuple[float, Mapping[str, str]]], folder: Path, began: float
) -> tuple[Mapping[str, str], dict[str, Any]]:
    """The best of several thresholds on the truth; time and memory are those up to the first one's clusters."""
    from resolution_data import read_truth
    from resolution_measures import pairwise

    truth = read_truth(folder)
    best: tuple[float, float, Mapping[str, str]] = (-1.0, 0.0, {})
    took: dict[str, Any] = {}
    for threshold, cluster_of in tried:
        took = took or spent(began)
        score = pairwise([cluster_of[ref] for ref in truth["ref"]], truth["person"])[2]
        best = max(best, (score, threshold, cluster_of), key=lambda each: each[0])
    return best[2], {**took, "threshold": best[1]}


def spent(began: float) -> dict[str, Any]:
    """Wall and CPU seconds and peak memory (MB) of this process so far; its own, not what it had of its parent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"wall": time.time() - began, "cpu": used.ru_utime + used.ru_stime, "peak_mb": peak / 1024}


def main() -> None:
    """Runs one engine and writes what it found and what it took."""
    engine, folder, name, began = sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    pa.set_cpu_count(2)
    if engine == "clean":
        clean(folder)
        (folder / "clean.json").write_text(json.dumps(spent(began)), encoding="utf-8")
        return
    found: Mapping[str, str]
    if engine.startswith("splink"):
        found, took = best_on_truth(splink(engine, folder, name), folder, began)
    elif engine == "crossline_thresholds":
        found, took = best_on_truth(crossline_thresholds(folder), folder, began)
    else:
        found = {"crossline_release": crossline_release, "crossline_learning": crossline_learning}[engine](folder)
        took = spent(began)
    with (folder / f"{engine}.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("ref", "entity"))
        rows.writerows(found.items())
    (folder / f"{engine}.json").write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main()
