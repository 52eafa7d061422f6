"""Handset and subscriber identities (IMEI, IMSI) as exports write them."""

from __future__ import annotations

import re
from typing import Final

from crossline.vocabulary.selectors.text import is_one_digit_repeated, is_placeholder, plain, split_suffix, token

_SEPARATORS: Final = re.compile(r"[\s\-./]")
_DIGITS: Final = re.compile(r"[0-9]+")
_TOKEN: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Z]).{2,}")
_FILLER_IMEI: Final = frozenset({"12345678901234", "01234567890123", "00499901064000"})  # the last: an unset default


def normalise_imei(text: str) -> str | None:
    """The 14 digits that identify a handset: of 15 the check digit goes, of 16 the software version.

    An opaque token (letters and digits) is kept upper-cased; digits of another length identify nothing: None.
    """
    body, suffix = split_suffix(plain(text))
    compact = _SEPARATORS.sub("", body)
    if not _DIGITS.fullmatch(compact):
        return _token(text)
    if len(compact) not in (14, 15, 16):
        return None
    handset = compact[:14]
    return None if is_one_digit_repeated(handset) or handset in _FILLER_IMEI else handset + suffix


def imei_check_digit_holds(text: str) -> bool | None:
    """Does the fifteenth digit of an IMEI as written follow from the rest (Luhn)? None when it has none."""
    compact = _SEPARATORS.sub("", split_suffix(text.strip())[0])
    if not (compact.isascii() and compact.isdigit() and len(compact) == 15):
        return None
    return imei_check_digit(compact[:14]) == compact[14]


def imei_check_digit(handset: str) -> str:
    """The Luhn digit of a 14-digit IMEI."""
    total = 0
    for place, sign in enumerate(handset):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def normalise_imsi(text: str) -> str | None:
    """The 13 to 15 digits of a subscriber identity; opaque tokens are kept; None for anything else."""
    body, suffix = split_suffix(plain(text))
    compact = _SEPARATORS.sub("", body)
    if not _DIGITS.fullmatch(compact):
        return _token(text)
    if not 13 <= len(compact) <= 15 or is_one_digit_repeated(compact):
        return None
    return compact + suffix


def is_synthetic_imei(imei: str) -> bool:
    """Does a normalised IMEI carry a test type allocation code (00…)?"""
    return imei.startswith("00")


def is_synthetic_imsi(imsi: str) -> bool:
    """Does a normalised IMSI belong to the test network (001-01)?"""
    return imsi.startswith("00101")


def _token(text: str) -> str | None:
    if is_placeholder(text):
        return None
    kept = token(text)
    return kept if _TOKEN.fullmatch(kept) else None
