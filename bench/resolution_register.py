"""One new mention against many known ones, durably: python bench/resolution_register.py FOLDER [FOLDER…] [--new 5000]

FOLDER is one that `crossline simulate` wrote (deliveries/ and truth/), or one of bench/resolution_world.py (mentions.csv and
truth.csv). All mentions but the last are put into a register's log and opened; the last are added one by one, each on disk
before it is answered. Prints milliseconds a mention, in all and without the disk, seconds to open, memory, and what F1 a run
over everything gives beside what grew. Several folders of simulations stand side by side as one nation.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from resolution_data import mentions_of, read_mentions, read_truth, truth_of
from resolution_measures import pairwise

from crossline.engines.resolution.model import released_model
from crossline.engines.resolution.register import LOG, Register
from crossline.engines.resolution.resolve import resolve

WARMING = 500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="+")
    arguments.add_argument("--new", type=int, default=5_000)
    arguments.add_argument("--known", type=int, help="so many known, of those the folders hold")
    arguments.add_argument("--at-once", action="store_true", help="also resolve everything at once, and compare")
    chosen = arguments.parse_args()
    table, truth = _mentions(chosen.folder)
    order = random.Random(1).sample(
        range(table.num_rows), min(table.num_rows, (chosen.known or table.num_rows) + chosen.new)
    )
    with tempfile.TemporaryDirectory() as folder:
        _measure(table, truth, order, chosen.new, Path(folder), at_once=chosen.at_once)


def _measure(
    table: pa.Table, truth: dict[str, str], order: list[int], new: int, folder: Path, *, at_once: bool
) -> None:
    write = sys.stdout.write
    known = table.take(pa.array(order[:-new]))
    with (folder / LOG).open("w", encoding="utf-8") as log:
        for batch in known.to_batches(max_chunksize=50_000):
            log.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in batch.to_pylist())
    news: list[dict[str, Any]] = table.take(pa.array(order[-new:])).to_pylist()
    started = time.perf_counter()
    with Register(folder, released_model()) as register:
        opened = time.perf_counter() - started
        wall, cpu = [], []
        for row in news:
            at, busy = time.perf_counter(), time.process_time()
            register.add(row)
            wall.append(time.perf_counter() - at)
            cpu.append(time.process_time() - busy)
        write(f"{known.num_rows:,} known, opened in {opened:.1f} s\n")
        for name, seconds in (("durable", wall), ("processor alone", cpu)):
            p50, p95, p99 = np.percentile(np.array(seconds[WARMING:]) * 1_000, [50, 95, 99])
            write(f"{name:16} p50 {p50:.3f} ms, p95 {p95:.3f}, p99 {p99:.3f}\n")
        write(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")
        ids = table.take(pa.array(order)).column("mention_id").to_pylist()
        people = [truth[each] for each in ids]
        grown = register.entities()
        write("grown            P {:.4f} R {:.4f} F1 {:.4f}\n".format(*pairwise([grown[each] for each in ids], people)))
        if at_once:
            found = resolve(table.take(pa.array(order)), register.model).cluster_of
            write(
                "at once          P {:.4f} R {:.4f} F1 {:.4f}\n".format(
                    *pairwise([found[each] for each in ids], people)
                )
            )


def _mentions(folders: list[Path]) -> tuple[pa.Table, dict[str, str]]:
    """Every mention of the folders, and who each is."""
    if (folders[0] / "mentions.csv").exists():
        [folder] = folders
        table = read_mentions(folder)
        return table, dict(zip(table.column("mention_id").to_pylist(), read_truth(folder)["person"], strict=True))
    tables, truth = [], {}
    for number, folder in enumerate(folders):
        world = f"{number:02d}"
        tables.append(mentions_of(folder, world=world))
        truth |= {f"{mention}|{world}": f"{person}{world}" for mention, person in truth_of(folder).items()}
    return pa.concat_tables(tables), truth


if __name__ == "__main__":
    main()
