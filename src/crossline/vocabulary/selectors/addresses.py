"""Postcodes and addresses. An address becomes "postcode|number or name|flat", in whatever order it was written."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.selectors.text import is_placeholder, plain, split_suffix, unaccented

_OUTWARD: Final = r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR)"
_INWARD: Final = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE: Final = re.compile(rf"({_OUTWARD})({_INWARD})")
_TIDY: Final = re.compile(rf"({_OUTWARD}) {_INWARD}")
_POSTCODE_WITHIN: Final = re.compile(rf"(?<![A-Z0-9])({_OUTWARD})\s*({_INWARD})(?=[\s.]*(?:,|$))", re.IGNORECASE)
_OUTWARD_ALONE: Final = re.compile(_OUTWARD)
_NO_FIXED_ABODE: Final = "ZZ99"  # ONS writes these for nowhere and not known

_NUMBER: Final = r"[0-9]+[a-z]?(?:\s?[-/]\s?[0-9]+[a-z]?)?"
_FLAT: Final = re.compile(
    r"\b(?:flat|apartment|apart|apt|room|rm|unit|studio|suite|maisonette|bedsit)\b[\s.]*(?:number|no\b\.?)?\s*#?"
    r"([0-9]+[a-z]?(?:/[0-9]+)?|[a-z](?![a-z0-9'.]))"
)
_FLOOR: Final = re.compile(
    r"\b(basement|ground|gnd|first|second|third|top|garden|upper|lower|1st|2nd|3rd)(?:\s+floor)?\s+(?:flat|apartment)\b"
    r"|\b(gff|fff|tff)\b"
    r"|\b(?:flat|apartment)[\s,]+(basement|(?:ground|gnd|first|second|third|top|1st|2nd|3rd)(?=\s+floor))(?:\s+floor)?\b"
    r"|(?:^|,)\s*(basement|(?:ground|gnd|first|second|third|top|1st|2nd|3rd)(?=\s+floor))(?:\s+floor)?(?=\s*,|\s+[0-9])"
)
_FLOORS: Final = MappingProxyType(
    {"1st": "first", "2nd": "second", "3rd": "third", "gnd": "ground", "gff": "ground", "fff": "first", "tff": "top"}
)
_BUILDING_NUMBER: Final = re.compile(rf"(?:^|,)\s*(?:no\b\.?\s*|number\s+)?({_NUMBER})(?=\s+[a-z]|\s*,\s*[a-z]|\s*$)")
_ANY_NUMBER: Final = re.compile(rf"(?<![\w/-])({_NUMBER})(?=[\s,]+[a-z])")
_STREETS: Final = frozenset(
    {
        "avenue", "boulevard", "bridge", "broadway", "circus", "close", "common", "crescent", "cross", "drive",
        "drove", "esplanade", "green", "grove", "hill", "lane", "mews", "mount", "parade", "park", "passage", "path",
        "place", "promenade", "rise", "road", "row", "square", "street", "terrace", "vale", "view", "walk", "way",
        "wharf", "yard",
    }
)  # fmt: skip
_ABBREVIATIONS: Final = MappingProxyType(
    {
        "apts": "apartments", "av": "avenue", "ave": "avenue", "bldg": "building", "bldgs": "buildings", "cl": "close",
        "clo": "close", "cott": "cottage", "cres": "crescent", "crt": "court", "ct": "court", "dr": "drive",
        "est": "estate", "fm": "farm", "gdns": "gardens", "gdn": "garden", "gr": "grove", "gro": "grove", "la": "lane",
        "ho": "house", "hse": "house", "ln": "lane", "mans": "mansions", "pde": "parade", "pk": "park",
        "pl": "place", "rd": "road", "sq": "square", "st": "street", "ter": "terrace", "terr": "terrace", "wy": "way",
    }
)  # fmt: skip
_NOT_A_WORD: Final = re.compile(r"[^\w\s]|_")
_NOT_IN_A_TOKEN: Final = re.compile(r"[^\w \-/#~]|_")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_ORDINAL_STREET: Final = re.compile(r"\b[0-9]+(?:st|nd|rd|th)\b")


def normalise_postcode(text: str) -> str | None:
    """A full postcode as "TN34 1AA" (a synthetic "#suffix" kept); None for anything else, a district alone among it."""
    if (tidy := _TIDY.fullmatch(text)) and tidy[1] != _NO_FIXED_ABODE:
        return text
    body, suffix = split_suffix(plain(text))
    found = _POSTCODE.fullmatch(body.replace(" ", "").replace("-", "").upper())
    if found is None or found[1] == _NO_FIXED_ABODE:
        return None
    return f"{found[1]} {found[2]}{suffix}"


def normalise_outward(text: str) -> str | None:
    """The district of a postcode, from the district alone ("tn34") or from a whole postcode ("TN34 1AA")."""
    full = normalise_postcode(text)
    compact = full.split()[0] if full else plain(text).replace(" ", "").upper()
    return compact if _OUTWARD_ALONE.fullmatch(compact) and compact != _NO_FIXED_ABODE else None


def normalise_address(text: str, postcode: str = "") -> str | None:
    """ "TN34 1AA|12|2" of "Flat 2, 12 High St, Hastings, TN34 1AA", whichever way round it was written.

    Without a postcode the folded street and town stand in its place. None when neither number, name nor flat is there,
    or when nothing says where the street is. Idempotent: its own output comes back unchanged.
    """
    if text.count("|") == 2:
        return _checked_token(text)
    text, _, after_bar = text.partition("|")
    if is_placeholder(text):
        return None
    folded = _DASHES.sub("-", unaccented(text.replace("\n", ",").replace(";", ",")))
    where = normalise_postcode(postcode) or normalise_postcode(after_bar)
    if found := _POSTCODE_WITHIN.search(folded):
        where = where or normalise_postcode(found[0])
        folded = folded[: found.start()] + "," + folded[found.end() :]
    flat, rest = _take_flat(folded)
    number, rest = _take_number(rest)
    name = number or _building_name(rest)
    if not name and not flat:
        return None
    if where is None:
        where = _street_and_town(rest, name)
    return None if where is None else f"{where}|{name}|{flat}"


def _checked_token(text: str) -> str | None:
    """A token that was made before, put into its exact form again."""
    where, name, flat = (
        " ".join(_NOT_IN_A_TOKEN.sub("", part).split()) for part in unaccented(text).upper().split("|")
    )
    if not where or not (name or flat):
        return None
    return f"{normalise_postcode(where) or where}|{name}|{flat}"


def _take_flat(folded: str) -> tuple[str, str]:
    if found := _FLOOR.search(folded):
        floor = next(each for each in found.groups() if each)
        return _FLOORS.get(floor, floor).upper(), folded[: found.start()] + "," + folded[found.end() :]
    if found := _FLAT.search(folded):
        return found[1].upper(), folded[: found.start()] + "," + folded[found.end() :]
    return "", folded


def _take_number(rest: str) -> tuple[str, str]:
    """The number of the building: one that opens a part of the address, or failing that any before a word."""
    found = _BUILDING_NUMBER.search(rest) or _ANY_NUMBER.search(_ORDINAL_STREET.sub(_blank, rest))
    if found is None:
        return "", rest
    number = found[1].replace(" ", "").upper()
    return number, rest[: found.start(1)] + " " + rest[found.end(1) :]


def _blank(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _words(part: str) -> list[str]:
    written = _NOT_A_WORD.sub(" ", part.replace("'", "")).split()
    if written and written[0] == "st":
        written[0] = "saint"  # "St James's Road"; a street is never the first word
    words = [_ABBREVIATIONS.get(word, word) for word in written]
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _building_name(rest: str) -> str:
    """The first part of the address that is not a street, when another part follows it."""
    parts = [words for part in rest.split(",") if (words := _words(part))]
    if not parts or any(word in _STREETS for word in parts[0][-1:]):
        return ""
    return "".join(parts[0]).upper()


def _street_and_town(rest: str, name: str) -> str | None:
    """ "~HIGHSTREET HASTINGS": the words after the building, in order, when they say more than a street."""
    words = [word for part in rest.split(",") for word in _words(part)]
    joined = "".join(words).upper()
    if joined.startswith(name) and name:
        joined = joined.removeprefix(name)
    street = next((place for place, word in enumerate(words) if word in _STREETS), None)
    says_town = street is not None and street + 1 < len(words)
    return f"~{joined}" if joined and says_town else None
