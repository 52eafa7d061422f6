"""Reading a UK address into its parts, with or without commas, in whatever order its writer put them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from crossline.engines.resolution.address_words import (
    APART,
    BUILDINGS,
    COUNTIES,
    FLOOR_LETTERS,
    FLOORS,
    NO_TOWN,
    SHORT_FORMS,
    STREET_TYPES,
    UNITS,
)
from crossline.vocabulary.selectors import is_placeholder, normalise_postcode
from crossline.vocabulary.selectors.text import split_suffix, unaccented

_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_MARKS: Final = re.compile(r"[^\w\s,/#-]")
_POSTCODE_AT_END: Final = re.compile(
    r"(?<![a-z0-9])([a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}(?:\s*#\s*[0-9]+)?)(?=[\s,]*(?:,|$))"
)
_LOOKS_LIKE_POSTCODE: Final = re.compile(r"(?=.*[0-9])(?=.*[a-z])[a-z0-9]{5,7}")
_COUNTY: Final = re.compile(r"\b(?:" + "|".join(COUNTIES) + r")\b")
_HALF: Final = re.compile(r"\b([0-9]+)\s*(?:and a half|1/2)\b")
_FLOOR: Final = "(?:" + "|".join(sorted(FLOORS, key=len, reverse=True)) + ")"
_DESIGNATOR: Final = r"(?:[0-9]+[a-z]?(?:/[0-9]+)?|[a-z][0-9]{0,3})(?![a-z0-9_])"
_FLOORS_OF: Final = re.compile(
    rf"\b(?P<floors>{_FLOOR}(?:\s*(?:and|to|/|-|,)\s*{_FLOOR})*)\s+floors?\b"
    rf"(?:\s+{UNITS}\b(?!\s*{_DESIGNATOR}\s*,?\s+[0-9]))?"
)
_FLOOR_OF_UNIT: Final = re.compile(
    rf"\b(?P<floors>{_FLOOR})\s+{UNITS}\b|\b{UNITS}\s+(?P<after>basement|garden|ground|top)\b"
)
_BASEMENT: Final = re.compile(
    r"\b(?P<floors>basement|penthouse|attic)\b(?=[\s,]*(?:,|[0-9]))|(?<=\xa6\s)\b(?P<after>basement)\b"
)
_LETTERS_OF_FLOOR: Final = re.compile(r"\b(" + "|".join(FLOOR_LETTERS) + r")\b")
_UNIT: Final = re.compile(rf"\b{UNITS}s?\b[\s,]*(?:no\b|number\b)?\s*#?(?P<of>{_DESIGNATOR})?")
_STAIR: Final = re.compile(r"(?<![\w/])([0-9]?[bgpt]?f[0-9])\b(?=[\s,]*,?\s*[0-9])")
_SLASHED_BEFORE: Final = re.compile(r"(?<![\w/])([0-9]{1,2}/[0-9]{1,2})(?![0-9])(?=\s*,?\s*[0-9]+[a-z]?\s+[a-z])")
_PART_OF_ESTATE: Final = re.compile(
    r"\b(block|building|tower|bldg|house|phase|plot)\s+([0-9]+[a-z]?|[a-z])(?=\s*,|\s+[0-9])"
)
_NUMBER: Final = re.compile(
    r"(?<![\w/#-])(?:no\s+|number\s+)?(?P<low>[0-9]+)(?P<letter>_half|\s?[a-z](?![\w'])|)"
    r"(?:\s*(?P<by>-|to|/|and)\s*(?P<high>[0-9]+)(?P<last>[a-z]?)(?![\w]))?(?![\w/-])"
)


@dataclass(frozen=True)
class Number:
    """The number of a house: `high` above `low` for a range; letters upper case, "HALF" for a half."""

    low: int
    high: int
    letter: str = ""
    last: str = ""


@dataclass(frozen=True)
class Street:
    """`words` before the kind of street. `loose`: a name may stand before it; `open_`: what follows it may be its own."""

    words: tuple[str, ...] = ()
    kind: str = ""
    loose: bool = False
    open_: bool = False


@dataclass(frozen=True)
class Address:
    """The parts of one address, folded; each empty where it was not said.

    `flat`: its designator ("2", "A"); `floors`: levels of FLOORS; `unit`: a flat or floor is spoken of at all.
    `postcode`: normalised, or as it was written where it is not one. `town`: the words after the street.
    """

    number: Number | None = None
    flat: str = ""
    floors: frozenset[str] = frozenset()
    unit: bool = False
    apart: frozenset[str] = frozenset()
    name: tuple[str, ...] = ()
    street: Street = Street()
    town: tuple[str, ...] = ()
    postcode: str = ""
    words: frozenset[str] = frozenset()

    @property
    def is_evidence(self) -> bool:
        """Whether it says which building or dwelling: a street, a town or a postcode alone is no address."""
        place = self.postcode or self.town or self.street.kind or len(self.street.words) > 1
        building = self.number or self.name or self.flat or (self.street.loose and len(self.street.words) > 1)
        return bool(building and place)

    @property
    def places(self) -> tuple[str, ...]:
        """The words of the town that tell one from another; of a street whose end is not known, all that may be one."""
        said = self.town or (self.street.words[1:] if self.street.open_ else ())
        within = _COUNTY.sub(" ", " ".join(said))
        return tuple(word for word in within.split() if len(word) > 2 and word not in NO_TOWN)

    @property
    def outward(self) -> str:
        """The postcode's district."""
        return self.postcode.partition("#")[0].strip()[:-3].strip()

    @property
    def inward(self) -> str:
        """The last three signs of the postcode, with the suffix of a simulation."""
        return self.postcode.rpartition(" ")[2]


