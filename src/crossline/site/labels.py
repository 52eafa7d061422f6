"""Words and colours of the tags, and the names of agencies and of whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest

from crossline.errors import UsageError
from crossline.vocabulary.agencies import agencies, is_partner
from crossline.vocabulary.codes import (
    Basis,
    Classification,
    Code,
    Confidence,
    Handling,
    InformationGrade,
    LineStatus,
    ReturnStatus,
    SourceGrade,
    SubjectCategory,
)


@dataclass(frozen=True)
class TagLook:
    """How a word of a closed list looks as a tag. Colour never carries the meaning alone: the text says it."""

    text: str
    colour: str  # a GOV.UK tag colour


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as the identity bar shows it."""

    name: str
    agency: str
    roles: tuple[str, ...]


STATUS_LOOKS: Final = MappingProxyType(
    {
        LineStatus.IDENTIFIED.value: TagLook("Identified", "yellow"),
        LineStatus.ACTIVE.value: TagLook("Active", "red"),
        LineStatus.DISRUPTED.value: TagLook("Disrupted", "orange"),
        LineStatus.CLOSED_TYPE1.value: TagLook("Closed, type 1", "green"),
        LineStatus.CLOSED_TYPE2.value: TagLook("Closed, type 2", "teal"),
        ReturnStatus.PROVISIONAL.value: TagLook("Provisional", "yellow"),
        ReturnStatus.FINAL.value: TagLook("Final", "green"),
        Basis.FACT.value: TagLook("Fact", "blue"),
        Basis.ASSESSMENT.value: TagLook("Assessment", "purple"),
        Handling.P.value: TagLook("P: lawful sharing permitted", "grey"),
        Handling.C.value: TagLook("C: sharing with conditions", "orange"),
        Classification.OFFICIAL.value: TagLook("OFFICIAL", "grey"),
        Classification.OFFICIAL_SENSITIVE.value: TagLook("OFFICIAL-SENSITIVE", "grey"),
        Confidence.HIGH.value: TagLook("High confidence", "green"),
        Confidence.MEDIUM.value: TagLook("Medium confidence", "blue"),
        Confidence.LOW.value: TagLook("Low confidence", "yellow"),
        Confidence.NOT_ACTIONABLE.value: TagLook("Not to be acted on", "red"),
    }
)

CATEGORY_LOOKS: Final = MappingProxyType(
    {
        SubjectCategory.VICTIM.value: TagLook("Victim", "magenta"),
        SubjectCategory.WITNESS.value: TagLook("Witness", "teal"),
        SubjectCategory.SUSPECT.value: TagLook("Suspect", "orange"),
        SubjectCategory.CONVICTED.value: TagLook("Convicted", "red"),
        SubjectCategory.OTHER.value: TagLook("Other or not known", "grey"),
    }
)


def status_label(word: str) -> TagLook:
    """How a word of the vocabulary's closed lists is tagged; an unknown word is an error, never a blank."""
    try:
        return STATUS_LOOKS[str(word)]
    except KeyError:
        raise UsageError(
            f"No tag is set for “{word}”: use tag(text, colour), or add the word to site/labels.py."
        ) from None


def category_label(category: str) -> TagLook:
    """How a category of data subject is tagged."""
    try:
        return CATEGORY_LOOKS[str(category)]
    except KeyError:
        raise UsageError(f"“{category}” is not a category of data subject; see vocabulary/codes.py.") from None


def grade_meaning(source: object, information: object, handling: object) -> str:
    """A 3x5x2 grade in words; a part that is missing or not on the list is said to be not graded."""
    parts = (
        ("Source", SourceGrade.read(source)),
        ("Information", InformationGrade.read(information)),
        ("Handling", Handling.read(handling)),
    )
    return ". ".join(f"{name}: {code.meaning.lower() if code else 'not graded'}" for name, code in parts) + "."


def grade_parts() -> list[tuple[str, str]]:
    """The three parts of a 3x5x2 grade, each with what its codes mean."""
    lists: tuple[tuple[str, type[Code]], ...] = (
        ("Source", SourceGrade),
        ("Information", InformationGrade),
        ("Handling", Handling),
    )
    return [(name, "; ".join(f"{code.value} {code.meaning.lower()}" for code in codes)) for name, codes in lists]


def agency_name(agency_id: str | None, default: str = "Not known") -> str:
    """Full name of an agency; an id that is not in the vocabulary is shown as it is."""
    if not agency_id:
        return default
    entry = agencies().get(agency_id)
    return entry.name if entry else agency_id


def agency_short_name(agency_id: str | None, default: str = "Not known") -> str:
    """Short name of an agency, for tables and drawings."""
    if not agency_id:
        return default
    entry = agencies().get(agency_id)
    return entry.short_name if entry else agency_id


def identity_of(request: HttpRequest) -> Identity | None:
    """Who is signed in, or None. Reads only what the session's user row already holds, and a partner organisation's name."""
    person: Any = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return None
    return Identity(
        name=person.name,
        agency=person.agency.name if is_partner(person.agency_id) else agency_name(person.agency_id),
        roles=tuple(str(role).replace("_", " ") for role in person.roles),
    )
