"""A person as coarse keys, looked up as equal texts.

Only equality can be asked of a keyed hash, so that what a matcher would call near is folded into the key: short forms
and spellings of names, their sounds, which name comes first, day and month. Keys that were measured and left out (a name
alone, a street name with a year, a date with one digit wrong) stand with their figures in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.people_worth import KeyKind
from crossline.engines.resolution.names import name_reference, soundex, words
from crossline.vocabulary.selectors import PartialDate, is_placeholder
from crossline.vocabulary.selectors.text import unaccented

_MOST_WORDS: Final = 3  # of one field: more is a list of somebody's names, and each would make keys with each
_SEXES: Final = MappingProxyType({"m": "M", "male": "M", "f": "F", "female": "F"})


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """Whom a check is about, or a pointer is to. A first of January counts as its year; `born` outranks `year_of_birth`."""

    forename: str = ""
    surname: str = ""
    born: date | None = None
    year_of_birth: int | None = None
    sex: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class PersonKey:
    """One key: its kind, and the text whose equality is asked ("person:name_day:cole+jaden|2008-04-11")."""

    kind: KeyKind
    text: str


def person_texts(person: PersonAsked) -> tuple[PersonKey, ...]:
    """The keys that a pointer, or a check that stands, is found by. Empty where too little is known to mean anybody."""
    year, day = _born(person)
    return _keys(person, [f"{year}|{'day known' if day else 'no day'}"] if year else [])


def person_lookups(person: PersonAsked) -> tuple[PersonKey, ...]:
    """The keys that a check looks up. Only those of a year differ from `person_texts`.

    Two people of one name and year whose days are both known are told apart by their days: a year is to meet only where
    one side knows no more. A finds B exactly if B finds A.
    """
    year, day = _born(person)
    return _keys(
        person, [f"{year}|{known}" for known in (("no day",) if day else ("day known", "no day"))] if year else []
    )


def _keys(person: PersonAsked, years: Iterable[str]) -> tuple[PersonKey, ...]:
    _, day = _born(person)
    left, right = _names(person.forename), _names(person.surname)
    found = {(KeyKind.NAME_YEAR, f"{pair}|{year}") for pair in _folded_pairs(left, right) for year in years}
    found.update(_of_street_names(left, right, person.aliases))
    if day:
        found.update(_of_a_day(left, right, day))
        found.update(_of_an_initial(left, right, day, person.sex))
    return tuple(sorted(PersonKey(kind, f"person:{kind.value}:{text}") for kind, text in found))


def _born(person: PersonAsked) -> tuple[int | None, date | None]:
    """The year, and the day where it is one: systems write 1 January when only the year is known."""
    if person.born is None:
        return person.year_of_birth, None
    known = PartialDate(person.born.year, person.born.month, person.born.day).evidence
    return (known.year, person.born if known.day else None) if known else (person.year_of_birth, None)


def _names(field: str) -> tuple[str, ...]:
    """The words of a field, and all of them as one: "Smith-Jones" is smithjones, smith and jones."""
    found = words(field)[:_MOST_WORDS]
    return tuple(sorted({*found, "".join(found)})) if found else ()


def _root(name: str) -> str:
    """One spelling for all that a name may stand for, whichever name it is: either field may hold either."""
    reference = name_reference()
    return reference.forename_root(reference.surname_root(name))


def _pair(one: str, other: str) -> str:
    """Both, whichever was written first."""
    return "+".join(sorted((one, other)))


def _whole_pairs(left: Iterable[str], right: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that are more than an initial."""
    return ((one, other) for one, other in product(left, right) if len(one) > 1 and len(other) > 1)


def _folded_pairs(left: Iterable[str], right: Iterable[str]) -> set[str]:
    return {_pair(_root(one), _root(other)) for one, other in _whole_pairs(left, right)}


def _of_a_day(left: Iterable[str], right: Iterable[str], day: date) -> Iterator[tuple[KeyKind, str]]:
    for one, other in _whole_pairs(left, right):
        roots = _root(one), _root(other)
        # A name beside what it is short for: Alex is kept under Alexander, and under Alex for Alexandra to meet.
        for spelt in product({one, roots[0]}, {other, roots[1]}):
            yield KeyKind.NAME_DAY, f"{_pair(*spelt)}|{day}"
        yield KeyKind.SOUND_DAY, f"{_pair(soundex(roots[0]), soundex(roots[1]))}|{day}"
        if day.day <= 12 and day.day != day.month:
            least, most = sorted((day.day, day.month))
            yield KeyKind.TRANSPOSED, f"{_pair(*roots)}|{day.year}-{least:02d}-{most:02d}"


def _of_an_initial(left: Iterable[str], right: Iterable[str], day: date, sex: str) -> Iterator[tuple[KeyKind, str]]:
    """One name in full, of the other the first letter. Who is of unknown sex meets either."""
    known = _SEXES.get(sex.strip().casefold())
    for one, other in (*product(left, right), *product(right, left)):
        if len(other) > 1:
            for each in (known,) if known else ("M", "F"):
                yield KeyKind.INITIAL_DAY, f"{one[0]}+{_root(other)}|{day}|{each}"


def _of_street_names(
    left: Iterable[str], right: Iterable[str], aliases: Iterable[str]
) -> Iterator[tuple[KeyKind, str]]:
    pairs = _folded_pairs(left, right)
    for alias in aliases:
        moniker = "" if is_placeholder(alias) else "".join(sign for sign in unaccented(alias) if sign.isalnum())
        if len(moniker) > 2:  # two letters are initials mostly: they follow from the names and add nothing
            yield from ((KeyKind.STREET_NAME, f"{pair}|{moniker}") for pair in pairs)
