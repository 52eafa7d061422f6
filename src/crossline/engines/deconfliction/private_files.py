"""The files of a private check: what is in each, that it came whole, and lists of selectors to compare."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from crossline.engines.deconfliction.selectors import selector_texts
from crossline.errors import FileUnreadable, SelectorUnreadable

VERSION: Final = 1
FEWEST: Final = 50
"""[D] Of either side. A list of one is a question about one; whoever fills a list up with invented values is not stopped."""
MOST: Final = 20_000
"""[D] As of a file of ordinary checks."""

FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "request": frozenset({"id", "only_size", "rows", "body"}),
        "key": frozenset({"id", "only_size", "request", "key", "rows"}),
        "answer": frozenset({"id", "request", "rows", "setup", "response"}),
    }
)
"""What a file of each kind says, and nothing besides."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list to compare: each text with its kind and the value as first written, and how many rows said nothing."""

    rows: Mapping[str, tuple[str, str]]
    unreadable: int


def read_list(content: bytes, where: str) -> Listed:
    """The selectors of a CSV file with the columns scheme and value; rows without evidence are counted and left out."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = {"scheme", "value"} - set(reader.fieldnames or ())
        lines = [] if missing else list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise FileUnreadable(f"{where} is no CSV file in UTF-8.") from None
    if missing:
        raise FileUnreadable(f"{where} needs the columns scheme and value in its first row.")
    rows: dict[str, tuple[str, str]] = {}
    unreadable = 0
    for number, line in enumerate(lines, start=2):
        scheme, value = (line["scheme"] or "").strip(), (line["value"] or "").strip()
        try:
            texts = selector_texts(scheme, value)
        except SelectorUnreadable as error:
            raise FileUnreadable(f"{where}, row {number}: {error}") from None
        unreadable += not texts
        for text in texts:
            rows.setdefault(text, (scheme, value))
    check_size(len(rows), where)
    return Listed(rows, unreadable)


def check_size(size: int, what: str) -> None:
    """Refuse a list that is too short, or too long. The size is no secret: either side learns the other's."""
    if size < FEWEST:
        raise FileUnreadable(f"{what} has {size:,} different selectors; a private check compares at least {FEWEST}.")
    if size > MOST:
        raise FileUnreadable(f"{what} has {size:,} different selectors; a private check compares at most {MOST:,}.")


def sealed(kind: str, **fields: Any) -> bytes:
    """A file of one kind, with a digest that shows whether it came whole. No signature: who sent it is for the channel."""
    said = {"crossline": f"private {kind}", "version": VERSION, **fields}
    return _written({**said, "sha256": hashlib.sha256(_written(said)).hexdigest()})


def unsealed(kind: str, content: bytes, where: str) -> dict[str, Any]:
    """What a file of that kind says. Raises FileUnreadable where it is another, or was changed on its way."""
    try:
        said: dict[str, Any] = json.loads(content)
        is_ours = isinstance(said, dict) and str(said.get("crossline")).startswith("private ")
    except (ValueError, RecursionError):
        is_ours = False
    if not is_ours:
        raise FileUnreadable(f"{where} is no file of a private check: give what crossline deconflict wrote, as it was.")
    digest = said.pop("sha256", None)
    if digest != hashlib.sha256(_written(said)).hexdigest():
        raise FileUnreadable(f"{where} was changed or cut short on its way: have it sent again.")
    found = said.pop("crossline").removeprefix("private ")
    if found != kind:
        raise FileUnreadable(f"{where} is the {found} of a private check; the {kind} is needed here.")
    if said.pop("version", None) != VERSION or said.keys() != FIELDS[kind]:
        raise FileUnreadable(f"{where} was made by another version of private checks: have it made again.")
    return said


def digest(content: bytes) -> str:
    """What a request is known by when it is answered and read."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> str:
    """Bytes as text for a file."""
    return base64.b64encode(content).decode()


def unpacked(text: object, where: str) -> bytes:
    """The bytes again."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise FileUnreadable(f"{where} was changed or cut short on its way: have it sent again.") from None


def _written(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
