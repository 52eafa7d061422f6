"""Where things are: the towns of each force, hubs and markets, and addresses that cannot be anybody's.

Towns, stations and districts are real. A house number and a common street name are put together at random, and each
district has a postcode area that Royal Mail has not (ZA to ZY without ZE, Z and a letter never being an area but for ZE),
so an invented address is never a real one even where the town has such a street. Points are scattered round the town.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, log, radians
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from crossline.simulation.chance import Choice
from crossline.simulation.parameters import (
    COAST_WEIGHT,
    HUB_POPULATION_MIN,
    MARKET_DISTANCE_MODE,
    MARKET_DISTANCE_RANGE,
    MARKET_POPULATION,
)
from crossline.simulation.world import Place
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.places import Town, distance_metres, districts, stations, towns

DATA: Final = Path(__file__).parent / "data"
RAILWAY: Final = "btp"
_AREA_LETTERS: Final = "ABCDFGHKLMNOPQRSTUVWXY"
_INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"
_METRES_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Address:
    """An invented address. `lat`/`lon` are a point near the town; `premises` says what stands there."""

    number: str
    flat: str
    street: str
    town: str
    postcode: str
    lat: float
    lon: float
    premises: str
    force_id: str

    @property
    def text(self) -> str:
        """As one line, without the postcode."""
        street = f"{self.number} {self.street}".strip()
        return ", ".join(part for part in (self.flat, street, self.town) if part)


@cache
def towns_of(force_id: str) -> tuple[Town, ...]:
    """Towns a force polices, largest first; whole cities that stand beside their parts are kept (they are hubs too)."""
    return tuple(town for town in towns() if town.force_id == force_id and town.name != "London")


@cache
def homes_of(force_id: str) -> Choice[Town]:
    """Where the force's residents live, by population (damped: the list has suburbs beside their cities)."""
    return Choice([(town, float(town.population) ** 0.8) for town in towns_of(force_id)])


@cache
def stations_of(force_id: str) -> Choice[Place]:
    """Railway stations in a force's area, those in larger districts first in the draw."""
    found = []
    for station in stations().values():
        if station.force_id == force_id:
            place = Place(
                f"{station.name} railway station", station.lat, station.lon, station.lad_code, station.force_id, 0
            )
            found.append((place, float(districts()[station.lad_code].population)))
    return Choice(found or [(as_place(town), float(town.population)) for town in towns_of(force_id)])


def as_place(town: Town) -> Place:
    """The shared type of a town."""
    return Place(town.name, town.lat, town.lon, town.lad_code, town.force_id, town.population)


@cache
def hubs_of(force_id: str) -> Choice[Place]:
    """Towns and boroughs large enough for a line to be run from; the largest there is, where none is large enough."""
    large = [town for town in towns_of(force_id) if town.population >= HUB_POPULATION_MIN.value]
    return Choice([(as_place(town), float(town.population) ** 0.6) for town in large or towns_of(force_id)[:1]])


def markets_for(hub: Place, force_ids: frozenset[str], *, internal: bool) -> Choice[Place]:
    """Towns a line from `hub` sells in, by size, want, coast and distance; outside its force unless the line is internal."""
    least, most = MARKET_DISTANCE_RANGE.value
    weighted = []
    for place, pull in _market_pulls(force_ids):
        metres = distance_metres(hub.lat, hub.lon, place.lat, place.lon)
        if internal:
            if place.force_id == hub.force_id and metres > least / 5:
                weighted.append((place, pull))
        elif place.force_id != hub.force_id and least <= metres <= most:
            # Likeliest at the mode, falling on either side on a logarithmic scale of distance.
            weighted.append((place, pull / (1.0 + (log(metres / MARKET_DISTANCE_MODE.value) / 0.55) ** 2)))
    if not weighted:
        weighted = [
            (as_place(town), float(town.population)) for town in towns_of(hub.force_id) if town.name != hub.name
        ]
    return Choice(weighted or [(hub, 1.0)])


@cache
def _market_pulls(force_ids: frozenset[str]) -> tuple[tuple[Place, float], ...]:
    least, most = MARKET_POPULATION.value
    pulls = []
    for town in towns():
        if town.force_id not in force_ids or not town.principal or not least <= town.population <= most:
            continue
        coast = COAST_WEIGHT.value if town.name in seaside() else 1.0
        pulls.append((as_place(town), float(town.population) ** 0.5 * want(town.lad_code) * coast))
    return tuple(pulls)


