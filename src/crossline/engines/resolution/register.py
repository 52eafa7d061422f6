"""A register in a folder: each new mention is matched with all that are known as it comes, and is safe on disk when answered.

The log of mentions is the truth. On opening it is resolved as a whole, by the executor of many; after that each mention is
weighed by itself, with the same weights, and the groups it touches are what a run over everything would make of them.
"""

from __future__ import annotations

import json
import marshal
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json

from crossline.engines.resolution.clusters import Profile, profile
from crossline.engines.resolution.comparing import Scorer, passing_keys
from crossline.engines.resolution.groups import Groups
from crossline.engines.resolution.key_index import KeyIndex
from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import BIT_STEPS, Model, at_scale
from crossline.engines.resolution.nationwide import profiles_of
from crossline.engines.resolution.preparing import COLUMN_OF, Row, prepare, prepare_one, rows_of
from crossline.engines.resolution.resolve import THRESHOLD_BITS, vetoes_of
from crossline.engines.resolution.score import compare_mentions
from crossline.errors import FileUnreadable

LOG, SCALE = "mentions.jsonl", "scale.json"
# [D] A register begins at the scale of so many mentions and is registered anew, when it is opened, for twice as many at a time.
LEAST_SCALE = 17
_line = json.JSONEncoder(ensure_ascii=False).encode
_ROWS_AT_ONCE, _ROOM = 50_000, 1 << 20
_NAMED, _DOB, _YEAR, _FORE, _SUR, _SEX, _PNC, _NOMINAL = (
    COLUMN_OF[name] for name in ("mention_id", "dob", "dob_year", "fore", "sur", "sex", "pnc", "nominal")
)


class Register:
    """Known mentions and their people. One process at a time holds a folder; close it, or use it as a context."""

    def __init__(self, folder: Path, model: Model) -> None:
        """Open or begin the register in `folder`; raises FileUnreadable where its log cannot be read."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            known, whole = _read(folder / LOG)
            self.model = _registered(folder / SCALE, model, known.num_rows)
        except OSError as error:
            raise FileUnreadable(
                f"{folder} cannot hold a register ({error.strerror}): choose another folder."
            ) from None
        model = self.model
        self._scorer = Scorer(model)
        self._least = math.ceil(THRESHOLD_BITS * BIT_STEPS)
        self._rows: list[bytes] = []
        self._number_of: dict[str, int] = {}
        self._keys = KeyIndex()
        self._groups = Groups(vetoes_of(model), self._told)
        if known.num_rows:
            self._take_in(known, model)
        self._log = _Log(folder / LOG, whole)  # a line that was cut off was never answered

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder. Nothing is written: everything was when it was answered."""
        self._log.close()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, mention: Mapping[str, Any]) -> str:
        """Take one mention in (MENTION_SCHEMA's columns by name) and give its entity; one that is known is not taken again."""
        return self.add_all([mention])[0]

    def add_all(self, mentions: Iterable[Mapping[str, Any]]) -> list[str]:
        """The same of several, written to disk together."""
        given = list(mentions)
        fresh = {each["mention_id"]: each for each in given if each["mention_id"] not in self._number_of}
        if fresh:
            said = b"".join(_line(each).encode() + b"\n" for each in fresh.values())
            self._log.write(said)
        for each in fresh.values():
            self._match(prepare_one(each, len(self._rows)))
        return [self.entity_of(each["mention_id"]) for each in given]

    def entity_of(self, mention_id: str) -> str:
        """The entity of a known mention: the id of the mention of it that came first."""
        return str(self._row(self.number_of(mention_id))[_NAMED])

    def number_of(self, mention_id: str) -> int:
        """The same by number: mentions are counted as they come, from 0."""
        return self._groups.cluster_of(self._number_of[mention_id])

    def entities(self) -> dict[str, str]:
        """mention_id -> entity, of every known mention."""
        return {mention: self.entity_of(mention) for mention in self._number_of}

    def _row(self, number: int) -> Row:
        # Kept in one piece: the values of a row lie all over the memory, and to fetch them takes longer than to unpack them.
        row: Row = marshal.loads(self._rows[number])  # noqa: S302  # written by this process, from tuples of plain values
        return row

    def _told(self, number: int) -> tuple[str, Profile]:
        row = self._row(number)
        born = row[_DOB] or (f"{row[_YEAR]:04d}" if row[_YEAR] else None)
        names = (row[_FORE] is not None) + (row[_SUR] is not None)
        return row[_NAMED], profile(birth=born, sex=row[_SEX], pnc=row[_PNC], nominal=row[_NOMINAL], names=names)

    def _match(self, row: Row) -> None:
        number = len(self._rows)
        keys = passing_keys(row)
        pairs = []
        for other in self._keys.sharing(keys):
            weight = self._scorer.weigh(row, self._row(other))
            if weight >= self._least:
                pairs.append((other, weight / BIT_STEPS))
        self._rows.append(marshal.dumps(row))
        self._number_of[row[_NAMED]] = number
        self._keys.add(number, keys)
        self._groups.add(pairs)

    def _take_in(self, table: pa.Table, model: Model) -> None:
        """Everything that the log holds, at once."""
        prepared = prepare(table)
        arrival = {name: number for number, name in enumerate(table.column("mention_id").to_pylist())}
        numbers = np.array([arrival[name] for name in prepared.column("mention_id").to_pylist()], dtype=np.int64)
        self._number_of = arrival
        self._rows = [b""] * len(arrival)
        self._keys.begin(self._kept(prepared, numbers.tolist()))
        compared, _ = compare_mentions(prepared, model, least_bits=THRESHOLD_BITS)
        bits = compared.weight_steps / BIT_STEPS
        self._groups.begin(profiles_of(prepared), numbers, compared.left, compared.right, bits)

    def _kept(self, prepared: pa.Table, numbers: list[int]) -> Iterator[tuple[int, set[int]]]:
        """Keep the rows of prepared mentions under their numbers; gives number and keys of each."""
        for start in range(0, len(numbers), _ROWS_AT_ONCE):
            some = numbers[start : start + _ROWS_AT_ONCE]
            for number, row in zip(some, rows_of(prepared.slice(start, _ROWS_AT_ONCE)), strict=True):
                self._rows[number] = marshal.dumps(row)
                yield number, passing_keys(row)


