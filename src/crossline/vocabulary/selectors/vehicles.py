"""Vehicle registration marks."""

from __future__ import annotations

import re
from typing import Final

from crossline.vocabulary.selectors.text import is_one_digit_repeated, is_placeholder, split_suffix, unaccented

_NOT_ON_A_PLATE: Final = re.compile(r"[^A-Z0-9]")
_SYNTHETIC: Final = re.compile(r"ZZ[0-9]{2}[A-Z]{3}#[0-9]+")
_FILLER: Final = frozenset({"NOPLATE", "NOPLATES", "NOVRM", "NOREG", "UNREG", "UNREGISTERED", "FALSE", "FOREIGN"})


def normalise_vrm(text: str) -> str | None:
    """Upper case without spaces or dashes, a synthetic "#012" kept; None when blank, filler or no mark."""
    if is_placeholder(text):
        return None
    body, suffix = split_suffix(unaccented(text))
    mark = _NOT_ON_A_PLATE.sub("", body.upper())
    if len(mark) < 2 or len(mark) > 10 or mark in _FILLER or (len(mark) > 3 and is_one_digit_repeated(mark)):
        return None
    return None if is_placeholder(mark) else mark + suffix


def is_synthetic_vrm(vrm: str) -> bool:
    """Is a normalised mark of the simulation's form: tag ZZ, never issued, and a namespace ("ZZ99ABC#012")?"""
    return _SYNTHETIC.fullmatch(vrm) is not None
