"""The truth about signs that only several reports together show: what each report writes of a child whom a line uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.simulation.concerns import SIGNS, Episode, Recorded, taken_from
from crossline.simulation.parameters_policing import REPEAT_THRESHOLD
from crossline.simulation.people import Person

_ADULT_AGE: Final = 18
_MONEY: Final = "unexplained_money"
_RAISING: Final = frozenset({*SIGNS.values(), "weapon"})
_BESIDE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "repeatedly missing": "missing",
        "falling school attendance": "school",
        "withdrawn from friends": "withdrawn",
        "attached to a bag": "bag",
        "late-night contact": "contact",
    }
)
"""Signs that mean something beside others. Whom a child is seen with is none."""
_TOLD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "new phone and cash": _MONEY,
        "a bag that was never put down": "bag",
        "no ticket": "journey",
        "without a ticket": "journey",
        "one-way ticket": "journey",
        "how the journey was paid for": "journey",
        "two mobile phones": "several_phones",
    }
)
"""What this simulation writes into narratives of children whom a line uses, and the sign each is."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The signs that one report writes of a child."""

    where: Episode
    kinds: frozenset[str]


def noted_in(report: Recorded) -> Iterator[tuple[str, Person, frozenset[str]]]:
    """(key, person, kinds of signs) of each child whom a line uses."""
    for at, (key, person) in enumerate(report.people):
        if person.role != "runner" or person.age_on(report.day) >= _ADULT_AGE:
            continue
        taken = taken_from(report, key)
        kinds = {_MONEY} if "cash" in taken else set()
        kinds |= {"weapon"} if "weapon" in taken else set()
        if at == 0:
            kinds |= _of_whom_it_is_about(report)
        if kinds:
            yield key, person, frozenset(kinds)


def _of_whom_it_is_about(report: Recorded) -> set[str]:
    known = {**SIGNS, **_BESIDE}
    listed = {known[sign] for sign in report.detail.get("concern", {}).get("indicators", ()) if sign in known}
    missing = {"missing"} if report.kind == "missing" else set()
    told = (
        {kind for phrase, kind in _TOLD.items() if phrase in report.told}
        if report.kind in ("missing", "stop")
        else set()
    )
    return listed | missing | told


def several(notes: Sequence[Noted]) -> Iterator[Noted]:
    """The reports of one child at which enough different signs have been written: two of which one raises, or three."""
    days = REPEAT_THRESHOLD.value[1]
    for note in notes:
        within = [each for each in notes if 0 <= (note.where.day - each.where.day).days <= days]
        kinds = frozenset().union(*(each.kinds for each in within))
        if len(kinds) >= (2 if kinds & _RAISING else 3):
            yield note
