"""Checks the sealed audit without trusting whoever runs it: the standard library, psycopg and cryptography, nothing else of ours.

What is sealed, and how (docs/decisions/0008-audit-seals.md):

- A leaf is SHA-256 of 0x00 and the row's canonical JSON: keys sorted, no spaces, UTF-8, times as microseconds since 1970.
- Leaves, in the order they were sealed, are the leaves of an RFC 6962 Merkle tree: a node is SHA-256 of 0x01 and its halves.
- A checkpoint's body is canonical JSON with the size and root of the tree, the time, and the hash of the checkpoint before.
  It is signed with Ed25519. A line of a checkpoint file is {"body": text, "key": hex, "signature": hex}.

Whoever holds a checkpoint file of their own, and this module, can check the whole audit:
    python -m crossline.audit_verifier --database CONNINFO --checkpoints FILE… [--key HEX]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS: Final = (
    *("id", "seq", "at", "verb", "event", "actor_id", "actor", "actor_agency"),
    *("subject_kind", "subject", "purpose", "detail"),
)
"""The columns of a row that are sealed: all that it says."""
LATE: Final = 120.0
"""Seconds after which a row should long have been sealed: sealing is done every ten."""
SEALED_TABLES: Final = ("access_auditevent", "access_auditleaf", "access_auditcheckpoint")
MOST_SHOWN: Final = 20

# The format


def canonical(value: object) -> bytes:
    """One way to write a value as JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def microseconds(at: datetime) -> int:
    """A time as whole microseconds since 1970, so that no zone or way of writing enters the hash."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def leaf_hash(row: Mapping[str, Any]) -> bytes:
    """The leaf of a row of the audit, from its own columns."""
    said = {name: row[name] for name in FIELDS}
    said |= {"id": str(row["id"]), "at": microseconds(row["at"])}
    return hashlib.sha256(b"\x00" + canonical(said)).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """The node above two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """A Merkle tree that only grows: the roots of its complete halves, the largest first, and how many leaves there are."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf; amortised constant work."""
        node, size = leaf, self.size
        while size & 1:
            node = inner_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of RFC 6962; of an empty tree, the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = inner_hash(peak, node)
        return node


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement of how the audit stood."""

    text: str
    key: str
    signature: str

    @property
    def body(self) -> Mapping[str, Any]:
        return dict(json.loads(self.text))

    @property
    def digest(self) -> str:
        """What the next checkpoint names as the one before."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def signed_by(self, key: str) -> bool:
        """Whether the holder of that public key signed exactly this body."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
                bytes.fromhex(self.signature), self.text.encode()
            )
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Fault:
    """Something that should not be so: what kind, and a sentence that says where."""

    kind: str
    sentence: str


# The checks


def check_checkpoints(held: Sequence[Checkpoint], trusted: str | None, since: float = 0.0) -> Iterator[Fault]:
    """The checkpoints of one holder among themselves: signatures, one chain, a clock that goes forward, no long silence."""
    before: Checkpoint | None = None
    for place, each in enumerate(held, start=1):
        number = each.body["number"]
        if trusted is not None and each.key != trusted:
            yield Fault(
                "key", f"Checkpoint {number} is signed with another key ({each.key[:16]}…) than the trusted one."
            )
            return
        if not each.signed_by(each.key):
            yield Fault("signature", f"The signature of checkpoint {number} does not fit what it says.")
            return
        if number != place:
            yield Fault("checkpoint missing", f"Checkpoint {place} is missing; the next one there is {number}.")
            return
        if before is not None:
            yield from _follows(before, each, since)
        before = each


def _follows(before: Checkpoint, each: Checkpoint, since: float) -> Iterator[Fault]:
    was, now = before.body, each.body
    number = now["number"]
    if now["previous"] != before.digest or now["size"] < was["size"]:
        yield Fault("fork", f"Checkpoint {number} does not follow the checkpoint {was['number']} that is held.")
    elif now["time"] < was["time"]:
        yield Fault(
            "clock",
            f"The clock went back: checkpoint {number} says {_when(now['time'])}, the one before {_when(was['time'])}.",
        )
    elif now["run"] == was["run"] and now["time"] > since and (now["monotonic"] - was["monotonic"]) / 1e9 > LATE:
        yield Fault(
            "silence",
            f"The sealer was silent from {_when(was['time'])} to {_when(now['time'])}, before checkpoint {number}.",
        )


def check_holders(held: Sequence[Checkpoint], holders: Mapping[str, Sequence[Checkpoint]]) -> Iterator[Fault]:
    """The database's checkpoints against those that others were given: the same, as far as each reaches."""
    own = {each.body["number"]: each for each in held}
    for name, given in holders.items():
        for each in given:
            number = each.body["number"]
            if number not in own:
                last = held[-1].body["number"] if held else 0
                yield Fault(
                    "cut",
                    f"{name} holds checkpoint {number} of {each.body['size']} rows, the database ends at checkpoint {last}: "
                    "its end was cut off, or an older state was put in its place.",
                )
                break
            if own[number].text != each.text:
                yield Fault(
                    "fork", f"{name} holds another checkpoint {number} than the database: there are two histories."
                )
                break


