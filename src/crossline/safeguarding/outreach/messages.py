"""The messages and counts of outreach as data, with the authority they stand on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_DATA: Final = Path(__file__).parent / "data" / "messages.toml"


@dataclass(frozen=True)
class Message:
    """One message, with `{service}` and `{reach}` to be filled in."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Count:
    """One thing that is counted, and by which side: `police` or `health`."""

    id: str
    title: str
    side: str


@dataclass(frozen=True)
class Messages:
    """What may be sent and counted."""

    version: str
    authority: str
    opt_out: str
    longest: int
    by_id: Mapping[str, Message]
    counts: Mapping[str, Count]

    def text_of(self, message: str, *, service: str, reach: str) -> str:
        """The whole message as it is sent: nobody sends one without the sentence that ends them."""
        return f"{self.by_id[message].text.format(service=service, reach=reach)} {self.opt_out}"


@cache
def messages() -> Messages:
    """Those in force."""
    read = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return Messages(
        read["version"],
        read["authority"],
        read["opt_out"],
        read["longest"],
        MappingProxyType({each["id"]: Message(**each) for each in read["message"]}),
        MappingProxyType({each["id"]: Count(**each) for each in read["count"]}),
    )
