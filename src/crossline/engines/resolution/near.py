"""Near misses: two plates or two telephone numbers that may be one, misread, misheard or mistyped.

A near miss joins nothing by itself. It is kept where the marks and what its own records say of them (make, colour, who used
it) come to at least as likely as not, and is shown with its reasons. All weights are [D] assumptions of design.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from crossline.engines.resolution.evidence import Aspect, Evidence, Found, Grade
from crossline.engines.resolution.names import fold, name_reference

VERSION: Final = "near-1"
PRIOR_BITS: Final = -14.0
"""Before anything is compared: one pair of mentions in some sixteen thousand is of one thing. [D]"""
WORTH_SHOWING_BITS: Final = 0.0

CONFUSED: Final = MappingProxyType(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8", "V": "U"}
)
"""Sign -> the sign that it is read as. [K] what plate readers and people confuse most, by shape."""

SHORTEST_PLATE: Final = 5
"""Two short plates are near one another by chance."""
SHORTEST_NUMBER: Final = 9
"""Digits: a short code is near every other."""

_LETTER: Final = "[A-HJ-PR-Z]"  # I and Q are on no plate of Great Britain, save Q as the sign of an unknown age
_AGE: Final = "[A-HJ-NPR-TV-Y]"
_FORMATS: Final = re.compile(
    "|".join(
        (
            f"{_LETTER}{{2}}[0-9]{{2}}{_LETTER}{{3}}",  # since 2001
            f"(?:{_AGE}|Q)[1-9][0-9]{{0,2}}{_LETTER}{{3}}",  # 1983 to 2001
            f"{_LETTER}{{3}}[1-9][0-9]{{0,2}}{_AGE}",  # 1963 to 1983
            f"{_LETTER}{{1,3}}[1-9][0-9]{{0,3}}",  # before, either way round
            f"[1-9][0-9]{{0,3}}{_LETTER}{{1,3}}",
            "[A-Z]{0,2}[IZ][A-Z]{0,2}[1-9][0-9]{0,3}",  # Northern Ireland
        )
    )
)
_NUMBER: Final = re.compile(r"\+?[0-9]+")

PLATE: Final = Aspect(
    "plate",
    (
        Grade("misread, one impossible", "plates that a reader confuses, of which one cannot be a plate", 19.0),
        Grade("swapped", "plates with two characters the other way round", 15.5),
        Grade("one character, one impossible", "plates one character apart, of which one cannot be a plate", 15.5),
        Grade("misread", "plates that a reader confuses", 15.0),
        Grade("left out", "plates of which one leaves out a character", 12.0),
        Grade("one character", "plates one character apart", 12.0),
    ),
)
NUMBER: Final = Aspect(
    "digits",
    (
        Grade("left out", "numbers of which one leaves out a digit", 13.0),
        Grade("swapped", "numbers with two digits the other way round", 12.5),
        Grade("one digit", "numbers one digit apart", 11.0),
    ),
)
LOOK: Final = Aspect(
    "look",
    (
        Grade("same", "the same make, model and colour", 3.0),
        Grade("make", "the same make, and nothing that differs", 1.5),
        Grade("other colour", "the same make, and another model or colour", -2.0),
        Grade("other make", "another make", -7.0),
    ),
)
HOLDER: Final = Aspect("holder", (Grade("same", "each with somebody of the same name", 8.0),))
HANDSET: Final = Aspect("handset", (Grade("same", "in the same handset", 6.0),))

ASPECTS: Final = MappingProxyType({aspect.name: aspect for aspect in (PLATE, NUMBER, LOOK, HOLDER, HANDSET)})


@dataclass(frozen=True)
class Vehicle:
    """A plate as normalised, with what the same record says of the vehicle. `holders`: keys of `holder_key`."""

    plate: str
    make: str = ""
    model: str = ""
    colour: str = ""
    holders: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Telephone:
    """A number as normalised, with the handset and the users that the same record gives it."""

    number: str
    handset: str = ""
    holders: frozenset[str] = field(default=frozenset())


def holder_key(forename: str, surname: str) -> str:
    """One key for all spellings of a whole name; "" where it is not whole."""
    known = name_reference()
    first, last = fold(forename), fold(surname)
    return f"{known.forename_root(first)} {known.surname_root(last)}" if first and last else ""


def possible_plate(plate: str) -> bool:
    """Whether a mark has the form of one that was issued in the United Kingdom (its suffix of a simulation apart)."""
    return _FORMATS.fullmatch(plate.partition("#")[0]) is not None


def plate_keys(plate: str) -> frozenset[str]:
    """Keys that two near plates share: the mark as a reader confuses it, whole and with each character left out."""
    mark, _, suffix = plate.partition("#")
    return _keys(_folded(mark), suffix) if len(mark) >= SHORTEST_PLATE else frozenset()


def number_keys(number: str) -> frozenset[str]:
    """Keys that two near numbers share: the digits whole and with each left out; none for a short code or a name."""
    digits, _, suffix = number.partition("#")
    if not _NUMBER.fullmatch(digits) or len(digits.lstrip("+")) < SHORTEST_NUMBER:
        return frozenset()
    return _keys(digits.lstrip("+"), suffix)


def compare_vehicles(left: Vehicle, right: Vehicle) -> Evidence | None:
    """The evidence that two plates are one vehicle's; None where they are equal or no near miss. Symmetric."""
    code = _plates(left.plate, right.plate)
    if code is None:
        return None
    look = _look(left, right)
    return _evidence(PLATE.at(code), None if look is None else LOOK.at(look), _holders(left.holders, right.holders))


