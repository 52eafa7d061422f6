"""What line grouping takes and gives: mentions of lines, succession links, groups with the reason for every join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NumberBasis(StrEnum):
    """Why a number is said to belong to a line, strongest first."""

    RETURN = "return"  # a force returned it for the line
    INTELLIGENCE = "intelligence"  # a report names it with the line
    CONFIRMED = "confirmed"  # a person confirmed that it replaced, or was replaced by, a number of the line
    PUT_FORWARD = "put_forward"  # the communications engine says so, and nobody has decided yet: no number of the line


class JoinBasis(StrEnum):
    """The keys that may make two mentions one line."""

    NUMBER = "number"
    BRAND_PLACE = "brand_place"
    BRAND_EXPORTER = "brand_exporter"
    SUCCESSION = "succession"
    JUDGEMENT = "judgement"


@dataclass(frozen=True)
class LineMention:
    """A line as one record describes it. `numbers` are normalised; dates are the record's own first and last seen."""

    id: str
    brand: str = ""
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    owner: str = ""
    first: date | None = None
    last: date | None = None
    exporting_agency: str = ""
    basis: NumberBasis = NumberBasis.INTELLIGENCE


@dataclass(frozen=True)
class SuccessionLink:
    """`new` took over from `old` on `date`, with the communications engine's score (0 to 1), confirmed by a person or not."""

    old: str
    new: str
    date: date
    score: float = 1.0
    confirmed: bool = False


@dataclass(frozen=True)
class LineVerdict:
    """What a person said of two mentions: that they speak of the same line, or of different ones. It outranks every key."""

    left: str  # mention id
    right: str  # mention id
    same: bool


@dataclass(frozen=True)
class GroupingRules:
    """The thresholds of grouping. All are this platform's own proposals [D], not a published method.

    `hub_brands`: a number returned with more brands than this glues nothing (a taxi, a shared handset, a typing slip).
    `silence_days`: two sightings of one key further apart are not one line (numbers are recycled, brands return).
    `exporter_places`: a brand from one exporting agency seen in more places than this is a common name, not a key.
    `succession_score`: links scored lower than this put no number forward. One that a person confirmed joins at any score.
    """

    version: str = "lines-2"
    authority: str = "platform proposal [D]; brand life median nine months, numbers recycled: domain notes 1.9 [D]"
    hub_brands: int = 3
    silence_days: int = 365
    exporter_places: int = 4
    succession_score: float = 0.5


@dataclass(frozen=True)
class HubNumber:
    """A number set aside because too many brands carry it."""

    number: str
    brands: tuple[str, ...]
    mention_ids: tuple[str, ...]


@dataclass(frozen=True)
class Join:
    """One link in the chain of evidence that holds a group together."""

    left: str  # mention id
    right: str  # mention id
    basis: JoinBasis
    key: str
    sentence: str


@dataclass(frozen=True)
class NumberUse:
    """A number of a line and when it was in use, as far as the rows given say. `score`: of what is only put forward."""

    number: str
    from_date: date | None
    to_date: date | None
    basis: NumberBasis
    score: float | None = None

    @property
    def is_put_forward(self) -> bool:
        """Whether it is the line's only if somebody confirms it."""
        return self.basis is NumberBasis.PUT_FORWARD


@dataclass(frozen=True)
class LineGroup:
    """One line as the given rows describe it. `id` is the smallest mention id, so it is stable for the same rows.

    `if_confirmed`: the id of the line that this would be if every change of number put forward were confirmed.
    """

    id: str
    name: str
    brands: tuple[str, ...]
    places: tuple[str, ...]
    exporting_agencies: tuple[str, ...]
    owners: tuple[str, ...]
    mention_ids: tuple[str, ...]
    first: date | None
    last: date | None
    numbers: tuple[NumberUse, ...]
    joins: tuple[Join, ...]
    hubs: tuple[str, ...]  # numbers of its mentions that were set aside as hubs
    put_forward: tuple[NumberUse, ...] = ()  # numbers that are its own only if somebody confirms a change of number
    if_confirmed: str = ""

    @property
    def all_numbers(self) -> tuple[NumberUse, ...]:
        """Its numbers and those put forward, in order of time."""
        return tuple(sorted((*self.numbers, *self.put_forward), key=in_time))


def in_time(use: NumberUse) -> tuple[date, date, str]:
    """By which numbers are put in order: when they came into use."""
    return use.from_date or date.min, use.to_date or date.max, use.number
