"""The text of a PDF as its own character maps have it: what a reader, a search and a screen reader find on its pages."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|(<[0-9A-Fa-f]*>(?!>))|(\()|(\bET\b)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All pages in order, a space where a run ends; a hyphen of the layout is not to be expected."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body or b"/Type/Page " in body]
    return "\n".join(_page(body, objects) for body in pages)


def _page(body: bytes, objects: Mapping[int, bytes]) -> str:
    resources = _followed(rb"/Resources (\d+) 0 R", body, objects)
    fonts = re.search(rb"/Font<<(.*?)>>", resources, re.DOTALL)
    maps = {}
    for name, number in re.findall(rb"/(\w+) (\d+) 0 R", fonts[1] if fonts else b""):
        maps[name] = _map(_stream(_followed(rb"/ToUnicode (\d+) 0 R", objects[int(number)], objects)))
    content = _stream(_followed(rb"/Contents (\d+) 0 R", body, objects))
    out: list[str] = []
    used: Mapping[bytes, str] = {}
    place = 0
    while found := _SHOWN.search(content, place):
        font, string, opens, ended = found.groups()
        place = found.end()
        if opens:
            string, place = _literal(content, place)
        if font:
            used = maps[font]
        elif string:
            out.append("".join(used.get(code, "�") for code in _codes(string)))
        elif ended:
            out.append(" ")
    return "".join(out)


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """A string in brackets, which may stand in it unescaped where they are balanced; and where it ends."""
    depth, place = 1, start
    while depth:
        each = content[place : place + 1]
        place += 2 if each == b"\\" else 1
        depth += {b"(": 1, b")": -1}.get(each, 0)
    return content[start - 1 : place], place


def _followed(pattern: bytes, body: bytes, objects: Mapping[int, bytes]) -> bytes:
    found = re.search(pattern, body)
    assert found, (pattern, body[:200])
    return objects[int(found[1])]


def _stream(body: bytes) -> bytes:
    raw = body.partition(b"stream")[2].lstrip(b"\r\n").rpartition(b"endstream")[0]
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in body else raw


def _map(text: bytes) -> dict[bytes, str]:
    """Codes of two bytes to what they stand for."""
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, means in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(means.decode()).decode("utf-16-be")
    return found


def _codes(string: bytes) -> list[bytes]:
    inner = string[1:-1]
    if string[:1] == b"<":
        raw = bytes.fromhex(inner.decode())
    else:
        raw = re.sub(
            rb"\\([0-7]{1,3}|.)",
            lambda said: bytes([int(said[1], 8)]) if said[1].isdigit() else _ESCAPED.get(said[1], said[1]),
            inner,
            flags=re.DOTALL,
        )
    return [raw[place : place + 2] for place in range(0, len(raw), 2)]
