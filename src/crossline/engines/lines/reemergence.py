"""Whether a closed number speaks again: what was seen after the closure of it, or of a number that took over from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crossline.engines.lines.model import SuccessionLink


class SightingKind(StrEnum):
    """In what sort of source a number was seen."""

    REPORT = "report"
    RETURN = "return"
    DEAL_LINE = "deal_line"
    TOOK_OVER = "took_over"


@dataclass(frozen=True)
class Watched:
    """A number that is looked for, and the changes of number that lead to it. Without one it is a closed number itself."""

    number: str
    path: tuple[SuccessionLink, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether a person confirmed every change that leads to it."""
        return all(link.confirmed for link in self.path)


@dataclass(frozen=True)
class Sighting:
    """A number seen on a day, in one record."""

    number: str
    day: date
    kind: SightingKind
    record: str
    ref: str = ""


@dataclass(frozen=True)
class Sign:
    """A sighting after the closure, and how its number comes to be looked for."""

    sighting: Sighting
    watched: Watched


def watched_numbers(
    closed: Iterable[str], links: Sequence[SuccessionLink], *, least_score: float
) -> Mapping[str, Watched]:
    """The closed numbers and all that took over from them: by confirmed changes first, then by those put forward.

    A change that nobody confirmed counts from `least_score` on, and marks what it leads to.
    """
    found = {number: Watched(number) for number in sorted(closed)}
    ordered = sorted(links, key=lambda link: (-link.score, link.date, link.old, link.new))
    _follow(found, [link for link in ordered if link.confirmed])
    _follow(found, [link for link in ordered if link.confirmed or link.score >= least_score])
    return found


def _follow(found: dict[str, Watched], links: Sequence[SuccessionLink]) -> None:
    edge = list(found)
    while edge:
        reached = []
        for link in links:
            if link.old in edge and link.new not in found:
                found[link.new] = Watched(link.new, (*found[link.old].path, link))
                reached.append(link.new)
        edge = reached


def signs_after(closed_on: date, watched: Mapping[str, Watched], sightings: Iterable[Sighting]) -> tuple[Sign, ...]:
    """What was seen of a watched number after the day of closure, in order of time. The day itself belongs to the closure."""
    found = {each for each in sightings if each.number in watched and each.day > closed_on}
    ordered = sorted(found, key=lambda each: (each.day, each.number, each.kind, each.record))
    return tuple(Sign(each, watched[each.number]) for each in ordered)