class _Log:
    """The file of mentions, written ahead with zeros: what is written into it leaves its length as it is, and is sooner safe."""

    def __init__(self, path: Path, end: int) -> None:
        """`end`: how many bytes of it hold mentions; what follows them goes."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        self._end = self._room = end
        os.ftruncate(self._file, end)

    def write(self, said: bytes) -> None:
        """Return when the bytes are on disk."""
        while self._end + len(said) > self._room:
            self._room += os.pwrite(self._file, bytes(_ROOM), self._room)
        written = 0
        while written < len(said):
            written += os.pwrite(self._file, said[written:], self._end + written)
        os.fdatasync(self._file)
        self._end += len(said)

    def close(self) -> None:
        """Leave the mentions and nothing else."""
        os.ftruncate(self._file, self._end)
        os.close(self._file)


def _read(path: Path) -> tuple[pa.Table, int]:
    """The mentions of a log (MENTION_SCHEMA), and how many bytes of it hold them: a last line that was cut off is none."""
    if not path.exists():
        return MENTION_SCHEMA.empty_table(), 0
    content = path.read_bytes()
    if zeros := content.find(b"\0") + 1:  # room that was never written, and what a failing machine left behind it
        content = content[: zeros - 1]
    whole = content.rfind(b"\n") + 1
    if not whole:
        return MENTION_SCHEMA.empty_table(), 0
    try:
        options = arrow_json.ParseOptions(explicit_schema=MENTION_SCHEMA, unexpected_field_behavior="ignore")
        table = arrow_json.read_json(pa.BufferReader(memoryview(content)[:whole]), parse_options=options)
    except pa.ArrowInvalid:
        line = _first_spoilt(content[:whole])
        message = f"{path}, line {line}: this is no mention: restore the file from its last copy."
        raise FileUnreadable(message) from None
    return table.select(MENTION_SCHEMA.names), whole


def _first_spoilt(content: bytes) -> int:
    """The number of the first line that is no object."""
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            json.loads(line)["mention_id"]
        except (ValueError, TypeError, KeyError):
            return number
    return 1


def _registered(path: Path, model: Model, known: int) -> Model:
    """The model at the scale that the register was registered for, so that no weight moves with a row of the day."""
    scale = json.loads(path.read_text(encoding="utf-8"))["scale"] if path.exists() else LEAST_SCALE
    if not path.exists() or known > 2**scale:
        scale = max(scale, at_scale(model, known).scale)
        path.write_text(json.dumps({"scale": scale}) + "\n", encoding="utf-8")
    return replace(model, scale=scale)
