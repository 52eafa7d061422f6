"""What the engine is given, one row a mention of a person, and what it derives from each row alone.

Blank is not a value: empty strings, placeholders ("unknown") and impossible dates become NULL at this door, because a
matcher that sees two blanks agree joins everybody (resolution notes: precision 0.02).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from crossline.engines.resolution.names import in_steps, name_reference, soundex, words
from crossline.vocabulary.selectors import (
    is_placeholder,
    normalise_outward,
    normalise_phone,
    normalise_postcode,
    normalise_vrm,
)

MENTION_SCHEMA = pa.schema(
    [
        ("mention_id", pa.string()),
        ("agency", pa.string()),
        ("forename", pa.string()),
        ("middle", pa.string()),
        ("surname", pa.string()),
        ("aliases", pa.list_(pa.string())),
        ("dob", pa.string()),  # ISO, may be partial: 2008, 2008-04, 2008-04-11
        ("sex", pa.string()),
        ("pnc", pa.string()),
        ("nominal", pa.string()),  # a force's own number for the person; means something only beside `agency`
        ("phones", pa.list_(pa.string())),
        ("vrm", pa.string()),
        ("postcode", pa.string()),
        ("address", pa.string()),
        ("place", pa.string()),
        ("associates", pa.list_(pa.string())),  # full names of other people whom the same record names
    ]
)

PREPARED_SCHEMA = pa.schema(
    [
        ("row_id", pa.int32()),  # order of mention_id: an integer joins faster than a text
        ("mention_id", pa.string()),
        ("agency", pa.string()),
        ("fore", pa.string()),
        ("fore_initial", pa.string()),
        ("fore_root", pa.string()),
        ("fore_set", pa.list_(pa.string())),
        ("fore_code", pa.string()),
        ("mid", pa.string()),
        ("sur", pa.string()),
        ("sur_root", pa.string()),
        ("sur_code", pa.string()),
        ("sur_parts", pa.list_(pa.string())),
        ("sur_codes", pa.list_(pa.string())),  # the sounds of the whole and of each part
        ("monikers", pa.list_(pa.string())),
        ("dob", pa.string()),
        ("dob_year", pa.int16()),
        ("dob_month", pa.int16()),
        ("dob_day", pa.int16()),
        ("sex", pa.string()),
        ("pnc", pa.string()),
        ("nominal", pa.string()),
        ("nominal_force", pa.string()),
        ("phones", pa.list_(pa.string())),
        ("vrm", pa.string()),
        ("postcode", pa.string()),
        ("outcode", pa.string()),
        ("house", pa.string()),
        ("street", pa.string()),
        ("place", pa.string()),
        ("full", pa.string()),  # both names written together, as an alias may be
        ("company", pa.list_(pa.string())),
        ("rare_fore", pa.int32()),  # log2 of the share of people with this name, in steps (names.SHARE_STEPS)
        ("rare_sur", pa.int32()),
    ]
)

Listed = Sequence[str | None] | None

_DATE = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_MARKS = re.compile(r"[^\w\s]")
_NUMBERS = re.compile(r"\d+[a-z]?")
_ADDRESS_NOISE = frozenset(
    ("flat", "apartment", "apt", "unit", "room", "the", "street", "st", "road", "rd", "avenue", "ave", "lane", "close")
)
# [D] Dates that systems write for "not known"; a genuine bearer loses one field, a placeholder would bridge strangers.
_PLACEHOLDER_YEARS = frozenset({1, 1800, 1899, 1900, 1901})
_EARLIEST_YEAR = 1880


Values = tuple[Any, ...]


def _forename(text: str | None) -> Values:
    """The forename's columns. A single letter is an initial and no name."""
    parts = words(text)
    if not parts:
        return (None,) * 6
    name = parts[0]
    if len(name) == 1:
        return None, name, None, None, None, None
    reference = name_reference()
    root = reference.forename_root(name)
    variants = sorted({name, *reference.forename_variants.get(name, ())})
    return name, name[0], root, variants, soundex(name), in_steps(reference.share_of_forename(name))


def _middle(text: str | None, forename: str | None) -> Values:
    """The middle name; a second word in the forename field ("Mary Jane") counts as one."""
    parts = words(text) or words(forename)[1:]
    return (parts[0] if parts else None,)


def _surname(text: str | None) -> Values:
    """The surname's columns; a double-barrelled name is written together and has parts."""
    parts = words(text)
    name = "".join(parts)
    if len(name) < 2:
        return (None,) * 6
    reference = name_reference()
    root = reference.surname_root(name)
    pieces = sorted({name, *(part for part in parts if len(part) > 2)})
    sounds = sorted({soundex(root), *(soundex(reference.surname_root(piece)) for piece in pieces)})
    return name, root, soundex(root), pieces, sounds, in_steps(reference.share_of_surname(name))


def _full(forename: str | None, surname: str | None) -> Values:
    fore, sur = words(forename), "".join(words(surname))
    return (fore[0] + sur if fore and len(fore[0]) > 1 and len(sur) > 1 else None,)


def _company(associates: Listed) -> Values:
    """Those named beside the mention, by the roots of their first and last name, so that spellings agree."""
    reference = name_reference()
    named = (words(each) for each in associates or ())
    found = {
        f"{reference.forename_root(parts[0])} {reference.surname_root(parts[-1])}"
        for parts in named
        if len(parts) > 1 and len(parts[0]) > 1 and len(parts[-1]) > 1
    }
    return (sorted(found) or None,)


