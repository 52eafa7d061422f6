"""A selector as the text that a pointer or a check is looked up by."""

from __future__ import annotations

from typing import Final

from crossline.errors import SelectorUnreadable
from crossline.vocabulary.codes import SelectorScheme
from crossline.vocabulary.selectors import normalise

SELECTOR_SCHEMES: Final = (
    SelectorScheme.PHONE,
    SelectorScheme.IMEI,
    SelectorScheme.IMSI,
    SelectorScheme.VRM,
    SelectorScheme.ADDRESS,
    SelectorScheme.HANDLE,
    SelectorScheme.ACCOUNT,
)
"""What may be asked after by one value. A postcode is a street and no target; people and lines have texts of their own."""

_FEWEST_DIGITS_OF_A_NUMBER: Final = 7  # [D] short codes and names of senders are services: they belong to everybody


def selector_texts(scheme: SelectorScheme | str, value: str) -> tuple[str, ...]:
    """("phone:+447700900123",) of a telephone number; () where the value is blank, a placeholder or no such thing.

    Raises SelectorUnreadable for a kind that is not asked after by one value: that is the form's error, never the value's.
    """
    known = SelectorScheme.read(scheme)
    if known not in SELECTOR_SCHEMES:
        kinds = ", ".join(SELECTOR_SCHEMES)
        raise SelectorUnreadable(f"'{scheme}' is not a kind of selector that can be checked: write one of {kinds}.")
    found = normalise(known, value)
    if found is None or (known is SelectorScheme.PHONE and not _is_somebodys(found)):
        return ()
    return (f"{known.value}:{found}",)


def _is_somebodys(number: str) -> bool:
    digits = sum(sign.isdigit() for sign in number.partition("#")[0])
    return digits >= _FEWEST_DIGITS_OF_A_NUMBER
