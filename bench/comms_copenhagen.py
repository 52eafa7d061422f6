"""People found again by their contacts: python bench/comms_copenhagen.py FOLDER

FOLDER holds calls.csv and sms.csv of the Copenhagen Networks Study (Sapiezynski et al., Scientific Data 6:315, 2019, MIT):
real people who agreed to it, pseudonymised, 28 days. Each is given one number for the first fortnight and another for the
second, everybody at once, with their contacts' names kept; the engine has to say which second number was whose.
A group is compared among itself, as published baselines do. `first`: the likeliest of each; `found`: one to one.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossline.engines.comms.events import only_subjects, open_events
from crossline.engines.comms.succession.score import one_to_one
from crossline.engines.comms.succession.successions import ANYBODY, compare, names_of

START = datetime(2026, 1, 5, tzinfo=UTC)
HALF = 14 * 86_400

Event = tuple[int, str, str, str]  # second, type, from, to


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    events = list(_events(arguments.parse_args().folder))
    contacts: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for second, _, sender, receiver in events:
        contacts[sender][second >= HALF].add(receiver)
        contacts[receiver][second >= HALF].add(sender)
    write = sys.stdout.write
    write("contacts in each half   people    first    found   seconds\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        _write(events, path)
        for least in (1, 3, 5):
            people = {user for user, halves in contacts.items() if min(map(len, halves)) >= least}
            started = time.perf_counter()
            first, found = _measure(path, people)
            write(
                f"{least:>2} or more {'':13}{len(people):7}{first:9.3f}{found:9.3f}{time.perf_counter() - started:10.1f}\n"
            )


def _events(folder: Path) -> Iterator[Event]:
    for name, kind, sender, receiver in (("calls", "voice", "caller", "callee"), ("sms", "sms", "sender", "recipient")):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield int(row["timestamp"]), kind, row[sender], row[receiver]


def _write(events: list[Event], path: Path) -> None:
    """Each event twice: from the sender's side with the receiver's lasting name, and the other way about."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "type", "from", "to"])
        for second, kind, sender, receiver in events:
            start = (START + timedelta(seconds=second)).isoformat()
            half = "new" if second >= HALF else "old"
            writer.writerow([start, kind, f"{half}{sender}", f"contact{receiver}"])
            writer.writerow([start, kind, f"contact{sender}", f"{half}{receiver}"])


def _measure(path: Path, people: set[str]) -> tuple[float, float]:
    with open_events([path]) as opened:
        only_subjects(opened.connection, [f"{half}{user}" for user in people for half in ("old", "new")])
        every = compare(opened.connection, replace(ANYBODY, least_score=0.0))
        names = names_of(opened.connection, every)
    scored = [pair for pair in every if names[pair.pair[0]][:3] == "old" and names[pair.pair[1]][:3] == "new"]
    likeliest: dict[int, int] = {}
    for each in scored:
        likeliest.setdefault(*each.pair)
    chosen = [each.pair for each in one_to_one(scored, least_score=0.0)]
    return tuple(  # type: ignore[return-value]  # two of them
        sum(names[old][3:] == names[new][3:] for old, new in pairs) / len(people)
        for pairs in (likeliest.items(), chosen)
    )


if __name__ == "__main__":
    main()
