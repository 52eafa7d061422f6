"""The signs as data: what each looks like to whoever may see it, how a record says it, and who says that it is one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import Code

DATA: Final = Path(__file__).parent / "data"


class SignAbout(Code):
    """Whom or what a sign is seen in."""

    CHILD = "child", "A child or young person"
    ADULT = "adult", "An adult"
    HOME = "home", "A home that others have taken over"
    LETTING = "letting", "Letting a home"


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {"S": "in the source", "K": "general knowledge, not checked against a source", "D": "this platform’s own"}
)
"""How well a sign is founded, in words."""


@dataclass(frozen=True)
class Sign:
    """One sign. `look`: in plain words, for whoever may see it; `words`: as a record of a concern has it."""

    id: str
    about: SignAbout
    words: str
    look: str
    label: str


@dataclass(frozen=True)
class Signs:
    """Every sign, by id, in the order of the file, with where they come from."""

    version: str
    source: str
    by_id: Mapping[str, Sign]


@cache
def signs() -> Signs:
    """The signs in force."""
    read = tomllib.loads((DATA / "signs.toml").read_text(encoding="utf-8"))
    found = [
        Sign(each["id"], SignAbout(each["about"]), each["words"], each["look"], each["label"]) for each in read["sign"]
    ]
    return Signs(read["version"], read["source"], MappingProxyType({each.id: each for each in found}))
