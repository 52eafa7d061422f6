"""Which addresses are worth comparing: those that share a key. A key depends on its own address alone, so it can be kept."""

from __future__ import annotations

from crossline.engines.resolution.address_reading import Address, Number, Street
from crossline.engines.resolution.address_words import BUILDINGS
from crossline.engines.resolution.names import fold, soundex

LONGEST_RANGE = 20
"""A range of more houses than this is keyed by its ends."""


def address_keys(address: Address) -> frozenset[str]:
    """Every key of an address; none for what is no evidence of any.

    By postcode and building, by each half of the postcode and street, by town and street: a slip in one of them leaves
    another key whole.
    """
    if not address.is_evidence:
        return frozenset()
    buildings = _buildings(address)
    sounds = _sounds(address.street)
    keys = {f"postcode|{address.postcode}|{building}" for building in buildings if address.postcode}
    keys |= {f"district|{address.outward}|{sound}|{each}" for sound in sounds for each in buildings if address.postcode}
    keys |= {f"inward|{address.inward}|{sound}|{each}" for sound in sounds for each in buildings if address.postcode}
    keys |= {f"town|{town}|{sound}|{each}" for town in address.places for sound in sounds for each in buildings}
    if address.number is None:
        keys |= {f"named|{town}|{each}" for town in address.places for each in buildings}
    return frozenset(keys)


def _buildings(address: Address) -> set[str]:
    """The building by its number, and by each word of its name that is not what every building is called."""
    name = (*address.name, *(address.street.words[:-1] if address.street.loose else ()))
    named = {word for word in name if word not in BUILDINGS and len(word) > 2}
    if address.number is None and not named:
        named |= {"".join(name)} if name else {f"flat {address.flat}"} if address.flat else set()
    return named | (_numbers(address.number) if address.number else set())


def _numbers(number: Number) -> set[str]:
    if number.high - number.low > LONGEST_RANGE:
        return {str(number.low), str(number.high)}
    step = 2 if (number.high - number.low) % 2 == 0 else 1
    return {str(each) for each in range(number.low, number.high + 1, step)}


def _sounds(street: Street) -> set[str]:
    """How the first and the last word of the street sound; of a street whose start or end is not known, the sure one."""
    if not street.words:
        return {street.kind} if street.kind else set()
    sure = (
        street.words[:1] if street.open_ else street.words[-1:] if street.loose else (street.words[0], street.words[-1])
    )
    return {soundex(fold(word)) or word for word in sure}
