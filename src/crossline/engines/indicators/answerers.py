"""Who answers for somebody who is put forward: force and authority of their home, and of where they were found far from it.

Worked out from what records say and nothing else; where nothing says, that it is not known is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossline.vocabulary.agencies import AgencyKind, agencies
from crossline.vocabulary.codes import Code
from crossline.vocabulary.places import District, authorities


class Capacity(Code):
    """In what capacity somebody answers for a person."""

    HOME_FORCE = "home_force", "Force of the home"
    HOME_AUTHORITY = "home_authority", "Local authority of the home"
    HOST_FORCE = "host_force", "Force of where they were found"
    HOST_AUTHORITY = "host_authority", "Local authority of where they were found"


OF_FORCES = frozenset({Capacity.HOME_FORCE, Capacity.HOST_FORCE})


@dataclass(frozen=True)
class Whereabouts:
    """What the records of one person say, the newest first: `home_agencies` as missing episodes name them, `homes` the
    districts of addresses they live at. `found_force` and `found` are of the record at hand, empty where it does not say."""

    sender: str
    home_agencies: Sequence[str] = ()
    homes: Sequence[District] = ()
    found_force: str = ""
    found: District | None = None


@dataclass(frozen=True)
class Answerer:
    """One capacity: the agency id of a force, or the code of an upper-tier authority; empty where it is not known."""

    capacity: Capacity
    who: str
    because: str


def answerers(said: Whereabouts) -> tuple[Answerer, ...]:
    """Home force and home authority always, known or not; those of the host where somebody was found out of their area."""
    home = _home_force(said)
    found = [home, _authority(Capacity.HOME_AUTHORITY, home, said.homes)]
    if is_out_of_area(said):
        host = Answerer(Capacity.HOST_FORCE, said.found_force, "they were found in its area")
        found += [host, _authority(Capacity.HOST_AUTHORITY, host, [said.found] if said.found else [])]
    return tuple(found)


def is_out_of_area(said: Whereabouts) -> bool:
    """Whether somebody whose home is known was found in another force's area."""
    known = bool(_territorial(said.home_agencies) or said.homes)
    return bool(known and _territorial([said.found_force]) and said.found_force != _home_force(said).who)


def _home_force(said: Whereabouts) -> Answerer:
    if named := _territorial(said.home_agencies):
        return Answerer(Capacity.HOME_FORCE, named, "a missing episode names it as the force of their home")
    if said.homes:
        return Answerer(Capacity.HOME_FORCE, said.homes[0].force_id, "a record gives their address in its area")
    because = "it sent the record; no record says where their home is"
    return Answerer(Capacity.HOME_FORCE, said.sender, because)


def _authority(capacity: Capacity, force: Answerer, places: Sequence[District]) -> Answerer:
    """Of the newest place in the force's own area. Where a force's area is one authority's, the force is enough."""
    inside = next((place for place in places if place.force_id == force.who), None)
    if inside:
        return Answerer(capacity, inside.utla_code, f"{inside.name} is its district")
    home_known = places or not force.because.startswith("it sent")
    only = [each.code for each in authorities().values() if force.who in each.forces] if home_known else []
    if len(only) == 1:
        return Answerer(capacity, only[0], "the whole area of the force is its own")
    return Answerer(capacity, "", "no record says in which authority's area it is")


def _territorial(named: Sequence[str]) -> str:
    """The first that is a territorial force: the railway police and national agencies are nobody's home."""
    known = agencies()
    return next((each for each in named if each in known and known[each].kind is AgencyKind.TERRITORIAL), "")
