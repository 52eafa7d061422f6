"""Signs and kinds of cuckooing, review days and the words for housing partners, read from data with the authority of each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "data" / "cuckooing.toml"


@dataclass(frozen=True)
class GuideEntry:
    """One entry of a list: its id, its words, and where they are from."""

    id: str
    name: str
    label: str


@dataclass(frozen=True)
class Guide:
    """Everything that the register of premises takes from data."""

    authority: str
    review_days: tuple[int, ...]
    review_authority: str
    housing: Mapping[str, str]
    closures: Sequence[GuideEntry]
    visits: Sequence[GuideEntry]
    outcomes: Sequence[GuideEntry]
    signs: Sequence[GuideEntry]
    uses: Sequence[GuideEntry]


@cache
def guide() -> Guide:
    """The guide as the data give it."""
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))

    def entries(name: str) -> tuple[GuideEntry, ...]:
        return tuple(GuideEntry(**each) for each in said[name])

    return Guide(
        authority=said["authority"],
        review_days=tuple(said["review_days"]),
        review_authority=said["review_authority"],
        housing=said["housing"],
        closures=entries("closure"),
        visits=entries("visit"),
        outcomes=entries("outcome"),
        signs=entries("sign"),
        uses=entries("use"),
    )