def want(lad_code: str) -> float:
    """How deprived a district is against the mean of its nation, 0.4 to 2.5. The nations' measures are not comparable."""
    return _want().get(lad_code, 1.0)


@cache
def _want() -> Mapping[str, float]:
    measures = ("imd2025_avg_score", "wimd2019_score", "simd2020_proportion", "nimdm2017_proportion")
    scores: dict[str, dict[str, float]] = {}
    with (DATA / "lad_drivers_latest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for measure in measures:
                if row[measure]:
                    scores.setdefault(measure, {})[row["lad_code"]] = float(row[measure])
    found: dict[str, float] = {}
    for by_district in scores.values():
        mean = sum(by_district.values()) / len(by_district)
        found |= {code: min(2.5, max(0.4, score / mean)) for code, score in by_district.items()}
    return MappingProxyType(found)


@cache
def seaside() -> frozenset[str]:
    """Names of seaside towns, compiled for the simulator."""
    return frozenset((DATA / "seaside_towns.csv").read_text(encoding="utf-8").split("\n")[1:]) - {""}


@cache
def _streets() -> Choice[str]:
    """Commonest road names with their counts, and invented ones by the share of road types."""
    named, kinds = [], []
    with (DATA / "street_names_common.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "road_name_count" and row["area"] == "GB":
                named.append((row["name"], float(row["value"])))
            elif row["kind"] == "road_type_share":
                kinds.append((row["name"], float(row["value"])))
    words = [word for word in (DATA / "street_words.csv").read_text(encoding="utf-8").split("\n")[1:] if word]
    named += [(f"{word} {kind}", share * 3.0) for word in words for kind, share in kinds]
    return Choice(named)


@cache
def outward_code(lad_code: str) -> str:
    """The invented postcode district of a local authority, such as ZB12."""
    at = sorted(districts()).index(lad_code)
    return f"Z{_AREA_LETTERS[at // 20]}{at % 20 + 1}"


def address_in(town: Town | Place, rng: Random, *, premises: str = "dwelling", flat_share: float = 0.32) -> Address:
    """An invented address in or near a town."""
    street = _streets().draw(rng)
    number = str(1 + int(rng.random() ** 1.7 * 160)) + (rng.choice("AB") if rng.random() < 0.03 else "")
    flat = ""
    if premises == "dwelling" and rng.random() < flat_share:
        flat = f"Flat {1 + int(rng.random() * 24)}" if rng.random() < 0.9 else f"Flat {rng.choice('ABCD')}"
    reach = 250.0 + 12.0 * float(town.population) ** 0.45
    lat = town.lat + rng.gauss(0.0, reach) / _METRES_PER_DEGREE
    lon = town.lon + rng.gauss(0.0, reach) / (_METRES_PER_DEGREE * cos(radians(town.lat)))
    # One postcode for a stretch of some fifteen houses of a street.
    sector = Random(f"{town.lad_code}/{town.name}/{street}/{int(number.rstrip('AB')) // 30}")
    postcode = (
        f"{outward_code(town.lad_code)} {sector.randrange(1, 10)}{sector.choice(_INWARD)}{sector.choice(_INWARD)}"
    )
    return Address(number, flat, street, town.name, postcode, round(lat, 5), round(lon, 5), premises, town.force_id)


def station_address(station: Place, rng: Random) -> Address:
    """A railway station as an address."""
    postcode = f"{outward_code(station.lad_code)} {rng.randrange(1, 10)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"
    town = station.name.removesuffix(" railway station")
    lat, lon = round(station.lat, 5), round(station.lon, 5)
    return Address("", station.name, "Station Approach", town, postcode, lat, lon, "railway station", station.force_id)


@cache
def population_weights(agency_ids: tuple[str, ...]) -> Mapping[str, float]:
    """Share of reports (and of returned figures) by agency: by residents; the railway's and the City's are our assumption."""
    entries = agencies()
    people = {agency: float(entries[agency].population or 0) for agency in agency_ids}
    total = sum(people.values())
    floors = {RAILWAY: 0.04, "city-of-london": 0.006}  # [D]: neither polices by residents
    weighted = {agency: max(count, floors.get(agency, 0.0) * total) for agency, count in people.items()}
    whole = sum(weighted.values())
    return MappingProxyType({agency: weight / whole for agency, weight in weighted.items()})
