"""Areas of lines on synthetic nations whose truth is known: python bench/comms_areas.py FOLDER…

Each FOLDER is what `crossline simulate` wrote. Every authorised deal number is looked at in its own set, as its own rows have
it (some 4 in 100 carry the customer's cell) and with no phone named as moving with it. `--lost SHARE` leaves that
share of rows out. `top` is how often the likeliest force is a true one, of those where any is seen; `said` the
share that the engine gave it on average (unknown counted), which should be no larger; `seen` how often any force was seen.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from crossline.engines.comms.areas.areas import UNKNOWN, areas_of, name_areas
from crossline.engines.comms.attribution.pairs import place_registrations
from crossline.engines.comms.authorisation import read_authorisation
from crossline.engines.comms.cells import read_cells
from crossline.engines.comms.events import open_events


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    arguments.add_argument("--lost", type=float, default=0.0)
    given = arguments.parse_args()
    results: dict[str, list[tuple[bool, float] | None]] = defaultdict(list)
    for folder in given.folders:
        lines = {row["line_id"]: row for row in _rows(folder / "truth" / "lines.csv")}
        of_number = {row["number"]: lines[row["line_id"]] for row in _rows(folder / "truth" / "line_numbers.csv")}
        for source in sorted(folder.glob("deliveries/*/comms*")):
            numbers = [
                number for number in read_authorisation(source / "authorisation.json").numbers if number in of_number
            ]
            for role, found in _of_set(source, sorted(numbers), of_number, given.lost):
                results[role].append(found)
    for role, found in results.items():
        seen = [each for each in found if each is not None]
        top = sum(right for right, _ in seen) / max(len(seen), 1)
        said = sum(share for _, share in seen) / max(len(seen), 1)
        sys.stdout.write(f"{role:10} numbers {len(found):4} seen {len(seen):4} top {top:.3f} said {said:.3f}\n")


def _of_set(source, numbers, of_number, lost):
    with tempfile.TemporaryDirectory() as working:
        path = source / "records.csv"
        if lost:
            path = Path(working) / "records.csv"
            (Path(working) / "authorisation.json").write_bytes((source / "authorisation.json").read_bytes())
            chance = random.Random(1)
            header, *rows = (source / "records.csv").read_text(encoding="utf-8").splitlines()
            path.write_text(
                "\n".join([header, *(row for row in rows if chance.random() >= lost)]) + "\n", encoding="utf-8"
            )
        cells = read_cells([source / "cells.csv"])
        with open_events([path]) as events:
            place_registrations(events.connection, cells)
            name_areas(events.connection, cells)
            for number in numbers:
                rows = [row for row in areas_of(events.connection, number, ()) if row["level"] == "force"]
                true = {
                    "exporting": {of_number[number]["exporting_agency"]},
                    "importing": set(of_number[number]["importing_agencies"].split(";")),
                }
                for role, right in true.items():
                    held = [row for row in rows if row["role"] == role and row["area"] != UNKNOWN]
                    yield role, (held[0]["area"] in right, held[0]["share"]) if held else None


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
