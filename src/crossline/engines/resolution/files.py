"""Resolving a file of people from anywhere: CSV in, one cluster id a row out."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import Model, at_scale, released_model
from crossline.engines.resolution.register import Register
from crossline.engines.resolution.resolve import resolve
from crossline.engines.resolution.training import train
from crossline.errors import FileUnreadable

OUTPUT_COLUMNS = ("entity", "agency", "ref", "key")
# Up to so many rows every row is compared with every other (2 million pairs): no blocking rule can miss one.
EXHAUSTIVE_ROWS, EXHAUSTIVE_SPARSE = 2_000, 4_000
# [D] A file in which fewer rows than this give both names is a sparse one: keys that ask for names reach too little of it.
LEAST_NAMED = 0.6
_REQUIRED = "ref"
_PLAIN = ("agency", "forename", "middle", "surname", "sex", "pnc", "nominal", "vrm", "address", "postcode", "place")
_LISTS = ("aliases", "phones")
# `key` comes back in the output; `occupation` is accepted and has no part in the matching.
_KNOWN = (_REQUIRED, "key", "dob", "occupation", *_PLAIN, *_LISTS)
_UK_DATE = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_ISO_DATE = re.compile(r"^\d{4}(-\d{1,2}(-\d{1,2})?)?([T ].*)?$")
_NO_DATE = frozenset({"", "unknown", "not known", "nk", "n/k", "none", "null", "na", "n/a"})


@dataclass(frozen=True)
class FileResolved:
    """What was done with a file: rows read, entities found, columns that were not understood and so not used."""

    rows: int
    entities: int
    ignored_columns: tuple[str, ...]
    model_version: str


def resolve_file(
    path: Path, out: Path | None = None, *, register: Path | None = None, learn: bool = True, model: Model | None = None,
    seed: int = 1, progress: Callable[[str], None] = lambda _: None,
) -> FileResolved:  # fmt: skip
    """Write entity, agency, ref, key for every row of the CSV at `path`, in its order, to `out` or standard output.

    With `learn`, the model is adapted to the file (a file has one owner, so nothing hidden can show in its weights). With
    `register`, a folder, the rows are matched with what it holds as well, and stay there: entities keep their names from file
    to file, and weights are the release's own.
    """
    rows, ignored = _read(path)
    progress(f"{len(rows):,} rows read")
    if register is not None:
        return _resolve_into(register, rows, out, ignored=ignored, model=model or released_model(), progress=progress)
    table = _table(rows)
    chosen = at_scale(model or released_model(), len(rows))
    if learn:
        chosen = train(table, seed, release=f"{chosen.release}+file", start=chosen)
        progress("model adapted to the file")
    sparse = _is_sparse(rows)
    if sparse:
        progress("few rows give both names: single fields are looked up as well")
    exhaustive = len(rows) <= (EXHAUSTIVE_SPARSE if sparse else EXHAUSTIVE_ROWS)
    cluster_of = resolve(table, chosen, exhaustive=exhaustive, sparse=sparse).cluster_of
    numbers: dict[str, int] = {}
    entities = [numbers.setdefault(cluster_of[_mention_id(number)], len(numbers) + 1) for number in range(len(rows))]
    _write(rows, entities, out)
    return FileResolved(len(rows), len(numbers), ignored, chosen.version)


def _resolve_into(
    folder: Path, rows: list[dict[str, str]], out: Path | None, *, ignored: tuple[str, ...], model: Model,
    progress: Callable[[str], None],
) -> FileResolved:  # fmt: skip
    """The rows among all that a register holds. A row that it holds already, by agency, ref and key, is not taken again."""
    mentions = _table(rows).to_pylist()
    times: Counter[tuple[str, ...]] = Counter()
    for row, mention in zip(rows, mentions, strict=True):
        named = (row.get("agency", ""), row["ref"], row.get("key", ""))
        times[named] += 1
        mention["mention_id"] = "|".join((*named, str(times[named])) if times[named] > 1 else named)
    with Register(folder, model) as register:
        progress(f"{len(register):,} mentions known in {folder}")
        register.add_all(mentions)
        entities = [register.number_of(mention["mention_id"]) + 1 for mention in mentions]
        _write(rows, entities, out)
        return FileResolved(len(rows), len(set(entities)), ignored, register.model.version)


def _is_sparse(rows: list[dict[str, str]]) -> bool:
    named = sum(bool(row.get("forename") and row.get("surname")) for row in rows)
    return named < LEAST_NAMED * len(rows)


def _write(rows: list[dict[str, str]], entities: list[int], out: Path | None) -> None:
    with _writer(out) as stream:
        written = csv.writer(stream, lineterminator="\n")
        written.writerow(OUTPUT_COLUMNS)
        for row, entity in zip(rows, entities, strict=True):
            written.writerow([f"E{entity:07d}", row.get("agency", ""), row["ref"], row.get("key", "")])


def _read(path: Path) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _rows(path, stream)
    except FileNotFoundError:
        raise FileUnreadable(f"There is no file {path}: check the name.") from None
    except IsADirectoryError:
        raise FileUnreadable(f"{path} is a folder: name the CSV file in it.") from None
    except PermissionError:
        raise FileUnreadable(f"{path} may not be read by this user: change its permissions.") from None
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path} is not UTF-8 text (byte {error.start:,}): save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise FileUnreadable(f"{path} is not a CSV file ({error}): save it as CSV UTF-8.") from None


def _rows(path: Path, stream: TextIO) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    reader = csv.reader(stream, strict=True)
    header = [name.strip().casefold() for name in next(reader, [])]
    if _REQUIRED not in header:
        raise FileUnreadable(f"{path}, row 1: there is no column ref: name the column that identifies each row ref.")
    doubled = sorted({name for name in header if name in _KNOWN and header.count(name) > 1})
    if doubled:
        raise FileUnreadable(f"{path}, row 1: the column {doubled[0]} occurs twice: keep one of them.")
    rows = []
    for number, values in enumerate(reader, start=2):
        if not any(value.strip() for value in values):
            continue
        if len(values) > len(header):
            raise FileUnreadable(
                f"{path}, row {number}: {len(values)} values for {len(header)} columns: put values that hold a comma "
                "in double quotes."
            )
        row = {name: value.strip() for name, value in zip(header, values, strict=False) if name in _KNOWN}
        if not row.get(_REQUIRED):
            raise FileUnreadable(f"{path}, row {number}, column ref: it is empty: give every row its reference.")
        row["dob"] = _date(path, number, row.get("dob", ""))
        rows.append(row)
    return rows, tuple(name for name in header if name and name not in _KNOWN)


def _date(path: Path, row: int, text: str) -> str:
    """ISO, perhaps partial; "" where there is none."""
    if text.casefold() in _NO_DATE:
        return ""
    if found := _UK_DATE.match(text):
        day, month, year = found.groups()
        return f"{year}-{month}-{day}"
    if found := _COMPACT_DATE.match(text):
        return "-".join(found.groups())
    if _ISO_DATE.match(text):
        return re.split("[T ]", text)[0]
    raise FileUnreadable(
        f"{path}, row {row}, column dob: {text!r} is not a date: write it as 2008-04-11, 2008-04, 2008 or 11/04/2008."
    )


def _table(rows: list[dict[str, str]]) -> pa.Table:
    """MENTION_SCHEMA; a mention's id is its place in the file, as refs may recur."""
    columns: dict[str, list[object]] = {name: [row.get(name) for row in rows] for name in (*_PLAIN, "dob")}
    columns |= {name: [row.get(name, "").split(";") for row in rows] for name in _LISTS}
    columns["mention_id"] = [_mention_id(number) for number in range(len(rows))]
    columns["associates"] = list(_associates(rows))
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in MENTION_SCHEMA})


def _associates(rows: list[dict[str, str]]) -> Iterator[list[str]]:
    """For each row the others of its record: those with its agency and reference, and another key."""
    of_record: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row.get("key"):
            of_record[row.get("agency", ""), row["ref"]].append(row)
    for row in rows:
        beside = of_record.get((row.get("agency", ""), row["ref"]), ())
        named = (
            each for each in beside if each["key"] != row.get("key") and each.get("forename") and each.get("surname")
        )
        yield [f"{each['forename']} {each['surname']}" for each in named] if row.get("key") else []


def _mention_id(number: int) -> str:
    return f"{number:09d}"


@contextmanager
def _writer(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as error:
        raise FileUnreadable(f"{out} cannot be written ({error.strerror}): choose another place.") from None
