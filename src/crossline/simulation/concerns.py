"""The truth about safeguarding: which mentions are reasons to put somebody forward, from who they are and what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from crossline.simulation.geography import RAILWAY
from crossline.simulation.parameters_policing import REPEAT_THRESHOLD
from crossline.simulation.people import Person

EXPLOITED_ROLES: Final = frozenset({"runner", "tenant"})
_ADULT_AGE: Final = 18
_ENCOUNTERS: Final = frozenset({"stop", "custody", "seizure"})
SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unexplained injuries": "unexplained_injury",
        "unexplained money or new clothes": "unexplained_money",
        "debts": "debts",
        "more than one phone": "several_phones",
        "train tickets to other towns": "unexplained_tickets",
    }
)
"""Signs that are noticed on children whom a line uses, with the reason each is. On other children they mean nothing here."""
_ROLES_ON_LINES: Final = frozenset({"runs_for", "exploited_by"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report as far as concerns go: `people` in the order they were put in, each with their key."""

    agency: str
    kind: str
    day: date
    people: Sequence[tuple[str, Person]]
    assertions: Sequence[Mapping[str, Any]]
    detail: Mapping[str, Any]
    items: Mapping[str, str]  # the sort of each item by its key
    told: str = ""  # the narrative


def is_exploited(person: Person, day: date) -> bool:
    """Does a line really stand behind it: a child who runs for one, or a tenant whose home was taken over?"""
    return person.role == "tenant" or (person.role == "runner" and person.age_on(day) < _ADULT_AGE)


def concerns_in(report: Recorded) -> Iterator[tuple[str, Person, str]]:
    """(key, person, reason) of a report by itself; repeated missing episodes are judged over all reports."""
    for at, (key, person) in enumerate(report.people):
        child = person.age_on(report.day) < _ADULT_AGE
        if child and _found_out_of_area(report, person, first=at == 0):
            yield key, person, "child_found_out_of_area"
        if child and at == 0 and "supply" in report.detail.get("custody", {}).get("offence", "").lower():
            yield key, person, "child_in_supply_custody"
        said = [assertion for assertion in report.assertions if assertion["from"] == key]
        if child and any(assertion["type"] in _ROLES_ON_LINES for assertion in said):
            yield key, person, "child_in_runner_role"
        if child and person.role == "runner":
            yield from _signs_of_a_line(report, key, person, first=at == 0)
        if person.role == "tenant" and any(a["type"] == "lives_at" and a["category"] == "victim" for a in said):
            yield key, person, "tenant_of_premises_in_use"


def _signs_of_a_line(report: Recorded, key: str, person: Person, *, first: bool) -> Iterator[tuple[str, Person, str]]:
    """What is noticed on a child whom a line uses, and a weapon found on one beside what they carry."""
    for sign in report.detail.get("concern", {}).get("indicators", ()) if first else ():
        if sign in SIGNS:
            yield key, person, SIGNS[sign]
    taken = taken_from(report, key)
    if "weapon" in taken and taken & {"drug", "cash"}:
        yield key, person, "child_with_weapon"
    yield from _victims_of_lines(report, key, person)


def taken_from(report: Recorded, key: str) -> set[str]:
    """The sorts of the items that were taken from somebody."""
    seized = (said for said in report.assertions if (said["type"], said["to"]) == ("seized_from", key))
    return {report.items.get(said["from"], "") for said in seized}


def _victims_of_lines(report: Recorded, key: str, person: Person) -> Iterator[tuple[str, Person, str]]:
    """Hurt by a line, or called a victim in the company of somebody whom the report ties to one."""
    tied = {
        said["from"] for said in report.assertions if said["type"] == "associates_with" and said["to"].startswith("l")
    }
    for said in report.assertions:
        if said["from"] == key and said["type"] == "victim_of" and said["to"].startswith("l"):
            yield key, person, "child_harmed_by_line"
        if (
            said["from"] == key
            and (said["type"], said["category"]) == ("associates_with", "victim")
            and said["to"] in tied
        ):
            yield key, person, "victim_with_line_adult"


def _found_out_of_area(report: Recorded, person: Person, *, first: bool) -> bool:
    """Found missing in another force's area, or met by a force that is not their own; the railway is everywhere."""
    if missing := report.detail.get("missing"):
        return first and bool(missing["found_agency"] != missing["home_agency"])
    home = person.home_on(report.day).force_id
    return report.kind in _ENCOUNTERS and report.agency not in (RAILWAY, home)


@dataclass(frozen=True, slots=True, order=True)
class Episode:
    """One record of a missing episode. Two forces that write up the same one give the same time it began."""

    started: str
    day: date
    agency: str
    ref: str
    key: str


def repeated(episodes: Sequence[Episode]) -> Iterator[Episode]:
    """The records of one person's episodes at which as many as the threshold have begun within its days."""
    least, days = REPEAT_THRESHOLD.value
    for episode in sorted(episodes):
        recent = {other.started for other in episodes if 0 <= (episode.day - other.day).days <= days}
        if len(recent) >= least:
            yield episode
