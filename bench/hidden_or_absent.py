"""Can somebody tell by the clock that something hidden exists? Search, check and record page: a hidden hit against a miss.

For each kind of question two answers that look alike are timed, interleaved at random: about something that exists and is
hidden from who asks, and about something that does not exist. AUC is how often the hidden one takes longer; 0.5 is a coin's.
The interval is DeLong's. Run: .venv/bin/python bench/hidden_or_absent.py [--pairs 10000]
Prints a Markdown section for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import io
import math
import os
import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path


def auc(hidden: Sequence[float], absent: Sequence[float]) -> tuple[float, float]:
    """How often a hidden one takes longer than an absent one, and half the width of its 95 % interval (DeLong 1988)."""
    m, n = len(hidden), len(absent)
    both = sorted([(value, True) for value in hidden] + [(value, False) for value in absent])
    mid, own = _midranks([value for value, _ in both]), {True: [], False: []}
    for rank, (_, is_hidden) in zip(mid, both, strict=True):
        own[is_hidden].append(rank)
    within = {key: _midranks(sorted(values)) for key, values in ((True, hidden), (False, absent))}
    area = (sum(own[True]) - m * (m + 1) / 2) / (m * n)
    v10 = [(rank - inner) / n for rank, inner in zip(own[True], within[True], strict=True)]
    v01 = [1 - (rank - inner) / m for rank, inner in zip(own[False], within[False], strict=True)]
    variance = _variance(v10) / m + _variance(v01) / n
    return area, 1.96 * math.sqrt(variance)


def _midranks(ordered: Sequence[float]) -> list[float]:
    ranks: list[float] = [0.0] * len(ordered)
    start = 0
    while start < len(ordered):
        stop = start
        while stop < len(ordered) and ordered[stop] == ordered[start]:
            stop += 1
        for place in range(start, stop):
            ranks[place] = (start + stop + 1) / 2
        start = stop
    return ranks


def _variance(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)


def questions(username: str) -> dict[str, tuple[Callable[[], str], Callable[[], str]]]:
    """Addresses of what is hidden from somebody, and of the same shape of what does not exist."""
    from crossline.access.models import Person
    from crossline.access.viewer import reading, viewer_of
    from crossline.records.models import Mention, Record

    person = Person.objects.get(username=username)
    with reading(viewer_of(person)) as viewpoint:
        audiences = viewpoint.audiences
    records = list(Record.objects.exclude(audience__in=audiences).values_list("id", flat=True))
    unseen = Mention.objects.exclude(audience__in=audiences)
    seen = Mention.objects.filter(audience__in=audiences)
    known = set(seen.values_list("selector", flat=True))
    phones = [m.caption for m in unseen.filter(kind="phone") if m.selector not in known]
    surnames = set(unseen.filter(kind="person").values_list("surname", flat=True)) - set(
        seen.filter(kind="person").values_list("surname", flat=True)
    )
    names = sorted(name for name in surnames if name)
    rng = random.Random(11)
    assert min(map(len, (records, phones, names))) > 20, "the store hides too little to ask about"

    def escaped(words: str) -> str:
        return words.replace("#", "%23").replace(" ", "+").replace("/", "%2F")

    def scrambled(words: str) -> str:
        """As long, of the same kind of characters, and borne by nobody."""
        letters = "bcdfghjklmnpqrstvwxz"
        return "".join(
            rng.choice(letters) if each.isalpha() else rng.choice("0123456789") if each.isdigit() else each
            for each in words
        )

    return {
        "search for a surname": (
            lambda: f"/search?q={escaped(rng.choice(names))}",
            lambda: f"/search?q={escaped(scrambled(rng.choice(names)))}",
        ),
        "check of a number": (
            lambda: f"/search?q={escaped(rng.choice(phones))}",
            lambda: f"/search?q=07700+900{rng.randrange(1000):03}%23{rng.randrange(9000, 9999)}",
        ),
        "a record's page": (
            lambda: f"/records/{rng.choice(records)}",
            lambda: f"/records/{uuid.UUID(int=rng.getrandbits(128), version=4)}",
        ),
    }


def measure(
    username: str, asked: dict[str, tuple[Callable[[], str], Callable[[], str]]], pairs: int, minutes: float
) -> None:
    """So many pairs of each kind of question, in an order drawn by lot."""
    from django.test import Client

    from crossline.access.models import Person

    client = Client()
    client.force_login(Person.objects.get(username=username))
    rng = random.Random(20261127)
    taken: dict[tuple[str, bool], list[float]] = {(name, hidden): [] for name in asked for hidden in (True, False)}
    until = time.monotonic() + minutes * 60
    for number in range(pairs + 20):
        if time.monotonic() > until:
            break  # a busy machine: the table says how many pairs there were
        for name, hidden in rng.sample(list(taken), len(taken)):
            address = asked[name][0 if hidden else 1]()
            begun = time.perf_counter()
            client.get(address, headers={"host": "localhost"})
            if number >= 20:  # the first few warm the caches
                taken[name, hidden].append(time.perf_counter() - begun)
    print("| question | pairs | median ms, hidden | median ms, absent | AUC | 95 % interval |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in asked:
        hidden, absent = taken[name, True], taken[name, False]
        area, half = auc(hidden, absent)
        middles = [sorted(each)[len(each) // 2] * 1000 for each in (hidden, absent)]
        print(
            f"| {name} | {len(hidden):,} | {middles[0]:.2f} | {middles[1]:.2f} | {area:.3f} "
            f"| {area - half:.3f}–{area + half:.3f} |"
        )


def main() -> None:
    """A synthetic region in a throwaway installation, asked through the site's own pages as an analyst of one force."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", type=int, default=10_000)
    arguments.add_argument(
        "--minutes", type=float, default=60, help="stop after so long and say how many pairs there were"
    )
    arguments.add_argument("--scale", default="tiny")
    chosen = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xl-bench-", dir="/tmp"))
    home.chmod(0o711)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["CROSSLINE_HOME"] = str(home)
    from crossline.commands import demo
    from crossline.hosting.logins import Login
    from crossline.installation import make_ready, use_login

    with contextlib.redirect_stderr(io.StringIO()):
        demo(scale=chosen.scale, seed=7, port=None, no_serve=True)
    import logging

    logging.disable(logging.WARNING)
    installation = make_ready()
    asked = questions("kent.analyst")
    use_login(installation.access, Login.WEB)
    print(f"## Hidden or absent, by the clock ({chosen.scale} nation, seed 7)\n")
    measure("kent.analyst", asked, chosen.pairs, chosen.minutes)


if __name__ == "__main__":
    main()
