"""Who sends and reads: the forces, the regional units, the NCA and the coordination centre; and how partners are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import Code
from crossline.vocabulary.places import force_for, rows_of

__all__ = [
    "CENTRE",
    "PARTNER",
    "AgencyEntry",
    "AgencyKind",
    "PartnerKind",
    "agencies",
    "force_for",
    "forces",
    "is_partner",
    "rocus",
]

CENTRE: Final = "nclcc"
"""Id of the coordination centre."""
PARTNER: Final = "partner-"
"""How the id of every partner organisation begins, and of no agency below: what one is can be told wherever its id stands."""


class AgencyKind(Code):
    """What sort of agency it is."""

    TERRITORIAL = "territorial", "Territorial police force"
    RAILWAY = "national railway", "Police of the railways"
    REGIONAL = "regional unit", "Regional organised crime unit"
    NATIONAL = "national agency", "National agency"
    CENTRE = "centre", "National county lines coordination centre"


class PartnerKind(Code):
    """What sort of partner organisation it is. None is of the list below: the centre adds them (access/partners.py)."""

    CHILDRENS_SERVICES = "childrens_services", "Children’s services"
    ADULT_SOCIAL_CARE = "adult_social_care", "Adult social care"
    EDUCATION = "education", "School or college"
    HEALTH = "health", "Health"
    HOUSING = "housing", "Housing"
    JUSTICE = "justice", "Probation, youth justice or prison"
    PROSECUTION = "prosecution", "Prosecution"
    TRANSPORT = "transport", "Transport"
    CHARITY = "charity", "Charity"


def is_partner(agency: str) -> bool:
    """Whether an id is a partner organisation's, which sees nothing of intelligence."""
    return agency.startswith(PARTNER)


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency. `lat`/`lon` are a point inside its area, None where it has none; `rocu_id` may be empty."""

    id: str
    name: str
    short_name: str
    kind: AgencyKind
    country: str
    region: str
    rocu_id: str
    rocu_name: str
    lat: float | None
    lon: float | None
    has_boundary: bool
    population: int | None


@cache
def agencies() -> MappingProxyType[str, AgencyEntry]:
    """Every agency by id: 46 forces, 9 regional units, the NCA, the centre."""
    found = {force.id: force for force in _forces()}
    found |= {unit.id: unit for unit in _regional_units(list(found.values()))}
    found |= {agency.id: agency for agency in _national_agencies()}
    return MappingProxyType(found)


def forces() -> tuple[AgencyEntry, ...]:
    """The 46 police forces: 45 territorial and British Transport Police."""
    return tuple(a for a in agencies().values() if a.kind in (AgencyKind.TERRITORIAL, AgencyKind.RAILWAY))


def rocus() -> tuple[AgencyEntry, ...]:
    """The nine regional organised crime units."""
    return tuple(a for a in agencies().values() if a.kind is AgencyKind.REGIONAL)


def _forces() -> list[AgencyEntry]:
    return [
        AgencyEntry(
            id=row["force_id"],
            name=row["name"],
            short_name=row["short_name"],
            kind=AgencyKind(row["kind"]),
            country=row["country"].replace("|", ", "),
            region=row["region"],
            # London's two forces form a region that has no separate unit.
            rocu_id="" if row["rocu_id"] == "london" else row["rocu_id"],
            rocu_name="" if row["rocu_id"] == "london" else row["rocu_name"],
            lat=float(row["lat"]) if row["lat"] else None,
            lon=float(row["lon"]) if row["lon"] else None,
            has_boundary=row["has_boundary"] == "True",
            population=int(row["population_mid2022"]) if row["population_mid2022"] else None,
        )
        for row in rows_of("police_forces.csv")
    ]


def _regional_units(members: list[AgencyEntry]) -> list[AgencyEntry]:
    """A unit stands where its forces' people are: the population-weighted middle of their points."""
    units = []
    for unit_id in sorted({force.rocu_id for force in members if force.rocu_id}):
        covered = [force for force in members if force.rocu_id == unit_id]
        people = sum(force.population or 0 for force in covered)
        units.append(
            AgencyEntry(
                id=unit_id,
                name=covered[0].rocu_name,
                short_name=_UNIT_SHORT_NAMES[unit_id],
                kind=AgencyKind.REGIONAL,
                country=", ".join(sorted({force.country for force in covered})),
                region=_most_populous_region(covered),
                rocu_id=unit_id,
                rocu_name=covered[0].rocu_name,
                lat=round(sum((force.lat or 0.0) * (force.population or 0) for force in covered) / people, 4),
                lon=round(sum((force.lon or 0.0) * (force.population or 0) for force in covered) / people, 4),
                has_boundary=False,
                population=people,
            )
        )
    return units


def _most_populous_region(covered: list[AgencyEntry]) -> str:
    """Two units cross a border of regions (Kent is with the East, North Wales with the North West)."""
    people: dict[str, int] = {}
    for force in covered:
        people[force.region] = people.get(force.region, 0) + (force.population or 0)
    return max(sorted(people), key=lambda region: people[region])


def _national_agencies() -> list[AgencyEntry]:
    return [
        _national("nca", "National Crime Agency", "NCA", AgencyKind.NATIONAL),
        _national(CENTRE, "National County Lines Coordination Centre", "NCLCC", AgencyKind.CENTRE),
    ]


def _national(agency_id: str, name: str, short_name: str, kind: AgencyKind) -> AgencyEntry:
    return AgencyEntry(
        id=agency_id,
        name=name,
        short_name=short_name,
        kind=kind,
        country="United Kingdom",
        region="",
        rocu_id="",
        rocu_name="",
        lat=None,
        lon=None,
        has_boundary=False,
        population=None,
    )


_UNIT_SHORT_NAMES: Final = MappingProxyType(
    {
        "emsou": "EMSOU",
        "ersou": "ERSOU",
        "nerocu": "NEROCU",
        "nwrocu": "NWROCU",
        "serocu": "SEROCU",
        "swrocu": "SWROCU",
        "tarian": "Tarian",
        "wmrocu": "ROCUWM",
        "yhrocu": "YHROCU",
    }
)
