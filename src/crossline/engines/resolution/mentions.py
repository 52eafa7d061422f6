"""What the engine is given, one row a mention of a person, and what it derives from each row alone.

Blank is not a value: empty strings, placeholders ("unknown") and impossible dates become NULL at this door, because a
matcher that sees two blanks agree joins everybody (resolution notes: precision 0.02).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pyarrow as pa

from crossline.engines.resolution.names import name_reference, soundex, words
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
        ("tf_fore", pa.float64()),  # share of people with this forename / surname, from the reference tables
        ("tf_sur", pa.float64()),
    ]
)

_DATE = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_NUMBERS = re.compile(r"\d+[a-z]?")
_ADDRESS_NOISE = frozenset(
    ("flat", "apartment", "apt", "unit", "room", "the", "street", "st", "road", "rd", "avenue", "ave", "lane", "close")
)
# [D] Dates that systems write for "not known"; a genuine bearer loses one field, a placeholder would bridge strangers.
_PLACEHOLDER_YEARS = frozenset({1, 1800, 1899, 1900, 1901})
_EARLIEST_YEAR = 1880


def prepare(table: pa.Table) -> pa.Table:
    """PREPARED_SCHEMA from MENTION_SCHEMA, ordered by mention_id; each row depends on its own values only."""
    missing = [name for name in MENTION_SCHEMA.names if name not in table.column_names]
    if missing:
        raise ValueError(f"mentions lack the columns {', '.join(missing)}")
    table = table.select(MENTION_SCHEMA.names).cast(MENTION_SCHEMA).sort_by("mention_id")
    columns = {name: table.column(name).to_pylist() for name in MENTION_SCHEMA.names}
    ids = columns["mention_id"]
    if any(left == right for left, right in pairwise(ids)):
        raise ValueError("a mention_id occurs twice")
    derived = _names(columns) | _identity(columns) | _places(columns)
    derived |= {
        "row_id": list(range(len(ids))),
        "mention_id": ids,
        "agency": [_code(each) for each in columns["agency"]],
    }
    return pa.table(
        {field.name: pa.array(derived[field.name], field.type) for field in PREPARED_SCHEMA}, schema=PREPARED_SCHEMA
    )


def _names(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    forename, surname, middle = cache(_forename), cache(_surname), cache(_middle)
    fores = [forename(value) for value in columns["forename"]]
    surs = [surname(value) for value in columns["surname"]]
    return {
        **{name: [each.get(name) for each in fores] for name in _FORENAME_COLUMNS},
        **{name: [each.get(name) for each in surs] for name in _SURNAME_COLUMNS},
        "mid": [middle(mid, fore) for mid, fore in zip(columns["middle"], columns["forename"], strict=True)],
        "monikers": [_monikers(each) for each in columns["aliases"]],
    }


_FORENAME_COLUMNS = ("fore", "fore_initial", "fore_root", "fore_set", "fore_code", "tf_fore")
_SURNAME_COLUMNS = ("sur", "sur_root", "sur_code", "sur_parts", "sur_codes", "tf_sur")


def _forename(text: str | None) -> dict[str, Any]:
    """The forename's columns. A single letter is an initial and no name."""
    parts = words(text)
    if not parts:
        return {}
    name = parts[0]
    if len(name) == 1:
        return {"fore_initial": name}
    reference = name_reference()
    root = reference.forename_root(name)
    variants = sorted({name, *reference.forename_variants.get(name, ())})
    share = reference.share_of_forename(name)
    return dict(zip(_FORENAME_COLUMNS, (name, name[0], root, variants, soundex(name), share), strict=True))


def _middle(text: str | None, forename: str | None) -> str | None:
    """The middle name; a second word in the forename field ("Mary Jane") counts as one."""
    parts = words(text) or words(forename)[1:]
    return parts[0] if parts else None