def check_rows(
    rows: Iterable[Mapping[str, Any]], held: Sequence[Checkpoint], *, now: float, since: float = 0.0
) -> Iterator[Fault]:
    """Rows with their leaves, in the order of sealing and the unsealed last, against the checkpoints that seal them.

    A row has FIELDS (None all, when it is gone), `position` and `hash` (None, when it is not sealed).
    """
    tree, sealing, broken = Tree(), _Sealing(held), False
    last = 0
    for row in rows:
        if row["position"] is None:
            yield from _unsealed(row, held, last, now)
            continue
        number = sealing.number_at(tree.size)
        if row["position"] != tree.size:
            yield Fault(
                "leaf missing",
                f"The seals of rows {tree.size} to {row['position'] - 1} are missing (checkpoint {number}).",
            )
            return
        stored = bytes(row["hash"])
        if row["id"] is None:
            yield Fault("deleted", f"The row sealed at place {tree.size}, by checkpoint {number}, is gone.")
        elif leaf_hash(row) != stored:
            yield Fault(
                "changed",
                f"Row {row['seq']} (place {tree.size}, sealed by checkpoint {number}) is not what was sealed.",
            )
        else:
            last = max(last, row["seq"])
            yield from sealing.timely(row, tree.size, since)
        tree.append(stored)
        if not broken and (fault := sealing.root_at(tree)) is not None:
            broken = True
            yield fault
    if tree.size < sealing.size:
        yield Fault("truncated", f"{sealing.size - tree.size} sealed rows are missing from place {tree.size} on.")
    elif tree.size > sealing.size:
        yield Fault("truncated", f"Rows from place {sealing.size} on have seals that no checkpoint signs.")


class _Sealing:
    """Which checkpoint seals which place."""

    def __init__(self, held: Sequence[Checkpoint]) -> None:
        self.bodies = [each.body for each in held]
        self.size = self.bodies[-1]["size"] if self.bodies else 0
        self._next = 0

    def number_at(self, place: int) -> int:
        """The checkpoint that first covers a place; 0 when none does."""
        while self._next < len(self.bodies) and self.bodies[self._next]["size"] <= place:
            self._next += 1
        return self.bodies[self._next]["number"] if self._next < len(self.bodies) else 0

    def root_at(self, tree: Tree) -> Fault | None:
        """When the tree has the size of a checkpoint, whether it has its root too."""
        if self._next >= len(self.bodies) or self.bodies[self._next]["size"] != tree.size:
            return None
        body = self.bodies[self._next]
        if tree.root.hex() == body["root"]:
            return None
        first = self.bodies[self._next - 1]["size"] if self._next else 0
        return Fault(
            "root",
            f"The seals of places {first} to {tree.size - 1} do not give the root that checkpoint {body['number']} signs: "
            "rows or seals there were changed, moved or put in.",
        )

    def timely(self, row: Mapping[str, Any], place: int, since: float) -> Iterator[Fault]:
        """A row says when it was written: before its checkpoint, and not long before the checkpoint it missed."""
        if not self.number_at(place) or not self._next:
            return  # the first checkpoint seals whatever was there when sealing began
        body, at = self.bodies[self._next], row["at"].timestamp()
        if at > body["time"] + LATE:
            yield Fault("clock", f"Row {row['seq']} says {_when(at)}, after checkpoint {body['number']} that seals it.")
        if at <= since or at >= body["time"] - LATE:
            return
        if at < self.bodies[self._next - 1]["time"] - LATE:
            yield Fault(
                "back-dated",
                f"Row {row['seq']} says {_when(at)}, but was not there at checkpoint {self.bodies[self._next - 1]['number']}.",
            )
        else:
            until = f"checkpoint {body['number']} of {_when(body['time'])}"
            yield Fault("silence", f"Row {row['seq']} of {_when(at)} waited for {until}.")