def read_address(text: str, postcode: str = "") -> Address:
    """The parts of an address as written. Never raises: what cannot be read is not among the parts."""
    if is_placeholder(text):
        return Address()
    folded = _folded(text)
    code = _postcode(postcode)
    if found := _POSTCODE_AT_END.search(folded):
        code = code or _postcode(found[1])
        folded = folded[: found.start()] + "," + folded[found.end() :]
    every = frozenset(_words(folded.replace(",", " ")))
    flat, floors, unit, rest = _take_unit(_PART_OF_ESTATE.sub(r"\1_\2", _HALF.sub(r"\1_half", folded)))
    number, before, after = _take_number(rest)
    read = _numbered(number, before, after, flat, unit) if number else _unnumbered(before, flat, unit)
    apart = frozenset(APART[word] for word in every if word in APART and word not in read.street.words)
    name = tuple(word for word in read.name if word not in APART and word not in _LINKS)
    return replace(read, flat=read.flat.upper(), floors=floors, apart=apart, name=name, postcode=code, words=every)


def _numbered(number: Number, before: str, after: str, flat: str, unit: bool) -> Address:
    """The parts round the number of a house."""
    if number.letter.isdigit():  # "21/3": flat 3 at number 21
        flat, unit, number = flat or number.letter, True, Number(number.low, number.high)
    name = tuple(_words(before.replace(",", " ")))
    if not flat and len(name) == 1 and name[0].isdigit():
        flat, unit, name = name[0], True, ()  # "2, 21 High Street"
    building, street, town = _building_after(after)
    if building and not flat and not name:  # "5 Zebra House, High Street": flat 5 in Zebra House
        return Address(None, f"{number.low}{number.letter}", unit=True, name=building, street=street, town=town)
    street, town = _street_and_town(after)
    return Address(number, flat, unit=unit, name=name, street=street, town=town)


def _unnumbered(text: str, flat: str, unit: bool) -> Address:
    """The parts of an address without the number of a house."""
    opens = text.lstrip().startswith(",")  # the words for the flat were taken from the very front
    if opens and unit and flat.isdigit() and not _end_of_building(_parts(text)):  # "Flat 74 High Street": the one at 74
        street, town = _street_and_town(text)
        return Address(Number(int(flat), int(flat)), unit=True, street=street, town=town)
    name, street, town = _without_number(text)
    return Address(None, flat, unit=unit, name=name, street=street, town=town)


_LINKS: Final = frozenset({"the", "at", "of", "and", "to", "a", "formerly"})


