"""Telephone numbers as people and operators write them, to one form: "+447700900123", with a synthetic "#0042" kept.

Validity is never a gate: Ofcom's drama numbers are not valid, and a number on a page is evidence as it stands.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from crossline.vocabulary.selectors.text import is_one_digit_repeated, is_placeholder, plain, split_suffix, token

_CANONICAL_UK: Final = re.compile(r"\+44[1-9][0-9]{8,9}(?:#[0-9]+)?")
_USUAL: Final = re.compile(r"(?:0|\+44 ?)[1-9][0-9 -]{7,14}(?:#[0-9]+)?")
_SEPARATORS: Final = str.maketrans("", "", " -().\t\u2010\u2011\u2012\u2013\u2014\u2212\u00a0")
_TRUNK_ZERO: Final = re.compile(r"^(\+|00)?(44)[\s-]*\(\s*0\s*\)")
_WITHHOLDING_PREFIX: Final = re.compile(r"^(?:141|1470|[#*]31#)[\s-]*(?=0[1-9]|\+)")
_EXTENSION: Final = re.compile(r"[\s,;]*(?:ext(?:ension)?\.?|x)\s*[=:]?\s*([0-9]{1,6})$")
_SPREADSHEET_POWER: Final = re.compile(r"[0-9](?:\.[0-9]+e\+?|e\+)[0-9]{1,2}")
_SPREADSHEET_FLOAT: Final = re.compile(r"^([1-9][0-9]{9}|[1-9][0-9]{11})\.0$")  # a whole number a sheet made a decimal
_DIGITS: Final = re.compile(r"\+?[0-9]+")
_ZERO_BY_LETTER: Final = re.compile(r"\+?[0-9oil]{10,14}")
_SYNTHETIC: Final = re.compile(r"\+44(?:7700900|1632960)[0-9]{3}(?:#[0-9]+)?")
_COUNTING: Final = "01234567890123456789"
_EMERGENCY: Final = frozenset({"999", "112"})
_MOST_DIGITS: Final = 15  # E.164
_FEWEST_DIGITS_OF_FILLER: Final = 8


_UNREAD: Final = "?*"  # digits nobody could read: part of a number is not the number


def normalise_phone(text: str) -> str | None:
    """E.164 where the number is one; short codes, sender names and opaque tokens upper-cased; None for no evidence.

    999 and 112 are None as well: a call to them links nobody to anybody.
    """
    written = text.strip()
    if _CANONICAL_UK.fullmatch(written):
        return None if _is_filler(written[3:].partition("#")[0]) else written
    if _USUAL.fullmatch(written) and (usual := _usual(written)):
        return None if _is_filler(usual[3:].partition("#")[0]) else usual
    written = plain(written)
    if is_placeholder(written) or any(sign in written for sign in _UNREAD):
        return None
    written = written.removeprefix("tel:").strip()
    if _SPREADSHEET_POWER.fullmatch(written):
        return None  # a spreadsheet has thrown digits away: nothing can bring them back
    body, suffix = split_suffix(_WITHHOLDING_PREFIX.sub("", written))
    body, extension = _split_extension(body)
    compact = _compact(body)
    if not _DIGITS.fullmatch(compact):
        return _token_or_nothing(text)
    number = _number(compact)
    return None if number is None else number + extension + suffix


def _usual(written: str) -> str | None:
    """A number as most people write it, read sooner than by all that follows, and to the same."""
    body, sign, suffix = written.partition("#")
    digits = body.replace(" ", "").replace("-", "")
    if digits.startswith("0"):
        return "+44" + digits[1:] + sign + suffix if len(digits) in (10, 11) else None
    return digits + sign + suffix if len(digits) in (12, 13) else None


def is_synthetic_phone(number: str) -> bool:
    """Is this normalised number from the ranges Ofcom keeps for drama (with or without a namespace)?"""
    return _SYNTHETIC.fullmatch(number) is not None


def _compact(body: str) -> str:
    body = _SPREADSHEET_FLOAT.sub(r"\1", _TRUNK_ZERO.sub(r"\1\2", body))
    compact = body.translate(_SEPARATORS)
    if not _DIGITS.fullmatch(compact) and _ZERO_BY_LETTER.fullmatch(compact) and sum(map(str.isdigit, compact)) >= 7:
        compact = compact.replace("o", "0").replace("i", "1").replace("l", "1")
    return compact


def _split_extension(body: str) -> tuple[str, str]:
    found = _EXTENSION.search(body)
    if found is None or len(re.findall(r"[0-9]", body[: found.start()])) < 9:
        return body, ""
    return body[: found.start()], ";ext=" + found.group(1)


def _token_or_nothing(text: str) -> str | None:
    kept = token(text)
    return kept if any(sign.isalnum() for sign in kept) else None


def _number(compact: str) -> str | None:
    """One form of a run of digits, with or without a plus."""
    digits = compact.removeprefix("+")
    if digits in _EMERGENCY:
        return None
    if is_one_digit_repeated(digits) and (digits[0] == "0" or len(digits) >= _FEWEST_DIGITS_OF_FILLER):
        return None
    if compact.startswith("+") or digits.startswith("00"):
        significant = digits.lstrip("0") if digits.startswith("00") else digits
        number = _international(significant)
    elif len(digits) < 7:
        number = digits  # a short code
    elif digits.startswith("0") and len(digits) in (10, 11):
        number = "+44" + digits[1:]
    elif len(digits) == 12 and digits.startswith(("441", "442", "443", "447", "448")):
        number = "+" + digits
    elif len(digits) == 10 and digits.startswith("7"):
        number = "+44" + digits  # the zero a spreadsheet dropped
    else:
        number = _by_library(digits)
    national = number[3:] if number.startswith("+44") else number.removeprefix("+")
    return None if _is_filler(national) else number


def _international(digits: str) -> str:
    if len(digits) in (10, 11) and digits.startswith("0"):
        return "+44" + digits[1:]  # "+07700…": the plus is a slip
    if digits.startswith("440") and len(digits) in (12, 13):
        return "+44" + digits[3:]  # "+44 07700…"
    if not 7 <= len(digits) <= _MOST_DIGITS:
        return digits
    return "+" + digits


def _by_library(digits: str) -> str:
    """Shapes the rules above leave open: a landline without its zero, or a foreign number without its plus."""
    for written, region in ((digits, "GB"), ("+" + digits, None)):
        try:
            parsed = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return digits


def _is_filler(national: str) -> bool:
    """07000000000, 07777777777, 07123456789: typed to fill a field. Short codes (60000) are not."""
    if len(national) < _FEWEST_DIGITS_OF_FILLER:
        return False
    after_first = national[1:]
    return is_one_digit_repeated(after_first) or after_first in _COUNTING