def _unsealed(row: Mapping[str, Any], held: Sequence[Checkpoint], last: int, now: float) -> Iterator[Fault]:
    """A row without a seal is in order only while it is new."""
    at = row["at"].timestamp()
    if now - at <= LATE:
        return
    if not held:
        yield Fault("no seals", f"Row {row['seq']} of {_when(at)} is there, and no checkpoint at all.")
    elif row["seq"] < last:
        said = f"Row {row['seq']} of {_when(at)} was never sealed, though later rows are"
        yield Fault("inserted", f"{said}: it was put in afterwards.")
    else:
        yield Fault("silence", f"Row {row['seq']} of {_when(at)} was never sealed: the sealer is not working.")


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


# What is read

_ROWS = """
SELECT l.id AS position, l.hash, e.id, coalesce(e.seq, l.seq) AS seq, e.at, e.verb, e.event, e.actor_id, e.actor, e.actor_agency,
    e.subject_kind, e.subject, e.purpose, e.detail
FROM access_auditleaf l FULL JOIN access_auditevent e ON e.id = l.event
ORDER BY l.id NULLS LAST, e.seq
"""


def read_file(path: Path) -> list[Checkpoint]:
    """A holder's checkpoint file, one a line."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Checkpoint(line["body"], line["key"], line["signature"]) for line in lines]


def verify(
    connection: psycopg.Connection[Any],
    holders: Mapping[str, Sequence[Checkpoint]],
    *,
    key: str | None = None,
    since: float = 0.0,
    now: float | None = None,
) -> Iterator[Fault]:
    """Everything that is wrong with the audit of a database, given what others hold.

    The key trusted is `key`, else the one of the first checkpoint that a holder was given, else the database's own first.
    """
    moment = datetime.now(UTC).timestamp() if now is None else now
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT body, key, signature FROM access_auditcheckpoint ORDER BY id")
        held = [Checkpoint(*row) for row in cursor]
        trusted = key or next((given[0].key for given in holders.values() if given), held[0].key if held else None)
        yield from check_checkpoints(held, trusted, since)
        for name, given in holders.items():
            yield from (
                Fault(fault.kind, f"{name}: {fault.sentence}") for fault in check_checkpoints(given, trusted, since)
            )
        yield from check_holders(held, holders)
        yield from _guards(cursor)
        with connection.cursor("audit_rows", row_factory=psycopg.rows.dict_row) as rows:
            rows.itersize = 10_000
            rows.execute(_ROWS)
            yield from check_rows(rows, held, now=moment, since=since)


def _guards(cursor: psycopg.Cursor[Any]) -> Iterator[Fault]:
    """The triggers that refuse change, each in place and switched on."""
    cursor.execute(
        "SELECT c.relname, count(*) FILTER (WHERE t.tgenabled IN ('O', 'A')) FROM pg_class c LEFT JOIN pg_trigger t "
        "ON t.tgrelid = c.oid AND t.tgname IN ('no_change', 'no_truncate') WHERE c.relname = ANY (%s) GROUP BY 1 ORDER BY 1",
        [list(SEALED_TABLES)],
    )
    for table, standing in cursor.fetchall():
        if standing != 2:  # no_change and no_truncate
            yield Fault("guards", f"A trigger that refuses changes to {table} is switched off or gone.")


def report(faults: Iterable[Fault]) -> tuple[int, str]:
    """(exit code, what to print): the first faults, each a sentence, and how many there are."""
    found = list(faults)
    if not found:
        return (
            0,
            "The audit is whole: every row is as it was sealed, and every checkpoint follows from the one before.\n",
        )
    lines = [f"{fault.kind}: {fault.sentence}" for fault in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"… and {len(found) - MOST_SHOWN} more.")
    return 1, "\n".join(
        [*lines, f"{len(found)} found. Keep this database and the checkpoint files as they are."]
    ) + "\n"


def main() -> int:
    """Run by itself, by somebody who does not trust the rest."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--database", required=True, metavar="CONNINFO")
    words.add_argument("--checkpoints", type=Path, nargs="*", default=[], metavar="FILE")
    words.add_argument("--key", help="the public key to trust, in hexadecimal")
    given = words.parse_args()
    with psycopg.connect(given.database) as connection:
        holders = {str(path): read_file(path) for path in given.checkpoints}
        code, text = report(verify(connection, holders, key=given.key))
    sys.stdout.write(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
