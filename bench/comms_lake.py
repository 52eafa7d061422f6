"""What questions of a lake of call records cost, in units of one bare scan of the same lake, each in a process of its own.

    .venv/bin/python bench/comms_lake.py --rows 5000000 --folder ~/lake-bench
    .venv/bin/python bench/comms_lake.py --rows 100000000 --folder ~/lake-bench     # needs 15 GB of disk and an hour
    .venv/bin/python bench/comms_lake.py --folder ~/lake-bench --only scan history  # a lake that stands there already

S is the processor seconds of the largest value of every column of every row: two threads, the median of three. Statistics that
Parquet keeps are not allowed to answer it. Processor seconds are of the child from an open connection on; memory is its peak.
The synthetic world is bench/comms_lake_world.py.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from comms_lake_questions import QUESTIONS

from crossline.engines.comms.executor import STANDARD_LIMITS
from crossline.engines.comms.lake import lake


def main() -> None:
    given = _arguments()
    if given.measure:
        sys.stdout.write(json.dumps(measured(given.measure, given.folder)) + "\n")
        return
    if given.rows:
        make(given.rows, given.folder)
    wanted = given.only or list(QUESTIONS)
    scans = [_child("scan", given.folder) for _ in range(3)]
    unit = statistics.median(scan["cpu"] for scan in scans)
    each = ", ".join(f"{scan['cpu']:.2f}" for scan in scans)
    sys.stdout.write(f"{scans[0]['said']}\nS = {unit:.2f} processor s (of {each})\n\n")
    sys.stdout.write(
        "| what | processor s | in S | wall s | peak GB | found |\n| --- | ---: | ---: | ---: | ---: | --- |\n"
    )
    for name in wanted:
        if name == "scan":
            continue
        row = _child(name, given.folder)
        if "error" in row:
            sys.stdout.write(f"| {QUESTIONS[name][0]} | failed: {row['error']} |\n")
        else:
            figures = (
                f"{row['cpu']:.2f} | {row['cpu'] / unit:.2f} | {row['wall']:.2f} | {row['gb']:.2f} | {row['said']}"
            )
            sys.stdout.write(f"| {QUESTIONS[name][0]} | {figures} |\n")
        sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=0, help="make a lake of about so many rows first")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=tuple(QUESTIONS))
    parser.add_argument("--measure", choices=tuple(QUESTIONS), help=argparse.SUPPRESS)
    return parser.parse_args()


def make(rows: int, folder: Path) -> None:
    """The world's people, its rows and the lake of them."""
    from comms_lake_world import Size, World, name_everybody, write_people, write_rows

    size = Size(rows)
    folder.mkdir(parents=True)
    (folder / "size.txt").write_text(str(rows), encoding="utf-8")
    started = _processor()
    write_people(size, folder / "people.parquet")
    made = write_rows(World(size, folder / "people.parquet"), folder / "rows")
    sys.stdout.write(f"{made:,} rows drawn in {_processor() - started:.0f} processor s\n")
    started = _processor()
    with lake.writing(folder / "lake", STANDARD_LIMITS) as (connection, _):
        name_everybody(connection, folder / "people.parquet")
        lake.take_in(connection, folder / "lake", folder / "rows", together=("2026-01", "2026-02", "2026-03"))
    shutil.rmtree(folder / "rows")
    sys.stdout.write(f"laid out in {_processor() - started:.0f} processor s, peak {_peak():.2f} GB\n")


def measured(name: str, folder: Path) -> dict[str, float | str]:
    """One question, in this process."""
    _, prepare = QUESTIONS[name]
    with prepare(folder) as ask:
        began, wall = _processor(), time.perf_counter()
        said = ask()
        return {"cpu": _processor() - began, "wall": time.perf_counter() - wall, "gb": _peak(), "said": said}


def _child(name: str, folder: Path) -> dict[str, float | str]:
    command = [sys.executable, __file__, "--folder", str(folder), "--measure", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        return {"error": ran.stderr.strip().splitlines()[-1][:200]}
    found: dict[str, float | str] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
