"""Names as the matcher sees them: folded, with their variants, their sound and how common each is in the population.

Everything here depends on the name alone and on the tables shipped beside it (`data/NOTICE`), never on the records
at hand: a record that a viewer may not see must not change how much an agreement between two others is worth.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from crossline.vocabulary.selectors import is_placeholder
from crossline.vocabulary.selectors.text import PLACEHOLDERS, unaccented

# Share given to a name that the reference tables do not hold: about the commonest name they could have missed.
# [D] The tables stop at 2e-6 (forenames) and 3e-5 (surnames); an unlisted surname is taken to be rarer than any listed.
UNLISTED_FORENAME_SHARE = 5e-6
UNLISTED_SURNAME_SHARE = 1e-5

# [D] What stands in name fields for "we do not know", beyond the vocabulary's placeholders; folded.
PLACEHOLDER_NAMES = frozenset(
    ("unknownmale", "unknownfemale", "male", "female", "person", "noname", "test", "xxx", "unidentified", "notknown")
)
# [D] Surnames that a large part of a community bears: among people whose forenames agree they say little. No sources
# give shares by community; this one stands in for them, so that namesakes are not taken for one person.
COMMUNITY_SURNAMES = frozenset(
    (
        "ahmed",
        "ali",
        "begum",
        "bibi",
        "hussain",
        "kaur",
        "khan",
        "khatun",
        "miah",
        "mohammed",
        "nguyen",
        "patel",
        "singh",
    )
)
COMMUNITY_SURNAME_SHARE = 0.01

TITLES = frozenset(("mr", "mrs", "ms", "miss", "master", "dr", "mx", "sir"))

_NO_LETTER = re.compile("[^a-z]+")
_NO_NAMES = TITLES | PLACEHOLDERS
# What may be a placeholder goes by its letters first, which are at hand; few names have the letters of one.
_LIKE_PLACEHOLDERS = PLACEHOLDER_NAMES | {_NO_LETTER.sub("", each) for each in PLACEHOLDERS}
_SPLIT = re.compile(r"[\s\-_/]+")
_SOUNDEX_CODES = {
    letter: digit for digit, group in enumerate(("", "bfpv", "cgjkqsxz", "dt", "l", "mn", "r")) for letter in group
}


SHARE_STEPS = 1024
"""Bits are counted in steps of 1/1024, those of a share too: sums are then exact, in any order and by any executor."""


def in_steps(share: float) -> int:
    """log2 of a share of the population, in steps."""
    return round(math.log2(share) * SHARE_STEPS)


def fold(text: str) -> str:
    """Lower-case letters a-z only: accents dropped, apostrophes and other marks removed."""
    if text.isascii():
        return text.lower() if text.isalpha() else _NO_LETTER.sub("", text.lower())
    return "".join(character for character in unaccented(text) if "a" <= character <= "z")


@lru_cache(maxsize=1 << 15)  # a register writes the same names over and over
def words(text: str | None) -> tuple[str, ...]:
    """The folded words of a name field, titles and placeholders dropped; hyphens separate."""
    folded = fold(text) if text else ""
    if not text or (folded in _LIKE_PLACEHOLDERS and (folded in PLACEHOLDER_NAMES or is_placeholder(text))):
        return ()
    parts = map(fold, _SPLIT.split(text))
    return tuple(word for word in parts if word and word not in _NO_NAMES)


def soundex(name: str) -> str:
    """American Soundex of a folded name, "" for an empty one."""
    if not name:
        return ""
    code, last = name[0].upper(), _SOUNDEX_CODES.get(name[0], 0)
    for letter in name[1:]:
        digit = _SOUNDEX_CODES.get(letter, 0)
        if digit and digit != last:
            code += str(digit)
            if len(code) == 4:
                break
        if letter not in "hw":
            last = digit
    return code.ljust(4, "0")


@dataclass(frozen=True)
class NameReference:
    """How common names are, and which names stand for one another.

    `forename_share`, `surname_share`: folded name -> share of people. `forename_variants`: folded name -> the
    other names it may be written as. `surname_roots`: folded name -> the one spelling that stands for all of its kind.
    """

    forename_share: Mapping[str, float]
    surname_share: Mapping[str, float]
    forename_variants: Mapping[str, frozenset[str]]
    surname_roots: Mapping[str, str]
    digest: str
    _forename_roots: dict[str, str] = field(default_factory=dict, compare=False)

    def share_of_forename(self, name: str) -> float:
        return self.forename_share.get(name, UNLISTED_FORENAME_SHARE)

    def share_of_surname(self, name: str) -> float:
        share = self.surname_share.get(name, UNLISTED_SURNAME_SHARE)
        return max(share, COMMUNITY_SURNAME_SHARE) if self.surname_root(name) in COMMUNITY_SURNAMES else share

    def forename_root(self, name: str) -> str:
        """The commonest name that `name` may stand for (bill -> william): one key for all its short forms."""
        if name not in self.forename_variants:
            return name
        if name not in self._forename_roots:
            candidates: set[str] = {name, *self.forename_variants[name]}
            self._forename_roots[name] = min(candidates, key=lambda each: (-self.forename_share.get(each, 0.0), each))
        return self._forename_roots[name]

    def surname_root(self, name: str) -> str:
        """The spelling that stands for `name` (choudhury -> chowdhury)."""
        return self.surname_roots.get(name, name)


@cache
def name_reference() -> NameReference:
    """The reference shipped with the engine, read once."""
    texts = {
        name: _packaged(name)
        for name in ("forename_shares.csv", "surname_shares.csv", "name_variants.csv", "transliterations.csv")
    }
    variants: defaultdict[str, set[str]] = defaultdict(set)
    surname_roots: dict[str, str] = {}
    for row in _rows(texts["name_variants.csv"]):
        # The published surname pairs (king ~ kington) are looser than their sound: only forenames are taken from them.
        if row["kind"] == "forename":
            _join(variants, (row["name"], row["variant"]))
    for row in _rows(texts["transliterations.csv"]):
        names = row["names"].split(";")
        if row["kind"] == "forename":
            _join(variants, names)
        else:
            surname_roots.update(dict.fromkeys(names, names[0]))
    return NameReference(
        forename_share={row["name"]: float(row["share"]) for row in _rows(texts["forename_shares.csv"])},
        surname_share={row["name"]: float(row["share"]) for row in _rows(texts["surname_shares.csv"])},
        forename_variants={name: frozenset(others) for name, others in variants.items()},
        surname_roots=surname_roots,
        digest=_digest([texts[name] for name in sorted(texts)]),
    )


def _digest(texts: list[str]) -> str:
    shares = [UNLISTED_FORENAME_SHARE, UNLISTED_SURNAME_SHARE, COMMUNITY_SURNAME_SHARE]
    content = "\0".join([*texts, *map(str, shares), *sorted(COMMUNITY_SURNAMES)])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _packaged(name: str) -> str:
    text: str = (files("crossline.engines.resolution") / "data" / name).read_text(encoding="utf-8")
    return text


def _rows(text: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(text.splitlines())


def _join(table: defaultdict[str, set[str]], names: Iterable[str]) -> None:
    members = set(names)
    for name in members:
        table[name] |= members - {name}