def _monikers(aliases: Listed) -> Values:
    found = {
        "".join(character for character in alias.casefold() if character.isalnum() or character == "@")
        for alias in aliases or ()
        if alias and not is_placeholder(alias)
    }
    return (sorted(each for each in found if len(each) > 1) or None,)


def _date(text: str | None) -> Values:
    """Full date (as text), year, month, day. 1 January is what systems write when only the year is known."""
    shape = _DATE.match((text or "").strip())
    if not shape:
        return None, None, None, None
    year, month, day = (int(part) if part else None for part in shape.groups())
    if year is None or year in _PLACEHOLDER_YEARS or year < _EARLIEST_YEAR:
        return None, None, None, None
    if (month, day) == (1, 1) or month == 0:
        month = day = None
    if month is None or not day:
        return None, year, month, None
    return f"{year:04d}-{month:02d}-{day:02d}", year, month, day


def birth(text: str | None) -> str | None:
    """What of a date of birth can keep two people apart: the whole date, or the year; a month without a day is too little."""
    dob, year, _, _ = _date(text)
    return dob or (f"{year:04d}" if year else None)


def names_given(forename: str | None, surname: str | None) -> int:
    """How many of the two name somebody: an initial does not."""
    fore, sur = words(forename), "".join(words(surname))
    return bool(fore and len(fore[0]) > 1) + (len(sur) > 1)


def _sex(text: str | None) -> Values:
    return ({"m": "M", "male": "M", "f": "F", "female": "F"}.get((text or "").strip().casefold()),)


@lru_cache(1 << 10)
def _agency(text: str | None) -> Values:
    return (text.strip() if text and not is_placeholder(text) else None,)


def _nominal(agency: str | None, nominal: str | None) -> Values:
    """A force's number for a person, which means something beside the force alone; and the force, where there is one."""
    if not nominal:
        return None, None
    [force], number = _agency(agency), _identifier(nominal)
    return (f"{force}:{number}", force) if force and number else (None, None)


def _identifier(text: str | None) -> str | None:
    """Upper-case letters, digits and the synthetic suffix; a run of one character ("0000") identifies nobody."""
    if not text or is_placeholder(text):
        return None
    kept = text.upper()
    if not kept.isalnum():
        kept = "".join(character for character in kept if character.isalnum() or character == "#")
    return kept if len(set(kept)) > 1 else None


def _phones(written: Listed) -> Values:
    return (sorted({found for value in written or () if value and (found := normalise_phone(value))}) or None,)


def _postcode(text: str | None) -> Values:
    """A postcode, or whatever code another country writes in its place; and its district."""
    if not text or (kept := _identifier(text)) is None:
        return None, None
    known = normalise_postcode(text)
    # ZZ99 is the health service's code for no fixed abode and abroad: it places nobody.
    if kept.startswith("ZZ99") or (known is None and len(kept) < 4):
        return None, None
    return known or kept, normalise_outward(known or kept)


def _place(text: str | None) -> Values:
    return ("".join(words(text)) or None,)


def _address(text: str | None) -> Values:
    """("2 12", "high hastings") of "Flat 2, 12 High Street, Hastings": the numbers and the telling words."""
    folded = (text or "").casefold()
    numbers = " ".join(_NUMBERS.findall(folded))
    telling = [word for word in words(_MARKS.sub(" ", folded)) if word not in _ADDRESS_NOISE and len(word) > 1]
    return numbers or None, " ".join(telling) or None


def _vehicle(text: str | None) -> Values:
    return (normalise_vrm(text) if text else None,)


def _pnc(text: str | None) -> Values:
    return (_identifier(text),)


@dataclass(frozen=True)
class Derivation:
    """Columns of PREPARED_SCHEMA that one function makes of the columns of MENTION_SCHEMA it reads, row by row."""

    reads: tuple[str, ...]
    gives: tuple[str, ...]
    make: Callable[..., Values]


DERIVATIONS: Final = (
    Derivation(("agency",), ("agency",), _agency),
    Derivation(("forename",), ("fore", "fore_initial", "fore_root", "fore_set", "fore_code", "rare_fore"), _forename),
    Derivation(("middle", "forename"), ("mid",), _middle),
    Derivation(("surname",), ("sur", "sur_root", "sur_code", "sur_parts", "sur_codes", "rare_sur"), _surname),
    Derivation(("forename", "surname"), ("full",), _full),
    Derivation(("aliases",), ("monikers",), _monikers),
    Derivation(("dob",), ("dob", "dob_year", "dob_month", "dob_day"), _date),
    Derivation(("sex",), ("sex",), _sex),
    Derivation(("pnc",), ("pnc",), _pnc),
    Derivation(("agency", "nominal"), ("nominal", "nominal_force"), _nominal),
    Derivation(("phones",), ("phones",), _phones),
    Derivation(("vrm",), ("vrm",), _vehicle),
    Derivation(("postcode",), ("postcode", "outcode"), _postcode),
    Derivation(("address",), ("house", "street"), _address),
    Derivation(("place",), ("place",), _place),
    Derivation(("associates",), ("company",), _company),
)  # fmt: skip
"""What is derived of a mention, by the mention's own values alone: declared once, for tables and for one at a time."""
