"""Which force's area a place named in a record lies in: a railway station or a town, where its name leaves no doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from crossline.vocabulary.places import stations, towns

_POSTCODE = re.compile(r" [a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}$")
_WORDS_OF_STREETS = frozenset({"street", "grove"})  # which are towns as well
_STATION = re.compile(r" (railway |train |rail )?station$")


def force_of_place(text: str) -> str:
    """The territorial force of a place, empty when the name is not one, or is one in several forces' areas."""
    name = " ".join(text.casefold().split())
    bare = _STATION.sub("", name)
    if bare != name:
        return _stations().get(bare, "")
    return _towns().get(bare, "")


def force_of_address(text: str) -> str:
    """The territorial force of the town at the end of an address as written, empty when it leaves doubt.

    For callers that fill `MentionFact.area` and hold no coordinates: "12 Station Road, Putney ZR15 2HQ" is in London.
    """
    words = _POSTCODE.sub("", " ".join(text.replace(",", " ").casefold().split())).split()
    for length in (3, 2, 1):  # "Newcastle upon Tyne" before "Tyne"
        town = " ".join(words[-length:])
        if len(words) >= length and town not in _WORDS_OF_STREETS and (force := _towns().get(town)):
            return force
    return ""


@cache
def _stations() -> Mapping[str, str]:
    return _unmistakable([(station.name, station.force_id) for station in stations().values()])


@cache
def _towns() -> Mapping[str, str]:
    return _unmistakable([(town.name, town.force_id) for town in towns()])


def _unmistakable(named: list[tuple[str, str]]) -> Mapping[str, str]:
    forces: dict[str, set[str]] = defaultdict(set)
    for name, force in named:
        forces[name.casefold()].add(force)
    return MappingProxyType({name: next(iter(found)) for name, found in forces.items() if len(found) == 1})