def _folded(text: str) -> str:
    folded = _DASHES.sub("-", unaccented(text)).replace("\u2044", "/").replace("'", "").replace("&", " and ")
    folded = folded.replace("\n", ",").replace(";", ",").replace("|", ",")
    return " ".join(_MARKS.sub(" ", folded).replace(",", " , ").split())


def _postcode(text: str) -> str:
    """Normalised; as written, closed up, where it only looks like one: a letter may have been taken for a digit."""
    if proper := normalise_postcode(text):
        return proper
    body, suffix = split_suffix(unaccented(text))
    compact = body.replace(" ", "").replace("-", "")
    return f"{compact[:-3]} {compact[-3:]}".upper() + suffix if _LOOKS_LIKE_POSTCODE.fullmatch(compact) else ""


def _words(part: str) -> list[str]:
    """The words with short forms written out. "St" after a word is a street, unless a saint's name and a street follow."""
    written = part.replace("-", " ").replace("/", " ").split()
    words: list[str] = []
    for place, word in enumerate(written):
        if word in {"st", "saint"}:
            follows = [SHORT_FORMS.get(each, each) for each in written[place + 1 : place + 3]]
            after_street = any(each in STREET_TYPES for each in words[1:])
            is_saint = not words or after_street or (len(follows) > 1 and _ends_street(follows))
            words.append("saint" if word == "saint" or (is_saint and follows) else "street")
        else:
            words.append(SHORT_FORMS.get(word, word))
    return words


def _ends_street(follows: list[str]) -> bool:
    return follows[-1] in STREET_TYPES or follows[-1] == "st"


def _take_unit(text: str) -> tuple[str, frozenset[str], bool, str]:
    """(designator, floors, whether a unit is spoken of, the rest with a bar where words were taken out)."""
    floors: set[str] = set()

    def of_floor(found: re.Match[str]) -> str:
        said = found.groupdict()
        written = said.get("floors") or said.get("after") or ""
        floors.update(FLOORS[each] for each in re.findall(_FLOOR, written))
        return " \xa6 "

    for pattern in (_FLOORS_OF, _FLOOR_OF_UNIT, _BASEMENT):
        text = pattern.sub(of_floor, text)
    flat = ""
    if found := _LETTERS_OF_FLOOR.search(text):
        floors.add(FLOOR_LETTERS[found[1]])
        text = text[: found.start()] + " \xa6 " + text[found.end() :]
    unit = bool(floors)
    for pattern in (_UNIT, _STAIR, _SLASHED_BEFORE):
        if found := pattern.search(text):
            flat = flat or (found["of"] or "" if pattern is _UNIT else found[1])
            unit = True
            text = text[: found.start()] + " \xa6 " + text[found.end() :]
    text = _BASEMENT.sub(of_floor, text)
    return flat, frozenset(floors), unit or bool(floors), text.replace("\xa6", " , ")


def _take_number(text: str) -> tuple[Number | None, str, str]:
    """The number of the house with what stands before and after it: the last one that a word follows."""
    found = [each for each in _NUMBER.finditer(text) if re.match(r"[\s,]*[a-z]", text[each.end() :])]
    found = found or list(_NUMBER.finditer(text))
    if not found:
        return None, text, ""
    chosen = found[0] if len(found) == 1 else _before_a_street(text, found)
    return _number(chosen), text[: chosen.start()], text[chosen.end() :]


def _before_a_street(text: str, found: list[re.Match[str]]) -> re.Match[str]:
    """Of several numbers the first whose words lead to a street, before the next comma; else the last."""
    for each in found:
        follows = _words(text[each.end() :].lstrip(" ,").partition(",")[0])
        if any(word in STREET_TYPES for word in follows[1:]) and not any(word.isdigit() for word in follows):
            return each
    return found[-1]


def _number(found: re.Match[str]) -> Number:
    low, letter = int(found["low"]), found["letter"].strip(" _").upper()
    if found["high"] is None:
        return Number(low, low, letter)
    high, last = int(found["high"]), found["last"].upper()
    if found["by"] == "/" and not low < high <= low + 20:
        return Number(low, low, str(high))  # a flat, as written in Scotland
    return Number(low, high, letter, last) if high >= low else Number(low, low, letter)


