"""In which force's area and district a place named in a record lies: a station or a town, where nothing leaves doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.places import District, distance_metres, districts, stations, towns

NEAR_METRES: Final = 5_000
"""[D] How far an address may lie from the nearest town for that town's district to be taken for its own."""

_POSTCODE = re.compile(r" [a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}$")
_WORDS_OF_STREETS = frozenset({"street", "grove"})  # which are towns as well
_AT_STATION = re.compile(
    r"\b(?:at|in|outside|near) ((?:[\w&'().-]+ ){1,5}?)(?:(?:railway|train|rail) )?station\b", re.IGNORECASE
)
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


def force_of_stations(text: str) -> str:
    """The territorial force of the stations that a narrative says somebody was at, empty where it names none or leaves doubt.

    For records of those who work everywhere: "stopped at Kings Lynn station, having come from London" is in Norfolk.
    """
    found = set()
    for named in _AT_STATION.findall(text):
        words = named.casefold().replace("'", "").split()
        tails = (
            " ".join(words[at:]) for at in range(len(words))
        )  # "the up platform of Kings Lynn": the longest that is one
        found.add(next((force for tail in tails if (force := _stations_said().get(tail))), ""))
    return next(iter(found)) if len(found) == 1 else ""


def district_of_address(text: str, lat: float | None = None, lon: float | None = None) -> District | None:
    """The local authority district of an address: of the town at its end, where one district alone has a town of that name;
    else of the town nearest to its coordinates (degrees), where one is near. None where neither says."""
    words = _POSTCODE.sub("", " ".join(text.replace(",", " ").casefold().split())).split()
    for length in (3, 2, 1):
        name = " ".join(words[-length:])
        found = _town_districts().get(name, frozenset())
        if len(words) >= length and name not in _WORDS_OF_STREETS and len(found) == 1:
            return districts().get(next(iter(found)))
    return None if lat is None or lon is None else _nearest(round(lat, 5), round(lon, 5))


def district_of_place(text: str, force: str) -> District | None:
    """The district of a named station or town, in a force's area where that is known. None where the name leaves doubt."""
    name = " ".join(text.casefold().split())
    bare = _STATION.sub("", name)
    found = (_station_districts() if bare != name else _town_districts()).get(bare, frozenset())
    here = {code for code in found if not force or districts()[code].force_id == force}
    return districts()[next(iter(here))] if len(here) == 1 else None


@cache
def _nearest(lat: float, lon: float) -> District | None:
    near = min((distance_metres(lat, lon, town.lat, town.lon), town.geonameid, town.lad_code) for town in towns())
    return districts().get(near[2]) if near[0] <= NEAR_METRES else None


@cache
def _town_districts() -> Mapping[str, frozenset[str]]:
    return _by_name([(town.name, town.lad_code) for town in towns()])


@cache
def _station_districts() -> Mapping[str, frozenset[str]]:
    return _by_name([(station.name, station.lad_code) for station in stations().values()])


def _by_name(named: list[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """The districts that have a place of each name; one that is on no list of districts counts for nothing."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, code in named:
        if code in districts():
            found[name.casefold()].add(code)
    return MappingProxyType({name: frozenset(codes) for name, codes in found.items()})


@cache
def _stations() -> Mapping[str, str]:
    return _unmistakable([(station.name, station.force_id) for station in stations().values()])


@cache
def _stations_said() -> Mapping[str, str]:
    """The same without apostrophes, which lists and officers write differently."""
    return _unmistakable([(station.name.replace("'", ""), station.force_id) for station in stations().values()])


@cache
def _towns() -> Mapping[str, str]:
    return _unmistakable([(town.name, town.force_id) for town in towns()])


def _unmistakable(named: list[tuple[str, str]]) -> Mapping[str, str]:
    forces: dict[str, set[str]] = defaultdict(set)
    for name, force in named:
        forces[name.casefold()].add(force)
    return MappingProxyType({name: next(iter(found)) for name, found in forces.items() if len(found) == 1})
