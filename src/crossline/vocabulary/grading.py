"""Reading protective markings, and what a 3x5x2 grade amounts to. The platform's ceiling is OFFICIAL-SENSITIVE."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.codes import Classification, Confidence, InformationGrade, SourceGrade

_S, _I = SourceGrade, InformationGrade
CONFIDENCE_MATRIX: Final[Mapping[tuple[SourceGrade, InformationGrade], Confidence]] = MappingProxyType(
    {
        (_S.RELIABLE, _I.A): Confidence.HIGH,
        (_S.RELIABLE, _I.B): Confidence.HIGH,
        (_S.UNTESTED, _I.A): Confidence.HIGH,
        (_S.RELIABLE, _I.C): Confidence.MEDIUM,
        (_S.UNTESTED, _I.B): Confidence.MEDIUM,
        (_S.UNTESTED, _I.C): Confidence.MEDIUM,
        (_S.NOT_RELIABLE, _I.A): Confidence.MEDIUM,
        (_S.NOT_RELIABLE, _I.B): Confidence.MEDIUM,
        (_S.NOT_RELIABLE, _I.C): Confidence.LOW,  # the note leaves this cell out; low is our reading [D]
        **{(source, _I.D): Confidence.LOW for source in _S},
        **{(source, _I.E): Confidence.NOT_ACTIONABLE for source in _S},
    }
)
"""Default of domain §4.1 [D]: the official matrix is not published, so a deployment may put its own in its place."""

# Letters of other alphabets that look like those of the markings: a marking must not slip through in disguise.
_LOOK_ALIKES: Final = str.maketrans("асеорѕтіӏ01345$", "aceopstiloieass")  # noqa: RUF001
_NOT_A_LETTER: Final = re.compile(r"[^a-z]+")
_ABOVE_THE_CEILING: Final = re.compile(r"(?<!non)secret|confidential|strap[0-9i]*(?:uk|eyes|$)|umbra|ukeyesonly")
_ABOVE_BY_ABBREVIATION: Final = re.compile(r"\b(?:ts|uk\s?ts|t\.?s\.?)\b")
_OFFICIAL: Final = re.compile(r"(?:uk)?(?:official|off?)")
_OFFICIAL_SENSITIVE: Final = re.compile(r"(?:uk)?(?:official|off)sens(?:itive)?[a-z]*|(?:uk)?os")


def read_marking(text: str) -> Classification | None:
    """OFFICIAL or OFFICIAL-SENSITIVE as people write them, descriptors forgiven; None for anything else.

    None must be refused, not defaulted: a marking nobody here can read may be above the ceiling.
    """
    if is_above_ceiling(text):
        return None
    letters = _letters(text)
    if _OFFICIAL_SENSITIVE.fullmatch(letters):
        return Classification.OFFICIAL_SENSITIVE
    return Classification.OFFICIAL if _OFFICIAL.fullmatch(letters) else None


def is_above_ceiling(text: str) -> bool:
    """Is this above OFFICIAL-SENSITIVE: SECRET, TOP SECRET, the old CONFIDENTIAL, in any spelling or spacing?"""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _ABOVE_BY_ABBREVIATION.search(folded):
        return True
    return _ABOVE_THE_CEILING.search(_letters(text)) is not None


def confidence(
    source: SourceGrade,
    information: InformationGrade,
    *,
    matrix: Mapping[tuple[SourceGrade, InformationGrade], Confidence] = CONFIDENCE_MATRIX,
) -> Confidence:
    """What a source grade and an information grade amount to together."""
    return matrix[source, information]


def _letters(text: str) -> str:
    """The letters alone, look-alikes made Latin: "T.O.P-SECR3T" gives "topsecret"."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_A_LETTER.sub("", folded.translate(_LOOK_ALIKES))
