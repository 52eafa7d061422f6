"""What the audit costs: a list page, a check of one number and a record's page, with their audit rows and without; and sealing.

The reference, in the same run and interleaved with it: the very same page in a transaction that writes no audit row. Then the
audit is filled with more rows, sealed in batches and verified, as the product does it.
Run: .venv/bin/python bench/audited_pages.py [--times 300] [--events 100000]
Prints a Markdown section for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import io
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from crossline.installation import Installation


@contextlib.contextmanager
def unaudited() -> Iterator[None]:
    """Pages that write no audit row: what they would cost if nobody had to answer for them."""
    from crossline.access import pages

    with (
        patch.object(pages, "log", lambda *arguments, **named: None),
        patch.object(pages, "log_shown", lambda *arguments, **named: None),
    ):
        yield


def measure(username: str, times: int) -> None:
    """Each page with and without its audit, in turn, as one signed-in person asks for it."""
    from django.test import Client

    from crossline.access.models import Person
    from crossline.access.viewer import reading, viewer_of
    from crossline.records.models import Mention, Record

    person = Person.objects.get(username=username)
    with reading(viewer_of(person)) as viewpoint:
        ids = list(viewpoint.visible(Record.objects.filter(source="reports")).values_list("id", flat=True)[:500])
        phones = viewpoint.visible(Mention.objects.filter(kind="phone"))
        numbers = list(phones.values_list("caption", flat=True)[:500])
    client = Client()
    client.force_login(person)
    rng = random.Random(20261127)
    questions = {
        "list of 50 records": lambda: "/records",
        "check of one number": lambda: f"/search?q={rng.choice(numbers).replace('#', '%23').replace(' ', '+')}",
        "one record": lambda: f"/records/{rng.choice(ids)}",
    }
    taken: dict[tuple[str, bool], list[float]] = {
        (name, audited): [] for name in questions for audited in (True, False)
    }
    for first in questions.values():
        client.get(first(), headers={"host": "localhost"})
    for _ in range(times):
        for name, audited in rng.sample(list(taken), len(taken)):
            address = questions[name]()
            with contextlib.nullcontext() if audited else unaudited():
                begun = time.perf_counter()
                answer = client.get(address, headers={"host": "localhost"})
                taken[name, audited].append(time.perf_counter() - begun)
            assert answer.status_code == 200, (address, answer.status_code)
    print("| page | audited, a second | unaudited, a second | audited against unaudited | added at the median, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in questions:
        with_, without = (statistics.median(taken[name, audited]) for audited in (True, False))
        print(
            f"| {name} | {1 / with_:.0f} | {1 / without:.0f} | {without / with_:.2f} | {(with_ - without) * 1000:.1f} |"
        )


def seal_and_verify(installation: Installation, events: int) -> None:
    """Fill the audit in transactions of one row each would take an hour; rows are made by SQL in the shape they are written."""
    import psycopg

    from crossline.access.sealing import Sealer
    from crossline.audit_verifier import read_file, report, verify
    from crossline.hosting.keys import seal_key
    from crossline.hosting.logins import Login

    access, home = installation.access, installation.home
    sealer = Sealer(access.conninfo(Login.SEALER), seal_key(home), [home.checkpoints])
    sealer.seal()
    with psycopg.connect(access.conninfo(Login.ENGINE), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO access_auditevent (id, at, verb, event, actor_id, actor, actor_agency, subject_kind, subject, "
            "purpose, detail) SELECT gen_random_uuid(), now(), 'consultation', 'page_viewed', '', 'process:bench', '', 'record', "
            "'record=' || gen_random_uuid(), 'reading a record', "
            "jsonb_build_object('asked', '{}'::jsonb, 'status', 'shown', 'actor_kind', 'process') FROM generate_series(1, %s)",
            (events,),
        )
        begun = time.perf_counter()
        rows = connection.execute(
            "SELECT count(*), count(DISTINCT e.purpose) FROM (SELECT * FROM access_auditevent ORDER BY seq) e"
        ).fetchone()
        reading = time.perf_counter() - begun
    begun = time.perf_counter()
    sealed = 0
    while batch := sealer.seal():
        sealed += batch
    sealing = time.perf_counter() - begun
    begun = time.perf_counter()
    with psycopg.connect(access.conninfo(Login.SEALER)) as connection, contextlib.redirect_stdout(io.StringIO()):
        code, text = report(verify(connection, {"holder": read_file(home.checkpoints)}, key=None))
    verifying = time.perf_counter() - begun
    assert code == 0, text
    print(f"\n{sealed:,} events sealed in {sealing:.1f} s: {sealed / sealing:,.0f} a second. ", end="")
    print(f"{rows[0]:,} rows verified in {verifying:.1f} s: {rows[0] / verifying:,.0f} a second. ", end="")
    print(f"Reading the same rows in order in PostgreSQL, the reference, took {reading:.2f} s.")


def main() -> None:
    """A tiny synthetic nation in a throwaway installation."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=300)
    arguments.add_argument("--events", type=int, default=100_000)
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
    installation = make_ready()
    use_login(installation.access, Login.WEB)
    print(f"## Pages with and without their audit, and sealing ({chosen.scale} nation, seed 7)\n")
    measure("kent.analyst", chosen.times)
    seal_and_verify(installation, chosen.events)


if __name__ == "__main__":
    main()
