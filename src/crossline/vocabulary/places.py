"""Districts, towns and railway stations of the United Kingdom; sources and licences in data/NOTICE.md."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Final

DATA: Final = Path(__file__).parent / "data"
EARTH_RADIUS_METRES: Final = 6_371_008.8  # mean radius (IUGG)


@dataclass(frozen=True, slots=True)
class District:
    """A local authority district (May 2024). Population is mid-2022; ruc21_class is empty outside England and Wales."""

    lad_code: str
    name: str
    force_id: str
    country: str
    region: str
    utla_code: str
    utla_name: str
    population: int
    area_km2: float
    lat: float
    lon: float
    ruc21_class: str


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place of 1,000 or more. Suburbs stand beside whole cities: never add populations up.

    `principal` marks the one point to take for each built-up area.
    """

    geonameid: str
    name: str
    lat: float
    lon: float
    population: int
    country: str
    region: str
    lad_code: str
    force_id: str
    bua_code: str
    bua_name: str
    principal: bool


@dataclass(frozen=True, slots=True)
class Station:
    """A railway station of Great Britain; `force_id` is the territorial force round it."""

    crs: str
    name: str
    lat: float
    lon: float
    country: str
    lad_code: str
    force_id: str


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Rows of a packaged CSV, as written."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def districts() -> MappingProxyType[str, District]:
    """Every district by its lad_code."""
    return MappingProxyType({row["lad_code"]: _district(row) for row in rows_of("local_authorities.csv")})


@cache
def towns() -> tuple[Town, ...]:
    """Every town, largest first as the source lists them."""
    return tuple(_town(row) for row in rows_of("towns.csv"))


@cache
def stations() -> MappingProxyType[str, Station]:
    """Every railway station by its three-letter code."""
    return MappingProxyType({row["crs"]: _station(row) for row in rows_of("railway_stations.csv")})


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority that answers for children and adults at risk (an upper-tier one), with the forces of its districts."""

    code: str
    name: str
    country: str
    forces: frozenset[str]


@cache
def authorities() -> MappingProxyType[str, Authority]:
    """Every upper-tier authority by its code, in the order of their names."""
    members: dict[str, list[District]] = {}
    for district in districts().values():
        members.setdefault(district.utla_code, []).append(district)
    found = [
        Authority(code, own[0].utla_name, own[0].country, frozenset(each.force_id for each in own))
        for code, own in members.items()
    ]
    return MappingProxyType({each.code: each for each in sorted(found, key=lambda each: (each.name, each.code))})


def force_for(lad_code: str) -> str | None:
    """The territorial force of a district, or None when the code is not a district's."""
    district = districts().get(lad_code)
    return district.force_id if district else None


def distance_metres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance between two points in degrees, in metres."""
    north, south = radians(lat1), radians(lat2)
    half_lat, half_lon = (south - north) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(north) * cos(south) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(chord)))


def _district(row: dict[str, str]) -> District:
    return District(
        lad_code=row["lad_code"],
        name=row["lad_name"],
        force_id=row["force_id"],
        country=row["country"],
        region=row["region"],
        utla_code=row["utla_code"],
        utla_name=row["utla_name"],
        population=int(row["population_mid2022"]),
        area_km2=float(row["area_km2"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        ruc21_class=row["ruc21_class"],
    )


def _town(row: dict[str, str]) -> Town:
    return Town(
        geonameid=row["geonameid"],
        name=row["name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"]),
        country=row["country"],
        region=row["region"],
        lad_code=row["lad_code"],
        force_id=row["force_id"],
        bua_code=row["bua_code"],
        bua_name=row["bua_name"],
        principal=row["bua_principal"] == "True",
    )


def _station(row: dict[str, str]) -> Station:
    return Station(
        crs=row["crs"],
        name=row["name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        country=row["country"],
        lad_code=row["lad_code"],
        force_id=row["force_id"],
    )
