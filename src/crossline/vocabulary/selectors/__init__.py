"""Selectors: the values that tie records together, each written one way.

Every normaliser takes text as written and gives its one form, or None when the text is blank, a placeholder or filler,
and so no evidence of anything. None of them raises on any text; `require` does, where a value must be readable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from crossline.errors import SelectorUnreadable
from crossline.vocabulary.codes import SelectorScheme
from crossline.vocabulary.selectors.addresses import normalise_address, normalise_outward, normalise_postcode
from crossline.vocabulary.selectors.dates import PartialDate, Precision, parse_partial_date
from crossline.vocabulary.selectors.handsets import (
    imei_check_digit,
    imei_check_digit_holds,
    is_synthetic_imei,
    is_synthetic_imsi,
    normalise_imei,
    normalise_imsi,
)
from crossline.vocabulary.selectors.names import (
    fold_brand,
    fold_name,
    normalise_account,
    normalise_handle,
    normalise_person,
)
from crossline.vocabulary.selectors.phones import is_synthetic_phone, normalise_phone
from crossline.vocabulary.selectors.text import is_placeholder
from crossline.vocabulary.selectors.vehicles import is_synthetic_vrm, normalise_vrm

__all__ = [
    "NORMALISERS",
    "PartialDate",
    "Precision",
    "fold_brand",
    "fold_name",
    "imei_check_digit",
    "imei_check_digit_holds",
    "is_placeholder",
    "is_synthetic_imei",
    "is_synthetic_imsi",
    "is_synthetic_phone",
    "is_synthetic_vrm",
    "normalise",
    "normalise_account",
    "normalise_address",
    "normalise_handle",
    "normalise_imei",
    "normalise_imsi",
    "normalise_outward",
    "normalise_person",
    "normalise_phone",
    "normalise_postcode",
    "normalise_vrm",
    "parse_partial_date",
    "read_selectors",
    "require",
]

NORMALISERS: Final[Mapping[SelectorScheme, Callable[[str], str | None]]] = MappingProxyType(
    {
        SelectorScheme.PHONE: normalise_phone,
        SelectorScheme.IMEI: normalise_imei,
        SelectorScheme.IMSI: normalise_imsi,
        SelectorScheme.VRM: normalise_vrm,
        SelectorScheme.POSTCODE: normalise_postcode,
        SelectorScheme.ADDRESS: normalise_address,
        SelectorScheme.PERSON: normalise_person,
        SelectorScheme.LINE: fold_brand,
        SelectorScheme.HANDLE: normalise_handle,
        SelectorScheme.ACCOUNT: normalise_account,
    }
)


def normalise(scheme: SelectorScheme | str, value: str) -> str | None:
    """The one form of a value; None when it is no evidence. Raises SelectorUnreadable only for an unknown scheme."""
    return NORMALISERS[_known(scheme)](value)


def require(scheme: SelectorScheme | str, value: str) -> str:
    """`normalise`, for where a value must be readable: SelectorUnreadable says what to write instead."""
    known = _known(scheme)
    found = NORMALISERS[known](value)
    if found is None:
        shown = value if len(value) <= 80 else value[:80] + "…"
        raise SelectorUnreadable(f"'{shown}' cannot be read as {known.value}: write it like {_EXAMPLES[known]}.")
    return found


def read_selectors(text: str) -> list[tuple[SelectorScheme, str]]:
    """(scheme, value as written) of "phone:07700 900123;vrm:AB12 CDE", the form of investigations.csv."""
    pairs = []
    for part in text.split(";"):
        if not part.strip():
            continue
        scheme, colon, value = part.partition(":")
        known = SelectorScheme.read(scheme)
        if not colon or known is None:
            schemes = ", ".join(SelectorScheme)
            raise SelectorUnreadable(f"'{part.strip()}' has no known kind before a colon: write one of {schemes}.")
        pairs.append((known, value.strip()))
    return pairs


def _known(scheme: SelectorScheme | str) -> SelectorScheme:
    known = SelectorScheme.read(scheme)
    if known is None:
        schemes = ", ".join(SelectorScheme)
        raise SelectorUnreadable(f"'{scheme}' is not a kind of selector: write one of {schemes}.")
    return known


_EXAMPLES: Final[Mapping[SelectorScheme, str]] = MappingProxyType(
    {
        SelectorScheme.PHONE: "07700 900123",
        SelectorScheme.IMEI: "its 15 digits",
        SelectorScheme.IMSI: "its 15 digits",
        SelectorScheme.VRM: "AB12 CDE",
        SelectorScheme.POSTCODE: "TN34 1AA",
        SelectorScheme.ADDRESS: "Flat 2, 12 High Street, Hastings, TN34 1AA",
        SelectorScheme.PERSON: "Jaden Cole|2008-04-11",
        SelectorScheme.LINE: "Leo",
        SelectorScheme.HANDLE: "snapchat:name",
        SelectorScheme.ACCOUNT: "12-34-56 01234567",
    }
)
