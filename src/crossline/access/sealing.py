"""Seals the audit in batches, beside the work and never within it: a Merkle tree over its rows, with signed checkpoints.

A row is written in the transaction of what it records. Every few seconds the sealer takes the rows of transactions that have
ended, adds their hashes to the tree and signs where it stands. `crossline.audit_verifier` says what the format is, and checks it.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.rows import dict_row

from crossline.audit_verifier import Checkpoint, Tree, canonical, leaf_hash

EVERY: Final = 10.0
"""Seconds between batches. [D] assurance: at most ten."""
IDLE: Final = 30.0
"""Seconds after which a checkpoint is signed although nothing was written, so that a cut end shows."""
BATCH: Final = 5_000
LONGEST_LINE: Final = 4_096
"""Bytes: longer than any line of a checkpoint file."""
ORIGIN: Final = "crossline audit"
# "seals" in ASCII: the lock that sealers of one database wait for.
LOCK: Final = int.from_bytes(b"seals")

_NEW_ROWS = """
SELECT e.id, e.seq, e.at, e.verb, e.event, e.actor_id, e.actor, e.actor_agency, e.subject_kind, e.subject, e.purpose, e.detail
FROM access_auditevent e
WHERE e.tx >= %s::text::xid8 AND e.tx < %s::text::xid8
    AND NOT EXISTS (SELECT FROM access_auditleaf l WHERE l.event = e.id)
ORDER BY e.seq
"""


@dataclass(frozen=True)
class _Standing:
    """Where sealing stands: the number and hash of the last checkpoint, its tree, its time and its horizon."""

    number: int = 0
    digest: str = ""
    tree: Tree = field(default_factory=Tree)
    time: float = 0.0
    horizon: int = 0


@dataclass(frozen=True)
class Sealer:
    """Seals one database with one key, and gives each checkpoint to the files of its holders."""

    conninfo: str
    key: bytes
    files: Sequence[Path]
    run: str = field(default_factory=lambda: uuid.uuid4().hex)

    def seal(self, *, idle: float = IDLE) -> int:
        """Seal what is there to seal. Gives how many rows; signs without any once `idle` seconds have passed."""
        with psycopg.connect(self.conninfo) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            standing = _standing(connection)
            horizon = _horizon(connection)
            # A horizon behind ours is another server's: what it counted says nothing of ours, so everything is looked at.
            since = standing.horizon if horizon >= standing.horizon else 0
            sealed = _add_leaves(connection, standing.tree, since, horizon)
            checkpoint = None
            if sealed or not standing.number or time.time() - standing.time >= idle:
                checkpoint = self._sign(connection, standing, horizon)
        if checkpoint is not None:
            self._give_out(checkpoint)
        return sealed

    def _sign(self, connection: psycopg.Connection[Any], standing: _Standing, horizon: int) -> Checkpoint:
        signer = Ed25519PrivateKey.from_private_bytes(self.key)
        body = {
            "origin": ORIGIN,
            "number": standing.number + 1,
            "size": standing.tree.size,
            "root": standing.tree.root.hex(),
            "previous": standing.digest,
            "time": time.time(),
            "monotonic": time.monotonic_ns(),
            "run": self.run,
        }
        text = canonical(body).decode()
        checkpoint = Checkpoint(text, signer.public_key().public_bytes_raw().hex(), signer.sign(text.encode()).hex())
        peaks = " ".join(peak.hex() for peak in standing.tree.peaks)
        connection.execute(
            "INSERT INTO access_auditcheckpoint (id, body, key, signature, peaks, horizon) VALUES (%s, %s, %s, %s, %s, %s)",
            (standing.number + 1, text, checkpoint.key, checkpoint.signature, peaks, horizon),
        )
        return checkpoint

    def _give_out(self, checkpoint: Checkpoint) -> None:
        """To each holder, with whatever a kill between commit and writing kept from it."""
        for path in self.files:
            held = _last_number(path)
            missing = [checkpoint] if held == checkpoint.body["number"] - 1 else self._after(held)
            with path.open("ab") as file:
                for each in missing:
                    line = {"body": each.text, "key": each.key, "signature": each.signature}
                    file.write(canonical(line) + b"\n")
                file.flush()
                os.fsync(file.fileno())

    def _after(self, number: int) -> list[Checkpoint]:
        with psycopg.connect(self.conninfo) as connection:
            rows = connection.execute(
                "SELECT body, key, signature FROM access_auditcheckpoint WHERE id > %s ORDER BY id", (number,)
            ).fetchall()
        return [Checkpoint(*row) for row in rows]


def _standing(connection: psycopg.Connection[Any]) -> _Standing:
    row = connection.execute(
        "SELECT id, body, peaks, horizon FROM access_auditcheckpoint ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return _Standing()
    last = Checkpoint(row[1], "", "")
    tree = Tree(last.body["size"], [bytes.fromhex(peak) for peak in row[2].split()])
    return _Standing(row[0], last.digest, tree, last.body["time"], row[3])


def _horizon(connection: psycopg.Connection[Any]) -> int:
    """Every transaction with a smaller number has ended, so the rows of all of them can be seen by the next statement."""
    row = connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()
    return int(row[0]) if row else 0


def _add_leaves(connection: psycopg.Connection[Any], tree: Tree, since: int, horizon: int) -> int:
    """Write the seals of rows that have none, in the order of their numbers, and let the tree grow with them."""
    before = tree.size
    with connection.cursor("new_rows", row_factory=dict_row) as rows, connection.cursor() as cursor:
        rows.execute(_NEW_ROWS, (since, horizon))
        while batch := rows.fetchmany(BATCH):
            leaves = []
            for row in batch:
                leaf = leaf_hash(row)
                leaves.append((tree.size, row["id"], row["seq"], leaf))
                tree.append(leaf)
            cursor.executemany("INSERT INTO access_auditleaf (id, event, seq, hash) VALUES (%s, %s, %s, %s)", leaves)
    return tree.size - before


def _last_number(path: Path) -> int:
    """The number of the last checkpoint in a holder's file, 0 for none."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_LINE))
        last = file.read().splitlines()[-1]
    return int(json.loads(json.loads(last)["body"])["number"])


@contextmanager
def sealing(sealer: Sealer, *, say: Callable[[str], None], every: float = EVERY) -> Iterator[None]:
    """Seal every few seconds while the block runs, and once more at its end. What goes wrong is said, and tried again."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(every):
            _seal_once(sealer, say)

    thread = threading.Thread(target=work, name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _seal_once(sealer, say, idle=0.0)


def _seal_once(sealer: Sealer, say: Callable[[str], None], *, idle: float = IDLE) -> None:
    try:
        sealer.seal(idle=idle)
    except (psycopg.Error, OSError) as error:
        say(f"The audit could not be sealed ({str(error).strip().splitlines()[0]}); it is tried again.")
