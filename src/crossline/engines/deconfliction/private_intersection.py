"""A check between two lists that neither side shows the other: bytes in, bytes out, in three steps (docs/decisions/0026).

The asker blinds its list under a key of its own; the other side blinds that again, and its own list, under one that it
throws away; the asker takes its key off and sees which of its values both have, or only how many.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any, Final
from uuid import uuid4

from crossline.engines.deconfliction.private_files import (
    Listed,
    check_size,
    digest,
    packed,
    sealed,
    unpacked,
    unsealed,
)
from crossline.errors import FileUnreadable, InstallationError, UserError

LIBRARY: Final = "private_set_intersection.python"
_NO_FALSE_ONES: Final = 1e-9  # not used with raw values, which are compared whole; the library asks for it


@dataclass(frozen=True, slots=True)
class Request:
    """What the asker sends, and what it keeps to read the answer by."""

    id: str
    to_send: bytes
    to_keep: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; and the request's id, digest and size, for whoever answers to remember."""

    id: str
    request: str
    asked: int
    only_size: bool
    to_send: bytes


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the asker learns: how many values both have, which they are unless only the size was asked, and both sizes."""

    size: int
    values: tuple[tuple[str, str], ...] | None
    asked: int
    held: int


def ask(listed: Listed, *, only_size: bool = False) -> Request:
    """A request from a list. It says how long the list is, and nothing else of it."""
    psi = _library()
    rows = [[scheme, value, text] for text, (scheme, value) in listed.rows.items()]
    SystemRandom().shuffle(rows)  # the order goes out: the place of a value in a sorted list would tell what it may be
    client = psi.client.CreateWithNewKey(not only_size)
    body = client.CreateRequest([text for _, _, text in rows]).SerializeToString()
    id_ = uuid4().hex
    to_send = sealed("request", id=id_, only_size=only_size, rows=len(rows), body=packed(body))
    key = packed(client.GetPrivateKeyBytes())
    to_keep = sealed("key", id=id_, only_size=only_size, request=digest(to_send), key=key, rows=rows)
    return Request(id_, to_send, to_keep)


def answer(
    request: bytes, own: Listed, *, answered: Mapping[str, str], only_size: bool = False, where: str = "The request"
) -> Answer:
    """The answer to a request from one's own list.

    `answered`: the digest of each request that was answered before, by its id. `only_size`: answer nothing but the size.
    """
    psi = _library()
    said = unsealed("request", request, where)
    id_, found = str(said["id"]), digest(request)
    if answered.get(id_, found) != found:
        raise UserError(
            f"{where} has the number of one that was answered before, and other content: have a new one made."
        )
    if only_size and not said["only_size"]:
        raise UserError(f"{where} asks which values both have; have it made again with --only-size.")
    asked = psi.Request()
    server = psi.server.CreateWithNewKey(not said["only_size"])  # a new one each time: two answers cannot be compared
    try:
        asked.ParseFromString(unpacked(said["body"], where))
        check_size(len(set(asked.encrypted_elements)), where)
        if len(asked.encrypted_elements) != len(set(asked.encrypted_elements)):
            raise ValueError  # one value said often would pass for a list
        response = server.ProcessRequest(asked).SerializeToString()
    except FileUnreadable:
        raise
    except Exception:
        raise FileUnreadable(f"{where} holds no list that can be compared: have it made again.") from None
    setup = server.CreateSetupMessage(
        _NO_FALSE_ONES, len(asked.encrypted_elements), list(own.rows), psi.DataStructure.RAW
    )
    to_send = sealed(
        "answer",
        id=id_,
        request=found,
        rows=len(own.rows),
        setup=packed(setup.SerializeToString()),
        response=packed(response),
    )
    return Answer(id_, found, len(asked.encrypted_elements), bool(said["only_size"]), to_send)


def read(answered: bytes, key: bytes, *, where: str = "The answer", where_key: str = "The key") -> Overlap:
    """What both lists have, by the key that the request was made with."""
    psi = _library()
    said, kept = unsealed("answer", answered, where), unsealed("key", key, where_key)
    if said["request"] != kept["request"]:
        raise UserError(f"{where} is to another request than {where_key} is for: give the two that belong together.")
    rows, only_size = kept["rows"], kept["only_size"]
    client = psi.client.CreateFromKey(unpacked(kept["key"], where_key), not only_size)
    setup, response = psi.ServerSetup(), psi.Response()
    try:
        setup.ParseFromString(unpacked(said["setup"], where))
        response.ParseFromString(unpacked(said["response"], where))
        if len(response.encrypted_elements) != len(rows):
            raise ValueError
        places = None if only_size else client.GetIntersection(setup, response)
        size = len(places) if places is not None else client.GetIntersectionSize(setup, response)
    except Exception:
        raise FileUnreadable(f"{where} holds no answer that can be read: have it sent again.") from None
    values = None if places is None else tuple(sorted((rows[place][0], rows[place][1]) for place in places))
    return Overlap(size, values, len(rows), int(said["rows"]))


def _library() -> Any:
    try:
        return importlib.import_module(LIBRARY)
    except ImportError:
        raise InstallationError(
            "Private checks need the package openmined-psi, which is not installed here: install requirements/psi.txt. "
            "It runs on Linux (64-bit Intel or AMD, glibc 2.35 or later) and on macOS 14 with Apple silicon."
        ) from None
