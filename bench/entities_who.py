"""Who is this, asked of a store of a million mentions, and a delivery of a thousand matched against it.

    PYTHONPATH=src .venv/bin/python bench/resolution_world.py out/world --mentions 1005000 --seed 77
    PYTHONPATH=src .venv/bin/python bench/entities_who.py out/world --known 1000000

The first mentions of the world are delivered by the product's own way of keeping records and matched in full; the last ones
are asked after, as an analyst of the centre (who sees all of it) and as one who holds thirty labels. Measured are the read
with policy and audit in one transaction under the web's login, the whole request through Django's handlers, and the matching
of a delivery of 1,000 under the engine's. The reference, in the same run: a search for the same names by trigrams (ILIKE on an
index made for it), which finds and weighs nothing. --home keeps the store, so that a second run asks at once.
Prints a Markdown section. Needs about 9 GB of disk and a quarter of an hour at a million.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from entities_who_store import asked_of, fill, somebody
from resolution_data import read_mentions

WHOLE = ("forename", "middle", "surname", "born", "sex", "aliases", "phones", "pnc", "vehicle", "postcode", "address")
KINDS = {
    "all that a record says": WHOLE,
    "name and date of birth": ("forename", "surname", "born"),
    "name alone": ("forename", "surname"),
}
CENTRE, FORCE = "bench.centre", "bench.force"
WARMING, OF_REFERENCE = 30, 50
TRIGRAMS = (
    "SELECT count(*) FROM (SELECT m.id FROM records_mention m WHERE m.kind = 'person' AND m.caption ILIKE %s AND {} "
    "LIMIT 300) found"
)


def log(text: str) -> None:
    sys.stdout.write(f"<!-- {time.strftime('%H:%M:%S')} load {os.getloadavg()[0]:.1f}: {text} -->\n")
    sys.stdout.flush()


def prepare_store(rows: Sequence[Mapping[str, Any]]) -> None:
    """Deliver, match, index and analyse; once for a home."""
    from crossline.hosting.logins import Login
    from crossline.installation import make_ready, use_login

    access = make_ready().access
    from django.db import connection

    from crossline.entities.matching import match_people

    begun = time.perf_counter()
    fill(rows, ref="known")
    log(f"{len(rows):,} delivered in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    pairs = match_people()
    log(f"{pairs:,} pairs matched in {time.perf_counter() - begun:.0f} s")
    somebody(CENTRE, "nclcc")
    somebody(FORCE, "kent", others=True)
    use_login(access, Login.OWNER)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE crossline_owner")
        cursor.execute(
            "CREATE INDEX bench_trigrams ON records_mention USING gin (caption gin_trgm_ops) WHERE kind = 'person'"
        )
        cursor.execute("VACUUM ANALYZE")


def backend_busy() -> float:
    """Seconds of processor that this connection's server process has had: what other work on the machine changes least."""
    from django.db import connection

    if connection.connection is None:
        connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(stat.read_text().split()[0]) / 1e9


def timed(act: Callable[[], object]) -> tuple[float, float, float]:
    """Milliseconds by the clock, of processor in this process, and of processor in its database process."""
    at, busy, there = time.perf_counter(), time.process_time(), backend_busy()
    act()
    clock, here, beyond = time.perf_counter() - at, time.process_time() - busy, max(0.0, backend_busy() - there)
    return clock * 1_000, here * 1_000, beyond * 1_000


def report(name: str, taken: Sequence[tuple[float, float, float]]) -> None:
    points = statistics.quantiles([each[0] for each in taken], n=100)
    busy = statistics.quantiles([each[1] + each[2] for each in taken], n=100)
    halves = "+".join(f"{statistics.median(each[side] for each in taken):.1f}" for side in (1, 2))
    sys.stdout.write(
        f"| {name} | {points[49]:.1f} | {points[94]:.1f} | {points[98]:.1f} | {halves} | {busy[94]:.1f} | {busy[98]:.1f} |\n"
    )
    sys.stdout.flush()


