"""Names of other alphabets in Latin letters, as British records commonly write them, by a table of our own (data/alphabets.csv).

Cyrillic, Greek, Armenian and Georgian are written out letter by letter, Korean and Japanese kana by syllable, the alphabets of
South Asia by their consonants and vowel signs. Arabic (with Persian and Urdu) and Hebrew give consonants alone, as they do not
write short vowels: such a word is marked, and compared by its consonants. Chinese characters have no table here and stay.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

VOWELLESS: Final = "\u0001"
"""Stands after each letter of an alphabet that does not write its vowels."""

_APOSTROPHES: Final = frozenset(map(chr, (0x2019, 0x2018, 0x02BC, 0x0060, 0x00B4, 0x02BB)))
_BY_NAME: Final = (
    *(
        "DEVANAGARI",
        "BENGALI",
        "GURMUKHI",
        "GUJARATI",
        "TAMIL",
        "TELUGU",
        "KANNADA",
        "MALAYALAM",
        "SINHALA",
        "ORIYA",
        "KHMER",
    ),
    *("HIRAGANA", "KATAKANA", "HANGUL", "ETHIOPIC"),
)


@lru_cache(maxsize=1 << 14)
def latin(text: str) -> str:
    """`text` in lower case a to z, digits and what separates words; letters without vowels are each followed by VOWELLESS."""
    text = text.replace(VOWELLESS, " ")
    if text.isascii():
        return text.lower()
    whole = unicodedata.normalize("NFC", text.casefold())
    for pair, written in _pairs().items():
        whole = whole.replace(pair, written)
    # What the table has, and Korean, is read as it stands; other letters come apart into a plain one and its marks.
    return "".join(
        _sign(each)
        for sign in whole
        for each in (sign if sign in _letters() or "가" <= sign <= "힣" else unicodedata.normalize("NFKD", sign))
    )


@lru_cache(maxsize=1 << 12)
def _sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if (letter := _letters().get(sign)) is not None:
        return letter
    name, category = unicodedata.name(sign, ""), unicodedata.category(sign)
    if name.startswith(_BY_NAME):
        return _named(name)
    if category in ("Mn", "Mc", "Lm", "Cf"):
        return ""
    if category[0] == "L":
        return sign
    return "'" if sign in _APOSTROPHES else " "


@cache
def _letters() -> Mapping[str, str]:
    """Letter -> how it is written, from the table shipped with the engine."""
    text = (files("crossline.engines.resolution") / "data" / "alphabets.csv").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        written = row["latin"]
        if row["writes_vowels"] == "no":
            written = "".join(each + VOWELLESS for each in written) or VOWELLESS
        found[row["letter"]] = written
    return MappingProxyType(found)


@cache
def _pairs() -> Mapping[str, str]:
    """Letters that are written together for one sound: Greek omicron and upsilon."""
    return MappingProxyType({letters: written for letters, written in _letters().items() if len(letters) > 1})


def _named(name: str) -> str:
    """A syllable or letter by its name in Unicode: KATAKANA LETTER KA, DEVANAGARI VOWEL SIGN I. The vowel that a consonant of
    South Asia carries unsaid is left out, so such words are compared by their consonants as well."""
    script, _, rest = name.partition(" ")
    kind, _, sound = rest.partition(" ")
    sound = sound.removeprefix("SIGN ").split(" ")[-1].lower()
    if script == "HANGUL":
        return sound.split(" ")[-1]
    if kind not in ("LETTER", "VOWEL", "SYLLABLE"):
        return "n" + VOWELLESS if sound in ("anusvara", "candrabindu", "bindi", "tippi") else ""
    if script in ("HIRAGANA", "KATAKANA", "ETHIOPIC") or kind == "VOWEL":
        return sound
    carried = "a" if script != "KHMER" else sound[-1:]
    return sound.removesuffix(carried) + VOWELLESS if len(sound) > 1 else sound
