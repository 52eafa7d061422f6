"""Checks across the wall at a nation's size: 50 a second from four threads, as the web server's login, and a file of 20,000.

The reference, in the same pace and interleaved: reading one pointer of the same table by its primary key on the same server.
Pointers are made by SQL in the shape that the daily round stores them, under random tokens, and some under those of values
that are then asked about. The act measured is the product's own: transaction, function, audit and commit.
Run: .venv/bin/python bench/deconfliction_checks.py [--selectors 10000000] [--people 2000000] [--checks 5000] [--rate 50]
Prints a Markdown section for docs/benchmarks.md. Needs about 12 GB of disk at full size.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

if TYPE_CHECKING:
    from crossline.access.viewer import Viewer
    from crossline.deconfliction.checking import Asked

KEYS_OF_A_PERSON = 5.1  # bench/deconfliction_people.py
MET = 0.1  # share of checks that meet somebody
OF_PEOPLE = 0.2  # share of checks that are about a person
THREADS = 4
FILE = 20_000
POINTER = "deconfliction_pointer"
AGENCIES = ("kent", "essex", "surrey", "norfolk", "suffolk", "sussex", "hampshire", "metropolitan")


@contextmanager
def bare(table: str) -> Iterator[None]:
    """The table without its indexes and references while it is filled; references come back unproven."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f'",
            [table],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT indexname = ANY (%s)",
            [table, [name for name, _, _ in constraints]],
        )
        indexes = cursor.fetchall()
        for name, _, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for name, kind, definition in constraints:
            unproven = " NOT VALID" if kind == "f" else ""
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}{unproven}')


def fill(selectors: int, people: int, known: list[tuple[str, str, bytes]]) -> None:
    """Pointers of random tokens, an agency after the other; and of these known tokens: (agency, scheme, token)."""
    from django.db import connection, transaction

    from crossline.access.actions import intern_audience

    with transaction.atomic():
        audiences = [intern_audience({f"agency:{agency}"}) for agency in AGENCIES]
    columns = "(id, record_id, owner_id, about, scheme, token, until, made_at, audience_id)"
    rows = selectors + int(people * KEYS_OF_A_PERSON)
    with bare(POINTER), connection.cursor() as cursor:
        for start in range(0, rows, 500_000):
            cursor.execute(
                f"INSERT INTO {POINTER} {columns} SELECT gen_random_uuid(), gen_random_uuid(), "
                "(%(owners)s::text[])[1 + n %% %(of)s], 'investigations BENCH/' || n / 6, "
                "CASE WHEN n < %(selectors)s THEN 'phone' ELSE 'person' END, decode(md5('bench ' || n), 'hex'), "
                "current_date + 300, now(), (%(audiences)s::bigint[])[1 + n %% %(of)s] "
                "FROM generate_series(%(start)s, %(stop)s) n",
                {
                    "owners": list(AGENCIES), "of": len(AGENCIES), "audiences": audiences, "selectors": selectors,
                    "start": start, "stop": min(start + 500_000, rows) - 1,
                },
            )  # fmt: skip
        audience_of = dict(zip(AGENCIES, audiences, strict=True))
        cursor.executemany(
            f"INSERT INTO {POINTER} {columns} VALUES "
            "(gen_random_uuid(), gen_random_uuid(), %s, 'investigations MET', %s, %s, current_date + 300, now(), %s)",
            [(agency, scheme, token, audience_of[agency]) for agency, scheme, token in known],
        )
        cursor.executemany(
            "INSERT INTO deconfliction_answersetting "
            "(id, agency_id, about, level, contact, category, set_by, set_at, audience_id) VALUES "
            "(gen_random_uuid(), %s, '', %s, 'Bench desk', '', 'bench', now(), %s)",
            [(agency, ("contact", "silent")[place % 2], audience_of[agency]) for place, agency in enumerate(AGENCIES)],
        )