def measure(rows: Sequence[Mapping[str, Any]], times: int) -> None:
    """Everything that is asked, interleaved."""
    from django.db import connection
    from django.test import Client

    from crossline.access.audit import Event, Subject, log_shown
    from crossline.access.audit import log as write_audit
    from crossline.access.models import Person
    from crossline.access.people import viewer_named
    from crossline.access.viewer import reading
    from crossline.entities.asking import who
    from crossline.entities.who_form import WhoForm
    from crossline.errors import UserError
    from crossline.records.explaining import showed

    found = []

    def read(viewer: Any, asked: Any) -> None:
        with reading(viewer) as viewpoint:
            try:
                answer = who(viewpoint, asked)
            except UserError:
                return
            found.append(len(answer.people))
            showed(viewpoint, [each.mention.record for each in answer.people], listed=True)
            about = Subject("who", "", {"status": "shown", "asked": asked.said})
            log_shown(
                write_audit(Event.SEARCHED, by=viewer, about=about, purpose="bench"), by=viewer, shown=viewpoint.shown
            )

    def by_trigrams(viewer: Any, named: str) -> None:
        with reading(viewer) as viewpoint, connection.cursor() as cursor:
            clause, audiences = viewpoint.clause("m.audience_id")
            cursor.execute(TRIGRAMS.format(clause), [f"%{named}%", *audiences])

    def request(client: Client, sent: Mapping[str, str]) -> None:
        response = client.post("/people/who", sent, headers={"host": "localhost"})
        assert response.status_code in (200, 422), response.status_code

    rng = random.Random(20261130)
    for username, seen in ((CENTRE, "the centre, who sees all of it"), (FORCE, "an analyst of thirty labels")):
        viewer, client = viewer_named(username), Client()
        client.force_login(Person.objects.get(username=username))
        sys.stdout.write(
            f"\n| {seen} | p50 ms | p95 | p99 | CPU ms here+database, p50 | both, p95 | both, p99 |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        )
        for kind, fields in KINDS.items():
            sent = [asked_of(row, fields) for row in rng.sample(list(rows), times)]
            asked = [form.asked for each in sent if (form := WhoForm(each)).is_valid()]
            for each in asked[:WARMING]:
                read(viewer, each)
            found.clear()
            report(f"{kind}: the read, policy and audit", [timed(partial(read, viewer, each)) for each in asked])
            log(f"{statistics.mean(found):.1f} people shown on average, of {len(found)} asked")
            for each in sent[:WARMING]:
                request(client, each)
            report(f"{kind}: the whole request", [timed(partial(request, client, each)) for each in sent])
        some = rng.sample(list(rows), min(times, OF_REFERENCE))
        names = [f"{row['forename']} {row['surname']}" for row in some if row["surname"]]
        report("reference: names by trigrams", [timed(partial(by_trigrams, viewer, each)) for each in names])


def deliver(rows: Sequence[Mapping[str, Any]]) -> None:
    """A delivery of these, matched."""
    from crossline.entities.matching import match_people

    ref = f"new/{time.time_ns()}"
    fill([{**row, "mention_id": f"{ref}/{row['mention_id']}"} for row in rows], ref=ref)
    at, busy = time.perf_counter(), time.process_time()
    pairs = match_people()
    wall, cpu = time.perf_counter() - at, time.process_time() - busy
    sys.stdout.write(
        f"\nA delivery of {len(rows):,}: matched in {wall:.2f} s ({cpu:.2f} s of this process's CPU), {pairs:,} pairs written.\n"
    )


def main() -> None:
    """Fill a home unless it is filled, then ask and deliver."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("world", type=Path)
    arguments.add_argument("--known", type=int, default=1_000_000)
    arguments.add_argument("--times", type=int, default=1_000)
    arguments.add_argument("--home", type=Path, required=True, help="a folder to keep the store in")
    arguments.add_argument("--delivered", type=int, default=1_000)
    arguments.add_argument(
        "--skip", type=int, default=0, help="of the last mentions, those that an earlier run delivered"
    )
    chosen = arguments.parse_args()
    chosen.home.mkdir(parents=True, exist_ok=True)
    chosen.home.chmod(0o711)
    os.environ["CROSSLINE_HOME"] = str(chosen.home)
    rows = read_mentions(chosen.world).to_pylist()
    known, new = rows[: chosen.known], rows[chosen.known :]
    filled = chosen.home / "bench-filled"
    if not filled.exists():
        prepare_store(known)
        filled.touch()
    from crossline.hosting.logins import Login
    from crossline.installation import make_ready, use_login

    access = make_ready().access
    use_login(access, Login.WEB)
    log("asking")
    new = new[chosen.skip :]
    measure(new, min(chosen.times, len(new)))
    use_login(access, Login.ENGINE)
    deliver(new[: chosen.delivered])
    log(f"done; peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
