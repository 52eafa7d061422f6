"""Indicator packs as data: for each profession, what it may see, what to do, what not to do, and words that help.

A pack names signs by id (signs.py); what all packs say stands once (data/common.toml). Each part says where it is from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from crossline.safeguarding.guidance.signs import DATA, Sign, SignAbout, signs
from crossline.vocabulary.agencies import PartnerKind

ORDER: Final = (
    *("school", "health", "carers", "housing", "transport", "hotels", "treatment", "benefits", "patrol", "custody"),
)
"""The packs as they are listed: those first who see most children."""


@dataclass(frozen=True)
class Advice:
    """One sentence of what to do, not to do, or whom to ask, with who says so."""

    text: str
    source: str
    name: str = ""


@dataclass(frozen=True)
class Common:
    """What every pack says."""

    version: str
    from_date: date
    review_by: date
    what_it_is: str
    first: str
    one_sign: str
    steps: tuple[Advice, ...]
    avoid: tuple[Advice, ...]
    say: tuple[str, ...]
    help: tuple[Advice, ...]


@dataclass(frozen=True)
class Pack:
    """One profession's pack. `kinds`: the partner organisations whose people are led to it; `sectors`: what a record of a
    concern from there is told to come from, the usual one first."""

    id: str
    version: str
    title: str
    who: str
    where: str
    source: str
    kinds: tuple[PartnerKind, ...]
    sectors: tuple[str, ...]
    signs: tuple[Sign, ...]
    see: tuple[str, ...]
    do: tuple[str, ...]

    @property
    def signs_by_subject(self) -> Mapping[SignAbout, Sequence[Sign]]:
        """The pack's signs under whom or what they are seen in; subjects without any are left out."""
        grouped = {about: [sign for sign in self.signs if sign.about is about] for about in SignAbout}
        return {about: found for about, found in grouped.items() if found}


@cache
def common() -> Common:
    """What every pack says, as it is in force."""
    read = tomllib.loads((DATA / "common.toml").read_text(encoding="utf-8"))
    return Common(
        read["version"],
        date.fromisoformat(read["from"]),
        date.fromisoformat(read["review_by"]),
        read["what_it_is"],
        read["first"],
        read["one_sign"],
        tuple(Advice(each["do"], each["source"]) for each in read["step"]),
        tuple(Advice(each["do"], each["source"]) for each in read["avoid"]),
        tuple(each["words"] for each in read["say"]),
        tuple(Advice(each["how"], each["source"], each["name"]) for each in read["help"]),
    )


@cache
def packs() -> Mapping[str, Pack]:
    """Every pack by id, in the order of the list."""
    read = {id_: tomllib.loads((DATA / "packs" / f"{id_}.toml").read_text(encoding="utf-8")) for id_ in ORDER}
    return MappingProxyType({id_: _pack(each) for id_, each in read.items()})


def pack_for(kind: str) -> Pack | None:
    """The pack that people of a kind of partner organisation are led to first; None where none is meant for it."""
    return next((pack for pack in packs().values() if kind in pack.kinds), None)


def _pack(read: Mapping[str, Any]) -> Pack:
    by_id = signs().by_id
    return Pack(
        id=read["id"],
        version=read["version"],
        title=read["title"],
        who=read["who"],
        where=read["where"],
        source=read["source"],
        kinds=tuple(PartnerKind(each) for each in read["kinds"]),
        sectors=tuple(read["sectors"]),
        signs=tuple(by_id[each] for each in read["signs"]),
        see=tuple(read["see"]),
        do=tuple(read["do"]),
    )
