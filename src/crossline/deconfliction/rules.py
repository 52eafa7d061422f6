"""The rules of deconfliction as data: what points, for how long, how often somebody may ask, and the words of its closed lists.

Authorities as in the domain notes: [S] a public source, [K] background knowledge, [D] this platform's own proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.tokens import Verdict
from crossline.vocabulary.codes import Code, LineStatus, RecordKind, SelectorScheme

HUB_AGENCIES: Final = 6
"""A value that more agencies than this point at is a hub. [D] domain.md §2.1 R-16: stations, hostels, taxi offices."""
CHECKS_AN_HOUR: Final = 60
"""For one person. [D] more than a busy investigator asks, fewer than trying numbers out needs."""
TOKENS_OF_ONE: Final = 64
"""By how many tokens one thing is looked up at most, so that one check is not many. [D]"""
FOLLOWED: Final = 8
"""How many numbers at most are looked up with one, which took over from it or from which it took over. [D]"""
FILE_ROWS: Final = 20_000
"""The most rows of one file of checks. [D]"""
FILE_ROWS_ALONE: Final = 500
"""How many rows of files somebody checks in a day without a second person. [D] the size of one seized phone's contacts."""
MISSES_SHOWN: Final = 20
"""From so many checks in a day of which nine in ten met nothing, somebody may be trying values out. [D]"""

ALIKE_SHOWN: Final = 10
"""From so many values in a day that differ in nothing but their last characters, somebody may be trying values out. [D]"""
ALIKE_BUT: Final = 3
"""How many characters at the end of a value are let out when values are held to be alike. [D] a number's last digits"""
CHECKS_KEPT: Final = timedelta(days=730)
"""How long a check is kept after it no longer stands, with its receipt and outcomes. [D] as long as what it was about points."""


class CheckKind(Code):
    """What is asked about."""

    SELECTOR = "selector", "A number, vehicle, address, account or online name"
    PERSON = "person", "A person, by name and date of birth"
    LINE = "line", "A line, by its brand and where it sells"
    EVENT = "event", "A planned event, by its place and hours"


class AnswerLevel(Code):
    """What whoever asks about something of an agency's is told of that agency. The owner of the record is told in any case."""

    SILENT = "silent", "Nothing: you are told that they asked, and can ring them"
    CONTACT = "contact", "Your agency, and whom to ring"
    CONTACT_AND_CATEGORY = "contact_and_category", "Your agency, whom to ring, and a word for the kind of operation"


class AnswerBody(Code):
    """What came back from a check. `nothing` is also what somebody silent answers with."""

    NOTHING = "nothing", "Nobody that you may be told of"
    MET = "met", "Other agencies to ring"
    HUB = "hub", "A value that many agencies share"


class Resolution(Code):
    """What became of a check that met somebody."""

    JOINT = "joint", "A joint operation"
    HANDED_OVER = "handed_over", "One agency handed it over to the other"
    STOOD_DOWN = "stood_down", "One agency stood down"
    NO_CONFLICT = "no_conflict", "The same target, and no conflict"
    FALSE_MATCH = "false_match", "Not the same target after all"


MOVES: Final[Mapping[Resolution | None, frozenset[Resolution]]] = MappingProxyType(
    {None: frozenset(Resolution), **{each: frozenset(Resolution) - {each} for each in Resolution}}
)
"""What may be recorded after what; None: nobody has recorded anything. Any may be corrected by another, none repeated."""

SURENESS: Final[tuple[Verdict, ...]] = tuple(Verdict)
"""How sure a meeting is, the surest first; the database keeps the place, from 1. Of two sides the less sure counts."""


def sureness(verdict: Verdict) -> int:
    """A verdict as the database keeps it."""
    return SURENESS.index(verdict) + 1


def verdict_at(place: int | None) -> Verdict | None:
    """What the database keeps, as a verdict; None of planned events and of what was asked before verdicts were kept."""
    return SURENESS[place - 1] if place else None


DEFAULT_LEVEL: Final = AnswerLevel.SILENT
"""Of an agency that has said nothing. [D] an agency keeps control of what it sent: nobody speaks for it but itself."""


@dataclass(frozen=True)
class PointingRule:
    """Which records of a kind point, by what they mention, and how long at most after they were received."""

    kind: RecordKind
    schemes: tuple[SelectorScheme, ...]
    lasts: timedelta
    ended: frozenset[str]  # words of the record's status that end it
    authority: str


SCHEMES: Final = (
    SelectorScheme.PHONE,
    SelectorScheme.IMEI,
    SelectorScheme.IMSI,
    SelectorScheme.VRM,
    SelectorScheme.ADDRESS,
    SelectorScheme.HANDLE,
    SelectorScheme.ACCOUNT,
)
"""What can be asked about by its value alone. A postcode is not: it is of a street."""

ASKED_BY_KEYS: Final = (SelectorScheme.PERSON, SelectorScheme.LINE)
"""What is asked about by keys made of several things that are known of it."""

POINTING: Final = (
    PointingRule(
        RecordKind.INVESTIGATION,
        (*SCHEMES, SelectorScheme.PERSON),
        timedelta(days=730),
        frozenset({"closed", "complete", "completed", "finalised", "archived"}),
        "[S] Chicago police order S04-19-04: targets stand two years",
    ),
    PointingRule(
        RecordKind.LINE_RETURN,
        (SelectorScheme.PHONE, SelectorScheme.HANDLE, SelectorScheme.ACCOUNT, SelectorScheme.LINE),
        timedelta(days=730),
        frozenset(status for status in LineStatus if status.is_closed),
        "[D] whoever returned a line works on it; a closed one is worked on by nobody",
    ),
)
"""What points. An intelligence report does not: it is no operation. A later revision points anew."""
POINTING_VERSION: Final = "3"

STANDS: Final[Mapping[int, str]] = MappingProxyType({28: "4 weeks", 91: "3 months", 182: "6 months", 365: "A year"})
"""How many days a check can stand. [D] within the two years of [S] Chicago police order S04-19-04."""
LONGEST_STANDING: Final = max(STANDS)