def compare_telephones(left: Telephone, right: Telephone) -> Evidence | None:
    """The evidence that two numbers are one; None where they are equal or no near miss. Symmetric."""
    code = _numbers(left.number, right.number)
    if code is None:
        return None
    handset = HANDSET.at("same") if left.handset and left.handset == right.handset else None
    return _evidence(NUMBER.at(code), _holders(left.holders, right.holders), handset)


def _evidence(*found: Found | None) -> Evidence:
    return Evidence(PRIOR_BITS, tuple(each for each in found if each is not None))


def _holders(ours: frozenset[str], theirs: frozenset[str]) -> Found | None:
    return None if ours.isdisjoint(theirs) else HOLDER.at("same")


def _plates(one: str, other: str) -> str | None:
    (mark, _, suffix), (other_mark, _, other_suffix) = one.partition("#"), other.partition("#")
    if suffix != other_suffix or mark == other_mark or min(len(mark), len(other_mark)) < SHORTEST_PLATE:
        return None
    one_impossible = possible_plate(mark) != possible_plate(other_mark)
    if len(mark) == len(other_mark) and _folded(mark) == _folded(other_mark):
        return "misread, one impossible" if one_impossible else "misread"
    near = _near(mark, other_mark)
    return "one character, one impossible" if near == "one" and one_impossible else _OF_PLATE.get(near)


def _numbers(one: str, other: str) -> str | None:
    if not number_keys(one) or not number_keys(other):
        return None
    (digits, _, suffix), (other_digits, _, other_suffix) = one.partition("#"), other.partition("#")
    return _OF_NUMBER.get(_near(digits, other_digits)) if suffix == other_suffix else None


_OF_PLATE: Final[Mapping[str, str]] = {"one": "one character", "swapped": "swapped", "left out": "left out"}
_OF_NUMBER: Final[Mapping[str, str]] = {"one": "one digit", "swapped": "swapped", "left out": "left out"}


def _near(one: str, other: str) -> str:
    """What slip lies between two marks: "one" character, two "swapped", one "left out"; "" for none or more than one."""
    if len(one) == len(other):
        at = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
        if len(at) == 1:
            return "one"
        is_swap = len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == other[at[1]] and one[at[1]] == other[at[0]]
        return "swapped" if is_swap else ""
    shorter, longer = sorted((one, other), key=len)
    left_out = len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )
    return "left out" if left_out else ""


def _look(left: Vehicle, right: Vehicle) -> str | None:
    make, model, colour = (
        None if not ours or not theirs else fold(ours) == fold(theirs)
        for ours, theirs in ((left.make, right.make), (left.model, right.model), (left.colour, right.colour))
    )
    if make is False:
        return "other make"
    if model is False or colour is False:
        return "other colour"
    if make and model and colour:
        return "same"
    return "make" if make else None


def _folded(mark: str) -> str:
    return "".join(CONFUSED.get(sign, sign) for sign in mark)


def _keys(mark: str, suffix: str) -> frozenset[str]:
    lessened = {mark[:place] + mark[place + 1 :] for place in range(len(mark))}
    return frozenset(f"{each}#{suffix}" if suffix else each for each in (mark, *lessened))