def asked_about(checks: int, seed: int) -> list[Asked]:
    """Numbers, and people by name and date of birth, read as a page or a file reads them."""
    from crossline.deconfliction.checking import Asked
    from crossline.simulation.people import invent_household

    rng = random.Random(seed)
    made: list[Asked] = []
    household = 0
    while len(made) < checks:
        if rng.random() >= OF_PEOPLE:
            made.append(Asked.read("phone", f"07700 900{rng.randrange(1000):03}#{rng.randrange(10**7)}"))
            continue
        household += 1
        who = invent_household(seed, "kent", household, 0)[0]
        if (who.born.month, who.born.day) == (1, 1):
            continue  # a date that stands for none: such a person is asked about with more, or not at all
        made.append(Asked.read("person", f"{who.name.forename} {who.name.surname}|{who.born.isoformat()}"))
    return made


def askers(checks: int) -> list[Viewer]:
    """As many people as may ask so often within the hour, and one more who decides on files."""
    from crossline.access.actions import enrol
    from crossline.access.audit import Process
    from crossline.access.people import viewer_named
    from crossline.access.roles import Role
    from crossline.deconfliction.rules import CHECKS_AN_HOUR

    made = []
    for number in range(checks // CHECKS_AN_HOUR + THREADS + 1):
        person = enrol(
            username=f"bench.{number}",
            name=f"Bench {number}",
            agency="kent",
            roles=[Role.ANALYST, Role.INFORMATION_MANAGER],
            password="a password of benches only",
            by=Process("bench"),
        )
        made.append(viewer_named(person.username))
    return made


class Pace:
    """Checks at a steady pace from several threads; each is late if the one before it was slow, and that counts."""

    def __init__(self, conninfo: str, keys: list[UUID]) -> None:
        self.conninfo, self.keys = conninfo, keys
        self.taken: dict[str, list[float]] = {"whole": [], "late": [], "function": [], "reference": []}
        self.met = 0
        self.failed: list[str] = []

    def run(self, asked: list[Asked], viewers: list[Viewer], rate: float) -> float:
        begun = time.perf_counter() + 1
        threads = [
            threading.Thread(target=self._ask, args=(place, asked, viewers, begun, rate)) for place in range(THREADS)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return time.perf_counter() - begun

    def _ask(self, place: int, asked: list[Asked], viewers: list[Viewer], begun: float, rate: float) -> None:
        import psycopg
        from django.db import connection

        from crossline.access.viewer import reading
        from crossline.deconfliction.checking import Why, ask_check

        rng = random.Random(place)
        why = Why("before a warrant", "Operation Bench", "Bench desk", 28)
        own = viewers[place::THREADS]
        with psycopg.connect(self.conninfo, autocommit=True) as reference:
            for turn, number in enumerate(range(place, len(asked), THREADS)):
                due = begun + number / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                bare_first = rng.random() < 0.5
                if bare_first:
                    self._look_up(reference, rng)
                started = time.perf_counter()
                try:
                    with reading(own[turn % len(own)]) as viewpoint:
                        answered = ask_check(asked=asked[number], why=why, viewpoint=viewpoint)
                except Exception as error:  # told at the end: a check that failed is not a fast one
                    self.failed.append(repr(error))
                    continue
                ended = time.perf_counter()
                self.met += bool(answered.told)
                self.taken["whole"].append(ended - started)
                self.taken["late"].append(ended - due)
                if not bare_first:
                    self._look_up(reference, rng)
        connection.close()

    def _look_up(self, reference: Any, rng: random.Random) -> None:
        key = rng.choice(self.keys)
        started = time.perf_counter()
        reference.execute(f"SELECT * FROM {POINTER} WHERE id = %s", [key]).fetchone()
        self.taken["reference"].append(time.perf_counter() - started)

    @contextmanager
    def timing_the_function(self) -> Iterator[None]:
        from crossline.deconfliction import checking

        untimed = checking._looked_up

        def timed(*given: Any) -> Any:
            started = time.perf_counter()
            try:
                return untimed(*given)
            finally:
                self.taken["function"].append(time.perf_counter() - started)

        with patch.object(checking, "_looked_up", timed):
            yield


def a_file(asked: list[Asked], asker: Viewer, decider: Viewer) -> tuple[float, int]:
    """Seconds that a file of so many rows takes once a second person has allowed it, and how many rows met somebody."""
    from crossline.access.approvals import Act, ask, decide, use
    from crossline.access.viewer import reading
    from crossline.deconfliction.checking import Why, ask_checks

    with reading(asker) as viewpoint:
        made = ask(act=Act.BULK_CHECK, about="bench", rows=len(asked), reason="bench", viewpoint=viewpoint)
    with reading(decider) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    started = time.perf_counter()
    with reading(asker) as viewpoint:
        use(approval=made.id, act=Act.BULK_CHECK, about="bench", rows=len(asked), viewpoint=viewpoint)
        why = Why("a seized phone", "Operation Bench", "Bench desk", 28)
        answered = ask_checks(asked=asked, why=why, viewpoint=viewpoint, approval=made.id)
    return time.perf_counter() - started, sum(bool(each.told) for each in answered)


def told(pace: Pace) -> None:
    """The table of what was measured."""
    reference = {at: _of(pace.taken["reference"], at) for at in (50, 99)}
    print(
        "| what | p50 ms | p99 ms | p50 against the reference | p99 against it |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for name, text in (
        ("reference", "reference: one pointer by its primary key"),
        ("function", "the function that looks up and writes the check"),
        ("whole", "the whole act: transaction, function, audit, commit"),
        ("late", "the same from when it was due"),
    ):
        half, worst = (_of(pace.taken[name], at) for at in (50, 99))
        print(f"| {text} | {half:.2f} | {worst:.2f} | {half / reference[50]:.1f} | {worst / reference[99]:.1f} |")


def _of(seconds: list[float], at: int) -> float:
    return statistics.quantiles(seconds, n=100)[at - 1] * 1000


def main() -> None:
    """Fill a throwaway installation, then ask."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--selectors", type=int, default=10_000_000)
    arguments.add_argument("--people", type=int, default=2_000_000)
    arguments.add_argument("--checks", type=int, default=5_000)
    arguments.add_argument("--rate", type=float, default=50)
    arguments.add_argument("--file", type=int, default=FILE)
    chosen = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xl-bench-", dir="/tmp"))
    home.chmod(0o711)
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # registered first, so after the server has stopped
    os.environ["CROSSLINE_HOME"] = str(home)
    from crossline.hosting.logins import Login
    from crossline.installation import make_ready, use_login

    installation = make_ready()
    from django.db import connection

    from crossline.deconfliction.keying import token

    checks, rows = asked_about(chosen.checks, 1), asked_about(chosen.file, 2)
    rng = random.Random(3)
    known = [
        (rng.choice(AGENCIES[1:]), each.scheme, token(rng.choice(each.texts)))
        for each in (*checks, *rows)
        if rng.random() < MET and each.texts
    ]
    viewers = askers(chosen.checks)
    begun = time.perf_counter()
    use_login(installation.access, Login.OWNER)
    fill(chosen.selectors, chosen.people, known)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE crossline_owner")
        cursor.execute("ANALYZE")
        cursor.execute("RESET ROLE")
        cursor.execute(f"SELECT count(*), pg_total_relation_size('{POINTER}') FROM {POINTER}")
        pointers, size = cursor.fetchone()
        cursor.execute(f"SELECT id FROM {POINTER} TABLESAMPLE SYSTEM (%s) LIMIT 20000", [min(100, 4e6 / pointers)])
        keys = [row[0] for row in cursor.fetchall()]
    use_login(installation.access, Login.WEB)
    print(
        f"## Checks against {chosen.selectors:,} selectors and {chosen.people:,} people: {pointers:,} pointers, "
        f"{size / 1e9:.1f} GB (filled in {time.perf_counter() - begun:.0f} s)\n"
    )
    pace = Pace(installation.access.conninfo(Login.ENGINE), keys)
    with pace.timing_the_function():
        pace.run(asked_about(THREADS * 10, 4), viewers[-1:] * THREADS, chosen.rate)  # connections, plans, caches
        pace.taken = {name: [] for name in pace.taken}
        pace.met = 0
        seconds = pace.run(checks, viewers[:-1], chosen.rate)
    told(pace)
    print(
        f"\n{len(checks):,} checks at {chosen.rate:.0f} a second from {THREADS} threads in {seconds:.0f} s; {pace.met:,} met "
        f"somebody; {len(pace.failed)} failed {pace.failed[:1]}"
    )
    taken, met = a_file(rows, viewers[0], viewers[1])
    print(f"A file of {len(rows):,} rows: {taken:.1f} s, {met:,} rows met somebody.")


if __name__ == "__main__":
    main()