def _surname(text: str | None) -> dict[str, Any]:
    """The surname's columns; a double-barrelled name is written together and has parts."""
    parts = words(text)
    name = "".join(parts)
    if len(name) < 2:
        return {}
    reference = name_reference()
    root = reference.surname_root(name)
    pieces = sorted({name, *(part for part in parts if len(part) > 2)})
    sounds = sorted({soundex(root), *(soundex(reference.surname_root(piece)) for piece in pieces)})
    share = reference.share_of_surname(name)
    return dict(zip(_SURNAME_COLUMNS, (name, root, soundex(root), pieces, sounds, share), strict=True))


def _monikers(aliases: list[str | None] | None) -> list[str] | None:
    found = {
        "".join(character for character in alias.casefold() if character.isalnum() or character == "@")
        for alias in aliases or ()
        if alias and not is_placeholder(alias)
    }
    return sorted(each for each in found if len(each) > 1) or None


def _identity(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    date, phone = cache(_date), cache(normalise_phone)
    dates = [date(value) for value in columns["dob"]]
    agencies = [_code(each) for each in columns["agency"]]
    nominals = [_identifier(each) for each in columns["nominal"]]
    known = [bool(force and number) for force, number in zip(agencies, nominals, strict=True)]
    return {
        "dob": [each[0] for each in dates],
        "dob_year": [each[1] for each in dates],
        "dob_month": [each[2] for each in dates],
        "dob_day": [each[3] for each in dates],
        "sex": [_sex(each) for each in columns["sex"]],
        "pnc": [_identifier(each) for each in columns["pnc"]],
        "nominal": [
            f"{force}:{number}" if both else None for force, number, both in zip(agencies, nominals, known, strict=True)
        ],
        "nominal_force": [force if both else None for force, both in zip(agencies, known, strict=True)],
        "phones": [_all_normal(each, phone) for each in columns["phones"]],
        "vrm": [normalise_vrm(each) if each else None for each in columns["vrm"]],
    }


def _date(text: str | None) -> tuple[str | None, int | None, int | None, int | None]:
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


def _sex(text: str | None) -> str | None:
    return {"m": "M", "male": "M", "f": "F", "female": "F"}.get((text or "").strip().casefold())


def _code(text: str | None) -> str | None:
    return text.strip() if text and not is_placeholder(text) else None


def _identifier(text: str | None) -> str | None:
    """Upper-case letters, digits and the synthetic suffix; a run of one character ("0000") identifies nobody."""
    if not text or is_placeholder(text):
        return None
    kept = "".join(character for character in text.upper() if character.isalnum() or character == "#")
    return kept if len(set(kept)) > 1 else None


def _all_normal(values: list[str | None] | None, normal: Callable[[str], str | None]) -> list[str] | None:
    return sorted({found for value in values or () if value and (found := normal(value))}) or None


def _places(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    address, postcode, place = cache(_address), cache(_postcode), cache(_place)
    postcodes = [postcode(each) for each in columns["postcode"]]
    addresses = [address(each) for each in columns["address"]]
    return {
        "postcode": postcodes,
        "outcode": [normalise_outward(each) if each else None for each in postcodes],
        "house": [each[0] for each in addresses],
        "street": [each[1] for each in addresses],
        "place": [place(each) for each in columns["place"]],
    }


def _postcode(text: str | None) -> str | None:
    """A postcode, or whatever code another country writes in its place."""
    if not text or (kept := _identifier(text)) is None:
        return None
    known = normalise_postcode(text)
    # ZZ99 is the health service's code for no fixed abode and abroad: it places nobody.
    return None if kept.startswith("ZZ99") or (known is None and len(kept) < 4) else known or kept


def _place(text: str | None) -> str | None:
    return "".join(words(text)) or None


def _address(text: str | None) -> tuple[str | None, str | None]:
    """("2 12", "high hastings") of "Flat 2, 12 High Street, Hastings": the numbers and the telling words."""
    folded = (text or "").casefold()
    numbers = " ".join(_NUMBERS.findall(folded))
    telling = [word for word in words(re.sub(r"[^\w\s]", " ", folded)) if word not in _ADDRESS_NOISE and len(word) > 1]
    return numbers or None, " ".join(telling) or None
