"""The whole flow at one scale, stage by stage: seconds, processor seconds, peak memory, and each stage against a reference.

The reference is measured in the same run on the same files: reading every delivery with Python's own json and csv modules
and doing nothing with it. Run: .venv/bin/python bench/pipeline.py --scale nation --seed 2 [--keep FOLDER]
Prints a Markdown section for docs/benchmarks.md. Needs about 8 GB of disk at nation scale.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """One stage: wall and processor seconds, and the largest process's peak memory in megabytes."""

    stage: str
    wall: float
    processor: float
    peak: float


def measure(stage: str, arguments: list[str], environment: dict[str, str], log: Path) -> Measured:
    """Run one command of the product as its own process; the operating system counts."""
    begun = time.monotonic()
    with log.open("ab") as out:
        child = subprocess.Popen(arguments, env=environment, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{stage} failed; see {log}")
    return Measured(stage, time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def reference(deliveries: Path) -> Measured:
    """Read everything with the standard library and keep nothing."""
    begun, processor = time.monotonic(), time.process_time()
    for path in sorted(deliveries.rglob("*")):
        if path.suffix == ".jsonl":
            with path.open("rb") as file:
                for line in file:
                    json.loads(line)
        elif path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8") as table:
                for _ in csv.reader(table):
                    pass
    return Measured(
        "reference: json and csv, nothing kept", time.monotonic() - begun, time.process_time() - processor, 0
    )


def size_of(folder: Path) -> str:
    """How much there was to do."""
    reports = sum(1 for path in folder.rglob("reports.jsonl") for _ in path.open("rb"))
    calls = sum(max(sum(1 for _ in path.open("rb")) - 1, 0) for path in folder.rglob("records.csv"))
    return f"{reports:,} reports and {calls:,} call records in {len(list(folder.iterdir())):,} deliveries"


def machine() -> str:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
    )


def main() -> None:
    """Measure every stage and print the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="region")
    parser.add_argument("--seed", default="2")
    parser.add_argument("--deliveries", choices=("yearly", "monthly"), default="yearly")
    parser.add_argument("--keep", type=Path, help="keep the installation here, to look at afterwards")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="crossline-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    nation, log = folder / "nation", folder / "log"
    environment = os.environ | {"CROSSLINE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "crossline"]
    try:
        stages = [
            measure(
                "simulate",
                [
                    *(*command, "simulate", str(nation), "--scale", given.scale, "--seed", given.seed),
                    *("--deliveries", given.deliveries),
                ],
                environment,
                log,
            )
        ]
        baseline = reference(nation / "deliveries")
        stages += [
            measure("intake", [*command, "intake", str(nation / "deliveries")], environment, log),
            measure("refresh", [*command, "refresh"], environment, log),
            measure("refresh again, nothing new", [*command, "refresh"], environment, log),
            measure(
                "export people", [*command, "export", "people", "--out", str(folder / "people.csv")], environment, log
            ),
            measure(
                "export overlaps",
                [*command, "export", "overlaps", "--out", str(folder / "overlaps.csv")],
                environment,
                log,
            ),
        ]
        sheet = subprocess.run(
            [*command, "score", str(nation / "truth")], env=environment, capture_output=True, text=True, check=True
        ).stdout
        print(
            f"## {given.scale}, seed {given.seed}, {given.deliveries} deliveries\n\n"
            f"{machine()}. {size_of(nation / 'deliveries')}.\n"
        )
        print(
            "| stage | wall s | processor s | peak MB | wall against the reference |\n| --- | ---: | ---: | ---: | ---: |"
        )
        for stage in (baseline, *stages):
            peak = f"{stage.peak:,.0f}" if stage.peak else "not measured"
            ratio = stage.wall / baseline.wall
            print(f"| {stage.stage} | {stage.wall:.1f} | {stage.processor:.1f} | {peak} | {ratio:.2f} |")
        print(f"\nThe database server's own memory is not in these figures.\n\n```\n{sheet.rstrip()}\n```")
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
