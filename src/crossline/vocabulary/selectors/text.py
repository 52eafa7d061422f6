"""Folding of written text shared by the normalisers, and the words people write when they have nothing to write."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Final

PLACEHOLDERS: Final = frozenset(
    {
        "", "-", "--", ".", "?", "??", "anon", "anonymous", "blank", "blocked", "n/a", "n.a.", "n/k", "na", "nil", "nk",
        "no caller id", "no number", "none", "not available", "not given", "not known", "not recorded", "not stated",
        "not supplied", "null", "nan", "private", "private number", "redacted", "refused", "restricted", "tba", "tbc",
        "unavailable", "unk", "unknown", "unknown number", "withheld", "withheld number", "number withheld",
    }
)  # fmt: skip
"""Written instead of a value; folded. They are no evidence, so every normaliser gives None for them."""

_LETTERS_WITHOUT_DECOMPOSITION: Final = MappingProxyType(
    {
        ord("ø"): "o",
        ord("ł"): "l",
        ord("đ"): "d",
        ord("ð"): "d",
        ord("þ"): "th",
        ord("æ"): "ae",
        ord("œ"): "oe",
        0x131: "i",
        ord("ħ"): "h",
        ord("ŧ"): "t",
        ord("ŋ"): "n",
        ord("ĸ"): "k",
        ord("ə"): "e",
    }
)
_A_DIGIT: Final = re.compile("[0-9]")
_SPACES: Final = re.compile(r"\s+")
_SUFFIX: Final = re.compile(r"\s*#\s*([0-9][0-9 ]*)$")


def plain(text: str) -> str:
    """Case folded, compatibility forms made plain, runs of space made one, ends trimmed."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACES.sub(" ", folded).strip()


def unaccented(text: str) -> str:
    """`plain`, without accents: Latin letters become a-z, other scripts lose their marks only."""
    folded = plain(text)
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFKD", folded)
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign)).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def is_placeholder(text: str) -> bool:
    """Nothing, or a word for nothing."""
    if text.isascii() and text.isalpha():  # most names: nothing to fold but case
        return text.lower() in PLACEHOLDERS
    if _A_DIGIT.search(text):
        return False  # no word for nothing has one
    return plain(text).strip("<>[]()\"'* ") in PLACEHOLDERS


def token(text: str) -> str:
    """An opaque identifier, kept: upper case without spaces."""
    return closed_up(text).upper()


def closed_up(text: str) -> str:
    """`plain`, without any space."""
    # Closing a space up can bring a letter and a mark together: made one sign, lest the next reading do it.
    return unicodedata.normalize("NFKC", plain(text).replace(" ", ""))


def split_suffix(text: str) -> tuple[str, str]:
    """("07700 900123", "#0042") of "07700 900123 #0042": the synthetic namespace stays with its number."""
    found = _SUFFIX.search(text)
    if found is None:
        return text, ""
    return text[: found.start()], "#" + found.group(1).replace(" ", "")


def is_one_digit_repeated(digits: str) -> bool:
    """0000000, 11111…: what forms get when a field is compulsory."""
    return len(set(digits)) == 1
