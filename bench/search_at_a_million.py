"""Search over a store of a million reports, as a viewer of thirty labels: median and 99th percentile of each kind of question.

The reference, in the same run: reading one row of the same store by its primary key, under the same row security. Rows are
made by SQL in the shape that intake stores them, with names drawn by a power law, so that a common surname is common.
Run: .venv/bin/python bench/search_at_a_million.py [--reports 1000000] [--times 400]
Prints a Markdown section for docs/benchmarks.md. Needs about 6 GB of disk at a million.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LABELS = 30
AGENCIES = 120
NAMES = 4_000


def fill(reports: int) -> None:
    """Reports, two mentions each (a person, a number) and their search tokens; three in ten are for policing at large."""
    from django.db import connection, transaction

    from crossline.access.actions import intern_audience

    with transaction.atomic():
        own = [intern_audience({f"agency:bench-{number}", "centre"}) for number in range(AGENCIES)]
        police = intern_audience({"police"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_agency ORDER BY id")
        owners = [row[0] for row in cursor.fetchall()]
        for start in range(0, reports, 100_000):
            count = min(100_000, reports - start)
            with transaction.atomic():
                cursor.execute("SELECT setseed(%s)", [(start % 997) / 997])
                cursor.execute(
                    """
                    CREATE TEMP TABLE made ON COMMIT DROP AS
                    SELECT gen_random_uuid() AS id, gen_random_uuid() AS person, gen_random_uuid() AS phone, n,
                        (%(owners)s::text[])[1 + floor(random() * %(n_owners)s)::int] AS owner,
                        CASE WHEN random() < 0.3 THEN %(police)s
                             ELSE (%(own)s::bigint[])[1 + floor(random() * %(n_own)s)::int] END AS audience,
                        'forename' || floor(%(names)s * power(random(), 3))::int AS forename,
                        'surname' || floor(%(names)s * power(random(), 3))::int AS surname,
                        lpad(floor(random() * 1000)::text, 3, '0') AS tail, floor(random() * 400)::int AS namespace
                    FROM generate_series(%(start)s, %(stop)s) n
                    """,
                    {
                        "owners": owners,
                        "n_owners": len(owners),
                        "police": police,
                        "own": own,
                        "n_own": len(own),
                        "names": NAMES,
                        "start": start,
                        "stop": start + count - 1,
                    },
                )
                cursor.execute(
                    """
                    INSERT INTO records_record (id, owner_id, source, ref, revision, kind, made_at, received_at, source_grade,
                        information_grade, handling, conditions, classification, subject, text, detail, content_hash,
                        review_at, review_rule, audience_id)
                    SELECT id, owner, 'reports', 'BENCH/' || n, 1, 'intelligence', now(), now(), '2', 'B', 'P', '',
                        'OFFICIAL', 'A delivery seen', repeat('A youth handed over a parcel. ', 12), '{}', md5(n::text),
                        current_date + 2000, 'bench', audience FROM made
                    """
                )
                cursor.execute(
                    """
                    INSERT INTO records_mention (id, record_id, owner_id, key, place, kind, caption, selector, forename, middle,
                        surname, aliases, born, sex, nominal, pnc, detail, audience_id)
                    SELECT person, id, owner, 'p1', 0, 'person', forename || ' ' || surname, NULL, forename, '', surname,
                        '{}'::varchar[],
                        '', '', '', '', '{}'::jsonb, audience FROM made
                    UNION ALL
                    SELECT phone, id, owner, 't1', 1, 'phone', '07700 900' || tail || '#' || namespace,
                        'phone:+447700900' || tail || '#' || lpad(namespace::text, 4, '0'), '', '', '',
                        '{}', '', '', '', '', '{}'::jsonb,
                        audience FROM made
                    """
                )
                cursor.execute(
                    """
                    INSERT INTO records_searchtoken (mention_id, token, audience_id)
                    SELECT person, forename, audience FROM made UNION ALL SELECT person, surname, audience FROM made
                    """
                )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record")
        print(f"<!-- {cursor.fetchone()[0]:,} reports -->", flush=True)


def viewer_of_thirty_labels() -> str:
    """Somebody who holds thirty labels: police, and those of enough agencies."""
    from crossline.access.actions import enrol, labels_named
    from crossline.access.audit import Process
    from crossline.access.models import Membership
    from crossline.access.roles import Role

    person = enrol(
        username="bench.analyst",
        name="Bench Analyst",
        agency="kent",
        roles=[Role.ANALYST],
        password="a password of benches only",
        by=Process("bench"),
    )
    held = Membership.objects.filter(person=person).count()
    named = labels_named([f"agency:bench-{number}" for number in range(LABELS - held)])
    Membership.objects.bulk_create([Membership(person=person, label=label) for label in named.values()])
    return person.username


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def measure(username: str, times: int) -> None:
    """Each kind of question in turn, interleaved, each in a transaction of its own as a page is."""
    from crossline.access.people import viewer_named
    from crossline.access.viewer import reading
    from crossline.entities.search import search
    from crossline.records.models import Mention, Record

    viewer = viewer_named(username)
    rng = random.Random(20261124)
    with reading(viewer) as viewpoint:
        begun = time.perf_counter()
        search(viewpoint, "forename1 surname1")
        first = time.perf_counter() - begun
        seen = list(viewpoint.visible(Record.objects.all()).values_list("id", "ref").order_by("id")[: 50 * times : 50])
        numbers = list(
            viewpoint.visible(Mention.objects.filter(kind="phone"))
            .order_by("id")
            .values_list("caption", flat=True)[: 50 * times : 50]
        )

    def asking(query: str) -> Callable[[], object]:
        def act() -> object:
            with reading(viewer) as viewpoint:
                return search(viewpoint, query).number

        return act

    def by_key(record: object) -> Callable[[], object]:
        def act() -> object:
            with reading(viewer) as viewpoint:
                return viewpoint.visible(Record.objects.filter(id=record)).first()

        return act

    questions: dict[str, Callable[[], Callable[[], object]]] = {
        "reference: one row by its primary key": lambda: by_key(rng.choice(seen)[0]),
        "a forename and a surname": lambda: asking(f"forename{rng.randrange(NAMES)} surname{rng.randrange(NAMES)}"),
        "a rare surname": lambda: asking(f"surname{rng.randrange(NAMES // 2, NAMES)}"),
        "a very common surname (at most 300 shown)": lambda: asking(f"surname{rng.randrange(3)}"),
        "a number": lambda: asking(rng.choice(numbers)),
        "a reference": lambda: asking(rng.choice(seen)[1]),
        "a word that nobody has": lambda: asking(f"nobody{rng.randrange(10**9)}"),
    }
    taken: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(times):
        for name in rng.sample(list(questions), len(questions)):
            taken[name].append(timed(questions[name]()))
    reference = statistics.median(taken["reference: one row by its primary key"])
    print("| question | median ms | p99 ms | median against the reference |\n| --- | ---: | ---: | ---: |")
    for name, each in taken.items():
        middle, worst = statistics.median(each), statistics.quantiles(each, n=100)[98]
        print(f"| {name} | {middle:.1f} | {worst:.1f} | {middle / reference:.2f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nThe first search of a viewer also forms everybody's clusters: {first:.1f} s. Peak of this process: {peak:,.0f} MB."
    )


def main() -> None:
    """Fill a throwaway installation, then ask."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reports", type=int, default=1_000_000)
    arguments.add_argument("--times", type=int, default=400)
    chosen = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xl-bench-", dir="/tmp"))
    home.chmod(0o711)
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # registered first, so after the server has stopped
    os.environ["CROSSLINE_HOME"] = str(home)
    from crossline.hosting.logins import Login
    from crossline.installation import make_ready, use_login

    installation = make_ready()
    begun = time.perf_counter()
    fill(chosen.reports)
    username = viewer_of_thirty_labels()
    use_login(installation.access, Login.OWNER)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE crossline_owner")
        cursor.execute("ANALYZE")
    use_login(installation.access, Login.WEB)
    print(f"## Search over {chosen.reports:,} reports (filled in {time.perf_counter() - begun:.0f} s)\n")
    measure(username, chosen.times)


if __name__ == "__main__":
    main()