def _parts(text: str) -> list[list[str]]:
    return [words for part in text.split(",") if (words := _words(part))]


def _without_number(text: str) -> tuple[tuple[str, ...], Street, tuple[str, ...]]:
    """Of an address without a number: the building's name, the street, and what follows."""
    parts = _parts(text)
    if named := _end_of_building(parts):
        rest = " , ".join(" ".join(part) for part in (parts[0][named:], *parts[1:]) if part)
        return tuple(parts[0][:named]), *_street_and_town(rest)
    for place, words in enumerate(parts):
        end = _end_of_street(words)
        if end is not None:
            street = Street(tuple(_bare(words[: end - 1])), words[end - 1], loose=place == 0)
            earlier = tuple(word for part in parts[:place] for word in part)
            return earlier, street, (*words[end:], *(word for part in parts[place + 1 :] for word in part))
    if len(parts) == 1:
        return (), Street(), tuple(parts[0])  # a town alone
    if not parts:
        return (), Street(), ()
    rest_of = [word for part in parts[1:] for word in part]
    return tuple(parts[0]), Street(tuple(_bare(rest_of)), open_=True), ()


def _end_of_building(parts: list[list[str]]) -> int:
    """Where the name of a building ends that opens an address without a number; 0 where none does.

    "Zebra House Government Road": the last word for a building before a street, or the first where no street follows. A kind of
    street that is a kind of building as well (a court) is one where more follows, and "Mill House Lane" is a lane.
    """
    if not parts:
        return 0
    words = parts[0]
    end = _end_of_street([word if word not in BUILDINGS else "" for word in words])
    last = len(words) if end is None else end - 2
    at = [place + 1 for place, word in enumerate(words[:last]) if place > 0 and word in BUILDINGS]
    if not at:
        return 0
    named = at[0] if end is None else at[-1]
    follows = named < len(words) or len(parts) > 1
    return named if follows or words[named - 1] not in STREET_TYPES else 0


def _building_after(text: str) -> tuple[tuple[str, ...], Street, tuple[str, ...]]:
    """The building that a number stands before, with its street and town; nothing where it stands before a street."""
    parts = _parts(text)
    if not parts:
        return (), Street(), ()
    words, rest = parts[0], " , ".join(" ".join(part) for part in parts[1:])
    end = _end_of_street(words)
    if words[-1] in BUILDINGS and len(words) > 1 and (words[-1] not in STREET_TYPES or _says_street(parts[1:])):
        return tuple(words), *_street_and_town(rest)
    within = [at for at, word in enumerate(words[: (end or 1) - 2]) if at > 0 and word in BUILDINGS]
    if not within:
        return (), Street(), ()
    after = " ".join(words[within[-1] + 1 :])
    return tuple(words[: within[-1] + 1]), *_street_and_town(f"{after} , {rest}")


def _says_street(parts: list[list[str]]) -> bool:
    return any(_end_of_street(words) is not None for words in parts)


def _street_and_town(text: str) -> tuple[Street, tuple[str, ...]]:
    """The street that opens what follows a number, and the words after it."""
    parts = _parts(text)
    if not parts:
        return Street(), ()
    words, rest = parts[0], [word for part in parts[1:] for word in part]
    end = _end_of_street(words)
    if end is None and len(parts) == 1:
        return Street(tuple(_bare(words)), open_=True), ()
    if end is None:
        return Street(tuple(_bare(words))), tuple(rest)
    return Street(tuple(_bare(words[: end - 1])), words[end - 1]), (*words[end:], *rest)


def _end_of_street(words: list[str]) -> int | None:
    """Where the street's name ends: after its first kind of street that is no first word, and kinds that follow on."""
    for place in range(1, len(words)):
        if words[place] in STREET_TYPES:
            end = place + 1
            while end < len(words) and words[end] in STREET_TYPES and words[end] != words[end - 1]:
                end += 1
            return end
    return None


def _bare(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] == "the" else words
