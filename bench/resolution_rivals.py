r"""One table of entity resolution: Crossline beside Splink 5 and recordlinkage, same columns, same machine, same run.

    PYTHONPATH=src python bench/resolution_rivals.py out/rivals --foreign ER_DATA --worlds 10000 100000 1000000 \
        --missing 0 0.5 --simulations out/region out/nation --recordlinkage /path/to/other/python --timeout 7200

ER_DATA holds febrl/dataset3.csv, febrl/dataset4a.csv, febrl/dataset4b.csv and fake_1000.csv; a simulation is a folder that
`crossline simulate` wrote; the other python is of an environment with recordlinkage. Leave out what is not at hand.

Each engine works in a process of its own. What it gave is added to out/rivals/results.jsonl at once: called again with the same
folder, it goes on where it was stopped (--again runs anew). A run past --timeout is stopped and stands in the table as such. The
table (table.markdown) and the slices (slices.markdown) are written from the lines at the end, or alone with --table.

What is fair and what is not: every rival reads columns that the product's normaliser has cleaned, and cleaning counts in
Crossline's time alone; Splink gets the best of eight thresholds judged on the truth, Crossline its one fixed threshold (and, in
a row of its own, the best of eight as well); time stops at the first threshold's clusters. recordlinkage clusters nothing: its
links are joined by connected components.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import resolution_data as data
from resolution_measures import quality, slices
from resolution_rivals_report import slices_text, table_text
from resolution_world import WorldSettings

ENGINES = (
    *(
        "crossline_release",
        "crossline_thresholds",
        "crossline_learning",
        "splink_stock",
        "splink_tuned",
        "recordlinkage",
    ),
)
_HERE = Path(__file__).parent


def sets(given: argparse.Namespace) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """(name, what writes it into a folder) of every set asked for."""
    if given.foreign:
        for name, rows in data.foreign_sets(given.foreign).items():
            yield name, lambda folder, rows=rows: data.write_foreign(rows(), folder)
    for mentions, missing in product(given.worlds, given.missing):
        settings = WorldSettings(mentions, given.seed, missing)
        bare = f", {missing:.0%} taken" if missing else ""
        yield f"world {mentions:,}{bare}", lambda folder, settings=settings: data.world_folder(settings, folder)
    if given.together:
        name = f"{len(given.simulations)} simulations side by side, {given.together:,}"
        yield name, lambda folder: data.write_simulations(given.simulations, folder, given.together)
        return
    for simulation in given.simulations:
        yield f"simulation {simulation.name}", lambda folder, at=simulation: data.write_simulations([at], folder)


def measure(engine: str, name: str, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """One line of results: what the engine took and how good its clusters are."""
    line: dict[str, Any] = {"set": name, "engine": engine}
    failed = _run(engine, name, folder, given)
    if failed:
        return {**line, "failed": failed}
    truth = data.read_truth(folder)
    with (folder / f"{engine}.csv").open(encoding="utf-8", newline="") as stream:
        entity_of = {row["ref"]: row["entity"] for row in csv.DictReader(stream)}
    found = [entity_of[ref] for ref in truth["ref"]]
    took = json.loads((folder / f"{engine}.json").read_text(encoding="utf-8"))
    shape = {"mentions": len(found), "people": len(set(truth["person"])), "entities": len(set(found))}
    return {**line, **shape, **took, **asdict(quality(found, truth["person"])), "slices": slices(found, truth)}


def _run(engine: str, name: str, folder: Path, given: argparse.Namespace) -> str:
    """Why the engine's process gave nothing; empty where it did."""
    if engine == "recordlinkage":
        if given.recordlinkage is None:
            return "no environment given"
        kind = "FEBRL" if name.startswith("FEBRL") else "people"
        command = [given.recordlinkage, _HERE / "resolution_rivals_recordlinkage.py", folder, kind]
    else:
        command = [sys.executable, _HERE / "resolution_rivals_engine.py", engine, folder, name]
    log = folder / f"{engine}.log"
    with log.open("w", encoding="utf-8") as told:
        asked = [*map(str, command), repr(time.time())]
        try:
            ended = subprocess.run(asked, stdout=told, stderr=told, timeout=given.timeout, check=False)
        except subprocess.TimeoutExpired:
            return f"stopped after {given.timeout:,} s"
    if ended.returncode:
        last = (log.read_text(encoding="utf-8").strip().splitlines() or ["nothing said"])[-1]
        return f"ended with {ended.returncode}: {last[:60]}"
    return ""


def lines_of(results: Path) -> list[dict[str, Any]]:
    """The newest line for each set and engine, in the order they were first met."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    if results.exists():
        for text in results.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            newest[line["set"], line["engine"]] = line
    return list(newest.values())


def report(out: Path) -> None:
    """Writes table.markdown and slices.markdown from the results, and prints the table."""
    lines = lines_of(out / "results.jsonl")
    table = table_text(lines)
    (out / "table.markdown").write_text(table, encoding="utf-8")
    (out / "slices.markdown").write_text(slices_text(lines), encoding="utf-8")
    print(table)


def main() -> None:
    """Runs what has not been run yet, then reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--foreign", type=Path, help="folder of the sets made by others")
    parser.add_argument("--worlds", type=int, nargs="*", default=[], help="mentions of each world")
    parser.add_argument("--seed", type=int, default=7, help="seed of the worlds; never one that anything was tuned on")
    parser.add_argument(
        "--missing", type=float, nargs="+", default=[0.0], help="shares of the worlds' values taken away"
    )
    parser.add_argument("--simulations", type=Path, nargs="*", default=[])
    parser.add_argument(
        "--together", type=int, help="the simulations side by side as one set, and so many mentions of it"
    )
    parser.add_argument("--engines", nargs="*", default=ENGINES, choices=ENGINES)
    parser.add_argument("--recordlinkage", type=Path, help="the python of an environment that has recordlinkage")
    parser.add_argument("--timeout", type=int, default=3600, help="seconds for one engine on one set")
    parser.add_argument("--again", action="store_true", help="run also what has a line already")
    parser.add_argument("--table", action="store_true", help="only write the table from the lines there are")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    results = given.out / "results.jsonl"
    # A run that ran out of time stays as it is; one that broke, or whose environment was not given, is tried again.
    kept = [line for line in lines_of(results) if line.get("failed", "stopped").startswith("stopped")]
    done = set() if given.again else {(line["set"], line["engine"]) for line in kept}
    for name, write in () if given.table else sets(given):
        wanted = [engine for engine in given.engines if (name, engine) not in done]
        folder = given.out / name.replace(" ", "_").replace(",", "").replace("%", "")
        if wanted and not (folder / "clean.json").exists():
            write(folder)
            if failed := _run("clean", name, folder, given):
                raise SystemExit(f"{name}: cleaning {failed}; see {folder / 'clean.log'}")
        for engine in wanted:
            line = measure(engine, name, folder, given)
            with results.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")
            told = line.get("failed") or f"F1 {line['f1']:.4f} in {line['cpu']:.1f} CPU-s"
            print(f"{name}: {engine}: {told}", flush=True)
    report(given.out)


if __name__ == "__main__":
    main()
